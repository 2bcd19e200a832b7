package dsr_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"polarweb.nl/inzage/internal/dsr"
)

// seeded gives random bytes that are the same each time.
func seeded() io.Reader { return bytes.NewReader([]byte("0123456789abcdefghijklmnopqrstuv")) }

// identifier is what the three kinds of id have in common.
type identifier interface {
	String() string
	MarshalText() ([]byte, error)
}

// parsers gives, for each kind of id, one id and how its text is read.
func parsers(t *testing.T) map[string]struct {
	id   identifier
	read func(string) (identifier, error)
} {
	t.Helper()
	owner, errOwner := dsr.NewOwnerID(seeded())
	actor, errActor := dsr.NewActorID(seeded())
	link, errLink := dsr.NewLinkID(seeded())
	if err := errors.Join(errOwner, errActor, errLink); err != nil {
		t.Fatal(err)
	}
	return map[string]struct {
		id   identifier
		read func(string) (identifier, error)
	}{
		"owner": {owner, func(text string) (identifier, error) { return dsr.ParseOwnerID(text) }},
		"actor": {actor, func(text string) (identifier, error) { return dsr.ParseActorID(text) }},
		"link":  {link, func(text string) (identifier, error) { return dsr.ParseLinkID(text) }},
	}
}

func TestIDReadsBackFromItsText(t *testing.T) {
	for name, kind := range parsers(t) {
		text := kind.id.String()
		got, err := kind.read(text)
		if err != nil || got != kind.id {
			t.Errorf("%s: %q reads as %v, %v", name, text, got, err)
		}
		if want := map[string]int{"owner": 26, "actor": 13, "link": 26}[name]; len(text) != want {
			t.Errorf("%s: %q has %d characters, want %d", name, text, len(text), want)
		}
		marshalled, err := kind.id.MarshalText()
		if err != nil || string(marshalled) != text {
			t.Errorf("%s: marshalled as %q, %v; its text is %q", name, marshalled, err, text)
		}
	}
}

// TestIDHasOneSpelling changes, removes and adds each single byte of an id's
// text: no other spelling may lead to the same id, or one link would have two
// rows and one letter two tags.
func TestIDHasOneSpelling(t *testing.T) {
	for name, kind := range parsers(t) {
		text := kind.id.String()
		refuse := func(edited string) {
			got, err := kind.read(edited)
			if edited != text && err == nil && got == kind.id {
				t.Errorf("%s: %q reads as the id of %q", name, edited, text)
			}
			if err != nil && !errors.Is(err, dsr.ErrBadID) {
				t.Errorf("%s: %q gives %v, want ErrBadID", name, edited, err)
			}
			if err == nil && got.String() != edited {
				t.Errorf("%s: %q is accepted and written as %q", name, edited, got)
			}
		}
		for i := range len(text) + 1 {
			for b := range 256 {
				refuse(text[:i] + string([]byte{byte(b)}) + text[i:])
				if i < len(text) {
					refuse(text[:i] + string([]byte{byte(b)}) + text[i+1:])
				}
			}
			if i < len(text) {
				refuse(text[:i] + text[i+1:])
			}
		}
		refuse("")
		refuse(strings.ToUpper(text))
		refuse(text + text)
	}
}

func TestIDNeedsEnoughRandomness(t *testing.T) {
	short := func() io.Reader { return strings.NewReader("1234567") }
	if id, err := dsr.NewOwnerID(short()); err == nil || id != (dsr.OwnerID{}) {
		t.Errorf("an owner id of 7 bytes: %v, %v", id, err)
	}
	if id, err := dsr.NewActorID(short()); err == nil || id != (dsr.ActorID{}) {
		t.Errorf("an actor id of 7 bytes: %v, %v", id, err)
	}
	if id, err := dsr.NewLinkID(iotest.ErrReader(io.ErrClosedPipe)); !errors.Is(err, io.ErrClosedPipe) || id != (dsr.LinkID{}) {
		t.Errorf("a link id of nothing: %v, %v", id, err)
	}
}

func TestIDReadsAlikeInJSON(t *testing.T) {
	type row struct {
		Owner dsr.OwnerID
		Actor dsr.ActorID
		Link  dsr.LinkID
	}
	owner, err := dsr.NewOwnerID(seeded())
	if err != nil {
		t.Fatal(err)
	}
	written, err := json.Marshal(row{Owner: owner})
	if err != nil || !strings.Contains(string(written), `"`+owner.String()+`"`) {
		t.Errorf("written as %s, %v", written, err)
	}
	var read row
	if err := json.Unmarshal(written, &read); err != nil || read != (row{Owner: owner}) {
		t.Errorf("read as %+v, %v", read, err)
	}
	if err := json.Unmarshal([]byte(`{"Link":"`+strings.ToUpper(dsr.LinkID{}.String())+`"}`), &read); !errors.Is(err, dsr.ErrBadID) {
		t.Errorf("another spelling gives %v", err)
	}
}

// Whoever was asked before has a form that still works: what comes by it is not for
// the one who is asked now.
func TestUploadBelongsToOneAsking(t *testing.T) {
	for _, asked := range []int{0, 1, 255, 256, 4711, 65_535} {
		id, err := dsr.NewUploadID(seeded(), asked)
		if err != nil {
			t.Fatal(err)
		}
		for _, other := range []int{0, 1, 255, 256, 4711, 65_535} {
			if id.OfAsking(other) != (other == asked) {
				t.Errorf("the upload of asking %d belongs to %d: %t", asked, other, id.OfAsking(other))
			}
		}
		if drawn, err := dsr.NewOwnerID(seeded()); err != nil || !bytes.Equal(id[2:], drawn[2:]) {
			t.Errorf("of %v no more than two bytes say what it is of", id)
		}
	}
	if _, err := dsr.NewUploadID(iotest.ErrReader(io.ErrClosedPipe), 1); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("an id without randomness: %v", err)
	}
}
