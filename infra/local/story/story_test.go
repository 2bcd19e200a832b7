package story

import (
	"bytes"
	"net/mail"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

func TestSampleIsAMailThatAnyServerTakes(t *testing.T) {
	raw := sampleMail("info@example.nl", DemoStart())
	if bytes.Contains(bytes.ReplaceAll(raw, []byte("\r\n"), nil), []byte("\n")) {
		t.Error("a line ends without CR")
	}
	message, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := message.Header.Date(); err != nil {
		t.Error(err)
	}
	if to := message.Header.Get("To"); to != "info@example.nl" {
		t.Errorf("the sample goes to %q", to)
	}
}

func TestSampleSentAgainIsTheSameMessage(t *testing.T) {
	var ids []string
	for _, at := range []time.Time{DemoStart(), DemoStart().AddDate(1, 0, 0)} {
		message, err := mail.ReadMessage(bytes.NewReader(sampleMail("info@example.nl", at)))
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, message.Header.Get("Message-ID"))
	}
	if ids[0] == "" || ids[0] != ids[1] {
		t.Errorf("the sample has the ids %q, want one", ids)
	}
}

func TestDemonstrationBeginsAtNineInTheNetherlands(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	if got := DemoStart().In(zone).Format(time.RFC3339); got != "2026-03-05T09:00:00+01:00" {
		t.Errorf("it begins at %s", got)
	}
}

func TestLinesNameEventsLettersAndReaders(t *testing.T) {
	c := dsr.Case{Number: "AVG-2026-0007", Dates: dsr.Dates{PromiseDue: "2026-04-02", LawDue: "2026-04-07"}}
	for _, one := range []struct {
		event dsr.Event
		want  string
	}{
		{
			dsr.Event{Kind: dsr.CaseOpened, Facts: map[string]string{"rights": "access erasure"}},
			"event   CaseOpened         AVG-2026-0007  asks: access erasure; promised by 2026-04-02, by law 2026-04-07",
		},
		{
			dsr.Event{Kind: dsr.LetterSent, Facts: map[string]string{"letter": "M01"}},
			"event   LetterSent         AVG-2026-0007  letter M01 to the data subject",
		},
		{
			dsr.Event{Kind: dsr.LetterBounced, Facts: map[string]string{"letter": "S6"}},
			"event   LetterBounced      AVG-2026-0007  letter S6 to staff",
		},
		{
			dsr.Event{Kind: dsr.MessageAdded, Personal: []byte("Sanne")},
			"event   MessageAdded       AVG-2026-0007",
		},
		{
			dsr.Event{Kind: dsr.TaskDone, Facts: map[string]string{"system": "hosting", "right": "access", "result": "found"}},
			"event   TaskDone           AVG-2026-0007  hosting: found",
		},
		{
			dsr.Event{Kind: dsr.RightGranted, Facts: map[string]string{"right": "access", "ground": ""}},
			"event   RightGranted       AVG-2026-0007  access",
		},
		{
			dsr.Event{Kind: dsr.RightRefused, Facts: map[string]string{"right": "erasure", "ground": "legal-duty"}, Personal: []byte("Sanne")},
			"event   RightRefused       AVG-2026-0007  erasure, on the ground of legal-duty",
		},
		{
			dsr.Event{Kind: dsr.IdentityConfirmed, Facts: map[string]string{"means": "mailbox facts", "facts": "last-invoice"}},
			"event   IdentityConfirmed  AVG-2026-0007  shown by: mailbox facts",
		},
		{
			dsr.Event{Kind: dsr.IDCopyInspected, Facts: map[string]string{"file": "a", "form": "jpeg"}},
			"event   IDCopyInspected    AVG-2026-0007  a picture was made of its jpeg",
		},
		{
			dsr.Event{Kind: dsr.IDCopyDestroyed, Facts: map[string]string{"file": "a", "reason": "accepted"}},
			"event   IDCopyDestroyed    AVG-2026-0007  reason: accepted",
		},
		{
			dsr.Event{Kind: dsr.FileSealed, Facts: map[string]string{"file": "a", "system": "hosting", "right": "access"}},
			"event   FileSealed         AVG-2026-0007  of hosting",
		},
		{
			dsr.Event{Kind: dsr.DeadlinePassed, Facts: map[string]string{"step": "overdue", "day": "2026-04-03"}},
			"event   DeadlinePassed     AVG-2026-0007  step: overdue",
		},
		{
			dsr.Event{Kind: dsr.CaseClosed, Facts: map[string]string{"outcome": "answered", "letter": "delivered"}},
			"event   CaseClosed         AVG-2026-0007  answered",
		},
	} {
		if got := describe(c, one.event); got != one.want {
			t.Errorf("got  %q\nwant %q", got, one.want)
		}
	}
}

// TestNumbersOfCasesStandInOneColumn reads the kinds of events from where they
// are declared, so that a longer one is noticed.
func TestNumbersOfCasesStandInOneColumn(t *testing.T) {
	source, err := os.ReadFile("../../../internal/dsr/event.go")
	if err != nil {
		t.Fatal(err)
	}
	kinds := regexp.MustCompile(`EventKind = "(\w+)"`).FindAllSubmatch(source, -1)
	if len(kinds) < 20 {
		t.Fatalf("found %d kinds of events", len(kinds))
	}
	for _, kind := range kinds {
		line := describe(dsr.Case{Number: "AVG-2026-0007"}, dsr.Event{Kind: dsr.EventKind(kind[1])})
		if at := strings.Index(line, "AVG"); at != len("event   ")+len("RightPartlyGranted ") {
			t.Errorf("the number stands at %d in %q", at, line)
		}
	}
}

func TestOnlyTheSubjectOfALetterIsTold(t *testing.T) {
	for raw, want := range map[string]string{
		"To: sanne@example.com\r\nSubject: Nieuw verzoek AVG-2026-0001\r\n\r\nSanne": "Nieuw verzoek AVG-2026-0001",
		"Subject: =?utf-8?q?E=C3=A9n_mail?=\r\n\r\n":                                 "Eén mail",
		"Subject: =?x-unknown?q?a?=\r\n\r\n":                                         "=?x-unknown?q?a?=",
		"no header at all":                                                           "(a letter without a readable subject)",
	} {
		if got := subject([]byte(raw)); got != want || strings.Contains(got, "anne") {
			t.Errorf("subject of %q is %q, want %q", raw, got, want)
		}
	}
}
