// Package letter composes every mail that Inzage sends.
//
// Each letter is one Markdown source per language, in text/<kind>.<language>.md,
// and that source alone holds its words: a lawyer can read and correct it
// without reading Go. From it come a complete plain-text part and a small HTML
// part that say the same. Values, such as a case number or a name, take their
// places only after the Markdown was turned into text and HTML, and each is
// made inert for its part, so that nobody can write a link or a heading into
// our letter by calling himself one. The form of a source is described at
// source.
//
// The package stores nothing, asks no clock and draws no random numbers: the
// same content gives the same bytes. A caller keeps one Composer and hands
// what it composes to package postoffice:
//
//	composer := letter.Composer{Profile: profile, BaseURL: "https://avg.example.nl"}
//	message, err := composer.Compose(content)
//
// A letter that misses something the reader must know is not composed; the
// error is ErrIncomplete and names what is missing, never a value. That holds
// for a value that the content lacks, and for words that somebody took out of a
// source although the law wants them there (see duties).
//
// Forward passes a mail of somebody else on, untouched, to the people who read the
// ordinary mail; Fits says beforehand whether SES takes one of its size.
//
// Preview gives the words of a letter to whoever decides whether it goes out.
package letter

import (
	"fmt"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// Errors of composing a letter. Each is also dsr.ErrUnsendable: the same content
// gives the same letter, so another try fails alike.
var (
	// ErrIncomplete is returned for a letter that may not go out, because a part
	// is missing that the reader needs.
	ErrIncomplete = fmt.Errorf("%w: it is incomplete", dsr.ErrUnsendable)
	// ErrUnknownKind is returned for a kind of letter that has no source.
	ErrUnknownKind = fmt.Errorf("%w: there is no such letter", dsr.ErrUnsendable)
	// ErrSource is returned for a mistake in a source. The tests of this package
	// compose every source, so an operator never meets it.
	ErrSource = fmt.Errorf("%w: its source is wrong", dsr.ErrUnsendable)
)

// Composer writes the letters of one organisation.
type Composer struct {
	// Profile says who writes, which proof is asked and where complaints go.
	Profile organisation.Profile
	// BaseURL is the address before the path of every link, without a slash at
	// its end.
	BaseURL string
}

// Compose writes one letter. The error is ErrIncomplete, ErrUnknownKind or
// ErrSource.
func (c Composer) Compose(content dsr.LetterContent) (dsr.Message, error) {
	message, err := c.compose(content)
	if err != nil {
		return dsr.Message{}, fmt.Errorf("composing letter %s: %w", content.Letter.Ref.Tag(), err)
	}
	return message, nil
}

// compose takes the steps of Compose: write the words, pack them as a mail.
func (c Composer) compose(content dsr.LetterContent) (dsr.Message, error) {
	if content.Letter.Ref.Kind == dsr.ForwardLetter {
		return dsr.Message{}, errNoOriginal
	}
	language := c.language(content)
	letter, err := c.write(content, language)
	if err != nil {
		return dsr.Message{}, err
	}
	return c.pack(content, language, letter)
}

// write gives the words of a letter in a language: check, gather, render. The
// flags are those that no content says.
func (c Composer) write(content dsr.LetterContent, language dsr.Language, flags ...string) (rendered, error) {
	kind := content.Letter.Ref.Kind
	if _, known := formOf(kind); !known {
		return rendered{}, ErrUnknownKind
	}
	if err := c.complete(content); err != nil {
		return rendered{}, err
	}
	facts, err := c.facts(content, language)
	if err != nil {
		return rendered{}, err
	}
	for _, flag := range flags {
		facts.flags[flag] = true
	}
	src, err := readSource(string(kind), language)
	if err != nil {
		return rendered{}, err
	}
	return render(kind, language, src, facts)
}

// language is the language a letter is written in: its own, or the profile's
// when it names none that we write.
func (c Composer) language(content dsr.LetterContent) dsr.Language {
	for _, language := range []dsr.Language{
		content.Letter.Language,
		dsr.Language(c.Profile.Languages.Default),
	} {
		if language == dsr.Dutch || language == dsr.English {
			return language
		}
	}
	return dsr.Dutch
}
