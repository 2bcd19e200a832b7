package casestore

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"polarweb.nl/inzage/internal/casework"
)

// textValue is a string attribute.
func textValue(text string) types.AttributeValue { return &types.AttributeValueMemberS{Value: text} }

// answering is a DynamoDB whose every transaction ends in err.
func answering(err error) API {
	return API{TransactWriteItems: func(
		context.Context, *dynamodb.TransactWriteItemsInput, ...func(*dynamodb.Options),
	) (*dynamodb.TransactWriteItemsOutput, error) {
		return &dynamodb.TransactWriteItemsOutput{}, err
	}}
}

// cancelled is a transaction that DynamoDB refused for one reason a row; "" is
// a row that was fine.
func cancelled(reasons ...string) error {
	var list []types.CancellationReason
	for _, code := range reasons {
		reason := types.CancellationReason{Code: aws.String("None")}
		if code != "" {
			reason.Code = aws.String(code)
		}
		list = append(list, reason)
	}
	return &types.TransactionCanceledException{CancellationReasons: list}
}

// The reasons DynamoDB gives
// (docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html).
const (
	taken    = "ConditionalCheckFailed"
	conflict = "TransactionConflict"
)

// outcome says which of casework's answers an error is.
func outcome(err error) string {
	var first *casework.TakenError
	switch {
	case err == nil:
		return "stored"
	case errors.As(err, &first):
		return "taken " + string(first.Row)
	case errors.Is(err, casework.ErrConflict):
		return "conflict"
	}
	return "fault"
}

func TestCancelledTransactionMeansWhatItsRowsMean(t *testing.T) {
	for name, test := range map[string]struct {
		rows []rowKind
		err  error
		want string
	}{
		"stored":                               {[]rowKind{onCase, onOther}, nil, "stored"},
		"the case moved on":                    {[]rowKind{onCase, onCase, onOther}, cancelled(taken, "", ""), "conflict"},
		"the case and its event moved on":      {[]rowKind{onCase, onCase, onOther}, cancelled(taken, taken, ""), "conflict"},
		"the link was put by another":          {[]rowKind{onCase, onLink}, cancelled("", taken), "conflict"},
		"the mail is settled":                  {[]rowKind{onOther, onMail}, cancelled("", taken), "taken mail"},
		"the message was here":                 {[]rowKind{onOther, onMessage}, cancelled("", taken), "taken message"},
		"the sender opened a case":             {[]rowKind{onOther, onSender}, cancelled("", taken), "taken sender"},
		"the link was used":                    {[]rowKind{onOther, onSpend}, cancelled("", taken), "taken link"},
		"a used link outranks a moved case":    {[]rowKind{onCase, onCase, onSpend}, cancelled(taken, taken, taken), "taken link"},
		"a used link beside an impossible row": {[]rowKind{onOther, onSpend}, cancelled(taken, taken), "taken link"},
		"a taken row outranks a moved case":    {[]rowKind{onCase, onMessage}, cancelled(taken, taken), "taken message"},
		"a taken row outranks a conflict":      {[]rowKind{onOther, onMail}, cancelled(conflict, taken), "taken mail"},
		"the first of two taken rows":          {[]rowKind{onMail, onSender}, cancelled(taken, taken), "taken mail"},
		"a conflict after a taken row":         {[]rowKind{onMail, onOther}, cancelled(taken, conflict), "taken mail"},
		"two writers at once":                  {[]rowKind{onOther, onOther}, cancelled("", conflict), "conflict"},
		"a row that cannot be there":           {[]rowKind{onOther}, cancelled(taken), "fault"},
		"a case and an impossible row":         {[]rowKind{onOther, onCase}, cancelled(taken, taken), "fault"},
		"a row too large":                      {[]rowKind{onCase, onOther}, cancelled(taken, "ItemCollectionSizeLimitExceeded"), "fault"},
		"too much at once":                     {[]rowKind{onCase}, cancelled("ThrottlingError"), "fault"},
		"cancelled for no reason":              {[]rowKind{onCase}, cancelled(""), "fault"},
		"cancelled without reasons":            {[]rowKind{onCase}, cancelled(), "fault"},
		"a conflict with a single write":       {[]rowKind{onCase}, &types.TransactionConflictException{}, "conflict"},
		"the table is gone":                    {[]rowKind{onCase}, &types.ResourceNotFoundException{}, "fault"},
		"the same token with other contents":   {[]rowKind{onCase}, &types.IdempotentParameterMismatchException{}, "fault"},
	} {
		t.Run(name, func(t *testing.T) {
			change := (&Store{API: answering(test.err)}).transaction()
			for _, kind := range test.rows {
				change.add(kind, types.TransactWriteItem{})
			}
			err := change.commit(t.Context())
			if got := outcome(err); got != test.want {
				t.Errorf("%v means %s, want %s", err, got, test.want)
			}
		})
	}
}

func TestFaultKeepsItsCause(t *testing.T) {
	cause := &types.ResourceNotFoundException{}
	err := (&Store{API: answering(cause)}).transaction().commit(t.Context())
	if !errors.Is(err, error(cause)) || !strings.Contains(err.Error(), "storing a change") {
		t.Errorf("commit() = %v", err)
	}
}

// unwritable is a row that has no attributes.
type unwritable struct{}

// MarshalDynamoDBAttributeValue refuses.
func (unwritable) MarshalDynamoDBAttributeValue() (types.AttributeValue, error) {
	return nil, errors.New("no attributes")
}

func TestRowThatCannotBeWrittenStopsTheWholeChange(t *testing.T) {
	build := map[string]func(*transaction){
		"put new": func(c *transaction) { c.putNew(onCase, oldestKey(casework.FunctionSweep), unwritable{}) },
		"put":     func(c *transaction) { c.put(oldestKey(casework.FunctionSweep), unwritable{}) },
		"update": func(c *transaction) {
			c.update(onCase, oldestKey(casework.FunctionSweep), unwritable{}, nil, unsettled())
		},
		"condition": func(c *transaction) {
			c.update(onCase, oldestKey(casework.FunctionSweep), oldestRow{}, nil, expression.ConditionBuilder{})
		},
	}
	for name, add := range build {
		written := &recorder{}
		change := (&Store{API: written.api()}).transaction()
		change.put(counterKey(2026), oldestRow{Day: "2026-03-05"})
		add(change)
		if err := change.commit(t.Context()); err == nil || !strings.Contains(err.Error(), "writing SWEEP/OLDEST") || len(written.items) > 0 {
			t.Errorf("%s: %v, with %d rows stored", name, err, len(written.items))
		}
	}
}

// assigned takes an update expression apart into the names it sets and removes.
func assigned(update *types.Update) (sets, removes []string) {
	for line := range strings.SplitSeq(*update.UpdateExpression, "\n") {
		act, list, _ := strings.Cut(line, " ")
		for part := range strings.SplitSeq(list, ", ") {
			name := update.ExpressionAttributeNames[strings.Fields(part + " ?")[0]]
			switch act {
			case "SET":
				sets = append(sets, name)
			case "REMOVE":
				removes = append(removes, name)
			}
		}
	}
	slices.Sort(sets)
	slices.Sort(removes)
	return sets, removes
}

func TestUpdateSetsWhatTheRowHasAndRemovesWhatItLacks(t *testing.T) {
	change := (&Store{Cases: "cases"}).transaction()
	row := letterRow{State: "sent", Language: "nl", DueAt: "x"}
	change.update(onCase, oldestKey(casework.FunctionSweep), row, []string{"due", "dueAt", "state"}, unsettled())
	if change.fault != nil {
		t.Fatal(change.fault)
	}
	update := change.items[0].Update
	sets, removes := assigned(update)
	if want := []string{"dueAt", "language", "queued", "requester", "state", "until"}; !slices.Equal(sets, want) {
		t.Errorf("sets %v, want %v", sets, want)
	}
	if want := []string{"due"}; !slices.Equal(removes, want) {
		t.Errorf("removes %v, want %v: an attribute that stays keeps the row in the index", removes, want)
	}
	if *update.TableName != "cases" || update.ConditionExpression == nil {
		t.Errorf("an update of %s without a condition", *update.TableName)
	}
}
