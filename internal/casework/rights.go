package casework

import (
	"context"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// ConfirmRights records a handler's reading of what is asked. When it is also
// known who this is, the contact on file is asked to confirm it.
func (h Handling) ConfirmRights(ctx context.Context, now time.Time, sheet Sheet, rights []dsr.Right) error {
	return h.act(ctx, now, sheet, func(file *File) (deed, error) {
		if err := file.Case.ConfirmRights(rights); err != nil {
			return deed{}, err
		}
		letters, err := h.askOnce(now, &file.Case)
		return deed{
			event:   dsr.Event{Kind: dsr.RightsConfirmed, Facts: map[string]string{"rights": joinRights(file.Case.Rights)}},
			letters: letters,
		}, err
	})
}

// askOnce gives the letter that asks the contact on file whether this request is
// theirs, when that was not asked yet and the policy wants it.
func (h Handling) askOnce(now time.Time, c *dsr.Case) ([]dsr.Letter, error) {
	if !c.ToAsk() {
		return nil, nil
	}
	needed, err := h.Rules.Identity.Needed(c.Rights)
	if err != nil || len(needed) == 0 {
		return nil, err
	}
	return h.ask(now, c)
}

// ask asks the contact on file.
func (h Handling) ask(now time.Time, c *dsr.Case) ([]dsr.Letter, error) {
	if err := c.Ask(now); err != nil {
		return nil, err
	}
	return []dsr.Letter{toPerson(*c, dsr.ConfirmLetter, dsr.ConfirmMailbox, dsr.Addressee{Contact: 1}, now)}, nil
}

// AskAgain asks the contact on file once more, for a letter that went astray.
// The link of the earlier letter ends.
func (h Handling) AskAgain(ctx context.Context, now time.Time, sheet Sheet) error {
	return h.actWithCode(ctx, now, sheet, func(file *File) (deed, error) {
		letters, err := h.ask(now, &file.Case)
		return deed{event: dsr.Event{Kind: dsr.ConfirmationAsked}, letters: letters}, err
	})
}
