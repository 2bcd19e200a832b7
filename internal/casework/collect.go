package casework

import (
	"context"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

const (
	// maxCodes is how many codes one link can have. More come with a new link.
	maxCodes = 5
	// codeHash names what the hashes of codes are made for.
	codeHash = "answer code"
)

// errChanged is returned for an answer that is not the one that was approved.
// It shows nothing: somebody has to look.
var errChanged = errors.New("what is stored is not the answer that was approved")

// Collecting lets the data subject have their answer: a one-time code goes to
// the contact on file, and the right code shows the answer once. Of the code
// only a keyed hash is kept. Where the answer has files, the code also gives a
// ticket, which downloads them for a while.
type Collecting struct {
	Answering
	Cases   Cases
	Letters Letters
}

// Look says whether there is an answer behind a link. It writes nothing.
func (k Collecting) Look(ctx context.Context, link dsr.Link) (dsr.Case, error) {
	_, c, err := k.living(ctx, link)
	return c, err
}

// living gives the row of a link and its case, when that has an answer to show.
func (k Collecting) living(ctx context.Context, link dsr.Link) (dsr.Link, dsr.Case, error) {
	if link.Purpose != dsr.CollectAnswer {
		return dsr.Link{}, dsr.Case{}, ErrLinkDead
	}
	stored, c, err := living(ctx, k.Cases, k.Letters, link)
	if err != nil {
		return dsr.Link{}, dsr.Case{}, err
	}
	if c.State != dsr.Answering && c.State != dsr.Closed || !c.Discloses() {
		return dsr.Link{}, dsr.Case{}, ErrLinkDead
	}
	return stored, c, nil
}

// SendCode sends a one-time code to the contact on file. Earlier codes end.
func (k Collecting) SendCode(ctx context.Context, now time.Time, link dsr.Link, number string) error {
	err := k.decide(ctx, func() error {
		stored, c, err := k.living(ctx, link)
		if err != nil {
			return err
		}
		if err := numbered(number)(c); err != nil {
			return err
		}
		if err := k.usable(ctx, stored); err != nil {
			return err
		}
		file, err := k.Cases.File(ctx, link.Owner)
		if err != nil {
			return err
		}
		return k.send(ctx, now, stored, file)
	})
	if err != nil {
		return fmt.Errorf("sending a code for case %s: %w", link.Owner, err)
	}
	return nil
}

// usable reports whether one more code is of use: the link still has codes and
// tries. A try is taken and given back, which is the only way to ask.
func (k Collecting) usable(ctx context.Context, link dsr.Link) error {
	if link.Codes >= maxCodes {
		return dsr.NotNowCodes
	}
	err := k.Letters.Try(ctx, link.Owner, link.ID, 1)
	if errors.Is(err, ErrConflict) {
		return dsr.NotNowCodes
	}
	if err != nil {
		return dead(err, "asking for the tries of the link")
	}
	if err := k.Letters.Try(ctx, link.Owner, link.ID, -1); err != nil {
		return fmt.Errorf("giving a try of the link back: %w", err)
	}
	return nil
}

// send draws a code, and commits its hash and the letter that brings it.
func (k Collecting) send(ctx context.Context, now time.Time, link dsr.Link, file File) error {
	code, err := drawCode(k.Random)
	if err != nil {
		return err
	}
	letter := toPerson(file.Case, dsr.CodeLetter, "", dsr.Addressee{Contact: codeContact(file.Case)}, now)
	if letter.Sealed, err = file.Key.Seal(k.Random, letterPlace(letter.Ref), []byte(code)); err != nil {
		return fmt.Errorf("sealing a code: %w", err)
	}
	handouts, err := k.handouts(ctx, now, file.Case.ID)
	if err != nil {
		return err
	}
	file.Case.Seq++
	return k.Cases.Commit(ctx, Change{
		File:       File{Case: file.Case},
		Event:      dsr.Event{Seq: file.Case.Seq, Kind: dsr.CodeAsked, At: now, Actor: link.Actor},
		Letters:    []dsr.Letter{letter},
		Enclosures: handouts,
		Code: &LinkCode{
			LinkRef: LinkRef{link.Owner, link.ID}, Codes: link.Codes, Sent: true,
			Hash: file.Key.Hash(codeHash, link.ID.String()+code), Until: now.Add(dsr.CodeLife),
		},
		At: now,
	})
}

// drawCode draws six digits, each code as likely as any other.
func drawCode(random io.Reader) (string, error) {
	const codes = 1_000_000
	const fair = ^uint32(0) / codes * codes
	for {
		var drawn [4]byte
		if _, err := io.ReadFull(random, drawn[:]); err != nil {
			return "", fmt.Errorf("drawing a code: %w", err)
		}
		if n := binary.BigEndian.Uint32(drawn[:]); n < fair {
			return fmt.Sprintf("%06d", n%codes), nil
		}
	}
}

// Collected is an answer that was opened. Ticket downloads its files until a
// code's life later, or the next ticket; it is empty when there are no files, or
// none any more.
type Collected struct {
	dsr.Answer
	Ticket string
}

// Open gives the answer for the right code. As with a sign-in, a try is taken
// before the code is looked at, and only a right one gives it back.
func (k Collecting) Open(ctx context.Context, now time.Time, link dsr.Link, code string) (Collected, error) {
	stored, _, err := k.living(ctx, link)
	if err != nil {
		return Collected{}, err
	}
	// Where no code is good, none can be guessed: robots that fill in forms must
	// not use up the tries of whom the link is for.
	if stored.CodeHash == [32]byte{} || !now.Before(stored.CodeUntil) {
		return Collected{}, ErrCode
	}
	err = k.Letters.Try(ctx, link.Owner, link.ID, 1)
	if errors.Is(err, ErrConflict) {
		return Collected{}, ErrLinkDead
	}
	if err != nil {
		return Collected{}, dead(err, "taking a try of the link")
	}
	var answer Collected
	err = k.decide(ctx, func() error {
		answer, err = k.open(ctx, now, link, code)
		return err
	})
	if err != nil {
		return Collected{}, fmt.Errorf("opening the answer of case %s: %w", link.Owner, err)
	}
	// The answer is had, whatever becomes of the try: at worst the link has one
	// try less.
	_ = k.Letters.Try(ctx, link.Owner, link.ID, -1)
	return answer, nil
}

// open checks a code, and that the answer is the approved one, and uses the code
// up.
func (k Collecting) open(ctx context.Context, now time.Time, link dsr.Link, code string) (Collected, error) {
	// The case is read before its link: whoever uses the code in between changes
	// the case, and then nothing of this is stored.
	file, err := k.Cases.File(ctx, link.Owner)
	if err != nil {
		return Collected{}, err
	}
	stored, _, err := k.living(ctx, link)
	if err != nil {
		return Collected{}, err
	}
	given := file.Key.Hash(codeHash, link.ID.String()+code)
	right := subtle.ConstantTimeCompare(given[:], stored.CodeHash[:]) == 1
	if !right || !now.Before(stored.CodeUntil) {
		return Collected{}, ErrCode
	}
	answer, err := k.approved(ctx, file)
	if err != nil {
		return Collected{}, err
	}
	ref := LinkRef{link.Owner, link.ID}
	ticket, handed, err := k.ticket(ctx, now, file, answer, ref)
	if err != nil {
		return Collected{}, err
	}
	file.Case.Seq++
	return Collected{answer, ticket}, k.Cases.Commit(ctx, Change{
		File:   File{Case: file.Case},
		Event:  dsr.Event{Seq: file.Case.Seq, Kind: dsr.AnswerCollected, At: now, Actor: link.Actor},
		Code:   &LinkCode{LinkRef: ref, Codes: stored.Codes},
		Ticket: handed,
		At:     now,
	})
}
