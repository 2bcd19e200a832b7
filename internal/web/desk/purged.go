package desk

import (
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/web"
)

// purgedPage is what is left of a case whose file was destroyed, and why. It
// holds nothing about anybody.
type purgedPage struct {
	frame
	Number   dsr.Number
	Received web.Day
	Closed   web.Day
	Outcome  string
	Rights   []string
	Decided  []told
	Months   int     // how long the file was kept
	Until    web.Day // when the rest goes as well
	Proof    string  // the hash of the last event, which holds that of each before it
	Events   string
	Timeline []moment
	Earlier  int
}

// purged shows what is left of a case. There is nothing to be written down about
// whoever looks: no personal data is left.
func (s *site) purged(v visit, c dsr.Case) (web.Answer, error) {
	history, err := s.Handling.Cases.History(v.Context(), c.ID)
	if err != nil {
		return web.Answer{}, fmt.Errorf("reading the history of case %s: %w", c.Number, err)
	}
	keep := s.Rules.Profile.Retention
	day := s.Rules.Calendar.Day
	say := voiceOf(v.language)
	outcome := outcomeWords(c.Work.Outcome)
	page := purgedPage{
		frame: s.frame(v), Number: c.Number, Received: web.Long(c.Dates.ReceiptDay, v.language),
		Closed:  web.Written(day(c.Work.ClosedAt), day(c.Work.ClosedAt).Long(), v.language),
		Outcome: say(outcome.NL, outcome.EN), Rights: rightNames(c.Rights, v.language), Months: keep.FileMonths,
		Proof: hex.EncodeToString(c.Head[:]), Events: strconv.Itoa(c.Seq),
	}
	until := day(c.Work.ClosedAt.AddDate(keep.SkeletonYears, 0, 0))
	page.Until = web.Written(until, until.Long(), v.language)
	for _, right := range c.Rights {
		if decision, ok := c.Decision(right); ok {
			words := decidedWords(decision.Result)
			page.Decided = append(page.Decided, told{Term: right.Name(v.language), Lines: []string{say(words.NL, words.EN)}})
		}
	}
	if page.Earlier = max(0, len(history)-maxTimeline); page.Earlier > 0 {
		history = history[page.Earlier:]
	}
	for _, event := range history {
		page.Timeline = append(page.Timeline, s.moment(c, event, v.language))
	}
	status := http.StatusOK
	if v.Method == http.MethodPost {
		status = http.StatusGone // nothing can be done to it any more
	} else {
		page.Other = other(v)
	}
	return s.pages.Render(status, "purged.html", page)
}
