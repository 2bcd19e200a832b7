package letter

import (
	"errors"
	"mime"
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/dsr"
)

func TestPreviewIsWhatComposeSends(t *testing.T) {
	eachLetter(t, func(t *testing.T, content dsr.LetterContent, letter composed) {
		want, err := new(mime.WordDecoder).DecodeHeader(letter.header.Get("Subject"))
		if err != nil {
			t.Fatal(err)
		}
		subject, text, err := exampleComposer().Preview(content)
		if err != nil || subject != want || text != letter.text {
			t.Errorf("error %v\npreview: %s\n%s\nsent: %s\n%s", err, subject, text, want, letter.text)
		}
	})
}

// TestPreviewOfAnAnswerIsTheLetterOfAnotherDay: it is approved on one day, and
// leaves when its files are packed.
func TestPreviewOfAnAnswerIsTheLetterOfAnotherDay(t *testing.T) {
	for _, kind := range []dsr.LetterKind{dsr.AnswerLetter, dsr.RefusalLetter} {
		for _, language := range []dsr.Language{dsr.Dutch, dsr.English} {
			content := example(kind, language)
			packed(&content)
			wantSubject, want, err := exampleComposer().Preview(content)
			if err != nil {
				t.Fatal(err)
			}
			content.Letter.Queued = content.Letter.Queued.AddDate(0, 2, 9)
			if subject, text, err := exampleComposer().Preview(content); err != nil || subject != wantSubject || text != want {
				t.Errorf("%s: error %v\napproved: %s\n%s\nsent: %s\n%s", kind, err, wantSubject, want, subject, text)
			}
		}
	}
}

func TestPreviewRefusesWhatComposeRefuses(t *testing.T) {
	content := example(dsr.RefusalLetter, dsr.Dutch)
	content.Reasons = nil
	subject, text, err := exampleComposer().Preview(content)
	if !errors.Is(err, ErrIncomplete) || subject != "" || text != "" {
		t.Errorf("a refusal without reasons is previewed as %q, %q, %v", subject, text, err)
	}
	if !strings.Contains(err.Error(), content.Letter.Ref.Tag()) {
		t.Errorf("the error does not say which letter: %v", err)
	}
	content.Letter.Ref.Kind = "M99"
	if _, _, err := exampleComposer().Preview(content); !errors.Is(err, ErrUnknownKind) {
		t.Errorf("error is %v", err)
	}
}
