package ledger_test

import (
	"bytes"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/ledger"
)

// changes is how many single bytes of the large export are changed.
const changes = 1000

// rejected says whether the strict reader refuses the line that holds byte i.
// Verify then reports it, whatever the rest is, which saves the tests below
// verifying the rest each time.
func rejected(export []byte, i int) bool {
	start := bytes.LastIndexByte(export[:i], '\n') + 1
	end := len(export)
	// The line may have lost its end, or got a second one: take two more.
	for at, seen := start, 0; at < len(export); at++ {
		if export[at] == '\n' {
			if seen++; seen == 2 && at > i {
				end = at + 1
				break
			}
		}
	}
	reader := ledger.NewReader(bytes.NewReader(export[start:end]))
	for {
		_, err := reader.Next()
		if err != nil {
			return err != io.EOF
		}
	}
}

// TestEveryChangedByteOfALargeExportIsFound changes single bytes of 10,000
// rows. No change is harmless: white space, the order of keys and other
// spellings of the same are refused, so none is listed as such.
func TestEveryChangedByteOfALargeExportIsFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t, large)
	export := []byte(w.export(t))
	if rows := bytes.Count(export, []byte("\n")); rows < 10_000 {
		t.Fatalf("%d rows, want 10,000", rows)
	}
	if report := w.verify(t, string(export)); !report.OK() {
		t.Fatalf("unchanged: %q", report.Findings)
	}
	random := rand.New(rand.NewPCG(1, 2))
	refused, survivors := 0, 0
	for n := range changes {
		i := random.IntN(len(export))
		old := export[i]
		export[i] = other(random, old, n%10 == 0)
		if rejected(export, i) {
			refused++
			// Some are verified all the same: what is refused is reported.
			if n%50 == 0 && w.verify(t, string(export)).OK() {
				survivors++
			}
		} else if w.verify(t, string(export)).OK() {
			survivors++
			t.Errorf("byte %d changed from %q to %q is not found", i, old, export[i])
		}
		export[i] = old
	}
	if refused == changes || refused == 0 {
		t.Errorf("%d of %d changes are refused by the reader: the rules behind it are not tried", refused, changes)
	}
	t.Logf("%d changes: %d refused by the reader, %d found by the rules, %d survivors", changes, refused, changes-refused-survivors, survivors)
}

// other gives another byte: any, or one of those that rows are made of, which
// a reader takes more often.
func other(random *rand.Rand, old byte, plausible bool) byte {
	for {
		b := byte(random.IntN(256))
		if plausible {
			b = "0123456789abcdef"[random.IntN(16)]
		}
		if b != old {
			return b
		}
	}
}

// structural are the edits of rows, at a place that has a row after it.
func structural() map[string]func(lines []string, at int) []string {
	return map[string]func([]string, int) []string{
		"delete":    func(lines []string, at int) []string { return slices.Delete(lines, at, at+1) },
		"insert":    func(lines []string, at int) []string { return slices.Insert(lines, at, lines[len(lines)/2]) },
		"duplicate": func(lines []string, at int) []string { return slices.Insert(lines, at, lines[at]) },
		"swap": func(lines []string, at int) []string {
			lines[at], lines[at+1] = lines[at+1], lines[at]
			return lines
		},
		"swap far": func(lines []string, at int) []string {
			other := (at + len(lines)/2) % len(lines)
			lines[at], lines[other] = lines[other], lines[at]
			return lines
		},
		"truncate":     func(lines []string, at int) []string { return lines[:at] },
		"cut in a row": func(lines []string, at int) []string { return append(lines[:at], lines[at][:len(lines[at])/2]) },
		"behead":       func(lines []string, at int) []string { return lines[at+1:] },
	}
}

// tamper makes every structural edit at some places of an export.
func tamper(t *testing.T, w *world, export string, places []int) {
	t.Helper()
	lines := strings.SplitAfter(strings.TrimSuffix(export, "\n"), "\n")
	lines[len(lines)-1] += "\n"
	for name, change := range structural() {
		for _, at := range places {
			changed := change(slices.Clone(lines), at)
			if w.verify(t, strings.Join(changed, "")).OK() {
				t.Errorf("%s at line %d of %d is not found", name, at+1, len(lines))
			}
		}
	}
}

func TestEveryStructuralEditOfALargeExportIsFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t, large)
	random := rand.New(rand.NewPCG(3, 4))
	// The ends, where one kind of row meets the next, and anywhere between.
	places := []int{0, 1, len(w.rows)}
	for _, is := range []func(ledger.Row) bool{isLeaf, isNode, isPending, isCheckpoint} {
		places = append(places, w.find(is, 0)+1)
	}
	for range 2 {
		places = append(places, random.IntN(len(w.rows)))
	}
	tamper(t, w, w.export(t), places)
}

func TestEveryStructuralEditAtEveryPlaceIsFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t, small)
	var places []int
	for at := range len(w.rows) + 1 {
		places = append(places, at)
	}
	tamper(t, w, w.export(t), places)
}

// TestEveryStructuralEditWithHonestCountsIsFound makes them as a forger would
// who corrects the end of the export. Only the last checkpoint can be taken
// away so, which a test of its own says.
func TestEveryStructuralEditWithHonestCountsIsFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t, small)
	for i := range w.rows {
		deleted := slices.Delete(slices.Clone(w.rows), i, i+1)
		doubled := slices.Insert(slices.Clone(w.rows), i, w.rows[i])
		cut := slices.Clone(w.rows[:i])
		edits := map[string][]ledger.Row{"delete": deleted, "duplicate": doubled, "truncate": cut}
		if i+1 < len(w.rows) {
			swapped := slices.Clone(w.rows)
			swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
			edits["swap"], edits["behead"] = swapped, w.rows[i+1:]
		}
		for name, rows := range edits {
			lastOnly := len(rows) == len(w.rows)-1 && i == len(w.rows)-1
			noneLeft := len(rows) == 0
			if ok := w.verify(t, w.forge(t, rows)).OK(); ok != (lastOnly || noneLeft) {
				t.Errorf("%s at row %d of %d: whole is %v", name, i, len(w.rows), ok)
			}
		}
	}
}
