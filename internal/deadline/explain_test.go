package deadline_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/deadline"
)

// lines writes an explanation as a person reads it, one step a line.
func lines(e deadline.Explanation) string {
	var b strings.Builder
	for _, s := range e.Steps {
		b.WriteString(s.Date.String() + " " + s.NL + " | " + s.EN + "\n")
	}
	b.WriteString(e.Due.String() + " " + e.Short.NL + " | " + e.Short.EN + "\n")
	return b.String()
}

// explainers names the four explanations of a calendar.
func explainers(c deadline.Calendar) map[string]func(deadline.Clocks) deadline.Explanation {
	return map[string]func(deadline.Clocks) deadline.Explanation{
		"promise": c.ExplainPromise, "law": c.ExplainLaw, "extension": c.ExplainExtension, "plan": c.ExplainPlanBy,
	}
}

func TestDatesExplainThemselves(t *testing.T) {
	c := dutch(t)
	for _, tc := range []struct{ name, receipt, which, want string }{
		{"law moved over Easter", "2026-03-05", "law", `
2026-03-05 Uw bericht kwam binnen op donderdag 5 maart 2026. | Your message arrived on Thursday 5 March 2026.
2026-04-05 Een maand later is zondag 5 april 2026. | One month later is Sunday 5 April 2026.
2026-04-05 Dat is Eerste Paasdag en een zondag. | That is Easter Sunday.
2026-04-06 De dag erna is Tweede Paasdag. | The day after is Easter Monday.
2026-04-07 Daarom is de uiterste datum de eerste werkdag erna: dinsdag 7 april 2026. | So the last day is the next working day: Tuesday 7 April 2026.
2026-04-07 een maand na 5 maart 2026, verschoven omdat 5 april Eerste Paasdag is en 6 april Tweede Paasdag | one month after 5 March 2026, moved because 5 April is Easter Sunday and 6 April is Easter Monday
`},
		{"law kept within a short month", "2026-08-31", "law", `
2026-08-31 Uw bericht kwam binnen op maandag 31 augustus 2026. | Your message arrived on Monday 31 August 2026.
2026-09-30 Een maand later is er geen dag 31, dus telt woensdag 30 september 2026. | One month later there is no day 31, so Wednesday 30 September 2026 counts.
2026-09-30 Daarom is de uiterste datum woensdag 30 september 2026. | So the last day is Wednesday 30 September 2026.
2026-09-30 een maand na 31 augustus 2026, de laatste dag van september | one month after 31 August 2026, the last day of September
`},
		{"law moved over a Saturday that is a holiday", "2026-11-26", "law", `
2026-11-26 Uw bericht kwam binnen op donderdag 26 november 2026. | Your message arrived on Thursday 26 November 2026.
2026-12-26 Een maand later is zaterdag 26 december 2026. | One month later is Saturday 26 December 2026.
2026-12-26 Dat is Tweede Kerstdag en een zaterdag. | That is Boxing Day and a Saturday.
2026-12-27 De dag erna is een zondag. | The day after is a Sunday.
2026-12-28 Daarom is de uiterste datum de eerste werkdag erna: maandag 28 december 2026. | So the last day is the next working day: Monday 28 December 2026.
2026-12-28 een maand na 26 november 2026, verschoven omdat 26 december Tweede Kerstdag is en 27 december een zondag | one month after 26 November 2026, moved because 26 December is Boxing Day and 27 December is a Sunday
`},
		{"promise on a working day", "2026-03-05", "promise", `
2026-03-05 Uw bericht kwam binnen op donderdag 5 maart 2026. | Your message arrived on Thursday 5 March 2026.
2026-04-02 28 dagen later is donderdag 2 april 2026. | 28 days later is Thursday 2 April 2026.
2026-04-02 Daarom antwoorden wij uiterlijk op donderdag 2 april 2026. | So we answer by Thursday 2 April 2026 at the latest.
2026-04-02 28 dagen na 5 maart 2026 | 28 days after 5 March 2026
`},
		{"promise on Easter Sunday stays", "2027-02-28", "promise", `
2027-02-28 Uw bericht kwam binnen op zondag 28 februari 2027. | Your message arrived on Sunday 28 February 2027.
2027-03-28 28 dagen later is zondag 28 maart 2027. | 28 days later is Sunday 28 March 2027.
2027-03-28 Dat is Eerste Paasdag en een zondag, maar onze belofte schuift niet op. | That is Easter Sunday, but our promise does not move.
2027-03-28 Daarom antwoorden wij uiterlijk op zondag 28 maart 2027. | So we answer by Sunday 28 March 2027 at the latest.
2027-03-28 28 dagen na 28 februari 2027 | 28 days after 28 February 2027
`},
		{"extension", "2026-03-06", "extension", `
2026-03-06 Uw bericht kwam binnen op vrijdag 6 maart 2026. | Your message arrived on Friday 6 March 2026.
2026-04-06 Een verlenging melden wij u uiterlijk op maandag 6 april 2026. | We tell you about an extension by Monday 6 April 2026 at the latest.
2026-06-06 Drie maanden na uw bericht is zaterdag 6 juni 2026. | Three months after your message is Saturday 6 June 2026.
2026-06-06 Dat is een zaterdag. | That is a Saturday.
2026-06-07 De dag erna is een zondag. | The day after is a Sunday.
2026-06-08 Daarom is de uiterste datum na verlenging de eerste werkdag erna: maandag 8 juni 2026. | So the last day after extension is the next working day: Monday 8 June 2026.
2026-06-08 drie maanden na 6 maart 2026, verschoven omdat 6 juni een zaterdag is en 7 juni een zondag | three months after 6 March 2026, moved because 6 June is a Saturday and 7 June is a Sunday
`},
		{"plan moved back over Easter", "2027-02-28", "plan", `
2027-02-28 Het bericht kwam binnen op zondag 28 februari 2027. | The message arrived on Sunday 28 February 2027.
2027-03-28 28 dagen later is zondag 28 maart 2027. | 28 days later is Sunday 28 March 2027.
2027-03-28 Dat is Eerste Paasdag en een zondag. | That is Easter Sunday.
2027-03-27 De dag ervoor is een zaterdag. | The day before is a Saturday.
2027-03-26 De dag ervoor is Goede Vrijdag. | The day before is Good Friday.
2027-03-25 Daarom is de plandatum de laatste werkdag ervoor: donderdag 25 maart 2027. | So the planning date is the last working day before it: Thursday 25 March 2027.
2027-03-25 28 dagen na 28 februari 2027, vervroegd vanwege Eerste Paasdag, Goede Vrijdag en het weekend | 28 days after 28 February 2027, brought forward because of Easter Sunday, Good Friday and the weekend
`},
		{"plan on a working day", "2026-03-05", "plan", `
2026-03-05 Het bericht kwam binnen op donderdag 5 maart 2026. | The message arrived on Thursday 5 March 2026.
2026-04-02 28 dagen later is donderdag 2 april 2026. | 28 days later is Thursday 2 April 2026.
2026-04-02 Daarom is de plandatum donderdag 2 april 2026. | So the planning date is Thursday 2 April 2026.
2026-04-02 28 dagen na 5 maart 2026 | 28 days after 5 March 2026
`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := lines(explainers(c)[tc.which](clocksOn(t, c, date(t, tc.receipt))))
			if diff := cmp.Diff(strings.TrimPrefix(tc.want, "\n"), got); diff != "" {
				t.Errorf("explanation (-want +got):\n%s", diff)
			}
		})
	}
}

func TestShortFormListsCausesWhenManyDaysArePassed(t *testing.T) {
	c := dutch(t)
	got := c.ExplainLaw(clocksOn(t, c, date(t, "2025-11-25"))).Short
	want := deadline.Text{
		NL: "een maand na 25 november 2025, verschoven vanwege Eerste Kerstdag, Tweede Kerstdag en het weekend",
		EN: "one month after 25 November 2025, moved because of Christmas Day, Boxing Day and the weekend",
	}
	if got != want {
		t.Errorf("short form %+v, want %+v", got, want)
	}
}

func TestExplanationOfAClosedOffice(t *testing.T) {
	c := calendarWith(t, func(o *deadline.Options) {
		eachDay(t, "2026-07-06", "2026-07-17", func(d deadline.Date) {
			o.ClosedDays = append(o.ClosedDays, deadline.Holiday{Date: d, NL: "Zomersluiting", EN: "the summer closure"})
		})
	})
	received := c.End(date(t, "2026-07-06"))
	k, err := c.Clocks(received, 7)
	if err != nil {
		t.Fatal(err)
	}
	why := c.ExplainPlanBy(k)
	last := why.Steps[len(why.Steps)-1]
	want := deadline.Text{
		NL: "Er is geen werkdag na de ontvangst, dus de plandatum is dinsdag 7 juli 2026.",
		EN: "There is no working day after the receipt, so the planning date is Tuesday 7 July 2026.",
	}
	if why.Due != k.PlanBy || last.Text != want {
		t.Errorf("%s because %+v", why.Due, last)
	}
	for _, s := range why.Steps {
		if s.Date.Before(k.ReceiptDay) {
			t.Errorf("step before the receipt: %+v", s)
		}
	}
	if strings.Count(why.Short.NL, "Zomersluiting") != 1 {
		t.Errorf("short form repeats its cause: %s", why.Short.NL)
	}
}

func TestPromiseOfOneDayIsTheDayAfter(t *testing.T) {
	c := dutch(t)
	k, err := c.Clocks(c.End(date(t, "2026-03-03")), 1)
	if err != nil {
		t.Fatal(err)
	}
	why := c.ExplainPromise(k)
	if want := (deadline.Text{NL: "de dag na 4 maart 2026", EN: "the day after 4 March 2026"}); why.Short != want {
		t.Errorf("short form %+v, want %+v", why.Short, want)
	}
	if want := (deadline.Text{NL: "De dag erna is donderdag 5 maart 2026.", EN: "The day after is Thursday 5 March 2026."}); why.Steps[1].Text != want {
		t.Errorf("step %+v, want %+v", why.Steps[1].Text, want)
	}
}

func TestExplanationsEndInTheDateTheyExplain(t *testing.T) {
	c := dutch(t)
	eachDay(t, "2024-01-01", "2040-12-31", func(d deadline.Date) {
		k := clocksOn(t, c, d)
		want := map[string]deadline.Date{"promise": k.PromiseDue, "law": k.LawDue, "extension": k.ExtensionDue, "plan": k.PlanBy}
		for which, explain := range explainers(c) {
			why := explain(k)
			first, last := why.Steps[0], why.Steps[len(why.Steps)-1]
			if why.Due != want[which] || last.Date != why.Due || first.Date != d {
				t.Errorf("%s of %s leads from %s to %s (%s), want %s", which, d, first.Date, last.Date, why.Due, want[which])
			}
			if !strings.Contains(last.NL, why.Due.Long().NL) || !strings.Contains(last.EN, why.Due.Long().EN) {
				t.Errorf("%s of %s does not name its date: %+v", which, d, last.Text)
			}
		}
	})
}

func TestExplanationsAreShortSentences(t *testing.T) {
	c := dutch(t)
	var words, sentences int
	count := func(text string) {
		n := len(strings.Fields(text))
		if words, sentences = words+n, sentences+1; n > 22 {
			t.Errorf("%d words: %s", n, text)
		}
		if strings.Count(text, ".") != 1 || !strings.HasSuffix(text, ".") {
			t.Errorf("not one sentence: %s", text)
		}
	}
	eachDay(t, "2024-01-01", "2040-12-31", func(d deadline.Date) {
		for _, explain := range explainers(c) {
			for _, s := range explain(clocksOn(t, c, d)).Steps {
				count(s.NL)
				count(s.EN)
			}
		}
	})
	if average := float64(words) / float64(sentences); average > 12 {
		t.Errorf("sentences have %.1f words on average, want 12 or fewer", average)
	}
}

func TestNoReceiptHasNoExplanation(t *testing.T) {
	for which, explain := range explainers(dutch(t)) {
		if why := explain(deadline.Clocks{}); !why.Due.IsZero() || why.Steps != nil || why.Short != (deadline.Text{}) {
			t.Errorf("%s of nothing: %+v", which, why)
		}
	}
}
