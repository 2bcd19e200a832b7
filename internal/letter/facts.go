package letter

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"polarweb.nl/inzage/internal/deadline"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// facts is what a source can speak of: values to fill in, and flags that say
// which of its sections apply. A value that is not empty is a flag too.
type facts struct {
	values map[string]string
	flags  map[string]bool
	lists  map[string][]string // of words, for the sections that are written once for each
	words  map[string]string   // the dictionary that letters share
}

// text sets a value that is shown as words.
func (f facts) text(name, value string) { f.set(name, inert(value)) }

// set sets a value as it is; only addresses and dates of our own making may
// pass by text.
func (f facts) set(name, value string) {
	f.values[name] = value
	f.flags[name] = value != ""
}

// facts gathers everything that a source may use. Whether a letter needs a
// fact was decided by complete; here a missing one stays empty.
func (c Composer) facts(content dsr.LetterContent, language dsr.Language) (facts, error) {
	words, err := readSource("words", language)
	if err != nil {
		return facts{}, err
	}
	f := facts{
		values: map[string]string{}, flags: map[string]bool{}, lists: map[string][]string{}, words: words.headers,
	}
	f.set("lang", string(language))
	f.set("brand", c.Profile.Brand.Legible())
	f.text("copy", f.words["Copy"])
	f.text("number", string(content.Number))
	f.text("name", plainName(content.To.Name))
	c.linkFacts(f, content)
	c.organisationFacts(f, content, language)
	c.identityFacts(f, content.Rights)
	if err := c.dateFacts(f, content, language); err != nil {
		return facts{}, err
	}
	f.set("copy-days", strconv.Itoa(int(dsr.CopyLife/(24*time.Hour))))
	// A number of days, and no date: who approves a letter sees it on another day
	// than the one on which its package is made.
	f.set("package-days", strconv.Itoa(c.Profile.Retention.PackageDays))
	if staff(content.Letter.Ref.Kind) {
		staffFacts(f, content)
	} else {
		decisionFacts(f, content, language)
		c.copyFacts(f, content)
	}
	if content.Letter.Ref.Kind == dsr.CodeLetter {
		f.text("code", content.Code)
		f.set("code-minutes", strconv.Itoa(int(dsr.CodeLife/time.Minute)))
	}
	return f, nil
}

// linkFacts gives the address of the letter's one link, and its life in days.
func (c Composer) linkFacts(f facts, content dsr.LetterContent) {
	rule, linked := content.Letter.Purpose.Rule()
	if !linked {
		return
	}
	f.set("link", strings.TrimSuffix(c.BaseURL, "/")+rule.Path+"?t="+content.Token)
	f.set("link-days", strconv.Itoa(int(rule.Life/(24*time.Hour))))
}

// organisationFacts gives who we are and where a person can turn to.
func (c Composer) organisationFacts(f facts, content dsr.LetterContent, language dsr.Language) {
	controller := c.Profile.Controller
	f.text("controller", controller.PublicName())
	f.text("legal-name", controller.Name)
	f.text("address", strings.Join(controller.Address, ", "))
	f.text("kvk", controller.KVK)
	f.text("contact", controller.Email)
	f.text("authority", c.Profile.Authority.Name)
	f.set("authority-address", c.authorityAddress())
	f.set("complaint", c.Profile.Authority.ComplaintURL)
	statement, since := c.statement(content)
	f.set("statement", statement)
	f.set("statement-from", in(language, date(since).Medium()))
	// Where SES takes in the mail, only what was forwarded stands in a mailbox.
	if c.Profile.Intake.Mode != organisation.ModeMX {
		f.text("mailbox", enumerate(c.Profile.Intake.Addresses, f.words["Or"]))
	}
}

// statement gives the privacy statement by which a case is judged: the version
// in force on its day of receipt, with its first day. Without a known version
// it is the statement of today, and no day.
func (c Composer) statement(content dsr.LetterContent) (address string, since dsr.Day) {
	version, found := c.Profile.StatementOn(string(content.Dates.ReceiptDay))
	if !found {
		return c.Profile.Controller.PrivacyStatementURL, ""
	}
	return version.URL, dsr.Day(version.From)
}

// identityFacts gives the rights of a letter and, for each means of proof, the
// rights for which it is asked.
func (c Composer) identityFacts(f facts, rights []dsr.Right) {
	var all []string
	byMeans := map[string][]string{}
	for _, right := range dsr.MergeRights(rights, nil) {
		f.flags["right."+string(right)] = true
		all = append(all, f.words[string(right)])
		means, _ := c.Profile.Means(string(right))
		for _, m := range means {
			name := c.meansName(m)
			byMeans[name] = append(byMeans[name], f.words[string(right)])
		}
	}
	f.text("rights", enumerate(all, f.words["And"]))
	for name, rights := range byMeans {
		f.text("rights."+name, capital(enumerate(rights, f.words["And"])))
	}
	f.flags["asks.copy"] = f.flags["rights.copy"] || f.flags["rights.copy-on-doubt"]
	delete(byMeans, string(organisation.MeansNone))
	f.flags["asks"] = len(byMeans) > 0
}

// meansName is what the sources call a means of proof. A copy on doubt is
// another promise than a copy always, so each has its own sentence.
func (c Composer) meansName(means organisation.Means) string {
	if means != organisation.MeansIDCopy {
		return string(means)
	}
	// art. 12(6) GDPR: more proof only where there is reasonable doubt.
	if c.Profile.Identity.IDCopy == organisation.CopyOnRequest {
		return "copy"
	}
	return "copy-on-doubt"
}

// dateFacts gives the dates of the case in words, each with the reason why it
// is that day.
func (c Composer) dateFacts(f facts, content dsr.LetterContent, language dsr.Language) error {
	calendar, err := calendarOf(c.Profile.Calendar)
	if err != nil {
		return fmt.Errorf("reading the calendar of the profile: %w", err)
	}
	dates := content.Dates
	for name, day := range map[string]dsr.Day{
		"receipt-day": dates.ReceiptDay, "promise-due": dates.PromiseDue,
		"plan-by": dates.PlanBy, "law-due": dates.LawDue,
		"law-base": dates.LawBase, "extension-due": dates.ExtensionDue,
	} {
		f.set(name, in(language, date(day).Long()))
	}
	clocks := deadline.Clocks{ReceiptDay: date(dates.ReceiptDay), PromiseDue: date(dates.PromiseDue)}
	f.text("promise-why", why(calendar.ExplainPromise(clocks), dates.PromiseDue, language))
	f.text("law-why", why(calendar.ExplainLaw(clocks), dates.LawDue, language))
	zone, err := deadline.Zone(c.Profile.Calendar.TimeZone)
	if err != nil {
		return fmt.Errorf("reading the time zone of the profile: %w", err)
	}
	f.set("received", f.moment(content.Received, zone, language))
	f.set("not-before", f.moment(content.NotBefore, zone, language))
	f.set("destroyed-at", f.moment(content.DestroyedAt, zone, language))
	// A reminder is about the day on which it was queued, also when it leaves later.
	queued := deadline.DateOf(content.Letter.Queued, zone)
	f.flags["promise.passed"] = queued.After(date(dates.PromiseDue))
	f.flags["law.passed"] = queued.After(date(dates.LawDue))
	f.flags["late"] = f.flags["promise.passed"] || f.flags["law.passed"]
	f.flags["plan.is-promise"] = dates.PlanBy == dates.PromiseDue
	return nil
}

// moment gives an instant as a day and a time of the organisation, and nothing
// for no instant.
func (f facts) moment(instant time.Time, zone *time.Location, language dsr.Language) string {
	if instant.IsZero() {
		return ""
	}
	day := in(language, deadline.DateOf(instant, zone).Long())
	return day + " " + f.words["At"] + " " + instant.In(zone).Format("15:04")
}

// why is the reason for a date, when it still is a reason for that date: the
// date stands since the case was opened, and the calendar may have gained a
// holiday since.
func why(explanation deadline.Explanation, stored dsr.Day, language dsr.Language) string {
	if explanation.Due != date(stored) {
		return ""
	}
	return in(language, explanation.Short)
}

// calendarOf builds the calendar that explains the dates.
func calendarOf(settings organisation.Calendar) (deadline.Calendar, error) {
	zone, err := deadline.Zone(settings.TimeZone)
	if err != nil {
		return deadline.Calendar{}, err
	}
	return deadline.NewCalendar(deadline.Options{
		Zone:           zone,
		RollGoodFriday: settings.RollGoodFriday,
		PlanGoodFriday: settings.PlanGoodFriday,
		DecreeDays:     holidays(settings.DecreeDays),
		ClosedDays:     holidays(settings.ClosedDays),
	})
}

// holidays turns the days of the profile into those of the calendar.
func holidays(days []organisation.NamedDay) []deadline.Holiday {
	var holidays []deadline.Holiday
	for _, day := range days {
		holidays = append(holidays, deadline.Holiday{Date: date(dsr.Day(day.Date)), NL: day.NL, EN: day.EN})
	}
	return holidays
}

// date reads a stored day; what is no day becomes no date.
func date(day dsr.Day) deadline.Date {
	read, err := deadline.ParseDate(string(day))
	if err != nil {
		return deadline.Date{}
	}
	return read
}

// in picks the wording of one language.
func in(language dsr.Language, wording deadline.Text) string {
	if language == dsr.English {
		return wording.EN
	}
	return wording.NL
}

// enumerate joins phrases as a sentence does: "a", "a en b", "a, b en c".
func enumerate(phrases []string, conjunction string) string {
	if len(phrases) < 2 {
		return strings.Join(phrases, "")
	}
	last := len(phrases) - 1
	return strings.Join(phrases[:last], ", ") + " " + conjunction + " " + phrases[last]
}

// capital gives a word its capital, to open a line with. The words it is given
// begin with a letter of ASCII.
func capital(word string) string { return strings.ToUpper(word[:1]) + word[1:] }
