// Package file reads the organisation file, infra/organisation.yaml, and says
// everything that is wrong with it at once, each time with the line, a
// sentence and where possible the word that was meant.
//
// Reading is strict: a key that does nothing is an error, because in a file
// that decides about deadlines and proof a silent misspelling is the worst
// setting of all. First the text is walked beside the types of package
// organisation (keys, kinds, the form of each text), then rules look at what
// only shows between two keys. The package stores nothing; it is used by
// infra/inzage and by tests, never by a function.
package file

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"polarweb.nl/inzage/internal/organisation"
)

// maxBytes bounds the file. A real one has some ten kilobytes; anything near
// the bound is another file given by mistake.
const maxBytes = 256 << 10

// Read reads and lints the organisation file at path. The error says that the
// file could not be read at all; faults in it are findings, sorted by line,
// with the path as it was given. When a finding is an Error the profile is the
// zero value, so that a faulty file can never be used by accident.
func Read(path string) (organisation.Profile, []Finding, error) {
	text, err := readBounded(path)
	if err != nil {
		return organisation.Profile{}, nil, fmt.Errorf("read the organisation file: %w", err)
	}
	profile, findings := Parse(path, text)
	return profile, findings, nil
}

// readBounded reads a whole file of at most maxBytes.
func readBounded(path string) (text []byte, err error) {
	opened, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, opened.Close()) }()
	text, err = io.ReadAll(io.LimitReader(opened, maxBytes+1))
	if err == nil && len(text) > maxBytes {
		return nil, fmt.Errorf("%s holds more than %d bytes", path, maxBytes)
	}
	return text, err
}

// Parse is Read for a text that is already at hand; name stands in the
// findings as the file's name.
func Parse(name string, text []byte) (organisation.Profile, []Finding) {
	r := newReport(name)
	profile := organisation.Defaults()
	if root := rootOf(text, r); root != nil {
		d := decoder{report: r}
		d.section(root, reflect.ValueOf(&profile).Elem(), "")
		for _, rule := range rules() {
			rule(profile, r)
		}
	}
	findings := r.sorted()
	if HasErrors(findings) {
		return organisation.Profile{}, findings
	}
	return profile, findings
}

// rootOf gives the top of the one document in the text, or nil after a finding
// that says why there is none.
func rootOf(text []byte, r *report) ast.Node {
	if !utf8.Valid(text) {
		r.add(Error, top(), "the file is not UTF-8 text", "save it as UTF-8")
		return nil
	}
	// Editors on Windows may put a byte order mark in front.
	text = bytes.TrimPrefix(text, []byte("\uFEFF"))
	// The decoder reports a key given twice itself, beside all other faults.
	parsed, err := parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		r.syntax(err)
		return nil
	}
	return onlyDocument(parsed, r)
}

// onlyDocument refuses an empty file and a second document.
func onlyDocument(parsed *ast.File, r *report) ast.Node {
	var root ast.Node
	for _, document := range parsed.Docs {
		switch {
		case document.Body == nil:
		case root == nil:
			root = document.Body
		default:
			r.add(Error, placeOf(document.Body), "a second document begins here; the file holds one organisation",
				"remove the line of three dashes")
			return root
		}
	}
	if root == nil {
		r.add(Error, top(), "the file is empty", "start from infra/organisation.yaml as it was shipped")
	}
	return root
}

// syntax reports a text that is no YAML at all. The parser stops at the first
// such fault, so this finding always stands alone.
func (r *report) syntax(err error) {
	var fault yaml.Error
	if !errors.As(err, &fault) || fault.GetToken() == nil {
		r.add(Error, top(), "the file is not YAML", "")
		return
	}
	at := fault.GetToken().Position
	r.add(Error, place{at.Line, at.Column}, "the file is not YAML: "+fault.GetMessage(),
		"look at the indentation and the quotes on this line and the one before")
}
