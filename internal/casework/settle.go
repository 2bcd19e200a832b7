package casework

import (
	"context"
	"slices"
	"strings"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// SettleUndelivered records that a handler saw to the letters that did not arrive,
// with a word how: the person was reached in another way, or cannot be reached.
// Seen are the kinds that the page named; a letter of another kind that came back
// since stays for somebody to see. Nothing that is decided changes, so no code is
// asked.
func (h Handling) SettleUndelivered(ctx context.Context, now time.Time, sheet Sheet, how string, seen ...dsr.LetterKind) error {
	return h.act(ctx, now, sheet, func(file *File) (deed, error) {
		if how = strings.TrimSpace(how); how == "" || len(how) > dsr.MaxReason {
			return deed{}, dsr.NotNowReason
		}
		missed := slices.DeleteFunc(slices.Clone(file.Case.Work.Undelivered), func(kind dsr.LetterKind) bool {
			return !slices.Contains(seen, kind)
		})
		if err := file.Case.Settle(missed...); err != nil {
			return deed{}, err
		}
		return deed{
			event: dsr.Event{Kind: dsr.UndeliveredSettled, Facts: map[string]string{"letters": joinKinds(missed)}},
			note:  dsr.Note{Text: how},
		}, nil
	})
}

// joinKinds writes kinds of letters as one word list.
func joinKinds(kinds []dsr.LetterKind) string {
	words := make([]string, len(kinds))
	for i, kind := range kinds {
		words[i] = string(kind)
	}
	return strings.Join(words, " ")
}
