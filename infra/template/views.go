package template

import (
	"fmt"
	"strconv"
)

// Queue is an SQS queue. DeadLetter is the logical id of the queue that takes
// over after MaxReceiveCount failed deliveries, "" when there is none.
type Queue struct {
	LogicalID         string
	Name              Value
	VisibilitySeconds int
	RetentionSeconds  int
	MaxReceiveCount   int
	DeadLetter        string
	Line              int
}

// Bucket is an S3 bucket.
type Bucket struct {
	LogicalID string
	Name      Value
	Line      int
}

// SQS's own values for what a queue leaves out.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html
const (
	defaultVisibilitySeconds = 30
	defaultRetentionSeconds  = 4 * 24 * 3600
)

// Queues gives the queues. Name is the zero Value when the template leaves the
// name to CloudFormation.
func (t *Template) Queues() ([]Queue, error) {
	return collect(t, typeQueue, t.queue)
}

// Buckets gives every bucket, ordered by logical id.
func (t *Template) Buckets() ([]Bucket, error) {
	return collect(t, typeBucket, func(r Resource) (Bucket, error) {
		return Bucket{LogicalID: r.LogicalID, Name: r.Properties.Get("BucketName"), Line: r.Line}, nil
	})
}

// collect makes one view of all resources of a type, in their stable order.
func collect[V any](t *Template, kind string, view func(Resource) (V, error)) ([]V, error) {
	var list []V
	for _, r := range t.Resources() {
		if r.Type != kind {
			continue
		}
		v, err := view(r)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", t.file, r.LogicalID, orLine(err, r.Line))
		}
		list = append(list, v)
	}
	return list, nil
}

// queue reads one queue. A redrive without a count, or to a queue elsewhere, is
// refused: a message that always fails would then come back for ever.
func (t *Template) queue(r Resource) (Queue, error) {
	q := Queue{LogicalID: r.LogicalID, Name: r.Properties.Get("QueueName"), Line: r.Line}
	var err error
	if q.VisibilitySeconds, err = t.number(r.Properties, "VisibilityTimeout", defaultVisibilitySeconds); err != nil {
		return q, err
	}
	if q.RetentionSeconds, err = t.number(r.Properties, "MessageRetentionPeriod", defaultRetentionSeconds); err != nil {
		return q, err
	}
	redrive := r.Properties.Get("RedrivePolicy")
	if redrive.IsZero() {
		return q, nil
	}
	if q.MaxReceiveCount, err = t.number(redrive, "maxReceiveCount", 0); err != nil {
		return q, err
	}
	if q.MaxReceiveCount < 1 {
		return q, faultf(redrive.Line, "RedrivePolicy needs a maxReceiveCount of 1 or more")
	}
	q.DeadLetter, err = t.target(redrive, "deadLetterTargetArn", typeQueue)
	return q, err
}

// text reads a property that must be known without any values given: plain
// text, or a reference to a parameter that has a default.
func (t *Template) text(v Value, what string) (string, error) {
	e := evaluation{template: t, open: map[string]bool{}}
	plain, err := e.eval(v)
	if err != nil {
		return "", fmt.Errorf("%s: %w", what, err)
	}
	text, ok := scalarText(plain)
	if !ok || text == "" {
		return "", faultf(v.Line, "%s must be a plain text", what)
	}
	return text, nil
}

// textOr is text with a default for a property that is absent.
func (t *Template) textOr(parent Value, key, absent string) (string, error) {
	v := parent.Get(key)
	if v.IsZero() {
		return absent, nil
	}
	return t.text(v, key)
}

// number reads a property that is a whole number, or gives the default.
func (t *Template) number(parent Value, key string, absent int) (int, error) {
	v := parent.Get(key)
	if v.IsZero() {
		return absent, nil
	}
	text, err := t.text(v, key)
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, faultf(v.Line, "%s must be a whole number", key)
	}
	return n, nil
}

// target reads a property that points at another resource of this template by
// Ref or GetAtt, and gives that resource's logical id.
func (t *Template) target(parent Value, key, kind string) (string, error) {
	v := parent.Get(key)
	if v.IsZero() {
		return "", faultf(parent.Line, "%s is missing", key)
	}
	id := ""
	if v.isCall() && v.Entries[0].Key == "Ref" {
		id, _ = scalarText(v.Entries[0].Value.Plain)
	} else if v.isCall() && v.Entries[0].Key == "Fn::GetAtt" {
		id, _, _ = attributeOf(v.Entries[0].Value)
	}
	if id == "" {
		return "", faultf(v.Line, "%s must refer to a resource by !Ref or !GetAtt", key)
	}
	if r, ok := t.resources[id]; !ok || r.Type != kind {
		return "", faultf(v.Line, "%s refers to %s, which is no %s of this template", key, id, kind)
	}
	return id, nil
}

// items reads a property that is a list of any length, absent included.
func items(parent Value, key string) ([]Value, error) {
	v := parent.Get(key)
	if v.Kind != List && !v.IsZero() {
		return nil, faultf(v.Line, "%s must be a list", key)
	}
	return v.Items, nil
}

// has says whether a list of plain words holds word; a function among them is
// not evaluated, since SAM does not allow one there.
func has(list []Value, word string) bool {
	for _, v := range list {
		if v.Plain == word {
			return true
		}
	}
	return false
}
