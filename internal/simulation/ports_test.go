package simulation

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

// posted is one mail that left the house.
type posted struct {
	letter  dsr.LetterRef
	to      string
	content string    // all that it says, as compose writes it
	asked   time.Time // what the sender's clock said: its lease counts from there
	at      time.Time
	deeds   int  // how much had been done in the world by then
	bounced bool // nobody reads it

	token  string
	number dsr.Number
	code   string
}

// nothing stands in a letter where it has nothing to say.
const nothing = "-"

// compose is a casework.Compose: a letter in four words.
func compose(content dsr.LetterContent) (dsr.Message, error) {
	words := []string{string(content.Letter.Ref.Kind)}
	for _, word := range []string{content.Token, string(content.Number), content.Code} {
		words = append(words, cmp.Or(word, nothing))
	}
	return dsr.Message{
		To: []string{content.To.Address}, Raw: []byte(strings.Join(words, " ")), Tag: content.Letter.Ref.Tag(),
	}, nil
}

// forward is a casework.Forward: it tells by its hash which mail is passed on.
func forward(content dsr.LetterContent, original io.Reader) (dsr.Message, error) {
	raw, err := io.ReadAll(original)
	if err != nil {
		return dsr.Message{}, err
	}
	message, err := compose(content)
	message.Raw = append(message.Raw, " "+hashOf(raw)...)
	return message, err
}

// preview is a casework.Preview.
func preview(content dsr.LetterContent) (subject, text string, err error) {
	message, err := compose(content)
	return string(content.Letter.Ref.Kind), string(message.Raw), err
}

// read takes a letter apart that compose wrote.
func (one *posted) read() {
	words := strings.Fields(one.content)
	one.token, one.number, one.code = words[1], dsr.Number(words[2]), words[3]
}

// mint is a casework.Mint whose tokens the world remembers.
func (w *world) mint(ctx context.Context, link dsr.Link) (string, error) {
	token, err := caseworktest.Minter{Gate: w.gate}.Mint(ctx, link)
	if err == nil {
		w.links[token] = link
	}
	return token, err
}

// errEnded is what a token gives that is not ours, or not any more.
var errEnded = errors.New("simulated: the link has ended")

// verify gives the words of a token, as signedlink does: only the row knows the
// epoch.
func (w *world) verify(token string, now time.Time) (dsr.Link, error) {
	link, ok := w.links[token]
	if !ok || !now.Before(link.ExpiresAt) {
		return dsr.Link{}, errEnded
	}
	link.Epoch = 0
	return link, nil
}

// post is a casework.Post: SES, as far as mail going out is concerned. The mail
// may leave without anybody hearing of it, or be refused; the caller cannot tell
// the two apart.
func (w *world) post(ctx context.Context, message dsr.Message) (string, error) {
	if err := w.gate(ctx, "Send", caseworktest.Before); err != nil {
		return "", err
	}
	if w.strikes(w.faults.refuse, "mail refused") {
		if w.chance(0.3) { // SES says why, and is to be asked again later
			return "", dsr.DelayQuota
		}
		return "", errFault
	}
	ref, err := dsr.ParseLetterTag(message.Tag)
	if err != nil {
		return "", err
	}
	one := posted{
		letter: ref, to: message.To[0], content: string(message.Raw), asked: w.current.asked, at: w.now, deeds: len(w.deeds),
	}
	one.read()
	sesID := fmt.Sprintf("out%06d", len(w.sent)+1)
	one.bounced = w.report(message.Tag, sesID)
	w.sent = append(w.sent, one)
	if !one.bounced {
		w.bring(one)
	}
	if w.strikes(w.faults.loseReply, "send reply lost") {
		return "", errFault
	}
	return sesID, w.gate(ctx, "Send", caseworktest.After)
}

// report tells of a mail's fate: first that it left, then how it ended, which
// may be that it came back. The two are often told at one instant, so in any
// order.
func (w *world) report(tag, sesID string) (bounced bool) {
	kinds := []string{"Send", "Delivery"}
	if bounced = w.strikes(w.faults.bounce, "bounce"); bounced {
		kinds[1] = "Bounce"
	}
	if w.strikes(w.faults.bounce/3, "mail delayed") {
		kinds = append(kinds, "DeliveryDelay")
	}
	if !bounced && w.strikes(w.faults.bounce/3, "complaint") {
		kinds = append(kinds, "Complaint")
	}
	f := w.faults
	for _, kind := range kinds {
		w.publish(luck{"report", f.loseReport, f.repeatReport, f.delayReport}, delivery{
			function: functionFeedback, event: w.reportEvent(kind, tag, sesID), retry: queueRetries(),
		})
	}
	return bounced
}

// drive is a casework.Drive: it invokes what sweep drives again.
func (w *world) drive(ctx context.Context, function string, ids []string) error {
	if err := w.gate(ctx, "Drive", caseworktest.Before); err != nil {
		return err
	}
	event := json.RawMessage(text(casework.Again{IDs: ids}))
	w.publish(luck{"drive", w.faults.loseDrive, w.faults.repeatDrive, w.faults.delayDrive}, delivery{
		function: function, event: event, retry: asyncRetries(), driven: true,
	})
	return w.gate(ctx, "Drive", caseworktest.After)
}
