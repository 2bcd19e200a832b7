package template

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Filter is an event pattern: what a stream event or an EventBridge rule lets
// through. The zero Filter lets nothing through.
//
// Of the pattern language it knows exact values, prefix, suffix, anything-but
// and exists; anything else is an error when the pattern is read, because a
// filter understood by halves would drop letters without a trace.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
type Filter struct {
	pattern map[string]any
}

// ParseFilter reads a pattern.
func ParseFilter(pattern []byte) (Filter, error) {
	decoder := json.NewDecoder(bytes.NewReader(pattern))
	var fields map[string]any
	if err := decoder.Decode(&fields); err != nil {
		return Filter{}, fmt.Errorf("read the event pattern: %w", err)
	}
	if err := decoder.Decode(&struct{}{}); !errors.Is(err, io.EOF) {
		return Filter{}, errors.New("read the event pattern: there is text after it")
	}
	if err := checkFields(fields); err != nil {
		return Filter{}, fmt.Errorf("read the event pattern: %w", err)
	}
	return Filter{pattern: fields}, nil
}

// FilterOf makes a filter of a pattern that has been resolved.
func FilterOf(resolved any) (Filter, error) {
	pattern, err := json.Marshal(resolved)
	if err != nil {
		return Filter{}, fmt.Errorf("write the event pattern: %w", err)
	}
	return ParseFilter(pattern)
}

// Matches says whether an event, as encoding/json decodes it into a map, passes.
func (f Filter) Matches(event map[string]any) bool {
	return f.pattern != nil && matchFields(f.pattern, event)
}

// MatchesAny says whether an event passes one of several filters. Without any
// filter everything passes, as with an event source that has none.
func MatchesAny(filters []Filter, event map[string]any) bool {
	for _, f := range filters {
		if f.Matches(event) {
			return true
		}
	}
	return len(filters) == 0
}

// checkFields refuses what matching would not understand.
func checkFields(fields map[string]any) error {
	if len(fields) == 0 {
		return errors.New("an empty pattern matches nothing")
	}
	for name, rule := range fields {
		var err error
		switch r := rule.(type) {
		case map[string]any:
			err = checkFields(r)
		case []any:
			err = checkAlternatives(r)
		default:
			err = errors.New("a value must stand in a list")
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// checkAlternatives checks the list that stands at a leaf of a pattern.
func checkAlternatives(list []any) error {
	if len(list) == 0 {
		return errors.New("an empty list matches nothing")
	}
	for _, alternative := range list {
		switch a := alternative.(type) {
		case map[string]any:
			if err := checkOperator(a); err != nil {
				return err
			}
		case []any:
			return errors.New("a list cannot stand in a list")
		}
	}
	return nil
}

// checkOperator checks one {"prefix": …} and its like. Two operators in one
// object would be an AND in one reading and an OR in the other.
func checkOperator(operator map[string]any) error {
	if len(operator) != 1 {
		return errors.New("an operator must stand alone")
	}
	for name, argument := range operator {
		ok := false
		switch name {
		case "prefix", "suffix":
			_, ok = argument.(string)
		case "exists":
			_, ok = argument.(bool)
		case "anything-but":
			return checkAnythingBut(argument)
		}
		if !ok {
			return fmt.Errorf("the operator %s is not known with this argument", name)
		}
	}
	return nil
}

// checkAnythingBut checks the argument: a value, a list of values, or a prefix.
func checkAnythingBut(argument any) error {
	switch a := argument.(type) {
	case map[string]any:
		if _, ok := a["exists"]; ok {
			return errors.New("anything-but cannot hold exists")
		}
		return checkOperator(a)
	case []any:
		return checkAlternatives(a)
	}
	return nil
}

// matchFields says whether all fields of a pattern match.
func matchFields(pattern, event map[string]any) bool {
	for name, rule := range pattern {
		value, present := event[name]
		if alternatives, leaf := rule.([]any); leaf {
			if !matchLeaf(alternatives, value, present) {
				return false
			}
			continue
		}
		// An absent object is like an empty one: only exists=false passes it.
		inner, _ := value.(map[string]any)
		if !matchFields(rule.(map[string]any), inner) {
			return false
		}
	}
	return true
}

// matchLeaf says whether one alternative matches. Of a list in the event one
// element is enough; an object is never matched by a leaf.
func matchLeaf(alternatives []any, value any, present bool) bool {
	values := []any{value}
	if list, ok := value.([]any); ok {
		values = list
	}
	for _, alternative := range alternatives {
		for _, v := range values {
			if matchOne(alternative, v, present) {
				return true
			}
		}
	}
	return false
}

// matchOne applies one alternative to one value. Only exists=false passes what
// is absent; anything-but wants a value that is another.
func matchOne(alternative, value any, present bool) bool {
	operator, ok := alternative.(map[string]any)
	if !ok {
		return present && equal(alternative, value)
	}
	_, object := value.(map[string]any)
	if want, ok := operator["exists"].(bool); ok {
		return want == (present && !object)
	}
	if !present || object {
		return false
	}
	if but, ok := operator["anything-but"]; ok {
		return !excluded(but, value)
	}
	text, isText := value.(string)
	if prefix, ok := operator["prefix"].(string); ok {
		return isText && strings.HasPrefix(text, prefix)
	}
	suffix, ok := operator["suffix"].(string)
	return ok && isText && strings.HasSuffix(text, suffix)
}

// excluded says whether anything-but's argument names the value.
func excluded(argument, value any) bool {
	list, ok := argument.([]any)
	if !ok {
		list = []any{argument}
	}
	for _, a := range list {
		if matchOne(a, value, true) {
			return true
		}
	}
	return false
}

// equal compares two values of JSON that are neither lists nor objects. A text
// is never equal to a number: the attribute N of DynamoDB is a text too.
func equal(a, b any) bool {
	switch b.(type) {
	case map[string]any, []any:
		return false
	}
	return a == b
}
