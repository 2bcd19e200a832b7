package story

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
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

// maxScenes is more than the demonstration has.
const maxScenes = 60

// Demo sends the sample mail and lets people act on it, up to the case that is
// closed and the answer that is read; then it lets 400 days pass and lists what
// is left. Begun again on the state of one that was killed, it goes on from there
// and comes to the same end.
func (t *Teller) Demo(ctx context.Context, state string) error {
	if _, err := t.SendSample(state, t.out); err != nil {
		return err
	}
	if err := t.rest(ctx); err != nil {
		return err
	}
	cast := &people{t, NewCast(t.stack)}
	for range maxScenes {
		c, err := t.sample(ctx)
		if err != nil {
			return err
		}
		done, err := t.over(ctx, c)
		if err != nil {
			return err
		}
		if done {
			return t.end(ctx, c)
		}
		if err := cast.play(ctx); err != nil {
			return err
		}
	}
	return fmt.Errorf("%w after %d scenes", errStuck, maxScenes)
}

// between is how much time passes before each scene.
const between = 10 * time.Minute

// play lets a while pass, then lets somebody do what has to be done next, and
// lets all work end. What that is, is read after the while: the scheduled
// functions may have taken up what a kill left undone.
func (p *people) play(ctx context.Context) error {
	if _, err := p.telling(ctx, func(ctx context.Context) ([]string, error) {
		return p.Teller.stack.Advance(ctx, p.Teller.stack.Now().Add(between))
	}); err != nil {
		return err
	}
	c, err := p.sample(ctx)
	if err != nil {
		return err
	}
	next, err := p.next(ctx, c)
	if err != nil {
		return err
	}
	p.say("%-8s%s", next.who, next.what)
	if err := next.do(ctx); err != nil {
		return fmt.Errorf("%s %s: %w", next.who, next.what, err)
	}
	return p.rest(ctx)
}

// say prints a line of the demonstration's own.
func (t *Teller) say(format string, args ...any) {
	fmt.Fprintf(t.out, "  %s  "+format+"\n", append([]any{t.stack.Now().In(t.zone).Format(timeLayout)}, args...)...)
}

// sample gives the case of the sample mail.
func (t *Teller) sample(ctx context.Context) (dsr.Case, error) {
	cases, err := t.Cases(ctx)
	if err != nil {
		return dsr.Case{}, err
	}
	if len(cases) > 1 {
		return dsr.Case{}, fmt.Errorf("one mail came in and %d cases are open", len(cases))
	}
	if len(cases) == 1 {
		t.follow(cases[0].ID)
		return cases[0], nil
	}
	profile := t.stack.Profile()
	number := dsr.NewNumber(profile.CasePrefix, DemoStart().Year(), 1)
	id, err := t.stack.Store().CaseOfNumber(ctx, number)
	if err != nil {
		return dsr.Case{}, fmt.Errorf("looking for case %s: %w", number, err)
	}
	t.follow(id)
	return t.stack.Store().Summary(ctx, id)
}

// over reports whether the case is closed and its files were fetched.
func (t *Teller) over(ctx context.Context, c dsr.Case) (bool, error) {
	if c.State.Open() {
		return false, nil
	}
	told, err := t.happened(ctx, c)
	return told[string(dsr.FilesHandedOut)] > 0, err
}

// happened counts the events of a case by kind, and its sent letters by kind.
func (t *Teller) happened(ctx context.Context, c dsr.Case) (map[string]int, error) {
	history, err := t.stack.Store().History(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	count := map[string]int{}
	for _, event := range history {
		count[string(event.Kind)]++
		if event.Kind == dsr.LetterSent {
			count[event.Facts["letter"]]++
		}
	}
	return count, nil
}

// end makes sure that all happened once that may happen once, and that nothing
// was given up on; says how the case ended, and shows what time leaves of it.
func (t *Teller) end(ctx context.Context, c dsr.Case) error {
	if err := t.rest(ctx); err != nil {
		return err
	}
	if err := t.tally(ctx, c, t.once(c)); err != nil {
		return err
	}
	fmt.Fprintf(t.out, "closed %s\n", c.Number)
	return t.later(ctx, c)
}

// tally makes sure that each thing happened as often as it should.
func (t *Teller) tally(ctx context.Context, c dsr.Case, want map[string]int) error {
	told, err := t.happened(ctx, c)
	if err != nil {
		return err
	}
	for _, kind := range slices.Sorted(maps.Keys(want)) {
		if told[kind] != want[kind] {
			return fmt.Errorf("case %s: %s happened %d times, want %d", c.Number, kind, told[kind], want[kind])
		}
	}
	if n := t.stack.DeadLetters(); n > 0 {
		return fmt.Errorf("%d messages could not be delivered", n)
	}
	return nil
}

// once says how often each thing happens in the demonstration, killed on the way
// or not.
func (t *Teller) once(c dsr.Case) map[string]int {
	profile := t.stack.Profile()
	want := map[string]int{
		string(dsr.TaskDone):        len(c.Rights) * len(profile.DataMap.Systems),
		string(dsr.RightGranted):    len(c.Rights),
		string(dsr.NewCaseNotice):   len(profile.Notified()),
		string(dsr.ConfirmedNotice): len(profile.Notified()),
		string(dsr.FileAnnounced):   len(sampleFiles()),
		string(dsr.FileSealed):      len(sampleFiles()),
		string(dsr.LetterGivenUp):   0,
	}
	for _, kind := range []dsr.EventKind{
		dsr.CaseOpened, dsr.RightsConfirmed, dsr.DataSubjectMatched, dsr.MailboxConfirmed, dsr.IdentityConfirmed,
		dsr.IDCopyReceived, dsr.IDCopyInspected, dsr.IDCopyDestroyed, dsr.DraftSubmitted, dsr.AnswerApproved, dsr.PackageBuilt,
		dsr.CaseClosed,
	} {
		want[string(kind)] = 1
	}
	for _, kind := range []dsr.LetterKind{
		dsr.Acknowledgement, dsr.ConfirmLetter, dsr.CopyLetter, dsr.CheckedLetter, dsr.AnswerLetter,
	} {
		want[string(kind)] = 1
	}
	return want
}

// rest lets all work end. What a killed stack held comes free when its lease
// ends, so the clock goes on a quarter of an hour at a time while letters wait.
func (t *Teller) rest(ctx context.Context) error {
	limited, cancel := context.WithTimeout(ctx, settleLimit)
	defer cancel()
	left, err := t.telling(limited, t.stack.Rest)
	for quarters := 0; err == nil && len(left) > 0 && quarters < 4; quarters++ {
		t.say("clock   goes on a quarter of an hour, for %d letters that wait", len(left))
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
