package template

import (
	"errors"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// maxDepth bounds how deep lists and maps may be nested. A SAM template needs
// about fifteen levels; without a bound a hostile file could exhaust the stack.
const maxDepth = 100

// parseYAML turns text into Values. It walks the syntax tree and not decoded
// maps, because only the tree still knows lines, short tags and double keys.
func parseYAML(text []byte) (Value, error) {
	// Double keys are looked for here, so that the message can name both lines.
	file, err := parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return Value{}, yamlFault(err)
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return Value{}, faultf(1, "a template must be exactly one YAML document")
	}
	root, err := fromNode(file.Docs[0].Body, 0)
	if err == nil && root.Kind != Map {
		return Value{}, faultf(1, "a template must be a map")
	}
	return root, err
}

// yamlFault keeps the line and the sentence of a syntax error and leaves out
// the source excerpt, which would not fit in a line of a log.
func yamlFault(err error) error {
	var syntax *yaml.SyntaxError
	if errors.As(err, &syntax) && syntax.Token != nil && syntax.Token.Position != nil {
		return faultf(syntax.Token.Position.Line, "%s", syntax.Message)
	}
	return faultf(1, "%v", err)
}

// fromNode turns one node of the syntax tree into a Value.
func fromNode(node ast.Node, depth int) (Value, error) {
	line := lineOf(node)
	if depth > maxDepth {
		return Value{}, faultf(line, "nested more than %d levels deep", maxDepth)
	}
	switch n := node.(type) {
	case *ast.TagNode:
		return fromTag(n, line, depth)
	case *ast.MappingNode:
		return fromMapping(n.Values, line, depth)
	case *ast.MappingValueNode:
		return fromMapping([]*ast.MappingValueNode{n}, line, depth)
	case *ast.SequenceNode:
		return fromSequence(n, line, depth)
	case *ast.LiteralNode:
		return Value{Kind: Scalar, Line: line, Plain: n.Value.Value}, nil
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		return Value{}, faultf(line, "anchors and aliases are not used in a template")
	case ast.ScalarNode:
		return fromScalar(n, line)
	}
	return Value{}, faultf(line, "a %s cannot stand here", node.Type())
}

// lineOf gives the line on which a node begins.
func lineOf(node ast.Node) int {
	if tok := node.GetToken(); tok != nil && tok.Position != nil {
		return tok.Position.Line
	}
	return 0
}

// fromScalar keeps text, whole numbers, fractions, booleans and null apart. What
// YAML has besides, such as infinity, no property of a template takes.
func fromScalar(n ast.ScalarNode, line int) (Value, error) {
	v := Value{Kind: Scalar, Line: line}
	switch plain := n.GetValue().(type) {
	case uint64:
		v.Plain = int64(plain)
	case string, int64, float64, bool, nil:
		v.Plain = plain
	default:
		return Value{}, faultf(line, "a value of this kind is not used in a template")
	}
	return v, nil
}

// fromSequence turns a list. An element may be anything, a function too.
func fromSequence(n *ast.SequenceNode, line, depth int) (Value, error) {
	list := Value{Kind: List, Line: line}
	for _, node := range n.Values {
		item, err := fromNode(node, depth+1)
		if err != nil {
			return Value{}, err
		}
		list.Items = append(list.Items, item)
	}
	return list, nil
}

// fromMapping turns a map and refuses a key that stands there twice: YAML
// readers silently keep one of the two, and a resource would be lost.
func fromMapping(pairs []*ast.MappingValueNode, line, depth int) (Value, error) {
	m := Value{Kind: Map, Line: line}
	seen := map[string]int{}
	for _, pair := range pairs {
		key, err := keyText(pair.Key)
		if err != nil {
			return Value{}, err
		}
		here := lineOf(pair.Key)
		if first, twice := seen[key]; twice {
			return Value{}, faultf(here, "%s is defined twice, first on line %d", key, first)
		}
		seen[key] = here
		value, err := fromNode(pair.Value, depth+1)
		if err != nil {
			return Value{}, err
		}
		m.Entries = append(m.Entries, Entry{Key: key, Value: value})
	}
	return m, nil
}

// keyText gives the text of a key, which in a template is always a word.
func keyText(node ast.MapKeyNode) (string, error) {
	if scalar, ok := node.(ast.ScalarNode); ok && !node.IsMergeKey() {
		if v, err := fromScalar(scalar, 0); err == nil {
			if text, ok := scalarText(v.Plain); ok {
				return text, nil
			}
		}
	}
	return "", faultf(lineOf(node), "a key must be a plain word")
}

// fromTag turns a short tag into its long form. Which functions exist is
// judged when one is evaluated, so that a new one elsewhere does no harm here.
func fromTag(n *ast.TagNode, line, depth int) (Value, error) {
	name, ok := strings.CutPrefix(n.Start.Value, "!")
	if !ok || name == "" || strings.HasPrefix(name, "!") {
		return Value{}, faultf(line, "the tag %s is not one of CloudFormation's", n.Start.Value)
	}
	argument, err := fromNode(n.Value, depth+1)
	if err != nil {
		return Value{}, err
	}
	if name == "GetAtt" && argument.Kind == Scalar {
		argument = splitAttribute(argument)
	}
	if name != "Ref" && name != "Condition" {
		name = "Fn::" + name
	}
	return Value{Kind: Map, Line: line, Entries: []Entry{{Key: name, Value: argument}}}, nil
}

// splitAttribute turns "Table.Arn" into the list [Table, Arn], the only form
// that the long Fn::GetAtt of JSON has. Attributes may hold dots themselves.
func splitAttribute(v Value) Value {
	text, _ := scalarText(v.Plain)
	id, attribute, _ := strings.Cut(text, ".")
	item := func(text string) Value { return Value{Kind: Scalar, Line: v.Line, Plain: text} }
	return Value{Kind: List, Line: v.Line, Items: []Value{item(id), item(attribute)}}
}
