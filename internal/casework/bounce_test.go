package casework_test

import (
	"testing"

	"polarweb.nl/inzage/internal/dsr"
)

// returned are letters to a data subject that come back, each sent once.
func returned(t *testing.T) map[dsr.LetterKind]func() *office {
	t.Helper()
	return map[dsr.LetterKind]func() *office{
		dsr.ConfirmLetter: func() *office {
			o, _ := waiting(t, dsr.Access)
			return o
		},
		dsr.AnswerLetter: func() *office {
			o, _ := left(t)
			return o
		},
		dsr.CodeLetter: func() *office {
			o, link := answered(t)
			o.freshCode(link)
			return o
		},
		dsr.WaitLetter: func() *office {
			o := newOfficeOf(t, alone(), dsr.Access).until("submitted")
			o.link(dsr.WaitLetter, "")
			return o
		},
		dsr.RefusalLetter: func() *office {
			o := newOffice(t, dsr.Access).until("looked")
			must(t, o.decideOn(dsr.Decision{Right: dsr.Access, Result: dsr.Refused, Ground: dsr.GroundExcessive}, "waarom"))
			must(t, o.submit("els", dsr.Answered))
			o.enter("hans", o.link(dsr.ReviewNotice, "hans"))
			must(t, o.approve("hans"))
			o.link(dsr.RefusalLetter, "")
			return o
		},
		dsr.WithdrawnLetter: func() *office {
			o := newOffice(t, dsr.Access)
			o.withdraws()
			o.link(dsr.WithdrawnLetter, "")
			return o
		},
	}
}

// Nobody else looks after what came back, and a deadline runs.
func TestLetterToADataSubjectThatCameBackIsToldToStaffOnce(t *testing.T) {
	for kind, sent := range returned(t) {
		for _, reports := range [][]dsr.LetterState{
			{dsr.LetterReturned},
			{dsr.LetterReturned, dsr.LetterReturned},
			{dsr.LetterArrived, dsr.LetterReturned, dsr.LetterArrived, dsr.LetterReturned},
		} {
			o := sent()
			ref := o.newest(kind, "").Ref
			for _, report := range reports {
				o.record(ref, report)
			}
			if got, want := o.kinds(o.id)["S5"], len(o.handling.Rules.Profile.Notified()); got != want {
				t.Errorf("%s, %v: %d notices, want one for each of %d", kind, reports, got, want)
				continue
			}
			if notice := o.newest(dsr.LetterNotice, "els"); notice.Reason != string(kind) || notice.Purpose != dsr.SignIn {
				t.Errorf("%s: the notice is %+v", kind, notice)
			}
			o.whole()
		}
	}
}

func TestLetterThatArrivedIsNoNotice(t *testing.T) {
	for _, state := range []dsr.LetterState{dsr.LetterArrived, dsr.LetterUnwanted} {
		o, ref := left(t)
		o.record(ref, state)
		if got := o.kinds(o.id)["S5"]; got != 0 {
			t.Errorf("%s: %d notices", state, got)
		}
	}
}

// What a member of staff never reads the others hear of, and a notice that comes
// back causes no further one: they would go round for ever.
func TestLetterToStaffThatCameBackIsToldToTheOthers(t *testing.T) {
	for name, test := range map[string]struct {
		kind dsr.LetterKind
		to   string
		want []string
	}{
		"of one who hears of news": {dsr.NewCaseNotice, "els", []string{"gea"}},
		"of one who only approves": {dsr.ReviewNotice, "hans", []string{"els", "gea"}},
		"a notice like this":       {dsr.LetterNotice, "gea", nil},
	} {
		t.Run(name, func(t *testing.T) {
			o, answer := left(t)
			if test.kind == dsr.LetterNotice {
				o.record(answer, dsr.LetterReturned)
			}
			before := o.kinds(o.id)["S5"]
			ref := o.newest(test.kind, test.to).Ref
			for range 2 {
				o.record(ref, dsr.LetterReturned)
			}
			if got := o.kinds(o.id)["S5"] - before; got != len(test.want) {
				t.Errorf("%d notices, want %d", got, len(test.want))
			}
			for _, who := range test.want {
				if notice := o.newest(dsr.LetterNotice, who); notice.Reason != string(test.kind) {
					t.Errorf("the notice to %s is about %q", who, notice.Reason)
				}
			}
			if missed := o.file(o.id).Work.Undelivered; len(missed) != before/2 {
				t.Errorf("the data subject is said to miss %v", missed)
			}
			o.whole()
		})
	}
}
