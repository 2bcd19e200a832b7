package file

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml/ast"
)

// vocabulary is a type of package organisation whose values are known words.
// Words must not depend on the value, so the zero value can be asked.
type vocabulary interface {
	Words() []string
}

// text reads a text, one word of a vocabulary or any text of a form.
func (d decoder) text(node ast.Node, into reflect.Value, k key, path string) {
	text, isText := textOf(node)
	if !isText {
		d.wrongKind(node, path, "text", quotesHelp(node))
		return
	}
	if words, known := into.Interface().(vocabulary); known {
		d.word(text, into, words.Words(), path)
		return
	}
	// Only a text that is empty by default may be left empty in the file.
	mayBeEmpty := k.optional && into.String() == ""
	if problem := problemOf(text, k.form, mayBeEmpty); problem != "" {
		d.fault(path, fmt.Sprintf("%s must be %s, not %s", label(path), problem, quoted(text)), "")
		return
	}
	into.SetString(text)
}

// quotesHelp suggests quotes for a number or a true that was meant as text; a
// list or an alias between quotes would be no better.
func quotesHelp(node ast.Node) string {
	switch node.Type() {
	case ast.IntegerType, ast.FloatType, ast.BoolType:
		return fmt.Sprintf("put it between quotes: %q", node.GetToken().Value)
	}
	return ""
}

// textOf gives the text of a plain, quoted or folded YAML text.
func textOf(node ast.Node) (string, bool) {
	switch text := node.(type) {
	case *ast.StringNode:
		return text.Value, true
	case *ast.LiteralNode:
		return text.Value.Value, true
	}
	return "", false
}

// word reads one word of a vocabulary.
func (d decoder) word(text string, into reflect.Value, words []string, path string) {
	for _, word := range words {
		if text == word {
			into.SetString(text)
			return
		}
	}
	sentence := fmt.Sprintf("%s must be one of %s, not %s", label(path), strings.Join(words, ", "), quoted(text))
	suggestion := ""
	if near := nearest(text, words); near != "" {
		suggestion = fmt.Sprintf("did you mean %q?", near)
	}
	d.fault(path, sentence, suggestion)
}

// problemOf says what a text should have been, or nothing when it is right.
// Control characters are refused everywhere: many of these texts end up in the
// header of a mail, where a line break would begin a line of its own
// (RFC 5322, section 2.2).
func problemOf(text, form string, mayBeEmpty bool) string {
	switch {
	case strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }):
		return "one line without control characters"
	case text == "" && mayBeEmpty:
		return ""
	case text == "":
		return "filled in"
	case strings.TrimSpace(text) != text:
		return "without a space at its begin or end"
	case !fits(form, text):
		return wanted(form)
	}
	return ""
}

// number reads a whole number.
func (d decoder) number(node ast.Node, into reflect.Value, path string) {
	integer, isNumber := node.(*ast.IntegerNode)
	if !isNumber {
		d.wrongKind(node, path, "a whole number", "")
		return
	}
	switch value := integer.Value.(type) {
	case int64:
		into.SetInt(value)
	case uint64:
		// A number beyond the range is beyond every bound as well.
		into.SetInt(int64(min(value, math.MaxInt64)))
	}
}

// flag reads true or false. YAML 1.2 no longer takes yes and no for these, and
// a person who writes them should hear that.
func (d decoder) flag(node ast.Node, into reflect.Value, path string) {
	flag, isFlag := node.(*ast.BoolNode)
	if !isFlag {
		d.wrongKind(node, path, "true or false", "")
		return
	}
	into.SetBool(flag.Value)
}

// wrongKind reports a value of another kind than the key wants.
func (d decoder) wrongKind(node ast.Node, path, want, suggestion string) {
	subject := label(path)
	if path == "" {
		subject = "the file"
	}
	d.faultAt(path, d.at(path), fmt.Sprintf("%s must be %s, not %s", subject, want, kindOf(node)), suggestion)
}

// kindOf names the kind of a YAML value in words of an operator.
func kindOf(node ast.Node) string {
	switch node.Type() {
	case ast.MappingType, ast.MappingValueType:
		return "a group of keys"
	case ast.SequenceType:
		return "a list"
	case ast.StringType, ast.LiteralType:
		return "text"
	case ast.IntegerType:
		return "a number"
	case ast.FloatType, ast.InfinityType, ast.NanType:
		return "a number with a fraction"
	case ast.BoolType:
		return "true or false"
	}
	return "a YAML anchor, alias or tag"
}

// label names a key for a reader: "email in controller". Which entry of a list
// is meant shows from the line.
func label(path string) string {
	words := strings.Split(withoutIndexes(path), ".")
	last := len(words) - 1
	if last == 0 {
		return words[0]
	}
	return words[last] + " in " + strings.Join(words[:last], ".")
}

// inside names the section a key stands in, with the word "in".
func inside(path string) string {
	if path == "" {
		return ""
	}
	return " in " + withoutIndexes(path)
}

// withoutIndexes turns staff[0].email into staff.email.
func withoutIndexes(path string) string {
	var plain strings.Builder
	skip := false
	for _, r := range path {
		switch r {
		case '[':
			skip = true
		case ']':
			skip = false
		default:
			if !skip {
				plain.WriteRune(r)
			}
		}
	}
	return plain.String()
}

// quoted shows a word of the file between quotes, cut when it is very long.
func quoted(text string) string {
	const most = 60
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	return fmt.Sprintf("%q", text)
}
