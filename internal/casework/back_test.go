package casework_test

import (
	"slices"
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// noted gives what staff wrote with the last event of a kind.
func (o *office) noted(kind dsr.EventKind) string {
	o.t.Helper()
	dossier, err := o.reading().Open(o.t.Context(), o.now, o.sessions["els"], o.id)
	must(o.t, err)
	for _, event := range slices.Backward(dossier.History) {
		if event.Kind == kind {
			return dossier.Notes[event.Seq].Text
		}
	}
	o.t.Fatalf("there was no %s", kind)
	return ""
}

func TestApprovedErasureIsTakenBackBeforeItIsCarriedOut(t *testing.T) {
	o := newOffice(t, dsr.Erasure).until("approved")
	for _, why := range []string{"", " \n", strings.Repeat("w", dsr.MaxReason+1)} {
		sheet := o.sheet("els")
		o.unmoved(dsr.NotNowReason, func() error { return o.handling.TakeBack(t.Context(), o.now, sheet, why) })
	}
	must(t, o.handling.TakeBack(t.Context(), o.now, o.sheet("els"), " toch bewaren "))
	c := o.file(o.id)
	if c.State != dsr.Working || c.Work.Draft != [32]byte{} || c.Work.Approver != (dsr.ActorID{}) || o.noted(dsr.ApprovalTakenBack) != "toch bewaren" {
		t.Errorf("the case is %s, %+v", c.State, c.Work)
	}
	sheet := o.sheet("els")
	o.unmoved(dsr.NotNowNotReady, func() error { return o.handling.CarryOut(t.Context(), o.now, sheet) })
	must(t, o.submit("els", dsr.Answered)) // it takes a second person again
	o.enter("hans", o.link(dsr.ReviewNotice, "hans"))
	must(t, o.approve("hans"))
	must(t, o.handling.CarryOut(t.Context(), o.now, o.sheet("els")))
}

func TestNothingElseIsTakenBack(t *testing.T) {
	for _, until := range []string{"decided", "submitted", "carried out"} {
		o := newOffice(t, dsr.Erasure).until(until)
		sheet := o.sheet("els")
		o.unmoved(dsr.NotNowNotReady, func() error { return o.handling.TakeBack(t.Context(), o.now, sheet, "waarom") })
	}
}

// Until it is done, whoever is on file can say that they never asked it.
func TestContactOnFileStopsAnErasureThatWasApproved(t *testing.T) {
	o := newOfficeOf(t, alone(), dsr.Erasure).until("submitted")
	stop := o.link(dsr.WaitLetter, "")
	o.wait()
	o.enter("els", o.link(dsr.ReviewNotice, "els"))
	must(t, o.approve("els"))
	must(t, o.confirming.Stop(t.Context(), o.now, stop, o.number()))
	if c := o.file(o.id); c.State != dsr.Working || !c.Work.Disowned || c.Work.Draft != [32]byte{} {
		t.Errorf("the case is %s, %+v", c.State, c.Work)
	}
	o.newest(dsr.DisownedNotice, "els")
	sheet := o.sheet("els")
	o.unmoved(dsr.NotNowNotReady, func() error { return o.handling.CarryOut(t.Context(), o.now, sheet) })
}

func TestErasureThatWasCarriedOutCannotBeStopped(t *testing.T) {
	o := newOfficeOf(t, alone(), dsr.Erasure).until("submitted")
	stop := o.link(dsr.WaitLetter, "")
	o.wait()
	o.enter("els", o.link(dsr.ReviewNotice, "els"))
	must(t, o.approve("els"))
	must(t, o.handling.CarryOut(t.Context(), o.now, o.sheet("els")))
	o.unmoved(casework.ErrStale, func() error { return o.confirming.Stop(t.Context(), o.now, stop, o.number()) })
}

func TestRequesterWithdrawsAnErasureThatWasApprovedAndNotCarriedOut(t *testing.T) {
	for until, want := range map[string]error{"approved": nil, "carried out": casework.ErrStale} {
		o := newOffice(t, dsr.Erasure)
		link := o.link(dsr.Acknowledgement, "")
		o.until(until)
		o.unmovedOr(want, func() error { return o.confirming.Withdraw(t.Context(), o.now, link, asker) })
		if c := o.file(o.id); want == nil && (c.State != dsr.Closed || c.Work.Outcome != dsr.Withdrawn) {
			t.Errorf("the case is %s, %q", c.State, c.Work.Outcome)
		}
	}
}

func TestAnswerThatCannotGoByMailIsGivenOtherwise(t *testing.T) {
	o, ref := left(t)
	o.record(ref, dsr.LetterReturned)
	for _, how := range []string{"", "\t ", strings.Repeat("h", dsr.MaxReason+1)} {
		sheet := o.sheet("els")
		o.unmoved(dsr.NotNowReason, func() error { return o.handling.DeliverOtherwise(t.Context(), o.now, sheet, how) })
	}
	must(t, o.handling.DeliverOtherwise(t.Context(), o.now, o.sheet("els"), " kanarie per post "))
	c := o.file(o.id)
	if c.State != dsr.Closed || c.Work.Outcome != dsr.Answered || !c.DueAt.Equal(c.Work.ClosedAt.AddDate(1, 0, 0)) || o.noted(dsr.AnswerDelivered) != "kanarie per post" {
		t.Errorf("the case is %s, %q, due %s", c.State, c.Work.Outcome, c.DueAt)
	}
	history, err := o.memory.History(t.Context(), o.id)
	must(t, err)
	for _, event := range history {
		if event.Kind == dsr.AnswerDelivered && (len(event.Facts) != 1 || event.Facts["outcome"] != string(dsr.Answered)) {
			t.Errorf("the history says %v", event.Facts)
		}
	}
	sheet := o.sheet("els")
	o.unmoved(dsr.NotNowNotReady, func() error { return o.handling.DeliverOtherwise(t.Context(), o.now, sheet, "nog eens") })
}

func TestNothingIsDeliveredBeforeItIsApprovedAndDone(t *testing.T) {
	for _, until := range []string{"decided", "submitted", "approved"} {
		o := newOffice(t, dsr.Erasure).until(until)
		sheet := o.sheet("els")
		o.unmoved(dsr.NotNowNotReady, func() error { return o.handling.DeliverOtherwise(t.Context(), o.now, sheet, "per post") })
	}
}
