package simulation

import (
	"encoding/hex"
	"maps"
	"slices"
	"testing"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/organisation"
)

// allWorlds is how many seeds are tried, and how many may pass before a
// mistake has to be found.
const allWorlds = 200

// worlds is how many seeds the right design is tried with: fewer with -short.
func worlds() uint64 {
	if testing.Short() {
		return 40
	}
	return allWorlds
}

// rules gives those of a small organisation: two members of staff who hear of
// new work, and one who does not any more.
func rules(t *testing.T) casework.Rules {
	t.Helper()
	profile := organisation.Defaults()
	profile.Staff = []organisation.Staff{
		{ID: "els", Name: "Els", Email: "els@staff.example", Roles: []organisation.Role{organisation.RoleHandler}, Active: true},
		{ID: "fop", Name: "Fop", Email: "fop@staff.example", Roles: []organisation.Role{organisation.RoleHandler}},
		{ID: "gea", Name: "Gea", Email: "gea@staff.example", Roles: []organisation.Role{organisation.RoleOwner}, Active: true},
	}
	profile.Statement = []organisation.StatementVersion{{URL: "https://desk.example/privacy", From: "2020-01-01"}}
	rules, err := casework.NewRules(profile)
	if err != nil {
		t.Fatalf("the rules of the worlds: %v", err)
	}
	return rules
}

func TestEveryWorldKeepsItsInvariants(t *testing.T) {
	met := map[string]int{}
	for seed := uint64(1); seed <= worlds(); seed++ {
		w := newWorld(seed, rules(t), design{})
		for _, one := range w.rest() {
			t.Error(one)
		}
		for name, n := range w.met {
			met[name] += n
		}
		met["run"] += w.runs
		met["mail"] += len(w.mails)
	}
	for _, name := range slices.Sorted(maps.Keys(met)) {
		t.Logf("%8d %s", met[name], name)
	}
	for _, name := range expected() {
		if met[name] == 0 && !testing.Short() {
			t.Errorf("in no world did this happen: %s", name)
		}
	}
}

// expected is what must have happened somewhere, or the worlds show nothing.
func expected() []string {
	return []string{
		"gave way before", "gave way after", "stall before", "stall after", "crash before", "crash after",
		"failed call before", "failed call after",
		"notice lost", "notice repeated", "notice delayed", "stream lost", "stream repeated", "stream delayed",
		"report lost", "report repeated", "report delayed", "drive lost", "drive repeated", "drive delayed",
		"tick missed", "tick repeated", "mail refused", "send reply lost", "bounce", "event brought again",
		"CaseOpened", "MessageAdded", "DuplicateLinked", "LetterSent", "LetterDelivered", "LetterBounced",
		"mail set aside", "large text", "letter sent again", "case not answered", "second case after a day",
	}
}

// trace gives the hash of everything that was decided in a world.
func trace(t *testing.T, seed uint64) string {
	t.Helper()
	w := newWorld(seed, rules(t), design{})
	for _, one := range w.rest() {
		t.Error(one)
	}
	return hex.EncodeToString(w.trace.Sum(nil))
}

func TestSameSeedGivesTheSameWorld(t *testing.T) {
	seen := map[string]uint64{}
	for seed := uint64(1); seed <= worlds(); seed += 10 {
		once, again := trace(t, seed), trace(t, seed)
		if once != again {
			t.Errorf("seed %d gave trace %s and then %s", seed, once, again)
		}
		if other, ok := seen[once]; ok {
			t.Errorf("seeds %d and %d gave one trace", seed, other)
		}
		seen[once] = seed
	}
}

// mistake is one that was made on purpose, and the invariant that is there to
// find it.
type mistake struct {
	name      string
	design    design
	invariant string
}

// mistakes lists them. Each could be made by leaving out one line.
func mistakes() []mistake {
	flaw := func(flaws caseworktest.Flaws) design { return design{flaws: flaws} }
	return []mistake{
		{"no condition on seq", flaw(caseworktest.Flaws{NoSeqCondition: true}), "history is whole"},
		{"letter outside the transaction", flaw(caseworktest.Flaws{SplitLetters: true}), "a case has its letters and no others"},
		{"no claim before sending", flaw(caseworktest.Flaws{NoClaim: true}), "no letter is sent twice within a lease"},
		{"claim released too early", flaw(caseworktest.Flaws{ShortLease: true}), "no letter is sent twice within a lease"},
		{"no sweep for letters", design{noSweep: true}, "no letter is left behind"},
		{"no sweep for mails", design{noSweep: true}, "every mail comes to an end"},
		{"link not kept on the letter", flaw(caseworktest.Flaws{ForgetLink: true}), "a letter sent again carries the same link"},
		{"sender's day not conditioned", flaw(caseworktest.Flaws{NoSenderCondition: true}), "a sender opens one case a day"},
		// The sender's day is a second net under this one and would hide the fall.
		{
			"message rows not conditioned", flaw(caseworktest.Flaws{NoMessageCondition: true, NoSenderCondition: true}),
			"a message opens one case",
		},
	}
}

func TestSeededMistakesAreFound(t *testing.T) {
	for _, one := range mistakes() {
		t.Run(one.name, func(t *testing.T) {
			for seed := uint64(1); seed <= allWorlds; seed++ {
				for _, found := range newWorld(seed, rules(t), one.design).rest() {
					if found.invariant == one.invariant {
						t.Logf("found: %v", found)
						return
					}
				}
			}
			t.Errorf("%q did not break in %d worlds", one.invariant, allWorlds)
		})
	}
}
