package letter

import (
	"slices"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// doubted is the Reason of a CopyLetter that staff send because they doubt who
// asks. Without it the letter says what the policy of the organisation is.
const doubted = "doubt"

// copyRefusals lists why a copy could not be used, in the fixed words of package
// idcopy; "lost" is a copy that was gone before anybody could look at it.
func copyRefusals() []string {
	return []string{
		"pdf", "heic", "avif", "gif", "webp", "tiff", "svg", "zip", "text", "unknown",
		"empty", "too-large", "too-many-pixels", "too-small", "blank", "damaged", "overbuilt", "unsupported", "lost",
	}
}

// copyFacts gives why a copy is asked, or why one could not be used.
func (c Composer) copyFacts(f facts, content dsr.LetterContent) {
	reason := content.Letter.Reason
	f.flags["refusal."+oneOf(copyRefusals(), reason)] = true
	// art. 12(6) GDPR: more proof only where there is reasonable doubt.
	f.flags["doubt"] = reason == doubted || c.Profile.Identity.IDCopy != organisation.CopyOnRequest
}

// copyParts lists what the letters about a copy of an identity document need to
// say. Whoever is asked for one may refuse, and hears where to complain.
func (c Composer) copyParts(content dsr.LetterContent) []part {
	parts := caseParts(content)
	switch content.Letter.Ref.Kind {
	case dsr.CopyLetter:
		parts = append(parts, part{"right for which a copy is asked", c.asksCopy(content.Rights)})
	case dsr.CheckedLetter:
		return append(parts, part{"instant at which the copy was destroyed", !content.DestroyedAt.IsZero()})
	}
	return append(parts, c.complaintParts()...)
}

// asksCopy reports whether the profile asks for a copy for one of the rights.
func (c Composer) asksCopy(rights []dsr.Right) bool {
	return slices.ContainsFunc(rights, func(right dsr.Right) bool {
		means, _ := c.Profile.Means(string(right))
		return slices.Contains(means, organisation.MeansIDCopy)
	})
}

// copyDuties are what a request for a copy owes its reader beside the dates: what
// to black out, what becomes of the copy, another way, and that they may refuse.
// EDPB Guidelines 01/2022, par. 74 to 79.
func copyDuties(language dsr.Language) []duty {
	refusing := []string{"weigeren"}
	if language == dsr.English {
		refusing = []string{"refuse"}
	}
	return []duty{
		blackened(language),
		{"when the copy is destroyed", []string{"{copy-days}"}},
		{"the right to refuse", refusing},
		lighter(language),
	}
}

// blackened is what to black out before a copy is sent: the page that takes it
// can do nothing about what stands on it (art. 46(1) UAVG: the number).
func blackened(language dsr.Language) duty {
	hidden := []string{"pasfoto", "burgerservicenummer", "documentnummer", "lange regels", "handtekening", "kopieid"}
	if language == dsr.English {
		hidden = []string{"photo", "citizen service number", "document number", "long lines", "signature", "kopieid"}
	}
	return duty{"what to black out", hidden}
}

// lighter is that a copy is never the only way (art. 5(1)(c) GDPR).
func lighter(language dsr.Language) duty {
	if language == dsr.English {
		return duty{"a lighter way", []string{"rather not send a copy", "two facts"}}
	}
	return duty{"a lighter way", []string{"liever geen kopie", "twee gegevens"}}
}
