// Package template reads a SAM template.yaml as data, so that the local stack
// and the tests take tables, queues, functions, schedules and environment from
// the very file that is deployed, and the two cannot drift apart.
//
// It stores nothing. [Read] gives a [Template]; its views ([Template.Tables],
// [Template.Functions], [Template.Queues], [Template.Buckets]) hold the parts
// that have a local counterpart, always in the order of their logical ids.
// What may hold a reference stays a [Value], which [Template.Resolve] evaluates
// with given parameters. Every error names the line it comes from.
//
// It is not a validator: what it does not need to know it passes over.
package template

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// Template is one template, read but not yet evaluated.
type Template struct {
	file       string
	parameters map[string]Parameter
	conditions map[string]Value
	resources  map[string]Resource
}

// Parameter is one entry of Parameters. Default is the zero Value when the
// template gives none, and then the caller has to give a value.
type Parameter struct {
	Name    string
	Type    string
	Default Value
	Line    int
}

// Resource is one entry of Resources. For functions the Globals have already
// been merged into Properties.
type Resource struct {
	LogicalID      string
	Type           string
	Condition      string
	DeletionPolicy string
	Properties     Value
	Metadata       Value
	Line           int
}

// The resource types that have a typed view.
const (
	typeFunction = "AWS::Serverless::Function"
	typeTable    = "AWS::DynamoDB::Table"
	typeQueue    = "AWS::SQS::Queue"
	typeBucket   = "AWS::S3::Bucket"
)

// Read reads the template at path.
func Read(path string) (*Template, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the template: %w", err)
	}
	return parse(filepath.Base(path), text)
}

// Parse reads a template that is already in memory.
func Parse(text []byte) (*Template, error) {
	return parse("template", text)
}

// parse reads text; file is only the name that errors begin with. It is the
// last element of the path, so that no folder of a machine gets into a log.
func parse(file string, text []byte) (*Template, error) {
	root, err := parseYAML(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	t := &Template{
		file:       file,
		parameters: map[string]Parameter{},
		conditions: map[string]Value{},
		resources:  map[string]Resource{},
	}
	if err := t.readSections(root); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return t, nil
}

// readSections fills the template from the top level of the file. Only the
// section Resources is needed; Outputs, Metadata and Mappings are passed over.
func (t *Template) readSections(root Value) error {
	if root.Get("Resources").IsZero() {
		return faultf(root.Line, "there is no section Resources")
	}
	if err := eachEntry(root.Get("Parameters"), "Parameters", t.addParameter); err != nil {
		return err
	}
	add := func(name string, v Value) error { t.conditions[name] = v; return nil }
	if err := eachEntry(root.Get("Conditions"), "Conditions", add); err != nil {
		return err
	}
	globals := root.Get("Globals").Get("Function")
	return eachEntry(root.Get("Resources"), "Resources", func(name string, v Value) error {
		return t.addResource(name, v, globals)
	})
}

// eachEntry calls do for every entry of a section; an absent section has none.
// A section that is a list or a word is an error rather than an empty section,
// or one wrong dash would make all resources disappear.
func eachEntry(section Value, name string, do func(string, Value) error) error {
	if section.IsZero() {
		return nil
	}
	if section.Kind != Map {
		return faultf(section.Line, "%s must be a map", name)
	}
	for _, entry := range section.Entries {
		if err := do(entry.Key, entry.Value); err != nil {
			return err
		}
	}
	return nil
}

// addParameter reads one parameter. AllowedValues and patterns are left to
// CloudFormation, which checks them before anything is built.
func (t *Template) addParameter(name string, v Value) error {
	kind, err := literal(v.Get("Type"), "the Type of parameter "+name)
	if err != nil {
		return orLine(err, v.Line)
	}
	t.parameters[name] = Parameter{Name: name, Type: kind, Default: v.Get("Default"), Line: v.Line}
	return nil
}

// addResource reads one resource and merges the Globals into a function.
func (t *Template) addResource(id string, v, globals Value) error {
	kind, err := literal(v.Get("Type"), "the Type of "+id)
	if err != nil {
		return orLine(err, v.Line)
	}
	r := Resource{
		LogicalID: id, Type: kind, Line: v.Line,
		Properties: v.Get("Properties"), Metadata: v.Get("Metadata"),
	}
	if kind == typeFunction {
		r.Properties = merge(globals, r.Properties)
	}
	if !r.Properties.IsZero() && r.Properties.Kind != Map {
		return faultf(r.Properties.Line, "Properties of %s must be a map", id)
	}
	if r.Condition, err = optionalText(v.Get("Condition"), "the Condition of "+id); err != nil {
		return err
	}
	r.DeletionPolicy, err = optionalText(v.Get("DeletionPolicy"), "the DeletionPolicy of "+id)
	t.resources[id] = r
	return err
}

// merge lays a function's own properties over the Globals. As SAM does it:
// maps are merged, lists are joined with the global part first, and anything
// else of the function's own replaces the global value.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
func merge(global, own Value) Value {
	switch {
	case own.IsZero():
		return global
	case global.Kind == List && own.Kind == List:
		own.Items = slices.Concat(global.Items, own.Items)
		return own
	case global.Kind != Map || own.Kind != Map || own.isCall() || global.isCall():
		return own
	}
	merged := Value{Kind: Map, Line: own.Line}
	for _, entry := range global.Entries {
		entry.Value = merge(entry.Value, own.Get(entry.Key))
		merged.Entries = append(merged.Entries, entry)
	}
	for _, entry := range own.Entries {
		if global.Get(entry.Key).IsZero() {
			merged.Entries = append(merged.Entries, entry)
		}
	}
	return merged
}

// Parameters gives all parameters, ordered by name.
func (t *Template) Parameters() []Parameter {
	return inOrder(t.parameters)
}

// Resources gives all resources, ordered by logical id. A resource whose
// Condition does not hold is among them; [Template.Holds] tells.
func (t *Template) Resources() []Resource {
	return inOrder(t.resources)
}

// Resource gives the resource with a logical id, and whether there is one.
func (t *Template) Resource(logicalID string) (Resource, bool) {
	r, ok := t.resources[logicalID]
	return r, ok
}

// inOrder lists the values of a map by key, because Go's map order is random
// and what is built from a template must come out the same every time.
func inOrder[V any](m map[string]V) []V {
	list := make([]V, 0, len(m))
	for _, key := range slices.Sorted(maps.Keys(m)) {
		list = append(list, m[key])
	}
	return list
}
