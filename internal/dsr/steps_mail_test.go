package dsr_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// stateNames lists every state of a case.
func stateNames(t *testing.T) []dsr.State {
	t.Helper()
	return declared[dsr.State](t, "work.go", "State")
}

func TestFurtherMailTakesBackOnlyADraftInReview(t *testing.T) {
	for _, state := range stateNames(t) {
		c := dsr.Case{State: state, Rev: 7, Work: dsr.Work{
			Proposed: dsr.Answered, Draft: [32]byte{1}, Confirmed: true, Identity: dsr.IdentitySure,
		}}
		took := c.HearMore()
		if want := state == dsr.InReview; took != want || (c.Rev == 8) != want || (c.Work.Draft == [32]byte{}) != want {
			t.Errorf("%s: took back %t at rev %d", state, took, c.Rev)
		}
		if took && c.State != dsr.Working {
			t.Errorf("the case is %s", c.State)
		}
		if !c.Work.Confirmed || c.Work.Identity != dsr.IdentitySure {
			t.Errorf("%s: what was shown of identity is gone", state)
		}
	}
}

func TestLetterThatCameIsMissedNoMore(t *testing.T) {
	missed := []dsr.LetterKind{dsr.ConfirmLetter, dsr.AnswerLetter}
	for kind, want := range map[dsr.LetterKind][]dsr.LetterKind{
		dsr.ConfirmLetter: {dsr.AnswerLetter}, dsr.AnswerLetter: {dsr.ConfirmLetter}, dsr.CodeLetter: missed,
	} {
		c := dsr.Case{Work: dsr.Work{Undelivered: slices.Clone(missed)}}
		before := c.Work.Undelivered
		c.Reach(kind)
		if !slices.Equal(c.Work.Undelivered, want) || !slices.Equal(before, missed) {
			t.Errorf("%s: missed are %v; another's list is %v", kind, c.Work.Undelivered, before)
		}
	}
}

func TestNothingIsMissedOfACaseThatEnds(t *testing.T) {
	c := dsr.Case{State: dsr.Answering, Work: dsr.Work{Proposed: dsr.Answered, Undelivered: []dsr.LetterKind{dsr.Acknowledgement}}}
	if err := c.Finish(time.Date(2026, 3, 2, 11, 0, 0, 0, time.UTC)); err != nil || len(c.Work.Undelivered) != 0 {
		t.Errorf("missed are %v, %v", c.Work.Undelivered, err)
	}
}

func TestOnlyWhatSomebodySawIsSettled(t *testing.T) {
	missed := []dsr.LetterKind{dsr.ConfirmLetter, dsr.AnswerLetter, dsr.CodeLetter}
	for name, test := range map[string]struct {
		seen []dsr.LetterKind
		left []dsr.LetterKind
		want error
	}{
		"one of them":             {missed[:1], missed[1:], nil},
		"and one that came since": {[]dsr.LetterKind{dsr.AnswerLetter, dsr.Acknowledgement}, []dsr.LetterKind{dsr.ConfirmLetter, dsr.CodeLetter}, nil},
		"all":                     {missed, nil, nil},
		"nothing":                 {nil, missed, dsr.NotNowNothingMissed},
		"none of them":            {[]dsr.LetterKind{dsr.Acknowledgement, "M99"}, missed, dsr.NotNowNothingMissed},
	} {
		c := dsr.Case{State: dsr.Working, Work: dsr.Work{Undelivered: slices.Clone(missed)}}
		before := c.Work.Undelivered
		if err := c.Settle(test.seen...); !errors.Is(err, test.want) || !slices.Equal(c.Work.Undelivered, test.left) || !slices.Equal(before, missed) {
			t.Errorf("%s: missed are %v, %v; another's list is %v", name, c.Work.Undelivered, err, before)
		}
	}
}

func TestAnswerIsReplacedByALaterOneThatDidNotComeBack(t *testing.T) {
	for name, test := range map[string]struct {
		left, lost []int
		lose       int
		want       bool
	}{
		"the only one":                        {[]int{1}, nil, 1, false},
		"one that never left":                 {nil, nil, 1, false},
		"an earlier one":                      {[]int{1, 7}, nil, 1, true},
		"an earlier one that never left":      {[]int{7}, nil, 1, true},
		"the later one":                       {[]int{1, 7}, nil, 7, false},
		"an earlier one, as the later did":    {[]int{1, 7}, []int{7}, 1, false},
		"an earlier one, as one of later did": {[]int{1, 7, 9}, []int{9}, 1, true},
	} {
		var c dsr.Case
		for _, n := range test.left {
			c.AnswerLeft(n)
			c.AnswerLeft(n) // reports come twice
		}
		if len(c.Work.Left) != len(test.left) {
			t.Errorf("%s: left are %v", name, c.Work.Left)
		}
		for _, n := range test.lost {
			c.AnswerLost(n)
		}
		if got := c.AnswerLost(test.lose); got != test.want || slices.Contains(c.Work.Left, test.lose) {
			t.Errorf("%s: replaced %t, left are %v", name, got, c.Work.Left)
		}
	}
	shared := dsr.Case{Work: dsr.Work{Left: []int{1, 2}}}
	other := shared
	if other.AnswerLost(1); !slices.Equal(shared.Work.Left, []int{1, 2}) {
		t.Errorf("another's list is %v", shared.Work.Left)
	}
}

func TestAnswerGivenOtherwiseClosesAndIsRememberedByItsEvent(t *testing.T) {
	c := standing(t, "answering")
	c.Seq = 41
	if err := c.DeliverOtherwise(monday()); err != nil || c.State != dsr.Closed || c.Work.Otherwise != 42 || c.Work.Outcome != dsr.Answered {
		t.Errorf("%v: the case is %s, %q, given by event %d", err, c.State, c.Work.Outcome, c.Work.Otherwise)
	}
	plain := standing(t, "answering")
	if err := plain.Finish(monday()); err != nil || plain.Work.Otherwise != 0 {
		t.Errorf("%v: given by event %d", err, plain.Work.Otherwise)
	}
}

func TestLettersToStaffAreThoseOfTheLetterS(t *testing.T) {
	for _, kind := range declared[dsr.LetterKind](t, "letter.go", "LetterKind") {
		if want := strings.HasPrefix(string(kind), "S"); kind.ToStaff() != want {
			t.Errorf("%s: to staff %t", kind, kind.ToStaff())
		}
	}
}

func TestLetterCameWhetherOrNotItsReaderLikedIt(t *testing.T) {
	for _, state := range letterStates() {
		if want := state == dsr.LetterArrived || state == dsr.LetterUnwanted; state.Came() != want {
			t.Errorf("%s: came %t", state, state.Came())
		}
	}
}

func TestDelayIsNoReasonToGiveALetterUp(t *testing.T) {
	for _, delay := range declared[dsr.Delay](t, "letter.go", "Delay") {
		if errors.Is(delay, dsr.ErrUnsendable) || !strings.Contains(delay.Error(), string(delay)) {
			t.Errorf("%s: %v", delay, delay)
		}
	}
	if !errors.Is(dsr.ErrTooLarge, dsr.ErrUnsendable) {
		t.Error("a letter that is too large would be tried for ever")
	}
}
