// Package archive writes the files of an answer into one ZIP, as the data
// subject downloads it:
//
//	LEESMIJ.html                        what this is, what was found and what is done with it, to read
//	gegevens.json                       the same, for a computer (art. 20(1) GDPR)
//	bestanden/<system>/<n>-<name>       each file, as it was found
//	manifest.json                       size and SHA-256 of all of the above
//
// It stores nothing. An archive is written as a stream while its files are read,
// one after the other, so that neither has to fit in memory. The same answer
// made at the same time gives the same bytes. Archive.Pack is a casework.Pack.
//
// An archive is for strangers' computers. Names in it come from staff, who had
// them from anywhere: none leads out of its folder, hides its ending, or is a
// device of Windows; no two are one name on any system. Nothing in LEESMIJ.html
// comes from elsewhere, and nothing in it runs.
package archive

import (
	"archive/zip"
	"compress/flate"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// The names of what is in an archive beside the files.
const (
	pageName     = "LEESMIJ.html"
	contentsName = "gegevens.json"
	folderName   = "bestanden"
	manifestName = "manifest.json"
)

// Archive writes archives in the name of one organisation.
type Archive struct {
	Profile organisation.Profile
}

// Pack writes the archive of an answer. Open gives each file; it is read to its
// end before the next one is opened. After an error what was written is of no
// use.
func (a Archive) Pack(to io.Writer, answer dsr.Answer, made time.Time, open func(dsr.AnswerFile) (io.ReadCloser, error)) error {
	inside, places := a.contents(answer, made)
	facts, err := written(inside)
	if err != nil {
		return fmt.Errorf("writing down the answer: %w", err)
	}
	box := newBox(to, made)
	if err := box.add(pageName, a.page(inside)); err != nil {
		return err
	}
	if err := box.add(contentsName, facts); err != nil {
		return err
	}
	for i, file := range answer.Files {
		if err := box.addFile(places[i], file, open); err != nil {
			return fmt.Errorf("packing file %d: %w", i+1, err)
		}
	}
	return box.close(answer.Number)
}

// entry is one line of the manifest.
type entry struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// box is an archive that is being written.
type box struct {
	zip     *zip.Writer
	made    time.Time
	entries []entry
}

// newBox begins an archive. It packs fast rather than small: most files that are
// large are packed already, and an attempt has fifteen minutes for all of it.
func newBox(to io.Writer, made time.Time) *box {
	b := &box{zip: zip.NewWriter(to), made: made.UTC().Truncate(time.Second)}
	b.zip.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestSpeed)
	})
	return b
}

// next begins an entry. The sizes stand behind it, for they are known when it is
// written; every program that unpacks can read that of a deflated entry.
func (b *box) next(name string) (io.Writer, error) {
	w, err := b.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: b.made})
	if err != nil {
		return nil, fmt.Errorf("beginning an entry: %w", err)
	}
	return w, nil
}

// add adds what was made here.
func (b *box) add(name string, content []byte) error {
	w, err := b.next(name)
	if err != nil {
		return err
	}
	if _, err := w.Write(content); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	sum := sha256.Sum256(content)
	b.entries = append(b.entries, entry{name, int64(len(content)), hex.EncodeToString(sum[:])})
	return nil
}

// errOther is returned for a file that is not the one of the answer.
var errOther = errors.New("the file is not the one of the answer")

// addFile adds a file of the answer, as it streams by. The manifest says what
// was packed, so it has to be what the answer says.
func (b *box) addFile(name string, file dsr.AnswerFile, open func(dsr.AnswerFile) (io.ReadCloser, error)) error {
	content, err := open(file)
	if err != nil {
		return fmt.Errorf("opening it: %w", err)
	}
	defer content.Close()
	w, err := b.next(name)
	if err != nil {
		return err
	}
	hash := sha256.New()
	size, err := io.Copy(io.MultiWriter(w, hash), content)
	if err != nil {
		return fmt.Errorf("copying it: %w", err)
	}
	sum := hex.EncodeToString(hash.Sum(nil))
	if size != file.Size || sum != file.SHA256 {
		return errOther
	}
	b.entries = append(b.entries, entry{name, size, sum})
	return nil
}

// manifest lists what is in an archive.
type manifest struct {
	Number dsr.Number `json:"number"`
	Made   time.Time  `json:"made"`
	Files  []entry    `json:"files"`
}

// close adds the manifest and ends the archive.
func (b *box) close(number dsr.Number) error {
	list, err := written(manifest{number, b.made, b.entries})
	if err != nil {
		return fmt.Errorf("writing down the manifest: %w", err)
	}
	if err := b.add(manifestName, list); err != nil {
		return err
	}
	if err := b.zip.Close(); err != nil {
		return fmt.Errorf("ending the archive: %w", err)
	}
	return nil
}

// written gives a value as JSON that people can read too.
func written(value any) ([]byte, error) {
	text, err := json.MarshalIndent(value, "", "  ")
	return append(text, '\n'), err
}
