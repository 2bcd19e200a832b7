package portal_test

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// What the organisation's file says about the data subject, and what staff
// found and wrote. Only the answer shows the last two, for its code.
const (
	firstContact  = "bakker@oud.example"
	secondContact = "bakker@nieuw.example"
	nameOnFile    = "S.J. Bakker-Geheim"
	reference     = "KLANT-31415"
	foundText     = "Telefoon 06-canarie, sinds 2019"
	keptText      = "Factuurcanarie moet zeven jaar blijven"
)

// secrets lists what no page may show that a link alone opens.
func secrets() []string {
	return []string{
		requesterName, "Sanne", requesterAddress, firstContact, secondContact, nameOnFile, "Geheim", reference, foundText, "canarie",
		keptText, "klantcontact", "Anouk", "anouk@",
	}
}

// testDataMap is a data map of two systems.
func testDataMap() organisation.DataMap {
	text := func(nl, en string) organisation.Text { return organisation.Text{NL: nl, EN: en} }
	return organisation.DataMap{
		Systems: []organisation.System{
			{
				ID: "klanten", Name: text("Klantenbestand", "Customer file"), Holds: text("Uw naam en adres.", "Your name and address."),
				Purpose: text("Om u te helpen.", "To help you."), Basis: organisation.BasisContract,
				Recipients: []string{"Bezorger BV"}, Keeps: text("Twee jaar.", "Two years."), OnErasure: organisation.OnErasureErase,
			},
			{
				ID: "post", Name: text("Post", "Mail"), Holds: text("Uw brieven.", "Your letters."), Purpose: text("Om te antwoorden.", "To answer."),
				Basis: organisation.BasisLegitimateInterests, Keeps: text("Een jaar.", "One year."), OnErasure: organisation.OnErasureErase,
			},
		},
		AutomatedDecisions: text("Een computer beslist nooit.", "A computer never decides."),
		Transfers:          text("Uw gegevens blijven in Europa.", "Your data stay in Europe."),
	}
}

// place gives what every act is given.
func (w *world) place() casework.Place {
	return casework.Place{Random: w.random, Pause: caseworktest.NoPause}
}

// answering makes answers out of what this world stores.
func (w *world) answering() casework.Answering {
	return casework.Answering{Place: w.place(), Rules: w.rules(), ReadTasks: w.memory.ReadTasks, ReadBody: w.objects.Get, Enclosures: w.memory.EnclosuresOf}
}

// handling is what the desk does to cases, without its codes.
func (w *world) handling() casework.Handling {
	return casework.Handling{
		Answering: w.answering(), Cases: w.memory, Letters: w.memory, Bodies: w.objects,
		Preview: func(dsr.LetterContent) (subject, text string, err error) { return "", "", nil },
	}
}

// must fails the test for an error.
func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// reload reads the case as it is stored.
func (w *world) reload() dsr.Case {
	w.t.Helper()
	file, err := w.memory.File(w.t.Context(), w.file.Case.ID)
	w.must(err)
	w.file = file
	return file.Case
}

// sheet is a handler's page of the case as it is stored.
func (w *world) sheet() casework.Sheet {
	w.t.Helper()
	c := w.reload()
	return casework.Sheet{Session: dsr.Session{Actor: w.actor("anouk")}, Case: c.ID, Rev: c.Rev}
}

// actor gives the id of a member of staff.
func (w *world) actor(id string) dsr.ActorID {
	w.t.Helper()
	at := slices.IndexFunc(w.profile.Staff, func(one organisation.Staff) bool { return one.ID == id })
	return dsr.ActorID(w.profile.Staff[at].ActorID())
}

// step changes the case as staff would, where the desk asks a code of them.
func (w *world) step(kind dsr.EventKind, change func(c *dsr.Case) error, letters ...dsr.Letter) {
	w.t.Helper()
	w.reload()
	w.must(change(&w.file.Case))
	w.file.Case.Seq++
	w.commit(casework.Change{File: w.file, At: w.now, Event: dsr.Event{Seq: w.file.Case.Seq, Kind: kind, At: w.now}, Letters: letters})
	w.reload()
}

// letter gives a letter of the case to the data subject.
func (w *world) letter(kind dsr.LetterKind, purpose dsr.Purpose, to dsr.Addressee) dsr.Letter {
	return dsr.Letter{
		Ref:      dsr.LetterRef{OwnerKind: dsr.OwnedByCase, Case: w.file.Case.ID, Kind: kind, N: 1000*w.file.Case.Seq + 999},
		Language: dsr.Dutch, To: to, Purpose: purpose, State: dsr.LetterWaiting, Queued: w.now, DueAt: w.now,
	}
}

// dispatch sends what waits, and keeps what the letters say.
func (w *world) dispatch() {
	w.t.Helper()
	sending := casework.Sending{
		Recording: casework.Recording{Place: w.place(), Rules: w.rules(), Cases: w.memory, Letters: w.memory},
		Mails:     w.memory,
		Mint:      func(_ context.Context, link dsr.Link) (string, error) { return w.links.mint(w.t, link), nil },
		Compose: func(content dsr.LetterContent) (dsr.Message, error) {
			w.sent = append(w.sent, content)
			return caseworktest.Compose(content)
		},
		Post: func(context.Context, dsr.Message) (string, error) { return "ses", nil },
	}
	for _, letter := range w.memory.AllLetters() {
		if letter.To != (dsr.Addressee{}) && letter.State.Outstanding() {
			w.must(sending.Send(w.t.Context(), w.now, letter.Ref))
		}
	}
	w.reload()
}

// last gives the letter of a kind that was sent last.
func (w *world) last(kind dsr.LetterKind) dsr.LetterContent {
	w.t.Helper()
	for _, content := range slices.Backward(w.sent) {
		if content.Letter.Ref.Kind == kind {
			return content
		}
	}
	w.t.Fatalf("no letter %s was sent", kind)
	return dsr.LetterContent{}
}

// asked asks the contact on file whether the request is theirs, and gives the
// token of that letter.
func (w *world) asked() string {
	w.t.Helper()
	handling := w.handling()
	w.must(handling.ConfirmRights(w.t.Context(), w.now, w.sheet(), w.file.Case.Rights))
	w.match()
	w.dispatch()
	return w.last(dsr.ConfirmLetter).Token
}

// match finds the data subject on file.
func (w *world) match() {
	w.t.Helper()
	w.must(w.handling().MatchDataSubject(w.t.Context(), w.now, w.sheet(), dsr.OnFile{
		Reference: reference, Name: nameOnFile,
		Contacts: []dsr.Contact{{Address: firstContact, Since: "2019-01-01"}, {Address: secondContact, Since: "2021-01-01"}},
	}))
}

// drafted takes a case to a draft before a second person. Alone makes it one of
// a one-person organisation, with its letter to the contact on file.
func (w *world) drafted(alone bool) {
	w.t.Helper()
	confirmed := w.post("/mijn/bevestig", w.asked(), "nummer", number, "keuze", "ja")
	if confirmed.Code != http.StatusSeeOther {
		w.t.Fatalf("confirming answers %d: %s", confirmed.Code, &w.log)
	}
	w.step(dsr.IdentityConfirmed, func(c *dsr.Case) error {
		return c.JudgeIdentity(dsr.IdentitySure, []dsr.Means{dsr.ByMailbox})
	})
	w.lookIntoAll()
	for _, right := range w.file.Case.Rights {
		w.decide(right)
	}
	draft, err := w.handling().Draft(w.t.Context(), w.now, w.file.Case.ID, dsr.Answered)
	w.must(err)
	var letters []dsr.Letter
	if alone {
		letters = append(letters, w.letter(dsr.WaitLetter, dsr.StopErasure, dsr.Addressee{Contact: 1}))
	}
	w.step(dsr.DraftSubmitted, func(c *dsr.Case) error {
		laid := dsr.Proposal{Drafter: w.actor("anouk"), Outcome: dsr.Answered, Draft: draft.Hash, NotBefore: w.now, Alone: alone}
		if alone {
			laid.Warned = letters[0].Ref.N
		}
		return c.Submit(laid)
	}, letters...)
	w.dispatch()
}

// decide grants a right, but for what has to be kept.
func (w *world) decide(right dsr.Right) {
	w.t.Helper()
	decision, reason := dsr.Decision{Right: right, Result: dsr.Granted}, ""
	if right == dsr.Erasure {
		decision.Result, decision.Ground, reason = dsr.Partly, dsr.GroundLegalDuty, "De wet wil dat wij facturen bewaren."
	}
	w.step(dsr.RightGranted, func(c *dsr.Case) error { return c.Decide(decision, reason) })
}

// lookIntoAll looks into each system for each right.
func (w *world) lookIntoAll() {
	w.t.Helper()
	for _, right := range w.file.Case.Rights {
		w.lookInto(casework.Looked{System: "klanten", Right: right, Result: right.Results()[0], Text: map[bool]string{true: foundText}[right.Results()[0].Telling()]})
		second := casework.Looked{System: "post", Right: right, Result: dsr.NothingFound}
		if right == dsr.Erasure {
			second.Result, second.Text = dsr.ToKeep, keptText
		}
		w.lookInto(second)
	}
}

// lookInto records what one system holds.
func (w *world) lookInto(looked casework.Looked) {
	w.t.Helper()
	w.must(w.handling().LookInto(w.t.Context(), w.now, w.sheet(), looked))
}

// answered takes a case to its answer, and gives the token of the letter that
// brings it.
func (w *world) answered() string {
	w.t.Helper()
	w.drafted(false)
	w.step(dsr.AnswerApproved, func(c *dsr.Case) error { return c.Approve(w.actor("carla"), c.Work.Draft, w.now) })
	if w.file.Case.State == dsr.Approved {
		w.step(dsr.ErasureCarriedOut, (*dsr.Case).CarryOut)
	}
	return w.renewed()
}

// renewed sends the letter with the answer, once more perhaps, and gives its
// token.
func (w *world) renewed() string {
	w.t.Helper()
	letter := w.letter(dsr.AnswerLetter, dsr.CollectAnswer, dsr.Addressee{Contact: 1})
	w.step(dsr.AnswerRenewed, func(*dsr.Case) error { return nil }, letter)
	w.dispatch()
	return w.last(dsr.AnswerLetter).Token
}

// code asks for a code with the form of the page, and gives what the mail says.
func (w *world) code(token string) string {
	w.t.Helper()
	if sent := w.post("/mijn/antwoord/code", token, "nummer", number); sent.Code != http.StatusOK {
		w.t.Fatalf("asking a code answers %d: %s", sent.Code, &w.log)
	}
	w.dispatch()
	return w.last(dsr.CodeLetter).Code
}

// kinds counts the events of the case by kind.
func (w *world) kinds() map[dsr.EventKind]int {
	w.t.Helper()
	history, err := w.memory.History(w.t.Context(), w.file.Case.ID)
	w.must(err)
	counted := map[dsr.EventKind]int{}
	for _, event := range history {
		counted[event.Kind]++
	}
	return counted
}

// withoutToken cuts the tokens out of a page, which are all that two pages for
// two links may differ in.
func withoutToken(page string) string {
	return regexp.MustCompile(`l1\.k1\.[\w-]+`).ReplaceAllString(page, "TOKEN")
}

// namesNobody fails the test when a page holds a canary.
func namesNobody(t *testing.T, name, page string) {
	t.Helper()
	for _, secret := range secrets() {
		if strings.Contains(page, secret) {
			t.Errorf("%s holds %q", name, secret)
		}
	}
}
