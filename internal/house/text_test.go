package house

import (
	"bytes"
	"errors"
	"io/fs"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// page is one text file of the repository.
type page struct {
	path string
	text []byte
}

// pages gives every text file that is, or would be, in the repository.
func pages(t *testing.T) []page {
	t.Helper()
	list := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = root
	names, err := list.Output()
	if err != nil {
		t.Skipf("SKIP: this is no git clone, so which files belong to the project is unknown: %v", err)
	}
	var found []page
	for name := range strings.SplitSeq(string(names), "\x00") {
		text, err := os.ReadFile(filepath.Join(root, name))
		if name == "" || errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if utf8.Valid(text) && !bytes.ContainsRune(text, 0) {
			found = append(found, page{name, text})
		}
	}
	if len(found) < 50 {
		t.Fatalf("only %d text files found; is the repository whole?", len(found))
	}
	return found
}

// elsewhere is what only makes sense on the machine where it was written: home
// folders, registries, and notes that are no part of the project. The brackets
// keep the pattern from finding itself.
var elsewhere = regexp.MustCompile(`(^|[^\w./~*-])/(w[o]rk|r[o]ot|f[a]rm|h[o]me/\w+|U[s]ers/\w+)/|[A-Z]:\\U[s]ers\\` +
	`|registry\.n[p]mjs|registry\.y[a]rnpkg|proxy\.g[o]lang|sum\.g[o]lang|goproxy\.[a-z]+\b` +
	`|\br[e]ference/[a-z-]+\.(md|json)|\bd[e]sign(\.md| §)|\bi[s]sues show\b`)

// thisMachine gives what names the machine the test runs on: the folder the
// repository lies in and the hosts its tools fetch from.
func thisMachine() []string {
	var names []string
	if here, err := filepath.Abs(root); err == nil && strings.Count(here, string(filepath.Separator)) > 1 {
		names = append(names, here+string(filepath.Separator))
	}
	for _, setting := range [][]string{{"go", "env", "GOPROXY"}, {"npm", "config", "get", "registry"}} {
		said, err := exec.Command(setting[0], setting[1:]...).Output()
		if err != nil {
			continue // no such tool here, so it fetched nothing
		}
		for _, address := range regexp.MustCompile(`https?://[^,|\s]+`).FindAllString(string(said), -1) {
			if host := hostOf(address); strings.Contains(host, ".") && net.ParseIP(host) == nil {
				names = append(names, host)
			}
		}
	}
	return names
}

// hostOf gives the host of an address; "" when it has none.
func hostOf(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return parsed.Hostname()
}

// namesOfMachines finds lines that name a machine or a registry.
func namesOfMachines(list []page, machine []string) []finding {
	var found []finding
	for _, p := range list {
		if path.Base(p.path) == "go.sum" || path.Base(p.path) == "go.work.sum" {
			continue // hashes by module path; there is no address in it
		}
		number := 0
		for line := range bytes.Lines(p.text) {
			number++
			name := elsewhere.FindString(string(line))
			for _, known := range machine {
				if name == "" && bytes.Contains(line, []byte(known)) {
					name = known
				}
			}
			if name != "" {
				found = append(found, in(place(p.path, number), "names %q, which means nothing elsewhere: say it without", strings.TrimSpace(name)))
			}
		}
	}
	return found
}

// addresses finds lock files that record where something was downloaded:
// whoever installs from them would be sent there.
func addresses(list []page) []finding {
	locks := []string{"package-lock.json", "npm-shrinkwrap.json", "go.mod", "go.sum", "go.work", "go.work.sum"}
	var found []finding
	for _, p := range list {
		number := 0
		for line := range bytes.Lines(p.text) {
			number++
			if slices.Contains(locks, path.Base(p.path)) &&
				(bytes.Contains(line, []byte("://")) || bytes.Contains(line, []byte(`"resolved"`))) {
				found = append(found, in(place(p.path, number), "records a download address: install with the settings of .npmrc"))
			}
		}
	}
	return found
}

// exemptFromLength are the long files that may be long, with the reason.
func exemptFromLength() map[string]string {
	return map[string]string{
		"template.yaml": "CloudFormation deploys one template, and cutting it up would hide which role may do what",
	}
}

// longPages finds text files that no reader gets to the end of, and exemptions
// that nothing needs any more. Test data, lock files and licences are not read.
func longPages(list []page, exempt map[string]string) []finding {
	var found []finding
	needed := map[string]bool{}
	for _, p := range list {
		n := lines(p.text)
		if n <= fileMax || unread(p.path) {
			continue
		}
		needed[p.path] = true
		if exempt[p.path] == "" {
			found = append(found, in(p.path, "has %d lines, want %d at most: split it where its story has a pause", n, fileMax))
		}
	}
	for name := range exempt {
		if !needed[name] {
			found = append(found, in(name, "is not long any more: remove its exemption"))
		}
	}
	return found
}

// unread says whether a file is data that nobody reads from top to bottom.
func unread(name string) bool {
	for _, part := range strings.Split(path.Dir(name), "/") {
		if part == "testdata" || part == "golden" || part == "corpora" || part == "corpus" {
			return true
		}
	}
	return slices.Contains([]string{"go.sum", "go.work.sum", "package-lock.json", "LICENSE"}, path.Base(name))
}

func TestNothingNamesTheMachineItWasWrittenOn(t *testing.T) {
	keep(t, namesOfMachines(pages(t), thisMachine()))
	var list []page
	for _, line := range []string{
		"see /ro" + "ot/go", "in /ho" + "me/anna/inzage", `C:\Us` + `ers\anna`, "https://registry.np" + "mjs.org/x",
		"as des" + "ign §4 says", "from refer" + "ence/law.md", "fetched from mirror.office",
		"case/" + "root/x and ./home/page and GET /work-order", "a path like /homestead",
	} {
		list = append(list, page{"a.md", []byte(line)})
	}
	want := slices.Repeat([]string{"a.md:1: names "}, 7)
	finds(t, namesOfMachines(list, []string{"mirror.office"}), want...)
}

func TestLockFilesRecordNoDownloadAddress(t *testing.T) {
	list := pages(t)
	keep(t, addresses(list))
	finds(
		t, addresses([]page{
			{"package-lock.json", []byte("{\n\"resolved\": \"https://x/\"\n")},
			{"a/go.mod", []byte("replace a => https://b\n")},
			{"README.md", []byte("https://x/\n")},
		}),
		"package-lock.json:2: records", "a/go.mod:1: records",
	)
	i := slices.IndexFunc(list, func(p page) bool { return p.path == ".npmrc" })
	if i < 0 || !bytes.Contains(list[i].text, []byte("omit-lockfile-registry-resolved=true")) {
		t.Error(".npmrc must hold omit-lockfile-registry-resolved=true, or the next npm install writes addresses")
	}
}

func TestNoTextIsTooLongToRead(t *testing.T) {
	keep(t, longPages(pages(t), exemptFromLength()))
	long := bytes.Repeat([]byte("\n"), fileMax+1)
	finds(
		t, longPages([]page{
			{"a.md", long}, {"b.md", long}, {"c/testdata/d.txt", long}, {"go.sum", long}, {"e.md", long[1:]},
		}, map[string]string{"b.md": "a reason", "f.md": "outlived"}),
		"a.md: has 401 lines", "f.md: is not long any more",
	)
}
