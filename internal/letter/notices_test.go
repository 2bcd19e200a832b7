package letter

import (
	"strings"
	"testing"

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
		"Het gaat om een brief aan de persoon.",
	}
	en := []string{
		"It is the acknowledgement of the request.", "It is the question whether the request really comes from this person.",
		"It is our answer.", "It is the code for our answer.", "It is the message that we are about to answer.",
		"It is a letter to the person.",
	}
	for reason, i := range map[string]int{
		"M01": 0, "M03": 1, "M10": 2, "M14": 2, "M10-code": 3, "M10-wait": 4, "M15": 5, "": 5, "{link} <b>new</b>": 5,
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
