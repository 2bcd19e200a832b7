package template

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Kind says what a [Value] holds.
type Kind int

// The kinds of a Value. Missing is the zero value: nothing stands there.
const (
	Missing Kind = iota
	Scalar
	List
	Map
)

// Value is one node of the template together with the line it stands on. A
// short tag has become its long form: !Ref X is a map with the one entry Ref,
// and !Sub X one with the entry Fn::Sub.
type Value struct {
	Kind Kind
	Line int
	// Plain is what a Scalar holds: string, int64, float64, bool, or nil for
	// YAML's null.
	Plain any
	// Items are the elements of a List.
	Items []Value
	// Entries are those of a Map, in the order of the file.
	Entries []Entry
}

// Entry is one key of a map with its value.
type Entry struct {
	Key   string
	Value Value
}

// IsZero says that nothing stands there.
func (v Value) IsZero() bool { return v.Kind == Missing }

// Get gives the entry of a map, or the zero Value when v has none.
func (v Value) Get(key string) Value {
	for _, entry := range v.Entries {
		if entry.Key == key {
			return entry.Value
		}
	}
	return Value{}
}

// Path follows several keys.
func (v Value) Path(keys ...string) Value {
	for _, key := range keys {
		v = v.Get(key)
	}
	return v
}

// isCall says that v is an intrinsic function and not a map of the template.
func (v Value) isCall() bool {
	if v.Kind != Map || len(v.Entries) != 1 {
		return false
	}
	key := v.Entries[0].Key
	return key == "Ref" || key == "Condition" || strings.HasPrefix(key, "Fn::")
}

// Error is what is wrong with a template and where.
type Error struct {
	Line    int
	Message string
}

// Error gives the line and the message.
func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Message) }

// faultf makes an [Error].
func faultf(line int, format string, args ...any) error {
	return &Error{Line: line, Message: fmt.Sprintf(format, args...)}
}

// orLine gives an error about something that is absent the line of what it is
// absent from, because what is not there has no line of its own.
func orLine(err error, line int) error {
	var fault *Error
	if errors.As(err, &fault) && fault.Line == 0 {
		return &Error{Line: line, Message: fault.Message}
	}
	return err
}

// literal gives the text of a value that has to be a plain, non-empty word.
func literal(v Value, what string) (string, error) {
	text, ok := scalarText(v.Plain)
	if v.Kind != Scalar || !ok || text == "" {
		return "", faultf(v.Line, "%s must be a plain text", what)
	}
	return text, nil
}

// optionalText is literal for what may be absent. Absent and empty are kept
// apart: an empty text is as wrong as a list.
func optionalText(v Value, what string) (string, error) {
	if v.IsZero() {
		return "", nil
	}
	return literal(v, what)
}

// scalarText writes a scalar as CloudFormation would pass it on.
func scalarText(plain any) (string, bool) {
	switch p := plain.(type) {
	case string:
		return p, true
	case int64:
		return strconv.FormatInt(p, 10), true
	case float64:
		return strconv.FormatFloat(p, 'f', -1, 64), true
	case bool:
		return strconv.FormatBool(p), true
	}
	return "", false
}
