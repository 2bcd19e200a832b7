package simulation

import (
	"context"
	"strings"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

// mistakesOfTheClock are those that show when some weeks have gone by.
func mistakesOfTheClock() []mistake {
	const week = "a raw mail goes a week after its end"
	twisted := func(of part, write func(dsr.Case, *casework.Change)) design {
		return design{twists: twistsOf(twist{write: write}, of)}
	}
	return []mistake{
		{"a reminder is not written down", twisted(partReminding, unrecorded), "each reminder is given once"},
		{"the next reminder is far away", twisted(partReminding, farAway), "no date goes by without a word"},
		{"a date is told of on its own day only", design{ports: sameDayOnly}, "no date goes by without a word"},
		{"a reminder does not fall due anew", twisted(partReminding, notAnew), "each reminder is given once"},
		{"what came back is told to nobody", twisted(partRecording, untold), "a case has its letters and no others"},
		{"a tick looks back one day", design{ports: shortMemory}, week},
		{"raw mail stays", design{ports: rawStays}, week},
		{"raw mail goes at once", twisted(partReceiving, atOnce), week},
		{"raw mail goes before it was passed on", design{ports: takenForPassedOn}, "a mail that somebody waits for is kept"},
		{"a session never ends", design{ports: endless}, "a session ends"},
		// Where the rules of the bucket are a second net, these cannot be seen.
		{"a copy that nobody judges by is kept", keptForEver(partInspecting, dsr.IDCopyFile), "no copy is kept for more than fourteen days"},
		{"a package has no end", keptForEver(partPacking, dsr.PackageFile), "a package ends with its days"},
	}
}

// mistakesOfPurging are those with files that have been kept long enough.
func mistakesOfPurging() []mistake {
	const inTime = "a file is purged in its time"
	return []mistake{
		{"a file is purged as soon as it is closed", design{twists: twistsOf(twist{write: closedIsDue}, partRecording)}, inTime},
		{"an open case is purged", design{ports: takenForClosed}, inTime},
		{"the key goes last", design{twists: twistsOf(twist{write: keyLast}, partPurging)}, "nobody can read what was purged"},
		{"the rows are forgotten", design{ports: rowsStay}, "nothing of a purged case is left but its history"},
		{"the objects are forgotten", design{ports: objectsStay}, "no object outlives its case"},
		{"what was purged is not looked at once more", design{ports: clearedOnce, without: nets{rules: true}}, "no object outlives its case"},
	}
}

// keptForEver gives files no end that one part keeps.
func keptForEver(of part, kind dsr.EnclosureKind) design {
	return design{twists: twistsOf(undue(dsr.Kept, kind), of)}
}

// unrecorded leaves a case as if nobody had been reminded.
func unrecorded(before dsr.Case, change *casework.Change) {
	change.File.Case.Work.Reminded, change.File.Case.DueAt = before.Work.Reminded, before.DueAt
}

// farAway puts off the next reminder by two months.
func farAway(_ dsr.Case, change *casework.Change) {
	change.File.Case.DueAt = change.File.Case.DueAt.AddDate(0, 2, 0)
}

// notAnew leaves a case due when it was reminded of.
func notAnew(before dsr.Case, change *casework.Change) { change.File.Case.DueAt = before.DueAt }

// sameDayOnly takes each case for one of which staff were reminded the day before.
func sameDayOnly(w *world) {
	w.remind.Reminding.Cases = crooked{books{w.memory, w}, twist{read: func(c *dsr.Case) {
		if step, _, reminded := strings.Cut(c.Work.Reminded, " "); reminded {
			c.Work.Reminded = step + " " + w.now.AddDate(0, 0, -1).Format(time.DateOnly)
		}
	}}}
}

// untold drops the notices about a letter that came back.
func untold(_ dsr.Case, change *casework.Change) {
	if change.Event.Kind == dsr.LetterBounced {
		change.Letters = nil
	}
}

// shortMemory lets sweep forget from when it still has work.
func shortMemory(w *world) { w.sweep.Sweeping.Due = forgetful{w.memory, w} }

// forgetful is an index of which only yesterday is known.
type forgetful struct {
	*caseworktest.Memory
	w *world
}

// OldestDay implements casework.Due.
func (f forgetful) OldestDay(context.Context, string) (dsr.Day, error) {
	return dsr.Day(f.w.now.AddDate(0, 0, -1).Format(time.DateOnly)), nil
}

// rawStays lets sweep remove no mail.
func rawStays(w *world) { w.sweep.Sweeping.Raw = unmoved{w.bucket()} }

// unmoved is a bucket from which no mail goes.
type unmoved struct{ bucket }

// Remove implements casework.RawMail.
func (unmoved) Remove(context.Context, string) error { return nil }

// atOnce lets a raw mail fall due as soon as it was dealt with.
func atOnce(_ dsr.Case, change *casework.Change) {
	if change.Mail != nil && !change.Mail.DueAt.IsZero() {
		change.Mail.DueAt = change.At
	}
}

// takenForPassedOn lets sweep believe that each letter has left.
func takenForPassedOn(w *world) {
	w.sweep.Sweeping.Letters = crookedLetters{Memory: w.memory, letters: func(letter *dsr.Letter) {
		letter.State = dsr.LetterPosted
	}}
}

// endless lets sweep end no session.
func endless(w *world) { w.sweep.Sweeping.Sessions = open{w.memory} }

// open keeps all sessions.
type open struct{ *caseworktest.Memory }

// EndSession implements casework.Sessions.
func (open) EndSession(context.Context, [32]byte) error { return nil }

// closedIsDue lets a closed case fall due at once.
func closedIsDue(_ dsr.Case, change *casework.Change) {
	if change.Event.Kind == dsr.CaseClosed {
		change.File.Case.DueAt = change.At
	}
}

// takenForClosed lets purge take an open case that is due for a closed one. A second
// net is down: an open case does not say when it was closed.
func takenForClosed(w *world) {
	w.purge.Purging.Cases = crooked{books{w.memory, w}, twist{read: func(c *dsr.Case) {
		if c.State.Open() {
			c.State, c.Work.ClosedAt = dsr.Closed, c.Opened
		}
	}}}
}

// keyLast destroys the key of a file with the last thing that is left of it.
func keyLast(_ dsr.Case, change *casework.Change) {
	change.Purge = change.Event.Kind == dsr.LeftoversRemoved
}

// rowsStay lets purge remove no row.
func rowsStay(w *world) {
	w.purge.Purging.Leftovers = func(context.Context, dsr.Case) error { return nil }
}

// objectsStay lets purge remove no object.
func objectsStay(w *world) { w.purge.Purging.Files = full{w.bucket()} }

// clearedOnce lets purge remove what lies of a case in the run that destroyed its
// key, and not again.
func clearedOnce(w *world) {
	w.purge.Purging.Files = sticky{w.bucket(), w, func(w *world, r *run, path string) bool {
		_, rest, _ := strings.Cut(path, "/")
		id, _, _ := strings.Cut(rest, "/")
		for _, one := range w.deeds {
			if one.kind() == dsr.FilePurged && one.after.ID.String() == id {
				return one.by != r
			}
		}
		return false
	}}
}

// full is a bucket that is never emptied.
type full struct{ bucket }

// RemoveFile implements casework.Files.
func (full) RemoveFile(context.Context, string) error { return nil }
