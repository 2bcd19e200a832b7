package simulation

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// invariantsOfCopies lists what must hold for copies of identity documents, and for
// everything else that is uploaded.
func invariantsOfCopies() []invariant {
	return []invariant{
		{"no copy outlives its verdict by a day", copiesEndWithVerdict},
		{"no copy is kept for more than fourteen days", copiesEndInTime},
		{"no upload lies open for a day", uploadsGo},
		{"a mailed copy is cut out of its mail", mailedCopiesAreCut},
		{"who judges by a copy has looked at it", judgesLooked},
		{"nothing is kept of a copy that nobody wants", keptIsWanted},
		{"every file comes to an end", filesEnd},
		{"nothing lies there of what is at an end", endedIsGone},
		{"what is kept lies where its row says", keptLies},
	}
}

// by gives when something must have happened at last: a while after an instant,
// and later when sweep did not come, or when calls failed.
func (w *world) by(at time.Time, within time.Duration) time.Time {
	until := at.Add(within)
	for range 8 {
		until = at.Add(within + w.faults.overlap(functionSweep, at, until))
	}
	if w.faults.at(at) {
		until = until.Add(longestDelay)
	}
	return until
}

// outlived reports whether an object was there after an instant.
func (w *world) outlived(o *object, end time.Time) bool {
	return w.now.After(end) && (o.there() || o.gone.After(end))
}

// inFolder lists what ever lay in a folder, in order.
func (w *world) inFolder(folder string) (paths []string) {
	for path := range w.stock {
		if strings.HasPrefix(path, folder) {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}

// claims gives when each path of a file was first written down, and for which file.
func (w *world) claims() map[string]fileMove {
	first := map[string]fileMove{}
	for _, move := range w.moves {
		for _, path := range move.next.Paths {
			if _, known := first[path]; !known {
				first[path] = move
			}
		}
	}
	return first
}

// endsCopies reports whether a deed leaves the copies of its case without a use.
func endsCopies(one deed) bool {
	switch one.kind() {
	case dsr.IdentityConfirmed, dsr.IdentityDoubted, dsr.RequestDisowned:
		return true
	}
	prior := one.before.OnFile.Reference
	return prior != "" && prior != one.after.OnFile.Reference || one.before.State.Undecided() && !one.after.State.Undecided()
}

// copiesEndWithVerdict counts from the first thing that ended what a copy was for,
// after it was begun on; and also for what a stalled attempt stored since.
func copiesEndWithVerdict(w *world) error {
	claims := w.claims()
	for _, path := range w.inFolder("idcopy/") {
		one := w.stock[path]
		done := w.of(w.idOf(strings.Split(path, "/")[1]))
		if claim, known := claims[strings.TrimSuffix(path, "-blurred")]; known {
			done = done[claim.done:] // much may be done at one instant
		}
		for _, end := range done {
			if !endsCopies(end) {
				continue
			}
			w.met["copy ended by a verdict"]++
			if until := w.by(end.change.At, day); w.outlived(one, until) {
				return fmt.Errorf("%s, of %s, lay there on %s, and %s was on %s", path, one.at, until, end.kind(), end.change.At)
			}
			break
		}
	}
	return nil
}

// idOf reads the id of a case.
func (w *world) idOf(written string) dsr.OwnerID {
	id, err := dsr.ParseOwnerID(written)
	if err != nil {
		w.surprises = append(w.surprises, err)
	}
	return id
}

// copiesEndInTime counts from when a copy was first heard of, and for what nobody
// wrote down from when it was stored.
func copiesEndInTime(w *world) error {
	claims := w.claims()
	for _, path := range w.inFolder("idcopy/") {
		one := w.stock[path]
		arrived := one.at
		if claim, known := claims[strings.TrimSuffix(path, "-blurred")]; known {
			arrived = claim.next.Arrived
		}
		if end := w.by(arrived.Add(dsr.CopyLife), day); w.outlived(one, end) {
			return fmt.Errorf("%s lay there on %s, and came on %s", path, end, arrived)
		}
	}
	return nil
}

func uploadsGo(w *world) error {
	for _, path := range slices.Concat(w.inFolder("incoming/"), w.inFolder("found/")) {
		if one := w.stock[path]; w.outlived(one, w.by(one.at, day)) {
			return fmt.Errorf("%s came on %s and lies there", path, one.at)
		}
	}
	return nil
}

// mailedCopiesAreCut looks into the mails as they lie there: also what nobody
// wanted is of somebody's identity.
func mailedCopiesAreCut(w *world) error {
	for _, ref := range w.allFiles() {
		row := w.files[ref].next
		done := row.KeptAt
		if done.IsZero() {
			done = row.GoneAt
		}
		raw, _, err := w.objects.OpenFile(context.Background(), rawFolder+row.Mail.MailID)
		if done.IsZero() || err != nil || w.now.Before(w.by(done, day)) {
			continue
		}
		all, err := io.ReadAll(raw)
		if err != nil {
			return err
		}
		w.met["mailed copy cut out"]++
		if strings.Contains(string(all), w.sentAs(row)) {
			return fmt.Errorf("copy %s was dealt with on %s and still lies in its mail", ref.Tag(), done)
		}
	}
	return nil
}

// allFiles lists the files that ever were, in order.
func (w *world) allFiles() (refs []dsr.EnclosureRef) {
	for ref := range w.files {
		refs = append(refs, ref)
	}
	slices.SortFunc(refs, func(a, b dsr.EnclosureRef) int { return strings.Compare(a.Tag(), b.Tag()) })
	return refs
}

func judgesLooked(w *world) error {
	for _, one := range w.deeds {
		file, judged := one.change.Event.Facts["file"], one.kind() == dsr.IdentityConfirmed
		if !judged || file == "" {
			continue
		}
		w.met["judged by a copy"]++
		looked := slices.ContainsFunc(w.of(one.after.ID), func(other deed) bool {
			return other.kind() == dsr.IDCopyViewed && other.change.Event.Facts["file"] == file &&
				other.change.Event.Actor == one.change.Event.Actor && other.change.Event.Seq < one.change.Event.Seq
		})
		if !looked {
			return fmt.Errorf("case %s: somebody judged by a copy that they had not looked at", one.after.Number)
		}
	}
	return nil
}

// filesEnd holds for each file of a case that was not purged: nobody waits for it
// any more, and nothing is overdue about it.
func filesEnd(w *world) error {
	for _, ref := range w.allFiles() {
		row := w.files[ref].next
		if w.standing(ref.Case).State == dsr.Purged {
			continue
		}
		w.met["file "+string(ref.Kind)+": "+string(row.State)+" "+row.Reason]++
		if row.State == dsr.Announced || row.State == dsr.Arriving || row.State == dsr.Condemned {
			return fmt.Errorf("file %s is still %q", ref.Tag(), row.State)
		}
		if !row.DueAt.IsZero() && w.now.After(w.by(row.DueAt, day)) {
			return fmt.Errorf("file %s is %q and was due on %s", ref.Tag(), row.State, row.DueAt)
		}
	}
	return nil
}

// keptIsWanted looks at the case as it stood when the attempt began that kept a
// copy: it took uploads, or mailed ones.
func keptIsWanted(w *world) error {
	claims := w.claims()
	for _, move := range w.moves {
		row := move.next
		if row.Ref.Kind != dsr.IDCopyFile || row.State != dsr.Kept {
			continue
		}
		c := claims[row.Path()].of
		mailed := row.Mail != dsr.MailedPart{} && c.State.Undecided() && c.Work.Identity == ""
		if !mailed && !c.TakesCopy() {
			return fmt.Errorf("copy %s was kept, of a case that is %q and %q", row.Ref.Tag(), c.State, c.Work.Identity)
		}
	}
	return nil
}

// endedIsGone holds for whatever any attempt has stored, also long after the end.
func endedIsGone(w *world) error {
	for _, ref := range w.allFiles() {
		row := w.files[ref].next
		if row.State != dsr.TurnedDown && row.State != dsr.Destroyed || w.now.Before(w.by(row.GoneAt, day)) {
			continue
		}
		for _, path := range row.Paths {
			if w.stock[path].there() || w.stock[path+"-blurred"].there() {
				return fmt.Errorf("file %s ended on %s, and %s lies there", ref.Tag(), row.GoneAt, path)
			}
		}
	}
	return nil
}

// keptLies holds as long as a file is not due: the rules of a bucket may be sooner
// than sweep.
func keptLies(w *world) error {
	for _, ref := range w.allFiles() {
		row := w.files[ref].next
		over := !row.DueAt.IsZero() && !w.now.Before(row.DueAt)
		if row.State == dsr.Kept && !over && w.standing(ref.Case).State != dsr.Purged && !w.stock[row.Path()].there() {
			return fmt.Errorf("file %s is kept, and nothing lies at %s", ref.Tag(), row.Path())
		}
	}
	return nil
}
