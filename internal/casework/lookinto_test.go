package casework_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

// oneContact is a store of cases that knows one contact of each.
type oneContact struct {
	casework.Cases
}

// File implements casework.Cases.
func (c oneContact) File(ctx context.Context, id dsr.OwnerID) (casework.File, error) {
	file, err := c.Cases.File(ctx, id)
	file.Case.OnFile.Contacts = file.Case.OnFile.Contacts[:1]
	return file, err
}

// sized is a text of a size that begins with a letter.
func sized(letter string, size int) string { return strings.Repeat(letter, size) }

// task gives the one task of the case.
func (o *office) task() dsr.Task {
	o.t.Helper()
	tasks, err := o.memory.ReadTasks(o.t.Context(), o.id)
	if err != nil || len(tasks) != 1 {
		o.t.Fatalf("%d tasks, %v", len(tasks), err)
	}
	return tasks[0]
}

// holds fails the test unless the dossier shows a text and the vault holds as
// many as it should.
func (o *office) holds(text string, inVault int) {
	o.t.Helper()
	dossier, err := o.reading().Open(o.t.Context(), o.now, o.sessions["els"], o.id)
	must(o.t, err)
	if len(dossier.Found) != 1 || dossier.Found[0].Text != text || len(o.bodies()) != inVault {
		o.t.Errorf("%d findings, vault %v", len(dossier.Found), o.bodies())
	}
}

func TestWhatIsFoundLiesInTheVaultWhenItIsLarge(t *testing.T) {
	for size, inVault := range map[int]int{
		1: 0, dsr.MaxRowBody: 0, dsr.MaxRowBody + 1: 1, 33 << 10: 1, dsr.MaxTask: 1,
	} {
		o := newOffice(t, dsr.Access).until("matched")
		must(t, o.look("winkel", dsr.Access, dsr.Found, sized("a", size)))
		o.holds(sized("a", size), inVault)
		if task := o.task(); (task.Body != nil) != (inVault == 1) || (task.Sealed != nil) != (inVault == 0) || task.By != o.actor("els") {
			t.Errorf("%d bytes: the row is %v, %d bytes sealed", size, task.Body, len(task.Sealed))
		}
	}
}

func TestNothingIsSealedWhereNothingIsSaid(t *testing.T) {
	o := newOffice(t, dsr.Access).until("matched")
	must(t, o.look("winkel", dsr.Access, dsr.NothingFound, " \n"))
	if task := o.task(); task.Sealed != nil || task.Body != nil || task.Result != dsr.NothingFound {
		t.Errorf("the row is %+v", task)
	}
	o.holds("", 0)
}

func TestLoserOfEveryTryTakesTheTextAway(t *testing.T) {
	o := newOffice(t, dsr.Access).until("matched")
	sheet := o.sheet("els")
	o.onCall = func(call string, phase caseworktest.Phase) error {
		if call == "Commit" && phase == caseworktest.Before {
			return casework.ErrConflict
		}
		return nil
	}
	looked := casework.Looked{System: "winkel", Right: dsr.Access, Result: dsr.Found, Text: sized("a", 33<<10)}
	if err := o.handling.LookInto(t.Context(), o.now, sheet, looked); !errors.Is(err, casework.ErrConflict) || len(o.bodies()) != 0 {
		t.Errorf("%v: the vault holds %v", err, o.bodies())
	}
}

func TestWhatIsFoundIsSaidInAKnownSystemAndNotTooLong(t *testing.T) {
	for name, test := range map[string]struct {
		looked casework.Looked
		want   error
	}{
		"too long":              {casework.Looked{System: "winkel", Right: dsr.Access, Result: dsr.Found, Text: sized("a", dsr.MaxTask+1)}, dsr.NotNowText},
		"no text":               {casework.Looked{System: "winkel", Right: dsr.Access, Result: dsr.Found, Text: " \n"}, dsr.NotNowText},
		"a text with nothing":   {casework.Looked{System: "winkel", Right: dsr.Access, Result: dsr.NothingFound, Text: "toch iets"}, dsr.NotNowText},
		"an unknown system":     {casework.Looked{System: "kelder", Right: dsr.Access, Result: dsr.NothingFound}, dsr.NotNowTasks},
		"no system":             {casework.Looked{Right: dsr.Access, Result: dsr.NothingFound}, dsr.NotNowTasks},
		"a right not asked":     {casework.Looked{System: "winkel", Right: dsr.Erasure, Result: dsr.ToErase}, dsr.NotNowNoRights},
		"another right's words": {casework.Looked{System: "winkel", Right: dsr.Access, Result: dsr.ToErase}, dsr.NotNowOutcome},
	} {
		o := newOffice(t, dsr.Access).until("matched")
		sheet := o.sheet("els")
		t.Run(name, func(t *testing.T) {
			o.unmoved(test.want, func() error { return o.handling.LookInto(t.Context(), o.now, sheet, test.looked) })
			if len(o.bodies()) != 0 {
				t.Errorf("the vault holds %v", o.bodies())
			}
		})
	}
}

func TestTextThatIsReplacedIsDestroyed(t *testing.T) {
	const large = 33 << 10
	for name, sizes := range map[string][2]int{
		"large by large": {large, large}, "large by small": {large, 9}, "small by large": {9, large}, "small by small": {9, 9},
	} {
		o := newOffice(t, dsr.Access).until("matched")
		must(t, o.look("winkel", dsr.Access, dsr.Found, sized("a", sizes[0])))
		must(t, o.look("winkel", dsr.Access, dsr.Found, sized("b", sizes[1])))
		t.Run(name, func(t *testing.T) { o.holds(sized("b", sizes[1]), btoi(sizes[1] == large)) })
	}
	o := newOffice(t, dsr.Access).until("matched")
	must(t, o.look("winkel", dsr.Access, dsr.Found, sized("a", large)))
	must(t, o.look("archief", dsr.Access, dsr.Found, sized("b", large)))
	if len(o.bodies()) != 2 {
		t.Errorf("one system's text took the other's away: %v", o.bodies())
	}
	must(t, o.look("winkel", dsr.Access, dsr.NothingFound, ""))
	if len(o.bodies()) != 1 {
		t.Errorf("the vault holds %v", o.bodies())
	}
}

// Whoever loses against another change takes their own text away, once they
// have lost for good.
func TestLoserTakesTheirOwnTextAway(t *testing.T) {
	for name, happens := range map[string]func(*office){
		"another looked":   func(o *office) { must(o.t, o.look("winkel", dsr.Access, dsr.Found, sized("b", 33<<10))) },
		"it was withdrawn": func(o *office) { o.withdraws() },
		"it was disowned":  func(o *office) { o.confirm(false) },
		"it is their own": func(o *office) {
			own := theFile()
			own.Contacts[0].Address = "els@staff.example"
			must(o.t, o.handling.MatchDataSubject(o.t.Context(), o.now, o.sheet("gea"), own))
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t, dsr.Access).until("matched")
			sheet := o.sheet("els")
			o.sheet("gea")
			o.meanwhile("Commit", func() { happens(o) })
			err := o.handling.LookInto(t.Context(), o.now, sheet, casework.Looked{
				System: "winkel", Right: dsr.Access, Result: dsr.Found, Text: sized("a", 33<<10),
			})
			if err == nil {
				t.Fatal("the loser won")
			}
			if want := btoi(name == "another looked"); len(o.bodies()) != want {
				t.Errorf("%v: the vault holds %v", err, o.bodies())
			}
		})
	}
}

// withdraws lets the asker take the request back.
func (o *office) withdraws() {
	o.t.Helper()
	must(o.t, o.confirming.Withdraw(o.t.Context(), o.now, o.link(dsr.Acknowledgement, ""), asker))
}

func TestLookingThatIsOvertakenPutsItsTextOnce(t *testing.T) {
	o := newOffice(t, dsr.Access).until("matched")
	late := o.link(dsr.ConfirmLetter, "")
	ref := o.newest(dsr.ConfirmLetter, "").Ref
	sheet := o.sheet("els")
	o.calls = nil
	o.meanwhile("Commit", func() { o.record(ref, dsr.LetterArrived) })
	must(t, o.handling.LookInto(t.Context(), o.now, sheet, casework.Looked{
		System: "winkel", Right: dsr.Access, Result: dsr.Found, Text: sized("a", 33<<10),
	}))
	if count(o.calls, "PutBody") != 1 || count(o.calls, "DeleteBody") != 0 || late.ID == (dsr.LinkID{}) {
		t.Errorf("the calls were %v", o.calls)
	}
	o.holds(sized("a", 33<<10), 1)
}

// After an unclear fault the text may be the one the row names: both stay.
func TestUnclearFaultDestroysNothing(t *testing.T) {
	for _, phase := range []caseworktest.Phase{caseworktest.Before, caseworktest.After} {
		o := newOffice(t, dsr.Access).until("matched")
		must(t, o.look("winkel", dsr.Access, dsr.Found, sized("a", 33<<10)))
		sheet := o.sheet("els")
		o.failing("Commit", phase)
		err := o.handling.LookInto(t.Context(), o.now, sheet, casework.Looked{
			System: "winkel", Right: dsr.Access, Result: dsr.Found, Text: sized("b", 33<<10),
		})
		if !errors.Is(err, errPort) {
			t.Fatal(err)
		}
		want := "a"
		if phase == caseworktest.After {
			want = "b"
		}
		o.holds(sized(want, 33<<10), 2)
	}
}

func TestAnswerIsNoLongerThanAPageShows(t *testing.T) {
	o := newOffice(t, dsr.Access, dsr.Portability).until("judged")
	texts := map[string]int{"winkel": dsr.MaxTask, "archief": dsr.MaxTask}
	for system, size := range texts {
		must(t, o.look(system, dsr.Access, dsr.Found, sized("a", size)))
		must(t, o.look(system, dsr.Portability, dsr.NothingFound, ""))
	}
	o.grantAll()
	o.draft(dsr.Answered)
	must(t, o.look("winkel", dsr.Portability, dsr.Found, "x"))
	if _, err := o.handling.Draft(t.Context(), o.now, o.id, dsr.Answered); !errors.Is(err, dsr.NotNowText) {
		t.Errorf("one byte more: %v", err)
	}
	must(t, o.decideOn(dsr.Decision{Right: dsr.Portability, Result: dsr.Refused, Ground: dsr.GroundExcessive}, "waarom"))
	o.draft(dsr.Answered) // what is refused is not shown
}

func TestTextThatWasChangedInTheVaultIsNotShown(t *testing.T) {
	o := newOffice(t, dsr.Access).until("looked")
	must(t, o.look("winkel", dsr.Access, dsr.Found, sized("a", 33<<10)))
	o.grantAll()
	o.objects.Damage(o.bodies()[0])
	if _, err := o.handling.Draft(t.Context(), o.now, o.id, dsr.Answered); !errors.Is(err, casework.ErrSealed) {
		t.Errorf("the draft: %v", err)
	}
}

func TestSealedTextOpensInItsOwnRowOnly(t *testing.T) {
	o := newOffice(t, dsr.Access).until("decided")
	o.handling.ReadTasks = func(ctx context.Context, id dsr.OwnerID) ([]dsr.Task, error) {
		tasks, err := o.memory.ReadTasks(ctx, id)
		tasks[0].Sealed, tasks[1].Sealed = tasks[1].Sealed, tasks[0].Sealed
		return tasks, err
	}
	if _, err := o.handling.Draft(t.Context(), o.now, o.id, dsr.Answered); !errors.Is(err, casework.ErrSealed) {
		t.Errorf("two systems' texts changed places: %v", err)
	}
}
