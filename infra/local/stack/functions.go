package stack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"

	"polarweb.nl/inzage/infra/local/lambda"
	"polarweb.nl/inzage/infra/local/queue"
	"polarweb.nl/inzage/infra/local/stream"
	"polarweb.nl/inzage/infra/local/tables"
	"polarweb.nl/inzage/infra/template"
)

// atOnce is how many copies of one function run at a time.
const atOnce = 4

// startFunctions starts the runtime with every function of the template.
func (s *Stack) startFunctions(context.Context) error {
	var err error
	if s.opened, err = s.startEndpoints(); err != nil {
		return err
	}
	if err := s.tellOperator(); err != nil {
		return err
	}
	declared, err := s.template.Functions()
	if err != nil {
		return err
	}
	var functions []lambda.Function
	for _, one := range declared {
		function, err := s.function(one)
		if err != nil {
			return fmt.Errorf("function %s: %w", one.LogicalID, err)
		}
		functions = append(functions, function)
	}
	s.runtime, err = lambda.Start(lambda.Config{
		Functions: functions, Region: region, AccountID: account,
		AccessKeyID: accessKey, SecretAccessKey: secretKey, LogDir: s.path("logs"),
		RetryDelay: 200 * time.Millisecond,
		OnFailure:  func(_ string, payload []byte, _ error) { s.deadLetter("DrivenDeadLetters", payload) },
	})
	if err != nil {
		return err
	}
	s.onStop(func() { _ = s.runtime.Close() })
	return nil
}

// function gives one function as the template describes it, with the addresses
// of the stand-ins.
func (s *Stack) function(declared template.Function) (lambda.Function, error) {
	name, err := s.template.ResolveText(declared.Name, s.names())
	if err != nil {
		return lambda.Function{}, err
	}
	environment := map[string]string{
		"AWS_ENDPOINT_URL_DYNAMODB": s.db.Endpoint(),
		"AWS_ENDPOINT_URL_S3":       s.objects.Endpoint(),
		"AWS_ENDPOINT_URL_KMS":      s.opened.kms,
		"AWS_ENDPOINT_URL_SES":      s.opened.ses,
		"AWS_ENDPOINT_URL_LAMBDA":   s.opened.lambda,
		"INZAGE_CLOCK_URL":          s.addresses.Clock,
	}
	for _, entry := range declared.Environment {
		if environment[entry.Key], err = s.template.ResolveText(entry.Value, s.names()); err != nil {
			return lambda.Function{}, err
		}
	}
	return lambda.Function{
		Name: name, Dir: filepath.Join(s.options.Root, declared.CodeURI), MemoryMB: declared.MemoryMB,
		Timeout: time.Duration(declared.TimeoutSeconds) * time.Second, Concurrency: atOnce, Environment: environment,
	}, nil
}

// deadLetter keeps what could not be delivered. Losing it would hide a fault,
// so the stack stops when even that fails.
func (s *Stack) deadLetter(logicalID string, payload []byte) {
	if _, err := s.queues[logicalID].Send(string(payload)); err != nil {
		s.fail(fmt.Errorf("keeping a dead letter: %w", err))
	}
}

// startWorkers hands the messages of each queue to its function, one at a time
// per worker, as the event source mapping of Lambda does.
func (s *Stack) startWorkers(ctx context.Context) error {
	declared, err := s.template.Functions()
	if err != nil {
		return err
	}
	for _, function := range declared {
		name, err := s.template.ResolveText(function.Name, s.names())
		if err != nil {
			return err
		}
		for _, source := range function.Queues {
			for range atOnce {
				s.goOn(func() {
					s.workOff(ctx, s.queues[source.Queue], func(ctx context.Context, message queue.Message) error {
						return s.handOn(ctx, name, message)
					})
				})
			}
		}
	}
	s.startRules(ctx)
	return nil
}

// errReported is returned when a function named its message as failed.
var errReported = errors.New("the function reported the message as failed")

// handOn invokes a function with one message.
func (s *Stack) handOn(ctx context.Context, function string, message queue.Message) error {
	payload, err := json.Marshal(events.SQSEvent{Records: []events.SQSMessage{{
		MessageId: message.ID, Body: message.Body, EventSource: "aws:sqs", AWSRegion: region,
		Attributes: map[string]string{"ApproximateReceiveCount": fmt.Sprint(message.Receives)},
	}}})
	if err != nil {
		return fmt.Errorf("writing the event: %w", err)
	}
	answer, err := s.invoke(ctx, function, payload)
	if err != nil {
		return err
	}
	var reported events.SQSEventResponse
	if err := json.Unmarshal(answer, &reported); err == nil && len(reported.BatchItemFailures) > 0 {
		return errReported
	}
	return nil
}

// invoke runs a function and takes its failure for an error.
func (s *Stack) invoke(ctx context.Context, function string, payload []byte) ([]byte, error) {
	result, err := s.runtime.Invoke(ctx, function, payload)
	if err != nil {
		return nil, fmt.Errorf("invoking %s: %w", function, err)
	}
	if result.FunctionError != "" {
		return nil, fmt.Errorf("function %s failed: %s", function, result.FunctionError)
	}
	return result.Payload, nil
}

// startStream hands the changes of the Cases table to the functions that ask
// for them.
func (s *Stack) startStream(ctx context.Context) error {
	table, err := s.reference("CasesTable", "")
	if err != nil {
		return err
	}
	arn, err := tables.StreamARN(ctx, s.db.Client(), table)
	if err != nil {
		return err
	}
	subscribers, err := s.subscribers()
	if err != nil {
		return err
	}
	s.poller, err = stream.New(stream.Options{
		Reader: s.streams(), StreamARN: arn, Region: region, Checkpoint: s.path("stream.json"),
		Subscribers: subscribers,
		Invoke: func(ctx context.Context, function string, payload []byte) error {
			_, err := s.invoke(ctx, function, payload)
			return err
		},
		OnFailure: func(_ context.Context, _ string, payload []byte, _ error) error {
			s.deadLetter("StreamDeadLetters", payload)
			return nil
		},
		OnError:  func(err error) { s.options.Log("The stream could not be read: %v", err) },
		Interval: 50 * time.Millisecond, RetryPause: 200 * time.Millisecond,
	})
	if err != nil {
		return err
	}
	s.goOn(func() { s.poller.Run(ctx) })
	return nil
}

// subscribers gives the functions that ask for changes, with their filters.
func (s *Stack) subscribers() ([]stream.Subscriber, error) {
	declared, err := s.template.Functions()
	if err != nil {
		return nil, err
	}
	var subscribers []stream.Subscriber
	for _, function := range declared {
		name, err := s.template.ResolveText(function.Name, s.names())
		if err != nil {
			return nil, err
		}
		for _, source := range function.Streams {
			subscribers = append(subscribers, stream.Subscriber{
				Function: name, Filters: source.Filters, BatchSize: source.BatchSize, Retries: source.Retries,
			})
		}
	}
	return subscribers, nil
}

// streams is a client of the database's streams.
func (s *Stack) streams() *dynamodbstreams.Client {
	return dynamodbstreams.New(dynamodbstreams.Options{
		Region: region, Credentials: signing(), BaseEndpoint: aws.String(s.db.Endpoint()),
	})
}
