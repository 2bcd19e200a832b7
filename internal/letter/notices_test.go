package letter

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/deadline"
	"polarweb.nl/inzage/internal/dsr"
)

// chosen lists phrases of which one letter has exactly one.
func chosen(t *testing.T, content dsr.LetterContent, phrases []string, want string) {
	t.Helper()
	text := oneLine(compose(t, exampleComposer(), content))
	for _, phrase := range phrases {
		holds(t, text, phrase, phrase == want)
	}
}

func TestNoticeOfReviewSaysWhatWaits(t *testing.T) {
	phrases := []string{"persoonsgegevens kan tonen", "het wissen van persoonsgegevens", "een antwoord zonder gegevens"}
	for i, purpose := range []dsr.Purpose{dsr.ApproveRelease, dsr.ApproveErasure, dsr.Refuse} {
		content := example(dsr.ReviewNotice, dsr.Dutch)
		content.Letter.Purpose = purpose
		chosen(t, content, phrases, phrases[i])
	}
}

func TestNoticeOfReviewIsForASecondPersonOrForOneWhoWaited(t *testing.T) {
	phrases := []string{"A second person still has to look at it.", "The waiting time is over. So you may now approve it yourself."}
	content := example(dsr.ReviewNotice, dsr.English)
	chosen(t, content, phrases, phrases[0])
	again := content
	again.NotBefore = content.Letter.Queued // of the draft: this notice went before
	chosen(t, again, phrases, phrases[1])
	content.Letter.NotBefore = content.Letter.Queued
	chosen(t, content, phrases, phrases[1])
	text := oneLine(compose(t, exampleComposer(), content))
	for _, phrase := range []string{
		"Plan the answer for, at the latest: Thursday 2 April 2026", "We promised an answer by: Thursday 2 April 2026",
		"https://avg.voorbeeld.example/bureau/akkoord?t=", "works for 3 days", "You also need your code.",
	} {
		holds(t, text, phrase, true)
	}
}

func TestDrafterHearsWhetherTheDraftOrThePersonIsDoubted(t *testing.T) {
	phrases := []string{"stuurde het terug", "Kijk opnieuw wie dit is."}
	for i, reason := range []string{sentBack, refused} {
		content := example(dsr.BackNotice, dsr.Dutch)
		content.Letter.Reason = reason
		chosen(t, content, phrases, phrases[i])
	}
}

func TestStaffHearWhatToDoWhenTheContactSaysNo(t *testing.T) {
	text := oneLine(compose(t, exampleComposer(), example(dsr.DisownedNotice, dsr.Dutch)))
	for _, phrase := range []string{
		"dit verzoek is niet van mij", "De zaak staat nu stil.", "De termijnen lopen wel door", "Geef niemand gegevens",
		"uit uw eigen administratie, niet uit de mail", "Vertel de afzender niet wie er in uw administratie staat.",
	} {
		holds(t, text, phrase, true)
	}
}

func TestStaffHearThatTheyCanGoOn(t *testing.T) {
	text := oneLine(compose(t, exampleComposer(), example(dsr.ConfirmedNotice, dsr.Dutch)))
	holds(t, text, "dit verzoek is van mij. U kunt dus verder met de zaak.", true)
	holds(t, text, "Misschien is dat nog niet genoeg bewijs.", true)
}

func TestStaffHearThatAnErasureIsTheirsToDo(t *testing.T) {
	text := oneLine(compose(t, exampleComposer(), example(dsr.ErasureNotice, dsr.English)))
	for _, phrase := range []string{
		"Delete the data in every system on the list.", "Confirm in the case that it is done.",
		"The answer only goes out when you say that everything is done.", "https://avg.voorbeeld.example/bureau/zaak?t=",
	} {
		holds(t, text, phrase, true)
	}
}

func TestNoticeOfALetterSaysWhichOneThePersonMisses(t *testing.T) {
	nl := []string{
		"Het gaat om de ontvangstbevestiging.", "Het gaat om de vraag of het verzoek echt van deze persoon is.",
		"Het gaat om ons antwoord.", "Het gaat om de code voor ons antwoord.", "Het gaat om het bericht dat wij bijna antwoorden.",
		"Het gaat om een brief aan de persoon.", "Het gaat om onze vraag om een kopie",
		"Het gaat om een bericht aan een collega.",
	}
	en := []string{
		"It is the acknowledgement of the request.", "It is the question whether the request really comes from this person.",
		"It is our answer.", "It is the code for our answer.", "It is the message that we are about to answer.",
		"It is a letter to the person.", "It is our question for a copy", "It is a message to a colleague.",
	}
	for reason, i := range map[string]int{
		"M01": 0, "M03": 1, "M10": 2, "M14": 2, "M10-code": 3, "M10-wait": 4, "M15": 5, "": 5, "M04": 6, "M04-again bounce": 6, "M10 complaint": 2, "S6": 7, "{link} <b>new</b>": 5,
	} {
		for language, phrases := range map[dsr.Language][]string{dsr.Dutch: nl, dsr.English: en} {
			content := example(dsr.LetterNotice, language)
			content.Letter.Reason = reason
			chosen(t, content, phrases, phrases[i])
		}
	}
}

// TestNoticeHoldsNoWordOfAnyPerson fills in everything a caller could hand over
// by mistake. None of it may leave in a mail to staff.
func TestNoticeHoldsNoWordOfAnyPerson(t *testing.T) {
	for _, v := range noticeVariants() {
		content := example(v.kind, dsr.Dutch)
		v.content(&content)
		want := compose(t, exampleComposer(), content)
		content.Code, content.InReply, content.Collects, content.Outcome = "042917", "<geheim@geheim.example>", true, dsr.Answered
		content.Decisions = []dsr.Decision{{Right: dsr.Access, Result: dsr.Refused, Ground: dsr.GroundOthers}}
		content.Reasons = map[dsr.Right]string{dsr.Access: "geheim"}
		content.Thread = "geheim"
		got := string(compose(t, exampleComposer(), content).message.Raw)
		if got != string(want.message.Raw) || strings.Contains(got, "geheim") {
			t.Errorf("%s (%s) tells staff by mail what only the case may:\n%s", v.kind, v.name, got)
		}
	}
}

// TestNoticeOfAMailToAColleagueSpeaksOfNoDataSubject: nobody has to call one.
func TestNoticeOfAMailToAColleagueSpeaksOfNoDataSubject(t *testing.T) {
	for _, kind := range staffKinds() {
		content := example(dsr.LetterNotice, dsr.Dutch)
		content.Letter.Reason = string(kind)
		text := oneLine(compose(t, exampleComposer(), content))
		holds(t, text, "Vertel het aan uw collega, of doe het zelf.", true)
		for _, phrase := range []string{"Bereik de persoon", "Geef daarbij geen gegevens", "De persoon heeft"} {
			holds(t, text, phrase, false)
		}
	}
}

// TestNoticeOfALetterSaysHowItCameBack: a letter that its reader calls spam did
// arrive, so nothing may say that the person lacks it.
func TestNoticeOfALetterSaysHowItCameBack(t *testing.T) {
	phrases := []string{
		"kwam een brief terug: de mailserver", "bij de lezer geldt hij als spam", "weigerde onze maildienst een brief",
		"kan een brief niet weg, of hij kwam terug.",
	}
	for reason, i := range map[string]int{
		"M10 bounce": 0, "M10 complaint": 1, "M10 rejected": 2, "M10": 3, "M10 geheim": 3, "bounce": 3, "M10  bounce": 3,
	} {
		content := example(dsr.LetterNotice, dsr.Dutch)
		content.Letter.Reason = reason
		chosen(t, content, phrases, phrases[i])
		text := oneLine(compose(t, exampleComposer(), content))
		holds(t, text, "De persoon heeft dat dus nog niet.", reason != "M10 complaint" && reason != "bounce")
		holds(t, text, "Nog een keer proberen helpt niet.", reason != "M10 complaint")
		holds(t, text, "geheim", false)
	}
}

func TestEachStepOfAReminderHasItsOwnSentence(t *testing.T) {
	phrases := map[deadline.WarningKind]string{
		deadline.WarnHalfTime:        "De helft van de tijd die wij beloofden, is voorbij.",
		deadline.WarnFiveDays:        "Over vijf werkdagen moet het antwoord klaar zijn.",
		deadline.WarnThreeDays:       "Over drie werkdagen moet het antwoord klaar zijn.",
		deadline.WarnOneDay:          "Op de volgende werkdag moet het antwoord klaar zijn.",
		deadline.WarnPlan:            "Volgens het plan moet het antwoord vandaag weg.",
		deadline.WarnPromise:         "Wij beloofden het antwoord uiterlijk vandaag.",
		deadline.WarnOverdue:         "Het antwoord is nog niet weg.",
		deadline.WarnLaw:             "De wet geeft tijd tot en met dinsdag 7 april 2026. Zorg dat het antwoord dan weg is.",
		deadline.WarnExtensionNotice: "Wilt u uitstel voor dit antwoord?",
		"new word":                   "Voor deze zaak loopt een termijn af.",
	}
	if len(phrases) != len(steps())+1 {
		t.Fatalf("%d phrases for %d steps", len(phrases), len(steps()))
	}
	all := slices.Collect(maps.Values(phrases))
	for step, phrase := range phrases {
		content := example(dsr.ReminderNotice, dsr.Dutch)
		content.Letter.Reason = string(step)
		chosen(t, content, all, phrase)
	}
}

// TestEveryWarningHasAStep reads the list of warnings: of one that is added there
// staff would hear no more than that some time limit ends.
func TestEveryWarningHasAStep(t *testing.T) {
	list, err := os.ReadFile("../deadline/warnings.go")
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, found := range regexp.MustCompile(`WarningKind = "([^"]+)"`).FindAllStringSubmatch(string(list), -1) {
		words = append(words, found[1])
	}
	if !slices.Equal(slices.Sorted(slices.Values(append(steps(), string(deadline.WarnAcknowledge)))), slices.Sorted(slices.Values(words))) {
		t.Errorf("warnings %v, steps %v", words, steps())
	}
}

// TestReminderSaysWhichDateHasPassed looks at the civil day of queueing in the
// Netherlands: 2 April 2026 is the last day of the promise, 7 April that of the law.
func TestReminderSaysWhichDateHasPassed(t *testing.T) {
	const promise, law = "Wij zijn te laat: de datum van onze belofte is voorbij.", "Wij zijn te laat: de datum van onze belofte en die van de wet zijn voorbij."
	for _, step := range steps() {
		for queued, want := range map[string]string{
			"2026-04-02T21:59:59Z": "", "2026-04-02T22:00:00Z": promise, "2026-04-07T21:59:59Z": promise, "2026-04-07T22:00:00Z": law,
		} {
			content := example(dsr.ReminderNotice, dsr.Dutch)
			content.Letter.Reason = step
			var err error
			if content.Letter.Queued, err = time.Parse(time.RFC3339, queued); err != nil {
				t.Fatal(err)
			}
			chosen(t, content, []string{promise, law}, want)
			text := oneLine(compose(t, exampleComposer(), content))
			holds(t, text, "Laat de persoon weten dat wij te laat zijn en waarom.", want != "")
		}
	}
}

// TestSubjectOfAReminderSaysWhetherItIsLate: the list of a mailbox shows no more.
func TestSubjectOfAReminderSaysWhetherItIsLate(t *testing.T) {
	for day, want := range map[int][2]string{
		2: {"Herinnering: de datum van zaak AVG-2026-0012", "Let op de datum van zaak AVG-2026-0012"},
		3: {"Te laat: zaak AVG-2026-0012", "Zaak AVG-2026-0012 is te laat"},
		8: {"Te laat: zaak AVG-2026-0012", "Zaak AVG-2026-0012 is te laat"},
	} {
		content := example(dsr.ReminderNotice, dsr.Dutch)
		remind(deadline.WarnOverdue, day)(&content)
		subject, text, err := exampleComposer().Preview(content)
		if err != nil || subject != want[0] || !strings.HasPrefix(text, want[1]+"\n") {
			t.Errorf("%d April: error %v, %q\n%s", day, err, subject, text)
		}
	}
}

func TestReminderNamesADayOnceWhenThePlanIsThePromise(t *testing.T) {
	const one, two = "• Plan en belofte: antwoord uiterlijk op donderdag 2 april 2026 • De wet", "• Plan het antwoord uiterlijk op: woensdag 1 april 2026 • Wij beloofden antwoord uiterlijk op: donderdag 2 april 2026 • De wet"
	for day, want := range map[dsr.Day]string{"2026-04-02": one, "2026-04-01": two} {
		content := example(dsr.ReminderNotice, dsr.Dutch)
		content.Dates.PlanBy = day
		chosen(t, content, []string{one, two}, want)
	}
}

func TestReminderOfAnExtensionGivesTheLastDayOfTheNoticeAndTheNewEnd(t *testing.T) {
	content := example(dsr.ReminderNotice, dsr.English)
	remind(deadline.WarnExtensionNotice, 5)(&content)
	text := oneLine(compose(t, exampleComposer(), content))
	// The unrolled month: the moved date may be too late for the notice.
	holds(t, text, "must hear so from you by Sunday 5 April 2026, with the reason.", true)
	holds(t, text, "The answer must then go out by Friday 5 June 2026.", true)
	holds(t, text, "A busy time or too few people is no valid reason.", true)
}

func TestNoticeOfAFurtherMailSaysThatTheDraftWentBack(t *testing.T) {
	phrases := []string{"Die vraagt nu meer dan eerst.", "Daarom ging het ontwerp terug."}
	for i, reason := range []string{"", moreMail} {
		content := example(dsr.RightsNotice, dsr.Dutch)
		content.Letter.Reason = reason
		chosen(t, content, phrases, phrases[i])
	}
}

// TestReminderNeedsNoMoreThanNumberAndDates: what else a case lacks may not keep
// its reminder from staff.
func TestReminderNeedsNoMoreThanNumberAndDates(t *testing.T) {
	for _, step := range steps() {
		content := example(dsr.ReminderNotice, dsr.Dutch)
		content.Letter.Reason = step
		content.Rights, content.Trust, content.Received = nil, "", time.Time{}
		if step != string(deadline.WarnExtensionNotice) {
			content.Dates.LawBase, content.Dates.ExtensionDue = "", ""
		}
		compose(t, exampleComposer(), content)
	}
	extension := func(take func(*dsr.Dates)) lack {
		return lack{"dates of an extension", func(_ *Composer, c *dsr.LetterContent) {
			c.Letter.Reason = string(deadline.WarnExtensionNotice)
			take(&c.Dates)
		}}
	}
	checkLacks(t, dsr.ReminderNotice, slices.Concat(lacksOfAll(), lacksOfRequest()[:3], lacksOfCase()[5:], []lack{
		{"planning date", func(_ *Composer, c *dsr.LetterContent) { c.Dates.PlanBy = "" }},
		extension(func(d *dsr.Dates) { d.LawBase = "" }),
		extension(func(d *dsr.Dates) { d.ExtensionDue = "" }),
	}))
}

func TestStaffHearWhatBecameOfACopyAndWhatToDo(t *testing.T) {
	const look, ask = "Vergelijk de naam op de kopie", "Vraag de persoon om twee gegevens"
	phrases := []string{
		"staat een kopie van een identiteitsbewijs voor u klaar.", "Niemand gaf binnen 14 dagen een oordeel.",
		"Het bestand ging verloren", "Inzage kon dat bestand niet lezen.", "Er is nieuws over een kopie",
	}
	for i, reason := range append(copyNews(), "new word") {
		content := example(dsr.CopyNotice, dsr.Dutch)
		content.Letter.Reason = reason
		chosen(t, content, phrases, phrases[i])
		text := oneLine(compose(t, exampleComposer(), content))
		holds(t, text, look, reason == "ready")
		holds(t, text, ask, reason != "ready")
		holds(t, text, "Gebruik het niet, en verwijder het daar snel.", reason == "unread")
	}
}

func TestStaffHearWhichStepOfAFileFailed(t *testing.T) {
	phrases := []string{
		"Inzage probeerde een paar keer om de bestanden in te pakken.", "niet aannemen. Er is niets van bewaard.",
		"kwam niet aan, of het ging verloren.", "Er is iets met een bestand",
	}
	for i, reason := range append(fileNews(), "new word") {
		content := example(dsr.FilesNotice, dsr.Dutch)
		content.Letter.Reason = reason
		chosen(t, content, phrases, phrases[i])
		text := oneLine(compose(t, exampleComposer(), content))
		holds(t, text, "Stuur het bestand nog een keer in, of haal het uit de zaak.", reason != "package-failed")
	}
}
