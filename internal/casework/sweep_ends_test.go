package casework_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

// week is how long a raw mail stays after it was dealt with.
const week = 7 * 24 * time.Hour

// settled gives a desk with a mail that was dealt with a week ago, in a state.
func settled(t *testing.T, state dsr.MailState) *desk {
	t.Helper()
	d := newDesk(t)
	d.begin("in1", request("ans@een.example", "<1@een>", dsr.TrustA))
	d.objects.PutRaw("in1", []byte("raw"))
	mail := d.mail("in1")
	mail.State, mail.DueAt = state, d.now.Add(week)
	must(t, d.memory.Commit(t.Context(), casework.Change{Mail: &mail, At: d.now}))
	d.now = d.now.Add(week)
	return d
}

// passOn puts the letter in the outbox that passes the mail on, in a state.
func (d *desk) passOn(state dsr.LetterState) {
	d.t.Helper()
	ref := dsr.LetterRef{OwnerKind: dsr.OwnedByMail, MailID: "in1", Kind: dsr.ForwardLetter, N: 1}
	must(d.t, d.memory.Commit(d.t.Context(), casework.Change{Letters: []dsr.Letter{{Ref: ref, State: state}}, At: d.now}))
}

// raw reports whether the raw mail is still there.
func (d *desk) raw() bool { return slices.Contains(d.objects.Paths(), "raw/in1") }

func TestRawMailIsRemovedAWeekAfterItWasDealtWith(t *testing.T) {
	for _, state := range []dsr.MailState{dsr.MailCase, dsr.MailDuplicate, dsr.MailOrdinary, dsr.MailAutomatic} {
		d := settled(t, state)
		d.now = d.now.Add(-time.Nanosecond)
		if swept := d.sweep(); swept.Removed != 0 || !d.raw() {
			t.Errorf("%s, before its time: swept %+v", state, swept)
		}
		d.now = d.now.Add(time.Nanosecond)
		if swept := d.sweep(); swept.Removed != 1 || swept.Mails != 0 || d.raw() {
			t.Errorf("%s: swept %+v", state, swept)
		}
		if swept := d.sweep(); swept.Removed != 0 || !d.mail("in1").DueAt.IsZero() {
			t.Errorf("%s, once more: swept %+v, due at %s", state, swept, d.mail("in1").DueAt)
		}
	}
}

func TestMailThatIsNoRequestStaysUntilItWasPassedOn(t *testing.T) {
	for letter, stays := range map[dsr.LetterState]bool{
		dsr.LetterWaiting: true, dsr.LetterClaimed: true, dsr.LetterFailed: true, dsr.LetterReturned: true,
		dsr.LetterPosted: false, dsr.LetterArrived: false, dsr.LetterUnwanted: false,
	} {
		for _, state := range []dsr.MailState{dsr.MailOrdinary, dsr.MailAutomatic} {
			d := settled(t, state)
			d.passOn(letter)
			if swept := d.sweep(); d.raw() != stays || swept.Removed != btoi(!stays) {
				t.Errorf("%s, passed on as %s: swept %+v", state, letter, swept)
			}
			again := 24 * time.Hour
			if !letter.Outstanding() { // nobody has it: a person must
				again = 3 * 24 * time.Hour
			}
			if due := d.mail("in1").DueAt; stays && !due.Equal(d.now.Add(again)) {
				t.Errorf("%s, passed on as %s: due at %s", state, letter, due)
			}
			// The bucket itself ends it after sixty days: then there is nothing to wait for.
			d.now = d.mail("in1").ArrivedAt.AddDate(0, 0, 60)
			if d.sweep(); d.raw() || !d.mail("in1").DueAt.IsZero() {
				t.Errorf("%s, passed on as %s: after sixty days it is still due", state, letter)
			}
		}
	}
}

// What belongs to a case is passed on to nobody.
func TestMailOfACaseWaitsForNoLetter(t *testing.T) {
	d := settled(t, dsr.MailCase)
	d.calls = nil
	if d.sweep(); d.raw() || slices.Contains(d.calls, "Letter") {
		t.Errorf("calls were %v", d.calls)
	}
}

// still is a due index that still shows a mail as it was a moment ago.
type still struct{ casework.Due }

// DueOn gives the mail, whatever its row says.
func (s still) DueOn(_ context.Context, _ dsr.Day, until time.Time) ([]casework.DueEntry, error) {
	return []casework.DueEntry{{Kind: casework.DueMail, At: until, MailID: "in1"}}, nil
}

// The index lags a moment behind: only the row itself says what is due.
func TestOnlyTheMailItselfSaysThatItIsDue(t *testing.T) {
	for _, in := range []time.Duration{0, time.Hour} {
		d := settled(t, dsr.MailCase)
		var due time.Time
		if in > 0 {
			due = d.now.Add(in)
		}
		must(t, d.memory.Postpone(t.Context(), "in1", due))
		d.sweeping.Due = still{d.memory}
		if swept := d.sweep(); swept.Removed != 0 || d.raw() != (in > 0) || !d.mail("in1").DueAt.Equal(due) {
			t.Errorf("due in %s: swept %+v", in, swept)
		}
	}
}

// Whoever cut a copy out of a mail may store it after it was removed.
func TestRemovedMailThatComesBackIsRemovedAgain(t *testing.T) {
	for state, stays := range map[dsr.MailState]bool{
		dsr.MailCase: false, dsr.MailDuplicate: false, dsr.MailOrdinary: false, dsr.MailAutomatic: false, dsr.MailPerson: true,
	} {
		d := settled(t, state)
		must(t, d.memory.Postpone(t.Context(), "in1", time.Time{}))
		for range 2 { // as often as it comes back
			d.objects.PutRaw("in1", []byte("stored late"))
			if swept := d.sweep(); swept.Noted != 0 || d.raw() != stays {
				t.Errorf("%s: swept %+v", state, swept)
			}
		}
		if stays {
			continue
		}
		d.objects.PutRaw("in1", []byte("stored late"))
		d.failing("RemoveRaw", caseworktest.Before)
		if _, err := d.sweeping.Sweep(t.Context(), d.now); !errors.Is(err, errPort) {
			t.Errorf("%s: the sweep gave %v", state, err)
		}
	}
	d := newDesk(t) // one that is being read is no leftover
	d.begin("in1", request("ans@een.example", "<1@een>", dsr.TrustA))
	d.objects.PutRaw("in1", []byte("raw"))
	if d.sweep(); !d.raw() {
		t.Error("a mail that is read was removed")
	}
}

// The object goes before the row that says so, and again when that failed.
func TestRemovalOfARawMailThatDiesIsRepeated(t *testing.T) {
	for _, call := range []string{"Mail", "Letter", "RemoveRaw", "Postpone"} {
		for _, phase := range []caseworktest.Phase{caseworktest.Before, caseworktest.After} {
			d := settled(t, dsr.MailOrdinary)
			d.passOn(dsr.LetterArrived)
			d.failing(call, phase)
			if _, err := d.sweeping.Sweep(t.Context(), d.now); !errors.Is(err, errPort) {
				t.Errorf("with %s failing %s the sweep gave %v", call, phase, err)
			}
			if d.mail("in1").DueAt.IsZero() && d.raw() {
				t.Errorf("with %s failing %s nobody will remove the mail", call, phase)
			}
			d.now = d.now.AddDate(0, 0, 5)
			if d.sweep(); d.raw() || !d.mail("in1").DueAt.IsZero() {
				t.Errorf("with %s failing %s the mail is still there", call, phase)
			}
		}
	}
}

func TestFilesThatAreDueAreDrivenByKind(t *testing.T) {
	d := newDesk(t)
	var want [2][]string
	for i, kind := range []dsr.EnclosureKind{dsr.IDCopyFile, dsr.FoundFile, dsr.PackageFile, dsr.HandoutFile} {
		ref := dsr.EnclosureRef{Case: dsr.OwnerID{1}, Kind: kind, ID: dsr.OwnerID{byte(i + 1)}}
		file := dsr.Enclosure{Ref: ref, State: dsr.Announced, DueAt: d.now.Add(time.Duration(i+1) * time.Minute)}
		never := dsr.Enclosure{Ref: ref, State: dsr.Kept}
		never.Ref.ID[15] = 1
		must(t, d.memory.Commit(t.Context(), casework.Change{
			Enclosures: []casework.EnclosureMove{{Next: file}, {Next: never}}, At: d.now,
		}))
		want[min(i, 1)] = append(want[min(i, 1)], ref.Tag())
	}
	if swept := d.sweep(); swept.Copies+swept.Files != 0 {
		t.Errorf("before their time: swept %+v", swept)
	}
	d.now = d.now.AddDate(0, 0, 6) // the ticker was off
	for range 2 {                  // what stays undone is found every time
		d.driven = nil
		if swept := d.sweep(); swept.Copies != 1 || swept.Files != 3 {
			t.Errorf("swept %+v", swept)
		}
		got := [2][]string{d.allDriven(casework.FunctionIDCheck), d.allDriven(casework.FunctionParcel)}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("driven (-want +got):\n%s", diff)
		}
	}
}

// An upload whose event was lost lies in the bucket, with or without a row.
func TestOriginalsAreDrivenByName(t *testing.T) {
	d := newDesk(t)
	var copies, found []string
	for n := range 3 {
		id := dsr.OwnerID{byte(n)}
		copies = append(copies, dsr.EnclosureRef{Case: dsr.OwnerID{7}, Kind: dsr.IDCopyFile, ID: id}.Original())
		found = append(found, dsr.EnclosureRef{Case: dsr.OwnerID{8}, Kind: dsr.FoundFile, ID: id}.Original())
	}
	for _, name := range append(slices.Concat(copies, found), "incoming/stray", "found/a/b/c", "case/x/y") {
		d.objects.Place(name, []byte("original"))
	}
	if swept := d.sweep(); swept.Copies != 3 || swept.Files != 3 {
		t.Errorf("swept %+v", swept)
	}
	if diff := cmp.Diff(copies, d.allDriven(casework.FunctionIDCheck)); diff != "" {
		t.Errorf("idcheck (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(found, d.allDriven(casework.FunctionParcel)); diff != "" {
		t.Errorf("parcel (-want +got):\n%s", diff)
	}
}

func TestSessionPastItsEndIsEnded(t *testing.T) {
	d := newDesk(t)
	ends := map[byte]time.Time{1: d.now.Add(-time.Hour), 2: d.now, 3: d.now.Add(time.Minute)}
	for name, end := range ends {
		must(t, d.memory.OpenSession(t.Context(), dsr.Session{Hash: [32]byte{name}, Expires: end}))
	}
	if swept := d.sweep(); swept.Sessions != 2 {
		t.Errorf("swept %+v", swept)
	}
	for name := range ends {
		_, err := d.memory.Session(t.Context(), [32]byte{name})
		if ended := errors.Is(err, casework.ErrNotFound); ended != (name != 3) {
			t.Errorf("session %d: %v", name, err)
		}
	}
}

// strange is a due index in which a newer release put rows of its own, and which
// still shows rows that are gone.
type strange struct{ casework.Due }

// DueOn gives rows that this code does not know, or finds no more, before all
// others.
func (s strange) DueOn(ctx context.Context, day dsr.Day, until time.Time) ([]casework.DueEntry, error) {
	entries, err := s.Due.DueOn(ctx, day, until)
	return append([]casework.DueEntry{
		{Kind: casework.DueOther, At: until},
		{Kind: "tomorrow", At: until},
		{Kind: casework.DueCase, At: until, Case: dsr.OwnerID{99}},
		{Kind: casework.DueMail, At: until, MailID: "gone"},
	}, entries...), err
}

func TestRowThatIsUnknownOrGoneHoldsNothingUp(t *testing.T) {
	d, ref := opened(t)
	d.sweeping.Due = strange{d.memory}
	d.now = d.now.Add(time.Hour)
	if swept := d.sweep(); swept.Letters != 3 {
		t.Errorf("swept %+v", swept)
	}
	for _, letter := range d.memory.AllLetters() {
		d.send(letter.Ref)
	}
	d.now = d.now.AddDate(0, 0, 14)
	d.sweep()
	if oldest, err := d.memory.OldestDay(t.Context(), casework.FunctionSweep); err != nil || oldest != "2026-03-15" {
		t.Errorf("it holds the oldest day at %s (%v)", oldest, err)
	}
	reminding, purging := d.reminding(), d.purging()
	reminding.Due, purging.Due = d.sweeping.Due, d.sweeping.Due
	reminded, err := reminding.Remind(t.Context(), d.now)
	must(t, err)
	_, err = purging.Purge(t.Context(), d.now)
	must(t, err)
	if reminded.Reminders != 1 || len(d.reminders(ref.Case)) != 1 {
		t.Errorf("reminded %+v", reminded)
	}
}

// Whatever one kind of work stumbles over, all others are swept.
func TestFaultOfOneKindKeepsNoOtherFromBeingSwept(t *testing.T) {
	for _, call := range []string{"EndSession", "RemoveRaw", "ListFiles", "Note", "intake", "dispatch", "idcheck", "parcel"} {
		d := settled(t, dsr.MailCase)
		d.receive("in2", request("ben@twee.example", "<2@twee>", dsr.TrustA))
		d.begin("in3", request("cor@drie.example", "<3@drie>", dsr.TrustA))
		d.objects.PutRaw("in4", []byte("raw"))
		d.objects.Place(dsr.EnclosureRef{Kind: dsr.FoundFile}.Original(), []byte("original"))
		d.objects.Place(dsr.EnclosureRef{Kind: dsr.IDCopyFile}.Original(), []byte("original"))
		must(t, d.memory.OpenSession(t.Context(), dsr.Session{Expires: d.now}))
		d.now = d.now.Add(time.Hour)
		d.failing(call, caseworktest.Before)
		d.sweeping.Drive = func(ctx context.Context, function string, ids []string) error {
			return errors.Join(d.gate(ctx, function, caseworktest.Before), d.drive(ctx, function, ids))
		}
		swept, err := d.sweeping.Sweep(t.Context(), d.now)
		if !errors.Is(err, errPort) {
			t.Errorf("with %s failing the sweep gave %v", call, err)
		}
		all := casework.Swept{Letters: 3, Mails: 1, Copies: 1, Files: 1, Noted: 1, Removed: 1, Sessions: 1}
		if missing := missing(all, swept); missing != 1 {
			t.Errorf("with %s failing, %d kinds were not swept: %+v", call, missing, swept)
		}
	}
}

// missing counts the kinds of work that were not done.
func missing(all, swept casework.Swept) int {
	return btoi(all.Letters != swept.Letters) + btoi(all.Mails != swept.Mails) + btoi(all.Copies != swept.Copies) +
		btoi(all.Files != swept.Files) + btoi(all.Noted != swept.Noted) + btoi(all.Removed != swept.Removed) +
		btoi(all.Sessions != swept.Sessions)
}
