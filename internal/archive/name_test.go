package archive_test

import (
	"fmt"
	"path"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"polarweb.nl/inzage/internal/dsr"
)

// placed gives the path of one file with a name, of a system.
func placed(t *testing.T, system, name string) string {
	t.Helper()
	files := drawer{}
	names, _ := pack(t, answer(files.put(system, name, "x")), files)
	return names[2]
}

func TestNamesAreHarmless(t *testing.T) {
	for name, want := range map[string]string{
		"brief.pdf":                   "brief.pdf",
		"":                            "bestand",
		".":                           "bestand",
		"..":                          "bestand",
		" . . ":                       "bestand",
		"../../etc/passwd":            "passwd",
		`..\..\windows\win.ini`:       "win.ini",
		`C:\map\brief.pdf`:            "brief.pdf",
		"/etc/passwd":                 "passwd",
		"map/":                        "bestand",
		"a\x00b\r\nc\td.txt":          "ab c d.txt",
		"brief\u202efdp.exe":          "brieffdp.exe",
		"br\u200bief.pdf":             "brief.pdf",
		"\xff\xfebrief.pdf":           "_brief.pdf",
		"brief.pdf. .":                "brief.pdf",
		"wat? <nu>: \"dit\"|*.txt":    "wat_ _nu__ _dit___.txt",
		".htaccess":                   "htaccess",
		"CON":                         "CON",
		"een\u00a0twee\u2028drie.txt": "een twee drie.txt",
		"été.txt":                     "été.txt",
	} {
		if got := placed(t, "winkel", name); got != "bestanden/winkel/001-"+want {
			t.Errorf("%q became %q", name, got)
		}
	}
}

func TestLongNamesKeepTheirEnding(t *testing.T) {
	for _, name := range []string{
		strings.Repeat("a", 300) + ".pdf", strings.Repeat("é", 300) + ".pdf", strings.Repeat("€", 300) + ".pdf",
		strings.Repeat("a ", 200) + ".pdf", strings.Repeat("a.", 200) + "pdf",
	} {
		got := path.Base(placed(t, "winkel", name))
		if !strings.HasSuffix(got, ".pdf") || len(got) > 104 || len(got) < 95 || !utf8.ValidString(got) || strings.Contains(got, "..pdf") {
			t.Errorf("%d bytes became %q", len(name), got)
		}
	}
	if got := path.Base(placed(t, "winkel", "a."+strings.Repeat("b", 300))); len(got) > 104 {
		t.Errorf("a long ending became %q", got)
	}
}

// Whatever a file system thinks of capitals, accents or devices, two files are
// two, and none is a device (learn.microsoft.com/windows/win32/fileio/naming-a-file).
func TestNamesAreOneFileEach(t *testing.T) {
	files := drawer{}
	given := []string{"a.txt", "A.TXT", "a.txt", "a.txt ", "e\u0301.txt", "\u00e9.txt", "CON", "con.txt", "LPT1.csv", "-rf", ""}
	var list []dsr.AnswerFile
	for i, name := range given {
		list = append(list, files.put([]string{"winkel", "../winkel", "nul"}[i%3], name, name))
	}
	names, content := pack(t, answer(list...), files)
	numbers := map[string]bool{}
	good := regexp.MustCompile(`^bestanden/(winkel|_nul)/(\d{3})-[^/]+$`)
	for i, name := range names[2 : len(names)-1] {
		match := good.FindStringSubmatch(name)
		if match == nil || numbers[match[2]] || content[name] != given[i] {
			t.Errorf("%q became %q", given[i], name)
			continue
		}
		numbers[match[2]] = true
	}
	if want := fmt.Sprintf("%03d", len(given)); !numbers[want] {
		t.Errorf("there is no file %s", want)
	}
}

func FuzzNameStaysInItsFolder(f *testing.F) {
	f.Add("a/../b\\..", "x")
	f.Fuzz(func(t *testing.T, name, system string) {
		got := placed(t, system, name)
		parts := strings.Split(got, "/")
		if len(parts) != 3 || parts[0] != "bestanden" || path.Clean(got) != got || strings.ContainsAny(got, "\\:\x00\n") || len(got) > 220 {
			t.Errorf("%q of %q became %q", name, system, got)
		}
	})
}
