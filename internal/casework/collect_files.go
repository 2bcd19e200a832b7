package casework

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// ErrNotReady is returned for files that parcel still works on: a moment later
// they are there.
var ErrNotReady = errors.New("the files are not ready yet")

const (
	// ticketHash names what the hashes of tickets are made for.
	ticketHash = "download ticket"
	// readTime is how long a handout has to live on for a download that begins
	// now; the address of the download lives for a minute.
	readTime = 2 * time.Minute
	// freshFor is how long a handout has to live on for a code that is asked now:
	// the code has its life, and then the ticket.
	freshFor = 2*dsr.CodeLife + readTime
)

// handouts gives the handout that a case needs before its files can be downloaded:
// while the reader waits for a code, parcel opens the package. There is none to
// make when no package is kept, or when one is open for long enough.
func (k Collecting) handouts(ctx context.Context, now time.Time, id dsr.OwnerID) ([]EnclosureMove, error) {
	all, err := k.Enclosures(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("listing the files: %w", err)
	}
	return k.handout(now, id, all, now.Add(freshFor))
}

// handout gives a handout to make, unless one is being made or lives on until
// an instant.
func (k Collecting) handout(now time.Time, id dsr.OwnerID, all []dsr.Enclosure, until time.Time) ([]EnclosureMove, error) {
	_, packed := standing(all, dsr.PackageFile, now)
	_, open := standing(all, dsr.HandoutFile, until)
	if !packed || open || pending(all, dsr.HandoutFile) {
		return nil, nil
	}
	move, err := k.announced(dsr.EnclosureRef{Case: id, Kind: dsr.HandoutFile}, now)
	return []EnclosureMove{move}, err
}

// ticket draws a ticket for the files of an answer, and gives what is kept of it.
func (k Collecting) ticket(
	ctx context.Context, now time.Time, file File, answer dsr.Answer, link LinkRef,
) (ticket string, kept *LinkTicket, err error) {
	if len(answer.Files) == 0 {
		return "", nil, nil
	}
	// Files of which the package ended are named on the page and are not to be had.
	all, err := k.Enclosures(ctx, file.Case.ID)
	if err != nil {
		return "", nil, fmt.Errorf("listing the files: %w", err)
	}
	if _, packed := standing(all, dsr.PackageFile, now); !packed {
		return "", nil, nil
	}
	var drawn [32]byte
	if _, err := io.ReadFull(k.Random, drawn[:]); err != nil {
		return "", nil, fmt.Errorf("drawing a ticket: %w", err)
	}
	ticket = base64.RawURLEncoding.EncodeToString(drawn[:])
	return ticket, &LinkTicket{LinkRef: link, Hash: hashOf(file.Key, link, ticket), Until: now.Add(dsr.CodeLife)}, nil
}

// hashOf gives what is kept of a ticket.
func hashOf(key DataKey, link LinkRef, ticket string) [32]byte {
	return key.Hash(ticketHash, link.ID.String()+ticket)
}

// Handout is a package that lies open for one download.
type Handout struct {
	Path string // in the bucket of files; whoever has an address of it can read it
	Size int64
	Name string // what the download is to be called
}

// Download gives the files of an answer for a ticket. A ticket is good for several
// tries: a download may break off. ErrCode when it is no ticket, or not any more;
// ErrNotReady when the files are being made ready; dsr.NotNowPackage when they
// are gone.
func (k Collecting) Download(ctx context.Context, now time.Time, link dsr.Link, ticket string) (Handout, error) {
	var handout Handout
	err := k.decide(ctx, func() error {
		var err error
		handout, err = k.download(ctx, now, link, ticket)
		return err
	})
	if err != nil {
		return Handout{}, fmt.Errorf("handing out the files of case %s: %w", link.Owner, err)
	}
	return handout, nil
}

// download checks a ticket, and finds the handout for it or has one made.
func (k Collecting) download(ctx context.Context, now time.Time, link dsr.Link, ticket string) (Handout, error) {
	file, err := k.Cases.File(ctx, link.Owner)
	if err != nil {
		return Handout{}, dead(err, "opening the case")
	}
	stored, _, err := k.living(ctx, link)
	if err != nil {
		return Handout{}, err
	}
	given := hashOf(file.Key, LinkRef{link.Owner, link.ID}, ticket)
	right := subtle.ConstantTimeCompare(given[:], stored.Ticket[:]) == 1
	if !right || !now.Before(stored.TicketUntil) {
		return Handout{}, ErrCode
	}
	all, err := k.Enclosures(ctx, link.Owner)
	if err != nil {
		return Handout{}, fmt.Errorf("listing the files: %w", err)
	}
	// A handout that ends in a moment would end the download with it.
	open, there := standing(all, dsr.HandoutFile, now.Add(readTime))
	if !there {
		return Handout{}, k.unready(ctx, now, link.Owner, all)
	}
	return Handout{Path: open.Path(), Size: open.Size, Name: string(file.Case.Number) + ".zip"}, k.handedOut(ctx, now, file, stored)
}

// unready says why no package lies open, and has one opened when none is being.
func (k Collecting) unready(ctx context.Context, now time.Time, id dsr.OwnerID, all []dsr.Enclosure) error {
	if _, packed := standing(all, dsr.PackageFile, now); !packed {
		return dsr.NotNowPackage
	}
	moves, err := k.handout(now, id, all, now.Add(readTime))
	if err == nil && len(moves) > 0 {
		err = k.Cases.Commit(ctx, Change{Enclosures: moves, At: now})
	}
	if err != nil {
		return fmt.Errorf("having the package opened: %w", err)
	}
	return ErrNotReady
}

// handedOut records a download, once for each ticket: a second try is the same
// download. The ticket is named by the beginning of its hash.
func (k Collecting) handedOut(ctx context.Context, now time.Time, file File, link dsr.Link) error {
	ticket := hex.EncodeToString(link.Ticket[:8])
	history, err := k.Cases.History(ctx, file.Case.ID)
	if err != nil {
		return fmt.Errorf("reading the history: %w", err)
	}
	if slices.ContainsFunc(history, func(event dsr.Event) bool {
		return event.Kind == dsr.FilesHandedOut && event.Facts["ticket"] == ticket
	}) {
		return nil
	}
	file.Case.Seq++
	return k.Cases.Commit(ctx, Change{
		File: File{Case: file.Case},
		Event: dsr.Event{
			Seq: file.Case.Seq, Kind: dsr.FilesHandedOut, At: now, Actor: link.Actor, Facts: map[string]string{"ticket": ticket},
		},
		At: now,
	})
}
