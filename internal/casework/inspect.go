package casework

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// copyLease is longer than idcheck may run, so that a live attempt is never
// overtaken.
const copyLease = 5 * time.Minute

// Inspecting is what idcheck does with copies of identity documents. Each is
// claimed, looked at, and kept as a sealed picture or refused; its original is
// destroyed in every outcome, and the picture when it has served.
//
// Any step may come twice, late, or never. An attempt writes its path down before
// it stores anything there, so that what a dead or a stalled one leaves is found
// and removed: by the next attempt, at the end of the copy, and once more an hour
// after that. Until then the row stays in the due index.
type Inspecting struct {
	Place
	Rules      Rules
	Cases      Cases
	Files      Files
	Enclosure  EnclosureOf
	Enclosures EnclosuresOf
	Examine    Examine
}

// errNobodys is returned for an original of which nothing is written down: it is
// destroyed, and that is all.
var errNobodys = errors.New("nobody asked for this file")

// TakeIn does what there is to do about a copy: takes it in, destroys its
// original, ends it when its time is over, removes what lies of it when it is at
// an end. Repeating it is fine, also by several at once.
func (i Inspecting) TakeIn(ctx context.Context, now time.Time, ref dsr.EnclosureRef, original Original) error {
	copied, err := i.claim(ctx, now, ref)
	if err == nil && copied.State == dsr.Arriving {
		copied, err = i.inspect(ctx, now, copied, original)
	}
	switch {
	case err == nil:
		err = i.settle(ctx, now, copied, original)
	case errors.Is(err, errNobodys):
		err = original.Destroy(ctx)
	}
	if err != nil && !errors.Is(err, errHeld) {
		return fmt.Errorf("taking in copy %s: %w", ref.Tag(), err)
	}
	return nil
}

// claim begins an attempt on a copy and gives its row; errHeld while another
// runs. A copy that is kept or at an end is given as it is, and so is one that
// ends here, because nothing of it may be kept.
func (i Inspecting) claim(ctx context.Context, now time.Time, ref dsr.EnclosureRef) (copied dsr.Enclosure, err error) {
	err = i.decide(ctx, func() error {
		prior, err := i.Enclosure(ctx, ref)
		if errors.Is(err, ErrNotFound) {
			prior, err = dsr.Enclosure{}, nil
		}
		if err != nil {
			return fmt.Errorf("reading its row: %w", err)
		}
		if prior.Held(now) {
			return errHeld
		}
		if copied = prior; prior.State == dsr.Kept || prior.Ended() {
			return nil
		}
		var change Change
		if copied, change, err = i.begin(ctx, now, ref, prior); err != nil {
			return err
		}
		return i.Cases.Commit(ctx, change)
	})
	return copied, err
}

// begin gives a copy with a new attempt on it, or refused. The history hears of
// the first attempt, and of the end.
func (i Inspecting) begin(ctx context.Context, now time.Time, ref dsr.EnclosureRef, prior dsr.Enclosure) (next dsr.Enclosure, change Change, err error) {
	c, err := i.Cases.Summary(ctx, ref.Case)
	if errors.Is(err, ErrNotFound) || err == nil && c.State == dsr.Purged {
		return next, change, errNobodys
	}
	if err != nil {
		return next, change, fmt.Errorf("reading its case: %w", err)
	}
	unique, err := dsr.NewOwnerID(i.Random)
	if err != nil {
		return next, change, err
	}
	next = prior
	if prior.State == "" {
		next = dsr.Enclosure{Ref: ref, Arrived: now}
	}
	// The row that a claim changes is the condition of the transaction, and so is the
	// case: of two that find one place left, one decides again.
	word, quiet, err := i.refuses(ctx, c, next)
	change = Change{Enclosures: []EnclosureMove{{Prior: prior}}, At: now}
	switch {
	case err != nil:
	case quiet && prior.State == "":
		err = errNobodys
	case word == "":
		if next.Begin(keptPath(ref, unique), now.Add(copyLease)); prior.Tries == 0 {
			change.tell(c, copyEvent(dsr.IDCopyReceived, next))
		}
	default:
		if turnDown(&next, word, now); !quiet {
			change.tell(c, copyEvent(dsr.IDCopyRefused, next), i.toldRefused(c, next, now)...)
		}
	}
	change.Enclosures[0].Next = next
	return next, change, err
}

// tell adds to a change what the history of a case hears, and who gets a letter.
func (change *Change) tell(c dsr.Case, event dsr.Event, letters ...dsr.Letter) {
	c.Seq++
	event.Seq, event.At = c.Seq, change.At
	change.File.Case, change.Event, change.Letters = c, event, letters
}

// refuses says why a copy is not looked at; "" when it is. Quiet is that nobody
// hears of it: whoever sends a thousand must not fill the history with it. Each
// attempt asks anew whether somebody still waits for the copy; how many came
// counts once, when it came.
func (i Inspecting) refuses(ctx context.Context, c dsr.Case, copied dsr.Enclosure) (word string, quiet bool, err error) {
	switch unwanted := !wanted(c, copied); {
	case copied.Tries > 0 && unwanted:
		return reasonUnasked, false, nil
	case copied.Tries >= maxAttempts:
		return CopyUnread, false, nil
	case copied.Tries > 0:
		return "", false, nil
	case unwanted:
		word = reasonUnasked
	}
	others, err := i.others(ctx, c, copied)
	if err != nil {
		return "", false, err
	}
	if word == "" && others >= dsr.MaxIDCopies {
		word = reasonTooMany
	}
	return word, word != "" && others > dsr.MaxIDCopies, nil
}

// wanted reports whether a case has a use for a copy. An upload belongs to one
// asking: the form of an earlier one may be in the hands of somebody who was taken
// for the data subject before.
func wanted(c dsr.Case, copied dsr.Enclosure) bool {
	if copied.Mail != (dsr.MailedPart{}) {
		return takesMailed(c)
	}
	return c.TakesCopy() && copied.Ref.ID.OfAsking(c.Work.Asked)
}

// others counts the other copies of a case that were looked at or refused; what is
// only announced may never be. Mailed copies and uploads are counted apart, so that
// neither keeps the other out, and uploads from when they were asked for last.
func (i Inspecting) others(ctx context.Context, c dsr.Case, copied dsr.Enclosure) (count int, err error) {
	all, err := i.Enclosures(ctx, c.ID)
	if err != nil {
		return 0, fmt.Errorf("listing the files: %w", err)
	}
	mailed := copied.Mail != (dsr.MailedPart{})
	for _, one := range all {
		alike := one.Ref.Kind == dsr.IDCopyFile && one.Ref != copied.Ref && (one.Mail != (dsr.MailedPart{})) == mailed
		if alike && one.State != dsr.Announced && (mailed || !one.Arrived.Before(c.Work.CopyAsked)) {
			count++
		}
	}
	return count, nil
}

// toldRefused gives the letters about a copy of which nothing is kept. Whoever
// uploaded it hears what is wrong with it; what went wrong here, staff hear.
func (i Inspecting) toldRefused(c dsr.Case, copied dsr.Enclosure, now time.Time) []dsr.Letter {
	switch {
	case copied.Reason == CopyLost || copied.Reason == CopyUnread:
		return i.Rules.aboutCase(c, dsr.CopyNotice, copied.Reason, now)
	case copied.Reason == reasonUnasked || copied.Reason == reasonTooMany || copied.Mail != (dsr.MailedPart{}) || !c.TakesCopy():
		return nil
	}
	letter := toPerson(c, dsr.CopyAgainLetter, dsr.UploadIDCopy, dsr.Addressee{Contact: 1}, now)
	letter.Reason = copied.Reason
	return []dsr.Letter{letter}
}

// inspect looks at the original of a claimed copy, and keeps a picture of it or
// refuses it. A fault leaves it to the next attempt.
func (i Inspecting) inspect(ctx context.Context, now time.Time, claimed dsr.Enclosure, original Original) (dsr.Enclosure, error) {
	// An attempt that died may have stored its picture: never two of one copy.
	earlier := claimed
	earlier.Paths = claimed.Paths[:len(claimed.Paths)-1]
	if err := i.remove(ctx, earlier); err != nil {
		return claimed, err
	}
	content, size, err := original.Open(ctx)
	if errors.Is(err, ErrNotFound) {
		return i.refuse(ctx, now, claimed, CopyLost)
	}
	if err != nil {
		return claimed, fmt.Errorf("opening its original: %w", err)
	}
	defer content.Close()
	examined, err := i.Examine(ctx, content, size)
	if err != nil {
		return claimed, fmt.Errorf("examining it: %w", err)
	}
	claimed.Form = examined.Form
	if examined.Refusal != "" {
		return i.refuse(ctx, now, claimed, examined.Refusal)
	}
	return i.keep(ctx, now, claimed, examined)
}

// refuse records that nothing of a claimed copy is kept.
func (i Inspecting) refuse(ctx context.Context, now time.Time, claimed dsr.Enclosure, word string) (dsr.Enclosure, error) {
	next := claimed
	turnDown(&next, word, now)
	err := i.rows().move(ctx, now, claimed, next, func(c dsr.Case, next dsr.Enclosure) (dsr.Event, []dsr.Letter) {
		return copyEvent(dsr.IDCopyRefused, next), i.toldRefused(c, next, now)
	})
	return next, err
}

// keep stores the picture of a claimed copy, and records it. Whoever took the
// copy meanwhile, or ended it, wins: then what was stored here is removed again.
func (i Inspecting) keep(ctx context.Context, now time.Time, claimed dsr.Enclosure, examined Examined) (dsr.Enclosure, error) {
	// The key is asked now and not before: until here nothing needs it, and a case
	// that was purged meanwhile has none.
	file, err := i.Cases.File(ctx, claimed.Ref.Case)
	if err != nil {
		return claimed, fmt.Errorf("opening its case: %w", err)
	}
	if err := i.shelveCopy(ctx, file.Key, attempt(claimed), examined); err != nil {
		return claimed, err
	}
	next, sum := claimed, sha256.Sum256(examined.Picture)
	dueAt := claimed.Arrived.Add(dsr.CopyLife)
	if claimed.Mail != (dsr.MailedPart{}) {
		dueAt = now.Add(copyLease) // until it was cut out of its mail
	}
	next.Keep(int64(len(examined.Picture)), hex.EncodeToString(sum[:]), now, dueAt)
	err = i.rows().move(ctx, now, claimed, next, func(c dsr.Case, next dsr.Enclosure) (dsr.Event, []dsr.Letter) {
		var letters []dsr.Letter
		if c.TakesCopy() { // else nobody waits for it: people send one with their request
			letters = i.Rules.aboutCase(c, dsr.CopyNotice, CopyReady, now)
		}
		return copyEvent(dsr.IDCopyInspected, next), letters
	})
	if errors.Is(err, errHeld) {
		own := claimed
		own.Paths = []string{attempt(claimed)}
		err = errors.Join(err, i.remove(ctx, own))
	}
	return next, err
}

// shelveCopy stores both forms of a picture, sealed for the path of an attempt.
func (i Inspecting) shelveCopy(ctx context.Context, key DataKey, path string, examined Examined) error {
	for _, form := range []struct {
		path  string
		plain []byte
	}{{path, examined.Picture}, {blurredPath(path), examined.Blurred}} {
		sealed, err := key.Seal(i.Random, form.path, form.plain)
		if err != nil {
			return fmt.Errorf("sealing the picture: %w", err)
		}
		if err := i.Files.PutFile(ctx, form.path, bytes.NewReader(sealed)); err != nil {
			return fmt.Errorf("storing the picture: %w", err)
		}
	}
	return nil
}
