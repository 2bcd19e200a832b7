package simulation

import (
	"context"
	"slices"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

// part is a group of acts that is wired for itself, so that a mistake can be
// made in one of them.
type part string

// The parts.
const (
	partReceiving  part = "receiving"
	partRecording  part = "recording"
	partHandling   part = "handling"
	partReviewing  part = "reviewing"
	partConfirming part = "confirming"
	partCollecting part = "collecting"
	partInspecting part = "inspecting"
	partPacking    part = "packing"
	partSweeping   part = "sweeping"
	partReminding  part = "reminding"
	partPurging    part = "purging"
)

// twist is a mistake between an act and the store. The act decides on the case
// as read leaves it; what is stored is what write makes of its change, which
// knows how the case really stood. Either may be nil.
type twist struct {
	read  func(*dsr.Case)
	write func(before dsr.Case, change *casework.Change)
}

// cases gives a part its cases: as they are, or twisted by the design.
func (w *world) cases(of part) casework.Cases {
	plain := books{w.memory, w}
	if made, twisted := w.twists[of]; twisted {
		return crooked{plain, made}
	}
	return plain
}

// crooked is a casework.Cases with a twist.
type crooked struct {
	books
	twist
}

// Summary implements casework.Cases.
func (k crooked) Summary(ctx context.Context, id dsr.OwnerID) (dsr.Case, error) {
	c, err := k.books.Summary(ctx, id)
	if err == nil && k.read != nil {
		k.read(&c)
	}
	return c, err
}

// File implements casework.Cases.
func (k crooked) File(ctx context.Context, id dsr.OwnerID) (casework.File, error) {
	file, err := k.books.File(ctx, id)
	if err == nil && k.read != nil {
		k.read(&file.Case)
	}
	return file, err
}

// Commit implements casework.Cases.
func (k crooked) Commit(ctx context.Context, change casework.Change) error {
	if k.write != nil && !change.Opens() {
		before, err := k.Memory.Summary(context.Background(), change.File.Case.ID)
		if err != nil && change.AboutCase() {
			return err
		}
		change.Enclosures = slices.Clone(change.Enclosures)
		k.write(before, &change)
	}
	return k.books.Commit(ctx, change)
}

// pageLetters gives the pages their letters, as the design lets them see links.
func (w *world) pageLetters() casework.Letters {
	if w.linkRows == nil {
		return w.memory
	}
	return crookedLetters{Memory: w.memory, links: w.linkRows}
}

// recordedLetters gives the letters to whoever records what became of them.
func (w *world) recordedLetters() casework.Letters {
	if w.letterRows == nil {
		return w.memory
	}
	return crookedLetters{Memory: w.memory, letters: w.letterRows}
}

// crookedLetters is a casework.Letters that shows some rows wrong.
type crookedLetters struct {
	*caseworktest.Memory
	links   func(*dsr.Link)
	letters func(*dsr.Letter)
}

// Link implements casework.Letters.
func (k crookedLetters) Link(ctx context.Context, owner dsr.OwnerID, id dsr.LinkID) (dsr.Link, error) {
	link, err := k.Memory.Link(ctx, owner, id)
	if err == nil && k.links != nil {
		k.links(&link)
	}
	return link, err
}

// Letter implements casework.Letters.
func (k crookedLetters) Letter(ctx context.Context, ref dsr.LetterRef) (dsr.Letter, error) {
	letter, err := k.Memory.Letter(ctx, ref)
	if err == nil && k.letters != nil {
		k.letters(&letter)
	}
	return letter, err
}
