package letter

import (
	"strings"

	"polarweb.nl/inzage/internal/dsr"
)

// personalParts lists what a letter to a data subject needs: that every such
// letter says who writes and brings an answer back to the case, and what its
// kind says besides.
func (c Composer) personalParts(content dsr.LetterContent) []part {
	parts := []part{
		{"token of the thread", isThread(content.Thread)},
		{"contact address", isAddress(c.Profile.Controller.Email)},
		{"name of the controller", inert(c.Profile.Controller.PublicName()) != ""},
	}
	switch content.Letter.Ref.Kind {
	case dsr.Acknowledgement:
		parts = append(parts, c.acknowledgementParts(content)...)
	case dsr.ConfirmLetter:
		parts = append(parts, requestParts(content)...)
	case dsr.CopyLetter, dsr.CopyAgainLetter, dsr.CheckedLetter:
		parts = append(parts, c.copyParts(content)...)
	case dsr.AnswerLetter:
		parts = append(parts, requestParts(content)...)
		parts = append(parts, c.complaintParts()...)
		parts = append(parts, part{"decision that grants each right", decided(content) && len(refusals(content)) == 0})
	case dsr.CodeLetter:
		parts = append(parts,
			part{"case number", isNumber(content.Number)},
			part{"one-time code", isCode(content.Code)})
	case dsr.WaitLetter:
		parts = append(parts, requestParts(content)...)
		parts = append(parts,
			part{"decision about each right", decided(content)},
			part{"instant until when it can be stopped", content.NotBefore.After(content.Letter.Queued)})
	case dsr.RefusalLetter:
		parts = append(parts, c.refusalParts(content)...)
	case dsr.WithdrawnLetter:
		parts = append(parts, requestParts(content)...)
		parts = append(parts, c.complaintParts()...)
	}
	return parts
}

// acknowledgementParts lists what the receipt of a request must tell: what we
// understood, both dates, and where a person can turn to.
// EDPB Guidelines 01/2022, par. 57, advises to state the period from and to.
func (c Composer) acknowledgementParts(content dsr.LetterContent) []part {
	statement, _ := c.statement(content)
	parts := append(caseParts(content),
		part{"proof asked for each right", c.proofKnown(content.Rights)},
		part{"privacy statement", isWebAddress(statement)})
	return append(parts, c.complaintParts()...)
}

// refusalParts lists what a refusal must tell, in whole or in part.
// art. 12(4) GDPR: the reasons, the complaint and the court. The road to the
// court holds no value; duties keeps it in the source.
func (c Composer) refusalParts(content dsr.LetterContent) []part {
	parts := append(requestParts(content), c.complaintParts()...)
	parts = append(parts, part{"address of the authority", c.authorityAddress() != ""})
	if unlinked(content) {
		return parts
	}
	return append(parts,
		part{"outcome", content.Outcome == dsr.Answered},
		part{"decision about each right", decided(content)},
		part{"decision that refuses a right", len(refusals(content)) > 0},
		part{"ground of each refusal", grounded(content)},
		part{"reason of each refusal", reasoned(content)})
}

// complaintParts lists what a person needs to lodge a complaint.
// art. 77 GDPR.
func (c Composer) complaintParts() []part {
	return []part{
		{"name of the authority", inert(c.Profile.Authority.Name) != ""},
		{"page for complaints", isWebAddress(c.Profile.Authority.ComplaintURL)},
	}
}

// authorityAddress is the authority's postal address on one line.
func (c Composer) authorityAddress() string {
	var lines []string
	for _, line := range c.Profile.Authority.Address {
		if line = inert(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, ", ")
}

// proofKnown reports whether the profile says for each right what is asked. A
// right without a policy is not a right for which nothing is asked.
func (c Composer) proofKnown(rights []dsr.Right) bool {
	for _, right := range rights {
		if _, known := c.Profile.Means(string(right)); !known {
			return false
		}
	}
	return true
}

// isCode accepts six digits, which is what the page asks for.
func isCode(code string) bool { return len(code) == 6 && only(code, digits) }
