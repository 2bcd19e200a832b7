package letter

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// lack is one way in which a letter is incomplete.
type lack struct {
	part string // what the error must name
	take func(*Composer, *dsr.LetterContent)
}

// lacksOfAll are the parts that no letter may lack.
func lacksOfAll() []lack {
	return append(lacksOfMail(), []lack{
		{"token of the link", func(_ *Composer, c *dsr.LetterContent) { c.Token = "" }},
		{"token of the link", func(_ *Composer, c *dsr.LetterContent) { c.Token = "l1.k1.a&b" }},
		{"purpose of the link", func(_ *Composer, c *dsr.LetterContent) { c.Letter.Purpose = "" }},
		{"base address of links", func(l *Composer, _ *dsr.LetterContent) { l.BaseURL = "/mijn" }},
		{"base address of links", func(l *Composer, _ *dsr.LetterContent) { l.BaseURL = "https://geheim@avg.example" }},
		{"base address of links", func(l *Composer, _ *dsr.LetterContent) { l.BaseURL = "javascript://geheim/" }},
	}...)
}

// lacksOfMail are the parts that even a letter without a link may not lack.
func lacksOfMail() []lack {
	return []lack{
		{"address of the reader", func(_ *Composer, c *dsr.LetterContent) { c.To.Address = "" }},
		{"address of the reader", func(_ *Composer, c *dsr.LetterContent) { c.To.Address = "geheim" }},
		{"day of queueing", func(_ *Composer, c *dsr.LetterContent) { c.Letter.Queued = time.Time{} }},
		{"address of the sender", func(l *Composer, _ *dsr.LetterContent) { l.Profile.Sender.FromAddress = "" }},
		{"domain for replies", func(l *Composer, _ *dsr.LetterContent) { l.Profile.Sender.Thread.Domain = "" }},
	}
}

// lacksOfRequest are the parts that no letter that names a request may lack.
func lacksOfRequest() []lack {
	return []lack{
		{"case number", func(_ *Composer, c *dsr.LetterContent) { c.Number = "" }},
		{"case number", func(_ *Composer, c *dsr.LetterContent) { c.Number = "AVG-geheim" }},
		{"day of receipt", func(_ *Composer, c *dsr.LetterContent) { c.Dates.ReceiptDay = "" }},
		{"right", func(_ *Composer, c *dsr.LetterContent) { c.Rights = nil }},
		{"right", func(_ *Composer, c *dsr.LetterContent) { c.Rights = []dsr.Right{"geheim"} }},
	}
}

// lacksOfCase are the parts that no letter with the dates of a case may lack.
func lacksOfCase() []lack {
	return append(lacksOfRequest(), []lack{
		{"promised date", func(_ *Composer, c *dsr.LetterContent) { c.Dates.PromiseDue = "" }},
		{"legal date", func(_ *Composer, c *dsr.LetterContent) { c.Dates.LawDue = "" }},
		{"legal date", func(_ *Composer, c *dsr.LetterContent) { c.Dates.LawDue = "2026-02-30" }},
	}...)
}

// checkLacks composes a letter without each part in turn.
func checkLacks(t *testing.T, kind dsr.LetterKind, lacks []lack) {
	t.Helper()
	for _, lack := range lacks {
		composer, content := exampleComposer(), example(kind, dsr.Dutch)
		lack.take(&composer, &content)
		message, err := composer.Compose(content)
		if !errors.Is(err, ErrIncomplete) || !strings.Contains(err.Error(), "no usable "+lack.part) {
			t.Errorf("%s without %s: error is %v", kind, lack.part, err)
			continue
		}
		if strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: the error repeats a value: %v", kind, err)
		}
		if message.Raw != nil || message.To != nil {
			t.Errorf("%s without %s gives a message beside its error", kind, lack.part)
		}
	}
}

func TestIncompleteAcknowledgementCannotBeComposed(t *testing.T) {
	lacks := slices.Concat(lacksOfAll(), lacksOfCase(), lacksOfPerson(), lacksOfComplaint())
	lacks = append(lacks,
		lack{"proof asked for each right", func(l *Composer, _ *dsr.LetterContent) { delete(l.Profile.Identity.Rights, "access") }},
		lack{"privacy statement", func(l *Composer, _ *dsr.LetterContent) {
			l.Profile.Statement, l.Profile.Controller.PrivacyStatementURL = nil, ""
		}},
	)
	checkLacks(t, dsr.Acknowledgement, lacks)
}

func TestIncompleteStaffNoticeCannotBeComposed(t *testing.T) {
	lacks := append(lacksOfAll(), lacksOfCase()...)
	lacks = append(lacks,
		lack{"planning date", func(_ *Composer, c *dsr.LetterContent) { c.Dates.PlanBy = "" }},
		lack{"level of trust", func(_ *Composer, c *dsr.LetterContent) { c.Trust = "geheim" }},
	)
	checkLacks(t, dsr.NewCaseNotice, lacks)
	checkLacks(t, dsr.ReviewNotice, lacks[:len(lacks)-1])
	for _, kind := range []dsr.LetterKind{dsr.RightsNotice, dsr.DisownedNotice, dsr.ErasureNotice, dsr.ConfirmedNotice, dsr.WithdrawnNotice, dsr.LinkNotice} {
		checkLacks(t, kind, append(lacksOfAll(), lacksOfCase()...))
	}
	checkLacks(t, dsr.BackNotice, slices.Concat(lacksOfAll(), lacksOfCase(), []lack{
		{"reason why the draft came back", func(_ *Composer, c *dsr.LetterContent) { c.Letter.Reason = "" }},
		{"reason why the draft came back", func(_ *Composer, c *dsr.LetterContent) { c.Letter.Reason = "geheim" }},
	}))
	for _, kind := range []dsr.LetterKind{dsr.CopyNotice, dsr.FilesNotice} {
		checkLacks(t, kind, append(lacksOfAll(), lacksOfCase()...))
	}
	checkLacks(t, dsr.LetterNotice, append(lacksOfAll(),
		lack{"case number", func(_ *Composer, c *dsr.LetterContent) { c.Number = "" }}))
	checkLacks(t, dsr.MailNotice, append(lacksOfAll(),
		lack{"instant of receipt", func(_ *Composer, c *dsr.LetterContent) { c.Received = time.Time{} }}))
}

// TestNoticeOfALetterNeedsNoMoreThanItsCase: a case that lacks what its letter
// needed would else keep the notice about that letter from staff too.
func TestNoticeOfALetterNeedsNoMoreThanItsCase(t *testing.T) {
	for _, language := range []dsr.Language{dsr.Dutch, dsr.English} {
		content := example(dsr.LetterNotice, language)
		content.Dates, content.Rights, content.Trust, content.Received = dsr.Dates{}, nil, "", time.Time{}
		letter := compose(t, exampleComposer(), content)
		holds(t, letter.text, "AVG-2026-0012", true)
		holds(t, letter.text, "•", false)
	}
}

func TestAllMissingPartsAreNamedAtOnce(t *testing.T) {
	content := example(dsr.Acknowledgement, dsr.Dutch)
	content.Number, content.Token = "", ""
	_, err := exampleComposer().Compose(content)
	if err == nil || !strings.Contains(err.Error(), "no usable token of the link, no usable case number") {
		t.Errorf("error is %v", err)
	}
}

func TestLetterCarriesOnlyTheLinkItSpeaksOf(t *testing.T) {
	allowed := map[dsr.LetterKind][]dsr.Purpose{
		dsr.Acknowledgement: {dsr.FollowCase}, dsr.ConfirmLetter: {dsr.ConfirmMailbox}, dsr.AnswerLetter: {dsr.CollectAnswer},
		dsr.CodeLetter: {""}, dsr.WaitLetter: {dsr.StopErasure}, dsr.RefusalLetter: {dsr.CollectAnswer},
		dsr.WithdrawnLetter: {dsr.FollowCase}, dsr.ReviewNotice: {dsr.ApproveRelease, dsr.ApproveErasure, dsr.Refuse},
		dsr.BackNotice: {dsr.SignIn}, dsr.LetterNotice: {dsr.SignIn}, dsr.NewCaseNotice: {dsr.SignIn},
		dsr.MailNotice: {dsr.OriginalMail}, dsr.RightsNotice: {dsr.SignIn}, dsr.DisownedNotice: {dsr.SignIn},
		dsr.CopyLetter: {dsr.UploadIDCopy}, dsr.CopyAgainLetter: {dsr.UploadIDCopy}, dsr.CheckedLetter: {dsr.FollowCase},
		dsr.ReminderNotice: {dsr.SignIn}, dsr.CopyNotice: {dsr.SignIn}, dsr.FilesNotice: {dsr.SignIn},
		dsr.ErasureNotice: {dsr.SignIn}, dsr.ConfirmedNotice: {dsr.SignIn}, dsr.WithdrawnNotice: {dsr.SignIn}, dsr.LinkNotice: {dsr.SignIn},
	}
	purposes := []dsr.Purpose{"", "geheim"}
	for _, rule := range dsr.PurposeRules() {
		purposes = append(purposes, rule.Purpose)
	}
	for _, kind := range kinds() {
		for _, purpose := range purposes {
			content := example(kind, dsr.Dutch)
			content.Letter.Purpose = purpose
			want := slices.Contains(allowed[kind], purpose)
			if _, err := exampleComposer().Compose(content); (err == nil) != want || err != nil && !errors.Is(err, ErrIncomplete) {
				t.Errorf("%s with a link to %q: composed is wanted %t, error is %v", kind, purpose, want, err)
			}
		}
	}
}

// TestLetterGoesOnlyToWhomItIsFor keeps an answer, a code and a question to the
// contact on file away from whoever wrote the mail, and everybody from letters
// to staff.
func TestLetterGoesOnlyToWhomItIsFor(t *testing.T) {
	requester, contact, member := dsr.Addressee{Requester: true}, dsr.Addressee{Contact: 2}, dsr.Addressee{Staff: dsr.ActorID{7}}
	both := dsr.Addressee{Requester: true, Contact: 1}
	for _, v := range variants() {
		for _, to := range []dsr.Addressee{requester, contact, member, both, {Desk: true}, {}} {
			content := example(v.kind, dsr.Dutch)
			v.content(&content)
			content.Letter.To = to
			var want bool
			switch {
			case staff(v.kind):
				want = to == member || to == dsr.Addressee{}
			case v.kind == dsr.Acknowledgement || v.kind == dsr.WithdrawnLetter:
				want = to.Personal()
			case v.name == "unlinked":
				want = to == requester
			default:
				want = to == contact
			}
			if _, err := exampleComposer().Compose(content); (err == nil) != want {
				t.Errorf("%s (%s) to %+v: composed is wanted %t, error is %v", v.kind, v.name, to, want, err)
			}
		}
	}
}

func TestBrokenCalendarOfTheProfileIsReported(t *testing.T) {
	composer := exampleComposer()
	composer.Profile.Calendar.TimeZone = "Europe/Nowhere"
	if _, err := composer.Compose(example(dsr.MailNotice, dsr.Dutch)); err == nil {
		t.Error("a letter with a time in an unknown time zone was composed")
	}
}
