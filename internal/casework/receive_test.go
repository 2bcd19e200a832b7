package casework_test

import (
	"crypto/sha256"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

func TestRequestOpensACase(t *testing.T) {
	d := newDesk(t)
	enquiry := request("ans@een.example", "<1@een>", dsr.TrustA)
	enquiry.Rights = []dsr.Right{dsr.Erasure, dsr.Access}
	mail := d.receive("in1", enquiry)
	if mail.State != dsr.MailCase || mail.Number != "AVG-2026-0001" {
		t.Fatalf("the mail ended as %+v", mail)
	}
	got := d.file(mail.Case)
	want := dsr.Case{
		ID: mail.Case, Number: "AVG-2026-0001", State: dsr.Received, Seq: 1, Head: got.Head,
		Rights: []dsr.Right{dsr.Access, dsr.Erasure}, Language: dsr.Dutch, Trust: dsr.TrustA,
		Statement: "2026-02-01", Received: d.now, Opened: d.now, Thread: got.Thread, Person: got.Person,
		Dates: dsr.Dates{
			ReceiptDay: "2026-03-02", PromiseDue: "2026-03-30", PlanBy: "2026-03-30",
			LawBase: "2026-04-02", LawDue: "2026-04-02", ExtensionDue: "2026-06-02",
		},
		DueAt:        got.DueAt,
		Confidential: dsr.Confidential{Requester: dsr.Requester{Address: "ans@een.example", Name: "Ans Geheim", MessageID: "<1@een>"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the case (-want +got):\n%s", diff)
	}
	if len(got.Thread) != 26 || got.Person == (dsr.ActorID{}) || got.DueAt.Before(d.now.AddDate(0, 0, 12)) {
		t.Errorf("thread %q, person %s, first reminder %s", got.Thread, got.Person, got.DueAt)
	}
	d.whole()
}

func TestOpeningSaysWhyInClearAndNamesNobody(t *testing.T) {
	d := newDesk(t)
	mail := d.receive("in1", request("ans@een.example", "<1@een>", dsr.TrustB))
	history, err := d.memory.History(t.Context(), mail.Case)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"mail": "in1", "trust": "B", "rights": "access", "number": "AVG-2026-0001",
		"promise_due": "2026-03-30", "law_due": "2026-04-02", "phrases": "access:nl-inzage:5",
		"evidence": "spf=pass dkim=pass dmarc=pass", "anomalies": "",
	}
	if diff := cmp.Diff(want, history[0].Facts); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
}

func TestLettersOfANewCase(t *testing.T) {
	tests := []struct {
		level dsr.TrustLevel
		want  []string
	}{
		{dsr.TrustA, []string{"M01#1", "S6#1", "S6#2"}},
		{dsr.TrustB, []string{"M01#1", "S6#1", "S6#2"}},
		{dsr.TrustC, []string{"S6#1", "S6#2"}},
		{"", []string{"S6#1", "S6#2"}},
	}
	for _, test := range tests {
		t.Run("level "+string(test.level), func(t *testing.T) {
			d := newDesk(t)
			mail := d.receive("in1", request("ans@een.example", "<1@een>", test.level))
			if diff := cmp.Diff(test.want, d.letterKinds(mail.Case, "")); diff != "" {
				t.Errorf("letters (-want +got):\n%s", diff)
			}
		})
	}
}

func TestForgedSenderIsNotAnswered(t *testing.T) {
	d := newDesk(t)
	d.receive("in1", request("ans@een.example", "<1@een>", dsr.TrustC))
	for _, letter := range d.memory.AllLetters() {
		if err := d.sending.Send(t.Context(), d.now, letter.Ref); err != nil {
			t.Fatal(err)
		}
	}
	var to []string
	for _, message := range d.posted {
		to = append(to, message.To...)
	}
	if want := []string{"els@staff.example", "gea@staff.example"}; !slices.Equal(to, want) {
		t.Errorf("letters went to %v, want %v", to, want)
	}
}

func TestForgedMailDoesNotSwallowTheRealReceipt(t *testing.T) {
	d := newDesk(t)
	forged := d.receive("in1", request("ans@een.example", "<1@kwaad>", dsr.TrustC))
	again := d.receive("in2", request("ans@een.example", "<2@kwaad>", dsr.TrustC))
	real := d.receive("in3", request("ans@een.example", "<1@een>", dsr.TrustA))
	if again.Case != forged.Case {
		t.Error("a second forged mail of the day opened a case of its own")
	}
	if real.Case == forged.Case || !slices.Contains(d.letterKinds(real.Case, ""), "M01#1") {
		t.Errorf("the real mail has letters %v", d.letterKinds(real.Case, ""))
	}
}

func TestSecondCopyIsLinkedNotDropped(t *testing.T) {
	first := request("ans@een.example", "<1@een>", dsr.TrustA)
	otherBytes := first
	otherBytes.RawHash = sha256.Sum256([]byte("came another way"))
	nameless := first
	nameless.MessageKey = [32]byte{}
	tests := []struct {
		name         string
		first, later dsr.Enquiry
	}{
		{"same bytes", first, first},
		{"same Message-ID, other bytes", first, otherBytes},
		{"same bytes, no Message-ID", nameless, nameless},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := newDesk(t)
			opened := d.receive("in1", test.first)
			letters := len(d.memory.AllLetters())
			d.now = d.now.Add(72 * time.Hour)
			linked := d.receive("in2", test.later)
			if linked.State != dsr.MailDuplicate || linked.Case != opened.Case {
				t.Errorf("the second copy ended as %q", linked.State)
			}
			if got := d.events(opened.Case); !slices.Equal(got, []dsr.EventKind{dsr.CaseOpened, dsr.DuplicateLinked}) {
				t.Errorf("history is %v", got)
			}
			if len(d.memory.AllLetters()) != letters {
				t.Error("a second copy caused a letter")
			}
			d.whole()
		})
	}
}

func TestSecondCopyAtOneInstantIsLinked(t *testing.T) {
	d := newDesk(t)
	copied := request("ans@een.example", "<1@een>", dsr.TrustA)
	copied.RawHash = sha256.Sum256([]byte("came another way"))
	mail, enquiry := d.begin("in1", request("ans@een.example", "<1@een>", dsr.TrustA))
	d.meanwhile("Commit", func() { d.receive("in2", copied) })
	if err := d.receiving.Receive(t.Context(), d.now, mail, enquiry); err != nil {
		t.Fatal(err)
	}
	if first, second := d.mail("in2"), d.mail("in1"); first.State != dsr.MailCase || second.State != dsr.MailDuplicate || first.Case != second.Case {
		t.Errorf("the copies ended as %q and %q", first.State, second.State)
	}
	if n := len(d.memory.AllCases()); n != 1 {
		t.Errorf("%d cases, want 1", n)
	}
	d.whole()
}

func TestCopyOfAJoinedMailIsACopyToo(t *testing.T) {
	d := newDesk(t)
	opened := d.receive("in1", request("ans@een.example", "<1@een>", dsr.TrustA))
	d.receive("in2", request("ans@een.example", "<2@een>", dsr.TrustA))
	if got := d.receive("in3", request("ans@een.example", "<2@een>", dsr.TrustA)); got.State != dsr.MailDuplicate || got.Case != opened.Case {
		t.Errorf("the copy of the second mail ended as %q", got.State)
	}
}

func TestMailsWithoutMessageIDAreNotTakenForCopies(t *testing.T) {
	d := newDesk(t)
	one, other := request("ans@een.example", "<1@een>", dsr.TrustA), request("bas@twee.example", "<2@twee>", dsr.TrustA)
	one.MessageKey, other.MessageKey = [32]byte{}, [32]byte{}
	if a, b := d.receive("in1", one), d.receive("in2", other); a.Case == b.Case || b.State != dsr.MailCase {
		t.Errorf("two mails without a Message-ID were taken for one; the second ended as %q", b.State)
	}
}

func TestSecondMailOfTheDayJoinsTheCase(t *testing.T) {
	const day = 24 * time.Hour
	tests := []struct {
		name    string
		later   time.Duration
		address string
		level   dsr.TrustLevel
		joins   bool
	}{
		{"at once", 0, "ans@een.example", dsr.TrustA, true},
		{"within a day", day - time.Nanosecond, "ans@een.example", dsr.TrustA, true},
		{"with other evidence that is believed", time.Hour, "ans@een.example", dsr.TrustB, true},
		{"after a day", day, "ans@een.example", dsr.TrustA, false},
		{"of somebody else", time.Hour, "bas@een.example", dsr.TrustA, false},
		{"forged", time.Hour, "ans@een.example", dsr.TrustC, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := newDesk(t)
			first := d.receive("in1", request("ans@een.example", "<1@een>", dsr.TrustA))
			d.now = d.now.Add(test.later)
			second := d.receive("in2", request(test.address, "<2@een>", test.level))
			if joined := second.Case == first.Case; joined != test.joins || second.State != dsr.MailCase {
				t.Errorf("joined is %t, want %t; the mail ended as %q", joined, test.joins, second.State)
			}
			if test.joins && !slices.Equal(d.events(first.Case), []dsr.EventKind{dsr.CaseOpened, dsr.MessageAdded}) {
				t.Errorf("history is %v", d.events(first.Case))
			}
			d.whole()
		})
	}
}

func TestSecondMailAtOneInstantJoinsTheCase(t *testing.T) {
	d := newDesk(t)
	mail, enquiry := d.begin("in1", request("ans@een.example", "<1@een>", dsr.TrustA))
	d.meanwhile("Commit", func() { d.receive("in2", request("ans@een.example", "<2@een>", dsr.TrustA)) })
	if err := d.receiving.Receive(t.Context(), d.now, mail, enquiry); err != nil {
		t.Fatal(err)
	}
	if n := len(d.memory.AllCases()); n != 1 || d.mail("in1").Case != d.mail("in2").Case {
		t.Errorf("%d cases, want 1 with both mails", n)
	}
}

func TestYearsEndDoesNotEndASendersDay(t *testing.T) {
	d := newDesk(t)
	d.now = time.Date(2026, 12, 31, 20, 0, 0, 0, time.UTC)
	first := d.receive("in1", request("ans@een.example", "<1@een>", dsr.TrustA))
	d.now = d.now.Add(20 * time.Hour)
	if second := d.receive("in2", request("ans@een.example", "<2@een>", dsr.TrustA)); second.Case != first.Case {
		t.Error("a second mail on New Year's Day opened a case of its own")
	}
	d.now = d.now.Add(4 * time.Hour)
	third := d.receive("in3", request("ans@een.example", "<3@een>", dsr.TrustA))
	d.now = d.now.Add(time.Hour)
	if fourth := d.receive("in4", request("ans@een.example", "<4@een>", dsr.TrustA)); third.Case == first.Case || fourth.Case != third.Case {
		t.Error("the sender's next day is not the new year's own")
	}
}

func TestRightsAskedOnTopRaiseRev(t *testing.T) {
	tests := []struct {
		name    string
		rights  []dsr.Right
		want    []dsr.Right
		wantRev int
	}{
		{"the same", []dsr.Right{dsr.Access}, []dsr.Right{dsr.Access}, 0},
		{"none", nil, []dsr.Right{dsr.Access}, 0},
		{"one more", []dsr.Right{dsr.Erasure}, []dsr.Right{dsr.Access, dsr.Erasure}, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := newDesk(t)
			d.receive("in1", request("ans@een.example", "<1@een>", dsr.TrustA))
			more := request("ans@een.example", "<2@een>", dsr.TrustA)
			more.Rights = test.rights
			c := d.file(d.receive("in2", more).Case)
			if !slices.Equal(c.Rights, test.want) || c.Rev != test.wantRev || c.Seq != 2 {
				t.Errorf("rights %v, rev %d, seq %d; want %v, %d, 2", c.Rights, c.Rev, c.Seq, test.want, test.wantRev)
			}
		})
	}
}

func TestMailThatIsNoRequestEndsWithoutACase(t *testing.T) {
	tests := []struct {
		kind dsr.MailKind
		want dsr.MailState
		n    int // letters to staff
	}{
		{dsr.KindOrdinary, dsr.MailOrdinary, 0},
		{dsr.KindAutomatic, dsr.MailAutomatic, 0},
		{dsr.KindUnreadable, dsr.MailPerson, 2},
		{"a kind of tomorrow", dsr.MailPerson, 2},
	}
	for _, test := range tests {
		t.Run(string(test.kind), func(t *testing.T) {
			d := newDesk(t)
			enquiry := request("ans@een.example", "<1@een>", dsr.TrustA)
			enquiry.Kind, enquiry.Reason = test.kind, "some-reason"
			mail := d.receive("in1", enquiry)
			if mail.State != test.want || len(d.memory.AllCases()) != 0 || len(d.memory.AllLetters()) != test.n {
				t.Errorf("ended as %q with %d cases and %d letters", mail.State, len(d.memory.AllCases()), len(d.memory.AllLetters()))
			}
			for _, letter := range d.memory.AllLetters() {
				if letter.Reason != "some-reason" || letter.Purpose != dsr.OriginalMail {
					t.Errorf("letter %s: reason %q, link %q", letter.Ref.Tag(), letter.Reason, letter.Purpose)
				}
			}
		})
	}
}

func TestSettledMailStaysSettled(t *testing.T) {
	d := newDesk(t)
	mail, enquiry := d.begin("in1", request("ans@een.example", "<1@een>", dsr.TrustA))
	if err := d.receiving.SetAside(t.Context(), d.now, mail, "attempts"); err != nil {
		t.Fatal(err)
	}
	enquiry.MailID = mail.ID
	for _, kind := range []dsr.MailKind{dsr.KindRequest, dsr.KindOrdinary, dsr.KindUnreadable} {
		enquiry.Kind = kind
		if err := d.receiving.Receive(t.Context(), d.now, mail, enquiry); err != nil {
			t.Errorf("receiving a settled mail as %q: %v", kind, err)
		}
	}
	if got := d.mail("in1"); got.State != dsr.MailPerson || len(d.memory.AllCases()) != 0 || len(d.memory.AllLetters()) != 2 {
		t.Errorf("ended as %q with %d cases and %d letters", got.State, len(d.memory.AllCases()), len(d.memory.AllLetters()))
	}
}

func TestMailSettledInBetweenOpensNoCase(t *testing.T) {
	d := newDesk(t)
	mail, enquiry := d.begin("in1", request("ans@een.example", "<1@een>", dsr.TrustA))
	d.meanwhile("Commit", func() {
		if err := d.receiving.SetAside(t.Context(), d.now, mail, "attempts"); err != nil {
			t.Fatal(err)
		}
	})
	if err := d.receiving.Receive(t.Context(), d.now, mail, enquiry); err != nil {
		t.Fatal(err)
	}
	if got := d.mail("in1"); got.State != dsr.MailPerson || len(d.memory.AllCases()) != 0 {
		t.Errorf("ended as %q with %d cases", got.State, len(d.memory.AllCases()))
	}
}

func TestFirstClaimKeepsOwnerAndArrival(t *testing.T) {
	d := newDesk(t)
	first, err := d.receiving.Begin(t.Context(), d.now, dsr.Mail{ID: "in1", ArrivedAt: d.now})
	if err != nil {
		t.Fatal(err)
	}
	later := d.now.Add(time.Hour)
	second, err := d.receiving.Begin(t.Context(), later, dsr.Mail{ID: "in1", ArrivedAt: later})
	if err != nil {
		t.Fatal(err)
	}
	if second.Owner != first.Owner || !second.ArrivedAt.Equal(d.now) || second.Attempts != 2 {
		t.Errorf("the second claim gave %+v after %+v", second, first)
	}
	settled := d.receive("in1", request("ans@een.example", "<1@een>", dsr.TrustA))
	if again, err := d.receiving.Begin(t.Context(), later, dsr.Mail{ID: "in1", ArrivedAt: later}); err != nil || again != settled {
		t.Errorf("claiming a settled mail gave %+v (%v), want it unchanged", again, err)
	}
}

func TestAnswersAreInALanguageTheOrganisationWrites(t *testing.T) {
	for asked, want := range map[dsr.Language]dsr.Language{dsr.English: dsr.English, dsr.Dutch: dsr.Dutch, "de": dsr.Dutch, "": dsr.Dutch} {
		d := newDesk(t)
		enquiry := request("ans@een.example", "<1@een>", dsr.TrustA)
		enquiry.Language = asked
		id := d.receive("in1", enquiry).Case
		if got := d.file(id).Language; got != want {
			t.Errorf("asked in %q, answered in %q, want %q", asked, got, want)
		}
		if got := d.letter(ofCase(id, dsr.Acknowledgement, 1)).Language; got != want {
			t.Errorf("asked in %q, the receipt is in %q, want %q", asked, got, want)
		}
		if got := d.letter(ofCase(id, dsr.NewCaseNotice, 1)).Language; got != dsr.Dutch {
			t.Errorf("the notice to staff is in %q", got)
		}
	}
}

func TestRulesRefuseABrokenCalendar(t *testing.T) {
	broken := profile()
	broken.Calendar.TimeZone = "Mars/Olympus"
	if _, err := casework.NewRules(broken); err == nil {
		t.Error("a calendar without a time zone was taken")
	}
}
