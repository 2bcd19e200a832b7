package deadline_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/deadline"
)

func TestPauseMovesTheLawAndNotThePromise(t *testing.T) {
	c := dutch(t)
	for _, v := range readVectors(t).Pauses {
		k := clocksOn(t, c, v.Receipt)
		if k.PromiseDue != v.Promise || k.LawBase != v.StrictBase || k.LawDue != v.StrictDue {
			t.Errorf("%s: strict clocks are %+v", v.Receipt, k)
		}
		pause := deadline.Pause{Reason: v.Reason, Asked: v.Asked, Answered: v.Answered}
		got, err := c.Pause(k, pause, deadline.DefaultAskWithin)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(deadline.PausedLaw{Days: v.Days, Base: v.Base, Due: v.Due}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", v.Receipt, diff)
		}
		for _, receipt := range v.SameDueFor {
			also, err := c.Pause(clocksOn(t, c, receipt), pause, deadline.DefaultAskWithin)
			if err != nil || also.Due != v.Due {
				t.Errorf("received %s: %s, %v; want %s", receipt, also.Due, err, v.Due)
			}
		}
	}
}

func TestPauseCountsOnlyWhenAskedInTimeForAReason(t *testing.T) {
	c := dutch(t)
	k := clocksOn(t, c, date(t, "2026-04-02")) // The Thursday before Easter.
	for _, tc := range []struct {
		name            string
		calendar        deadline.Calendar
		reason          deadline.PauseReason
		asked, answered string
		want            error
	}{
		{"asked on the day of receipt", c, deadline.PauseIdentity, "2026-04-02", "2026-04-03", nil},
		{"asked on the third working day", c, deadline.PauseScope, "2026-04-08", "2026-04-09", nil},
		{"asked on the fourth working day", c, deadline.PauseIdentity, "2026-04-09", "2026-04-10", deadline.ErrPauseLate},
		{"no reason", c, "", "2026-04-02", "2026-04-03", deadline.ErrPauseReason},
		{"a reason the law does not know", c, "holiday", "2026-04-02", "2026-04-03", deadline.ErrPauseReason},
		{"asked before the request", c, deadline.PauseIdentity, "2026-04-01", "2026-04-03", deadline.ErrPauseAsked},
		{"answered before it was asked", c, deadline.PauseIdentity, "2026-04-07", "2026-04-06", deadline.ErrPauseAnswered},
		{"not asked", c, deadline.PauseIdentity, "", "2026-04-06", deadline.ErrPauseAsked},
		{"not answered yet", c, deadline.PauseIdentity, "2026-04-07", "", deadline.ErrPauseAnswered},
	} {
		t.Run(tc.name, func(t *testing.T) {
			pause := deadline.Pause{Reason: tc.reason}
			if tc.asked != "" {
				pause.Asked = date(t, tc.asked)
			}
			if tc.answered != "" {
				pause.Answered = date(t, tc.answered)
			}
			got, err := tc.calendar.Pause(k, pause, 3)
			if !errors.Is(err, tc.want) {
				t.Errorf("error = %v, want %v", err, tc.want)
			}
			if (err == nil) == got.Due.IsZero() {
				t.Errorf("date %s beside error %v", got.Due, err)
			}
		})
	}
	pause := deadline.Pause{Reason: deadline.PauseIdentity, Asked: k.ReceiptDay, Answered: k.ReceiptDay}
	if _, err := c.Pause(k, pause, -1); !errors.Is(err, deadline.ErrPauseLate) {
		t.Errorf("a limit below zero: %v", err)
	}
	if _, err := c.Pause(deadline.Clocks{}, pause, 3); !errors.Is(err, deadline.ErrPauseAsked) {
		t.Errorf("no receipt: %v", err)
	}
}
