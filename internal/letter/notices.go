package letter

import (
	"slices"

	"polarweb.nl/inzage/internal/dsr"
)

// Why a draft came back, in the fixed words of a BackNotice.
const (
	sentBack = "sent-back" // the second person wants something else
	refused  = "refused"   // the second person doubts who this is
)

// staffFacts gives what only letters to staff speak of. All of it is chosen from
// fixed words: such a letter holds no text that a person wrote.
func staffFacts(f facts, content dsr.LetterContent) {
	letter := content.Letter
	f.flags["trust."+string(content.Trust)] = true
	f.flags["reason."+reason(letter.Reason)] = true
	// Of a notice about a letter, the reason is the kind of that letter.
	f.flags["failed."+failure(dsr.LetterKind(letter.Reason))] = true
	f.flags["back."+letter.Reason] = true
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
	}
}

// reason gives the word for which the sources have a sentence; a word they do
// not know gets the general sentence rather than none.
func reason(word string) string {
	if slices.Contains(reasons(), word) {
		return word
	}
	return "other"
}

// failures lists what a letter that did not go out was for.
func failures() []string { return []string{"receipt", "confirm", "answer", "code", "wait", "other"} }

// failure gives what a letter that did not go out was for, in a word for which
// the notice about it has sentences.
func failure(kind dsr.LetterKind) string {
	switch kind {
	case dsr.Acknowledgement:
		return "receipt"
	case dsr.ConfirmLetter:
		return "confirm"
	case dsr.AnswerLetter, dsr.RefusalLetter:
		return "answer"
	case dsr.CodeLetter:
		return "code"
	case dsr.WaitLetter:
		return "wait"
	}
	return "other"
}
