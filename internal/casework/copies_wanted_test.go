package casework_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

// asksAnother matches the case with somebody else, who says yes and is asked for a
// copy.
func (r *copyRoom) asksAnother() {
	r.t.Helper()
	other := theFile()
	other.Reference = "K-78"
	must(r.t, r.handling.MatchDataSubject(r.t.Context(), r.now, r.sheet("els"), other))
	r.confirm(true)
}

// form gives where the form of a link sends a file.
func (r *copyRoom) form(link dsr.Link) dsr.EnclosureRef {
	r.t.Helper()
	uploading := casework.Uploading{Random: r.receiving.Random, Cases: r.memory, Letters: r.memory}
	_, ref, err := uploading.Look(r.t.Context(), link)
	must(r.t, err)
	return ref
}

// A form works for an hour, past every function: only its name says for whom it was.
func TestFormOfWhoWasAskedBeforeSendsNothingIntoTheCaseOfAnother(t *testing.T) {
	r := newCopyRoom(t, "confirmed")
	early := r.form(r.link(dsr.CopyLetter, ""))
	r.asksAnother()
	r.objects.Place(early.Original(), []byte("paspoort van de eerste"))
	must(t, r.takeIn(early))
	r.lies(0, 0)
	if row := r.row(early); row.Reason != "not-asked" || r.looked != 0 || len(r.reasons(dsr.CopyAgainLetter)) != 0 {
		t.Errorf("looked %d times: %+v", r.looked, row)
	}
	own := r.form(r.link(dsr.CopyLetter, ""))
	r.objects.Place(own.Original(), []byte("paspoort"))
	must(t, r.takeIn(own))
	if row := r.row(own); row.State != dsr.Kept {
		t.Errorf("what the one who is asked now sends is %+v", row)
	}
}

// A letter that waited in the outbox while somebody else was asked is theirs no more.
func TestLetterThatAsksForACopyIsNotSentToWhoeverIsAskedLater(t *testing.T) {
	r := newCopyRoom(t, "confirmed")
	must(t, r.takeIn(r.upload("!blank")))
	stale := []dsr.LetterRef{r.newest(dsr.CopyLetter, "").Ref, r.newest(dsr.CopyAgainLetter, "").Ref}
	r.asksAnother()
	must(t, r.takeIn(r.upload("!blank")))
	fresh := []dsr.LetterRef{r.newest(dsr.CopyLetter, "").Ref, r.newest(dsr.CopyAgainLetter, "").Ref}
	for i, ref := range append(stale, fresh...) {
		want := dsr.LetterFailed
		if i >= len(stale) {
			want = dsr.LetterPosted
		}
		r.send(ref)
		if state := r.letter(ref).State; state != want {
			t.Errorf("%s is %q, want %q", ref.Tag(), state, want)
		}
	}
}

// That a copy was destroyed is nobody's business but of whom it was.
func TestLetterAboutACheckedCopyIsNotSentToWhoeverIsCheckedLater(t *testing.T) {
	r := newCopyRoom(t, "confirmed")
	ref := r.kept()
	if _, err := r.lookAt("els", ref); err != nil {
		t.Fatal(err)
	}
	must(t, r.judgeBy("els", ref))
	r.sweeps(time.Hour)
	letter := r.newest(dsr.CheckedLetter, "")
	r.asksAnother()
	must(t, r.handling.JudgeIdentity(t.Context(), r.now, r.sheet("els"), twoFacts()))
	r.send(letter.Ref)
	if state := r.letter(letter.Ref).State; state != dsr.LetterFailed {
		t.Errorf("%s is %q after somebody else was checked", letter.Ref.Tag(), state)
	}
}

// What a further mail asks on top takes the yes back, also of a copy on its way.
func TestEachAttemptAsksWhetherTheCopyIsStillWanted(t *testing.T) {
	for _, tries := range []int{1, 2, 3} {
		r := newCopyRoom(t, "confirmed")
		ref := r.upload("paspoort")
		for range tries {
			r.failing("PutFile", caseworktest.After)
			if err := r.takeIn(ref); !errors.Is(err, errPort) {
				t.Fatal(err)
			}
			r.now = r.now.Add(15 * time.Minute)
		}
		r.writesAgain("in2", dsr.Erasure)
		looked := r.looked
		must(t, r.takeIn(ref))
		r.lies(0, 0)
		if row := r.row(ref); row.Reason != "not-asked" || r.looked != looked || len(r.reasons(dsr.CopyNotice)) != 0 {
			t.Errorf("after %d attempts: looked %d times, the row is %+v", tries, r.looked, row)
		}
		r.nothingLeft(ref)
	}
	r := newCopyRoom(t, "confirmed") // how many came since keeps nobody's second attempt out
	ref := r.upload("paspoort")
	r.failing("Examine", caseworktest.Before)
	if err := r.takeIn(ref); !errors.Is(err, errPort) {
		t.Fatal(err)
	}
	for range dsr.MaxIDCopies {
		must(t, r.takeIn(r.upload("!blank")))
	}
	r.now = r.now.Add(15 * time.Minute)
	must(t, r.takeIn(ref))
	if state := r.row(ref).State; state != dsr.Kept {
		t.Errorf("the copy that came first is %q", state)
	}
}

func TestDisownedRequestKeepsNoCopies(t *testing.T) {
	r := newCopyRoom(t, "confirmed")
	ref := r.kept()
	r.writesAgain("in2", dsr.Erasure) // the yes was for less, and is asked for anew
	must(t, r.handling.ConfirmRights(t.Context(), r.now, r.sheet("els"), r.file(r.id).Rights))
	r.confirm(false)
	if row := r.row(ref); row.State != dsr.Condemned || row.Reason != "disowned" || row.DueAt.After(r.now) {
		t.Errorf("the row is %+v", row)
	}
	if _, err := r.lookAt("els", ref); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("it can be read: %v", err)
	}
	r.nothingLeft(ref)
	if got := r.history()[dsr.IDCopyDestroyed]; got != 1 {
		t.Errorf("its end is told %d times", got)
	}
}

// The one who wrote the request mailed a copy; the one on file says it is not theirs.
func TestDisowningBetweenTheCallsOfAnAttemptLeavesNothing(t *testing.T) {
	var r *copyRoom
	var ref dsr.EnclosureRef
	var cut int
	take := func() error {
		return r.inspecting.TakeIn(context.Background(), r.now, ref, r.part("paspoort", &cut))
	}
	between(t, func() (*office, func() error, func() error) {
		r = newCopyRoom(t, "matched")
		ref, cut = r.mailed(1), 0
		link := r.link(dsr.ConfirmLetter, "")
		return r.office, take, func() error {
			return r.confirming.Confirm(t.Context(), r.now, link, r.number(), false)
		}
	}, func(_ *office, one, two error) {
		if one != nil || two != nil {
			t.Errorf("%v and %v", one, two)
		}
		for range 6 {
			must(t, take())
			r.now = r.now.Add(15 * time.Minute)
		}
		r.lies(0, 0)
		if row := r.row(ref); !row.Ended() || !row.Cut || !row.DueAt.IsZero() || cut == 0 {
			t.Errorf("cut %d times: %+v", cut, row)
		}
	})
}
