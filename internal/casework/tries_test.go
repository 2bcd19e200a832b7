package casework_test

import (
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

// guesses tries wrong codes, more than a link has tries.
func (o *office) guesses(link dsr.Link) {
	o.t.Helper()
	before := len(o.calls)
	for _, guess := range []string{"000000", "111111", "123456", "654321", "999999", "", "000001"} {
		o.shut(link, guess, casework.ErrCode)
	}
	if count(o.calls[before:], "Try") != 0 {
		o.t.Error("a guess where no code is good takes a try")
	}
}

// Robots fill in forms: where no code is good, none can be guessed.
func TestGuessesBeforeAnyCodeChangeNothing(t *testing.T) {
	o, link := answered(t)
	o.guesses(link)
	o.opens(link, o.freshCode(link))
}

func TestGuessesAfterACodeEndedChangeNothing(t *testing.T) {
	o, link := answered(t)
	o.freshCode(link)
	o.now = o.now.Add(dsr.CodeLife)
	o.guesses(link)
	code := o.freshCode(link)
	o.opens(link, code)
	o.guesses(link) // the code was used
	o.opens(link, o.freshCode(link))
}

// A new code would be of no use: the way on is a new letter.
func TestLinkWithoutTriesGetsNoMoreCodes(t *testing.T) {
	o, link := answered(t)
	code := o.freshCode(link)
	for range casework.MaxTries {
		o.shut(link, other(code), casework.ErrCode)
	}
	o.unmoved(dsr.NotNowCodes, func() error { return o.collecting.SendCode(t.Context(), o.now, link, o.number()) })
	o.shut(link, code, casework.ErrLinkDead)
	must(t, o.handling.RenewAnswer(t.Context(), o.now, o.sheet("els")))
	renewed := o.link(dsr.AnswerLetter, "")
	o.opens(renewed, o.freshCode(renewed))
}

func TestAskingACodeTakesNoTry(t *testing.T) {
	o, link := answered(t)
	code := o.freshCode(link)
	for range casework.MaxTries - 1 {
		o.shut(link, other(code), casework.ErrCode)
	}
	code = o.freshCode(link)
	o.opens(link, code) // the last try is still there
}

// A code that cannot be asked for is a fault, and gives no letter.
func TestTriesThatCannotBeAskedSendNoCode(t *testing.T) {
	for _, phase := range []caseworktest.Phase{caseworktest.Before, caseworktest.After} {
		o, link := answered(t)
		o.failing("Try", phase)
		o.unmoved(errPort, func() error { return o.collecting.SendCode(t.Context(), o.now, link, o.number()) })
		o.opens(link, o.freshCode(link))
	}
}

// Whoever has the answer on their screen keeps it, whatever becomes of the try.
func TestAnswerIsShownThoughItsTryIsNotGivenBack(t *testing.T) {
	o, link := answered(t)
	code := o.freshCode(link)
	tries := 0
	o.onCall = func(call string, phase caseworktest.Phase) error {
		if call != "Try" || phase != caseworktest.Before {
			return nil
		}
		if tries++; tries == 2 {
			return errPort
		}
		return nil
	}
	o.opens(link, code)
	o.onCall = nil
	if o.now = o.now.Add(time.Minute); tries != 2 {
		t.Errorf("%d calls of Try", tries)
	}
	o.opens(link, o.freshCode(link))
}
