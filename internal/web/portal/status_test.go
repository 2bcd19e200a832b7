package portal_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// both lists the languages of the pages.
func both() []dsr.Language { return []dsr.Language{dsr.Dutch, dsr.English} }

func TestStatusShowsNumberDatesRightsAndHistory(t *testing.T) {
	w := newWorld(t, nil)
	dutch, english := w.open(dsr.Dutch), w.open(dsr.English)
	holds(
		t, dutch, true, `<html lang="nl">`, number,
		`<time datetime="2026-03-05">donderdag 5 maart 2026</time>`, `<time datetime="2026-04-02">donderdag 2 april 2026</time>`,
		`<time datetime="2026-04-07">dinsdag 7 april 2026</time>`,
		"Inzage in uw gegevens", "Verwijdering van uw gegevens",
		`<li><time datetime="2026-03-05">5 maart 2026</time> Wij kregen uw verzoek.</li>`,
		`<li><time datetime="2026-03-06">6 maart 2026</time> Wij stuurden u een bevestiging.</li>`,
		"mailto:info@voorbeeld.example", `href="https://ap.example/klacht"`, "Voorbeeldstraat 12, 3511 AA Utrecht",
	)
	holds(
		t, english, true, `<html lang="en">`, number,
		`<time datetime="2026-03-05">Thursday 5 March 2026</time>`, `<time datetime="2026-04-02">Thursday 2 April 2026</time>`,
		`<time datetime="2026-04-07">Tuesday 7 April 2026</time>`,
		"Access to your data", "Erasure of your data",
		`<li><time datetime="2026-03-05">5 March 2026</time> We received your request.</li>`,
		`<li><time datetime="2026-03-06">6 March 2026</time> We sent you a confirmation.</li>`,
	)
	// The notice to staff went out on the 7th and is nothing to the visitor.
	holds(t, dutch+english, false, "2026-03-07")
	if got := strings.Count(dutch, "<li>"); got != 2+2+3+5 {
		t.Errorf("the page has %d list items, want two rights, two events, three steps and five", got)
	}
}

func TestStatusNamesNobody(t *testing.T) {
	w := newWorld(t, nil)
	holds(t, w.open(dsr.Dutch)+w.open(dsr.English), false, requesterName, "Sanne", requesterAddress)
}

func TestWhoLookedIsNothingToTheVisitor(t *testing.T) {
	w := newWorld(t, nil)
	before := w.open(dsr.Dutch)
	w.happen(dsr.Viewed, received().AddDate(0, 0, 3), map[string]string{"item": "case", "session": "abc"})
	if after := w.open(dsr.Dutch); after != before {
		t.Errorf("the page changed: %s", after)
	}
}

func TestMessageAddedStandsInTheHistoryOnItsLocalDay(t *testing.T) {
	w := newWorld(t, nil)
	w.happen(dsr.MessageAdded, time.Date(2026, time.March, 13, 23, 30, 0, 0, time.UTC), nil)
	holds(t, w.open(dsr.Dutch), true, `<time datetime="2026-03-14">14 maart 2026</time> Wij kregen nog een bericht van u.`)
	holds(t, w.open(dsr.English), true, `<time datetime="2026-03-14">14 March 2026</time> We received another message from you.`)
}

// TestDaysLeftAreCountedInTheOrganisationsZone asks a minute before and at the
// midnight of the Netherlands, where the summer time of 29 March has begun.
func TestDaysLeftAreCountedInTheOrganisationsZone(t *testing.T) {
	const late, lateEN = "Wij hadden u al moeten antwoorden.", "We should have answered you by now."
	for _, c := range []struct {
		now, dutch, english string
		late                bool
	}{
		{"2026-03-05T09:00:00Z", "Nog 28 dagen.", "28 days left.", false},
		{"2026-03-31T21:59:00Z", "Nog 2 dagen.", "2 days left.", false},
		{"2026-03-31T22:00:00Z", "Dat is morgen.", "That is tomorrow.", false},
		{"2026-04-01T22:00:00Z", "Dat is vandaag.", "That is today.", false},
		{"2026-04-02T21:59:59Z", "Dat is vandaag.", "That is today.", false},
		{"2026-04-02T22:00:00Z", late, lateEN, true},
		{"2027-01-01T00:00:00Z", late, lateEN, true},
	} {
		t.Run(c.now, func(t *testing.T) {
			w := newWorld(t, nil)
			var err error
			if w.now, err = time.Parse(time.RFC3339, c.now); err != nil {
				t.Fatal(err)
			}
			dutch, english := w.open(dsr.Dutch), w.open(dsr.English)
			holds(t, dutch, true, c.dutch, `<time datetime="2026-04-02">`)
			holds(t, english, true, c.english, `<time datetime="2026-04-02">`)
			holds(t, dutch, c.late, "Te laat", late, "Dit was onze belofte.")
			holds(t, english, c.late, ">Late<", lateEN, "This was our promise.")
			holds(t, dutch, !c.late, "In behandeling", "Dit is onze eigen belofte.")
			if c.late {
				holds(t, dutch+english, false, "Nog ", " days left", "vandaag", "morgen", "today", "tomorrow")
			}
		})
	}
}

func TestStatusSaysOnWhichDayItWasTrue(t *testing.T) {
	w := newWorld(t, nil)
	w.now = time.Date(2026, time.March, 28, 23, 30, 0, 0, time.UTC) // the 29th in the Netherlands
	holds(t, w.open(dsr.Dutch), true, `Dit is de stand van <time datetime="2026-03-29">29 maart 2026</time>.`)
	holds(t, w.open(dsr.English), true, `<time datetime="2026-03-29">29 March 2026</time>`)
}

func TestClosedCaseAsksForNoPatience(t *testing.T) {
	w := newWorld(t, func(c *dsr.Case) { c.State = dsr.Closed })
	w.now = received().AddDate(1, 0, 0) // long after the promise
	dutch, english := w.open(dsr.Dutch), w.open(dsr.English)
	holds(t, dutch, true, "Afgesloten", "Wij zijn klaar met uw verzoek.", "klacht")
	holds(t, english, true, "Closed", "We have finished your request.", "complain")
	holds(t, dutch+english, false, "Te laat", ">Late<", "antwoord?", "an answer?", "2026-04-02", "<details>")
}

// TestAnswerOnItsWayAsksForNoPatience looks after the promised day, when only the
// report of the letter's arrival is still out.
func TestAnswerOnItsWayAsksForNoPatience(t *testing.T) {
	w := newWorld(t, func(c *dsr.Case) { c.State = dsr.Answering })
	w.now = received().AddDate(0, 0, 40)
	dutch, english := w.open(dsr.Dutch), w.open(dsr.English)
	holds(t, dutch, true, "Antwoord onderweg", "Ons antwoord is onderweg.")
	holds(t, english, true, "Answer on its way", "Our answer is on its way.")
	holds(t, dutch+english, false, "Te laat", ">Late<", "In behandeling", "Afgesloten", "2026-04-02", "<details>")
}

func TestExplanationStandsOnlyUnderTheDateItExplains(t *testing.T) {
	promise, law := "28 dagen later is donderdag 2 april 2026.", "Daarom is de uiterste datum de eerste werkdag erna: dinsdag 7 april 2026."
	for name, c := range map[string]struct {
		change       func(*dsr.Case)
		promise, law bool
	}{
		"both hold":            {func(*dsr.Case) {}, true, true},
		"another promise":      {func(c *dsr.Case) { c.Dates.PromiseDue = "2026-03-26" }, false, true},
		"another day of law":   {func(c *dsr.Case) { c.Dates.LawDue = "2026-04-08" }, true, false},
		"no instant to reckon": {func(c *dsr.Case) { c.Received = time.Time{} }, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, c.change)
			page := w.open(dsr.Dutch)
			holds(t, page, c.promise, promise, "Waarom deze datum?")
			holds(t, page, c.law, law, "Hoe rekent de wet?")
			holds(t, page, true, `<time datetime="`+string(w.file.Case.Dates.PromiseDue)+`">`, `<time datetime="`+string(w.file.Case.Dates.LawDue)+`">`)
		})
	}
}

// TestMalformedDayIsNotCalledToday would fail if a day that cannot be read were
// taken for one that is zero days away.
func TestMalformedDayIsNotCalledToday(t *testing.T) {
	w := newWorld(t, func(c *dsr.Case) { c.Dates.PromiseDue = "soon" })
	page := w.open(dsr.Dutch)
	holds(t, page, true, "Uiterlijk soon", "In behandeling")
	holds(t, page, false, "vandaag", "Nog ", `datetime=""`, `datetime="soon"`)
}

func TestLanguageIsThatOfTheCaseUntilAskedOtherwise(t *testing.T) {
	for _, c := range []struct {
		usual dsr.Language
		asked string
		want  dsr.Language
	}{
		{dsr.Dutch, "", dsr.Dutch},
		{dsr.English, "", dsr.English},
		{"", "", dsr.Dutch},
		{"de", "", dsr.Dutch},
		{dsr.Dutch, "&taal=en", dsr.English},
		{dsr.English, "&taal=nl", dsr.Dutch},
		{dsr.English, "&taal=fr", dsr.English},
		{dsr.Dutch, "&taal=%3Cscript%3E", dsr.Dutch},
	} {
		w := newWorld(t, func(one *dsr.Case) { one.Language = c.usual })
		page := w.ask(http.MethodGet, status(w.links.mint(t, w.link))+c.asked).Body.String()
		if !strings.Contains(page, `<html lang="`+string(c.want)+`">`) {
			t.Errorf("a case in %q asked with %q is not shown in %s", c.usual, c.asked, c.want)
		}
	}
}

func TestOtherLanguageKeepsTheLink(t *testing.T) {
	w := newWorld(t, nil)
	for _, language := range both() {
		other := dsr.English
		if language == dsr.English {
			other = dsr.Dutch
		}
		_, links := elements(t, w.open(language))
		followed := w.ask(http.MethodGet, "/mijn/zaak"+links[1]) // the first is the skip link
		if followed.Code != http.StatusOK || !strings.Contains(followed.Body.String(), `<html lang="`+string(other)+`">`) {
			t.Errorf("the link %q of the page in %s answers %d", links[1], language, followed.Code)
		}
	}
}
