package casework_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

func TestHalfTimeIsOnlySpokenOfWhenNobodyMoved(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(c *dsr.Case)
		quiet  bool
	}{
		{"nobody looked", func(*dsr.Case) {}, false},
		{"only a mail was added", func(c *dsr.Case) { c.Rev++ }, false},
		{"the rights were confirmed", func(c *dsr.Case) { c.State, c.Work.RightsConfirmed = dsr.Working, true }, true},
		{"asked for more after it was matched", func(c *dsr.Case) { c.Work.Match = dsr.Matched }, true},
		{"a letter did not arrive", func(c *dsr.Case) {
			c.State, c.Work.Undelivered = dsr.Working, []dsr.LetterKind{dsr.ConfirmLetter}
		}, false},
		{"the contact on file did not ask this", func(c *dsr.Case) { c.State, c.Work.Disowned = dsr.Working, true }, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d, ref := opened(t)
			d.alter(ref.Case, tc.change)
			want, letters := "2026-03-16T12 ReminderSent half_time", 2
			if tc.quiet {
				want, letters = "2026-03-16T12 HalfTimePassed half_time", 0
			}
			d.remind(day("2026-03-16"))
			if got := d.reminders(ref.Case); !slices.Equal(got, []string{want}) || d.staffReminders(ref.Case)["half_time"] != letters {
				t.Errorf("told %v in %v, want %s", got, d.staffReminders(ref.Case), want)
			}
			// Whoever works on it hears of the end all the same.
			d.remind(day("2026-03-23"))
			if got := d.reminders(ref.Case); len(got) != 2 || d.staffReminders(ref.Case)["plan_minus_5"] != 2 {
				t.Errorf("a week later: told %v", got)
			}
		})
	}
}

func TestCaseOpenedLateIsOverdueAtOnce(t *testing.T) {
	d := newDesk(t)
	late := request("ans@een.example", "<1@een>", dsr.TrustA)
	late.ReceivedAt = d.now.AddDate(0, 0, -40)
	d.remind(d.now) // the function has looked at all earlier days
	id := d.receive("in1", late).Case
	d.remind(d.now.Add(time.Hour))
	want := []string{"2026-03-02T12 DeadlinePassed overdue past promise law"}
	if diff := cmp.Diff(want, d.reminders(id)); diff != "" {
		t.Errorf("reminders (-want +got):\n%s", diff)
	}
}

func TestEveryOpenCaseIsRemindedOfAndNoOther(t *testing.T) {
	for _, state := range []dsr.State{
		dsr.Received, dsr.Working, dsr.InReview, dsr.Approved, dsr.Answering, dsr.Closed, dsr.Purged,
	} {
		d, ref := opened(t)
		d.alter(ref.Case, func(c *dsr.Case) { c.State = state })
		reminded := d.remind(day("2026-03-31"))
		told := d.reminders(ref.Case)
		if open := state.Open(); open != slices.Equal(told, []string{"2026-03-31T12 DeadlinePassed overdue past promise"}) ||
			reminded.Passed != btoi(open) || open != (len(d.staffReminders(ref.Case)) == 1) {
			t.Errorf("%s: told %v, counted %+v", state, told, reminded)
		}
	}
}

func TestReminderLeavesTheCaseAsItIs(t *testing.T) {
	o := newOffice(t, dsr.Access).until("decided")
	before := o.file(o.id)
	o.remind(day("2026-03-30"))
	after := o.file(o.id)
	if want := "promise_due 2026-03-30"; after.Work.Reminded != want {
		t.Errorf("the last reminder is %q, want %q", after.Work.Reminded, want)
	}
	if want := time.Date(2026, 3, 30, 22, 0, 0, 0, time.UTC); !after.DueAt.Equal(want) {
		t.Errorf("the next is at %s, want %s", after.DueAt, want)
	}
	after.Seq, after.Head, after.DueAt, after.Work.Reminded = before.Seq, before.Head, before.DueAt, before.Work.Reminded
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("the case (-before +after):\n%s", diff)
	}
}

// A calendar that changed since a case was opened may let it fall due too early.
// It waits for its step, and is found however long that takes.
func TestCaseThatFallsDueTooEarlyWaitsForItsStep(t *testing.T) {
	d, ref := opened(t)
	d.alter(ref.Case, func(c *dsr.Case) { c.DueAt = day("2026-03-05") })
	for _, at := range []string{"2026-03-05", "2026-03-06", "2026-03-15"} {
		if reminded := d.remind(day(at)); reminded.Reminders != 0 || len(d.reminders(ref.Case)) != 0 {
			t.Fatalf("on %s: counted %+v", at, reminded)
		}
	}
	if d.remind(day("2026-03-16")); len(d.reminders(ref.Case)) != 1 {
		t.Errorf("told %v", d.reminders(ref.Case))
	}
}

// shown is a due index that still shows a case as it was a moment ago.
type shown struct {
	casework.Due
	id dsr.OwnerID
}

// DueOn gives the case, whatever the case itself says.
func (s shown) DueOn(_ context.Context, _ dsr.Day, until time.Time) ([]casework.DueEntry, error) {
	return []casework.DueEntry{{Kind: casework.DueCase, At: until, Case: s.id}}, nil
}

// The index lags a moment behind: only the case itself says what is due.
func TestOnlyTheCaseItselfSaysThatItIsDue(t *testing.T) {
	for _, due := range []time.Time{{}, day("2026-03-23")} {
		d, ref := opened(t)
		d.alter(ref.Case, func(c *dsr.Case) { c.DueAt = due })
		reminding := d.reminding()
		reminding.Due = shown{d.memory, ref.Case}
		if reminded, err := reminding.Remind(t.Context(), day("2026-03-20")); err != nil || reminded != (casework.Reminded{}) {
			t.Errorf("due at %s: counted %+v, %v", due, reminded, err)
		}
		if told := d.reminders(ref.Case); len(told) != 0 {
			t.Errorf("due at %s: told %v", due, told)
		}
	}
}

// Whatever lets a case fall due again on a day, that day's step was spoken of.
func TestCaseThatFallsDueAgainTheSameDayIsNotToldTwice(t *testing.T) {
	d, ref := opened(t)
	for range 2 {
		d.alter(ref.Case, func(c *dsr.Case) { c.DueAt = day("2026-04-10") })
		d.remind(day("2026-04-10"))
	}
	if told := d.reminders(ref.Case); len(told) != 1 {
		t.Errorf("told %v", told)
	}
}

func TestCaseWithUnreadableDatesIsAFault(t *testing.T) {
	d, ref := opened(t)
	other := d.receive("in2", request("ben@twee.example", "<2@twee>", dsr.TrustA)).Case
	d.alter(ref.Case, func(c *dsr.Case) { c.Dates.PlanBy = "soon" })
	if _, err := d.reminding().Remind(t.Context(), day("2026-03-16")); err == nil {
		t.Error("nobody hears that a case has no dates")
	}
	if len(d.reminders(other)) != 1 {
		t.Error("one case without dates keeps another from its reminder")
	}
}

// No deadline may pass without escalation: however ticks come, from the day after
// the promise on each day on which there is one tells staff of the case.
func TestNoDeadlinePassesInSilence(t *testing.T) {
	for step := range 60 {
		gap := time.Duration(1+step*7) * time.Hour
		d, ref := opened(t)
		told := map[string]bool{}
		for at := d.now; at.Before(day("2026-05-01")); at = at.Add(gap) {
			before := d.staffReminders(ref.Case)
			d.remind(at)
			local := d.receiving.Rules.Calendar.Day(at).String()
			if fmt.Sprint(before) != fmt.Sprint(d.staffReminders(ref.Case)) {
				if told[local] {
					t.Fatalf("every %s: told twice on %s", gap, local)
				}
				told[local] = true
			}
			if local > "2026-03-30" && !told[local] {
				t.Fatalf("every %s: nobody was told on %s", gap, local)
			}
		}
		if passed := d.kindsOf(ref.Case)[dsr.DeadlinePassed]; passed < 1 || passed > 2 {
			t.Errorf("every %s: the history says %d times that a deadline passed", gap, passed)
		}
	}
}

// kindsOf counts the events of a case.
func (d *desk) kindsOf(id dsr.OwnerID) map[dsr.EventKind]int {
	d.t.Helper()
	counts := map[dsr.EventKind]int{}
	for _, kind := range d.events(id) {
		counts[kind]++
	}
	return counts
}

// The work of a tick depends on what is due, never on how many cases are open.
func TestWorkOfATickDoesNotGrowWithOpenCases(t *testing.T) {
	calls := func(open int) map[string]int {
		d := newDesk(t)
		d.now = day("2026-02-16")
		for n := range 3 {
			d.receive(fmt.Sprintf("due%d", n), request(fmt.Sprintf("due%d@een.example", n), fmt.Sprintf("<due%d>", n), dsr.TrustA))
		}
		d.now = day("2026-03-01")
		for n := range open {
			d.receive(fmt.Sprintf("in%d", n), request(fmt.Sprintf("a%d@een.example", n), fmt.Sprintf("<%d>", n), dsr.TrustA))
		}
		for _, function := range []string{casework.FunctionRemind, casework.FunctionPurge} {
			must(t, d.memory.MoveOldestDay(t.Context(), function, "2026-03-01"))
		}
		d.calls = nil
		if reminded := d.remind(day("2026-03-02")); reminded.Reminders != 3 {
			t.Fatalf("of %d open cases: %+v", open, reminded)
		}
		d.purge()
		return counted(d.calls)
	}
	few, many := calls(10), calls(300)
	if diff := cmp.Diff(few, many); diff != "" || few["Commit"] != 3 {
		t.Errorf("calls with few open cases and with many (-few +many):\n%s", diff)
	}
}

// counted counts calls by name.
func counted(calls []string) map[string]int {
	counts := map[string]int{}
	for _, call := range calls {
		counts[call]++
	}
	return counts
}

// purging is the desk's tick that destroys what was kept long enough.
func (d *desk) purging() casework.Purging {
	return casework.Purging{
		Place: d.receiving.Place, Rules: d.receiving.Rules, Cases: d.memory, Due: d.memory, Files: d.objects,
		Enclosures: d.memory.EnclosuresOf, Leftovers: d.memory.Leftovers, Expire: d.memory.Expire, Unlink: d.memory.Unlink,
	}
}

// purge ticks once and expects no error.
func (d *desk) purge() casework.Purged {
	d.t.Helper()
	purged, err := d.purging().Purge(d.t.Context(), d.now)
	must(d.t, err)
	return purged
}
