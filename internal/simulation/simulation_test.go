package simulation

import (
	"encoding/hex"
	"maps"
	"slices"
	"testing"

	"polarweb.nl/inzage/internal/dsr"
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

func TestEveryWorldKeepsItsInvariants(t *testing.T) {
	met := map[string]int{}
	for seed := uint64(1); seed <= worlds(); seed++ {
		w := newWorld(seed, bothOffices(t), design{})
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
	return slices.Concat([]string{
		"gave way before", "gave way after", "stall before", "stall after", "crash before", "crash after",
		"failed call before", "failed call after",
		"notice lost", "notice repeated", "notice delayed", "stream lost", "stream repeated", "stream delayed",
		"report lost", "report repeated", "report delayed", "drive lost", "drive repeated", "drive delayed",
		"tick missed", "tick repeated", "mail refused", "send reply lost", "bounce", "event brought again",
		"mail set aside", "large text", "letter sent again", "case not answered",
		"second case after a day", "second case on a day",
	}, expectedEvents(), expectedMistakes())
}

// expectedEvents are all that a history can say.
func expectedEvents() []string {
	var words []string
	for _, kind := range []dsr.EventKind{
		dsr.CaseOpened, dsr.MessageAdded, dsr.DuplicateLinked, dsr.LetterSent, dsr.LetterDelivered,
		dsr.LetterBounced, dsr.LetterGivenUp, dsr.Viewed, dsr.RightsConfirmed, dsr.DataSubjectMatched,
		dsr.NobodyMatched, dsr.ConfirmationAsked, dsr.MailboxConfirmed, dsr.RequestDisowned,
		dsr.IdentityConfirmed, dsr.IdentityDoubted, dsr.TaskDone, dsr.RightGranted, dsr.RightPartlyGranted,
		dsr.RightRefused, dsr.DraftSubmitted, dsr.DraftSentBack, dsr.ReleaseRefused, dsr.AnswerApproved,
		dsr.ApprovalTakenBack, dsr.AnswerDelivered, dsr.ErasureCarriedOut, dsr.CodeAsked, dsr.AnswerCollected, dsr.AnswerRenewed, dsr.ReviewRenewed,
		dsr.CaseClosed,
	} {
		words = append(words, string(kind))
	}
	return words
}

// expectedMistakes are those that people make, each met by the answer it gets,
// and the ways in which a case can end all the same.
func expectedMistakes() []string {
	return []string{
		"pressed again", "sign in: code refused", "sign in: decided before", "sign in: stale", "sign in: link dead",
		"sign in: link ended", "open: signed out", "confirm rights: stale", "confirm rights: own request",
		"decide: not now: identity", "judge identity: not now: proof", "submit: stale",
		"preview: not now: linkable", "preview: not now: tasks", "approve: stale", "approve: not now: wait",
		"approve from the dossier: not yours", "review: decided before", "send back: stale", "refuse release: done",
		"this is mine: decided before", "this is mine: stale", "this is mine: number wrong",
		"this was not me: decided before", "stop: done", "stop: decided before", "withdraw: stale",
		"ask a code: not now: too-many-codes", "show the answer: code refused", "show the answer: link dead",
		"approved by a second person", "approved alone, a day later", "answer left", "link used",
		"could be stopped for a day", "closed in silence", "ended after a doubt", "copy asks more than was decided",
		"withdraw: address wrong", "decide: not now: proof", "submit unlinked: done",
		"closed: answered", "closed: unlinked", "closed: withdrawn", "left disowned",
	}
}

// trace gives the hash of everything that was decided in a world.
func trace(t *testing.T, seed uint64) string {
	t.Helper()
	w := newWorld(seed, bothOffices(t), design{})
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
