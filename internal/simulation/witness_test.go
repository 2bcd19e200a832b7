package simulation

import (
	"context"
	"slices"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

// deed is one change of a case that was stored, whoever came to hear of it: what
// was done, by which run, and how the case stood before and after.
type deed struct {
	by            *run
	before, after dsr.Case
	change        casework.Change
	readable      bool // its personal part could be opened right after it
}

// kind is what the history says that happened.
func (d deed) kind() dsr.EventKind { return d.change.Event.Kind }

// of gives what was done to a case, oldest first.
func (w *world) of(id dsr.OwnerID) []deed { return w.deedsOf[id] }

// showing is an answer that somebody got to see.
type showing struct {
	by     *run
	answer dsr.Answer
	hash   [32]byte
}

// books is a casework.Cases that knows which run commits what.
type books struct {
	*caseworktest.Memory
	w *world
}

// Commit implements casework.Cases.
func (b books) Commit(ctx context.Context, change casework.Change) error {
	change.Enclosures = slices.Clone(change.Enclosures)
	b.w.cutNets(&change)
	if r, running := ctx.Value(runKey{}).(*run); running {
		r.change = &change
	}
	return b.Memory.Commit(ctx, change)
}

// attend looks at a case at the last moment before a commit. Nothing comes
// between this and the commit itself.
func (w *world) attend(r *run, call string) {
	if call != "Commit" || !r.change.AboutCase() {
		return
	}
	background, id := context.Background(), r.change.File.Case.ID
	file, err := w.memory.File(background, id)
	if r.before = file.Case; err != nil { // new, or purged
		r.before, _ = w.memory.Summary(background, id)
	}
}

// witness looks again just after a commit. A commit that was refused leaves the
// head of the history where it was.
func (w *world) witness(r *run, call string) {
	if call != "Commit" {
		return
	}
	w.witnessFiles(r)
	if mail := r.change.Mail; mail != nil {
		stored, err := w.memory.Mail(context.Background(), mail.ID)
		if _, known := w.settled[mail.ID]; !known && err == nil && stored.State.Terminal() {
			w.settled[mail.ID] = w.now
		}
	}
	if !r.change.AboutCase() {
		return
	}
	stands, err := w.memory.Summary(context.Background(), r.change.File.Case.ID)
	if err != nil || stands.Head == r.before.Head {
		return
	}
	file, err := w.memory.File(context.Background(), stands.ID)
	if err == nil {
		stands = file.Case
	}
	done := deed{by: r, before: r.before, after: stands, change: *r.change, readable: err == nil}
	w.deeds = append(w.deeds, done)
	w.deedsOf[stands.ID] = append(w.deedsOf[stands.ID], done)
	w.agreed(done)
}

// fileMove is one thing that was done to a file of a case, and how the case stood
// then.
type fileMove struct {
	by   *run
	at   time.Time
	next dsr.Enclosure
	of   dsr.Case
	done int // how much had been done to the case by then
}

// witnessFiles notes what a commit did to files of cases.
func (w *world) witnessFiles(r *run) {
	for _, asked := range r.change.Enclosures {
		stands, err := w.memory.EnclosureOf(context.Background(), asked.Next.Ref)
		if err != nil || !sameRow(stands, asked.Next) || sameRow(stands, w.files[stands.Ref].next) {
			continue
		}
		id := stands.Ref.Case
		done := fileMove{r, w.now, stands, w.standing(id), len(w.deedsOf[id])}
		w.moves = append(w.moves, done)
		w.files[stands.Ref] = done
		if stands.Ref.Kind == dsr.PackageFile && stands.State == dsr.Kept {
			w.unpack(stands)
		}
	}
}

// sameRow reports whether two rows of a file are one, as far as it ever changes.
func sameRow(a, b dsr.Enclosure) bool {
	return a.State == b.State && a.Until.Equal(b.Until) && a.DueAt.Equal(b.DueAt) && a.Tries == b.Tries &&
		a.Cut == b.Cut && a.SeenBy == b.SeenBy && slices.Equal(a.Paths, b.Paths)
}
