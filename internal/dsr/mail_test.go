package dsr_test

import (
	"testing"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// Nothing removes a mail that is read, or that a person has still to open.
func TestMailIsPastWhenNobodyNeedsItAsItArrived(t *testing.T) {
	now := monday()
	for _, state := range declared[dsr.MailState](t, "mail.go", "MailState") {
		ends := state.Terminal() && state != dsr.MailPerson
		for name, test := range map[string]struct {
			due           time.Time
			past, removed bool
		}{
			"removed":       {time.Time{}, true, true},
			"to be removed": {now, true, false},
			"not yet":       {now.Add(time.Nanosecond), false, false},
		} {
			mail := dsr.Mail{State: state, DueAt: test.due}
			if got := mail.Past(now); got != (ends && test.past) {
				t.Errorf("%s, %s: past %t", state, name, got)
			}
			if got := mail.Removed(); got != (ends && test.removed) {
				t.Errorf("%s, %s: removed %t", state, name, got)
			}
		}
	}
}
