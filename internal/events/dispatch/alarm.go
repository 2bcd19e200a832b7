package dispatch

import (
	"context"
	"errors"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// waiting counts the letters of one event that SES takes no sooner than later.
type waiting struct {
	letters map[dsr.Delay]int
	alarms  map[dsr.Delay]bool
}

// note counts a letter, when that is what the fault says, and reports whether it is.
func (w *waiting) note(fault error) (*casework.DelayedError, bool) {
	var delayed *casework.DelayedError
	if !errors.As(fault, &delayed) {
		return nil, false
	}
	if w.letters == nil {
		w.letters, w.alarms = map[dsr.Delay]int{}, map[dsr.Delay]bool{}
	}
	w.letters[delayed.Why]++
	w.alarms[delayed.Why] = w.alarms[delayed.Why] || delayed.First
	return delayed, true
}

// alarm writes one line for each reason why letters wait, unless all of them were
// told of on this day. No letter can tell staff that letters do not leave, so the
// line does: an alarm of the account counts its fixed words.
func (h Handler) alarm(ctx context.Context, w waiting) {
	for _, why := range []dsr.Delay{dsr.DelayPaused, dsr.DelayUnverified, dsr.DelayQuota} {
		if w.alarms[why] {
			h.Log.ErrorContext(ctx, "alarm", "alarm", "letters-delayed", "why", string(why), "letters", w.letters[why])
		}
	}
}
