package letter

import (
	"fmt"
	"slices"
	"strings"

	"polarweb.nl/inzage/internal/dsr"
)

// duty is something that a letter owes its reader, with the words of a source
// by which it is recognised.
type duty struct {
	name  string
	words []string
}

// duties lists what the source of a letter may not leave out in the case at
// hand. That the values exist was checked before; this keeps whoever edits a
// source from taking out their places, or the road to the court, unnoticed.
func duties(kind dsr.LetterKind, language dsr.Language, f facts) []duty {
	var owed []duty
	if form, _ := formOf(kind); len(form.links) > 0 {
		owed = append(owed, duty{"the link", []string{"{button}"}})
	}
	number := duty{"the case number", []string{"{number}"}}
	dates := duty{"both dates", []string{"{promise-due}", "{law-due}"}}
	complaint := duty{"the authority", []string{"{authority}", "({complaint})"}}
	switch kind {
	case dsr.Acknowledgement:
		owed = append(owed, number, dates, complaint)
	case dsr.ConfirmLetter:
		owed = append(owed, number, duty{"what is asked", []string{"{rights}", "{receipt-day}"}})
	case dsr.CopyLetter:
		owed = append(owed, number, dates, complaint)
		owed = append(owed, copyDuties(language)...)
	case dsr.CopyAgainLetter:
		owed = append(owed, number, dates, complaint, blackened(language), lighter(language))
	case dsr.CheckedLetter:
		owed = append(owed, number, dates, duty{"when the copy was destroyed", []string{"{destroyed-at}"}})
	case dsr.AnswerLetter:
		owed = append(owed, number, complaint, court(language))
	case dsr.CodeLetter:
		owed = append(owed, number, duty{"the code", []string{"{code}"}})
	case dsr.WaitLetter:
		owed = append(owed, number, duty{"the instant until when it can be stopped", []string{"{not-before}"}})
	case dsr.RefusalLetter:
		owed = append(owed, number, complaint, duty{"the address of the authority", []string{"{authority-address}"}})
		owed = append(owed, court(language))
		owed = append(owed, explanations(f)...)
	case dsr.WithdrawnLetter:
		owed = append(owed, number, complaint)
	case dsr.ReminderNotice:
		owed = append(owed, number, dates)
	case dsr.ForwardLetter:
		owed = append(owed, duty{"when the mail was received", []string{"{received}"}})
	}
	return owed
}

// court is the road to the court: a petition, within six weeks of the answer.
// art. 12(4) and 79 GDPR; art. 35 UAVG.
func court(language dsr.Language) duty {
	if language == dsr.English {
		return duty{"the court", []string{"court", "petition", "six weeks", "article 35"}}
	}
	return duty{"the court", []string{"rechtbank", "verzoekschrift", "zes weken", "artikel 35"}}
}

// explanations are the reason and the ground of each refusal.
// art. 12(4) GDPR: the reasons for not taking action.
func explanations(f facts) []duty {
	var owed []duty
	for _, right := range f.lists["refused"] {
		owed = append(owed, duty{"the reasons for " + right, []string{"{" + right + ".reason}", "{" + right + ".ground}"}})
	}
	return owed
}

// dutiful reports what a letter leaves out. It reads the sections that apply
// before any value is filled in, so that no value can say a duty's words in its
// place.
func dutiful(kind dsr.LetterKind, language dsr.Language, body string, f facts) error {
	said := strings.ToLower(strings.Join(strings.Fields(body), " "))
	for _, owed := range duties(kind, language, f) {
		lacks := func(word string) bool { return !strings.Contains(said, word) }
		if slices.ContainsFunc(owed.words, lacks) {
			return fmt.Errorf("%w: its source leaves out %s", ErrIncomplete, owed.name)
		}
	}
	return nil
}
