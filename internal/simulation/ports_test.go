package simulation

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

// posted is one mail that left the house.
type posted struct {
	letter  dsr.LetterRef
	to      string
	content string    // says which letter it is and holds its token
	asked   time.Time // what the sender's clock said: its lease counts from there
	at      time.Time
}

// post is a casework.Post: SES, as far as mail going out is concerned. The mail
// may leave without anybody hearing of it, or be refused; the caller cannot tell
// the two apart.
func (w *world) post(ctx context.Context, message dsr.Message) (string, error) {
	if err := w.gate(ctx, "Send", caseworktest.Before); err != nil {
		return "", err
	}
	if w.strikes(w.faults.refuse, "mail refused") {
		return "", errFault
	}
	ref, err := dsr.ParseLetterTag(message.Tag)
	if err != nil {
		return "", err
	}
	w.sent = append(w.sent, posted{
		letter: ref, to: message.To[0], content: string(message.Raw), asked: w.current.asked, at: w.now,
	})
	sesID := fmt.Sprintf("out%06d", len(w.sent))
	w.report(message.Tag, sesID)
	if w.strikes(w.faults.loseReply, "send reply lost") {
		return "", errFault
	}
	return sesID, w.gate(ctx, "Send", caseworktest.After)
}

// report tells of a mail's fate: first that it left, then how it ended. The
// two are often told at one instant, so in any order.
func (w *world) report(tag, sesID string) {
	kinds := []string{"Send", "Delivery"}
	if w.strikes(w.faults.bounce, "bounce") {
		kinds[1] = "Bounce"
	}
	f := w.faults
	for _, kind := range kinds {
		w.publish(luck{"report", f.loseReport, f.repeatReport, f.delayReport}, delivery{
			function: functionFeedback, event: w.reportEvent(kind, tag, sesID), retry: queueRetries(),
		})
	}
}

// drive is a casework.Drive: it invokes what sweep drives again.
func (w *world) drive(ctx context.Context, function string, ids []string) error {
	if err := w.gate(ctx, "Drive", caseworktest.Before); err != nil {
		return err
	}
	event := json.RawMessage(text(casework.Again{IDs: ids}))
	w.publish(luck{"drive", w.faults.loseDrive, w.faults.repeatDrive, w.faults.delayDrive}, delivery{
		function: function, event: event, retry: asyncRetries(),
	})
	return w.gate(ctx, "Drive", caseworktest.After)
}

// vault remembers which run put what into the bucket.
type vault struct{ w *world }

// Put implements casework.Bodies.
func (v vault) Put(ctx context.Context, path string, sealed []byte) error {
	v.w.bodies[path] = v.w.current
	return v.w.objects.Put(ctx, path, sealed)
}

// Delete implements casework.Bodies.
func (v vault) Delete(ctx context.Context, path string) error {
	return v.w.objects.Delete(ctx, path)
}
