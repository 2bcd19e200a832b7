package template

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// wantText checks that a text holds all parts.
func wantText(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q does not hold %q", text, part)
		}
	}
}

// errText gives the text of an error, or "" without one.
func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// only compares what a view says, not where it stands.
var only = cmp.Options{
	ignoreLines,
	cmpopts.IgnoreFields(Table{}, "Line"), cmpopts.IgnoreFields(Queue{}, "Line"),
	cmpopts.IgnoreFields(Bucket{}, "Line"), cmpopts.IgnoreFields(Function{}, "Line"),
	cmp.AllowUnexported(Filter{}),
}

// call writes an intrinsic function with a scalar argument as a Value.
func call(name string, argument Value) Value {
	return Value{Kind: Map, Entries: []Entry{{name, argument}}}
}

// text writes a scalar as a Value.
func text(s string) Value { return Value{Kind: Scalar, Plain: s} }

func TestTablesHoldKeysIndexesStreamAndExpiry(t *testing.T) {
	got, err := fixture(t).Tables()
	if err != nil {
		t.Fatal(err)
	}
	want := []Table{
		{
			LogicalID:  "Cases",
			Name:       call("Fn::Sub", text("${AWS::StackName}-cases")),
			Keys:       Keys{"pk", "sk"},
			Attributes: []Attribute{{"pk", "S"}, {"sk", "S"}, {"due", "S"}, {"dueAt", "N"}},
			Indexes:    []Index{{"due", Keys{"due", "dueAt"}, "INCLUDE", []string{"kind"}}},
			StreamView: "KEYS_ONLY", TTLAttribute: "expires",
		},
		{LogicalID: "Keys", Keys: Keys{Hash: "pk"}, Attributes: []Attribute{{"pk", "S"}}},
	}
	if diff := cmp.Diff(want, got, only); diff != "" {
		t.Errorf("Tables (-want +got):\n%s", diff)
	}
}

func TestQueuesHoldVisibilityAndDeadLetters(t *testing.T) {
	got, err := fixture(t).Queues()
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0].LogicalID != "DeadLetters" || got[0].Name.IsZero() {
		t.Fatalf("Queues = %+v", got)
	}
	if got[0].RetentionSeconds != 1209600 || got[0].VisibilitySeconds != 30 || got[0].DeadLetter != "" {
		t.Errorf("DeadLetters = %+v", got[0])
	}
	want := Queue{
		LogicalID: "IntakeQueue", VisibilitySeconds: 180, RetentionSeconds: 345600,
		MaxReceiveCount: 5, DeadLetter: "DeadLetters",
	}
	if diff := cmp.Diff(want, got[1], only); diff != "" {
		t.Errorf("IntakeQueue (-want +got):\n%s", diff)
	}
}

func TestBucketsHoldTheirNames(t *testing.T) {
	tmpl := fixture(t)
	got, err := tmpl.Buckets()
	if err != nil || len(got) != 1 || got[0].LogicalID != "Mail" {
		t.Fatalf("Buckets = %+v, %v", got, err)
	}
	name, err := tmpl.ResolveText(got[0].Name, values())
	if err != nil || name != "inzage-mail-000000000000" {
		t.Errorf("name %q, %v", name, err)
	}
}

func TestFunctionsHoldTheirSettingsAndEvents(t *testing.T) {
	got, err := fixture(t).Functions()
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 4 || got[0].LogicalID != "Dispatch" {
		t.Fatalf("Functions = %+v", got)
	}
	intake := got[1]
	table := Entry{"TABLE_NAME", call("Ref", text("Cases"))}
	want := Function{
		LogicalID: "Intake", Name: call("Fn::Sub", text("${AWS::StackName}-intake")),
		CodeURI: ".build/intake/", MemoryMB: 512, TimeoutSeconds: 30,
		Environment: []Entry{
			{"BUCKET", call("Fn::Sub", text("${AWS::StackName}-mail-${AWS::AccountId}"))},
			{"LOG_LEVEL", text("debug")},
			table,
		},
		Queues: []QueueEvent{{Event: "Mail", Queue: "IntakeQueue", BatchSize: 1, ReportBatchItemFailures: true}},
	}
	if diff := cmp.Diff(want, intake, only); diff != "" {
		t.Errorf("Intake (-want +got):\n%s", diff)
	}
}

func TestStreamEventHoldsFiltersAndTheEndOfRetries(t *testing.T) {
	functions, err := fixture(t).Functions()
	if err != nil {
		t.Fatal(err)
	}
	filter, err := ParseFilter([]byte(`{"eventName":["INSERT"],"dynamodb":{"Keys":{"sk":{"S":[{"prefix":"LETTER#"}]}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := []StreamEvent{{
		Event: "Letters", Table: "Cases", BatchSize: 10, Retries: 5, Filters: []Filter{filter},
		ReportBatchItemFailures: true, OnFailure: "DeadLetters",
	}}
	if diff := cmp.Diff(want, functions[0].Streams, only); diff != "" {
		t.Errorf("Streams (-want +got):\n%s", diff)
	}
}

func TestSchedulesComeByNameWithTheirZone(t *testing.T) {
	functions, err := fixture(t).Functions()
	if err != nil {
		t.Fatal(err)
	}
	want := []ScheduleEvent{
		{Event: "Nightly", Expression: "cron(0 3 * * ? *)", Timezone: "UTC", Disabled: true},
		{Event: "Tick", Expression: "rate(15 minutes)", Timezone: "Europe/Amsterdam", Input: text(`{"tick":"sweep"}`)},
	}
	if diff := cmp.Diff(want, functions[3].Schedules, only); diff != "" {
		t.Errorf("Schedules (-want +got):\n%s", diff)
	}
}

func TestRoutesAreMethodAndPathOrTheDefault(t *testing.T) {
	functions, err := fixture(t).Functions()
	if err != nil {
		t.Fatal(err)
	}
	want := []RouteEvent{{"Page", "GET", "/mijn/{proxy+}"}, {Event: "Rest"}}
	if diff := cmp.Diff(want, functions[2].Routes); diff != "" {
		t.Errorf("Routes (-want +got):\n%s", diff)
	}
}

func TestPatternOfARuleBecomesAFilterOnceResolved(t *testing.T) {
	tmpl := fixture(t)
	functions, err := tmpl.Functions()
	if err != nil {
		t.Fatal(err)
	}
	plain, err := tmpl.Resolve(functions[0].Patterns[0].Pattern, values())
	if err != nil {
		t.Fatal(err)
	}
	filter, err := FilterOf(plain)
	if err != nil {
		t.Fatal(err)
	}
	event := func(bucket string) map[string]any {
		return map[string]any{"source": "aws.s3", "detail": map[string]any{"bucket": map[string]any{"name": bucket}}}
	}
	if !filter.Matches(event("inzage-mail-000000000000")) || filter.Matches(event("other")) {
		t.Error("the rule does not tell its own bucket from another")
	}
}

func TestBrokenViewNamesItsLine(t *testing.T) {
	const table = "Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n    Properties:\n"
	const queue = "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties:\n"
	const function = "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n"
	const event = function + "      Events:\n        E:\n"
	tests := []struct {
		name, text string
		line       int
		message    string
	}{
		{"no keys", table + "      TableName: x\n", 5, "no HASH key"},
		{"an undefined key", table + "      KeySchema:\n        - {AttributeName: pk, KeyType: HASH}\n", 6, "not among AttributeDefinitions"},
		{"a wrong attribute type", table + "      AttributeDefinitions:\n        - {AttributeName: pk, AttributeType: X}\n", 6, "must be S, N or B"},
		{"attributes of the wrong kind", table + "      AttributeDefinitions: pk\n", 5, "must be a list"},
		{"an index without name", table + "      AttributeDefinitions: [{AttributeName: pk, AttributeType: S}]\n      KeySchema: [{AttributeName: pk, KeyType: HASH}]\n      GlobalSecondaryIndexes:\n        - KeySchema: []\n", 8, "IndexName"},
		{"a wrong key type", table + "      AttributeDefinitions: [{AttributeName: pk, AttributeType: S}]\n      KeySchema: [{AttributeName: pk, KeyType: hash}]\n", 6, "HASH or RANGE"},
		{"a timeout that is a word", queue + "      VisibilityTimeout: long\n", 5, "whole number"},
		{"a redrive without count", queue + "      RedrivePolicy:\n        deadLetterTargetArn: x\n", 6, "maxReceiveCount"},
		{"a redrive by text", queue + "      RedrivePolicy:\n        maxReceiveCount: 3\n        deadLetterTargetArn: x\n", 7, "!Ref or !GetAtt"},
		{"a redrive to nowhere", queue + "      RedrivePolicy:\n        maxReceiveCount: 3\n        deadLetterTargetArn: !GetAtt X.Arn\n", 7, "no AWS::SQS::Queue of this template"},
		{"memory that is a list", function + "      MemorySize: [1]\n", 5, "MemorySize must be a plain text"},
		{"memory from an unknown parameter", function + "      MemorySize: !Ref Nonexistent\n", 5, "names no parameter"},
		{"environment that is a list", function + "      Environment:\n        Variables: [A]\n", 6, "Variables must be a map"},
		{"events that are a list", function + "      Events: [A]\n", 5, "Events must be a map"},
		{"an event without type", event + "          Properties: {}\n", 7, "the Type of event E"},
		{"an event that nothing delivers", event + "          Type: Kafka\n", 7, "not delivered here"},
		{"a queue event without queue", event + "          Type: SQS\n          Properties:\n            BatchSize: 1\n", 9, "Queue is missing"},
		{"a stream of a queue", event + "          Type: DynamoDB\n          Properties:\n            Stream: !GetAtt F.Arn\n", 9, "no AWS::DynamoDB::Table"},
		{"a schedule without expression", event + "          Type: ScheduleV2\n          Properties:\n            State: ENABLED\n", 7, "ScheduleExpression"},
		{"a route without path", event + "          Type: HttpApi\n          Properties:\n            Method: GET\n", 9, "both Method and Path"},
		{"a rule without pattern", event + "          Type: EventBridgeRule\n          Properties:\n            State: ENABLED\n", 9, "needs a Pattern"},
		{"a broken filter", event + "          Type: DynamoDB\n          Properties:\n            FilterCriteria:\n              Filters:\n                - Pattern: '{'\n            Stream: !GetAtt T.StreamArn\n  T:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      AttributeDefinitions: [{AttributeName: pk, AttributeType: S}]\n      KeySchema: [{AttributeName: pk, KeyType: HASH}]\n", 11, "event pattern"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tmpl, err := Parse([]byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			wantFault(t, firstViewError(tmpl), test.line, test.message)
		})
	}
}

// firstViewError gives the error of the first view that fails.
func firstViewError(tmpl *Template) error {
	if _, err := tmpl.Tables(); err != nil {
		return err
	}
	if _, err := tmpl.Queues(); err != nil {
		return err
	}
	_, err := tmpl.Functions()
	return err
}
