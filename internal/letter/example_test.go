package letter

import (
	"strings"
	"time"

	"polarweb.nl/inzage/internal/deadline"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// exampleComposer writes for an invented company.
func exampleComposer() Composer {
	p := organisation.Defaults()
	p.Controller = organisation.Controller{
		Name: "Voorbeeld Hosting B.V.", TradeName: "Voorbeeld", KVK: "12345678",
		Address: []string{"Dorpsstraat 1", "9999 AA Voorbeelddorp"},
		Email:   "klantenservice@voorbeeld.example", Website: "https://voorbeeld.example",
		PrivacyStatementURL: "https://voorbeeld.example/privacy",
	}
	p.Authority = organisation.Authority{
		Name: "Autoriteit Persoonsgegevens", Address: []string{"Postbus 93374", "2509 AJ Den Haag"},
		ComplaintURL: "https://autoriteit.example/klacht",
	}
	p.Intake = organisation.Intake{Mode: organisation.ModeCopy, Addresses: []string{"info@voorbeeld.example"}}
	p.Sender = organisation.Sender{
		FromName: "Voorbeeld privacyloket", FromAddress: "privacy@voorbeeld.example",
		Thread: organisation.Thread{LocalPart: "info", Domain: "voorbeeld.example"},
	}
	p.Statement = []organisation.StatementVersion{
		{URL: "https://voorbeeld.example/privacy/2018", From: "2018-05-25"},
		{URL: "https://voorbeeld.example/privacy/2027", From: "2027-01-01"},
	}
	p.Identity.Rights = map[string][]organisation.Means{}
	for _, right := range organisation.Rights() {
		p.Identity.Rights[right] = []organisation.Means{organisation.MeansMailbox}
	}
	p.Identity.Rights["access"] = []organisation.Means{organisation.MeansMailbox, organisation.MeansIDCopy}
	p.Identity.Rights["objection_marketing"] = []organisation.Means{organisation.MeansNone}
	p.Identity.IDCopy = organisation.CopyOnRequest
	return Composer{Profile: p, BaseURL: "https://avg.voorbeeld.example"}
}

// exampleToken has the length of a real token.
func exampleToken() string { return "l1.k1." + strings.Repeat("Aa0_-", 22) + "Z-_9" }

// example gives complete content for a letter of each kind: a request of
// 5 March 2026, whose legal month ends on Easter Sunday.
func example(kind dsr.LetterKind, language dsr.Language) dsr.LetterContent {
	received := time.Date(2026, time.March, 5, 8, 0, 0, 0, time.UTC)
	content := dsr.LetterContent{
		Letter: dsr.Letter{
			Ref:      dsr.LetterRef{OwnerKind: dsr.OwnedByCase, Case: dsr.OwnerID{1, 2, 3}, Kind: kind, N: 1},
			Language: language, Purpose: dsr.FollowCase, Queued: received.Add(time.Minute),
		},
		To:     dsr.Mailbox{Name: "Anna de Vries", Address: "anna@klant.example"},
		Number: "AVG-2026-0012", Thread: "abcdefghijklmnopqrstuvwxyz", Received: received,
		Dates: dsr.Dates{
			ReceiptDay: "2026-03-05", PromiseDue: "2026-04-02", PlanBy: "2026-04-02",
			LawBase: "2026-04-05", LawDue: "2026-04-07", ExtensionDue: "2026-06-05",
		},
		Rights: []dsr.Right{dsr.Access}, Trust: dsr.TrustA,
		Token: exampleToken(), InReply: "<verzoek-1@klant.example>",
	}
	if staff(kind) {
		noticeExample(&content)
	} else {
		personalExample(&content)
	}
	return content
}

// noticeExample makes a letter one to a member of staff.
func noticeExample(content *dsr.LetterContent) {
	content.To = dsr.Mailbox{Name: "Bo Bakker", Address: "bo@voorbeeld.example"}
	content.Letter.To = dsr.Addressee{Staff: dsr.ActorID{7}}
	content.Letter.Purpose = dsr.SignIn
	switch kind := content.Letter.Ref.Kind; kind {
	case dsr.LetterNotice:
		content.Letter.Reason = string(dsr.Acknowledgement)
	case dsr.ReviewNotice:
		content.Letter.Purpose = dsr.ApproveRelease
	case dsr.BackNotice:
		content.Letter.Reason = sentBack
	case dsr.ReminderNotice:
		content.Letter.Reason = string(deadline.WarnHalfTime)
	case dsr.CopyNotice:
		content.Letter.Reason = "ready"
	case dsr.FilesNotice:
		content.Letter.Reason = "package-failed"
	case dsr.ForwardLetter:
		content.To, content.Letter.To = dsr.Mailbox{Address: "mensen@voorbeeld.example"}, dsr.Addressee{Desk: true}
		content.Letter.Ref = dsr.LetterRef{OwnerKind: dsr.OwnedByMail, MailID: "0100abc", Kind: kind, N: 1}
		content.Letter.Purpose, content.Token, content.InReply = "", "", ""
		content.Number, content.Thread, content.Rights, content.Trust = "", "", nil, ""
		content.Dates = dsr.Dates{}
	case dsr.MailNotice:
		content.Letter.Purpose = dsr.OriginalMail
		content.Letter.Ref = dsr.LetterRef{OwnerKind: dsr.OwnedByMail, MailID: "0100abc", Kind: kind, N: 1}
		content.Letter.Reason = "maybe-request"
		content.Number, content.Thread, content.Rights, content.Trust = "", "", nil, ""
		content.Dates = dsr.Dates{}
	}
}

// personalExample makes a letter one to a data subject; an answer grants access
// and denies erasure.
func personalExample(content *dsr.LetterContent) {
	content.Letter.To = dsr.Addressee{Contact: 1}
	switch content.Letter.Ref.Kind {
	case dsr.Acknowledgement, dsr.WithdrawnLetter:
		content.Letter.To = dsr.Addressee{Requester: true}
	case dsr.ConfirmLetter:
		content.Letter.Purpose = dsr.ConfirmMailbox
	case dsr.CopyLetter:
		content.Letter.Purpose = dsr.UploadIDCopy
	case dsr.CopyAgainLetter:
		content.Letter.Purpose, content.Letter.Reason = dsr.UploadIDCopy, "heic"
	case dsr.CheckedLetter:
		content.DestroyedAt = content.Received.Add(25 * time.Hour)
	case dsr.AnswerLetter:
		content.Letter.Purpose, content.Outcome, content.Collects = dsr.CollectAnswer, dsr.Answered, true
		decide(content, dsr.Decision{Right: dsr.Access, Result: dsr.Granted})
	case dsr.CodeLetter:
		content.Letter.Purpose, content.Token, content.Code = "", "", "042917"
	case dsr.WaitLetter:
		content.Letter.Purpose, content.NotBefore = dsr.StopErasure, content.Letter.Queued.Add(24*time.Hour)
		decide(content, dsr.Decision{Right: dsr.Access, Result: dsr.Granted})
	case dsr.RefusalLetter:
		content.Letter.Purpose, content.Outcome, content.Collects = dsr.CollectAnswer, dsr.Answered, true
		decide(content,
			dsr.Decision{Right: dsr.Access, Result: dsr.Granted},
			dsr.Decision{Right: dsr.Erasure, Result: dsr.Refused, Ground: dsr.GroundLegalDuty})
	}
}

// exampleReason is a reason in two paragraphs, as a browser sends it.
const exampleReason = "Uw facturen moeten wij zeven jaar bewaren.\r\n\r\nDaarna wissen wij ze vanzelf."

// decide makes these the decisions about all rights of a request.
func decide(content *dsr.LetterContent, decisions ...dsr.Decision) {
	content.Decisions, content.Rights, content.Reasons = decisions, nil, map[dsr.Right]string{}
	for _, decision := range decisions {
		content.Rights = append(content.Rights, decision.Right)
		if decision.Result != dsr.Granted {
			content.Reasons[decision.Right] = exampleReason
		}
	}
}

// decideAll decides about every right in one way, on the last of its grounds;
// what cannot be refused is granted.
func decideAll(content *dsr.LetterContent, result dsr.Result) {
	var decisions []dsr.Decision
	for _, right := range dsr.Rights() {
		decision := dsr.Decision{Right: right, Result: dsr.Granted}
		if grounds := right.Grounds(); result != dsr.Granted && len(grounds) > 0 {
			decision = dsr.Decision{Right: right, Result: result, Ground: grounds[len(grounds)-1]}
		}
		decisions = append(decisions, decision)
	}
	decide(content, decisions...)
}

// unlink makes a refusal one to somebody who could not be linked to the file.
func unlink(content *dsr.LetterContent) {
	content.Outcome, content.Collects, content.Decisions, content.Reasons = dsr.Unlinked, false, nil, nil
	content.Letter.To, content.Letter.Purpose = dsr.Addressee{Requester: true}, dsr.FollowCase
}

// variant is one golden letter.
type variant struct {
	name    string
	kind    dsr.LetterKind
	content func(*dsr.LetterContent)
}

// variants lists the letters that differ in their words.
func variants() []variant { return append(personalVariants(), noticeVariants()...) }

// same is the example as it is.
func same(*dsr.LetterContent) {}

// personalVariants lists the letters to data subjects.
func personalVariants() []variant {
	erasing := func(c *dsr.LetterContent) {
		decide(c, dsr.Decision{Right: dsr.Access, Result: dsr.Granted}, dsr.Decision{Right: dsr.Erasure, Result: dsr.Granted})
	}
	denied := dsr.Decision{Right: dsr.Erasure, Result: dsr.Refused, Ground: dsr.GroundStillNeeded}
	return []variant{
		{"access", dsr.Acknowledgement, same},
		{"marketing", dsr.Acknowledgement, func(c *dsr.LetterContent) {
			c.Rights, c.To.Name = []dsr.Right{dsr.ObjectionMarketing}, ""
		}},
		{"everything", dsr.Acknowledgement, func(c *dsr.LetterContent) { c.Rights = dsr.Rights() }},
		{"confirm", dsr.ConfirmLetter, same},
		{"nameless", dsr.ConfirmLetter, func(c *dsr.LetterContent) { c.To.Name = "" }},
		{"policy", dsr.CopyLetter, same},
		{"doubt", dsr.CopyLetter, func(c *dsr.LetterContent) { c.Letter.Reason, c.To.Name = doubted, "" }},
		{"heic", dsr.CopyAgainLetter, same},
		{"lost", dsr.CopyAgainLetter, because("lost")},
		{"unknown-reason", dsr.CopyAgainLetter, because("a new word")},
		{"checked", dsr.CheckedLetter, same},
		{"granted", dsr.AnswerLetter, same},
		{"packed", dsr.AnswerLetter, packed},
		{"code-elsewhere", dsr.AnswerLetter, func(c *dsr.LetterContent) { c.CodeElsewhere = true }},
		{"everything", dsr.AnswerLetter, func(c *dsr.LetterContent) { decideAll(c, dsr.Granted) }},
		{"code", dsr.CodeLetter, same},
		{"disclosure", dsr.WaitLetter, same},
		{"erasure", dsr.WaitLetter, erasing},
		{"denial", dsr.WaitLetter, func(c *dsr.LetterContent) { decide(c, denied) }},
		{"mixed", dsr.RefusalLetter, same},
		{"partly", dsr.RefusalLetter, func(c *dsr.LetterContent) {
			decide(c, dsr.Decision{Right: dsr.Access, Result: dsr.Partly, Ground: dsr.GroundOthers})
		}},
		{"denial", dsr.RefusalLetter, func(c *dsr.LetterContent) {
			decide(c, denied)
			c.Collects, c.Letter.Purpose = false, dsr.FollowCase
		}},
		{"packed", dsr.RefusalLetter, packed},
		{"everything", dsr.RefusalLetter, func(c *dsr.LetterContent) { decideAll(c, dsr.Refused) }},
		{"unlinked", dsr.RefusalLetter, unlink},
		{"withdrawn", dsr.WithdrawnLetter, same},
	}
}

// because gives a change of the reason alone.
func because(reason string) func(*dsr.LetterContent) {
	return func(c *dsr.LetterContent) { c.Letter.Reason = reason }
}

// remind gives a reminder of a step on a day of April.
func remind(step deadline.WarningKind, day int) func(*dsr.LetterContent) {
	return func(c *dsr.LetterContent) {
		c.Letter.Reason, c.Letter.Queued = string(step), time.Date(2026, time.April, day, 6, 0, 0, 0, time.UTC)
	}
}

// packed gives an answer an archive of files.
func packed(c *dsr.LetterContent) { c.Packed = true }

// noticeVariants lists the letters to staff.
func noticeVariants() []variant {
	about := func(purpose dsr.Purpose) func(*dsr.LetterContent) {
		return func(c *dsr.LetterContent) { c.Letter.Purpose = purpose }
	}
	several := func(c *dsr.LetterContent) { c.Rights = []dsr.Right{dsr.Access, dsr.Erasure, dsr.ObjectionMarketing} }
	return []variant{
		{"release", dsr.ReviewNotice, same},
		{"erasure", dsr.ReviewNotice, about(dsr.ApproveErasure)},
		{"refusal", dsr.ReviewNotice, about(dsr.Refuse)},
		{"alone", dsr.ReviewNotice, func(c *dsr.LetterContent) { c.Letter.NotBefore = c.Letter.Queued.Add(24 * time.Hour) }},
		{"sent-back", dsr.BackNotice, same},
		{"refused", dsr.BackNotice, because(refused)},
		{"half-time", dsr.ReminderNotice, same},
		{"minus-1", dsr.ReminderNotice, remind(deadline.WarnOneDay, 1)},
		{"planned", dsr.ReminderNotice, func(c *dsr.LetterContent) {
			remind(deadline.WarnPlan, 1)(c)
			c.Dates.PlanBy = "2026-04-01"
		}},
		{"promise", dsr.ReminderNotice, remind(deadline.WarnPromise, 2)},
		{"overdue", dsr.ReminderNotice, remind(deadline.WarnOverdue, 3)},
		{"extension", dsr.ReminderNotice, remind(deadline.WarnExtensionNotice, 5)},
		{"law-due", dsr.ReminderNotice, remind(deadline.WarnLaw, 7)},
		{"overdue-by-law", dsr.ReminderNotice, remind(deadline.WarnOverdue, 8)},
		{"receipt", dsr.LetterNotice, same},
		{"confirm", dsr.LetterNotice, because("M03")},
		{"answer", dsr.LetterNotice, because("M10")},
		{"code", dsr.LetterNotice, because("M10-code")},
		{"wait", dsr.LetterNotice, because("M10-wait")},
		{"copy", dsr.LetterNotice, because("M04 rejected")},
		{"bounce", dsr.LetterNotice, because("M10 bounce")},
		{"complaint", dsr.LetterNotice, because("M10 complaint")},
		{"colleague", dsr.LetterNotice, because("S6 bounce")},
		{"another-letter", dsr.LetterNotice, because("M15")},
		{"believed", dsr.NewCaseNotice, several},
		{"likely", dsr.NewCaseNotice, func(c *dsr.LetterContent) { c.Trust = dsr.TrustB }},
		{"doubtful", dsr.NewCaseNotice, func(c *dsr.LetterContent) { c.Trust = dsr.TrustC }},
		{"maybe-request", dsr.MailNotice, same},
		{"virus", dsr.MailNotice, because("virus")},
		{"unscanned", dsr.MailNotice, because("unscanned")},
		{"unknown-reason", dsr.MailNotice, because("a new word")},
		{"more", dsr.RightsNotice, several},
		{"more-mail", dsr.RightsNotice, because(moreMail)},
		{"disowned", dsr.DisownedNotice, same},
		{"erasure", dsr.ErasureNotice, several},
		{"confirmed", dsr.ConfirmedNotice, same},
		{"withdrawn", dsr.WithdrawnNotice, same},
		{"link", dsr.LinkNotice, same},
		{"ready", dsr.CopyNotice, same},
		{"unseen", dsr.CopyNotice, because("unseen")},
		{"unread", dsr.CopyNotice, because("unread")},
		{"package-failed", dsr.FilesNotice, same},
		{"file-refused", dsr.FilesNotice, because("file-refused")},
	}
}
