package story

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// laterDays is longer than a file and a package are kept.
const laterDays = 400

// errLeft is returned when something is left that should be gone, or is gone
// that should be left.
var errLeft = errors.New("what is left is not what should be")

// later lets 400 days pass after the end of a case, and lists what is left.
func (t *Teller) later(ctx context.Context, c dsr.Case) error {
	sealed, err := t.stack.FirstSealed(ctx, c.ID)
	if err != nil {
		return err
	}
	if c.State != dsr.Purged {
		text, err := t.stack.Open(ctx, sealed)
		if err != nil {
			return err
		}
		t.say("sample  %d sealed bytes of its history open with the key of the case: %d bytes of text", len(sealed.Bytes), len(text))
	}
	target := c.Work.ClosedAt.AddDate(0, 0, laterDays)
	if t.stack.Now().Before(target) {
		t.say("clock   goes on %d days, from one instant on which something is due to the next", laterDays)
	}
	left, err := t.telling(ctx, func(ctx context.Context) ([]string, error) { return t.stack.Advance(ctx, target) })
	if err == nil && len(left) == 0 {
		// What the last tick did enters the tree of the ledger at the next.
		left, err = t.telling(ctx, func(ctx context.Context) ([]string, error) {
			return t.stack.Advance(ctx, t.stack.Now().Add(15*time.Minute))
		})
	}
	if err != nil || len(left) > 0 {
		return fmt.Errorf("%w; left: %s", errors.Join(errUnsettled, err), strings.Join(left, ", "))
	}
	for _, list := range []func(context.Context, dsr.Case) error{t.skeleton, t.buckets, t.keys, t.proof} {
		if err := list(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// left prints one thing that is left.
func (t *Teller) left(format string, args ...any) {
	fmt.Fprintf(t.out, "left    "+format+"\n", args...)
}

// skeleton lists what is left of the case itself, which no text of it is.
func (t *Teller) skeleton(ctx context.Context, c dsr.Case) error {
	c, err := t.stack.Store().Summary(ctx, c.ID)
	if err != nil {
		return err
	}
	want := map[string]int{string(dsr.FilePurged): 1, string(dsr.LeftoversRemoved): 1, string(dsr.PackageEnded): 1}
	if err := t.tally(ctx, c, want); err != nil {
		return err
	}
	history, err := t.stack.Store().History(ctx, c.ID)
	if err != nil {
		return err
	}
	files, err := t.stack.Store().EnclosuresOf(ctx, c.ID)
	if err != nil {
		return err
	}
	if c.State != dsr.Purged || len(files) > 0 {
		return fmt.Errorf("%w: case %s is %s with %d files", errLeft, c.Number, c.State, len(files))
	}
	for _, right := range c.Rights {
		decision, _ := c.Decision(right)
		t.left("%s  %s: %s; received %s, closed %s, %s; %d events, and no word about anybody", c.Number, right, decision.Result,
			c.Dates.ReceiptDay, c.Work.ClosedAt.In(t.zone).Format(time.DateOnly), c.Work.Outcome, len(history))
	}
	sealed, err := t.stack.FirstSealed(ctx, c.ID)
	if err != nil {
		return err
	}
	if _, err := t.stack.Open(ctx, sealed); !errors.Is(err, casework.ErrNotFound) {
		return fmt.Errorf("%w: a sealed text of %s opens, or why it does not is not that its key is gone: %w", errLeft, c.Number, err)
	}
	t.left("%s  %d sealed bytes of its history open for nobody: their key is gone", c.Number, len(sealed.Bytes))
	return nil
}

// buckets lists what is left in each bucket: only checkpoints may be.
func (t *Teller) buckets(ctx context.Context, _ dsr.Case) error {
	buckets, err := t.stack.Buckets(ctx)
	if err != nil {
		return err
	}
	for _, one := range buckets {
		if kept := strings.Contains(one.Name, "checkpoints"); kept != (one.Objects > 0) {
			return fmt.Errorf("%w: bucket %s holds %d objects", errLeft, one.Name, one.Objects)
		}
		if one.Objects == 0 {
			t.left("bucket %s: empty", one.Name)
			continue
		}
		t.left("bucket %s: %d checkpoints", one.Name, one.Objects)
	}
	return nil
}

// keys lists whose data keys are left: none of a case.
func (t *Teller) keys(ctx context.Context, _ dsr.Case) error {
	owners, err := t.stack.Keys(ctx)
	if err != nil {
		return err
	}
	count := map[string]int{}
	for _, owner := range owners {
		kind, _, _ := strings.Cut(owner, "#")
		count[kind]++
	}
	if count["CASE"] > 0 || count["STAFF"] == 0 {
		return fmt.Errorf("%w: keys of %v", errLeft, count)
	}
	t.left("keys of cases: 0; of mails: %d; of members of staff: %d; of the register of a year: %d",
		count["MAIL"], count["STAFF"], count["REGISTER"])
	return nil
}

// proof verifies what is left of the history.
func (t *Teller) proof(ctx context.Context, _ dsr.Case) error {
	report, err := t.stack.Verify(ctx)
	if err != nil {
		return err
	}
	for _, finding := range report.Findings {
		fmt.Fprintln(t.out, finding)
	}
	if !report.OK() {
		return fmt.Errorf("%w: the ledger has %d findings", errLeft, len(report.Findings))
	}
	n := report.Counts
	t.left("ledger: %d events, %d leaves in the tree, %d under a signed checkpoint", n.Events, n.Leaves, report.Signed)
	t.left("ledger verify: ok")
	return nil
}
