package file

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Severity says what a finding means for the operator.
type Severity string

const (
	// Error stops check, build and deployment.
	Error Severity = "error"
	// Warning is allowed and probably not meant.
	Warning Severity = "warning"
	// Note tells something the operator should have heard once.
	Note Severity = "note"
)

// Finding is one thing to say about one place in the file. It holds words of
// the file itself and nothing else about anyone.
type Finding struct {
	// File is the path as the user gave it.
	File string
	// Line and Column count from one.
	Line, Column int
	Severity     Severity
	// Sentence says what is wrong or what follows from the setting.
	Sentence string
	// Suggestion says what to do about it; it may be empty.
	Suggestion string
}

// String writes the finding the way compilers do, so that editors can jump to
// the place.
func (f Finding) String() string {
	text := fmt.Sprintf("%s:%d:%d: %s: %s", f.File, f.Line, f.Column, f.Severity, f.Sentence)
	if f.Suggestion != "" {
		text += "; " + f.Suggestion
	}
	return text
}

// HasErrors says whether the file may not be used.
func HasErrors(findings []Finding) bool { return Count(findings, Error) > 0 }

// Count counts the findings of one severity.
func Count(findings []Finding, severity Severity) int {
	count := 0
	for _, finding := range findings {
		if finding.Severity == severity {
			count++
		}
	}
	return count
}

// place is a line and column, both from one.
type place struct{ line, column int }

// top is the place of a fault of the file as a whole.
func top() place { return place{1, 1} }

// report gathers findings while the file is walked, and remembers where each
// key stands for the rules that come after.
type report struct {
	file     string
	findings []Finding
	// places maps a path such as staff[0].email to where its value stands.
	places map[string]place
	// faulty holds each path with a fault in or under it, and unread those
	// whose own value is missing or wrong, so that a rule draws no conclusion
	// from what was not read.
	faulty, unread map[string]bool
}

// newReport begins a report about one file.
func newReport(file string) *report {
	return &report{file: file, places: map[string]place{}, faulty: map[string]bool{}, unread: map[string]bool{}}
}

// add writes one finding down.
func (r *report) add(severity Severity, at place, sentence, suggestion string) {
	r.findings = append(r.findings, Finding{
		File: r.file, Line: at.line, Column: at.column,
		Severity: severity, Sentence: sentence, Suggestion: suggestion,
	})
}

// fault reports an error in the value of a path.
func (r *report) fault(path, sentence, suggestion string) {
	r.faultAt(path, r.at(path), sentence, suggestion)
}

// faultAt is fault for a place of its own, such as that of an unknown key.
func (r *report) faultAt(path string, at place, sentence, suggestion string) {
	r.add(Error, at, sentence, suggestion)
	r.spoil(path)
}

// spoil marks the value of a path as not read, and all above it as faulty.
func (r *report) spoil(path string) {
	r.unread[path] = true
	for ; path != ""; path = above(path) {
		r.faulty[path] = true
	}
}

// warn reports a warning at a path.
func (r *report) warn(path, sentence, suggestion string) {
	r.add(Warning, r.at(path), sentence, suggestion)
}

// note reports a note at a path.
func (r *report) note(path, sentence, suggestion string) {
	r.add(Note, r.at(path), sentence, suggestion)
}

// sound says that everything at these paths was read without a fault.
func (r *report) sound(paths ...string) bool {
	return !slices.ContainsFunc(paths, func(path string) bool {
		bad := r.faulty[path] || r.unread[""]
		for ; path != ""; path = above(path) {
			bad = bad || r.unread[path]
		}
		return bad
	})
}

// at is where a path stands, or where the nearest section above it stands when
// the file does not have it.
func (r *report) at(path string) place {
	for ; path != ""; path = above(path) {
		if at, known := r.places[path]; known {
			return at
		}
	}
	return top()
}

// sorted gives the findings from the top of the file to its end. Two at one
// place keep the order in which they were found.
func (r *report) sorted() []Finding {
	slices.SortStableFunc(r.findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return r.findings
}

// above is the path of the section or list that holds a path; the file itself
// is the empty path.
func above(path string) string {
	cut := strings.LastIndexAny(path, ".[")
	return path[:max(cut, 0)]
}

// below is the path of a key in a section.
func below(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// entry is the path of one entry of a list.
func entry(path string, index int) string { return fmt.Sprintf("%s[%d]", path, index) }
