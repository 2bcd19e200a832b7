package simulation

import (
	"encoding/hex"
	"maps"
	"os"
	"runtime/debug"
	"slices"
	"testing"

	"polarweb.nl/inzage/internal/dsr"
)

// TestMain lets the worlds leave more garbage behind before it is collected: each is
// small, and gone in a moment.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}

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
		for one := range w.rest(allSeasons) {
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
		"object lost", "object repeated", "object delayed", "removed by the bucket", "file arrived late", "mail delayed", "complaint",
		"tick missed", "tick repeated", "mail refused", "send reply lost", "bounce", "event brought again",
		"mail set aside", "large text", "letter sent again", "case not answered",
		"second case after a day", "second case on a day",
	}, expectedEvents(), expectedMistakes(), expectedFiles(), expectedEnds())
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
		dsr.CaseClosed, dsr.StaffInvited, dsr.IDCopyAsked, dsr.IDCopyReceived, dsr.IDCopyInspected, dsr.IDCopyRefused,
		dsr.IDCopyViewed, dsr.IDCopyDestroyed, dsr.FileAnnounced, dsr.FileSealed, dsr.FileRefused, dsr.FileRemoved,
		dsr.PackageBuilt, dsr.PackageEnded, dsr.FilesHandedOut, dsr.LetterComplained, dsr.LetterDelayed,
		dsr.UndeliveredSettled, dsr.ReminderSent, dsr.HalfTimePassed, dsr.DeadlinePassed, dsr.FilePurged, dsr.LeftoversRemoved,
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

// expectedFiles are the ways of files, and what people do with them.
func expectedFiles() []string {
	return []string{
		"upload of id-copy", "upload of found", "mailed copy cut out", "judged by a copy", "copy ended by a verdict",
		"file id-copy: destroyed accepted", "file id-copy: destroyed verdict", "file id-copy: destroyed unseen",
		"file id-copy: destroyed withdrawn", "file id-copy: destroyed rematch", "file id-copy: destroyed decided",
		"file id-copy: refused blank", "file id-copy: refused not-asked", "file id-copy: refused too-many",
		"file found: kept ", "file found: refused never-came", "file found: refused empty", "file found: destroyed removed",
		"file found: destroyed rematch", "file package: destroyed over", "file handout: destroyed over",
		"package built", "package fetched", "download: code refused", "look at a copy: gone",
		"open the page for a copy: not now: copy-unasked", "judge identity: not now: copy", "preview: not now: files",
	}
}

// expectedEnds are what becomes of cases in weeks, months and years.
func expectedEnds() []string {
	return []string{
		"left as it was", "case reopened", "date passed: promise", "date passed: law", "mail waited for", "mail passed on", "reminder of a mail", "notice relayed", "open a mail: done",
		"call before a purge", "came again after a purge", "left as purged",
	}
}

// trace gives the hash of everything that was decided in a world.
func trace(t *testing.T, seed uint64) string {
	t.Helper()
	w := newWorld(seed, bothOffices(t), design{})
	for one := range w.rest(allSeasons) {
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
