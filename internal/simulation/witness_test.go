package simulation

import (
	"context"

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
}

// kind is what the history says that happened.
func (d deed) kind() dsr.EventKind { return d.change.Event.Kind }

// of gives what was done to a case, oldest first.
func (w *world) of(id dsr.OwnerID) []deed { return w.deedsOf[id] }

// showing is an answer that somebody got to see.
type showing struct {
	by     *run
	answer dsr.Answer
}

// books is a casework.Cases that knows which run commits what.
type books struct {
	*caseworktest.Memory
}

// Commit implements casework.Cases.
func (b books) Commit(ctx context.Context, change casework.Change) error {
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
	r.before = dsr.Case{}
	if file, err := w.memory.File(context.Background(), r.change.File.Case.ID); err == nil {
		r.before = file.Case
	}
}

// witness looks again just after a commit. A commit that was refused leaves the
// head of the history where it was.
func (w *world) witness(r *run, call string) {
	if call != "Commit" || !r.change.AboutCase() {
		return
	}
	file, err := w.memory.File(context.Background(), r.change.File.Case.ID)
	if err != nil || file.Case.Head == r.before.Head {
		return
	}
	done := deed{by: r, before: r.before, after: file.Case, change: *r.change}
	w.deeds = append(w.deeds, done)
	w.deedsOf[file.Case.ID] = append(w.deedsOf[file.Case.ID], done)
}
