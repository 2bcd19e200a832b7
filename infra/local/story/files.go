package story

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"polarweb.nl/inzage/infra/local/visitor"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// Announce writes down as a member of staff that a file is to come, and gives
// the page that takes it.
func (c *Cast) Announce(ctx context.Context, number dsr.Number, id, system string, right dsr.Right, name string) (*visitor.Page, error) {
	return c.Act(ctx, number, id, "bestand", []string{"systeem", system, "recht", string(right)}, "naam", name)
}

// Bring sends a file that was announced, by the form of its page.
func (c *Cast) Bring(ctx context.Context, number dsr.Number, id string, ref dsr.EnclosureRef, content []byte) (*visitor.Page, error) {
	if page, err := c.Enter(ctx, number, id); err != nil {
		return page, err
	}
	page, err := c.Browser(id).Open(c.CasePage(number) + "/uploaden?bestand=" + ref.ID.String())
	if err != nil {
		return nil, err
	}
	return c.upload(c.Browser(id), page, visitor.File{Name: "bestand", Content: content})
}

// Download gives the files of an answer, from the page that shows the answer. It
// is the page that asks for a moment's patience when they are not ready yet.
func (c *Cast) Download(page *visitor.Page) (*visitor.Page, error) {
	form, err := page.Form("/mijn/antwoord/bestanden")
	if err != nil {
		return page, fmt.Errorf("%w: %w", ErrSaidNo, err)
	}
	got, err := (&visitor.Visitor{}).Send(form)
	if err != nil {
		return nil, err
	}
	if got.Status != http.StatusOK && got.Status != http.StatusAccepted {
		return got, fmt.Errorf("%w: %q with status %d", ErrSaidNo, got.Title, got.Status)
	}
	return got, nil
}

// listed is a file as the manifest of an archive lists it.
type listed struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// errArchive is returned for an archive that is not what its manifest says.
var errArchive = errors.New("the archive is not what its manifest says")

// Unpack gives the files of a downloaded archive by name, but for its manifest,
// which has to list each of them with its size and hash.
func Unpack(archive []byte) (map[string][]byte, error) {
	packed, err := zip.NewReader(strings.NewReader(string(archive)), int64(len(archive)))
	if err != nil {
		return nil, fmt.Errorf("opening an archive: %w", err)
	}
	files := map[string][]byte{}
	for _, one := range packed.File {
		if files[one.Name], err = unpacked(one); err != nil {
			return nil, err
		}
	}
	var manifest struct {
		Files []listed `json:"files"`
	}
	const name = "manifest.json"
	if err := json.Unmarshal(files[name], &manifest); err != nil {
		return nil, fmt.Errorf("reading the manifest of an archive: %w", err)
	}
	delete(files, name)
	for _, one := range manifest.Files {
		content, there := files[one.Name]
		sum := sha256.Sum256(content)
		if !there || int64(len(content)) != one.Size || hex.EncodeToString(sum[:]) != one.SHA256 {
			return nil, fmt.Errorf("%w: %s", errArchive, one.Name)
		}
	}
	if len(manifest.Files) != len(files) || len(packed.File) != len(files)+1 {
		return nil, fmt.Errorf("%w: it lists %d of %d files", errArchive, len(manifest.Files), len(files))
	}
	return files, nil
}

// unpacked reads one file of an archive.
func unpacked(file *zip.File) ([]byte, error) {
	content, err := file.Open()
	if err != nil {
		return nil, fmt.Errorf("opening a file of an archive: %w", err)
	}
	defer content.Close()
	all, err := io.ReadAll(content)
	if err != nil {
		return nil, fmt.Errorf("reading a file of an archive: %w", err)
	}
	return all, nil
}

// sampleFile is a file that staff find about the sample's person.
type sampleFile struct {
	system, name string
	lines        int
}

// sampleFiles are the files of the demonstration, one of a system.
func sampleFiles() []sampleFile {
	return []sampleFile{{"klanten", "klantkaart.csv", 40}, {"facturen", "facturen.csv", 9000}, {"hosting", "instellingen.txt", 300}}
}

// content is what stands in the file.
func (f sampleFile) content() []byte {
	var text strings.Builder
	for n := range f.lines {
		fmt.Fprintf(&text, "%s;%d;%s;%s\r\n", f.system, n+1, sampleReference, sampleName)
	}
	return []byte(text.String())
}

// fileScene gives what has to be done about the files of the answer, if anything.
func (p *people) fileScene(c dsr.Case, handler organisation.Staff, files []dsr.Enclosure) (next scene, found bool) {
	for _, wanted := range sampleFiles() {
		var there dsr.Enclosure
		for _, one := range files {
			if one.Ref.Kind == dsr.FoundFile && one.System == wanted.system && !one.Ended() {
				there = one
			}
		}
		switch there.State {
		case dsr.Kept:
		case dsr.Arriving:
			return waiting("a file is sealed"), true
		case dsr.Announced:
			return scene{handler.ID, "brings the file of " + wanted.system, p.bring(c, handler, there.Ref, wanted)}, true
		default:
			return scene{handler.ID, "announces a file of " + wanted.system, p.announce(c, handler, wanted)}, true
		}
	}
	return scene{}, false
}

// announce says that a file is to come, for the first right of the case.
func (p *people) announce(c dsr.Case, member organisation.Staff, file sampleFile) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := p.Announce(ctx, c.Number, member.ID, file.system, c.Rights[0], file.name)
		return err
	}
}

// bring sends a file that was announced.
func (p *people) bring(c dsr.Case, member organisation.Staff, ref dsr.EnclosureRef, file sampleFile) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := p.Bring(ctx, c.Number, member.ID, ref, file.content())
		return err
	}
}

// download gives the files of the answer on a page, and looks whether they are
// those that staff brought. False while they are being made ready.
func (p *people) download(page *visitor.Page) (done bool, err error) {
	got, err := p.Download(page)
	if err != nil || got.Status != http.StatusOK {
		return false, err
	}
	files, err := Unpack([]byte(got.Source))
	if err != nil {
		return false, err
	}
	for _, wanted := range sampleFiles() {
		found := false
		for name, content := range files {
			found = found || strings.HasSuffix(name, wanted.name) && string(content) == string(wanted.content())
		}
		if !found {
			return false, fmt.Errorf("%w: no %s in the archive", errWrongAnswer, wanted.name)
		}
	}
	p.say("archive %d bytes, %d files, each as its manifest says", len(got.Source), len(files))
	return true, nil
}
