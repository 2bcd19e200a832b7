package template

import (
	"slices"
	"strings"
)

// Function is a Lambda function with everything that can start it.
type Function struct {
	LogicalID string
	// Name is the zero Value when the template leaves the name to CloudFormation.
	Name Value
	// CodeURI is the folder with the built bootstrap, below the template's own.
	CodeURI        string
	MemoryMB       int
	TimeoutSeconds int
	Environment    []Entry // ordered by name
	Queues         []QueueEvent
	Streams        []StreamEvent
	Schedules      []ScheduleEvent
	Routes         []RouteEvent
	Patterns       []PatternEvent
	Line           int
}

// QueueEvent starts a function with messages of a queue.
type QueueEvent struct {
	Event                   string // the name of the event in the template
	Queue                   string // logical id
	BatchSize               int
	ReportBatchItemFailures bool
}

// StreamEvent starts a function with changes of a table. A record passes when
// one of the filters matches, or when there are none. Retries is -1 when the
// template sets no bound.
type StreamEvent struct {
	Event     string
	Table     string // logical id
	BatchSize int
	// Retries counts the tries after the first one.
	Retries                 int
	Filters                 []Filter
	ReportBatchItemFailures bool
	OnFailure               string // logical id of a queue, or ""
}

// ScheduleEvent starts a function by EventBridge Scheduler. Input is the zero
// Value when the function gets none.
type ScheduleEvent struct {
	Event string
	// Expression is rate(…), cron(…) or at(…) as it stands; who runs the
	// schedule reads it.
	Expression string
	Timezone   string
	Input      Value
	Disabled   bool
}

// RouteEvent starts a function with a request to the HTTP API. Method is in
// capitals, or ANY; an event without method and path is the route $default.
type RouteEvent struct {
	Event  string
	Method string
	Path   string
}

// PatternEvent starts a function with events that match a pattern. It has to be
// resolved, since it names buckets; [FilterOf] makes a [Filter] of the result.
type PatternEvent struct {
	Event   string
	Pattern Value
}

// Lambda's and SAM's own values for what a function or an event leaves out.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
const (
	defaultMemoryMB       = 128
	defaultTimeoutSeconds = 3
	defaultQueueBatch     = 10
	defaultStreamBatch    = 100
)

// Functions gives every function, ordered by logical id, with all that starts it.
func (t *Template) Functions() ([]Function, error) {
	return collect(t, typeFunction, t.function)
}

// function reads one function. What may differ between stacks, the name and the
// environment, stays a Value; the rest has to be known now.
func (t *Template) function(r Resource) (Function, error) {
	p := r.Properties
	f := Function{LogicalID: r.LogicalID, Name: p.Get("FunctionName"), Line: r.Line}
	var err error
	if f.CodeURI, err = t.textOr(p, "CodeUri", ""); err != nil {
		return f, err
	}
	if f.MemoryMB, err = t.number(p, "MemorySize", defaultMemoryMB); err != nil {
		return f, err
	}
	if f.TimeoutSeconds, err = t.number(p, "Timeout", defaultTimeoutSeconds); err != nil {
		return f, err
	}
	keep := func(name string, v Value) error {
		f.Environment = append(f.Environment, Entry{Key: name, Value: v})
		return nil
	}
	if err = eachEntry(p.Path("Environment", "Variables"), "Variables", keep); err != nil {
		return f, err
	}
	sortByKey(f.Environment)
	return f, t.addEvents(&f, p.Get("Events"))
}

// sortByKey orders entries by key; keys are unique, so the order is total.
func sortByKey(entries []Entry) {
	slices.SortFunc(entries, func(a, b Entry) int { return strings.Compare(a.Key, b.Key) })
}

// addEvents reads the events of a function by name. A type that nothing here
// can deliver is an error: the function would silently never be started.
func (t *Template) addEvents(f *Function, section Value) error {
	if section.Kind != Map && !section.IsZero() {
		return faultf(section.Line, "Events must be a map")
	}
	entries := slices.Clone(section.Entries)
	sortByKey(entries)
	for _, entry := range entries {
		kind, err := literal(entry.Value.Get("Type"), "the Type of event "+entry.Key)
		if err != nil {
			return orLine(err, entry.Value.Line)
		}
		if err := t.addEvent(f, kind, entry.Key, entry.Value.Get("Properties")); err != nil {
			return orLine(err, entry.Value.Line)
		}
	}
	return nil
}

// addEvent reads one event.
func (t *Template) addEvent(f *Function, kind, name string, p Value) (err error) {
	switch kind {
	case "SQS":
		var e QueueEvent
		e, err = t.queueEvent(name, p)
		f.Queues = append(f.Queues, e)
	case "DynamoDB":
		var e StreamEvent
		e, err = t.streamEvent(name, p)
		f.Streams = append(f.Streams, e)
	case "ScheduleV2":
		var e ScheduleEvent
		e, err = t.scheduleEvent(name, p)
		f.Schedules = append(f.Schedules, e)
	case "HttpApi":
		var e RouteEvent
		e, err = t.routeEvent(name, p)
		f.Routes = append(f.Routes, e)
	case "EventBridgeRule":
		if p.Get("Pattern").Kind != Map {
			return faultf(p.Line, "event %s needs a Pattern", name)
		}
		f.Patterns = append(f.Patterns, PatternEvent{Event: name, Pattern: p.Get("Pattern")})
	default:
		return faultf(0, "event %s has the type %s, which is not delivered here", name, kind)
	}
	return err
}

// queueEvent reads an event of type SQS. The queue must be one of this
// template: a literal ARN would name a queue that has no local counterpart.
func (t *Template) queueEvent(name string, p Value) (QueueEvent, error) {
	e := QueueEvent{Event: name}
	var err error
	if e.Queue, err = t.target(p, "Queue", typeQueue); err != nil {
		return e, err
	}
	if e.BatchSize, err = t.number(p, "BatchSize", defaultQueueBatch); err != nil {
		return e, err
	}
	responses, err := items(p, "FunctionResponseTypes")
	e.ReportBatchItemFailures = has(responses, "ReportBatchItemFailures")
	return e, err
}

// streamEvent reads an event of type DynamoDB. StartingPosition is not read:
// the local poller always begins at the oldest record, since with LATEST the
// changes made while a function is being deployed would be lost.
func (t *Template) streamEvent(name string, p Value) (StreamEvent, error) {
	e := StreamEvent{Event: name}
	var err error
	if e.Table, err = t.target(p, "Stream", typeTable); err != nil {
		return e, err
	}
	if e.BatchSize, err = t.number(p, "BatchSize", defaultStreamBatch); err != nil {
		return e, err
	}
	if e.Retries, err = t.number(p, "MaximumRetryAttempts", -1); err != nil {
		return e, err
	}
	if failed := p.Path("DestinationConfig", "OnFailure"); !failed.IsZero() {
		if e.OnFailure, err = t.target(failed, "Destination", typeQueue); err != nil {
			return e, err
		}
	}
	if e.Filters, err = t.filters(p); err != nil {
		return e, err
	}
	responses, err := items(p, "FunctionResponseTypes")
	e.ReportBatchItemFailures = has(responses, "ReportBatchItemFailures")
	return e, err
}

// filters reads FilterCriteria, whose patterns are JSON inside the YAML. The
// line of an error is that of the pattern, since the JSON has none of its own.
func (t *Template) filters(p Value) ([]Filter, error) {
	list, err := items(p.Get("FilterCriteria"), "Filters")
	if err != nil {
		return nil, err
	}
	var filters []Filter
	for _, v := range list {
		pattern, err := t.text(v.Get("Pattern"), "Pattern")
		if err != nil {
			return nil, orLine(err, v.Line)
		}
		filter, err := ParseFilter([]byte(pattern))
		if err != nil {
			return nil, faultf(v.Get("Pattern").Line, "Pattern: %v", err)
		}
		filters = append(filters, filter)
	}
	return filters, nil
}

// scheduleEvent reads an event of type ScheduleV2. The zone is UTC when none is
// given, as in EventBridge Scheduler: a civil time is then off by an hour or
// two, so an expression with hours wants its zone written down.
func (t *Template) scheduleEvent(name string, p Value) (ScheduleEvent, error) {
	e := ScheduleEvent{Event: name, Input: p.Get("Input"), Disabled: p.Get("State").Plain == "DISABLED"}
	var err error
	if e.Expression, err = t.text(p.Get("ScheduleExpression"), "ScheduleExpression"); err != nil {
		return e, err
	}
	e.Timezone, err = t.textOr(p, "ScheduleExpressionTimezone", "UTC")
	return e, err
}

// routeEvent reads an event of type HttpApi:
//
//	Page: {Type: HttpApi, Properties: {Method: GET, Path: "/mijn/{proxy+}"}}
//
// SAM writes "any" for every method, the HTTP API itself ANY; one form is kept.
func (t *Template) routeEvent(name string, p Value) (RouteEvent, error) {
	e := RouteEvent{Event: name}
	var err error
	if e.Method, err = t.textOr(p, "Method", ""); err != nil {
		return e, err
	}
	if e.Path, err = t.textOr(p, "Path", ""); err != nil {
		return e, err
	}
	if (e.Method == "") != (e.Path == "") {
		return e, faultf(p.Line, "event %s needs both Method and Path, or neither", name)
	}
	if e.Method = strings.ToUpper(e.Method); e.Method == "*" {
		e.Method = "ANY"
	}
	return e, nil
}
