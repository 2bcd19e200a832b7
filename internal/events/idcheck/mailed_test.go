package idcheck_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/idcopy"
)

// gone is the line in the place of a file that was cut out.
const gone = "This file was removed."

// judged records that somebody judged identity meanwhile, and condemns what an
// attempt was taking in.
func (f *function) judged(refs ...dsr.EnclosureRef) {
	f.Helper()
	file, err := f.memory.File(f.Context(), f.id)
	f.must(err)
	file.Case.Seq++
	file.Case.Work.Identity = dsr.IdentitySure
	change := casework.Change{File: file, Event: dsr.Event{Seq: file.Case.Seq, Kind: dsr.IdentityConfirmed, At: f.now}, At: f.now}
	for _, ref := range refs {
		move := casework.EnclosureMove{Prior: f.row(ref), Next: f.row(ref)}
		move.Next.Condemn("verdict", f.now)
		change.Enclosures = append(change.Enclosures, move)
	}
	f.must(f.memory.Commit(f.Context(), change))
}

// What can be read as a picture leaves the mail, also when nothing of it was kept;
// what cannot stays, for the person who opens the mail.
func TestEveryPictureIsCutOutOfItsMailWhateverBecameOfIt(t *testing.T) {
	pdf := []byte("%PDF-1.7" + strings.Repeat("x", 9000))
	huge := append(picture(1), make([]byte, idcopy.MaxBytes)...)
	for name, test := range map[string]struct {
		file   []byte
		before func(f *function, ref dsr.EnclosureRef)
		reason string
		stays  bool
	}{
		"nobody asked":           {picture(1), func(f *function, _ dsr.EnclosureRef) { f.judged() }, "not-asked", false},
		"nobody asked for a pdf": {pdf, func(f *function, _ dsr.EnclosureRef) { f.judged() }, "not-asked", true},
		"judged while it was looked at": {picture(1), func(f *function, ref dsr.EnclosureRef) {
			f.failing("PutFile", errors.New("S3 is away"))
			if err := f.Handle(t.Context(), again(ref.Tag())); err == nil {
				t.Fatal("the attempt did not fail")
			}
			f.onCall = nil
			f.judged(ref)
		}, "verdict", false},
		"damaged":   {picture(1)[:9000], func(*function, dsr.EnclosureRef) {}, "damaged", false},
		"too large": {huge, func(*function, dsr.EnclosureRef) {}, "too-large", false},
		"a pdf":     {pdf, func(*function, dsr.EnclosureRef) {}, "pdf", true},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFunction(t)
			refs := f.arrives("in1", mail(test.file))
			test.before(f, refs[0])
			before := f.raw("in1")
			f.must(f.Handle(t.Context(), again(refs[0].Tag())))
			row, after := f.row(refs[0]), f.raw("in1")
			if row.Reason != test.reason || row.State == dsr.Kept || !row.Cut {
				t.Errorf("the row is %+v", row)
			}
			if strings.Contains(after, gone) == test.stays || test.stays && after != before {
				t.Errorf("%d bytes are %d", len(before), len(after))
			}
		})
	}
}

// Whoever looks may read more kinds than are known by how they begin.
func TestWhatTurnedOutToBeAPictureIsCutOutHoweverItBegins(t *testing.T) {
	for word, refusal := range map[string]string{"kept": "", "refused": "blank"} {
		f := newFunction(t)
		f.Inspecting.Examine = func(context.Context, io.Reader, int64) (casework.Examined, error) {
			return casework.Examined{Picture: []byte("beeld"), Blurred: []byte("vaag"), Form: "heic", Refusal: refusal}, nil
		}
		refs := f.arrives("in1", mail([]byte("....ftypheic"+strings.Repeat("x", 9000))))
		f.must(f.Handle(t.Context(), again(refs[0].Tag())))
		if row := f.row(refs[0]); !row.Cut || !strings.Contains(f.raw("in1"), gone) {
			t.Errorf("%s: the row is %+v", word, row)
		}
	}
}

// Ten of a mail are looked at; the others are as much of somebody's identity. What
// is too small to be one stays.
func TestPicturesBeyondTheTenthAreCutOutToo(t *testing.T) {
	f := newFunction(t)
	var files [][]byte
	for n := range dsr.MaxIDCopies + 2 {
		files = append(files, picture(uint64(n)))
	}
	refs := f.arrives("in1", mail(append(files, []byte("\xff\xd8\xff logo"))...))
	if len(refs) != dsr.MaxIDCopies {
		t.Fatalf("%d are announced", len(refs))
	}
	f.must(f.Handle(t.Context(), again(refs[0].Tag())))
	if got := strings.Count(f.raw("in1"), gone); got != 3 { // the first, and the two that nobody looks at
		t.Errorf("%d are gone at first", got)
	}
	for _, ref := range refs {
		f.must(f.Handle(t.Context(), again(ref.Tag())))
		if row := f.row(ref); row.State != dsr.Kept || !row.Cut {
			t.Errorf("the row is %+v", row)
		}
	}
	after := f.raw("in1")
	if got := strings.Count(after, gone); got != len(files) || !strings.Contains(after, "/9j/IGxvZ28=") {
		t.Errorf("%d of %d are gone", got, len(files))
	}
}

// arrived writes down how far a mail came.
func (f *function) arrived(id string, state dsr.MailState, dueAt time.Time) {
	f.Helper()
	row, err := f.memory.Begin(f.Context(), dsr.Mail{ID: id, Owner: dsr.OwnerID{9}, State: dsr.MailReading, ArrivedAt: f.now}, f.now, f.now)
	f.must(err)
	row.State, row.DueAt = state, dueAt
	f.must(f.memory.Commit(f.Context(), casework.Change{Mail: &row, At: f.now}))
	f.must(f.memory.Postpone(f.Context(), id, dueAt))
}

// Sweep removes a mail while a copy of it is looked at: whoever cuts stores nothing.
func TestMailThatSweepRemovesIsNotPutBack(t *testing.T) {
	for name, test := range map[string]struct {
		state dsr.MailState
		due   time.Duration // from now; zero for never
		cut   bool
	}{
		"removed":             {dsr.MailCase, 0, false},
		"to be removed":       {dsr.MailCase, -time.Minute, false},
		"kept for a week":     {dsr.MailCase, time.Minute, true},
		"waits for a person":  {dsr.MailPerson, 0, true},
		"a person sees to it": {dsr.MailPerson, -time.Minute, true},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFunction(t)
			refs := f.arrives("in1", mail(picture(1)))
			var due time.Time
			if test.due != 0 {
				due = f.now.Add(test.due)
			}
			f.arrived("in1", test.state, due)
			replaced := 0
			f.onCall = func(call string, phase caseworktest.Phase) error {
				if call == "ReplaceRaw" && phase == caseworktest.After {
					replaced++
				}
				return nil
			}
			f.must(f.Handle(t.Context(), again(refs[0].Tag())))
			if row := f.row(refs[0]); row.State != dsr.Kept || !row.Cut || (replaced > 0) != test.cut {
				t.Errorf("stored %d times: %+v", replaced, row)
			}
		})
	}
}

// Without knowing whether the mail is kept, nothing is stored; the row is due again.
func TestCutWaitsForTheRowOfItsMail(t *testing.T) {
	f := newFunction(t)
	refs := f.arrives("in1", mail(picture(1)))
	away := errors.New("DynamoDB is away")
	f.failing("Mail", away)
	before := f.raw("in1")
	if err := f.Handle(t.Context(), again(refs[0].Tag())); !errors.Is(err, away) || f.raw("in1") != before {
		t.Errorf("%v", err)
	}
	f.onCall = nil
	if row := f.row(refs[0]); row.Cut || row.DueAt.After(f.now.Add(15*time.Minute)) {
		t.Errorf("the row is %+v", row)
	}
	f.must(f.Handle(t.Context(), again(refs[0].Tag())))
	if row := f.row(refs[0]); !row.Cut || f.raw("in1") == before {
		t.Errorf("the row is %+v", row)
	}
}
