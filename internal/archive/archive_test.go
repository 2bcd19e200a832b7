package archive_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/archive"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// made is when the archives of these tests are made.
func made() time.Time { return time.Date(2026, 3, 2, 11, 0, 0, 0, time.UTC) }

// packer is an organisation with two systems.
func packer() archive.Archive {
	profile := organisation.Defaults()
	profile.Controller.Name, profile.Controller.Email = "Winkel & Zn", "info@winkel.example"
	profile.Authority = organisation.Authority{Name: "De Autoriteit", ComplaintURL: "https://autoriteit.example/klacht"}
	profile.DataMap.Systems = []organisation.System{
		{
			ID: "winkel", Name: organisation.Text{NL: "De webwinkel", EN: "The shop"},
			Purpose: organisation.Text{NL: "Om te leveren <snel>.", EN: "To deliver <fast>."}, Holds: organisation.Text{NL: "Naam en plaats.", EN: "Name and town."},
			Basis: organisation.BasisContract, Recipients: []string{"Bank X", "Koerier Y"},
			Keeps: organisation.Text{NL: "Zeven jaar lang.", EN: "For seven years."},
		},
		{
			ID: "archief", Name: organisation.Text{NL: "Het archief", EN: "The archive"}, Purpose: organisation.Text{NL: "Om te onthouden.", EN: "To remember."},
			Source: organisation.Text{NL: "Van de vorige winkel.", EN: "From the former shop."},
		},
	}
	profile.DataMap.AutomatedDecisions = organisation.Text{NL: "Nee, dat doet een mens.", EN: "No, a human does."}
	profile.DataMap.Transfers = organisation.Text{NL: "Nee, ze blijven hier.", EN: "No, they stay here."}
	return archive.Archive{Profile: profile}
}

// drawer holds the content of files by their ids.
type drawer map[dsr.OwnerID]string

// put adds a file and gives it as an answer names it.
func (d drawer) put(system, name, content string) dsr.AnswerFile {
	id := dsr.OwnerID{byte(len(d) + 1)}
	d[id] = content
	sum := sha256.Sum256([]byte(content))
	return dsr.AnswerFile{
		ID: id, System: system, Right: dsr.Access, Name: name, Size: int64(len(content)), SHA256: hex.EncodeToString(sum[:]),
	}
}

// open streams a file.
func (d drawer) open(file dsr.AnswerFile) (io.ReadCloser, error) {
	content, there := d[file.ID]
	if !there {
		return nil, errors.New("no such file")
	}
	return io.NopCloser(strings.NewReader(content)), nil
}

// answer is one with a little of everything.
func answer(files ...dsr.AnswerFile) dsr.Answer {
	return dsr.Answer{
		Number: "AVG-2026-0007", Outcome: dsr.Answered, Language: dsr.Dutch,
		Rights: []dsr.Right{dsr.Access, dsr.Erasure, dsr.MinorReport, dsr.Objection},
		Decisions: []dsr.Decision{
			{Right: dsr.Access, Result: dsr.Granted},
			{Right: dsr.Erasure, Result: dsr.Partly, Ground: dsr.GroundLegalDuty},
			{Right: dsr.MinorReport, Result: dsr.Granted},
			{Right: dsr.Objection, Result: dsr.Refused, Ground: dsr.GroundClaims},
		},
		Reasons: map[dsr.Right]string{dsr.Erasure: "Facturen <blijven>.", dsr.Objection: "Er loopt een zaak."},
		To:      "ans@dossier.example", CodeTo: "ans@tweede.example",
		Found: []dsr.Finding{
			{System: "archief", Right: dsr.Access, Result: dsr.NothingFound},
			{System: "winkel", Right: dsr.Access, Result: dsr.Found, Text: "Naam: <script>alert(1)</script>\u202e\nPlaats: Assen"},
			{System: "winkel", Right: dsr.Erasure, Result: dsr.ToKeep, Text: "Zeven jaar."},
			{System: "weg", Right: dsr.Erasure, Result: dsr.ToErase},
			{System: "winkel", Right: dsr.MinorReport, Result: dsr.ToKeep, Text: "geheim van het kind"},
			{System: "winkel", Right: dsr.Objection, Result: dsr.Stopped, Text: "geheim van de weigering"},
		},
		Files: files,
	}
}

// pack packs an answer and gives what is in the archive, in order.
func pack(t *testing.T, answer dsr.Answer, files drawer) (names []string, content map[string]string) {
	t.Helper()
	var out bytes.Buffer
	if err := packer().Pack(&out, answer, made(), files.open); err != nil {
		t.Fatal(err)
	}
	reader, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	content = map[string]string{}
	for _, f := range reader.File {
		opened, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(opened)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, f.Name)
		content[f.Name] = string(text)
		if !f.Modified.Equal(made()) {
			t.Errorf("%s is of %s", f.Name, f.Modified)
		}
	}
	return names, content
}

func TestArchiveHoldsEveryFileAndTheListOfAll(t *testing.T) {
	files := drawer{}
	a := answer(files.put("winkel", "facturen.pdf", "%PDF"), files.put("archief", "brief één.txt", strings.Repeat("x", 3<<20)))
	names, content := pack(t, a, files)
	want := []string{"LEESMIJ.html", "gegevens.json", "bestanden/winkel/001-facturen.pdf", "bestanden/archief/002-brief één.txt", "manifest.json"}
	if !slices.Equal(names, want) {
		t.Fatalf("it holds %q", names)
	}
	if content[want[2]] != "%PDF" || len(content[want[3]]) != 3<<20 {
		t.Error("the files are not what went in")
	}
	var list struct {
		Number string `json:"number"`
		Files  []struct {
			Name, SHA256 string
			Size         int64
		} `json:"files"`
	}
	if err := json.Unmarshal([]byte(content["manifest.json"]), &list); err != nil {
		t.Fatal(err)
	}
	if list.Number != string(a.Number) || len(list.Files) != len(names)-1 {
		t.Fatalf("the manifest is %+v", list)
	}
	for i, line := range list.Files {
		if sum := sha256.Sum256([]byte(content[names[i]])); line.Name != names[i] || line.SHA256 != hex.EncodeToString(sum[:]) || line.Size != int64(len(content[names[i]])) {
			t.Errorf("line %d of the manifest is %+v", i, line)
		}
	}
}

func TestDataAreStructuredByRight(t *testing.T) {
	files := drawer{}
	_, content := pack(t, answer(files.put("winkel", "a.csv", "1;2")), files)
	var data struct {
		Number, Language string
		Rights           []struct {
			Right, Name, Result, Ground, Reason string
			Found                               []struct{ System, Name, Result, Text string }
			Files                               []struct{ System, Name, Path, SHA256 string }
		}
	}
	if err := json.Unmarshal([]byte(content["gegevens.json"]), &data); err != nil {
		t.Fatal(err)
	}
	if len(data.Rights) != 4 {
		t.Fatalf("it knows %d rights", len(data.Rights))
	}
	access, erasure, child, refused := data.Rights[0], data.Rights[1], data.Rights[2], data.Rights[3]
	if len(access.Found) != 2 || access.Found[1].Name != "De webwinkel" || !strings.HasSuffix(access.Found[1].Text, "Plaats: Assen") {
		t.Errorf("access holds %+v", access)
	}
	if len(access.Files) != 1 || access.Files[0].Path != "bestanden/winkel/001-a.csv" || content[access.Files[0].Path] != "1;2" {
		t.Errorf("its files are %+v", access.Files)
	}
	if erasure.Reason != "Facturen <blijven>." || erasure.Ground == "" || erasure.Found[1].Name != "weg" || len(erasure.Files) != 0 {
		t.Errorf("erasure holds %+v", erasure)
	}
	if child.Found[0].Text != "" || len(refused.Found) != 0 || refused.Reason == "" {
		t.Errorf("the others hold %+v, %+v", child, refused)
	}
}

func TestArchiveTellsNobodyWhereTheAnswerWent(t *testing.T) {
	files := drawer{}
	_, content := pack(t, answer(), files)
	for name, text := range content {
		for _, secret := range []string{"dossier.example", "tweede.example", "geheim van"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds %s", name, secret)
			}
		}
	}
}

func TestSameAnswerGivesTheSameBytes(t *testing.T) {
	files := drawer{}
	a := answer(files.put("winkel", "a", "1"), files.put("winkel", "b", "2"))
	var one, two bytes.Buffer
	if err := errors.Join(packer().Pack(&one, a, made(), files.open), packer().Pack(&two, a, made(), files.open)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Error("they differ")
	}
}

// failing fails after some bytes, as a disk that is full does.
type failing struct{ left int }

// Write implements io.Writer.
func (f *failing) Write(p []byte) (int, error) {
	if len(p) > f.left {
		return 0, errFull
	}
	f.left -= len(p)
	return len(p), nil
}

var (
	errFull   = errors.New("the disk is full")
	errSource = errors.New("the source broke off")
)

func TestFaultsEndAnArchive(t *testing.T) {
	files := drawer{}
	a := answer(files.put("winkel", "a", strings.Repeat("abc", 10000)))
	var whole bytes.Buffer
	if err := packer().Pack(&whole, a, made(), files.open); err != nil {
		t.Fatal(err)
	}
	for _, room := range []int{0, 100, whole.Len() / 2, whole.Len() - 1} {
		if err := packer().Pack(&failing{room}, a, made(), files.open); !errors.Is(err, errFull) {
			t.Errorf("with room for %d bytes it ended with %v", room, err)
		}
	}
	for name, open := range map[string]func(dsr.AnswerFile) (io.ReadCloser, error){
		"missing":    drawer{}.open,
		"broken off": func(dsr.AnswerFile) (io.ReadCloser, error) { return io.NopCloser(brokenOff()), nil },
		"cut off": func(dsr.AnswerFile) (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader("abc")), nil
		},
		"changed": func(dsr.AnswerFile) (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader(strings.Repeat("abd", 10000))), nil
		},
	} {
		if err := packer().Pack(io.Discard, a, made(), open); err == nil {
			t.Errorf("a file that is %s was packed", name)
		}
	}
}

// brokenOff is a stream that fails half-way.
func brokenOff() io.Reader {
	return io.MultiReader(strings.NewReader("abc"), &brokenReader{})
}

// brokenReader fails at once.
type brokenReader struct{}

// Read implements io.Reader.
func (*brokenReader) Read([]byte) (int, error) { return 0, errSource }

func TestEveryFileIsClosed(t *testing.T) {
	files := drawer{}
	a := answer(files.put("winkel", "a", "1"), files.put("winkel", "b", "2"))
	open := 0
	err := packer().Pack(io.Discard, a, made(), func(file dsr.AnswerFile) (io.ReadCloser, error) {
		if open != 0 {
			return nil, fmt.Errorf("%d are open", open)
		}
		open++
		content, err := files.open(file)
		return closing{content, &open}, err
	})
	if err != nil || open != 0 {
		t.Errorf("%v; %d stay open", err, open)
	}
}

// closing counts down when it is closed.
type closing struct {
	io.Reader
	open *int
}

// Close implements io.Closer.
func (c closing) Close() error {
	*c.open--
	return nil
}
