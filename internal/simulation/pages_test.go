package simulation

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

// desk holds the acts behind the pages of staff.
type desk struct {
	signing   casework.SigningIn
	reading   casework.Reading
	handling  casework.Handling
	reviewing casework.Reviewing
	inviting  casework.Inviting
	originals casework.Originals
}

// portal holds those behind the pages of data subjects.
type portal struct {
	confirming casework.Confirming
	uploading  casework.Uploading
	collecting casework.Collecting
}

// wirePages connects the acts of people to the same ports.
func (w *world) wirePages(place casework.Place) {
	answering := w.answering(place)
	letters := w.pageLetters()
	w.desk.signing = casework.SigningIn{
		Random: w, Rules: w.rules, Cases: w.cases(partHandling), Letters: letters,
		Staff: w.memory, Sessions: stays{w.memory, w}, CodeAt: codeAt,
	}
	w.desk.reading = casework.Reading{
		Answering: answering, Cases: w.cases(partHandling),
		OpenCases: w.memory.OpenCases, CaseOfNumber: w.memory.CaseOfNumber, OpenHistory: w.memory.OpenHistory,
	}
	w.desk.handling = casework.Handling{
		Answering: answering, Cases: w.cases(partHandling), Letters: letters, Bodies: w.bucket(),
		SigningIn: w.desk.signing, Preview: preview, Files: w.shelf(), Enclosure: w.memory.EnclosureOf,
	}
	w.desk.reviewing = casework.Reviewing{Handling: w.desk.handling}
	w.desk.reviewing.Cases = w.cases(partReviewing)
	w.desk.originals = casework.Originals{
		Place: place, Rules: w.rules, Cases: w.cases(partHandling), Letters: letters, Mails: w.memory,
		SigningIn: w.desk.signing, MailOf: w.mailOf, OpenRaw: w.objects.Open,
	}
	w.desk.inviting = casework.Inviting{Place: place, Rules: w.rules, Cases: w.cases(partHandling), OpenCases: w.memory.OpenCases}
	w.portal.confirming = casework.Confirming{
		Place: place, Rules: w.rules, Cases: w.cases(partConfirming), Letters: letters, Enclosures: w.memory.EnclosuresOf,
	}
	w.portal.uploading = casework.Uploading{Random: w, Cases: w.cases(partConfirming), Letters: letters}
	w.portal.collecting = casework.Collecting{Answering: answering, Cases: w.cases(partCollecting), Letters: letters}
}

// mailOf is a casework.MailOf.
func (w *world) mailOf(_ context.Context, owner dsr.OwnerID) (string, error) {
	for _, mail := range w.memory.AllMails() {
		if mail.Owner == owner {
			return mail.ID, nil
		}
	}
	return "", casework.ErrNotFound
}

// stays notes each session that begins.
type stays struct {
	*caseworktest.Memory
	w *world
}

// OpenSession implements casework.Sessions.
func (s stays) OpenSession(ctx context.Context, session dsr.Session) error {
	s.w.stays[session.Hash] = s.w.now
	return s.Memory.OpenSession(ctx, session)
}

// shelf gives the desk its bucket. Where copies are not removed at once, each try
// to do so fails.
func (w *world) shelf() casework.Files {
	if w.nets.atOnce {
		return stiff{w.bucket()}
	}
	return w.bucket()
}

// stiff is a bucket from which nothing can be removed.
type stiff struct{ bucket }

// RemoveFile implements casework.Files.
func (stiff) RemoveFile(context.Context, string) error { return errFault }

// codeAt gives the code of a secret for a time step. It is not that of RFC 6238:
// that one is tested where it is made.
func codeAt(secret []byte, step int64) (string, error) {
	sum := sha256.Sum256(binary.BigEndian.AppendUint64(secret[:len(secret):len(secret)], uint64(step)))
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[:])%1_000_000), nil
}

// claim is what somebody shows with one press of a button. It is kept, so that
// it can be seen afterwards whether that was enough.
type claim struct {
	function string
	act      string
	link     dsr.LinkID      // what the act uses up or opens; zero for none
	sheet    *casework.Sheet // for an act of staff
	seen     [32]byte        // for a review: the draft on the page
	code     string          // for an answer
}

// serve answers one request of a page, in a run of its own. The act gets the
// form as it comes in.
func (w *world) serve(shown claim, do func(context.Context, time.Time, claim) error, then func(error)) {
	r := &run{function: shown.function, shown: shown}
	var err error
	w.launch(r, func(ctx context.Context) bool {
		form, now := shown, w.now
		if shown.sheet != nil {
			sheet := *shown.sheet
			form.sheet = &sheet
		}
		if w.forms != nil {
			w.forms(w, &form)
		}
		r.asked = now
		err = do(ctx, now, form)
		return err != nil
	}, func(bool) {
		if r.dead {
			err = errDead
		}
		w.conclude(r, err)
		then(err)
	})
}

// conclude counts how a page ended. An end that nobody foresaw is a failure of
// the world.
func (w *world) conclude(r *run, err error) {
	end := ending(err)
	w.met[r.shown.act+": "+end]++
	if end == unforeseen {
		w.surprises = append(w.surprises, fmt.Errorf("run %d, %s: %w", r.number, r.shown.act, err))
	}
	if r.shown.sheet != nil && (r.hurt || r.dead) {
		w.messy[r.shown.sheet.Case] = true
	}
}

// unforeseen is the word for an error that no page has words for.
const unforeseen = "unforeseen"

// ending gives a word for how a page ended.
func ending(err error) string {
	if err == nil {
		return "done"
	}
	for _, one := range []struct {
		err  error
		word string
	}{
		{errDead, "page failed"},
		{errFault, "page failed"},
		{errEnded, "link ended"},
		{casework.ErrStale, "stale"},
		{casework.ErrDecided, "decided before"},
		{casework.ErrOwnRequest, "own request"},
		{casework.ErrNotYours, "not yours"},
		{casework.ErrNotStaff, "signed out"},
		{casework.ErrCode, "code refused"},
		{casework.ErrLinkDead, "link dead"},
		{casework.ErrNumber, "number wrong"},
		{casework.ErrAddress, "address wrong"},
		{casework.ErrConflict, "too busy"},
		{casework.ErrNotReady, "not ready"},
		{casework.ErrGone, "gone"},
		{casework.ErrNotFound, "gone"},
		{casework.ErrNoOpenCase, "no case is open"},
	} {
		if errors.Is(err, one.err) {
			return one.word
		}
	}
	var notNow dsr.NotNow
	if errors.As(err, &notNow) {
		return "not now: " + string(notNow)
	}
	return unforeseen
}

// failed reports whether a page said nothing about what it did.
func failed(err error) bool {
	return ending(err) == "page failed" || errors.Is(err, casework.ErrConflict)
}
