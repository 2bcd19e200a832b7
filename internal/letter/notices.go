package letter

import (
	"slices"
	"strings"

	"polarweb.nl/inzage/internal/deadline"
	"polarweb.nl/inzage/internal/dsr"
)

// Why a draft came back, in the fixed words of a BackNotice.
const (
	sentBack = "sent-back" // the second person wants something else
	refused  = "refused"   // the second person doubts who this is
)

// moreMail is the reason of a RightsNotice about a mail that asks for nothing new,
// but that a draft was made without.
const moreMail = "more-mail"

// steps lists what staff are reminded of, in the words of package deadline. The
// receipt needs no reminder: it goes by itself.
func steps() []string {
	var words []string
	for _, kind := range []deadline.WarningKind{
		deadline.WarnHalfTime, deadline.WarnFiveDays, deadline.WarnThreeDays, deadline.WarnOneDay, deadline.WarnPlan,
		deadline.WarnPromise, deadline.WarnExtensionNotice, deadline.WarnLaw, deadline.WarnOverdue,
	} {
		words = append(words, string(kind))
	}
	return words
}

// copyNews lists what staff hear about a copy of an identity document, in the
// fixed words of a CopyNotice.
func copyNews() []string { return []string{"ready", "unseen", "lost", "unread"} }

// fileNews lists what staff hear about the files of an answer, in the fixed words
// of a FilesNotice.
func fileNews() []string { return []string{"package-failed", "file-refused", "file-lost"} }

// returns lists what SES reports about a letter that did not arrive well.
func returns() []string { return []string{"bounce", "complaint", "rejected"} }

// staffFacts gives what only letters to staff speak of. All of it is chosen from
// fixed words: such a letter holds no text that a person wrote.
func staffFacts(f facts, content dsr.LetterContent) {
	letter := content.Letter
	f.flags["trust."+string(content.Trust)] = true
	f.flags["reason."+oneOf(reasons(), letter.Reason)] = true
	f.flags["step."+oneOf(steps(), letter.Reason)] = true
	f.flags["copy."+oneOf(copyNews(), letter.Reason)] = true
	f.flags["file."+oneOf(fileNews(), letter.Reason)] = true
	// Of a notice about a letter, the reason is the kind of that letter and, when
	// SES said so, how it came back.
	kind, how, _ := strings.Cut(letter.Reason, " ")
	f.flags["failed."+failure(dsr.LetterKind(kind))] = true
	f.flags["came."+oneOf(returns(), how)] = true
	f.flags["back."+letter.Reason] = true
	f.flags[moreMail] = letter.Reason == moreMail
	// In an organisation of one person a wait takes the place of the second one,
	// and the review goes to whoever made the draft. A notice that is sent again
	// after the wait has none of its own, but the draft still has.
	f.flags["alone"] = !letter.NotBefore.IsZero() || !content.NotBefore.IsZero()
	f.flags["draft."+string(letter.Purpose)] = true
}

// reasons lists why a mail needs a person, in the fixed words of the mailroom.
// The words are ours, so a source has a sentence for each of them.
func reasons() []string {
	return []string{
		"no-header", "no-sender", "empty", "bad-structure", "unknown-charset",
		"too-large", "too-many-parts", "encrypted", "virus", "unscanned",
		"only-attachments", "maybe-request", "missing", "attempts",
		"may-hold-copy", "spam", "not-passed-on", "purged-case",
	}
}

// oneOf gives the word for which the sources have a sentence; a word they do not
// know gets the general sentence rather than none.
func oneOf(known []string, word string) string {
	if slices.Contains(known, word) {
		return word
	}
	return other
}

// other is the word of the general sentence.
const other = "other"

// failures lists what a letter that did not go out was for.
func failures() []string {
	return []string{"receipt", "confirm", "copy", "answer", "code", "wait", "staff", other}
}

// failure gives what a letter that did not go out was for, in a word for which
// the notice about it has sentences.
func failure(kind dsr.LetterKind) string {
	if staff(kind) {
		return "staff"
	}
	switch kind {
	case dsr.Acknowledgement:
		return "receipt"
	case dsr.ConfirmLetter:
		return "confirm"
	case dsr.CopyLetter, dsr.CopyAgainLetter:
		return "copy"
	case dsr.AnswerLetter, dsr.RefusalLetter:
		return "answer"
	case dsr.CodeLetter:
		return "code"
	case dsr.WaitLetter:
		return "wait"
	}
	return other
}
