package letter

import (
	"slices"

	"polarweb.nl/inzage/internal/dsr"
)

// form is what all letters of one kind have in common.
type form struct {
	kind  dsr.LetterKind
	staff bool          // goes to staff; else to a data subject
	links []dsr.Purpose // one of which the letter's link is for; empty for a letter without a link
}

// forms lists the kinds of letters that have sources.
func forms() []form {
	type purposes = []dsr.Purpose
	return []form{
		{dsr.Acknowledgement, false, purposes{dsr.FollowCase}},
		{dsr.ConfirmLetter, false, purposes{dsr.ConfirmMailbox}},
		{dsr.CopyLetter, false, purposes{dsr.UploadIDCopy}},
		{dsr.CopyAgainLetter, false, purposes{dsr.UploadIDCopy}},
		{dsr.CheckedLetter, false, purposes{dsr.FollowCase}},
		{dsr.AnswerLetter, false, purposes{dsr.CollectAnswer}},
		// A code beside a link to where it is used would be one proof, not two.
		{dsr.CodeLetter, false, nil},
		{dsr.WaitLetter, false, purposes{dsr.StopErasure}},
		{dsr.RefusalLetter, false, purposes{dsr.CollectAnswer, dsr.FollowCase}},
		{dsr.WithdrawnLetter, false, purposes{dsr.FollowCase}},
		{dsr.ReviewNotice, true, purposes{dsr.ApproveRelease, dsr.ApproveErasure, dsr.Refuse}},
		{dsr.BackNotice, true, purposes{dsr.SignIn}},
		{dsr.ReminderNotice, true, purposes{dsr.SignIn}},
		{dsr.LetterNotice, true, purposes{dsr.SignIn}},
		{dsr.NewCaseNotice, true, purposes{dsr.SignIn}},
		{dsr.MailNotice, true, purposes{dsr.OriginalMail}},
		{dsr.RightsNotice, true, purposes{dsr.SignIn}},
		{dsr.DisownedNotice, true, purposes{dsr.SignIn}},
		{dsr.ErasureNotice, true, purposes{dsr.SignIn}},
		{dsr.WithdrawnNotice, true, purposes{dsr.SignIn}},
		{dsr.LinkNotice, true, purposes{dsr.SignIn}},
		{dsr.ConfirmedNotice, true, purposes{dsr.SignIn}},
		{dsr.CopyNotice, true, purposes{dsr.SignIn}},
		{dsr.FilesNotice, true, purposes{dsr.SignIn}},
		// What a forward is about hangs on it.
		{dsr.ForwardLetter, true, nil},
	}
}

// formOf gives the form of a kind; ok is false for a kind without sources.
func formOf(kind dsr.LetterKind) (f form, ok bool) {
	for _, f := range forms() {
		if f.kind == kind {
			return f, true
		}
	}
	return form{}, false
}

// staff reports whether a letter goes to a member of staff. Such a letter
// holds no personal data: it leaves the organisation's own systems, and what
// it is about stands behind its link.
func staff(kind dsr.LetterKind) bool {
	f, _ := formOf(kind)
	return f.staff
}

// linksTo reports whether the letter carries the link its words speak of. A
// link for staff in a letter to a data subject would open the desk to a
// stranger.
func linksTo(content dsr.LetterContent) bool {
	f, _ := formOf(content.Letter.Ref.Kind)
	purpose := content.Letter.Purpose
	if f.kind == dsr.RefusalLetter {
		return purpose == refusalLink(content)
	}
	return slices.Contains(f.links, purpose)
}

// refusalLink is where a refusal leads: to the answer when that holds more than
// the letter says, and else to the page of the case. A letter that links to
// nobody has no answer to collect.
func refusalLink(content dsr.LetterContent) dsr.Purpose {
	if content.Collects && !unlinked(content) {
		return dsr.CollectAnswer
	}
	return dsr.FollowCase
}

// unlinked reports whether the answer is that nothing could be linked to the one
// who asks.
func unlinked(content dsr.LetterContent) bool {
	return content.Letter.Ref.Kind == dsr.RefusalLetter && content.Outcome == dsr.Unlinked
}

// reaches reports whether the letter goes to somebody for whom its kind is.
// What concerns the person on file goes to a contact on file, never to whoever
// wrote the mail; who was linked to nobody on file can only be told there.
func reaches(content dsr.LetterContent) bool {
	to := content.Letter.To
	switch kind := content.Letter.Ref.Kind; kind {
	case dsr.ConfirmLetter, dsr.CopyLetter, dsr.CopyAgainLetter, dsr.CheckedLetter,
		dsr.AnswerLetter, dsr.CodeLetter, dsr.WaitLetter:
		return to.Contact > 0 && !to.Requester
	case dsr.RefusalLetter:
		return to.Requester == unlinked(content) && (to.Contact > 0) != unlinked(content)
	case dsr.ForwardLetter:
		return to == dsr.Addressee{Desk: true}
	default: // a link of staff names its reader, so it never goes to a shared mailbox
		return to.Personal() != staff(kind) && !to.Desk
	}
}
