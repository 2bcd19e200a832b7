package casework_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

func TestEachLookAtACopyIsWrittenDownBeforeItIsShown(t *testing.T) {
	r := newCopyRoom(t, "confirmed")
	ref := r.kept()
	for n := 1; n <= 2; n++ {
		picture, err := r.lookAt("els", ref)
		if err != nil || string(picture) != "scherp paspoort" {
			t.Fatalf("%q, %v", picture, err)
		}
		history, err := r.memory.History(t.Context(), r.id)
		must(t, err)
		last := history[len(history)-1]
		if last.Kind != dsr.IDCopyViewed || last.Actor != r.actor("els") || last.Facts["file"] != ref.ID.String() || r.history()[dsr.IDCopyViewed] != n {
			t.Errorf("the history says %+v", last)
		}
	}
	if seen := r.row(ref).SeenBy; seen != r.actor("els") {
		t.Errorf("the row says %s", seen)
	}
	sheet := r.sheet("els")
	r.failing("Commit", "before")
	if picture, err := r.handling.LookAtCopy(t.Context(), r.now, sheet, ref); err == nil || picture != nil {
		t.Errorf("it is shown without being written down: %v", err)
	}
}

func TestBlurredCopyIsShownAndNothingIsWritten(t *testing.T) {
	r := newCopyRoom(t, "confirmed")
	ref := r.kept()
	session := r.sheet("els").Session
	seq := r.file(r.id).Seq
	picture, err := r.handling.BlurredCopy(t.Context(), session, ref)
	if err != nil || string(picture) != "vaag" || r.file(r.id).Seq != seq || r.row(ref).SeenBy != (dsr.ActorID{}) {
		t.Errorf("%q, %v", picture, err)
	}
}

func TestCopyIsShownToHandlersOnlyAndWhileItIsKept(t *testing.T) {
	r := newCopyRoom(t, "confirmed")
	ref, refused := r.kept(), r.upload("!blank")
	must(t, r.takeIn(refused))
	elsewhere, found := ref, ref
	elsewhere.Case[0]++
	found.Kind = dsr.FoundFile
	for _, one := range []dsr.EnclosureRef{elsewhere, found} { // each names the same picture
		row := r.row(ref)
		row.Ref = one
		must(t, r.memory.Commit(t.Context(), casework.Change{Enclosures: []casework.EnclosureMove{{Next: row}}, At: r.now}))
	}
	session := r.sheet("els").Session
	for name, one := range map[string]dsr.EnclosureRef{
		"refused": refused, "of another case": elsewhere, "of another kind": found, "unknown": {Case: r.id, Kind: dsr.IDCopyFile},
	} {
		if _, err := r.lookAt("els", one); !errors.Is(err, casework.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := r.handling.BlurredCopy(t.Context(), session, one); !errors.Is(err, casework.ErrNotFound) {
			t.Errorf("%s, blurred: %v", name, err)
		}
	}
	until := newCopyRoom(t, "submitted") // hans may approve and no more
	hans := until.enter("hans", until.link(dsr.ReviewNotice, "hans"))
	sheet := casework.Sheet{Session: hans, Case: until.id, Rev: until.file(until.id).Rev}
	one := dsr.EnclosureRef{Case: until.id, Kind: dsr.IDCopyFile}
	if _, err := until.handling.LookAtCopy(t.Context(), until.now, sheet, one); !errors.Is(err, casework.ErrNotYours) {
		t.Errorf("an approver: %v", err)
	}
	if _, err := until.handling.BlurredCopy(t.Context(), hans, one); !errors.Is(err, casework.ErrNotYours) {
		t.Errorf("an approver, blurred: %v", err)
	}
}

func TestPictureThatWasChangedInTheBucketIsNotShown(t *testing.T) {
	r := newCopyRoom(t, "confirmed")
	ref := r.kept()
	for _, path := range r.lying("idcopy/") {
		r.objects.Damage(path)
	}
	if _, err := r.lookAt("els", ref); !errors.Is(err, casework.ErrSealed) {
		t.Errorf("%v", err)
	}
	if _, err := r.handling.BlurredCopy(t.Context(), r.sheet("els").Session, ref); !errors.Is(err, casework.ErrSealed) {
		t.Errorf("blurred: %v", err)
	}
}

func TestVerdictRestsOnACopyThatTheJudgeLookedAt(t *testing.T) {
	r := newCopyRoom(t, "confirmed")
	ref := r.kept()
	unmoved := func(why string, copied dsr.EnclosureRef) {
		t.Helper()
		sheet := r.sheet("els")
		r.unmoved(dsr.NotNowCopy, func() error {
			return r.handling.JudgeIdentity(t.Context(), r.now, sheet, casework.Proof{Copy: copied.ID})
		})
		if r.row(ref).State != dsr.Kept {
			t.Fatalf("%s: the copy is %q", why, r.row(ref).State)
		}
	}
	unmoved("nobody looked", ref)
	if _, err := r.lookAt("gea", ref); err != nil {
		t.Fatal(err)
	}
	unmoved("another looked", ref)
	unmoved("no such copy", dsr.EnclosureRef{ID: dsr.OwnerID{9}})
	if _, err := r.lookAt("els", ref); err != nil {
		t.Fatal(err)
	}
	must(t, r.judgeBy("els", ref))
	if w := r.file(r.id).Work; w.Identity != dsr.IdentitySure || !slices.Equal(w.Means, []dsr.Means{dsr.ByMailbox, dsr.ByIDCopy}) {
		t.Errorf("%q by %v", w.Identity, w.Means)
	}
	r.lies(0, 0)
	row := r.row(ref)
	if row.State != dsr.Destroyed || !row.GoneAt.Equal(r.now) || r.history()[dsr.IDCopyDestroyed] != 1 {
		t.Errorf("the row is %+v", row)
	}
	unmovedAfter := r.sheet("els")
	r.unmoved(dsr.NotNowCopy, func() error {
		return r.handling.JudgeIdentity(t.Context(), r.now, unmovedAfter, casework.Proof{Copy: ref.ID})
	})
}

func TestCopyNeverProvesOnItsOwn(t *testing.T) {
	r := newCopyRoom(t, "confirmed")
	ref := r.kept()
	if _, err := r.lookAt("els", ref); err != nil {
		t.Fatal(err)
	}
	r.writesAgain("in2", dsr.Erasure) // what was confirmed was less: the yes falls away, the copy stays
	must(t, r.handling.ConfirmRights(t.Context(), r.now, r.sheet("els"), r.file(r.id).Rights))
	if r.file(r.id).Work.Confirmed || r.row(ref).State != dsr.Kept {
		t.Fatalf("confirmed %t, the copy is %q", r.file(r.id).Work.Confirmed, r.row(ref).State)
	}
	sheet := r.sheet("els")
	r.unmoved(dsr.NotNowProof, func() error {
		return r.handling.JudgeIdentity(t.Context(), r.now, sheet, casework.Proof{Copy: ref.ID})
	})
	r.confirm(true)
	must(t, r.judgeBy("els", ref))
}

// A02: an address that is new on file needs more than itself, and a copy is that.
func TestCopyIsMoreThanAFreshAddress(t *testing.T) {
	r := copyRoomOf(newOfficeOf(t, asksFirst(), dsr.Access).until("read"))
	fresh := theFile()
	fresh.Contacts = []dsr.Contact{{Address: first, Since: "2026-02-20"}}
	must(t, r.handling.MatchDataSubject(t.Context(), r.now, r.sheet("els"), fresh))
	r.confirm(true)
	ref := r.kept()
	if _, err := r.lookAt("els", ref); err != nil {
		t.Fatal(err)
	}
	must(t, r.judgeBy("els", ref))
}

func TestEveryVerdictDestroysEveryCopyAtOnce(t *testing.T) {
	for name, judge := range map[string]func(r *copyRoom, sheet casework.Sheet) error{
		"sure": func(r *copyRoom, sheet casework.Sheet) error {
			return r.handling.JudgeIdentity(t.Context(), r.now, sheet, twoFacts())
		},
		"doubt": func(r *copyRoom, sheet casework.Sheet) error {
			return r.handling.DoubtIdentity(t.Context(), r.now, sheet, "waarom")
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newCopyRoom(t, "confirmed")
			refs := []dsr.EnclosureRef{r.kept(), r.kept()}
			must(t, judge(r, r.sheet("els")))
			r.lies(0, 0)
			if got := r.history(); got[dsr.IDCopyDestroyed] != 2 || len(r.reasons(dsr.CheckedLetter)) != 0 {
				t.Errorf("history %v", got)
			}
			r.nothingLeft(refs...)
		})
	}
}

// A verdict needs no bucket; sweep finishes what could not be removed then.
func TestVerdictStandsWhenTheBucketIsAway(t *testing.T) {
	r := newCopyRoom(t, "confirmed")
	ref := r.kept()
	sheet := r.sheet("els")
	r.failing("RemoveFile", "before")
	must(t, r.handling.JudgeIdentity(t.Context(), r.now, sheet, twoFacts()))
	if row := r.row(ref); row.State != dsr.Condemned || row.DueAt.After(r.now) {
		t.Fatalf("the row is %+v", row)
	}
	if _, err := r.lookAt("els", ref); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("it can be read: %v", err)
	}
	r.nothingLeft(ref)
}

func TestLetterSaysWhenTheCopyWasDestroyed(t *testing.T) {
	r := newCopyRoom(t, "confirmed")
	ref, other := r.kept(), r.kept()
	if _, err := r.lookAt("els", ref); err != nil {
		t.Fatal(err)
	}
	must(t, r.judgeBy("els", ref))
	letter := r.newest(dsr.CheckedLetter, "")
	r.now = r.now.Add(time.Minute)
	r.send(letter.Ref)
	content := r.composed[len(r.composed)-1]
	if !content.DestroyedAt.Equal(r.row(ref).GoneAt) || content.DestroyedAt.IsZero() || content.To.Address != first || len(r.reasons(dsr.CheckedLetter)) != 1 {
		t.Errorf("it says %s to %s", content.DestroyedAt, content.To.Address)
	}
	r.nothingLeft(ref, other)
}

// Nobody else hears that somebody's identity was checked.
func TestLetterAboutACheckIsNotSentToAnotherPerson(t *testing.T) {
	r := newCopyRoom(t, "confirmed")
	ref := r.kept()
	if _, err := r.lookAt("els", ref); err != nil {
		t.Fatal(err)
	}
	must(t, r.judgeBy("els", ref))
	letter := r.newest(dsr.CheckedLetter, "")
	other := theFile()
	other.Reference = "K-78"
	must(t, r.handling.MatchDataSubject(t.Context(), r.now, r.sheet("els"), other))
	r.send(letter.Ref)
	if state := r.letter(letter.Ref).State; state != dsr.LetterFailed {
		t.Errorf("the letter is %q", state)
	}

	r = newCopyRoom(t, "confirmed") // the same, when the copy is gone only after that
	ref = r.kept()
	if _, err := r.lookAt("els", ref); err != nil {
		t.Fatal(err)
	}
	sheet := r.sheet("els")
	r.failing("RemoveFile", "before")
	must(t, r.handling.JudgeIdentity(t.Context(), r.now, sheet, casework.Proof{Copy: ref.ID}))
	must(t, r.handling.MatchDataSubject(t.Context(), r.now, r.sheet("els"), other))
	r.nothingLeft(ref)
	if letters := r.reasons(dsr.CheckedLetter); len(letters) != 0 {
		t.Errorf("%d letters", len(letters))
	}
}

func TestRematchDestroysCopiesAndFilesOfTheFirst(t *testing.T) {
	for name, act := range map[string]func(r *copyRoom) error{
		"another person": func(r *copyRoom) error {
			other := theFile()
			other.Reference = "K-78"
			return r.handling.MatchDataSubject(t.Context(), r.now, r.sheet("els"), other)
		},
		"nobody": func(r *copyRoom) error {
			return r.handling.MatchNobody(t.Context(), r.now, r.sheet("els"), "gezocht")
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newCopyRoom(t, "confirmed")
			ref := r.kept()
			found := dsr.Enclosure{Ref: dsr.EnclosureRef{Case: r.id, Kind: dsr.FoundFile, ID: dsr.OwnerID{7}}, State: dsr.Kept, Paths: []string{"case/x/y"}, Arrived: r.now}
			must(t, r.memory.Commit(t.Context(), casework.Change{Enclosures: []casework.EnclosureMove{{Next: found}}, At: r.now}))
			must(t, act(r))
			r.lies(0, 0)
			if row := r.row(found.Ref); row.State != dsr.Condemned || row.Path() != "" || row.DueAt.After(r.now) {
				t.Errorf("what was found is %+v", row)
			}
			r.nothingLeft(ref)
		})
	}
	early := newCopyRoom(t, "read") // what came with the request is of the first match
	mailed, cut := early.mailed(1), 0
	must(t, early.inspecting.TakeIn(t.Context(), early.now, mailed, early.part("paspoort", &cut)))
	must(t, early.handling.MatchDataSubject(t.Context(), early.now, early.sheet("els"), theFile()))
	if state := early.row(mailed).State; state != dsr.Kept {
		t.Errorf("the copy that came with the request is %q", state)
	}
	same := newCopyRoom(t, "confirmed")
	ref := same.kept()
	must(t, same.handling.MatchDataSubject(t.Context(), same.now, same.sheet("els"), theFile()))
	if state := same.row(ref).State; state != dsr.Kept {
		t.Errorf("the same person's copy is %q", state)
	}
}

func TestAnswerThatIsFixedNeedsNoCopies(t *testing.T) {
	r := newCopyRoom(t, "confirmed")
	ref := r.kept()
	must(t, r.handling.MatchNobody(t.Context(), r.now, r.sheet("els"), "gezocht"))
	mailed, cut := r.mailed(1), 0
	must(t, r.inspecting.TakeIn(t.Context(), r.now, mailed, r.part("paspoort", &cut)))
	must(t, r.submit("els", dsr.Unlinked))
	r.enter("hans", r.link(dsr.ReviewNotice, "hans"))
	if state := r.row(mailed).State; state != dsr.Kept {
		t.Fatalf("the mailed copy is %q", state)
	}
	must(t, r.approve("hans"))
	if row := r.row(mailed); row.State != dsr.Destroyed || row.Reason != "decided" {
		t.Errorf("the mailed copy is %+v", row)
	}
	r.nothingLeft(ref, mailed)
}
