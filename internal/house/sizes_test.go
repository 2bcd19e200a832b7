package house

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"
	"testing"
)

// The bounds of what one reader can hold at once.
const (
	functionMax, functionP95, functionMedian = 70, 45, 12
	fileMax, fileP95                         = 400, 300
	mainMax                                  = 60
)

// length is how many lines something has.
type length struct {
	lines int
	place string
	name  string
}

// functionLengths gives the functions of a module, the shortest first.
func functionLengths(t tree) []length {
	var list []length
	for _, s := range t.code() {
		for _, declaration := range s.file.Decls {
			if f, ok := declaration.(*ast.FuncDecl); ok {
				from, to := t.fset.Position(f.Pos()), t.fset.Position(f.End())
				list = append(list, length{
					lines: to.Line - from.Line + 1, name: f.Name.Name, place: fmt.Sprintf("%s:%d", s.path, from.Line),
				})
			}
		}
	}
	sortByLength(list)
	return list
}

// fileLengths gives the files of a module that are no tests, the shortest first.
func fileLengths(t tree) []length {
	var list []length
	for _, s := range t.code() {
		list = append(list, length{lines: lines(s.text), place: s.path, name: path.Base(s.path)})
	}
	sortByLength(list)
	return list
}

// sortByLength puts the shortest first.
func sortByLength(list []length) {
	slices.SortStableFunc(list, func(a, b length) int { return a.lines - b.lines })
}

// quantile gives the length that a share of the list, in percent, keeps within.
func quantile(list []length, percent int) int {
	if len(list) == 0 {
		return 0
	}
	return list[(len(list)*percent+99)/100-1].lines
}

// tooLong finds what is longer than a bound, and lists that are too long on the
// whole.
func tooLong(what string, list []length, bounds map[int]int) []finding {
	var found []finding
	for _, l := range list {
		if l.lines > bounds[100] {
			found = append(found, in(l.place, "the %s %s has %d lines, want %d at most: split it where its story has a pause", what, l.name, l.lines, bounds[100]))
		}
	}
	for _, percent := range []int{50, 95} {
		bound, bounded := bounds[percent]
		if got := quantile(list, percent); bounded && got > bound {
			found = append(found, in(what+"s", "%d %% of them have up to %d lines, want %d: shorten the longest", percent, got, bound))
		}
	}
	return found
}

// longMains finds main.go files of functions that do more than wire.
func longMains(t tree) []finding {
	var found []finding
	for _, s := range t.code() {
		if n := lines(s.text); path.Dir(s.dir()) == "functions" && n > mainMax {
			found = append(found, in(s.path, "has %d lines, want %d at most: what is more than wiring belongs in internal/events", n, mainMax))
		}
	}
	return found
}

func TestFunctionsAreShort(t *testing.T) {
	for _, m := range modules(t) {
		keep(t, tooLong("function", functionLengths(m), map[int]int{50: functionMedian, 95: functionP95, 100: functionMax}))
	}
	short, long := "func f() {\n}\n", "func g() {\n\n\n\n}\n"
	planted := functionLengths(plant(t, "a/a.go", "package a\n"+short+short+short+long, "a/a_test.go", "package a\n"+long+long))
	finds(t, tooLong("function", planted, map[int]int{50: 2, 95: 4, 100: 4}),
		"a/a.go:8: the function g has 5 lines, want 4", "95 % of them have up to 5 lines, want 4")
	finds(t, tooLong("function", planted, map[int]int{50: 1, 95: 5, 100: 5}), "50 % of them have up to 2 lines, want 1")
}

func TestFilesAreShort(t *testing.T) {
	for _, m := range modules(t) {
		keep(t, tooLong("file", fileLengths(m), map[int]int{95: fileP95, 100: fileMax}))
	}
	finds(t, tooLong("file", fileLengths(plant(t, "a/a.go", "package a\n\n\n", "a/b.go", "package a\n")), map[int]int{95: 3, 100: 2}),
		"a/a.go: the file a.go has 3 lines")
}

func TestMainOfAFunctionOnlyWires(t *testing.T) {
	keep(t, longMains(rootTree(t)))
	long := "package main\n" + strings.Repeat("\n", mainMax+1)
	finds(t, longMains(plant(t, "functions/a/main.go", long, "infra/inzage/main.go", long)), "functions/a/main.go: has 62 lines")
}

func TestQuantileIsTheLengthThatTheShareKeepsWithin(t *testing.T) {
	var list []length
	for n := 1; n <= 20; n++ {
		list = append(list, length{lines: n})
	}
	if m, p, a := quantile(list, 50), quantile(list, 95), quantile(list, 100); m != 10 || p != 19 || a != 20 {
		t.Errorf("median %d, p95 %d, max %d", m, p, a)
	}
}
