package casework_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// unreached gives an office with a receipt that came back.
func unreached(t *testing.T) *office {
	t.Helper()
	o := newOffice(t, dsr.Access).until("matched")
	o.record(o.newest(dsr.Acknowledgement, "").Ref, dsr.LetterReturned)
	return o
}

func TestHandlerSeesToWhatDidNotArrive(t *testing.T) {
	o := unreached(t)
	before := o.file(o.id)
	sheet := o.sheet("els")
	sheet.Code = "" // an ordinary act
	must(t, o.handling.SettleUndelivered(t.Context(), o.now, sheet, " gebeld met "+secret+" ", dsr.Acknowledgement))
	c := o.file(o.id)
	if len(c.Work.Undelivered) != 0 || c.Rev != before.Rev || c.State != before.State {
		t.Errorf("missed are %v; the case is %s at rev %d", c.Work.Undelivered, c.State, c.Rev)
	}
	history, err := o.memory.History(t.Context(), o.id)
	last := history[len(history)-1]
	if err != nil || last.Kind != dsr.UndeliveredSettled || last.Facts["letters"] != "M01" || last.Actor != o.actor("els") {
		t.Errorf("the history ends with %+v, %v", last, err)
	}
	if clear, err := json.Marshal(history); err != nil || strings.Contains(string(clear), secret) {
		t.Error("the note stands in clear")
	}
	if note := o.noted(dsr.UndeliveredSettled); note != "gebeld met "+secret {
		t.Errorf("the note is %q", note)
	}
	o.whole()
}

func TestNothingIsSettledWithoutAReasonOrWithoutNeed(t *testing.T) {
	for name, how := range map[string]string{"no word": " \n", "a novel": strings.Repeat("x", dsr.MaxReason+1)} {
		t.Run(name, func(t *testing.T) {
			o := unreached(t)
			sheet := o.sheet("els")
			o.unmoved(dsr.NotNowReason, func() error { return o.handling.SettleUndelivered(t.Context(), o.now, sheet, how, dsr.Acknowledgement) })
		})
	}
	o := newOffice(t, dsr.Access).until("matched")
	sheet := o.sheet("els")
	o.unmoved(dsr.NotNowNothingMissed, func() error {
		return o.handling.SettleUndelivered(t.Context(), o.now, sheet, "gebeld", dsr.Acknowledgement)
	})
}

func TestOfTwoWhoSettleOneDoes(t *testing.T) {
	o := unreached(t)
	els, gea := o.sheet("els"), o.sheet("gea")
	settle := func(sheet casework.Sheet) error {
		return o.handling.SettleUndelivered(t.Context(), o.now, sheet, "gebeld", dsr.Acknowledgement)
	}
	var inner error
	o.meanwhile("Commit", func() { inner = settle(gea) })
	outer := settle(els)
	if inner != nil || !errors.Is(outer, dsr.NotNowNothingMissed) {
		t.Errorf("the acts ended with %v and %v", inner, outer)
	}
	o.whole()
}

func TestBounceThatTheHandlerDidNotSeeStaysToBeSeenTo(t *testing.T) {
	o := unreached(t)
	o.send(o.newest(dsr.ConfirmLetter, "").Ref)
	sheet := o.sheet("els") // names the receipt alone
	o.record(o.newest(dsr.ConfirmLetter, "").Ref, dsr.LetterReturned)
	must(t, o.handling.SettleUndelivered(t.Context(), o.now, sheet, "gebeld", dsr.Acknowledgement))
	if got := o.file(o.id).Work.Undelivered; !slices.Equal(got, []dsr.LetterKind{dsr.ConfirmLetter}) {
		t.Errorf("missed are %v", got)
	}
	history, err := o.memory.History(t.Context(), o.id)
	if last := history[len(history)-1]; err != nil || last.Kind != dsr.UndeliveredSettled || last.Facts["letters"] != "M01" {
		t.Errorf("the history ends with %+v, %v", last, err)
	}
	// What nobody missed says nothing, whoever wrote it into the form.
	must(t, o.handling.SettleUndelivered(t.Context(), o.now, o.sheet("els"), "gebeld", "M03 M99", dsr.ConfirmLetter, "M99"))
	history, err = o.memory.History(t.Context(), o.id)
	if last := history[len(history)-1]; err != nil || last.Facts["letters"] != "M03" {
		t.Errorf("the history ends with %+v, %v", last, err)
	}
	sheet = o.sheet("els")
	o.unmoved(dsr.NotNowNothingMissed, func() error { return o.handling.SettleUndelivered(t.Context(), o.now, sheet, "gebeld") })
}
