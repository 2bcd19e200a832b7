package simulation

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"polarweb.nl/inzage/internal/archive"
	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/events/idcheck"
	"polarweb.nl/inzage/internal/events/parcel"
	"polarweb.nl/inzage/internal/events/purge"
	"polarweb.nl/inzage/internal/events/remind"
)

// wireFiles connects the functions that work on files, and those of the clock.
func (w *world) wireFiles(place casework.Place, quiet *slog.Logger) {
	w.idcheck = idcheck.Handler{
		Inspecting: casework.Inspecting{
			Place: place, Rules: w.rules, Cases: w.cases(partInspecting), Files: w.bucket(),
			Enclosure: w.memory.EnclosureOf, Enclosures: w.memory.EnclosuresOf, Examine: w.examine,
		},
		Raw: w.bucket(), MailOf: w.memory.Mail, Clock: w.clock, Log: quiet,
	}
	w.parcel = parcel.Handler{
		Packing: casework.Packing{
			Answering: w.answering(place), Cases: w.cases(partPacking), Files: w.bucket(),
			Enclosure: w.memory.EnclosureOf, Pack: archive.Archive{Profile: w.rules.Profile}.Pack,
		},
		Clock: w.clock, Log: quiet,
	}
	w.remind = remind.Handler{
		Reminding: casework.Reminding{Place: place, Rules: w.rules, Cases: w.cases(partReminding), Due: w.memory},
		Clock:     w.clock, Log: quiet,
	}
	w.purge = purge.Handler{
		Purging: casework.Purging{
			Place: place, Rules: w.rules, Cases: w.cases(partPurging), Due: w.memory, Files: w.bucket(),
			Enclosures: w.memory.EnclosuresOf, Leftovers: w.memory.Leftovers, Expire: w.memory.Expire, Unlink: w.memory.Unlink,
		},
		Clock: w.clock, Log: quiet,
	}
}

// answering gives what all acts with answers have.
func (w *world) answering(place casework.Place) casework.Answering {
	return casework.Answering{
		Place: place, Rules: w.rules, ReadTasks: w.memory.ReadTasks, ReadBody: w.objects.Get, Enclosures: w.memory.EnclosuresOf,
	}
}

// upload lets a browser put a file into the bucket, which tells of it.
func (w *world) upload(ref dsr.EnclosureRef, content string) {
	path, function := ref.Original(), functionParcel
	if ref.Kind == dsr.IDCopyFile {
		function = functionIDCheck
	}
	w.objects.Place(path, []byte(content))
	w.look(path, nil)
	w.uploads[ref] = content
	w.met["upload of "+string(ref.Kind)]++
	f := w.faults
	w.publish(luck{"object", f.loseObject, f.repeatObject, f.delayObject}, delivery{
		function: function, event: objectEvent(path), retry: asyncRetries(),
	})
}

// unclear stands in a picture on which nothing can be read.
const unclear = "unclear"

// examine is a casework.Examine that knows by heart what stands on a picture.
func (w *world) examine(ctx context.Context, original io.Reader, _ int64) (casework.Examined, error) {
	if err := w.gate(ctx, "Examine", caseworktest.Before); err != nil {
		return casework.Examined{}, err
	}
	content, err := io.ReadAll(original)
	if err != nil {
		return casework.Examined{}, err
	}
	examined := casework.Examined{Picture: pictureOf(string(content)), Blurred: []byte("a blur"), Form: "jpeg"}
	if strings.Contains(string(content), unclear) {
		examined = casework.Examined{Refusal: "blank", Form: "jpeg"}
	}
	return examined, w.gate(ctx, "Examine", caseworktest.After)
}

// pictureOf gives what is kept of a copy.
func pictureOf(content string) []byte { return []byte("the picture of " + content) }

// agreed notes which files were part of an answer when a second person agreed on
// it: by what was uploaded, and not by what the rows say of it.
func (w *world) agreed(one deed) {
	if one.kind() != dsr.AnswerApproved {
		return
	}
	all, err := w.memory.EnclosuresOf(context.Background(), one.after.ID)
	if err != nil {
		w.surprises = append(w.surprises, err)
	}
	var hashes []string
	for _, file := range all {
		if one.before.Found(file) && file.State == dsr.Kept && one.before.Grants(file.Right) {
			hashes = append(hashes, hashOf([]byte(w.uploads[file.Ref])))
		}
	}
	slices.Sort(hashes)
	w.approved[one.after.ID] = hashes
}

// hashOf gives the hash of a file.
func hashOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// bundle is a package that was made, or fetched, with the files in it.
type bundle struct {
	id      dsr.OwnerID // of its case
	by      *run
	at      time.Time
	fetched bool
	hashes  []string
	bad     error
}

// unpack looks into a package as soon as it is kept.
func (w *world) unpack(file dsr.Enclosure) {
	one := bundle{id: file.Ref.Case, by: w.current, at: w.now}
	opened, err := w.memory.File(context.Background(), file.Ref.Case)
	if err == nil {
		var sealed io.ReadCloser
		if sealed, _, err = w.objects.OpenFile(context.Background(), file.Path()); err == nil {
			one.hashes, err = filesIn(opened.Key.Opening(file.Path(), sealed))
		}
	}
	one.bad = err
	w.packed = append(w.packed, one)
}

// fetch is a browser that follows the address of a download.
func (w *world) fetch(by *run, id dsr.OwnerID, handout casework.Handout) {
	one := bundle{id: id, by: by, at: w.now, fetched: true}
	content, size, err := w.objects.OpenFile(context.Background(), handout.Path)
	if err == nil {
		one.hashes, err = filesIn(content)
	}
	if err == nil && size != handout.Size {
		err = fmt.Errorf("it has %d bytes, and the page said %d", size, handout.Size)
	}
	one.bad = err
	w.packed = append(w.packed, one)
	w.met["package fetched"]++
}

// filesIn gives the hashes of the files in a package.
func filesIn(content io.Reader) ([]string, error) {
	all, err := io.ReadAll(content)
	if err != nil {
		return nil, fmt.Errorf("reading a package: %w", err)
	}
	box, err := zip.NewReader(bytes.NewReader(all), int64(len(all)))
	if err != nil {
		return nil, fmt.Errorf("opening a package: %w", err)
	}
	var hashes []string
	for _, entry := range box.File {
		if !strings.HasPrefix(entry.Name, "bestanden/") {
			continue
		}
		file, err := entry.Open()
		if err != nil {
			return nil, fmt.Errorf("opening a file of a package: %w", err)
		}
		content, err := io.ReadAll(file)
		if err != nil {
			return nil, fmt.Errorf("reading a file of a package: %w", err)
		}
		hashes = append(hashes, hashOf(content))
	}
	slices.Sort(hashes)
	return hashes, nil
}
