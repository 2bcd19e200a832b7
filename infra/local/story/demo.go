package story

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// DemoStart is where the clock of a demonstration begins.
func DemoStart() time.Time { return time.Date(2026, time.March, 5, 8, 0, 0, 0, time.UTC) }

// settleLimit bounds one wait of the demonstration in real time.
const settleLimit = 60 * time.Second

// errUnsettled is returned when the demonstration's work does not come to rest.
var errUnsettled = errors.New("the work did not come to rest")

// Demo sends the sample mail and tells what becomes of it, up to the case it
// opens. Begun again on the state of one that was killed, it goes on from there
// and comes to the same end.
func (t *Teller) Demo(ctx context.Context, state string) error {
	if _, err := t.SendSample(state, t.out); err != nil {
		return err
	}
	if err := t.rest(ctx); err != nil {
		return err
	}
	opened, err := t.check(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(t.out, "opened %s\n", opened)
	return nil
}

// rest lets all work end. What a killed stack held comes free when its lease
// ends, so the clock goes on a quarter of an hour at a time while letters wait.
func (t *Teller) rest(ctx context.Context) error {
	limited, cancel := context.WithTimeout(ctx, settleLimit)
	defer cancel()
	left, err := t.telling(limited, t.stack.Rest)
	for quarters := 0; err == nil && len(left) > 0 && quarters < 4; quarters++ {
		fmt.Fprintf(t.out, "  %s  clock   goes on a quarter of an hour, for %d letters that wait\n",
			t.stack.Now().In(t.zone).Format(timeLayout), len(left))
		left, err = t.telling(limited, func(ctx context.Context) ([]string, error) {
			if left, err := t.stack.Advance(ctx, t.stack.Now().Add(15*time.Minute)); err != nil {
				return left, err
			}
			return t.stack.Rest(ctx)
		})
	}
	if err == nil && len(left) == 0 {
		return nil
	}
	return fmt.Errorf("%w; left: %s", errors.Join(errUnsettled, err), strings.Join(left, ", "))
}

// telling does work in the background and tells what happens meanwhile.
func (t *Teller) telling(ctx context.Context, work func(context.Context) ([]string, error)) (left []string, err error) {
	done := make(chan error, 1)
	go func() {
		var err error
		left, err = work(ctx)
		done <- err
	}()
	err = t.Until(ctx, done)
	return left, err
}

// check makes sure that the mail came to one case, that its receipt and its
// notices left, and that nothing was given up on.
func (t *Teller) check(ctx context.Context) (dsr.Number, error) {
	cases, err := t.Cases(ctx)
	if err != nil {
		return "", err
	}
	if len(cases) != 1 {
		return "", fmt.Errorf("one mail came in and %d cases are open", len(cases))
	}
	history, err := t.stack.Store().History(ctx, cases[0].ID)
	if err != nil {
		return "", err
	}
	sent := map[string]int{}
	for _, event := range history {
		if event.Kind == dsr.LetterSent {
			sent[event.Facts["letter"]]++
		}
	}
	notified := len(t.stack.Profile().Notified())
	if sent[string(dsr.Acknowledgement)] != 1 || sent[string(dsr.NewCaseNotice)] != notified {
		return "", fmt.Errorf("case %s: %d receipts and %d notices were sent, want 1 and %d",
			cases[0].Number, sent[string(dsr.Acknowledgement)], sent[string(dsr.NewCaseNotice)], notified)
	}
	if n := t.stack.DeadLetters(); n > 0 {
		return "", fmt.Errorf("%d messages could not be delivered", n)
	}
	return cases[0].Number, nil
}
