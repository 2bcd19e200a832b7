package desk_test

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/idcopy"
	"polarweb.nl/inzage/internal/web"
	"polarweb.nl/inzage/internal/web/desk"
)

// constantsOf gives the values of the string constants of a type of package dsr,
// read from its source: one that is added there is met here.
func constantsOf(t *testing.T, file, of string) []string {
	t.Helper()
	values := valuesIn(t, filepath.Join("dsr", file), func(_ string, typed ast.Expr) bool {
		named, ok := typed.(*ast.Ident)
		return ok && named.Name == of
	})
	if len(values) < 3 {
		t.Fatalf("found only %v of type %s in %s", values, of, file)
	}
	return values
}

// valuesIn gives the values of the string constants of a file that are wanted.
func valuesIn(t *testing.T, file string, wanted func(name string, typed ast.Expr) bool) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", file))
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
		if !ok || len(spec.Values) != 1 || !wanted(spec.Names[0].Name, spec.Type) {
			return true
		}
		if literal, plain := spec.Values[0].(*ast.BasicLit); plain && literal.Kind == gotoken.STRING {
			value, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			values = append(values, value)
		}
		return true
	})
	if len(values) == 0 {
		t.Fatalf("found nothing in %s", file)
	}
	return values
}

// reasonsIn gives the reasons that a file has constants for, by their names.
func reasonsIn(t *testing.T, file string) []string {
	t.Helper()
	return valuesIn(t, file, func(name string, _ ast.Expr) bool { return strings.HasPrefix(strings.ToLower(name), "reason") })
}

// TestEveryReasonHasItsSentence reads the words from the sources of those who
// write them, and wants each said by itself in both languages.
func TestEveryReasonHasItsSentence(t *testing.T) {
	var copies, steps []string
	for _, word := range idcopy.Refusals() {
		copies = append(copies, string(word))
	}
	steps = valuesIn(t, "deadline/warnings.go", func(name string, _ ast.Expr) bool { return strings.HasPrefix(name, "Warn") })
	copies = append(copies, valuesIn(t, "casework/copies.go", func(name string, _ ast.Expr) bool {
		return strings.HasPrefix(name, "Copy") || strings.HasPrefix(name, "reason") && name != "reasonDoubt"
	})...)
	files := slices.Concat(reasonsIn(t, "casework/files.go"), reasonsIn(t, "casework/takein.go"), valuesIn(t, "casework/pack.go", func(name string, _ ast.Expr) bool {
		return strings.HasPrefix(name, "refused") || name == "reasonOver"
	}))
	for of, words := range map[string][]string{
		"mail": slices.Concat(reasonsIn(t, "mailroom/mailroom.go"), reasonsIn(t, "casework/forward.go"),
			valuesIn(t, "casework/receive.go", func(name string, _ ast.Expr) bool { return name == "reasonPurged" })),
		"copy": copies, "step": steps, "file": files,
	} {
		said := map[string]string{}
		for _, word := range words {
			nl, en := desk.Words(of, word).NL, desk.Words(of, word).EN
			if other := said[nl]; nl == "" || en == "" || nl == en || other != "" && other != word || strings.Contains(nl, "Reden: ") || nl == word {
				t.Errorf("%s %q is said as %q and %q, as is %q", of, word, nl, en, other)
			}
			said[nl] = word
		}
	}
	if nl := desk.Words("mail", "<i>new").NL; nl != "Reden: <i>new." {
		t.Errorf("a new word is said as %q", nl)
	}
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
