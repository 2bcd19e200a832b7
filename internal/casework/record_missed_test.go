package casework_test

import (
	"slices"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

func TestMissedLetterStandsInTheCaseUntilOneOfItsKindArrives(t *testing.T) {
	o, _ := waiting(t, dsr.Access)
	first := o.newest(dsr.ConfirmLetter, "").Ref
	for range 2 {
		o.record(first, dsr.LetterReturned)
	}
	o.record(o.newest(dsr.Acknowledgement, "").Ref, dsr.LetterReturned)
	if got := o.file(o.id).Work.Undelivered; !slices.Equal(got, []dsr.LetterKind{dsr.ConfirmLetter, dsr.Acknowledgement}) {
		t.Fatalf("missed are %v", got)
	}
	must(t, o.handling.AskAgain(t.Context(), o.now, o.sheet("els")))
	again := o.newest(dsr.ConfirmLetter, "").Ref
	o.send(again)
	if got := o.file(o.id).Work.Undelivered; len(got) != 2 {
		t.Errorf("the letter only left, and missed are %v", got)
	}
	o.record(again, dsr.LetterArrived)
	if got := o.file(o.id).Work.Undelivered; !slices.Equal(got, []dsr.LetterKind{dsr.Acknowledgement}) {
		t.Errorf("missed are %v", got)
	}
	o.whole()
}

func TestLetterThatIsGivenUpIsMissedToo(t *testing.T) {
	d, receipt := opened(t)
	d.postErr = dsr.ErrTooLarge
	if err := d.sending.Send(t.Context(), d.now, receipt); err == nil {
		t.Error("the fault was not told")
	}
	history, err := d.memory.History(t.Context(), receipt.Case)
	if last := history[len(history)-1]; err != nil || last.Kind != dsr.LetterGivenUp || last.Facts["why"] != "too-large" {
		t.Errorf("the history ends with %+v, %v", last, err)
	}
	if got := d.file(receipt.Case).Work.Undelivered; !slices.Equal(got, []dsr.LetterKind{dsr.Acknowledgement}) {
		t.Errorf("missed are %v", got)
	}
}

// closed gives an office whose answer arrived, and the answer's letter.
func closed(t *testing.T) (*office, dsr.LetterRef) {
	t.Helper()
	o, ref := left(t)
	o.record(ref, dsr.LetterArrived)
	if c := o.file(o.id); c.State != dsr.Closed || c.DueAt.IsZero() {
		t.Fatalf("the case is %s, due %s", c.State, c.DueAt)
	}
	return o, ref
}

func TestAnswerThatComesBackAfterClosingOpensTheCaseAgain(t *testing.T) {
	o, ref := closed(t)
	purge := o.file(o.id).DueAt
	o.record(ref, dsr.LetterReturned)
	c := o.file(o.id)
	if c.State != dsr.Answering || c.Work.Outcome != "" || !slices.Equal(c.Work.Undelivered, []dsr.LetterKind{ref.Kind}) {
		t.Errorf("the case is %s, %q, and missed are %v", c.State, c.Work.Outcome, c.Work.Undelivered)
	}
	if c.DueAt.IsZero() || !c.DueAt.Before(purge) {
		t.Errorf("nobody is reminded before %s, when the file would have been destroyed", c.DueAt)
	}
	must(t, o.handling.RenewAnswer(t.Context(), o.now, o.sheet("els")))
	again := o.newest(ref.Kind, "").Ref
	o.send(again)
	o.record(again, dsr.LetterArrived)
	if c := o.file(o.id); c.State != dsr.Closed || len(c.Work.Undelivered) != 0 || !c.DueAt.After(o.now.AddDate(0, 11, 0)) {
		t.Errorf("the case is %s, due %s, and missed are %v", c.State, c.DueAt, c.Work.Undelivered)
	}
	o.whole()
}

func TestComplaintAboutAnAnswerClosesItsCase(t *testing.T) {
	o, ref := left(t)
	o.record(ref, dsr.LetterUnwanted)
	if c := o.file(o.id); c.State != dsr.Closed {
		t.Errorf("the case is %s: the answer came, and its reader did not like it", c.State)
	}
}

func TestOtherLetterThatComesBackLeavesAClosedCaseClosed(t *testing.T) {
	o, _ := closed(t)
	o.record(o.newest(dsr.Acknowledgement, "").Ref, dsr.LetterReturned)
	c := o.file(o.id)
	if c.State != dsr.Closed || !slices.Equal(c.Work.Undelivered, []dsr.LetterKind{dsr.Acknowledgement}) || o.kinds(o.id)["S5"] != 2 {
		t.Errorf("the case is %s, missed are %v, letters %v", c.State, c.Work.Undelivered, o.kinds(o.id))
	}
}

func TestReportOnALetterOfAPurgedCaseCausesNoNotice(t *testing.T) {
	o, ref := closed(t)
	o.purge()
	o.record(ref, dsr.LetterReturned)
	if c := o.summary(); c.State != dsr.Purged || len(c.Work.Undelivered) != 0 || o.kinds(o.id)["S5"] != 0 {
		t.Errorf("the case is %s, missed are %v, letters %v", c.State, c.Work.Undelivered, o.kinds(o.id))
	}
}

// summary gives what remains of the case without its key.
func (o *office) summary() dsr.Case {
	o.t.Helper()
	c, err := o.memory.Summary(o.t.Context(), o.id)
	must(o.t, err)
	return c
}

// purge purges the closed case, as the act of that name does.
func (o *office) purge() {
	o.t.Helper()
	file, err := o.memory.File(o.t.Context(), o.id)
	must(o.t, err)
	must(o.t, file.Case.Purge())
	file.Case.Seq++
	must(o.t, o.memory.Commit(o.t.Context(), casework.Change{
		File: file, Event: dsr.Event{Seq: file.Case.Seq, Kind: dsr.FilePurged, At: o.now}, Purge: true, At: o.now,
	}))
}

// A function that dies before or after any call is begun again by SQS; what comes
// of it in the end is what would have come of it at once.
func TestAnswerThatComesBackSurvivesACrashAtAnyCall(t *testing.T) {
	for _, phase := range []caseworktest.Phase{caseworktest.Before, caseworktest.After} {
		for at := 1; ; at++ {
			o, ref := closed(t)
			crashed := o.crash(at, phase)
			err := o.sending.Record(t.Context(), o.now, ref, "ses-1", dsr.LetterReturned)
			if !*crashed {
				break
			}
			if err == nil {
				t.Errorf("a crash %s call %d was not told", phase, at)
			}
			o.now = o.now.Add(time.Minute)
			o.record(ref, dsr.LetterReturned)
			if c := o.file(o.id); c.State != dsr.Answering || o.kinds(o.id)["S5"] != 2 || len(c.Work.Undelivered) != 1 {
				t.Errorf("crash %s call %d: the case is %s, letters %v", phase, at, c.State, o.kinds(o.id))
			}
			o.whole()
		}
	}
}

// crash lets the act die on one side of its port call number at, and gives whether
// it came to that.
func (d *desk) crash(at int, phase caseworktest.Phase) *bool {
	calls, crashed := 0, false
	d.onCall = func(_ string, p caseworktest.Phase) error {
		if p == caseworktest.Before {
			calls++
		}
		if calls != at || p != phase || crashed {
			return nil
		}
		crashed = true
		return errPort
	}
	return &crashed
}
