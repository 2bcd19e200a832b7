package letter

import (
	"errors"
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
	return []lack{
		{"token of the link", func(_ *Composer, c *dsr.LetterContent) { c.Token = "" }},
		{"token of the link", func(_ *Composer, c *dsr.LetterContent) { c.Token = "l1.k1.a&b" }},
		{"purpose of the link", func(_ *Composer, c *dsr.LetterContent) { c.Letter.Purpose = "" }},
		{"address of the reader", func(_ *Composer, c *dsr.LetterContent) { c.To.Address = "" }},
		{"address of the reader", func(_ *Composer, c *dsr.LetterContent) { c.To.Address = "geheim" }},
		{"day of queueing", func(_ *Composer, c *dsr.LetterContent) { c.Letter.Queued = time.Time{} }},
		{"base address of links", func(l *Composer, _ *dsr.LetterContent) { l.BaseURL = "/mijn" }},
		{"base address of links", func(l *Composer, _ *dsr.LetterContent) { l.BaseURL = "javascript://geheim/" }},
		{"address of the sender", func(l *Composer, _ *dsr.LetterContent) { l.Profile.Sender.FromAddress = "" }},
		{"domain for replies", func(l *Composer, _ *dsr.LetterContent) { l.Profile.Sender.Thread.Domain = "" }},
	}
}

// lacksOfCase are the parts that no letter about a case may lack.
func lacksOfCase() []lack {
	return []lack{
		{"case number", func(_ *Composer, c *dsr.LetterContent) { c.Number = "" }},
		{"case number", func(_ *Composer, c *dsr.LetterContent) { c.Number = "AVG-geheim" }},
		{"day of receipt", func(_ *Composer, c *dsr.LetterContent) { c.Dates.ReceiptDay = "" }},
		{"promised date", func(_ *Composer, c *dsr.LetterContent) { c.Dates.PromiseDue = "" }},
		{"legal date", func(_ *Composer, c *dsr.LetterContent) { c.Dates.LawDue = "" }},
		{"legal date", func(_ *Composer, c *dsr.LetterContent) { c.Dates.LawDue = "2026-02-30" }},
		{"right", func(_ *Composer, c *dsr.LetterContent) { c.Rights = nil }},
		{"right", func(_ *Composer, c *dsr.LetterContent) { c.Rights = []dsr.Right{"geheim"} }},
	}
}

// checkLacks composes a letter without each part in turn.
func checkLacks(t *testing.T, kind dsr.LetterKind, lacks []lack) {
	t.Helper()
	for _, lack := range lacks {
		composer, content := exampleComposer(), example(kind, dsr.Dutch)
		lack.take(&composer, &content)
		message, err := composer.Compose(content)
		if !errors.Is(err, ErrIncomplete) || !strings.Contains(err.Error(), "incomplete: no usable "+lack.part) {
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
	lacks := append(lacksOfAll(), lacksOfCase()...)
	lacks = append(lacks,
		lack{"token of the thread", func(_ *Composer, c *dsr.LetterContent) { c.Thread = "" }},
		lack{"token of the thread", func(_ *Composer, c *dsr.LetterContent) { c.Thread = "a@geheim" }},
		lack{"proof asked for each right", func(l *Composer, _ *dsr.LetterContent) { delete(l.Profile.Identity.Rights, "access") }},
		lack{"contact address", func(l *Composer, _ *dsr.LetterContent) { l.Profile.Controller.Email = "" }},
		lack{"name of the controller", func(l *Composer, _ *dsr.LetterContent) {
			l.Profile.Controller.Name, l.Profile.Controller.TradeName = "", ""
		}},
		lack{"privacy statement", func(l *Composer, _ *dsr.LetterContent) {
			l.Profile.Statement, l.Profile.Controller.PrivacyStatementURL = nil, ""
		}},
		lack{"name of the authority", func(l *Composer, _ *dsr.LetterContent) { l.Profile.Authority.Name = "" }},
		lack{"page for complaints", func(l *Composer, _ *dsr.LetterContent) { l.Profile.Authority.ComplaintURL = "geheim" }},
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
	checkLacks(t, dsr.RightsNotice, append(lacksOfAll(), lacksOfCase()...))
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

func TestLinkOfStaffNeverStandsInALetterToTheDataSubject(t *testing.T) {
	for kind, purpose := range map[dsr.LetterKind]dsr.Purpose{
		dsr.Acknowledgement: dsr.SignIn,
		dsr.NewCaseNotice:   dsr.FollowCase,
		dsr.LetterNotice:    dsr.FollowCase,
		dsr.RightsNotice:    dsr.UploadIDCopy,
		dsr.MailNotice:      dsr.CollectAnswer,
	} {
		content := example(kind, dsr.Dutch)
		content.Letter.Purpose = purpose
		if _, err := exampleComposer().Compose(content); !errors.Is(err, ErrIncomplete) {
			t.Errorf("%s with a link to %s: error is %v", kind, purpose, err)
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
