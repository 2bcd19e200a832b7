package casework

import (
	"testing"
	"time"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// A case that an answer came back for is open again: it must fall due at once,
// unless today's step was spoken of already.
func TestReopenedCaseFallsDueAgain(t *testing.T) {
	rules, err := NewRules(organisation.Defaults())
	if err != nil {
		t.Fatal(err)
	}
	at := func(text string) time.Time {
		instant, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return instant
	}
	dates, err := rules.dates(at("2026-03-02T11:00:00Z"))
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ name, now, reminded, want string }{
		{"before its first step", "2026-03-05T12:00:00Z", "", "2026-03-15T23:00:00Z"},
		{"on a step nobody heard of", "2026-03-16T12:00:00Z", "", "2026-03-16T12:00:00Z"},
		{"between steps", "2026-03-20T12:00:00Z", "half_time 2026-03-16", "2026-03-22T23:00:00Z"},
		{"behind a step that passed meanwhile", "2026-03-24T12:00:00Z", "half_time 2026-03-16", "2026-03-24T12:00:00Z"},
		{"overdue", "2026-04-20T12:00:00Z", "plan_minus_1 2026-03-27", "2026-04-20T12:00:00Z"},
		{"overdue, and told today", "2026-04-20T12:00:00Z", "overdue 2026-04-20", "2026-04-20T22:00:00Z"},
	} {
		c := dsr.Case{State: dsr.Answering, Dates: dates, DueAt: at("2027-04-01T00:00:00Z")}
		c.Work.Reminded = tc.reminded
		rules.reopened(&c, at(tc.now))
		if !c.DueAt.Equal(at(tc.want)) {
			t.Errorf("%s: due at %s, want %s", tc.name, c.DueAt, tc.want)
		}
	}
	broken := dsr.Case{State: dsr.Answering}
	now := at("2026-04-20T12:00:00Z")
	if rules.reopened(&broken, now); !broken.DueAt.Equal(now) {
		t.Errorf("a case without dates is due at %s", broken.DueAt)
	}
}
