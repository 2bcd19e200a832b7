package casework_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// R18: the picture is sealed, the original gone, and nothing in clear says what is
// on it.
func TestUploadIsKeptAsAPictureAndItsOriginalIsGone(t *testing.T) {
	r := newCopyRoom(t, "confirmed")
	ref := r.kept()
	row := r.row(ref)
	if !row.DueAt.Equal(row.Arrived.Add(dsr.CopyLife)) || row.Form != "jpeg" || row.Size != int64(len("scherp paspoort")) || len(row.SHA256) != 64 {
		t.Errorf("the row is %+v", row)
	}
	r.lies(0, 1)
	for _, path := range r.lying("idcopy/") {
		sealed, err := r.objects.Get(t.Context(), path)
		must(t, err)
		if strings.Contains(string(sealed), "paspoort") || strings.Contains(string(sealed), "vaag") {
			t.Errorf("%s can be read by anybody", path)
		}
	}
	if got := r.history(); got[dsr.IDCopyReceived] != 1 || got[dsr.IDCopyInspected] != 1 {
		t.Errorf("history %v", got)
	}
	if got := r.reasons(dsr.CopyNotice); !slices.Equal(got, []string{"ready", "ready"}) {
		t.Errorf("staff hear %v", got)
	}
	r.whole()
}

// A22: what cannot be used is gone as fast, and whoever sent it hears why.
func TestA22CopyThatCannotBeUsedIsGoneAndAskedForAnew(t *testing.T) {
	r := newCopyRoom(t, "confirmed")
	ref := r.upload("!heic")
	must(t, r.takeIn(ref))
	if row := r.row(ref); row.State != dsr.TurnedDown || row.Reason != "heic" || row.Path() != "" {
		t.Errorf("the row is %+v", row)
	}
	r.lies(0, 0)
	letter := r.newest(dsr.CopyAgainLetter, "")
	if letter.Reason != "heic" || letter.To.Contact != 1 || letter.Purpose != dsr.UploadIDCopy {
		t.Errorf("the letter is %+v", letter)
	}
	if link := r.link(dsr.CopyAgainLetter, ""); link.Purpose != dsr.UploadIDCopy {
		t.Errorf("it was not sent: %+v", link)
	}
	if got := r.history(); got[dsr.IDCopyReceived] != 1 || got[dsr.IDCopyRefused] != 1 {
		t.Errorf("history %v", got)
	}
	r.sweeps(3 * time.Hour)
	if row := r.row(ref); !row.DueAt.IsZero() {
		t.Errorf("it is due again: %+v", row)
	}
}

func TestSecondEventOfOneUploadChangesNothing(t *testing.T) {
	r := newCopyRoom(t, "confirmed")
	ref := r.kept()
	before, seq := r.row(ref), r.file(r.id).Seq
	r.objects.Place(ref.Original(), []byte("nog eens"))
	must(t, r.takeIn(ref))
	r.lies(0, 1)
	if after := r.row(ref); after.SHA256 != before.SHA256 || r.looked != 1 || r.file(r.id).Seq != seq {
		t.Errorf("looked %d times, the row is %+v", r.looked, after)
	}
}

func TestFileThatNobodyAskedForIsDestroyedUnread(t *testing.T) {
	for name, test := range map[string]struct {
		prepare func(t *testing.T) *copyRoom
		events  int
	}{
		"before the yes": {func(t *testing.T) *copyRoom { return newCopyRoom(t, "matched") }, 1},
		"policy asks on doubt": {func(t *testing.T) *copyRoom {
			return copyRoomOf(newOffice(t, dsr.Access).until("confirmed"))
		}, 1},
		"after the verdict": {func(t *testing.T) *copyRoom { return newCopyRoom(t, "judged") }, 1},
		"after the answer":  {func(t *testing.T) *copyRoom { return newCopyRoom(t, "approved") }, 1},
		"closed": {func(t *testing.T) *copyRoom {
			r := newCopyRoom(t, "confirmed")
			r.withdraws()
			return r
		}, 1},
		"purged": {func(t *testing.T) *copyRoom {
			r := newCopyRoom(t, "confirmed")
			r.withdraws()
			r.purge()
			return r
		}, 0},
		"no such case": {func(t *testing.T) *copyRoom {
			r := newCopyRoom(t, "confirmed")
			r.id[0]++
			return r
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			r := test.prepare(t)
			ref := r.upload("paspoort")
			must(t, r.takeIn(ref))
			r.lies(0, 0)
			if r.looked != 0 || len(r.reasons(dsr.CopyAgainLetter)) != 0 {
				t.Errorf("looked %d times", r.looked)
			}
			row := r.row(ref)
			if wrote := row.Reason == "not-asked"; wrote != (test.events == 1) {
				t.Errorf("the row is %+v", row)
			}
			if test.events == 1 && r.history()[dsr.IDCopyRefused] != 1 {
				t.Errorf("history %v", r.history())
			}
		})
	}
}

// Whoever holds a link may send a thousand: ten are looked at, one is written down
// as too many, and the rest leaves no trace.
func TestTooManyCopiesLeaveNothingBehind(t *testing.T) {
	r := newCopyRoom(t, "confirmed")
	for range dsr.MaxIDCopies {
		must(t, r.takeIn(r.upload("!blank")))
	}
	seq := r.file(r.id).Seq
	var last dsr.EnclosureRef
	for range 5 {
		last = r.upload("paspoort")
		must(t, r.takeIn(last))
	}
	rows, err := r.memory.EnclosuresOf(t.Context(), r.id)
	must(t, err)
	r.lies(0, 0)
	if r.looked != dsr.MaxIDCopies || len(rows) != dsr.MaxIDCopies+1 || r.file(r.id).Seq != seq+1 || r.row(last).State != "" {
		t.Errorf("looked %d times, %d rows, %d events", r.looked, len(rows), r.file(r.id).Seq-seq)
	}
	if word := rows[len(rows)-1].Reason; word != "too-many" {
		t.Errorf("the last is refused as %q", word)
	}
	r.now = r.now.Add(time.Hour)
	must(t, r.handling.AskCopy(t.Context(), r.now, r.sheet("els")))
	r.kept() // who is asked anew has as many again
}

func TestCopyThatKillsItsReaderIsGivenUpAndGone(t *testing.T) {
	r := newCopyRoom(t, "confirmed")
	r.blind = errors.New("out of memory")
	ref := r.upload("bom")
	for attempt := 1; attempt <= 3; attempt++ {
		if err := r.takeIn(ref); !errors.Is(err, r.blind) {
			t.Fatalf("attempt %d: %v", attempt, err)
		}
		must(t, r.takeIn(ref)) // within its lease nobody tries
		if row := r.row(ref); row.Tries != attempt || !row.DueAt.After(r.now) {
			t.Fatalf("attempt %d: %+v", attempt, row)
		}
		r.now = r.now.Add(15 * time.Minute)
	}
	must(t, r.takeIn(ref))
	r.lies(0, 0)
	if row := r.row(ref); row.State != dsr.TurnedDown || row.Reason != "unread" {
		t.Errorf("the row is %+v", row)
	}
	if got := r.reasons(dsr.CopyNotice); !slices.Equal(got, []string{"unread", "unread"}) {
		t.Errorf("staff hear %v", got)
	}
	if got := r.history(); got[dsr.IDCopyReceived] != 1 || got[dsr.IDCopyRefused] != 1 {
		t.Errorf("history %v", got)
	}
}

func TestCopyWhoseOriginalIsGoneIsLostAndStaffHearOfIt(t *testing.T) {
	r := newCopyRoom(t, "confirmed")
	ref := r.upload("paspoort")
	r.failing("Examine", "before")
	if err := r.takeIn(ref); err == nil {
		t.Fatal("the attempt did not die")
	}
	must(t, r.objects.RemoveFile(t.Context(), ref.Original())) // the bucket's own rule
	r.sweeps(3 * time.Hour)
	if row := r.row(ref); row.State != dsr.TurnedDown || row.Reason != "lost" || !row.DueAt.IsZero() {
		t.Errorf("the row is %+v", row)
	}
	if got := r.reasons(dsr.CopyNotice); !slices.Equal(got, []string{"lost", "lost"}) {
		t.Errorf("staff hear %v", got)
	}
}

func TestCopyThatNobodyJudgesByEndsAfterFourteenDays(t *testing.T) {
	r := newCopyRoom(t, "confirmed")
	ref := r.kept()
	r.now = r.row(ref).DueAt.Add(-time.Second)
	must(t, r.takeIn(ref))
	r.lies(0, 1)
	r.now = r.now.Add(time.Second)
	must(t, r.takeIn(ref))
	r.lies(0, 0)
	if row := r.row(ref); row.State != dsr.Destroyed || row.Reason != "unseen" {
		t.Errorf("the row is %+v", row)
	}
	if got := r.reasons(dsr.CopyNotice); !slices.Equal(got, []string{"ready", "ready", "unseen", "unseen"}) {
		t.Errorf("staff hear %v", got)
	}
	r.sweeps(3 * time.Hour)
	if row := r.row(ref); !row.DueAt.IsZero() || r.history()[dsr.IDCopyDestroyed] != 1 {
		t.Errorf("the row is %+v, history %v", row, r.history())
	}
}

func TestErrorsAboutCopiesNameNobody(t *testing.T) {
	r := newCopyRoom(t, "confirmed")
	ref := r.upload("paspoort van Ans")
	for _, call := range []string{"Summary", "File", "Examine", "PutFile", "OpenFile", "RemoveFile", "Commit", "EnclosureOf", "EnclosuresOf"} {
		r.failing(call, "before")
		err := r.takeIn(ref)
		r.onCall = nil
		if err == nil {
			continue // this attempt made no such call
		}
		for _, secret := range append(secrets(), "paspoort", first, asker) {
			if strings.Contains(err.Error(), secret) {
				t.Errorf("%s: the error holds %q: %v", call, secret, err)
			}
		}
		r.now = r.now.Add(time.Hour)
	}
}
