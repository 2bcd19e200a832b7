package desk_test

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/web"
	"polarweb.nl/inzage/internal/web/desk"
)

// constantsOf gives the values of the string constants of a type of package dsr,
// read from its source: one that is added there is met here.
func constantsOf(t *testing.T, file, of string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "dsr", file))
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := parser.ParseFile(gotoken.NewFileSet(), file, text, 0)
	if err != nil {
		t.Fatal(err)
	}
	var values []string
	ast.Inspect(parsed, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		named, ok := spec.Type.(*ast.Ident)
		literal, plain := spec.Values[0].(*ast.BasicLit)
		if ok && plain && named.Name == of && literal.Kind == gotoken.STRING {
			value, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			values = append(values, value)
		}
		return true
	})
	if len(values) < 3 {
		t.Fatalf("found only %v of type %s in %s", values, of, file)
	}
	return values
}

// TestEveryWordHasItsSentences meets every word that may come out of a case, and
// wants it said in both languages, in sentences that one reads at once.
func TestEveryWordHasItsSentences(t *testing.T) {
	for _, one := range []struct{ file, of string }{
		{"work.go", "NotNow"},
		{"event.go", "EventKind"},
		{"letter.go", "LetterKind"},
		{"decision.go", "Ground"},
		{"decision.go", "TaskResult"},
		{"decision.go", "Result"},
		{"work.go", "Outcome"},
		{"work.go", "Means"},
	} {
		for _, word := range constantsOf(t, one.file, one.of) {
			said := desk.Words(one.of, word)
			nl, en := web.In(said, dsr.Dutch), web.In(said, dsr.English)
			if nl == "" || en == "" || nl == en || strings.Contains(nl, word+" ") && one.of != "Ground" || nl == web.In(desk.Words(one.of, "unheard-of"), dsr.Dutch) {
				t.Errorf("%s %q is said as %q and %q", one.of, word, nl, en)
			}
			for _, sentence := range strings.SplitAfter(nl+" "+en, ". ") {
				if count := len(strings.Fields(sentence)); count > 22 {
					t.Errorf("%s %q has a sentence of %d words: %s", one.of, word, count, sentence)
				}
			}
		}
	}
	for _, fact := range dsr.Facts() {
		if said := desk.Words("Fact", string(fact)); said.NL == string(fact) || said.NL == said.EN {
			t.Errorf("the fact %q is said as %+v", fact, said)
		}
	}
}
