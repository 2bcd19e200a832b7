package casework_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

// busy gives a desk with something of every kind to sweep, that writes down the
// functions it drives among its calls.
func busy(t *testing.T) *desk {
	t.Helper()
	d := settled(t, dsr.MailCase)
	d.receive("in2", request("ben@twee.example", "<2@twee>", dsr.TrustA))
	d.begin("in3", request("cor@drie.example", "<3@drie>", dsr.TrustA))
	d.objects.PutRaw("in4", []byte("raw"))
	d.objects.Place(dsr.EnclosureRef{Kind: dsr.FoundFile}.Original(), []byte("original"))
	d.objects.Place(dsr.EnclosureRef{Kind: dsr.IDCopyFile}.Original(), []byte("original"))
	must(t, d.memory.OpenSession(t.Context(), dsr.Session{Expires: d.now}))
	d.now = d.now.Add(time.Hour)
	d.calls = nil
	d.sweeping.Drive = func(ctx context.Context, function string, ids []string) error {
		return errors.Join(d.gate(ctx, function, caseworktest.Before), d.drive(ctx, function, ids))
	}
	return d
}

// A sweep may run out of time: what people wait for must not wait behind the
// removal of mails, nor that behind a look at the whole bucket.
func TestSweepDrivesBeforeItRemovesAndRemovesBeforeItLooks(t *testing.T) {
	d := busy(t)
	d.sweep()
	for _, order := range [][]string{
		{casework.FunctionDispatch, "ListFiles"},
		{casework.FunctionDispatch, "Mail", casework.FunctionIntake, "RemoveRaw"},
		{casework.FunctionIDCheck, "Mail"},
		{casework.FunctionParcel, "Mail"},
		{casework.FunctionIntake, "EndSession"},
		{"RemoveRaw", "MoveOldestDay", "ListRaw"},
		{"EndSession", "MoveOldestDay"},
	} {
		for i := range order[1:] {
			before, after := slices.Index(d.calls, order[i]), slices.Index(d.calls, order[i+1])
			if before < 0 || after < before {
				t.Errorf("%s is call %d and %s call %d of %v", order[i], before, order[i+1], after, d.calls)
			}
		}
	}
}

// What is left to the next sweep must not be lost on the way there.
func TestSweepMakesAnEndOfSomeMailsAtATimeAndForgetsNone(t *testing.T) {
	d := newDesk(t)
	const mails, most = 510, 500
	for n := range mails {
		id := fmt.Sprintf("in%03d", n)
		d.begin(id, request("ans@een.example", "<1@een>", dsr.TrustA))
		mail := d.mail(id)
		mail.State, mail.DueAt = dsr.MailCase, d.now.Add(week)
		must(t, d.memory.Commit(t.Context(), casework.Change{Mail: &mail, At: d.now}))
	}
	begun := d.now
	d.begin("last", request("ans@een.example", "<1@een>", dsr.TrustA)) // it is read anew however many end
	d.now = d.now.AddDate(0, 0, 30)
	if swept := d.sweep(); swept.Removed != most || swept.Mails != 1 {
		t.Errorf("swept %+v", swept)
	}
	oldest, err := d.memory.OldestDay(t.Context(), casework.FunctionSweep)
	if want := dsr.Day(begun.Format(time.DateOnly)); err != nil || oldest != want {
		t.Errorf("the next sweep begins at %s (%v), want %s", oldest, err, want)
	}
	if swept := d.sweep(); swept.Removed != mails-most {
		t.Errorf("the next sweep ended %d mails", swept.Removed)
	}
}

// The day of a mail that is left to the next sweep is the oldest, when nothing
// else is undone.
func TestMailLeftToTheNextSweepHoldsTheOldestDay(t *testing.T) {
	d := newDesk(t)
	for n := range 501 {
		id := fmt.Sprintf("in%03d", n)
		d.begin(id, request("ans@een.example", "<1@een>", dsr.TrustA))
		mail := d.mail(id)
		mail.State, mail.DueAt = dsr.MailCase, d.now.Add(week)
		must(t, d.memory.Commit(t.Context(), casework.Change{Mail: &mail, At: d.now}))
	}
	due := dsr.Day(d.now.Add(week).Format(time.DateOnly))
	d.now = d.now.AddDate(0, 0, 30)
	for _, want := range []dsr.Day{due, dsr.Day(d.now.AddDate(0, 0, -1).Format(time.DateOnly))} {
		d.sweep()
		if oldest, err := d.memory.OldestDay(t.Context(), casework.FunctionSweep); err != nil || oldest != want {
			t.Errorf("the next sweep begins at %s (%v), want %s", oldest, err, want)
		}
	}
}

// Without the index the buckets still say what was lost, and the next sweep begins
// where this one should have.
func TestSweepThatCannotReadTheIndexStillLooksInTheBuckets(t *testing.T) {
	d := busy(t)
	must(t, d.memory.MoveOldestDay(t.Context(), casework.FunctionSweep, "2026-02-01"))
	d.failing("OldestDay", caseworktest.Before)
	swept, err := d.sweeping.Sweep(t.Context(), d.now)
	if !errors.Is(err, errPort) || swept.Copies != 1 || swept.Files != 1 || swept.Noted != 1 {
		t.Errorf("swept %+v, %v", swept, err)
	}
	if oldest, err := d.memory.OldestDay(t.Context(), casework.FunctionSweep); err != nil || oldest != "2026-02-01" {
		t.Errorf("the next sweep begins at %s (%v)", oldest, err)
	}
}
