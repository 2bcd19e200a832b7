// Package relay lets sweep drive another function again, through Lambda's
// asynchronous invocation. It is a casework.Drive and stores nothing.
package relay

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"polarweb.nl/inzage/internal/casework"
)

// Relay invokes functions.
type Relay struct {
	Invoke func(context.Context, *lambda.InvokeInput, ...func(*lambda.Options)) (*lambda.InvokeOutput, error)
	Names  map[string]string // from a function's folder name to its name in the account
}

// Drive is a casework.Drive. Lambda queues the event and answers
// before the function has run; it may run it more than once.
func (r Relay) Drive(ctx context.Context, function string, ids []string) error {
	name, ok := r.Names[function]
	if !ok {
		return fmt.Errorf("driving %s: no such function is configured", function)
	}
	payload, err := json.Marshal(casework.Again{IDs: ids})
	if err != nil {
		return fmt.Errorf("driving %s: %w", function, err)
	}
	_, err = r.Invoke(ctx, &lambda.InvokeInput{
		FunctionName: aws.String(name), InvocationType: types.InvocationTypeEvent, Payload: payload,
	})
	if err != nil {
		return fmt.Errorf("driving %s: %w", function, err)
	}
	return nil
}
