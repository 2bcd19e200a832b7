package template

import (
	"fmt"
	"regexp"
	"strings"
)

// Values is what a template is evaluated with.
type Values struct {
	// Parameters override the defaults of the template.
	Parameters map[string]string
	// Region, AccountID, StackName and Partition answer AWS::Region,
	// AWS::AccountId, AWS::StackName and AWS::Partition; Partition is "aws"
	// when empty, the others are unresolvable when empty.
	Region, AccountID, StackName, Partition string
	// Resource answers references to resources: with attribute "" a Ref, else
	// a GetAtt. May be nil when the value at hand refers to none.
	Resource func(logicalID, attribute string) (string, error)
}

// noValue is what AWS::NoValue evaluates to: the entry that holds it is left out.
type noValue struct{}

// Resolve evaluates v: string, int64, float64, bool or nil, and []any and
// map[string]any of these.
func (t *Template) Resolve(v Value, with Values) (any, error) {
	e := evaluation{template: t, with: with, open: map[string]bool{}}
	plain, err := e.eval(v)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", t.file, err)
	}
	if _, none := plain.(noValue); none {
		return nil, nil
	}
	return plain, nil
}

// ResolveText evaluates what has to end as a text, such as a name.
func (t *Template) ResolveText(v Value, with Values) (string, error) {
	plain, err := t.Resolve(v, with)
	if err != nil {
		return "", err
	}
	text, ok := scalarText(plain)
	if !ok {
		return "", fmt.Errorf("%s: %w", t.file, faultf(v.Line, "this must be a text"))
	}
	return text, nil
}

// evaluation is one run of Resolve.
type evaluation struct {
	template *Template
	with     Values
	open     map[string]bool // conditions being evaluated, to notice a circle
}

// eval evaluates any value. What is missing evaluates to nil, like YAML's null:
// whether something may be missing is for the caller to say.
func (e evaluation) eval(v Value) (any, error) {
	switch v.Kind {
	case Scalar:
		return v.Plain, nil
	case List:
		return e.evalList(v)
	case Map:
		if v.isCall() {
			return e.call(v.Entries[0].Key, v.Entries[0].Value, v.Line)
		}
		return e.evalMap(v)
	}
	return nil, nil
}

// evalList evaluates a list and leaves out what has no value.
func (e evaluation) evalList(v Value) ([]any, error) {
	list := []any{}
	for _, item := range v.Items {
		plain, err := e.eval(item)
		if err != nil {
			return nil, err
		}
		if _, none := plain.(noValue); !none {
			list = append(list, plain)
		}
	}
	return list, nil
}

// evalMap evaluates a map and leaves out what has no value.
func (e evaluation) evalMap(v Value) (map[string]any, error) {
	m := map[string]any{}
	for _, entry := range v.Entries {
		plain, err := e.eval(entry.Value)
		if err != nil {
			return nil, err
		}
		if _, none := plain.(noValue); !none {
			m[entry.Key] = plain
		}
	}
	return m, nil
}

// call evaluates one intrinsic function. A function that is not in the list is
// an error and not a text, so that nothing is ever named "Fn::ImportValue".
func (e evaluation) call(name string, argument Value, line int) (any, error) {
	switch name {
	case "Ref":
		id, err := literal(argument, "the argument of Ref")
		if err != nil {
			return nil, err
		}
		return e.ref(id, line)
	case "Fn::GetAtt":
		return e.getAtt(argument, line)
	case "Fn::Sub":
		return e.sub(argument, line)
	case "Fn::Join":
		return e.join(argument, line)
	case "Fn::Select":
		return e.choose(argument, line)
	case "Fn::If":
		return e.evalIf(argument, line)
	case "Fn::Equals", "Fn::Not", "Fn::And", "Fn::Or", "Condition":
		return e.condition(Value{Kind: Map, Line: line, Entries: []Entry{{name, argument}}})
	}
	return nil, faultf(line, "the function %s is not known here", name)
}

// ref answers a Ref: a pseudo parameter, a parameter or a resource. The three
// share one name space, so their order decides nothing.
func (e evaluation) ref(id string, line int) (any, error) {
	if strings.HasPrefix(id, "AWS::") {
		return e.pseudo(id, line)
	}
	if text, given := e.with.Parameters[id]; given {
		return text, nil
	}
	if p, ok := e.template.parameters[id]; ok {
		if p.Default.IsZero() {
			return nil, faultf(line, "parameter %s has no default and no value was given", id)
		}
		// CloudFormation hands on every parameter as text, numbers too.
		return literal(p.Default, "the Default of parameter "+id)
	}
	return e.resource(id, "", line)
}

// pseudo answers the parameters that CloudFormation itself provides.
func (e evaluation) pseudo(id string, line int) (any, error) {
	text := ""
	switch id {
	case "AWS::NoValue":
		return noValue{}, nil
	case "AWS::Region":
		text = e.with.Region
	case "AWS::AccountId":
		text = e.with.AccountID
	case "AWS::StackName":
		text = e.with.StackName
	case "AWS::Partition":
		if text = e.with.Partition; text == "" {
			text = "aws"
		}
	case "AWS::URLSuffix":
		text = "amazonaws.com"
	}
	if text == "" {
		return nil, faultf(line, "the reference %s cannot be resolved", id)
	}
	return text, nil
}

// resource asks the caller for a reference to a resource. A name that is not
// in the template at all is refused first: it is a spelling mistake.
func (e evaluation) resource(id, attribute string, line int) (any, error) {
	if _, ok := e.template.resources[id]; !ok {
		return nil, faultf(line, "the reference %s names no parameter and no resource", id)
	}
	if e.with.Resource == nil {
		return nil, faultf(line, "the reference %s cannot be resolved", id)
	}
	text, err := e.with.Resource(id, attribute)
	if err != nil {
		return nil, fmt.Errorf("line %d: resolve %s: %w", line, strings.TrimSuffix(id+"."+attribute, "."), err)
	}
	return text, nil
}

// getAtt answers a GetAtt, whose argument is the list of id and attribute. What
// attributes a resource has only the caller's resolver knows.
func (e evaluation) getAtt(argument Value, line int) (any, error) {
	id, attribute, ok := attributeOf(argument)
	if !ok {
		return nil, faultf(line, "GetAtt needs a logical id and an attribute")
	}
	return e.resource(id, attribute, line)
}

// attributeOf takes the argument of a GetAtt apart.
func attributeOf(argument Value) (id, attribute string, ok bool) {
	if argument.Kind != List || len(argument.Items) != 2 {
		return "", "", false
	}
	id, idIsText := argument.Items[0].Plain.(string)
	attribute, isText := argument.Items[1].Plain.(string)
	return id, attribute, idIsText && isText && id != "" && attribute != ""
}

// placeholder is ${Name}, ${Name.Attribute}, ${AWS::Region} or, as text, ${!Name}.
var placeholder = regexp.MustCompile(`\$\{[^}]*\}`)

// sub answers Fn::Sub, either a text or a list of a text and a map of names. Of
// several placeholders that fail the first is reported.
func (e evaluation) sub(argument Value, line int) (any, error) {
	text, names := argument, Value{}
	if argument.Kind == List && len(argument.Items) == 2 && argument.Items[1].Kind == Map {
		text, names = argument.Items[0], argument.Items[1]
	}
	source, ok := text.Plain.(string)
	if text.Kind != Scalar || !ok {
		return nil, faultf(line, "Sub needs a text, or a list of a text and a map")
	}
	var failed error
	result := placeholder.ReplaceAllStringFunc(source, func(match string) string {
		filled, err := e.fill(match[2:len(match)-1], names, line)
		if err != nil && failed == nil {
			failed = err
		}
		return filled
	})
	return result, failed
}

// fill answers one placeholder of a Sub. A name of the Sub's own map comes
// first, as in CloudFormation, so that it may hide a parameter.
func (e evaluation) fill(name string, names Value, line int) (string, error) {
	if literally, ok := strings.CutPrefix(name, "!"); ok {
		return "${" + literally + "}", nil
	}
	var plain any
	var err error
	if own := names.Get(name); !own.IsZero() {
		plain, err = e.eval(own)
	} else if id, attribute, ok := strings.Cut(name, "."); ok {
		plain, err = e.resource(id, attribute, line)
	} else {
		plain, err = e.ref(name, line)
	}
	if err != nil {
		return "", err
	}
	text, ok := scalarText(plain)
	if !ok {
		return "", faultf(line, "${%s} is not a text", name)
	}
	return text, nil
}
