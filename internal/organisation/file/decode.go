package file

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"polarweb.nl/inzage/internal/organisation"
)

// decoder walks the text beside the types of package organisation. It sets
// what is sound and reports the rest, so one fault never hides another.
type decoder struct{ *report }

// key is one key that may stand in a section.
type key struct {
	name string
	// form names what a text must look like; empty means any text.
	form     string
	optional bool
}

// keysOf reads the keys of a section from the tags of its type, in the order
// of the fields.
func keysOf(section reflect.Type) []key {
	var keys []key
	for field := range section.Fields() {
		k := key{name: field.Tag.Get("json")}
		for word := range strings.SplitSeq(field.Tag.Get("file"), ",") {
			if word == "optional" {
				k.optional = true
				continue
			}
			k.form = word
		}
		keys = append(keys, k)
	}
	return keys
}

// rightKeys are the keys of identity.rights: every right must be there, so
// that nobody forgets to decide.
func rightKeys() []key {
	var keys []key
	for _, right := range organisation.Rights() {
		keys = append(keys, key{name: right})
	}
	return keys
}

// value reads one value of any kind into a field.
func (d decoder) value(node ast.Node, into reflect.Value, k key, path string) {
	if node == nil || node.Type() == ast.NullType {
		d.noValue(into, k, path)
		return
	}
	switch into.Kind() {
	case reflect.Struct:
		d.section(node, into, path)
	case reflect.Map:
		d.rights(node, into, path)
	case reflect.Slice:
		d.list(node, into, k, path)
	case reflect.Bool:
		d.flag(node, into, path)
	case reflect.Int:
		d.number(node, into, path)
	default:
		d.text(node, into, k, path)
	}
}

// noValue reports a key with nothing behind it. The commonest cause is a
// colour without quotes, which YAML takes for a comment.
func (d decoder) noValue(into reflect.Value, k key, path string) {
	suggestion := "give it one"
	switch {
	case k.form == "colour":
		suggestion = `write the colour between quotes, such as "#1f4e79": without them YAML takes it for a comment`
	case k.optional && into.Kind() == reflect.Slice:
		suggestion = "write [] for an empty list, or remove the line"
	case k.optional:
		suggestion = "give it one, or remove the line"
	}
	d.fault(path, label(path)+" has no value", suggestion)
}

// section reads a group of keys into a struct.
func (d decoder) section(node ast.Node, into reflect.Value, path string) {
	keys := keysOf(into.Type())
	d.mapping(node, path, keys, func(i int, value ast.Node) {
		d.value(value, into.Field(i), keys[i], below(path, keys[i].name))
	})
}

// rights reads identity.rights, the only map of the profile.
func (d decoder) rights(node ast.Node, into reflect.Value, path string) {
	keys := rightKeys()
	into.Set(reflect.MakeMap(into.Type()))
	d.mapping(node, path, keys, func(i int, value ast.Node) {
		means := reflect.New(into.Type().Elem()).Elem()
		d.value(value, means, keys[i], below(path, keys[i].name))
		into.SetMapIndex(reflect.ValueOf(keys[i].name), means)
	})
}

// mapping takes each known key of a group once, and reports the others, those
// given twice and the required ones that are missing.
func (d decoder) mapping(node ast.Node, path string, keys []key, take func(i int, value ast.Node)) {
	group, isGroup := node.(*ast.MappingNode)
	if !isGroup {
		d.wrongKind(node, path, "a group of keys", "")
		return
	}
	taken, misspelt := make([]bool, len(keys)), map[string]bool{}
	for _, pair := range group.Values {
		word := pair.Key.GetToken().Value
		i := slices.IndexFunc(keys, func(k key) bool { return k.name == word })
		switch {
		case i < 0:
			meant := d.unknownKey(pair, path, keys)
			misspelt[meant] = true
		case taken[i]:
			d.faultAt(below(path, word), placeOf(pair.Key),
				fmt.Sprintf("key %q is given twice%s", word, inside(path)), "keep one of the two")
		default:
			taken[i] = true
			d.places[below(path, word)] = valuePlace(pair)
			take(i, pair.Value)
		}
	}
	d.missing(path, keys, taken, misspelt)
}

// unknownKey reports a key that does nothing, with the known key nearest to it
// or else all the keys that could stand there. It gives the nearest one back.
func (d decoder) unknownKey(pair *ast.MappingValueNode, path string, keys []key) string {
	var names []string
	for _, k := range keys {
		names = append(names, k.name)
	}
	word := pair.Key.GetToken().Value
	sentence := fmt.Sprintf("unknown key %s%s", quoted(word), inside(path))
	d.faultAt(below(path, word), placeOf(pair.Key), sentence, didYouMean(word, names))
	return nearest(word, names)
}

// missing reports the required keys that were not taken. They count as
// faults, so that no rule speaks about a value that is not there. A key that
// stands there misspelt was reported already.
func (d decoder) missing(path string, keys []key, taken []bool, misspelt map[string]bool) {
	for i, k := range keys {
		switch {
		case taken[i]:
		case misspelt[k.name]:
			d.spoil(below(path, k.name))
		case !k.optional:
			d.fault(below(path, k.name), fmt.Sprintf("required key %q is missing%s", k.name, inside(path)), "add it")
		}
	}
}

// list reads a list, entry by entry. A required list has at least one entry,
// and no list of words holds one twice.
func (d decoder) list(node ast.Node, into reflect.Value, k key, path string) {
	sequence, isList := node.(*ast.SequenceNode)
	if !isList {
		d.wrongKind(node, path, "a list", "begin each entry with a dash, or write [one, two]")
		return
	}
	if len(sequence.Values) == 0 && !k.optional {
		d.fault(path, label(path)+" needs at least one entry", "")
	}
	into.SetZero()
	seen := map[string]bool{}
	for i, node := range sequence.Values {
		at := entry(path, i)
		d.places[at] = placeOf(node)
		value := reflect.New(into.Type().Elem()).Elem()
		// An entry is never optional, even in a list that is.
		d.value(node, value, key{form: k.form}, at)
		into.Set(reflect.Append(into, value))
		if value.Kind() != reflect.String || value.String() == "" {
			continue
		}
		// Addresses and host names mean the same in any case of letters.
		word := strings.ToLower(value.String())
		if seen[word] {
			d.fault(at, fmt.Sprintf("%s names %s twice", label(path), quoted(value.String())), "remove one of the two")
		}
		seen[word] = true
	}
}

// placeOf is where a node begins. A group has no token of its own: it begins
// at its first key, or at its brace.
func placeOf(node ast.Node) place {
	if node == nil || node.GetToken() == nil {
		return top()
	}
	if group, isGroup := node.(*ast.MappingNode); isGroup && !group.IsFlowStyle && len(group.Values) > 0 {
		return placeOf(group.Values[0].Key)
	}
	at := node.GetToken().Position
	return place{at.Line, at.Column}
}

// valuePlace is where a finding about a key points: at a single value itself,
// and at the key when the value is a group, a list or nothing.
func valuePlace(pair *ast.MappingValueNode) place {
	if _, isScalar := pair.Value.(ast.ScalarNode); isScalar && pair.Value.Type() != ast.NullType {
		return placeOf(pair.Value)
	}
	return placeOf(pair.Key)
}
