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

// firstReminder gives the instant at which staff are first reminded of a case
// received at an instant: the start of its half-time day (art. 12(3) GDPR,
// "without undue delay").
func (r Rules) firstReminder(received time.Time) (time.Time, error) {
	clocks, err := r.Calendar.Clocks(received, r.Profile.Calendar.PromiseDays)
	if err != nil {
		return time.Time{}, fmt.Errorf("computing the first reminder: %w", err)
	}
	half := r.Calendar.Warnings(clocks).Of(deadline.WarnHalfTime)
	return r.Calendar.End(half.AddDays(-1)), nil
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
