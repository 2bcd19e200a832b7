package house

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
)

// commentMin is the least share of lines, in percent, that says why.
const commentMin = 15

// commentLines counts the lines of a module that hold only comment, and all
// lines that hold anything.
func commentLines(t tree) (comment, all int) {
	for _, s := range t.code() {
		all += written(s.text)
		text := bytes.Split(s.text, []byte("\n"))
		for _, group := range s.file.Comments {
			from, to := t.fset.Position(group.Pos()), t.fset.Position(group.End())
			if len(bytes.TrimSpace(text[from.Line-1][:from.Column-1])) == 0 {
				comment += to.Line - from.Line + 1
			}
		}
	}
	return comment, all
}

// written counts the lines that are not empty.
func written(text []byte) int {
	n := 0
	for _, line := range bytes.Split(text, []byte("\n")) {
		if len(bytes.TrimSpace(line)) > 0 {
			n++
		}
	}
	return n
}

// percent is a share in words.
func percent(part, all int) string {
	if all == 0 {
		return "none"
	}
	return fmt.Sprintf("%d %% (%d of %d)", part*100/all, part, all)
}

// figures says how a module measures up, a line a figure.
func figures(t tree) string {
	functions, files := functionLengths(t), fileLengths(t)
	var text strings.Builder
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&text, "  %-34s %s\n", name, fmt.Sprintf(format, args...))
	}
	tested := 0
	for _, s := range t.sources {
		if s.test {
			tested += written(s.text)
		}
	}
	comment, all := commentLines(t)
	with, unexported := explained(t)
	wrapping, errors, _ := errorfs(t)
	shown, told := 0, 0
	for _, s := range t.code() {
		for _, e := range entities(s) {
			if e.exported {
				shown++
				told += min(len(e.doc), 1)
			}
		}
	}
	widest := 0
	for _, s := range seams(t) {
		widest = max(widest, s.methods)
	}
	line("files, lines of code", "%d, %d", len(files), all)
	line("function length median/p95/max", "%d/%d/%d (bars %d/%d/%d)", quantile(functions, 50), quantile(functions, 95),
		quantile(functions, 100), functionMedian, functionP95, functionMax)
	line("file length p95/max", "%d/%d (bars %d/%d)", quantile(files, 95), quantile(files, 100), fileP95, fileMax)
	line("comment lines", "%s (bar %d %%)", percent(comment, all), commentMin)
	line("exported names explained", "%s", percent(told, shown))
	line("unexported functions explained", "%s (bar 70 %%)", percent(with, unexported))
	line("interfaces, methods of the widest", "%d, %d (bars %d, %d)", len(seams(t)), widest, interfacesMax, methodsMax)
	line("errors of errors that wrap", "%s (bar 85 %%)", percent(wrapping, errors))
	line("lines of test a line of code", "%.2f", float64(tested)/float64(max(all, 1)))
	return text.String()
}

// TestFigures prints the figures; the bars themselves are tests of their own.
func TestFigures(t *testing.T) {
	for _, name := range []string{"root", "infra/local"} {
		t.Logf("module %s\n%s", name, figures(modules(t)[name]))
	}
	text, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	file, err := modfile.Parse("go.mod", text, nil)
	if err != nil {
		t.Fatal(err)
	}
	direct := 0
	for _, required := range file.Require {
		if !required.Indirect {
			direct++
		}
	}
	t.Logf("direct dependencies of the root module: %d", direct)
}

func TestCommentsSayWhyOftenEnough(t *testing.T) {
	for name, m := range modules(t) {
		if comment, all := commentLines(m); comment*100 < all*commentMin {
			t.Errorf("module %s: comments are %s of the lines, want %d %%: say why where it is not plain", name, percent(comment, all), commentMin)
		}
	}
	comment, all := commentLines(plant(t, "a/a.go", "// a\n// b\npackage a\n\nvar x int // no line of its own\n", "a/a_test.go", "// c\npackage a\n"))
	if comment != 2 || all != 4 {
		t.Errorf("commentLines() = %d of %d, want 2 of 4", comment, all)
	}
}
