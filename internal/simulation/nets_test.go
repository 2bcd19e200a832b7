package simulation

import (
	"context"
	"time"

	"polarweb.nl/inzage/internal/casestore"
	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/ledger"
	"polarweb.nl/inzage/internal/organisation"
)

// nets are the safety nets under files, each true when it is down. Two nets hide
// each other's holes, so each seed has some of them only. Where a net is down,
// nothing goes wrong that only this net would catch.
type nets struct {
	calm      bool // nothing fails that works on files, and no event about one is lost
	rules     bool // the buckets remove nothing by themselves
	originals bool // sweep does not look for uploads
	lastLook  bool // what ended is not looked at once more
	atOnce    bool // a verdict leaves it to sweep to remove the copies
}

// drawNets gives a world its nets. The rules of the buckets have to catch nothing;
// neither has removing at once.
func (w *world) drawNets() nets {
	down := nets{rules: w.chance(0.5), atOnce: w.chance(0.25), calm: w.chance(0.3) || w.without.calm}
	if down.calm {
		w.faults.loseObject = 0
		down.originals, down.lastLook = w.chance(0.5), w.chance(0.5)
	}
	down.rules = down.rules || w.without.rules
	down.originals = down.originals || w.without.originals
	down.lastLook = down.lastLook || w.without.lastLook
	down.atOnce = down.atOnce || w.without.atOnce
	return down
}

// spared reports whether a function is one of those of which nothing fails in this
// world.
func (w *world) spared(function string) bool {
	return w.nets.calm && (function == functionIDCheck || function == functionParcel)
}

// cutNets takes the nets out of a change that are down in this world.
func (w *world) cutNets(change *casework.Change) {
	for i, move := range change.Enclosures {
		ended := move.Next.State == dsr.TurnedDown || move.Next.State == dsr.Destroyed
		if w.nets.lastLook && ended {
			change.Enclosures[i].Next.DueAt = time.Time{}
		}
	}
}

// drawRules gives the organisation of a world what differs between organisations:
// when it asks for copies, how mail comes in, and for how long it keeps files.
func (w *world) drawRules() {
	profile := &w.rules.Profile
	profile.Retention.FileMonths = 12
	if w.chance(0.7) {
		profile.Retention.FileMonths = shortest
	}
	profile.Identity.IDCopy = organisation.CopyOnDoubt
	if w.chance(0.7) {
		profile.Identity.IDCopy = organisation.CopyOnRequest
	}
	profile.Intake.Mode = organisation.ModeCopy
	if w.chance(0.5) {
		profile.Intake.Mode, profile.Intake.HumanMailbox = organisation.ModeMX, humanMailbox
	}
}

const (
	// shortest is for how many months a file is kept at least.
	shortest = 2
	// humanMailbox is where people read mail that is passed on.
	humanMailbox = "mensen@bureau.example"
)

// grown is a ledger that has gathered all there is: its own tests grow it.
type grown struct{}

// LedgerHead implements sweep.Ledger.
func (grown) LedgerHead(context.Context) (casestore.LedgerHead, error) {
	return casestore.LedgerHead{}, nil
}

// PendingLeaves implements sweep.Ledger.
func (grown) PendingLeaves(context.Context, int) ([]ledger.Hash, error) { return nil, nil }

// Grow implements sweep.Ledger.
func (grown) Grow(_ context.Context, head casestore.LedgerHead, _ []ledger.Hash) (casestore.LedgerHead, error) {
	return head, nil
}

// SaveCheckpoint implements sweep.Ledger.
func (grown) SaveCheckpoint(context.Context, casestore.LedgerHead, string, time.Time) error {
	return nil
}
