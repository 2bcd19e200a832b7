package casework_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

func TestLinkAndCodeOpenASession(t *testing.T) {
	e := newEntrance(t)
	id := e.mustSignIn(e.code("els", 0))
	session, err := e.signing.Resume(t.Context(), e.now, id)
	if err != nil || session.Actor != els(e) || session.Owner != e.link.Owner || session.Purpose != dsr.SignIn || session.Link != e.link.ID {
		t.Errorf("session %+v, %v", session, err)
	}
	if string(session.Hash[:]) == string(id) {
		t.Error("the id itself is stored")
	}
	e.another()
	e.now = e.now.Add(30 * time.Second)
	if other := e.mustSignIn(e.code("els", 0)); string(other) == string(id) {
		t.Error("two sessions share an id")
	}
}

// L5: a link that was passed on is of no use to a colleague.
func TestCodeOfAnotherMemberDoesNotOpenTheLink(t *testing.T) {
	e := newEntrance(t)
	e.refused(e.code("hans", 0), casework.ErrCode)
	e.link.Actor = e.signing.Rules.Profile.Staff[1].ActorID()
	e.refused(e.code("hans", 0), casework.ErrLinkDead)
}

// L15: what a link is for decides first.
func TestLinkOfAnotherPurposeDoesNotSignIn(t *testing.T) {
	e := newEntrance(t)
	issued := e.link
	for _, rule := range dsr.PurposeRules() {
		if rule.Purpose == dsr.SignIn {
			continue
		}
		e.link, e.calls = issued, nil
		e.link.Purpose = rule.Purpose
		e.refused(e.code("els", 0), casework.ErrLinkDead)
		opensDesk := slices.Contains([]dsr.Purpose{dsr.ApproveRelease, dsr.ApproveErasure, dsr.Refuse}, rule.Purpose)
		if len(e.calls) != 0 && !opensDesk || count(e.calls, "Try") != 0 {
			t.Errorf("a link to %s was looked up: %v", rule.Purpose, e.calls)
		}
	}
	e.link = issued
	e.mustSignIn(e.code("els", 0))
}

func TestLinkThatWasNotIssuedDoesNotSignIn(t *testing.T) {
	e := newEntrance(t)
	issued := e.link
	for name, spoil := range map[string]func(*dsr.Link){
		"another id":      func(l *dsr.Link) { l.ID[0]++ },
		"another owner":   func(l *dsr.Link) { l.Owner[0]++ },
		"another actor":   func(l *dsr.Link) { l.Actor[0]++ },
		"expiring later":  func(l *dsr.Link) { l.ExpiresAt = l.ExpiresAt.Add(time.Second) },
		"another version": func(l *dsr.Link) { l.Rev++ },
	} {
		e.link, e.calls = issued, nil
		spoil(&e.link)
		e.refused(e.code("els", 0), casework.ErrLinkDead)
		if count(e.calls, "Secret")+count(e.calls, "Try") != 0 {
			t.Errorf("%s: a code was looked at: %v", name, e.calls)
		}
	}
}

func TestRevokedLinkDoesNotSignIn(t *testing.T) {
	e := newEntrance(t)
	file, err := e.memory.File(t.Context(), e.link.Owner)
	if err != nil {
		t.Fatal(err)
	}
	file.Case.LinkEpoch++
	file.Case.Seq++
	event := dsr.Event{Seq: file.Case.Seq, Kind: "LinksRevoked", At: e.now}
	if err := e.memory.Commit(t.Context(), casework.Change{File: file, Event: event, At: e.now}); err != nil {
		t.Fatal(err)
	}
	e.refused(e.code("els", 0), casework.ErrLinkDead)
}

func TestCodeIsGoodForItsStepAndTheOnesBesideIt(t *testing.T) {
	for steps, want := range map[int64]bool{-2: false, -1: true, 0: true, 1: true, 2: false} {
		e := newEntrance(t)
		if _, err := e.signIn(e.code("els", steps)); (err == nil) != want || (!want && !errors.Is(err, casework.ErrCode)) {
			t.Errorf("a code %d steps from now: %v", steps, err)
		}
	}
}

func TestCodeCountsOnce(t *testing.T) {
	e := newEntrance(t)
	e.mustSignIn(e.code("els", 0))
	e.refused(e.code("els", 0), casework.ErrCode)
	e.another()
	e.refused(e.code("els", 0), casework.ErrCode)  // nor with another link
	e.refused(e.code("els", -1), casework.ErrCode) // nor an older one
	e.mustSignIn(e.code("els", 1))
}

// L24: the sixth try is not looked at, however right.
func TestFiveWrongCodesEndTheLink(t *testing.T) {
	e := newEntrance(t)
	for range casework.MaxTries {
		e.refused(e.wrong(), casework.ErrCode)
	}
	e.calls = nil
	e.refused(e.code("els", 0), casework.ErrLinkDead)
	if count(e.calls, "Secret")+count(e.calls, "Save") != 0 {
		t.Errorf("the sixth code was looked at: %v", e.calls)
	}
}

func TestRightCodeGivesItsTryBack(t *testing.T) {
	e := newEntrance(t)
	for range casework.MaxTries - 1 {
		e.refused(e.wrong(), casework.ErrCode)
	}
	for range 3 { // as often as it is right
		e.mustSignIn(e.code("els", 0))
		e.now = e.now.Add(30 * time.Second)
	}
	e.refused(e.wrong(), casework.ErrCode)
	e.refused(e.code("els", 0), casework.ErrLinkDead)
}

func TestTryIsTakenBeforeTheCodeIsLookedAt(t *testing.T) {
	e := newEntrance(t)
	e.calls = nil
	e.refused(e.wrong(), casework.ErrCode)
	order := map[string]int{}
	for i, call := range e.calls {
		order[call] = i
	}
	if count(e.calls, "Try") != 1 || order["Try"] > order["Secret"] {
		t.Errorf("the calls were %v", e.calls)
	}
	for range casework.MaxTries - 1 { // a crash after the try leaves it taken
		e.failing("Member", caseworktest.Before)
		e.refused(e.code("els", 0), errPort)
	}
	e.refused(e.code("els", 0), casework.ErrLinkDead)
}

// L24: ten wrong codes an hour for one member, over all their links.
func TestTenWrongCodesAnHourAreAllThatIsBorne(t *testing.T) {
	e := newEntrance(t)
	began := e.now
	for n := range 10 {
		if n%5 == 0 {
			e.another()
		}
		e.refused(e.wrong(), casework.ErrCode)
		e.now = e.now.Add(time.Second)
	}
	e.another()
	e.calls = nil
	e.refused(e.code("els", 0), casework.ErrCode) // the same answer as for a wrong one
	if count(e.calls, "Secret") != 0 {
		t.Errorf("the eleventh code was looked at: %v", e.calls)
	}
	e.now = began.Add(time.Hour - time.Nanosecond)
	e.refused(e.code("els", 0), casework.ErrCode)
	e.now = began.Add(time.Hour)
	e.mustSignIn(e.code("els", 0))
}

func TestRightCodeDoesNotForgetTheWrongOnes(t *testing.T) {
	e := newEntrance(t)
	for n := range 10 {
		if n%3 == 0 {
			e.another()
			e.mustSignIn(e.code("els", 0))
		}
		e.refused(e.wrong(), casework.ErrCode)
		e.now = e.now.Add(30 * time.Second)
	}
	e.another()
	e.refused(e.code("els", 0), casework.ErrCode)
	if member, err := e.memory.Member(t.Context(), els(e)); err != nil || member.Failed != 10 {
		t.Errorf("%d wrong codes are remembered, %v", member.Failed, err)
	}
}

func TestWrongCodesOfOneMemberAreNoneOfAnother(t *testing.T) {
	e := newEntrance(t)
	for n := range 10 {
		if n%casework.MaxTries == 0 {
			e.another()
			e.now = e.now.Add(time.Second)
		}
		e.refused(e.wrong(), casework.ErrCode)
	}
	gea := e.signing.Rules.Profile.Staff[3].ActorID()
	e.enrol("gea")
	notice := ofCase(e.link.Owner, dsr.NewCaseNotice, 2)
	e.send(notice)
	e.link = e.letter(notice).Link
	e.mustSignIn(e.code("gea", 0))
	if e.link.Actor != gea {
		t.Errorf("the link was for %v", e.link.Actor)
	}
}

// A31: who left is refused at the moment of acting, with a link from before.
func TestWhoLeftDoesNotSignIn(t *testing.T) {
	for name, leaves := range map[string]func(*entrance){
		"inactive in the organisation file": (*entrance).leave,
		"gone from the organisation file": func(e *entrance) {
			e.signing.Rules.Profile.Staff = e.signing.Rules.Profile.Staff[1:]
		},
		"removed": func(e *entrance) { must(e.t, e.memory.Remove(e.t.Context(), els(e))) },
	} {
		t.Run(name, func(t *testing.T) {
			e := newEntrance(t)
			code := e.code("els", 0)
			leaves(e)
			e.refused(code, casework.ErrNotStaff)
		})
	}
}

func TestFaultOfTheStoreIsNoAnswerAboutTheCode(t *testing.T) {
	for _, call := range []string{"Link", "File", "Try", "Member", "Secret", "Save", "OpenSession"} {
		e := newEntrance(t)
		e.failing(call, caseworktest.Before)
		_, err := e.signIn(e.code("els", 0))
		for _, answer := range []error{casework.ErrLinkDead, casework.ErrCode, casework.ErrNotStaff} {
			if !errors.Is(err, errPort) || errors.Is(err, answer) {
				t.Errorf("with %s failing: %v", call, err)
			}
		}
	}
	for _, call := range []string{"Session", "Member", "EndSession"} {
		e := newEntrance(t)
		id := e.mustSignIn(e.code("els", 0))
		e.now = e.now.Add(24 * time.Hour)
		e.failing(call, caseworktest.Before)
		if _, err := e.signing.Resume(t.Context(), e.now, id); !errors.Is(err, errPort) || errors.Is(err, casework.ErrNotStaff) {
			t.Errorf("with %s failing: %v", call, err)
		}
	}
}

// L13: of many posts exactly one is accepted, whatever their order.
func TestHundredPostsOfOneCodeOpenOneSession(t *testing.T) {
	e := newEntrance(t)
	won, lost := e.atOnce(100, e.code("els", 0))
	if won != 1 || lost[casework.ErrCode]+lost[casework.ErrLinkDead] != 99 {
		t.Errorf("%d posts were accepted, %v refused", won, lost)
	}
}

func TestSecondPostOfACodeLosesAtTheLastMoment(t *testing.T) {
	e := newEntrance(t)
	code := e.code("els", 0)
	e.meanwhile("Save", func() { e.mustSignIn(code) }) // both have looked at the code by then
	e.refused(code, casework.ErrCode)
}

func TestGuessThatCannotBeCountedIsWorthNothing(t *testing.T) {
	e := newEntrance(t)
	e.meanwhile("Save", func() { e.refused(e.wrong(), casework.ErrCode) })
	e.refused(e.code("els", 0), casework.ErrCode)
	e.mustSignIn(e.code("els", 0)) // and it used nothing up
}

func TestGuessesAtOnceAreNoMoreThanOneByOne(t *testing.T) {
	e := newEntrance(t)
	won, lost := e.atOnce(100, e.wrong())
	if won != 0 || lost[casework.ErrCode] != casework.MaxTries || lost[casework.ErrLinkDead] != 100-casework.MaxTries {
		t.Errorf("%d posts were accepted, %v refused", won, lost)
	}
}

// atOnce posts one code many times at one instant and counts how that ended.
func (e *entrance) atOnce(n int, code string) (won int, lost map[error]int) {
	e.t.Helper()
	ends := make(chan error, n)
	var posts sync.WaitGroup
	for range n {
		posts.Go(func() {
			_, err := e.signIn(code)
			ends <- err
		})
	}
	posts.Wait()
	close(ends)
	lost = map[error]int{}
	for err := range ends {
		if err == nil {
			won++
		} else {
			lost[err]++
		}
	}
	return won, lost
}
