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

func TestLetterThatArrivedOrWentToStaffIsNoNotice(t *testing.T) {
	o, ref := left(t)
	o.record(ref, dsr.LetterArrived)
	o.record(o.newest(dsr.ReviewNotice, "hans").Ref, dsr.LetterReturned)
	if got := o.kinds(o.id)["S5"]; got != 0 {
		t.Errorf("%d notices", got)
	}
}
