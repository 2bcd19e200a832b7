package casework_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

// parcels is an office with parcel at work for it.
type parcels struct {
	*office
	packing casework.Packing
}

// newParcels opens one whose case asks these rights, and takes it to a step.
func newParcels(t *testing.T, step string, rights ...dsr.Right) *parcels {
	t.Helper()
	o := newOffice(t, rights...)
	o.confirming.Enclosures = o.memory.EnclosuresOf
	o.handling.Files, o.handling.Enclosure = o.objects, o.memory.EnclosureOf
	o.reviewing = casework.Reviewing{Handling: o.handling}
	return &parcels{o.until(step), casework.Packing{
		Answering: o.answering(), Cases: o.memory, Files: o.objects, Enclosure: o.memory.EnclosureOf, Pack: packPlainly,
	}}
}

// packPlainly is a casework.Pack whose archive is the names and contents, one
// after the other.
func packPlainly(to io.Writer, answer dsr.Answer, made time.Time, open casework.OpenAnswerFile) error {
	fmt.Fprintf(to, "%s of %s\n", answer.Number, made.Format(time.RFC3339))
	for _, file := range answer.Files {
		content, err := open(file)
		if err != nil {
			return err
		}
		fmt.Fprintf(to, "%s (%s):\n", file.Name, file.System)
		hash := sha256.New()
		if _, err := io.Copy(io.MultiWriter(to, hash), content); err != nil {
			return err
		}
		if hex.EncodeToString(hash.Sum(nil)) != file.SHA256 {
			return fmt.Errorf("%s is another file", file.Name)
		}
		if err := content.Close(); err != nil {
			return err
		}
	}
	return nil
}

// announce lets els say that a file is to come.
func (p *parcels) announce(system, name string) dsr.EnclosureRef {
	p.t.Helper()
	ref, err := p.handling.AnnounceFile(p.t.Context(), p.now, p.sheet("els"), system, dsr.Access, name)
	must(p.t, err)
	return ref
}

// upload brings a file as a browser does.
func (p *parcels) upload(ref dsr.EnclosureRef, content string) {
	p.objects.Place(ref.Original(), []byte(content))
}

// add announces a file, uploads it and has it taken in.
func (p *parcels) add(system, name, content string) dsr.EnclosureRef {
	p.t.Helper()
	ref := p.announce(system, name)
	p.upload(ref, content)
	must(p.t, p.packing.TakeIn(p.t.Context(), p.now, ref))
	return ref
}

// unseen lets a test look at something while faults are planned for the acts.
func (p *parcels) unseen() (back func()) {
	planned := p.onCall
	p.onCall = nil
	return func() { p.onCall = planned }
}

// row gives the row of a file.
func (p *parcels) row(ref dsr.EnclosureRef) dsr.Enclosure {
	p.t.Helper()
	defer p.unseen()()
	row, err := p.memory.EnclosureOf(p.t.Context(), ref)
	must(p.t, err)
	return row
}

// rows gives the rows of a kind.
func (p *parcels) rows(kind dsr.EnclosureKind) []dsr.Enclosure {
	p.t.Helper()
	defer p.unseen()()
	all, err := p.memory.EnclosuresOf(context.Background(), p.id)
	must(p.t, err)
	return slices.DeleteFunc(all, func(one dsr.Enclosure) bool { return one.Ref.Kind != kind })
}

// newestOf gives the row of a kind that arrived last.
func (p *parcels) newestOf(kind dsr.EnclosureKind) dsr.Enclosure {
	p.t.Helper()
	rows := p.rows(kind)
	if len(rows) == 0 {
		p.t.Fatalf("there is no %s", kind)
	}
	return rows[len(rows)-1]
}

// sweep does for files what sweep and the stream do: everything that is due, or
// new, and every original. Faults are for the next one.
func (p *parcels) sweep() {
	ctx := p.t.Context()
	for _, path := range p.objects.Paths() {
		if ref, err := dsr.ParseOriginal(path); err == nil && ref.Kind == dsr.FoundFile {
			_ = p.packing.TakeIn(ctx, p.now, ref)
		}
	}
	for _, kind := range []dsr.EnclosureKind{dsr.FoundFile, dsr.PackageFile, dsr.HandoutFile} {
		for _, row := range p.rows(kind) {
			if !row.DueAt.IsZero() && !row.DueAt.After(p.now) {
				_ = p.packing.Attend(ctx, p.now, row.Ref)
			}
		}
	}
}

// settle sweeps until nothing of files is due for a while.
func (p *parcels) settle(hours int) {
	for range hours * 4 {
		p.now = p.now.Add(15 * time.Minute)
		p.sweep()
	}
}

// lying lists the objects in the bucket of files.
func (p *parcels) lying() []string {
	return slices.DeleteFunc(p.objects.Paths(), func(path string) bool { return strings.HasPrefix(path, "raw/") })
}

// recorded fails the test when an object lies somewhere that no row knows.
func (p *parcels) recorded() {
	p.t.Helper()
	known := map[string]bool{}
	for _, kind := range []dsr.EnclosureKind{dsr.FoundFile, dsr.PackageFile, dsr.HandoutFile} {
		for _, row := range p.rows(kind) {
			known[row.Ref.Original()] = true
			for _, path := range row.Paths {
				known[path] = true
			}
		}
	}
	for _, path := range p.lying() {
		if !known[path] {
			p.t.Errorf("%s lies there and no row knows it", path)
		}
	}
}

// content opens what is kept of a file.
func (p *parcels) content(row dsr.Enclosure) string {
	p.t.Helper()
	defer p.unseen()()
	content, _, err := p.objects.OpenFile(context.Background(), row.Path())
	must(p.t, err)
	var plain io.Reader = content
	if row.Ref.Kind != dsr.HandoutFile {
		file, err := p.memory.File(context.Background(), p.id)
		must(p.t, err)
		plain = file.Key.Opening(row.Path(), content)
	}
	text, err := io.ReadAll(plain)
	must(p.t, err)
	if sum := sha256.Sum256(text); row.SHA256 != hex.EncodeToString(sum[:]) || row.Size != int64(len(text)) {
		p.t.Errorf("the row says %d bytes, %s; there are %d", row.Size, row.SHA256, len(text))
	}
	return string(text)
}

// happened counts the events of a kind.
func (p *parcels) happened(kind dsr.EventKind) int {
	p.t.Helper()
	n := 0
	for _, one := range p.events(p.id) {
		if one == kind {
			n++
		}
	}
	return n
}

// notices gives the reasons of the notices about files.
func (p *parcels) notices() []string {
	var reasons []string
	for _, letter := range p.memory.AllLetters() {
		if letter.Ref.Kind == dsr.FilesNotice {
			reasons = append(reasons, letter.Reason)
		}
	}
	return reasons
}

// answers counts the letters that bring the answer.
func (p *parcels) answers() int {
	n := 0
	for _, letter := range p.memory.AllLetters() {
		if letter.Ref.Kind.Answers() {
			n++
		}
	}
	return n
}

// failAt lets the n-th port call fail on one side, once, and says whether there
// was one.
func (p *parcels) failAt(n int, phase caseworktest.Phase) (failed *bool) {
	failed = new(bool)
	calls := 0
	p.onCall = func(_ string, side caseworktest.Phase) error {
		if side != phase || *failed {
			return nil
		}
		if calls++; calls <= n {
			return nil
		}
		*failed = true
		return errPort
	}
	return failed
}

// claiming is a bucket in which files are as large as somebody says.
type claiming struct {
	*caseworktest.Objects
	size int64
}

// OpenFile implements casework.Files.
func (c claiming) OpenFile(ctx context.Context, path string) (io.ReadCloser, int64, error) {
	content, _, err := c.Objects.OpenFile(ctx, path)
	return content, c.size, err
}

// full is a bucket whose disk fills up while a file is stored.
type full struct {
	*caseworktest.Objects
	room int64
}

// PutFile implements casework.Files.
func (f full) PutFile(ctx context.Context, path string, content io.Reader) error {
	var stored bytes.Buffer
	if _, err := io.CopyN(&stored, content, f.room); err != nil {
		return f.Objects.PutFile(ctx, path, &stored)
	}
	return errPort
}
