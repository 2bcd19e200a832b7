package letter

import (
	"fmt"

	"polarweb.nl/inzage/internal/dsr"
)

// Preview gives the subject and the plain-text part of a letter exactly as
// Compose would send them, and refuses what Compose would refuse. Who looks at
// it decides about these words; the HTML part says the same.
//
// A letter with a link needs a token here too. There is none before the letter
// is sent, and the one who decides must not hold the reader's link, so a caller
// fills in a stand-in such as "l1.voorbeeld".
func (c Composer) Preview(content dsr.LetterContent) (subject, text string, err error) {
	letter, err := c.write(content, c.language(content))
	if err != nil {
		return "", "", fmt.Errorf("previewing letter %s: %w", content.Letter.Ref.Tag(), err)
	}
	return letter.subject, letter.text, nil
}
