package simulation

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// The functions of a world.
const (
	functionIntake   = casework.FunctionIntake
	functionDispatch = casework.FunctionDispatch
	functionIDCheck  = casework.FunctionIDCheck
	functionParcel   = casework.FunctionParcel
	functionSweep    = casework.FunctionSweep
	functionRemind   = casework.FunctionRemind
	functionPurge    = casework.FunctionPurge
	functionFeedback = "feedback"
	functionDesk     = "desk"
	functionPortal   = "portal"
)

// delivery is one event on its way to a function, and when it comes again
// after each failure.
type delivery struct {
	function string
	event    json.RawMessage
	retry    []time.Duration
	driven   bool // by sweep, and not by what happened
}

// queueRetries are those of a queue: the visibility timeout, until the message
// goes to the dead letters.
func queueRetries() []time.Duration {
	return []time.Duration{6 * time.Minute, 6 * time.Minute, 6 * time.Minute, 6 * time.Minute}
}

// streamRetries are those of a stream.
func streamRetries() []time.Duration {
	return []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second}
}

// asyncRetries are those of an asynchronous invocation
// (docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html).
func asyncRetries() []time.Duration { return []time.Duration{time.Minute, 2 * time.Minute} }

// deliver invokes a function, and again when it fails.
func (w *world) deliver(d delivery) {
	r := &run{function: d.function, driven: d.driven}
	w.launch(r, func(ctx context.Context) bool { return w.handle(ctx, d) }, func(failed bool) {
		if !failed || len(d.retry) == 0 {
			return
		}
		w.met["event brought again"]++
		again := d
		again.retry = d.retry[1:]
		w.after(d.retry[0], func() { w.deliver(again) })
	})
}

// handle lets the real handler take an event, and says whether it failed.
func (w *world) handle(ctx context.Context, d delivery) (failed bool) {
	switch d.function {
	case functionIntake:
		answer, err := w.intake.Handle(ctx, d.event)
		return err != nil || len(answer.BatchItemFailures) > 0
	case functionDispatch:
		answer, err := w.dispatch.Handle(ctx, d.event)
		return err != nil || len(answer.BatchItemFailures) > 0
	case functionFeedback:
		var batch events.SQSEvent
		if err := json.Unmarshal(d.event, &batch); err != nil {
			return true
		}
		answer, err := w.feedback.Handle(ctx, batch)
		return err != nil || len(answer.BatchItemFailures) > 0
	case functionIDCheck:
		return w.idcheck.Handle(ctx, d.event) != nil
	case functionParcel:
		answer, err := w.parcel.Handle(ctx, d.event)
		return err != nil || len(answer.BatchItemFailures) > 0
	case functionRemind:
		return w.remind.Handle(ctx) != nil
	case functionPurge:
		return w.purge.Handle(ctx) != nil
	default:
		return w.sweep.Handle(ctx) != nil
	}
}

// luck is what can happen to an event under way.
type luck struct {
	name                string
	lose, repeat, delay float64
}

// publish sends an event to a function, as badly as the world likes. Late ones
// are overtaken by others.
func (w *world) publish(l luck, d delivery) {
	if w.strikes(l.lose, l.name+" lost") {
		return
	}
	copies := 1
	for copies < 4 && w.strikes(l.repeat, l.name+" repeated") {
		copies++
	}
	for range copies {
		var late time.Duration
		if w.strikes(l.delay, l.name+" delayed") {
			late = w.delay(longestDelay)
		}
		w.after(late, func() { w.deliver(d) })
	}
}

// row is a new row of which the stream tells.
type row struct{ tag, pk, sk string }

// stream tells of the letters, and of the files to make, that a commit has stored.
// It does so whether or not the committing function lives to hear of it.
func (w *world) stream(r *run, call string) {
	if call != "Commit" && call != "PutLetters" {
		return
	}
	background := context.Background()
	var letters, files []row
	for _, letter := range r.change.Letters {
		if _, err := w.memory.Letter(background, letter.Ref); err == nil {
			letters = append(letters, letterRow(letter.Ref))
		}
	}
	for _, move := range r.change.Enclosures {
		if _, err := w.memory.EnclosureOf(background, move.Next.Ref); err == nil && move.Next.Ref.Kind.Folder() == "" {
			files = append(files, fileRow(move.Next.Ref))
		}
	}
	w.tell(functionDispatch, letters)
	w.tell(functionParcel, files)
}

// tell publishes the rows that nobody told of before, in portions.
func (w *world) tell(function string, rows []row) {
	var fresh []row
	for _, one := range rows {
		if !w.streamed[one.tag] {
			w.streamed[one.tag] = true
			fresh = append(fresh, one)
		}
	}
	portion := 1 + w.rng.IntN(3)
	for batch := range slices.Chunk(fresh, portion) {
		f := w.faults
		w.publish(luck{"stream", f.loseStream, f.repeatStream, f.delayStream}, delivery{
			function: function, event: streamEvent(batch), retry: streamRetries(),
		})
	}
}

// letterRow names the row of a letter.
func letterRow(ref dsr.LetterRef) row {
	pk := casework.CaseKey(ref.Case)
	if ref.OwnerKind == dsr.OwnedByMail {
		pk = "MAIL#" + ref.MailID
	}
	return row{ref.Tag(), pk, fmt.Sprintf("LETTER#%s#%d", ref.Kind, ref.N)}
}

// fileRow names the row of a file that is made here.
func fileRow(ref dsr.EnclosureRef) row {
	return row{ref.Tag(), casework.CaseKey(ref.Case), fmt.Sprintf("PARCEL#%s#%s", ref.Kind, ref.ID)}
}

// text writes an event as JSON. What cannot be written is an event that every
// handler refuses, so that no world with it comes to a good end.
func text(event any) string {
	written, err := json.Marshal(event)
	if err != nil {
		return err.Error()
	}
	return string(written)
}

// queued wraps a message of SNS as SQS brings it, raw delivery off.
func queued(message string) json.RawMessage {
	body := text(map[string]string{"Type": "Notification", "Message": message})
	return json.RawMessage(text(map[string]any{
		"Records": []any{map[string]any{"messageId": "one", "eventSource": "aws:sqs", "body": body}},
	}))
}

// noticeEvent is the notice of a received mail.
func noticeEvent(mail *incoming) json.RawMessage {
	type object = map[string]any
	verdict := object{"status": "PASS"}
	return queued(text(object{
		"notificationType": "Received",
		"mail":             object{"messageId": mail.id, "timestamp": mail.at.Format(time.RFC3339Nano)},
		"receipt": object{
			"spfVerdict": verdict, "dkimVerdict": verdict, "dmarcVerdict": verdict,
			"action": object{"type": "S3", "bucketName": "mail", "objectKey": "raw/" + mail.id},
		},
	}))
}

// streamEvent is a batch of the stream, keys only.
func streamEvent(rows []row) json.RawMessage {
	type object = map[string]any
	var records []any
	for _, one := range rows {
		records = append(records, object{
			"eventName": "INSERT", "eventSource": "aws:dynamodb",
			"dynamodb": object{"StreamViewType": "KEYS_ONLY", "Keys": object{
				"pk": object{"S": one.pk}, "sk": object{"S": one.sk},
			}},
		})
	}
	return json.RawMessage(text(object{"Records": records}))
}

// objectEvent is what EventBridge tells of a new object.
func objectEvent(path string) json.RawMessage {
	type object = map[string]any
	return json.RawMessage(text(object{
		"source": "aws.s3", "detail-type": "Object Created",
		"detail": object{"bucket": object{"name": "vault"}, "object": object{"key": path}},
	}))
}

// reportEvent is what SES reports about a letter. Both spellings occur.
func (w *world) reportEvent(kind, tag, sesID string) json.RawMessage {
	type object = map[string]any
	spelling := []string{"eventType", "notificationType"}[w.rng.IntN(2)]
	return queued(text(object{
		spelling: kind,
		"mail":   object{"messageId": sesID, "tags": object{"letter": []string{tag}, "ses:caller": []string{"x"}}},
		"bounce": object{"bounceType": "Permanent"},
	}))
}
