package ledger_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/ledger"
)

// readAll gives the rows of an export and the lines that are none.
func readAll(t *testing.T, export string) (rows []ledger.Row, bad []int64) {
	t.Helper()
	reader := ledger.NewReader(strings.NewReader(export))
	for {
		row, err := reader.Next()
		var line *ledger.LineError
		switch {
		case errors.Is(err, io.EOF):
			return rows, bad
		case errors.As(err, &line):
			if line.Line != reader.Line() {
				t.Errorf("line %d is named %d", reader.Line(), line.Line)
			}
			bad = append(bad, line.Line)
		case err != nil:
			t.Fatal(err)
		default:
			rows = append(rows, row)
		}
	}
}

func TestExportIsReadAsItWasWritten(t *testing.T) {
	w := newWorld(t, small)
	export := w.export(t)
	rows, bad := readAll(t, export)
	if len(bad) > 0 {
		t.Fatalf("lines %v are refused", bad)
	}
	counts := ledger.RowCounts{Cases: 5, Events: 42, Leaves: 38, Nodes: int64(len(w.stored)), Pending: 4, Checkpoints: 6}
	want := slices.Concat(
		[]ledger.Row{{Begin: w.begin()}}, w.rows, []ledger.Row{{End: &counts}},
	)
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("rows differ (-want +got):\n%s", diff)
	}
	if w.forge(t, w.rows) != export {
		t.Error("the tests' own writer writes another export")
	}
}

// TestExportHasTheDocumentedForm keeps the form that is written down in the
// package comment: exports are kept for years.
func TestExportHasTheDocumentedForm(t *testing.T) {
	hash := ledger.Leaf([]byte("x"))
	at := time.Date(2026, 3, 29, 3, 30, 0, 500, time.FixedZone("CEST", 7200))
	var out bytes.Buffer
	w, err := ledger.NewWriter(&out, ledger.NewBegin("k", time.Date(2026, 3, 29, 3, 30, 0, 500, time.FixedZone("CEST", 7200))))
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []ledger.Row{
		{Case: &ledger.CaseHead{Events: 1, Head: hash}},
		{Event: &ledger.CaseEvent{Seq: 1, Bytes: []byte("{}")}},
		{Leaf: &ledger.TreeLeaf{Index: 0, Hash: hash}},
		{Node: &ledger.TreeNode{Index: 0, Hash: hash}},
		{Pending: &ledger.PendingLeaf{Hash: hash, At: at}},
		{Expired: &ledger.ExpiredLeaf{Hash: hash, At: at}},
		{Checkpoint: &ledger.SavedCheckpoint{Number: 1, Note: "a\n\n— b c\n"}},
	} {
		if err := w.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	want := strings.NewReplacer("ID", strings.Repeat("a", 26), "HASH", hash.String(), "ZERO", ledger.Hash{}.String()).Replace(
		`{"begin":{"format":"inzage-ledger/v2","key":"k","at":"2026-03-29T01:30:00.0000005Z","sum":"a42572278f9adca444dcd5edf29506c4a4a2a1b978c370629a46100ff6407c8b"}}
{"case":{"case":"ID","events":1,"head":"HASH"}}
{"event":{"case":"ID","seq":1,"prev":"ZERO","bytes":"e30="}}
{"leaf":{"index":0,"hash":"HASH"}}
{"node":{"index":0,"hash":"HASH"}}
{"pending":{"hash":"HASH","at":"2026-03-29T01:30:00.0000005Z"}}
{"expired":{"hash":"HASH","at":"2026-03-29T01:30:00.0000005Z"}}
{"checkpoint":{"number":1,"note":"a\n\n— b c\n"}}
{"end":{"cases":1,"events":1,"leaves":1,"nodes":1,"pending":1,"expired":1,"checkpoints":1}}
`)
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("export differs (-want +got):\n%s", diff)
	}
}

func TestWriterRefusesWhatAReaderWould(t *testing.T) {
	leaf := func(index int64) ledger.Row { return ledger.Row{Leaf: &ledger.TreeLeaf{Index: index}} }
	head := ledger.Row{Case: &ledger.CaseHead{Events: 1}}
	for name, rows := range map[string][]ledger.Row{
		"nothing":             {{}},
		"two kinds":           {{Leaf: leaf(0).Leaf, Case: head.Case}},
		"a second begin":      {{Begin: newBegin("k", time.Time{})}},
		"an end of its own":   {{End: &ledger.RowCounts{}}},
		"same row twice":      {leaf(1), leaf(1)},
		"leaves backwards":    {leaf(1), leaf(0)},
		"case after leaf":     {leaf(1), head},
		"event before case":   {{Event: &ledger.CaseEvent{Seq: 1}}, head},
		"event without seq":   {{Event: &ledger.CaseEvent{}}},
		"negative index":      {leaf(-1)},
		"negative node":       {{Node: &ledger.TreeNode{Index: -1}}},
		"unnumbered":          {{Checkpoint: &ledger.SavedCheckpoint{}}},
		"an event of a MB":    {{Event: &ledger.CaseEvent{Seq: 1, Bytes: make([]byte, 1<<20)}}},
		"a year beyond texts": {{Pending: &ledger.PendingLeaf{At: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}}},
	} {
		w, err := ledger.NewWriter(io.Discard, ledger.NewBegin("k", time.Time{}))
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			err = w.Write(row)
		}
		if err == nil {
			t.Errorf("%s was written", name)
		}
	}
}

// full is a disk that takes some bytes and then no more.
type full struct{ left int }

func (f *full) Write(p []byte) (int, error) {
	f.left -= len(p)
	if f.left < 0 {
		return 0, io.ErrShortWrite
	}
	return len(p), nil
}

func TestExportToAFullDiskFails(t *testing.T) {
	w := newWorld(t, small)
	whole := len(w.export(t))
	for _, left := range []int{0, 4096, whole - 1, whole} {
		writer, err := ledger.NewWriter(&full{left: left}, *w.begin())
		for i := 0; err == nil && i < len(w.rows); i++ {
			err = writer.Write(w.rows[i])
		}
		if err == nil {
			err = writer.Close()
		}
		if (err == nil) != (left == whole) {
			t.Errorf("%d of %d bytes fit: %v", left, whole, err)
		}
	}
}

// TestRowHasOneSpelling lists changes that mean the same in JSON, so that no
// hash would show them, beside lines that are no row at all.
func TestRowHasOneSpelling(t *testing.T) {
	hash := ledger.Leaf([]byte("x")).String()
	good := `{"leaf":{"index":10,"hash":"` + hash + `"}}`
	pending := `{"pending":{"hash":"` + hash + `","at":"2026-03-29T01:30:00Z"}}`
	event := `{"event":{"case":"` + strings.Repeat("a", 26) + `","seq":1,"prev":"` + hash + `","bytes":"e30="}}`
	for _, line := range []string{good, pending, event} {
		if _, bad := readAll(t, line+"\n"); bad != nil {
			t.Fatalf("%s is refused", line)
		}
	}
	for name, line := range map[string]string{
		"space before":        " " + good,
		"space after":         good + " ",
		"space inside":        strings.Replace(good, ":", ": ", 1),
		"line end of DOS":     good + "\r",
		"byte order mark":     "\ufeff" + good,
		"other order of keys": `{"leaf":{"hash":"` + hash + `","index":10}}`,
		"key twice":           strings.Replace(good, `"index":10`, `"index":10,"index":10`, 1),
		"row twice":           `{"leaf":{"index":1},` + good[1:],
		"two rows":            good + good,
		"upper-case key":      strings.Replace(good, "leaf", "Leaf", 1),
		"escaped key":         strings.Replace(good, "leaf", `l\u0065af`, 1),
		"upper-case hash":     strings.Replace(good, hash, strings.ToUpper(hash), 1),
		"short hash":          strings.Replace(good, hash, hash[2:], 1),
		"exponent":            strings.Replace(good, "10", "1e1", 1),
		"fraction":            strings.Replace(good, "10", "10.0", 1),
		"minus nothing":       strings.Replace(good, "10", "-0", 1),
		"negative":            strings.Replace(good, "10", "-1", 1),
		"number as text":      strings.Replace(good, "10", `"10"`, 1),
		"beyond int64":        strings.Replace(good, "10", "9223372036854775808", 1),
		"unknown field":       strings.Replace(good, `"index":10`, `"index":10,"note":""`, 1),
		"unknown kind":        strings.Replace(good, "leaf", "twig", 1),
		"two kinds":           strings.TrimSuffix(good, "}") + "," + pending[1:],
		"null beside":         strings.TrimSuffix(good, "}") + `,"case":null}`,
		"missing field":       `{"leaf":{"hash":"` + hash + `"}}`,
		"null":                "null",
		"list":                "[" + good + "]",
		"empty object":        "{}",
		"empty line":          "",
		"no JSON":             "leaf 10",
		"deep":                strings.Repeat("[", 100_000),
		"other offset":        strings.Replace(pending, "01:30:00Z", "02:30:00+01:00", 1),
		"offset of nothing":   strings.Replace(pending, "Z", "+00:00", 1),
		"fraction of nothing": strings.Replace(pending, "Z", ".0Z", 1),
		"lower-case zone":     strings.Replace(pending, "Z", "z", 1),
		"no base64 padding":   strings.Replace(event, "e30=", "e30", 1),
		"base64 spare bits":   strings.Replace(event, "e30=", "e31=", 1),
		"base64 line end":     strings.Replace(event, "e30=", `e30=\n`, 1),
		"upper-case id":       strings.Replace(event, "aa", "AA", 1),
		"id with spare bits":  strings.Replace(event, `a",`, `b",`, 1),
		"seq 0":               strings.Replace(event, `"seq":1`, `"seq":0`, 1),
		"another format":      `{"begin":{"format":"inzage-ledger/v2"}}`,
		"end with a gap":      `{"end":{"cases":1}}`,
		"broken UTF-8":        `{"checkpoint":{"number":1,"note":"` + "\xff" + `"}}`,
		"other escape":        `{"checkpoint":{"number":1,"note":"\u000a"}}`,
	} {
		rows, bad := readAll(t, good+"\n"+line+"\n"+good+"\n")
		if len(rows) != 2 || !slices.Equal(bad, []int64{2}) {
			t.Errorf("%s: %d rows, bad lines %v; want line 2 refused and the others read", name, len(rows), bad)
		}
	}
}

func TestLineMustEnd(t *testing.T) {
	export := newWorld(t, small).export(t)
	rows, bad := readAll(t, strings.TrimSuffix(export, "\n"))
	if want := int64(strings.Count(export, "\n")); !slices.Equal(bad, []int64{want}) || int64(len(rows)) != want-1 {
		t.Errorf("%d rows, bad lines %v, want %d", len(rows), bad, want)
	}
	if rows, bad := readAll(t, ""); rows != nil || bad != nil {
		t.Errorf("nothing is read as %v, %v", rows, bad)
	}
}

func TestLineTooLongIsSkippedUnread(t *testing.T) {
	good := `{"leaf":{"index":1,"hash":"` + ledger.Hash{}.String() + `"}}` + "\n"
	for _, length := range []int{1 << 20, 1<<20 + 1, 3 << 20} {
		long := strings.Repeat("x", length-1)
		if rows, bad := readAll(t, good+long+"\n"+good); len(rows) != 2 || !slices.Equal(bad, []int64{2}) {
			t.Errorf("%d bytes: %d rows, bad lines %v", length, len(rows), bad)
		}
		if rows, bad := readAll(t, good+long); len(rows) != 1 || !slices.Equal(bad, []int64{2}) {
			t.Errorf("%d bytes without end: %d rows, bad lines %v", length, len(rows), bad)
		}
	}
}

func TestLongestRowThatIsWrittenIsRead(t *testing.T) {
	row := func(length int) ledger.Row {
		around := len(`{"checkpoint":{"number":1,"note":""}}`)
		return ledger.Row{Checkpoint: &ledger.SavedCheckpoint{Number: 1, Note: strings.Repeat("x", length-around)}}
	}
	var out bytes.Buffer
	w, err := ledger.NewWriter(&out, ledger.NewBegin("k", time.Date(2026, 3, 29, 3, 30, 0, 500, time.FixedZone("CEST", 7200))))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(row(1 << 20)); err == nil {
		t.Error("a row that no reader takes was written")
	}
	if err := errors.Join(w.Write(row(1<<20-1)), w.Close()); err != nil {
		t.Error(err)
	}
	if rows, bad := readAll(t, out.String()); len(rows) != 3 || bad != nil {
		t.Errorf("%d rows, bad lines %v", len(rows), bad)
	}
}

func TestDiskThatFailsIsNoBadLine(t *testing.T) {
	w := newWorld(t, small)
	broken := errors.New("disk broken")
	export := io.MultiReader(strings.NewReader(w.export(t)[:1000]), iotest.ErrReader(broken))
	if report, err := ledger.Verify(export, w.key); !errors.Is(err, broken) || !reflect.DeepEqual(report, ledger.Report{}) {
		t.Errorf("%v, %v", report, err)
	}
	slow := iotest.OneByteReader(strings.NewReader(w.export(t)))
	if report, err := ledger.Verify(slow, w.key); err != nil || !report.OK() {
		t.Errorf("byte by byte: %v, %v", report.Findings, err)
	}
}

func TestErrorsHoldNothingThatWasRead(t *testing.T) {
	_, err := ledger.NewReader(strings.NewReader(`{"leaf":"Jansen"}` + "\n")).Next()
	var bad *ledger.LineError
	if !errors.As(err, &bad) || bad.Unwrap() == nil || strings.Contains(err.Error(), "Jansen") || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("%v", err)
	}
}

func FuzzReader(f *testing.F) {
	for _, line := range strings.SplitAfter(newWorld(f, shape{1, 3, 1, 1}).export(f), "\n") {
		f.Add(line)
	}
	f.Add(`{"leaf":{"index":1,"hash":""}}` + "\n\n{")
	f.Fuzz(func(t *testing.T, export string) {
		rows, bad := readAll(t, export)
		if lines := strings.Count(export, "\n"); len(rows) > lines || len(rows)+len(bad) < lines {
			t.Errorf("%d rows and %d bad lines of %d", len(rows), len(bad), lines)
		}
		for _, row := range rows {
			raw, err := json.Marshal(row)
			if err != nil || !strings.Contains(export, string(raw)+"\n") {
				t.Errorf("a row is not written as it was read: %s, %v", raw, err)
			}
		}
	})
}

func FuzzParseCheckpoint(f *testing.F) {
	f.Add(published)
	f.Add("a\n0\n" + strings.Repeat("A", 43) + "=\n")
	f.Add("a\n01\n" + strings.Repeat("A", 42) + "B=\n")
	f.Fuzz(func(t *testing.T, text string) {
		if read, err := ledger.ParseCheckpoint(text); err == nil && read.Text() != text {
			t.Errorf("%q is written as %q", text, read.Text())
		}
	})
}

func FuzzOpenCheckpoint(f *testing.F) {
	signer, _ := newKey(f, 1)
	signed, _, key := signedTree(f)
	f.Add(signed)
	f.Add(strings.Replace(signed, "\n5\n", "\n6\n", 1))
	f.Add(signed[:len(signed)-1])
	f.Add(published + "\n— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5\n")
	f.Fuzz(func(t *testing.T, text string) {
		read, err := ledger.OpenCheckpoint(text, key)
		if err != nil {
			return
		}
		if again, err := read.Sign(signer); err != nil || again != text {
			t.Errorf("%q is signed as %q, %v", text, again, err)
		}
	})
}
