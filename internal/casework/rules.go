package casework

import (
	"fmt"
	"time"

	"polarweb.nl/inzage/internal/deadline"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/identity"
	"polarweb.nl/inzage/internal/organisation"
)

// Rules is what one organisation's file means for the acts.
type Rules struct {
	Profile  organisation.Profile
	Calendar deadline.Calendar
	Identity identity.Policy
}

// NewRules reads the rules out of a profile. It fails on what the linter of
// the organisation file would have refused.
func NewRules(profile organisation.Profile) (Rules, error) {
	calendar, err := profile.Calendar.Deadlines()
	if err != nil {
		return Rules{}, fmt.Errorf("reading the organisation's calendar: %w", err)
	}
	policy := identity.Policy{}
	for _, right := range dsr.Rights() {
		means, _ := profile.Means(string(right))
		for _, one := range means {
			policy[right] = append(policy[right], dsr.Means(one))
		}
	}
	return Rules{Profile: profile, Calendar: calendar, Identity: policy}, nil
}

// dates computes the deadlines of a request received at an instant.
func (r Rules) dates(received time.Time) (dsr.Dates, error) {
	clocks, err := r.Calendar.Clocks(received, r.Profile.Calendar.PromiseDays)
	if err != nil {
		return dsr.Dates{}, fmt.Errorf("computing the deadlines: %w", err)
	}
	return dsr.Dates{
		ReceiptDay:   dsr.Day(clocks.ReceiptDay.String()),
		PromiseDue:   dsr.Day(clocks.PromiseDue.String()),
		PlanBy:       dsr.Day(clocks.PlanBy.String()),
		LawBase:      dsr.Day(clocks.LawBase.String()),
		LawDue:       dsr.Day(clocks.LawDue.String()),
		ExtensionDue: dsr.Day(clocks.ExtensionDue.String()),
	}, nil
}

// plan gives the days on which staff are reminded of a case with these dates. They
// hold as they were computed when the case was opened. The receipt needs no
// reminder: it goes by itself.
func (r Rules) plan(dates dsr.Dates) (deadline.Warnings, error) {
	var clocks deadline.Clocks
	for _, one := range []struct {
		date *deadline.Date
		day  dsr.Day
	}{
		{&clocks.ReceiptDay, dates.ReceiptDay},
		{&clocks.PromiseDue, dates.PromiseDue},
		{&clocks.PlanBy, dates.PlanBy},
		{&clocks.LawBase, dates.LawBase},
		{&clocks.LawDue, dates.LawDue},
	} {
		var err error
		if *one.date, err = deadline.ParseDate(string(one.day)); err != nil {
			return nil, fmt.Errorf("reading the dates of a case: %w", err)
		}
	}
	return r.Calendar.Warnings(clocks).Without(deadline.WarnAcknowledge), nil
}

// begin gives the first instant of a day where the organisation is.
func (r Rules) begin(day deadline.Date) time.Time { return r.Calendar.End(day.AddDays(-1)) }

// firstReminder gives the instant at which staff are first reminded of a case
// with these dates that is opened now: the start of its half-time day (art. 12(3)
// GDPR, "without undue delay"). A case that is opened late is due at once: the
// index of what is due is not looked through for the past.
func (r Rules) firstReminder(dates dsr.Dates, now time.Time) (time.Time, error) {
	plan, err := r.plan(dates)
	if err != nil {
		return time.Time{}, fmt.Errorf("computing the first reminder: %w", err)
	}
	half := r.begin(plan.Of(deadline.WarnHalfTime))
	if half.Before(now) {
		return now, nil
	}
	return half, nil
}

// reopened lets a case that was closed and is open again fall due: at once when
// the step that counts now was not spoken of yet, else with the next step.
func (r Rules) reopened(c *dsr.Case, now time.Time) {
	c.DueAt = now
	plan, err := r.plan(c.Dates)
	if err != nil {
		return // remind says at its next tick what is wrong
	}
	today := r.Calendar.Day(now)
	if step, come := plan.On(today); !come || stepWord(step) == c.Work.Reminded {
		c.DueAt = r.begin(plan.NextDay(today))
	}
}

// close lets a case that a step has just closed fall due when its file has to be
// destroyed (art. 5(1)(e) GDPR). It passes on the error of that step.
func (r Rules) close(c *dsr.Case, err error) error {
	if err == nil {
		c.DueAt = c.Work.ClosedAt.AddDate(0, r.Profile.Retention.FileMonths, 0)
	}
	return err
}

// language gives the language to answer in: the request's own when the
// organisation writes it (art. 12(1) GDPR: clear and plain), else its default.
func (r Rules) language(asked dsr.Language) dsr.Language {
	for _, offered := range r.Profile.Languages.Offered {
		if string(offered) == string(asked) {
			return asked
		}
	}
	return r.staffLanguage()
}

// staffLanguage is the language of letters to staff.
func (r Rules) staffLanguage() dsr.Language { return dsr.Language(r.Profile.Languages.Default) }

// statement names the version of the privacy statement in force on a day; a
// case keeps to the version of its receipt.
func (r Rules) statement(day dsr.Day) string {
	version, ok := r.Profile.StatementOn(string(day))
	if !ok {
		return ""
	}
	return version.From
}
