package web

import (
	"fmt"
	"net/http"
	"time"

	"polarweb.nl/inzage/internal/deadline"
	"polarweb.nl/inzage/internal/dsr"
)

// Day is a civil day for people and for machines.
type Day struct {
	ISO  string
	Text string
}

// Explained is a day with the steps that lead to it.
type Explained struct {
	Day
	Steps []string
}

// LanguageOf is the language a request asks for in its address, or in a form
// that was read already; else the usual one.
func LanguageOf(r *http.Request, usual dsr.Language) dsr.Language {
	for _, asked := range []string{r.PostForm.Get("taal"), r.URL.Query().Get("taal")} {
		if language := dsr.Language(asked); language == dsr.Dutch || language == dsr.English {
			return language
		}
	}
	if usual == dsr.English {
		return dsr.English
	}
	return dsr.Dutch
}

// OtherLanguage is the language a page is not in.
func OtherLanguage(language dsr.Language) dsr.Language {
	if language == dsr.English {
		return dsr.Dutch
	}
	return dsr.English
}

// In gives a text in a language.
func In(text deadline.Text, language dsr.Language) string {
	if language == dsr.English {
		return text.EN
	}
	return text.NL
}

// Long writes a stored day in full; a malformed one as it is stored.
func Long(stored dsr.Day, language dsr.Language) Day {
	date, err := deadline.ParseDate(string(stored))
	if err != nil {
		return Day{Text: string(stored)}
	}
	return Written(date, date.Long(), language)
}

// Medium writes a stored day without its weekday; a malformed one as it is
// stored.
func Medium(stored dsr.Day, language dsr.Language) Day {
	date, err := deadline.ParseDate(string(stored))
	if err != nil {
		return Day{Text: string(stored)}
	}
	return Written(date, date.Medium(), language)
}

// Written joins a date and its words.
func Written(date deadline.Date, words deadline.Text, language dsr.Language) Day {
	return Day{ISO: date.String(), Text: In(words, language)}
}

// Left says how long it is until a day; nothing about a day that is over.
func Left(days int) deadline.Text {
	switch {
	case days < 0:
		return deadline.Text{}
	case days == 0:
		return deadline.Text{NL: "Dat is vandaag.", EN: "That is today."}
	case days == 1:
		return deadline.Text{NL: "Dat is morgen.", EN: "That is tomorrow."}
	}
	return deadline.Text{NL: fmt.Sprintf("Nog %d dagen.", days), EN: fmt.Sprintf("%d days left.", days)}
}

// Dates are the three days a case is answered by, each with its reasons.
type Dates struct{ PlanBy, Promise, Law Explained }

// ExplainDates says why the dates of a case are what they are. A stored date
// that today's calendar would not give stands without its steps: what a letter
// promised does not move.
func ExplainDates(calendar deadline.Calendar, promiseDays int, received time.Time, stored dsr.Dates, language dsr.Language) Dates {
	dates := Dates{
		PlanBy:  Explained{Day: Long(stored.PlanBy, language)},
		Promise: Explained{Day: Long(stored.PromiseDue, language)},
		Law:     Explained{Day: Long(stored.LawDue, language)},
	}
	clocks, err := calendar.Clocks(received, promiseDays)
	if err != nil {
		return dates
	}
	dates.PlanBy.Steps = steps(calendar.ExplainPlanBy(clocks), stored.PlanBy, language)
	dates.Promise.Steps = steps(calendar.ExplainPromise(clocks), stored.PromiseDue, language)
	dates.Law.Steps = steps(calendar.ExplainLaw(clocks), stored.LawDue, language)
	return dates
}

// steps gives the sentences of an explanation, if it explains the stored date.
func steps(explanation deadline.Explanation, stored dsr.Day, language dsr.Language) []string {
	if explanation.Due.String() != string(stored) {
		return nil
	}
	var sentences []string
	for _, step := range explanation.Steps {
		sentences = append(sentences, In(step.Text, language))
	}
	return sentences
}
