package casework_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// sendAll sends every letter that waits and gives what was written to an address.
func (o *office) sendAll(to string) []dsr.LetterContent {
	o.t.Helper()
	for _, letter := range o.memory.AllLetters() {
		o.send(letter.Ref)
	}
	var got []dsr.LetterContent
	for _, content := range o.composed {
		if content.To.Address == to {
			got = append(got, content)
		}
	}
	return got
}

// A1, A2: whoever writes in a customer's name hears nothing about the customer.
func TestA1StrangerInACustomersNameHearsNothingAboutTheCustomer(t *testing.T) {
	o := newOffice(t, dsr.Access).until("approved")
	for _, content := range o.sendAll(asker) {
		if kind := content.Letter.Ref.Kind; kind != dsr.Acknowledgement || content.Collects || content.Reasons != nil || content.Decisions != nil {
			t.Errorf("the stranger gets %s: %+v", kind, content)
		}
		if content.To.Name == theFile().Name {
			t.Error("the stranger is called by the customer's name")
		}
	}
	if len(o.sendAll(first)) != 2 {
		t.Errorf("the contact on file gets %d letters, want the question and the answer", len(o.sendAll(first)))
	}
}

func TestA2UnbelievedSenderGetsNoReceiptAndTheContactIsAskedAllTheSame(t *testing.T) {
	o := newOffice(t, dsr.Access)
	o.id = o.receive("in2", asking(request(first, "<2@elders>", dsr.TrustC), "two", dsr.Access)).Case // "From:" is on file
	o.until("matched")
	c := o.file(o.id)
	if c.Work.Confirmed || c.Work.Identity != "" {
		t.Errorf("a forged address is proof: %+v", c.Work)
	}
	for _, letter := range o.memory.AllLetters() {
		if letter.Ref.Case == o.id && letter.To.Requester {
			t.Errorf("letter %s goes to whoever is named as the sender", letter.Ref.Tag())
		}
	}
	if to := o.newest(dsr.ConfirmLetter, "").To; to.Contact != 1 {
		t.Errorf("the question goes to %+v", to)
	}
}

// A3: a look-alike address or the customer's name is not the contact on file.
func TestA3LookAlikeSenderIsFlaggedAsNotOnFile(t *testing.T) {
	for sender, want := range map[string]string{
		"ans@dossier.example": "true", "ANS@dossier.example": "true", "ans@dossìer.example": "false", "ans@dossler.example": "false",
		"аns@dossier.example": "false", "ans+x@dossier.example": "false", "ans@dossier.example.evil.example": "false",
	} {
		o := newOffice(t, dsr.Access)
		o.id = o.receive("in2", asking(request(sender, "<2@elders>", dsr.TrustA), "two", dsr.Access)).Case
		o.until("matched")
		history, err := o.memory.History(t.Context(), o.id)
		must(t, err)
		for _, event := range history {
			if event.Kind == dsr.DataSubjectMatched && event.Facts["sender"] != want {
				t.Errorf("%s: sender on file %s, want %s", sender, event.Facts["sender"], want)
			}
		}
	}
}

// A4, A28: an answer goes where the file says, whatever the mail says.
func TestA4AnswerGoesToTheContactOnFileAndNowhereElse(t *testing.T) {
	for _, right := range dsr.Rights() {
		o := newOffice(t, right)
		if right == dsr.ObjectionMarketing { // asks no proof
			o.until("matched")
			must(t, o.handling.JudgeIdentity(t.Context(), o.now, o.sheet("els"), casework.Proof{}))
			o.lookEverywhere()
			o.grantAll()
			must(t, o.submit("els", dsr.Answered))
			o.enter("hans", o.link(dsr.ReviewNotice, "hans"))
			must(t, o.approve("hans"))
		} else {
			o.until("approved")
		}
		if o.file(o.id).State == dsr.Approved {
			must(t, o.handling.CarryOut(t.Context(), o.now, o.sheet("els")))
		}
		for _, letter := range o.memory.AllLetters() {
			if letter.Ref.Kind.Answers() && letter.To != (dsr.Addressee{Contact: 1}) {
				t.Errorf("%s: letter %s goes to %+v", right, letter.Ref.Tag(), letter.To)
			}
		}
		o.sendAll(asker)
		for _, content := range o.composed {
			if content.Letter.Ref.Kind.Answers() && (content.To.Address != first || content.InReply != "") {
				t.Errorf("%s: the answer goes to %+v in reply to %q", right, content.To, content.InReply)
			}
		}
	}
}

// A5: a later mail moves no answer, and takes what was shown for less away.
func TestA5SecondMailDoesNotRideAlongOnWhatWasConfirmed(t *testing.T) {
	o := newOffice(t, dsr.Rectification).until("submitted")
	o.receive("in2", asking(request(asker, "<2@elders>", dsr.TrustA), "mail mij voortaan elders", dsr.Access))
	c := o.file(o.id)
	if c.State != dsr.Received || c.Work.Confirmed || c.Work.Identity != "" || c.Work.Draft != [32]byte{} || c.Work.RightsConfirmed {
		t.Errorf("the case is %s: %+v", c.State, c.Work)
	}
	if diff := cmp.Diff(first, c.OnFile.Contacts[0].Address); diff != "" {
		t.Error(diff)
	}
	for _, who := range []string{"els", "gea"} {
		o.newest(dsr.RightsNotice, who)
	}
	link := o.link(dsr.ReviewNotice, "hans") // it was queued before
	if link.ID != (dsr.LinkID{}) {
		t.Error("the letter to approve left all the same")
	}
	must(t, o.handling.ConfirmRights(t.Context(), o.now, o.sheet("els"), c.Rights))
	sheet := o.sheet("els")
	o.unmoved(dsr.NotNowProof, func() error { return o.handling.JudgeIdentity(t.Context(), o.now, sheet, twoFacts()) })
}

func TestA5QuestionOfBeforeTheSecondMailConfirmsNothing(t *testing.T) {
	o := newOffice(t, dsr.Rectification).until("matched")
	old := o.link(dsr.ConfirmLetter, "")
	o.receive("in2", asking(request(asker, "<2@elders>", dsr.TrustA), "meer", dsr.Access))
	confirm := func() error { return o.confirming.Confirm(t.Context(), o.now, old, o.number(), true) }
	o.unmoved(casework.ErrStale, confirm)
	must(t, o.handling.ConfirmRights(t.Context(), o.now, o.sheet("els"), o.file(o.id).Rights))
	o.unmoved(casework.ErrStale, confirm)
	o.confirm(true) // the new letter speaks of both
}

// A6, A14: whoever could add an address to the file needs more than a mailbox.
func TestA6FreshContactNeedsMoreThanItself(t *testing.T) {
	for since, fresh := range map[dsr.Day]bool{"2026-01-30": false, "2026-01-31": false, "2026-02-01": true, "2026-03-02": true} {
		for name, proof := range map[string]casework.Proof{"mailbox": {}, "facts": twoFacts(), "login": {Login: true}} {
			o := newOffice(t, dsr.Rectification).until("read") // asks the mailbox alone
			who := theFile()
			who.Contacts = []dsr.Contact{{Address: first, Since: since}}
			must(t, o.handling.MatchDataSubject(t.Context(), o.now, o.sheet("els"), who))
			o.confirm(true)
			err := o.handling.JudgeIdentity(t.Context(), o.now, o.sheet("els"), proof)
			if refused := fresh && name == "mailbox"; errors.Is(err, dsr.NotNowFresh) != refused || !refused && err != nil {
				t.Errorf("on file since %s, shown by %s: %v", since, name, err)
			}
		}
	}
}

func TestA6LettersGoToTheContactLongestOnFile(t *testing.T) {
	o := newOffice(t, dsr.Access).until("matched")
	contacts := o.file(o.id).OnFile.Contacts
	if contacts[0].Address != first || contacts[1].Address != second {
		t.Errorf("the contacts are %v", contacts)
	}
	o.send(o.newest(dsr.ConfirmLetter, "").Ref)
	if to := o.composed[len(o.composed)-1].To; to.Address != first || to.Name != theFile().Name {
		t.Errorf("the question goes to %+v", to)
	}
}

// A12: what the sender gets must not tell whether somebody is on file.
func TestA12SenderHearsTheSameWhoeverIsOnFile(t *testing.T) {
	ways := map[string]func(*office){
		"nobody on file": func(o *office) {
			must(t, o.handling.MatchNobody(t.Context(), o.now, o.sheet("els"), "gezocht"))
		},
		"somebody who was not asked yet": func(o *office) {
			must(t, o.handling.MatchDataSubject(t.Context(), o.now, o.sheet("els"), theFile()))
		},
		"somebody who did not ask this": func(o *office) {
			must(t, o.handling.MatchDataSubject(t.Context(), o.now, o.sheet("els"), theFile()))
			o.confirm(false)
		},
	}
	for _, right := range []dsr.Right{dsr.Access, dsr.Erasure} {
		told := map[string][]dsr.LetterContent{}
		for name, way := range ways {
			o := newOffice(t, right).until("read")
			way(o)
			must(t, o.submit("els", dsr.Unlinked))
			o.enter("hans", o.link(dsr.ReviewNotice, "hans"))
			must(t, o.approve("hans"))
			told[name] = o.sendAll(asker)
			for _, letter := range o.memory.AllLetters() { // a token shows what its link says
				if letter.To.Requester && letter.Link.Rev != 0 {
					t.Errorf("%s: the link of %s says revision %d", name, letter.Ref.Kind, letter.Link.Rev)
				}
			}
		}
		for name := range ways {
			sameLetters(t, string(right)+", "+name, told["nobody on file"], told[name])
		}
	}
}

// A12, where no proof is asked: what was decided for a customer stays unsaid.
func TestA12UnlinkedAnswerSaysNothingOfWhatWasDecided(t *testing.T) {
	letters := map[bool][]dsr.LetterContent{}
	for _, known := range []bool{false, true} {
		o := newOfficeOf(t, unprovenMinors(), dsr.MinorReport).until("read")
		if known {
			must(t, o.handling.MatchDataSubject(t.Context(), o.now, o.sheet("els"), theFile()))
			must(t, o.handling.JudgeIdentity(t.Context(), o.now, o.sheet("els"), casework.Proof{}))
			o.lookEverywhere()
			o.grantAll()
		} else {
			must(t, o.handling.MatchNobody(t.Context(), o.now, o.sheet("els"), "gezocht"))
		}
		must(t, o.submit("els", dsr.Unlinked))
		if to := o.draft(dsr.Unlinked).Answer; to.To != asker || to.Decisions != nil || to.Found != nil || to.CodeTo != "" {
			t.Errorf("known %t: the answer is %+v", known, to)
		}
		o.enter("hans", o.link(dsr.ReviewNotice, "hans"))
		must(t, o.approve("hans"))
		letters[known] = o.sendAll(asker)
	}
	sameLetters(t, "known", letters[false], letters[true])
}

// sameLetters compares all that two readers are told, but for what is the
// letter's own: its number, its times and its link.
func sameLetters(t *testing.T, name string, want, got []dsr.LetterContent) {
	t.Helper()
	own := cmp.Options{
		cmpopts.IgnoreFields(dsr.LetterContent{}, "Token"),
		cmpopts.IgnoreFields(dsr.LetterRef{}, "N"),
		cmpopts.IgnoreFields(dsr.Letter{}, "Link", "Queued", "DueAt", "Until"),
	}
	if diff := cmp.Diff(want, got, own); diff != "" || len(want) != 2 {
		t.Errorf("%s: %d letters, others than to a stranger:\n%s", name, len(got), diff)
	}
}

// A15: an erasure takes the same proof, a second person, and its doing.
func TestA15ErasureInSomebodysNameNeedsTheContactOnFile(t *testing.T) {
	o := newOffice(t, dsr.Erasure).until("matched")
	sheet := o.sheet("els")
	o.unmoved(dsr.NotNowProof, func() error {
		return o.handling.JudgeIdentity(t.Context(), o.now, sheet, casework.Proof{Facts: twoFacts().Facts, Login: true})
	})
	sheet = o.sheet("els")
	o.unmoved(dsr.NotNowIdentity, func() error {
		return o.handling.Decide(t.Context(), o.now, sheet, dsr.Decision{Right: dsr.Erasure, Result: dsr.Granted}, "")
	})
	o.confirm(false)
	for _, who := range []string{"els", "gea"} {
		o.newest(dsr.DisownedNotice, who)
	}
	sheet = o.sheet("els")
	o.unmoved(dsr.NotNowProof, func() error { return o.handling.JudgeIdentity(t.Context(), o.now, sheet, twoFacts()) })
	o.unmoved(dsr.NotNowDisowned, func() error { return o.handling.AskAgain(t.Context(), o.now, sheet) })
}

// A16: a case number is no credential, and a stranger's mail opens a case of
// its own.
func TestA16MailOfAnotherThatNamesTheCaseStaysOut(t *testing.T) {
	o := newOffice(t, dsr.Access).until("judged")
	mail := asking(request("dief@elders.example", "<9@elders>", dsr.TrustA), "nine", dsr.Access, dsr.Erasure)
	mail.Letter.SubjectLine = "Re: [" + o.number() + "]"
	got := o.receive("in9", mail)
	if c := o.file(o.id); got.Case == o.id || len(c.Rights) != 1 || !c.Work.Confirmed {
		t.Errorf("the mail is in case %s, which asks %v", got.Case, c.Rights)
	}
}

// A17: copies of one request are one case with one clock and one release.
func TestA17CopiesAreOneCaseAndOneAnswer(t *testing.T) {
	o := newOffice(t, dsr.Access)
	due := o.file(o.id).Dates
	again := o.receive("in2", asking(request(asker, "<1@elders>", dsr.TrustA), "other bytes", dsr.Access))
	third := o.receive("in3", asking(request(asker, "<3@elders>", dsr.TrustA), "three", dsr.Access))
	if again.Case != o.id || third.Case != o.id || o.file(o.id).Dates != due {
		t.Errorf("cases %s and %s, dates %v", again.Case, third.Case, o.file(o.id).Dates)
	}
	o.until("approved")
	answers := 0
	for _, letter := range o.memory.AllLetters() {
		if letter.Ref.Kind.Answers() {
			answers++
		}
	}
	if answers != 1 || len(o.memory.AllCases()) != 1 {
		t.Errorf("%d answers in %d cases", answers, len(o.memory.AllCases()))
	}
}

// A18, art. 15(4) GDPR: nothing leaves unless somebody looked for others in it.
func TestA18SharedDataIsLookedAtForOthers(t *testing.T) {
	o := newOffice(t, dsr.Access).until("decided")
	sheet := o.sheet("els")
	o.unmoved(dsr.NotNowThirdParties, func() error {
		return o.handling.Submit(t.Context(), o.now, sheet, casework.Proposal{Outcome: dsr.Answered, Seen: o.draft(dsr.Answered).Hash})
	})
}

// What was found for one person must never come into the answer of another.
func TestA19OtherMatchTakesAlongNothingThatWasFoundForTheFirst(t *testing.T) {
	large := strings.Repeat("groot ", 8000)
	for _, direct := range []bool{true, false} {
		o := newOffice(t, dsr.Access).until("looked")
		must(t, o.look("archief", dsr.Access, dsr.Found, large))
		o.grantAll()
		if !direct {
			must(t, o.handling.MatchNobody(t.Context(), o.now, o.sheet("els"), "gezocht"))
		}
		other := theFile()
		other.Reference, other.Name = "K-78", "Een ander"
		must(t, o.handling.MatchDataSubject(t.Context(), o.now, o.sheet("els"), other))
		if left := o.bodies(); len(left) != 0 {
			t.Errorf("the vault still holds %v", left)
		}
		dossier, err := o.reading().Open(t.Context(), o.now, o.sessions["els"], o.id)
		must(t, err)
		if len(dossier.Found) != 0 {
			t.Errorf("the dossier shows %d findings about somebody else", len(dossier.Found))
		}
		o.confirm(true)
		must(t, o.handling.JudgeIdentity(t.Context(), o.now, o.sheet("els"), twoFacts()))
		o.grantAll()
		if _, err := o.handling.Draft(t.Context(), o.now, o.id, dsr.Answered); !errors.Is(err, dsr.NotNowTasks) {
			t.Errorf("an answer can be drafted of what was found for somebody else: %v", err)
		}
	}
}

func TestMatchOfTheSamePersonAnewKeepsWhatWasFound(t *testing.T) {
	o := newOffice(t, dsr.Access).until("looked")
	must(t, o.look("archief", dsr.Access, dsr.Found, strings.Repeat("groot ", 8000)))
	same := theFile()
	same.Contacts = same.Contacts[:1]
	must(t, o.handling.MatchDataSubject(t.Context(), o.now, o.sheet("els"), same))
	o.confirm(true)
	must(t, o.handling.JudgeIdentity(t.Context(), o.now, o.sheet("els"), twoFacts()))
	o.grantAll()
	if found := o.draft(dsr.Answered).Answer.Found; len(found) != 2 || len(o.bodies()) != 1 {
		t.Errorf("found %+v, vault %v", found, o.bodies())
	}
}
