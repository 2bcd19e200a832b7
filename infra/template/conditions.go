package template

import (
	"fmt"
	"strconv"
	"strings"
)

// Holds says whether a condition of the section Conditions is true. The empty
// name, which a resource without a Condition has, always holds.
func (t *Template) Holds(condition string, with Values) (bool, error) {
	if condition == "" {
		return true, nil
	}
	e := evaluation{template: t, with: with, open: map[string]bool{}}
	holds, err := e.named(condition, 0)
	if err != nil {
		return false, fmt.Errorf("%s: %w", t.file, err)
	}
	return holds, nil
}

// named evaluates a condition by its name. A circle of conditions would never
// end, so the names being evaluated are kept.
func (e evaluation) named(name string, line int) (bool, error) {
	v, ok := e.template.conditions[name]
	if !ok {
		return false, faultf(line, "there is no condition %s", name)
	}
	if e.open[name] {
		return false, faultf(v.Line, "the condition %s refers to itself", name)
	}
	e.open[name] = true
	defer delete(e.open, name)
	return e.condition(v)
}

// condition evaluates what must end as true or false. A plain "true" is none:
// CloudFormation accepts only the condition functions here.
func (e evaluation) condition(v Value) (bool, error) {
	if !v.isCall() {
		return false, faultf(v.Line, "this must be a condition")
	}
	name, argument := v.Entries[0].Key, v.Entries[0].Value
	switch name {
	case "Condition":
		other, err := literal(argument, "the argument of Condition")
		if err != nil {
			return false, err
		}
		return e.named(other, v.Line)
	case "Fn::Equals":
		return e.equals(argument, v.Line)
	case "Fn::Not":
		if argument.Kind != List || len(argument.Items) != 1 {
			return false, faultf(v.Line, "Not needs a list of one condition")
		}
		holds, err := e.condition(argument.Items[0])
		return !holds, err
	case "Fn::And":
		return e.every(argument, true)
	case "Fn::Or":
		return e.every(argument, false)
	}
	return false, faultf(v.Line, "%s is not a condition", name)
}

// equals compares two values as text, which is how CloudFormation sees them:
// the number 14 and the text "14" are equal.
func (e evaluation) equals(argument Value, line int) (bool, error) {
	if argument.Kind != List || len(argument.Items) != 2 {
		return false, faultf(line, "Equals needs a list of two values")
	}
	sides := [2]string{}
	for i, item := range argument.Items {
		plain, err := e.eval(item)
		if err != nil {
			return false, err
		}
		text, ok := scalarText(plain)
		if !ok {
			return false, faultf(line, "Equals compares texts only")
		}
		sides[i] = text
	}
	return sides[0] == sides[1], nil
}

// every evaluates And (until is true: the first false decides) and Or (until
// is false: the first true decides).
func (e evaluation) every(argument Value, until bool) (bool, error) {
	if argument.Kind != List || len(argument.Items) == 0 {
		return false, faultf(argument.Line, "And and Or need a list of conditions")
	}
	for _, item := range argument.Items {
		holds, err := e.condition(item)
		if err != nil || holds != until {
			return holds, err
		}
	}
	return until, nil
}

// evalIf answers Fn::If. Only the branch taken is evaluated, so the other may
// refer to what does not exist locally.
func (e evaluation) evalIf(argument Value, line int) (any, error) {
	if argument.Kind != List || len(argument.Items) != 3 {
		return nil, faultf(line, "If needs a condition and two values")
	}
	name, err := literal(argument.Items[0], "the condition of If")
	if err != nil {
		return nil, err
	}
	holds, err := e.named(name, line)
	if err != nil {
		return nil, err
	}
	if holds {
		return e.eval(argument.Items[1])
	}
	return e.eval(argument.Items[2])
}

// join answers Fn::Join. The list may itself come from a function.
func (e evaluation) join(argument Value, line int) (any, error) {
	bad := faultf(line, "Join needs a separator and a list of texts")
	if argument.Kind != List || len(argument.Items) != 2 {
		return nil, bad
	}
	separator, ok := argument.Items[0].Plain.(string)
	if !ok {
		return nil, bad
	}
	parts, err := e.texts(argument.Items[1], bad)
	return strings.Join(parts, separator), err
}

// choose answers Fn::Select. The index is counted from 0 and may be a text.
func (e evaluation) choose(argument Value, line int) (any, error) {
	bad := faultf(line, "Select needs an index and a list of texts that has it")
	if argument.Kind != List || len(argument.Items) != 2 {
		return nil, bad
	}
	at, _ := scalarText(argument.Items[0].Plain)
	index, err := strconv.Atoi(at)
	if err != nil {
		return nil, bad
	}
	parts, err := e.texts(argument.Items[1], bad)
	if err != nil {
		return nil, err
	}
	if index < 0 || index >= len(parts) {
		return nil, bad
	}
	return parts[index], nil
}

// texts evaluates a list of texts; bad is the error when it is not one.
func (e evaluation) texts(v Value, bad error) ([]string, error) {
	plain, err := e.eval(v)
	if err != nil {
		return nil, err
	}
	list, ok := plain.([]any)
	if !ok {
		return nil, bad
	}
	texts := make([]string, len(list))
	for i, item := range list {
		if texts[i], ok = scalarText(item); !ok {
			return nil, bad
		}
	}
	return texts, nil
}
