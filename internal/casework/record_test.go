package casework_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// record writes down a report and expects no error.
func (d *desk) record(ref dsr.LetterRef, state dsr.LetterState) {
	d.t.Helper()
	if err := d.sending.Record(d.t.Context(), d.now, ref, "ses-1", state); err != nil {
		d.t.Fatalf("recording %s: %v", state, err)
	}
}

func TestLetterNeverGoesBack(t *testing.T) {
	posted, arrived, unwanted, returned := dsr.LetterPosted, dsr.LetterArrived, dsr.LetterUnwanted, dsr.LetterReturned
	sent, delivered, complained, bounced := dsr.LetterSent, dsr.LetterDelivered, dsr.LetterComplained, dsr.LetterBounced
	tests := []struct {
		reports []dsr.LetterState
		want    dsr.LetterState
		events  []dsr.EventKind
	}{
		{[]dsr.LetterState{posted}, posted, []dsr.EventKind{sent}},
		{[]dsr.LetterState{posted, posted}, posted, []dsr.EventKind{sent}},
		{[]dsr.LetterState{posted, arrived}, arrived, []dsr.EventKind{sent, delivered}},
		{[]dsr.LetterState{arrived, posted}, arrived, []dsr.EventKind{sent, delivered}},
		{[]dsr.LetterState{arrived, arrived, posted}, arrived, []dsr.EventKind{sent, delivered}},
		{[]dsr.LetterState{posted, returned, arrived}, returned, []dsr.EventKind{sent, bounced}},
		{[]dsr.LetterState{arrived, returned, arrived}, returned, []dsr.EventKind{sent, delivered, bounced}},
		{[]dsr.LetterState{returned, posted, returned}, returned, []dsr.EventKind{sent, bounced}},
		{[]dsr.LetterState{unwanted, unwanted, arrived, posted}, unwanted, []dsr.EventKind{sent, delivered, complained}},
		{[]dsr.LetterState{arrived, unwanted}, unwanted, []dsr.EventKind{sent, delivered, complained}},
		{[]dsr.LetterState{unwanted, returned, unwanted}, returned, []dsr.EventKind{sent, delivered, complained, bounced}},
	}
	for _, test := range tests {
		t.Run(fmt.Sprint(test.reports), func(t *testing.T) {
			d, ref := opened(t)
			for _, report := range test.reports {
				d.record(ref, report)
			}
			if got := d.letter(ref); got.State != test.want || got.SESID != "ses-1" || !got.DueAt.IsZero() {
				t.Errorf("the letter is %q, %q, due %s; want %q", got.State, got.SESID, got.DueAt, test.want)
			}
			if got := d.events(ref.Case)[1:]; !slices.Equal(got, test.events) {
				t.Errorf("history goes on with %v, want %v", got, test.events)
			}
			d.whole()
		})
	}
}

func TestReportNamesItsLetter(t *testing.T) {
	d, ref := opened(t)
	d.record(ref, dsr.LetterPosted)
	history, err := d.memory.History(t.Context(), ref.Case)
	if err != nil {
		t.Fatal(err)
	}
	got := history[1]
	if got.Facts["letter"] != "M01" || got.Facts["n"] != "1" || got.Facts["ses"] != "ses-1" || got.Seq != 2 || !got.At.Equal(d.now) {
		t.Errorf("the event is %+v", got)
	}
}

func TestReportedLetterIsNotSentAgain(t *testing.T) {
	d, ref := opened(t)
	d.postErr = errPort // the mail left, and nobody heard
	if err := d.sending.Send(t.Context(), d.now, ref); !errors.Is(err, errPort) {
		t.Fatal(err)
	}
	d.record(ref, dsr.LetterPosted)
	d.postErr, d.now = nil, d.now.Add(2*casework.Lease)
	d.send(ref)
	if len(d.posted) != 0 {
		t.Error("a letter that SES reported as sent was sent again")
	}
}

func TestReportOvertakenByAnotherIsNotLost(t *testing.T) {
	d, ref := opened(t)
	d.meanwhile("Commit", func() { d.record(ofCase(ref.Case, dsr.NewCaseNotice, 1), dsr.LetterPosted) })
	d.record(ref, dsr.LetterPosted)
	if got := d.events(ref.Case); !slices.Equal(got, []dsr.EventKind{dsr.CaseOpened, dsr.LetterSent, dsr.LetterSent}) {
		t.Errorf("history is %v", got)
	}
	d.whole()
}

func TestReportsOnLettersAboutAMailTouchNoCase(t *testing.T) {
	d, receipt := opened(t)
	d.receive("in2", dsr.Enquiry{Kind: dsr.KindUnreadable, Reason: "empty"})
	d.record(ofMail("in2", 1), dsr.LetterReturned)
	if got := d.letter(ofMail("in2", 1)); got.State != dsr.LetterReturned {
		t.Errorf("the letter is %q", got.State)
	}
	if got := d.events(receipt.Case); len(got) != 1 {
		t.Errorf("the history of another matter is %v", got)
	}
}

func TestReportOnNoLetterIsNotFound(t *testing.T) {
	d := newDesk(t)
	err := d.sending.Record(t.Context(), d.now, ofMail("nothing", 1), "ses-1", dsr.LetterPosted)
	if !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("%v", err)
	}
}

// late writes down that SES calls a letter late, and expects no error.
func (d *desk) late(ref dsr.LetterRef, why string) {
	d.t.Helper()
	if err := d.sending.Report(d.t.Context(), d.now, ref, casework.Report{SESID: "ses-1", Why: why}); err != nil {
		d.t.Fatalf("recording a delay: %v", err)
	}
}

func TestDelayIsWrittenDownOnceAndOnlyWhileTheLetterIsOnItsWay(t *testing.T) {
	for name, test := range map[string]struct {
		before, after []dsr.LetterState
		want          []dsr.EventKind
	}{
		"of a letter on its way":       {nil, nil, []dsr.EventKind{dsr.LetterSent, dsr.LetterDelayed}},
		"then it came":                 {nil, []dsr.LetterState{dsr.LetterArrived}, []dsr.EventKind{dsr.LetterSent, dsr.LetterDelayed, dsr.LetterDelivered}},
		"told after it came":           {[]dsr.LetterState{dsr.LetterArrived}, nil, []dsr.EventKind{dsr.LetterSent, dsr.LetterDelivered}},
		"told after it came back":      {[]dsr.LetterState{dsr.LetterReturned}, nil, []dsr.EventKind{dsr.LetterSent, dsr.LetterBounced}},
		"told after somebody objected": {[]dsr.LetterState{dsr.LetterUnwanted}, nil, []dsr.EventKind{dsr.LetterSent, dsr.LetterDelivered, dsr.LetterComplained}},
	} {
		t.Run(name, func(t *testing.T) {
			d, ref := opened(t)
			for _, state := range test.before {
				d.record(ref, state)
			}
			d.late(ref, "mailbox-full")
			d.late(ref, "other")
			for _, state := range test.after {
				d.record(ref, state)
			}
			if got := d.events(ref.Case)[1:]; !slices.Equal(got, test.want) {
				t.Errorf("history goes on with %v, want %v", got, test.want)
			}
			if got := d.letter(ref); got.State == dsr.LetterPosted && (got.SESID != "ses-1" || !got.DueAt.IsZero()) {
				t.Errorf("the letter is %+v", got)
			}
			d.whole()
		})
	}
}

func TestHistorySaysWhyALetterIsLateOrCameBack(t *testing.T) {
	d, ref := opened(t)
	d.late(ref, "mailbox-full")
	if err := d.sending.Report(t.Context(), d.now, ref, casework.Report{SESID: "ses-1", State: dsr.LetterReturned, Why: "no-mailbox"}); err != nil {
		t.Fatal(err)
	}
	history, err := d.memory.History(t.Context(), ref.Case)
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, event := range history[1:] {
		words = append(words, event.Facts["why"])
	}
	if !slices.Equal(words, []string{"", "mailbox-full", "no-mailbox"}) {
		t.Errorf("the reasons are %q", words)
	}
}

func TestDelayToldTwiceAtOnceIsWrittenDownOnce(t *testing.T) {
	d, ref := opened(t)
	d.record(ref, dsr.LetterPosted)
	d.meanwhile("Commit", func() { d.late(ref, "other") })
	d.late(ref, "mailbox-full")
	if got := d.events(ref.Case)[1:]; !slices.Equal(got, []dsr.EventKind{dsr.LetterSent, dsr.LetterDelayed}) {
		t.Errorf("history goes on with %v", got)
	}
	d.whole()
}
