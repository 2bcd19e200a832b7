package dsr_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/dsr"
)

// refOf names a file of a kind.
func refOf(kind dsr.EnclosureKind) dsr.EnclosureRef {
	return dsr.EnclosureRef{Case: dsr.OwnerID{1, 2, 3}, Kind: kind, ID: dsr.OwnerID{0xff, 15: 9}}
}

func TestTagNamesOneFileAndReadsBack(t *testing.T) {
	seen := map[string]bool{}
	for _, kind := range declared[dsr.EnclosureKind](t, "enclosure.go", "EnclosureKind") {
		ref := refOf(kind)
		other := ref
		other.ID[3]++
		for _, one := range []dsr.EnclosureRef{ref, other} {
			tag := one.Tag()
			back, err := dsr.ParseEnclosureTag(tag)
			if err != nil || back != one || seen[tag] {
				t.Errorf("%s reads back as %+v (%v)", tag, back, err)
			}
			seen[tag] = true
		}
	}
	if len(seen) != 8 {
		t.Errorf("%d tags of 4 kinds", len(seen))
	}
}

// L1: the name of an original tells nobody anything, and leads to one file.
func TestOriginalReadsBackForWhatIsUploaded(t *testing.T) {
	for kind, folder := range map[dsr.EnclosureKind]string{dsr.IDCopyFile: "incoming/", dsr.FoundFile: "found/"} {
		ref := refOf(kind)
		name := ref.Original()
		back, err := dsr.ParseOriginal(name)
		if err != nil || back != ref || !strings.HasPrefix(name, folder) || name != folder+ref.Case.String()+"/"+ref.ID.String() {
			t.Errorf("%s reads back as %+v (%v)", name, back, err)
		}
	}
	for _, kind := range []dsr.EnclosureKind{dsr.PackageFile, dsr.HandoutFile, "", "lost"} {
		if name := refOf(kind).Original(); name != "" {
			t.Errorf("%s is made here and has an original %s", kind, name)
		}
	}
}

func TestJunkNamesNoFile(t *testing.T) {
	tag, name := refOf(dsr.IDCopyFile).Tag(), refOf(dsr.IDCopyFile).Original()
	owner := dsr.OwnerID{1, 2, 3}.String()
	for _, junk := range []string{
		"", "_", "__", "___", tag + "_", "_" + tag, tag + "x", strings.ToUpper(tag), " " + tag, strings.Replace(tag, "id-copy", "ID-COPY", 1),
		strings.Replace(tag, "id-copy", "letter", 1), strings.Replace(tag, "id-copy", "", 1), strings.ReplaceAll(tag, "_", "/"), tag[:len(tag)-1],
		"id-copy_" + owner, "case_" + owner + "_M01_1", "id-copy_" + owner + "_../../etc",
	} {
		if ref, err := dsr.ParseEnclosureTag(junk); !errors.Is(err, dsr.ErrBadEnclosureRef) {
			t.Errorf("tag %q names %+v", junk, ref)
		}
	}
	for _, junk := range []string{
		"", "/", "incoming", "incoming/", "incoming//", name + "/", name + "x", "/" + name, "x" + name, strings.ToUpper(name), name[:len(name)-1],
		strings.Replace(name, "incoming/", "", 1), strings.Replace(name, "incoming", "idcopy", 1), "incoming/" + owner, "incoming/" + owner + "/", "incoming/" + owner + "/../x",
		"incoming/" + name, "found/" + name, "incoming/" + owner + "/" + owner + "/" + owner,
	} {
		if ref, err := dsr.ParseOriginal(junk); err == nil {
			t.Errorf("original %q names %+v", junk, ref)
		}
	}
}

// inState gives a file that came to a state by its own transitions.
func inState(state dsr.EnclosureState) dsr.Enclosure {
	now := monday()
	e := dsr.Enclosure{Ref: refOf(dsr.IDCopyFile), State: dsr.Announced, Arrived: now, DueAt: now}
	if state == dsr.Announced {
		return e
	}
	e.Begin("one", now.Add(time.Minute))
	switch state {
	case dsr.Kept:
		e.Keep(5, "ab", now, now.Add(time.Hour))
	case dsr.TurnedDown:
		e.TurnDown("blank", now)
	case dsr.Condemned:
		e.Keep(5, "ab", now, now.Add(time.Hour))
		e.Condemn("verdict", now)
	case dsr.Destroyed:
		e.Keep(5, "ab", now, now.Add(time.Hour))
		e.Condemn("verdict", now)
		e.Wipe(now)
	}
	return e
}

// states lists the states of a file.
func states(t *testing.T) []dsr.EnclosureState {
	t.Helper()
	return declared[dsr.EnclosureState](t, "enclosure.go", "EnclosureState")
}

func TestWhatIsCondemnedIsNeverReadAgain(t *testing.T) {
	for _, state := range states(t) {
		e := inState(state)
		if e.State != state {
			t.Fatalf("the file is %q, want %q", e.State, state)
		}
		if readable := e.Path() != ""; readable != (state == dsr.Kept) {
			t.Errorf("%s: path %q", state, e.Path())
		}
		ended := state == dsr.TurnedDown || state == dsr.Condemned || state == dsr.Destroyed
		if e.Ended() != ended {
			t.Errorf("%s: ended %t", state, e.Ended())
		}
		before := inState(state)
		e.Condemn("rematch", monday().Add(time.Minute))
		if ended {
			if diff := cmp.Diff(before, e); diff != "" {
				t.Errorf("%s: condemned again, it changed:\n%s", state, diff)
			}
			continue
		}
		if e.State != dsr.Condemned || e.Reason != "rematch" || e.Path() != "" || !e.DueAt.Equal(monday().Add(time.Minute)) || !slices.Equal(e.Paths, before.Paths) {
			t.Errorf("%s: condemned, it is %+v", state, e)
		}
	}
}

// A path that was written down before anything is stored there is never forgotten.
func TestEveryAttemptLeavesItsPathAndALease(t *testing.T) {
	e := inState(dsr.Announced)
	var rows []dsr.Enclosure
	for n := 1; n <= 3; n++ {
		until := monday().Add(time.Duration(n) * time.Hour)
		e.Begin(fmt.Sprint("path", n), until)
		rows = append(rows, e)
		if e.State != dsr.Arriving || e.Tries != n || len(e.Paths) != n || !e.DueAt.Equal(until) || e.Path() != "" {
			t.Errorf("attempt %d: %+v", n, e)
		}
		if !e.Held(until.Add(-1)) || e.Held(until) {
			t.Errorf("attempt %d: its lease ends at another instant than it says", n)
		}
	}
	for n, row := range rows {
		if !slices.Equal(row.Paths, []string{"path1", "path2", "path3"}[:n+1]) {
			t.Errorf("row %d was changed by a later attempt: %v", n+1, row.Paths)
		}
	}
	one, other := e, e // two attempts that began from one row
	one.Begin("one", monday())
	if other.Begin("other", monday()); one.Paths[3] != "one" {
		t.Errorf("an attempt wrote over the path of another: %v", one.Paths)
	}
	if e.Keep(5, "ab", monday(), monday()); e.Path() != "path3" || e.Held(monday()) {
		t.Errorf("kept under %q", e.Path())
	}
	for _, state := range states(t) {
		if e := inState(state); e.Held(monday()) != (state == dsr.Arriving) {
			t.Errorf("%s: held %t", state, e.Held(monday()))
		}
	}
}

// A stalled attempt may store something after the removal: an ended file is looked
// at once more, and then never.
func TestEndedFileIsRemovedOnceMoreAfterAnHour(t *testing.T) {
	gone := monday().Add(time.Minute)
	e := inState(dsr.Condemned)
	e.Wipe(gone)
	if e.State != dsr.Destroyed || !e.GoneAt.Equal(gone) || !e.DueAt.Equal(gone.Add(dsr.LastLook)) {
		t.Fatalf("it is %+v", e)
	}
	refused := inState(dsr.TurnedDown)
	for name, e := range map[string]dsr.Enclosure{"destroyed": e, "refused": refused} {
		early := e
		if early.Wipe(e.GoneAt.Add(dsr.LastLook - 1)); early.DueAt.IsZero() || early.State != e.State {
			t.Errorf("%s: it is %+v", name, early)
		}
		if e.Wipe(e.GoneAt.Add(dsr.LastLook)); !e.DueAt.IsZero() || e.State == dsr.Condemned {
			t.Errorf("%s: it is %+v", name, e)
		}
	}
	// docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
	if dsr.LastLook < 4*15*time.Minute {
		t.Error("a function can outlive the last look")
	}
}

func TestCopyIsAskedOfWhoeverSaidYes(t *testing.T) {
	for way, want := range map[string]error{
		"waiting": dsr.NotNowNotReady, "unjudged": nil, "undecided": dsr.NotNowNotReady, "read": dsr.NotNowMatch, "received": dsr.NotNowRights,
		"disowned": dsr.NotNowDisowned, "approved": dsr.NotNowDecided, "closed": dsr.NotNowDecided,
	} {
		c := standing(t, way)
		if err := c.AskCopy(monday()); !errors.Is(err, want) || c.TakesCopy() != (want == nil) {
			t.Errorf("%s: %v, takes one %t", way, err, c.TakesCopy())
		}
	}
	doubted := standing(t, "unjudged")
	if err := errors.Join(doubted.JudgeIdentity(dsr.IdentityDoubtful, nil), doubted.AskCopy(monday())); err != nil {
		t.Fatal(err)
	}
	if !doubted.TakesCopy() || doubted.Work.Identity != "" {
		t.Errorf("after a doubt: %+v", doubted.Work)
	}
}

func TestNoCopyIsTakenOnceWhatItWasForIsOver(t *testing.T) {
	for name, end := range map[string]func(c *dsr.Case) error{
		"a verdict":     func(c *dsr.Case) error { return c.JudgeIdentity(dsr.IdentitySure, []dsr.Means{dsr.ByMailbox}) },
		"a doubt":       func(c *dsr.Case) error { return c.JudgeIdentity(dsr.IdentityDoubtful, nil) },
		"a rematch":     func(c *dsr.Case) error { return c.MatchTo(onFile()) },
		"nobody":        (*dsr.Case).MatchNobody,
		"other rights":  func(c *dsr.Case) error { return c.ConfirmRights([]dsr.Right{dsr.Portability}) },
		"not theirs":    (*dsr.Case).Disown,
		"taken back":    func(c *dsr.Case) error { return c.Withdraw(monday()) },
		"a further ask": func(c *dsr.Case) error { c.AskMore([]dsr.Right{dsr.Portability}); return nil },
	} {
		c := standing(t, "unjudged")
		if err := errors.Join(c.AskCopy(monday()), end(c)); err != nil || c.TakesCopy() {
			t.Errorf("%s: %v, takes one %t", name, err, c.TakesCopy())
		}
	}
	c := standing(t, "unjudged")
	for _, err := range []error{
		c.AskCopy(monday()), c.JudgeIdentity(dsr.IdentitySure, nil),
		c.Decide(dsr.Decision{Right: dsr.Access, Result: dsr.Granted}, ""), c.Decide(dsr.Decision{Right: dsr.Erasure, Result: dsr.Granted}, ""),
		c.Submit(proposal(dsr.Answered)), c.SendBack(theDraft, true),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if c.TakesCopy() || c.Work.Identity != "" {
		t.Error("a doubting reviewer opens an old question again")
	}
}

func TestMissedLetterStandsUntilAPersonSawToIt(t *testing.T) {
	c := standing(t, "answering")
	c.Miss(dsr.ConfirmLetter)
	before := c.Work.Undelivered
	c.Miss(dsr.ConfirmLetter)
	c.Miss(dsr.AnswerLetter)
	if !slices.Equal(c.Work.Undelivered, []dsr.LetterKind{dsr.ConfirmLetter, dsr.AnswerLetter}) || len(before) != 1 || c.State != dsr.Answering {
		t.Errorf("missed are %v, %v before, the case is %s", c.Work.Undelivered, before, c.State)
	}
	if err := c.Settle(dsr.ConfirmLetter, dsr.AnswerLetter); err != nil || c.Work.Undelivered != nil {
		t.Errorf("%v: missed are %v", err, c.Work.Undelivered)
	}
	if err := c.Settle(dsr.ConfirmLetter, dsr.AnswerLetter); !errors.Is(err, dsr.NotNowNothingMissed) {
		t.Errorf("settled twice: %v", err)
	}
}

func TestAnswerThatComesBackOpensTheCaseItClosedAndNoOther(t *testing.T) {
	for kind, want := range map[dsr.LetterKind]dsr.State{dsr.AnswerLetter: dsr.Answering, dsr.RefusalLetter: dsr.Answering, dsr.CodeLetter: dsr.Closed} {
		c := standing(t, "closed")
		if c.Miss(kind); c.State != want || (c.Work.Outcome == "") != (want == dsr.Answering) || c.Work.ClosedAt.IsZero() != (want == dsr.Answering) {
			t.Errorf("%s: the case is %s, %q", kind, c.State, c.Work.Outcome)
		}
	}
	taken := standing(t, "in-review")
	if err := taken.Withdraw(monday()); err != nil {
		t.Fatal(err)
	}
	if taken.Miss(dsr.AnswerLetter); taken.State != dsr.Closed || taken.Work.Outcome != dsr.Withdrawn {
		t.Errorf("a case that was taken back is %s, %q", taken.State, taken.Work.Outcome)
	}
}

// art. 5(1)(e) GDPR: what remains says that and when it was answered, and of whom
// nothing.
func TestPurgedCaseKnowsNobodyAndOpensToNobody(t *testing.T) {
	c := standing(t, "closed")
	c.Thread, c.Number, c.Requester.Address = "faden", "AVG-2026-0001", "ans@een.example"
	before := *c
	if err := c.Purge(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(dsr.Confidential{}, c.Confidential); diff != "" || c.Thread != "" || c.LinkEpoch != before.LinkEpoch+1 || c.State.Open() {
		t.Errorf("it is %+v", c)
	}
	if c.Number != before.Number || c.Work.Outcome != before.Work.Outcome || !c.Work.ClosedAt.Equal(before.Work.ClosedAt) || len(c.Rights) == 0 {
		t.Errorf("what proves that it was answered is gone: %+v", c)
	}
	held := standing(t, "closed")
	held.Work.Hold = "court"
	if err := held.Purge(); !errors.Is(err, dsr.NotNowNotReady) || held.State != dsr.Closed {
		t.Errorf("on hold, it is %s (%v)", held.State, err)
	}
}
