package casework_test

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// copyRoom is an office whose contact on file was asked for a copy of an identity
// document, with somebody who looks at what comes.
type copyRoom struct {
	*office
	inspecting casework.Inspecting
	blind      error // what looking at a copy fails with
	looked     int   // how often one was looked at
	uploads    int
}

// asksFirst is a team whose policy asks a copy with every request for access.
func asksFirst() organisation.Profile {
	profile := team()
	profile.Identity.IDCopy = organisation.CopyOnRequest
	return profile
}

// newCopyRoom opens the room behind a step of the case.
func newCopyRoom(t *testing.T, step string) *copyRoom {
	t.Helper()
	return copyRoomOf(newOfficeOf(t, asksFirst(), dsr.Access).until(step))
}

// copyRoomOf adds to an office whoever looks at copies.
func copyRoomOf(o *office) *copyRoom {
	r := &copyRoom{office: o}
	r.inspecting = casework.Inspecting{
		Place: o.receiving.Place, Rules: o.receiving.Rules, Cases: o.memory, Files: o.objects,
		Enclosure: o.memory.EnclosureOf, Enclosures: o.memory.EnclosuresOf, Examine: r.examine,
	}
	return r
}

// examine is a casework.Examine: a copy that begins with "!" is refused with the
// word behind it.
func (r *copyRoom) examine(ctx context.Context, original io.Reader, _ int64) (casework.Examined, error) {
	if err := r.gate(ctx, "Examine", caseworktest.Before); err != nil {
		return casework.Examined{}, err
	}
	content, err := io.ReadAll(original)
	if err != nil || r.blind != nil {
		return casework.Examined{}, r.blind
	}
	r.looked++
	if word, refused := strings.CutPrefix(string(content), "!"); refused {
		return casework.Examined{Form: word, Refusal: word}, r.gate(ctx, "Examine", caseworktest.After)
	}
	return casework.Examined{
		Picture: []byte("scherp " + string(content)), Blurred: []byte("vaag"), Form: "jpeg",
	}, r.gate(ctx, "Examine", caseworktest.After)
}

// original gives how the original of a copy is read and destroyed.
func (r *copyRoom) original(ref dsr.EnclosureRef) casework.Original {
	return casework.Original{
		Open: func(ctx context.Context) (io.ReadCloser, int64, error) {
			return r.objects.OpenFile(ctx, ref.Original())
		},
		Destroy: func(ctx context.Context) error { return r.objects.RemoveFile(ctx, ref.Original()) },
	}
}

// upload lets the contact on file who was asked last send a file.
func (r *copyRoom) upload(content string) dsr.EnclosureRef {
	r.t.Helper()
	c, err := r.memory.Summary(r.t.Context(), r.id)
	if err != nil && err != casework.ErrNotFound {
		r.t.Fatal(err)
	}
	r.uploads++
	unique := dsr.OwnerID{15: byte(r.uploads)}
	id, err := dsr.NewUploadID(bytes.NewReader(unique[:]), c.Work.Asked)
	must(r.t, err)
	ref := dsr.EnclosureRef{Case: r.id, Kind: dsr.IDCopyFile, ID: id}
	r.objects.Place(ref.Original(), []byte(content))
	return ref
}

// takeIn drives one copy.
func (r *copyRoom) takeIn(ref dsr.EnclosureRef) error {
	return r.inspecting.TakeIn(r.t.Context(), r.now, ref, r.original(ref))
}

// kept uploads a copy that is taken in well.
func (r *copyRoom) kept() dsr.EnclosureRef {
	r.t.Helper()
	ref := r.upload("paspoort")
	must(r.t, r.takeIn(ref))
	if state := r.row(ref).State; state != dsr.Kept {
		r.t.Fatalf("the copy is %q", state)
	}
	return ref
}

// row gives a copy; the zero one when there is none.
func (r *copyRoom) row(ref dsr.EnclosureRef) dsr.Enclosure {
	r.t.Helper()
	row, err := r.memory.EnclosureOf(r.t.Context(), ref)
	if err != nil && err != casework.ErrNotFound {
		r.t.Fatal(err)
	}
	return row
}

// sweeps drives what is due and what was uploaded, every quarter of an hour, as
// sweep and idcheck do.
func (r *copyRoom) sweeps(span time.Duration) {
	r.t.Helper()
	for end := r.now.Add(span); r.now.Before(end); r.now = r.now.Add(15 * time.Minute) {
		rows, err := r.memory.EnclosuresOf(r.t.Context(), r.id)
		must(r.t, err)
		for _, row := range rows {
			if row.Ref.Kind == dsr.IDCopyFile && !row.DueAt.IsZero() && !r.now.Before(row.DueAt) {
				must(r.t, r.takeIn(row.Ref))
			}
		}
		for _, path := range r.lying("incoming/") {
			ref, err := dsr.ParseOriginal(path)
			must(r.t, err)
			must(r.t, r.takeIn(ref))
		}
	}
}

// lying lists what lies in a folder of the bucket.
func (r *copyRoom) lying(folder string) []string {
	return slices.DeleteFunc(r.objects.Paths(), func(path string) bool { return !strings.HasPrefix(path, folder) })
}

// lies fails the test unless so many originals and sealed pictures lie there; each
// picture has a blurred form.
func (r *copyRoom) lies(originals, pictures int) {
	r.t.Helper()
	if got := r.lying("incoming/"); len(got) != originals {
		r.t.Errorf("originals %v, want %d", got, originals)
	}
	if got := r.lying("idcopy/"); len(got) != 2*pictures {
		r.t.Errorf("pictures %v, want %d", got, pictures)
	}
}

// history counts the events of the case by their kind.
func (r *copyRoom) history() map[dsr.EventKind]int {
	count := map[dsr.EventKind]int{}
	for _, kind := range r.events(r.id) {
		count[kind]++
	}
	return count
}

// reasons lists the reasons of the letters of a kind, in the order of their tags.
func (r *copyRoom) reasons(kind dsr.LetterKind) []string {
	var list []string
	for _, letter := range r.memory.AllLetters() {
		if letter.Ref.Case == r.id && letter.Ref.Kind == kind {
			list = append(list, letter.Reason)
		}
	}
	return list
}

// lookAt lets a handler look at a copy.
func (r *copyRoom) lookAt(who string, ref dsr.EnclosureRef) ([]byte, error) {
	return r.handling.LookAtCopy(r.t.Context(), r.now, r.sheet(who), ref)
}

// judgeBy lets a handler judge by a copy.
func (r *copyRoom) judgeBy(who string, ref dsr.EnclosureRef) error {
	return r.handling.JudgeIdentity(r.t.Context(), r.now, r.sheet(who), casework.Proof{Copy: ref.ID})
}
