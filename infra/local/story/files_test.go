package story

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/idcopy"
)

// zipped packs files, as pairs of a name and its content.
func zipped(t *testing.T, pairs ...string) []byte {
	t.Helper()
	var archive bytes.Buffer
	w := zip.NewWriter(&archive)
	for i := 0; i+1 < len(pairs); i += 2 {
		one, err := w.Create(pairs[i])
		if err == nil {
			_, err = one.Write([]byte(pairs[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return archive.Bytes()
}

// The sum of "x", in hexadecimals, as sha256sum prints it.
const sumOfX = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"

func TestArchiveMustBeWhatItsManifestSays(t *testing.T) {
	list := func(name, size, sum string) string {
		return `{"files": [{"name": "` + name + `", "size": ` + size + `, "sha256": "` + sum + `"}]}`
	}
	files, err := Unpack(zipped(t, "a.txt", "x", "manifest.json", list("a.txt", "1", sumOfX)))
	if err != nil || len(files) != 1 || string(files["a.txt"]) != "x" {
		t.Errorf("unpacked %q, %v", files, err)
	}
	for name, archive := range map[string][]byte{
		"not an archive":   []byte("PK"),
		"no manifest":      zipped(t, "a.txt", "x"),
		"manifest broken":  zipped(t, "a.txt", "x", "manifest.json", "{"),
		"other size":       zipped(t, "a.txt", "x", "manifest.json", list("a.txt", "2", sumOfX)),
		"other content":    zipped(t, "a.txt", "y", "manifest.json", list("a.txt", "1", sumOfX)),
		"not there":        zipped(t, "manifest.json", list("a.txt", "1", sumOfX)),
		"not listed":       zipped(t, "a.txt", "x", "b.txt", "x", "manifest.json", list("a.txt", "1", sumOfX)),
		"there twice":      zipped(t, "a.txt", "x", "a.txt", "x", "manifest.json", list("a.txt", "1", sumOfX)),
		"nothing at all":   zipped(t, "manifest.json", `{"files": []}`, "a.txt", "x"),
		"the name differs": zipped(t, "A.txt", "x", "manifest.json", list("a.txt", "1", sumOfX)),
	} {
		if files, err := Unpack(archive); err == nil {
			t.Errorf("%s: unpacked %q", name, files)
		}
	}
}

func TestSampleCopyIsReadAndLosesWhatStandsBehindIt(t *testing.T) {
	copied, err := SampleCopy()
	if err != nil || !bytes.Contains(copied, []byte(HiddenInCopy)) {
		t.Fatalf("drawn: %v", err)
	}
	picture, err := idcopy.Inspect(t.Context(), bytes.NewReader(copied), int64(len(copied)))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(picture.JPEG, []byte(HiddenInCopy)) || bytes.Contains(picture.JPEG, []byte("Exif")) {
		t.Error("the picture still holds where it was taken")
	}
	again, err := SampleCopy()
	if err != nil || !bytes.Equal(again, copied) {
		t.Error("a second copy is another one")
	}
}

func TestSampleFilesAreOfDifferentSystemsAndTellThemApart(t *testing.T) {
	systems := map[string]bool{}
	for _, one := range sampleFiles() {
		systems[one.system] = true
		if content := string(one.content()); strings.Count(content, one.system+";") != one.lines {
			t.Errorf("%s holds %d bytes", one.name, len(content))
		}
	}
	if len(systems) != 3 {
		t.Errorf("the files are of %v", systems)
	}
}
