package casework_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

// reminding is the desk's tick of reminders.
func (d *desk) reminding() casework.Reminding {
	return casework.Reminding{Place: d.receiving.Place, Rules: d.receiving.Rules, Cases: d.memory, Due: d.memory}
}

// remind ticks once at an instant and expects no error.
func (d *desk) remind(at time.Time) casework.Reminded {
	d.t.Helper()
	d.now = at
	reminded, err := d.reminding().Remind(d.t.Context(), at)
	must(d.t, err)
	return reminded
}

// alter changes a case as if some act had done so.
func (d *desk) alter(id dsr.OwnerID, change func(c *dsr.Case)) {
	d.t.Helper()
	c, err := d.memory.Summary(d.t.Context(), id)
	must(d.t, err)
	change(&c)
	c.Seq++
	must(d.t, d.memory.Commit(d.t.Context(), casework.Change{
		File: casework.File{Case: c}, Event: dsr.Event{Seq: c.Seq, Kind: dsr.Viewed, At: d.now}, At: d.now,
	}))
}

// reminders lists what the history says of reminders: when, what, of which step,
// and which deadlines had passed.
func (d *desk) reminders(id dsr.OwnerID) []string {
	d.t.Helper()
	history, err := d.memory.History(d.t.Context(), id)
	must(d.t, err)
	var told []string
	for _, event := range history {
		if event.Facts["step"] == "" {
			continue
		}
		line := fmt.Sprintf("%s %s %s", event.At.UTC().Format("2006-01-02T15"), event.Kind, event.Facts["step"])
		if passed := event.Facts["passed"]; passed != "" {
			line += " past " + passed
		}
		told = append(told, line)
	}
	return told
}

// staffReminders counts the letters that remind of a case, by step.
func (d *desk) staffReminders(id dsr.OwnerID) map[string]int {
	counts := map[string]int{}
	for _, letter := range d.memory.AllLetters() {
		if letter.Ref.Case == id && letter.Ref.Kind == dsr.ReminderNotice {
			counts[letter.Reason]++
		}
	}
	return counts
}

// hourly ticks every hour from now until an instant.
func (d *desk) hourly(until time.Time) {
	d.t.Helper()
	for at := d.now; at.Before(until); at = at.Add(time.Hour) {
		d.remind(at)
	}
}

// day gives the noon of a day, UTC.
func day(text string) time.Time {
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return at.Add(12 * time.Hour)
}

// The days of a case received on 2 March 2026 begin at midnight in Amsterdam: at
// 23:00 UTC of the day before, and at 22:00 once summer time began on 29 March.
func TestCaseLeftAloneGetsItsReminders(t *testing.T) {
	d, ref := opened(t)
	d.hourly(day("2026-04-05"))
	want := []string{
		"2026-03-15T23 ReminderSent half_time",
		"2026-03-22T23 ReminderSent plan_minus_5",
		"2026-03-24T23 ReminderSent plan_minus_3",
		"2026-03-26T23 ReminderSent plan_minus_1",
		"2026-03-29T22 ReminderSent promise_due",
		"2026-03-30T22 DeadlinePassed overdue past promise",
		"2026-03-31T22 ReminderSent overdue",
		"2026-04-01T22 ReminderSent law_due",
		"2026-04-02T22 DeadlinePassed overdue past law",
		"2026-04-03T22 ReminderSent overdue",
		"2026-04-04T22 ReminderSent overdue",
	}
	if diff := cmp.Diff(want, d.reminders(ref.Case)); diff != "" {
		t.Errorf("reminders (-want +got):\n%s", diff)
	}
	// Els and Gea each hear of each: owners hear of what is overdue as well.
	if got := d.staffReminders(ref.Case); got["half_time"] != 2 || got["overdue"] != 10 || len(got) != 7 {
		t.Errorf("letters by step are %v", got)
	}
	for _, letter := range d.memory.AllLetters() {
		if letter.Ref.Kind == dsr.ReminderNotice && (letter.Purpose != dsr.SignIn || letter.To.Personal()) {
			t.Errorf("letter %s goes to %+v for %q", letter.Ref.Tag(), letter.To, letter.Purpose)
		}
	}
	d.whole()
}

func TestRemindersKeepClearOfChristmas(t *testing.T) {
	d := newDesk(t)
	d.now = day("2026-12-01")
	id := d.receive("in1", request("ans@een.example", "<1@een>", dsr.TrustA)).Case
	d.hourly(day("2027-01-05"))
	want := []string{
		"2026-12-14T23 ReminderSent half_time",
		"2026-12-20T23 ReminderSent plan_minus_5",
		"2026-12-22T23 ReminderSent plan_minus_3",
		"2026-12-27T23 ReminderSent plan_minus_1",
		"2026-12-28T23 ReminderSent promise_due",
		"2026-12-29T23 DeadlinePassed overdue past promise",
		"2026-12-30T23 ReminderSent overdue",
		"2026-12-31T23 ReminderSent extension_notice",
		"2027-01-01T23 ReminderSent overdue",
		"2027-01-02T23 ReminderSent overdue",
		"2027-01-03T23 ReminderSent law_due",
		"2027-01-04T23 DeadlinePassed overdue past law",
	}
	if diff := cmp.Diff(want, d.reminders(id)); diff != "" {
		t.Errorf("reminders (-want +got):\n%s", diff)
	}
}

// A promise that ends on a Saturday is kept on the Friday before it.
func TestLastWorkingDayBeforeThePromiseIsSpokenOf(t *testing.T) {
	d := newDesk(t)
	d.now = day("2027-03-27")
	id := d.receive("in1", request("ans@een.example", "<1@een>", dsr.TrustA)).Case
	d.now = day("2027-04-22")
	d.hourly(day("2027-04-24"))
	want := []string{
		"2027-04-22T12 ReminderSent plan_minus_1", "2027-04-22T22 ReminderSent plan_by", "2027-04-23T22 ReminderSent promise_due",
	}
	if diff := cmp.Diff(want, d.reminders(id)); diff != "" {
		t.Errorf("reminders (-want +got):\n%s", diff)
	}
}

func TestAfterAnOutageOnlyTheLatestStepIsSpokenOf(t *testing.T) {
	for _, tc := range []struct {
		name, last, back string
		want             []string
	}{
		{"six days before the promise", "2026-03-21", "2026-03-27", []string{"2026-03-27T12 ReminderSent plan_minus_1"}},
		{"six days over the promise", "2026-03-27", "2026-04-02", []string{"2026-04-02T12 DeadlinePassed law_due past promise"}},
		{"over both deadlines", "2026-03-27", "2026-05-20", []string{"2026-05-20T12 DeadlinePassed overdue past promise law"}},
		{"from the beginning", "2026-03-02", "2026-03-26", []string{"2026-03-26T12 ReminderSent plan_minus_3"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d, ref := opened(t)
			d.remind(day(tc.last))
			before := len(d.reminders(ref.Case))
			reminded := d.remind(day(tc.back))
			if diff := cmp.Diff(tc.want, d.reminders(ref.Case)[before:]); diff != "" {
				t.Errorf("reminders (-want +got):\n%s", diff)
			}
			if reminded.Reminders != 1 || reminded.Late <= 0 {
				t.Errorf("counted %+v", reminded)
			}
		})
	}
}

func TestStepIsSpokenOfOnceADay(t *testing.T) {
	d, ref := opened(t)
	for range 3 {
		d.remind(day("2026-03-16"))
	}
	// Two ticks at once: the other one is done just before this one commits.
	d.now = day("2026-03-23")
	d.meanwhile("Commit", func() { d.remind(d.now) })
	d.remind(d.now)
	want := []string{"2026-03-16T12 ReminderSent half_time", "2026-03-23T12 ReminderSent plan_minus_5"}
	if diff := cmp.Diff(want, d.reminders(ref.Case)); diff != "" {
		t.Errorf("reminders (-want +got):\n%s", diff)
	}
	if got := d.staffReminders(ref.Case); got["half_time"] != 2 || got["plan_minus_5"] != 2 {
		t.Errorf("letters by step are %v", got)
	}
}

// A tick that dies at any call is made good by the next one, and nothing is said
// twice.
func TestTickThatDiesIsMadeGoodByTheNext(t *testing.T) {
	for _, call := range []string{"OldestDay", "DueOn", "File", "Commit", "MoveOldestDay"} {
		for _, phase := range []caseworktest.Phase{caseworktest.Before, caseworktest.After} {
			d, ref := opened(t)
			d.remind(day("2026-03-03"))
			d.now = day("2026-04-01")
			d.failing(call, phase)
			if _, err := d.reminding().Remind(t.Context(), d.now); !errors.Is(err, errPort) {
				t.Errorf("with %s failing %s, the tick gave %v", call, phase, err)
			}
			d.remind(d.now.Add(15 * time.Minute))
			if got := d.staffReminders(ref.Case); got["overdue"] != 2 || len(got) != 1 {
				t.Errorf("with %s failing %s, the letters are %v", call, phase, got)
			}
		}
	}
}

func TestCaseThatFailsKeepsNoOtherFromItsReminder(t *testing.T) {
	d, ref := opened(t)
	other := d.receive("in2", request("ben@twee.example", "<2@twee>", dsr.TrustA)).Case
	d.remind(day("2026-03-10"))
	d.now = day("2026-03-16")
	d.failing("File", caseworktest.Before)
	if _, err := d.reminding().Remind(t.Context(), d.now); !errors.Is(err, errPort) {
		t.Fatalf("the tick gave %v", err)
	}
	if told := len(d.reminders(ref.Case)) + len(d.reminders(other)); told != 1 {
		t.Errorf("%d of two cases were reminded of", told)
	}
	// However long the function is off then, the case that failed is found.
	d.remind(day("2026-03-19"))
	if len(d.reminders(ref.Case)) != 1 || len(d.reminders(other)) != 1 {
		t.Errorf("reminders are %v and %v", d.reminders(ref.Case), d.reminders(other))
	}
}

// A day that could not be read is read again, however late the next tick comes.
func TestDayThatCouldNotBeReadIsReadAgain(t *testing.T) {
	d, ref := opened(t)
	d.remind(day("2026-03-10"))
	d.onCall = func(call string, _ caseworktest.Phase) error {
		if call == "DueOn" {
			return errPort
		}
		return nil
	}
	d.now = day("2026-03-20")
	if _, err := d.reminding().Remind(t.Context(), d.now); !errors.Is(err, errPort) {
		t.Fatalf("the tick gave %v", err)
	}
	d.onCall = nil
	d.remind(day("2026-03-21"))
	if want := []string{"2026-03-21T12 ReminderSent half_time"}; !slices.Equal(d.reminders(ref.Case), want) {
		t.Errorf("told %v", d.reminders(ref.Case))
	}
}

// When everything fails the log is not flooded, and yet says how much it was.
func TestFaultsOfATickAreToldUpToABound(t *testing.T) {
	d := newDesk(t)
	for n := range 25 {
		d.receive(fmt.Sprintf("in%d", n), request(fmt.Sprintf("a%d@een.example", n), fmt.Sprintf("<%d>", n), dsr.TrustA))
	}
	d.onCall = func(call string, _ caseworktest.Phase) error {
		if call == "Commit" {
			return errPort
		}
		return nil
	}
	_, err := d.reminding().Remind(t.Context(), day("2026-03-16"))
	if !errors.Is(err, errPort) || strings.Count(err.Error(), errPort.Error()) != 10 || !strings.Contains(err.Error(), "and 15 more") {
		t.Errorf("the tick gave %v", err)
	}
}
