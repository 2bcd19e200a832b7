package portal_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// course is what happens to one request behind its sender's back, a step at a
// time. Steps of two courses stand beside each other: what takes several in the
// one may take a wait in the other.
type course []func(w *world)

// wait is a step in which nothing happens.
func wait(*world) {}

// onFile is the course of a request from somebody who is a customer: they are
// asked, say yes, and get an answer.
func onFile() course {
	return course{
		func(w *world) {
			w.must(w.handling().ConfirmRights(w.t.Context(), w.now, w.sheet(), w.file.Case.Rights))
		},
		func(w *world) { w.match(); w.dispatch() },
		func(w *world) {
			w.post("/mijn/bevestig", w.last(dsr.ConfirmLetter).Token, "nummer", number, "keuze", "ja")
			w.step(dsr.IdentityConfirmed, func(c *dsr.Case) error { return c.JudgeIdentity(dsr.IdentitySure, []dsr.Means{dsr.ByMailbox}) })
			w.lookIntoAll()
		},
		func(w *world) {
			for _, right := range w.file.Case.Rights {
				w.decide(right)
			}
			w.submit(dsr.Answered)
		},
		func(w *world) {
			w.step(dsr.AnswerApproved, func(c *dsr.Case) error { return c.Approve(w.actor("carla"), c.Work.Draft, w.now) })
			w.step(dsr.ErasureCarriedOut, (*dsr.Case).CarryOut)
		},
		func(w *world) { w.renewed() },
		(*world).finish,
		func(w *world) {
			token := w.last(dsr.AnswerLetter).Token
			w.try(token, w.code(token))
		},
	}
}

// notOnFile is the course of a request from a stranger.
func notOnFile() course {
	return course{
		onFile()[0],
		func(w *world) {
			w.must(w.handling().MatchNobody(w.t.Context(), w.now, w.sheet(), "bakker"))
		},
		wait,
		func(w *world) { w.submit(dsr.Unlinked) },
		func(w *world) {
			w.step(dsr.AnswerApproved, func(c *dsr.Case) error { return c.Approve(w.actor("carla"), c.Work.Draft, w.now) })
		},
		func(w *world) {
			letter := w.letter(dsr.RefusalLetter, dsr.FollowCase, dsr.Addressee{Requester: true})
			w.step(dsr.AnswerRenewed, func(*dsr.Case) error { return nil }, letter)
			w.dispatch()
		},
		(*world).finish,
		wait,
	}
}

// disowned is the course of a request in a customer's name that they did not
// make.
func disowned() course {
	said := onFile()[:2]
	rest := notOnFile()[3:]
	no := func(w *world) {
		w.post("/mijn/bevestig", w.last(dsr.ConfirmLetter).Token, "nummer", number, "keuze", "nee")
	}
	return append(append(course{}, said...), append(course{no}, rest...)...)
}

// silent is the course of a request in a customer's name to which they say
// nothing.
func silent() course {
	return append(append(course{}, onFile()[:2]...), notOnFile()[2:]...)
}

// submit lays the draft with an outcome before a second person.
func (w *world) submit(outcome dsr.Outcome) {
	w.t.Helper()
	draft, err := w.handling().Draft(w.t.Context(), w.now, w.file.Case.ID, outcome)
	w.must(err)
	w.step(dsr.DraftSubmitted, func(c *dsr.Case) error {
		return c.Submit(dsr.Proposal{Drafter: w.actor("anouk"), Outcome: outcome, Draft: draft.Hash})
	})
}

// finish closes the case as feedback does when the answer has arrived.
func (w *world) finish() {
	w.t.Helper()
	recording := casework.Recording{Place: w.place(), Rules: w.rules(), Cases: w.memory, Letters: w.memory}
	for _, letter := range w.memory.AllLetters() {
		if letter.Ref.Kind.Answers() {
			w.must(recording.Record(w.t.Context(), w.now, letter.Ref, "ses", dsr.LetterArrived))
		}
	}
	if c := w.reload(); c.State != dsr.Closed {
		w.t.Fatalf("the case is %s", c.State)
	}
}

// senderSees gives all that the link of the sender opens, tokens cut out.
func (w *world) senderSees() map[string]string {
	w.t.Helper()
	token, seen := w.links.mint(w.t, w.link), map[string]string{}
	for _, language := range both() {
		for _, path := range []string{"/mijn/zaak", "/mijn/intrekken", "/mijn/bevestig", "/mijn/stop", "/mijn/antwoord"} {
			answer := w.ask(http.MethodGet, at(path, token)+"&taal="+string(language))
			seen[path+" "+string(language)] = http.StatusText(answer.Code) + withoutToken(answer.Body.String())
		}
	}
	wrong := w.post("/mijn/intrekken", token, "adres", "x")
	seen["withdrawing wrongly"] = http.StatusText(wrong.Code) + withoutToken(wrong.Body.String())
	return seen
}

// TestA12SenderLearnsNothing compares, at every step, all that the sender's link
// opens for a customer with what it opens for a stranger: byte by byte.
func TestA12SenderLearnsNothing(t *testing.T) {
	courses := map[string]course{"stranger": notOnFile(), "disowned": disowned(), "silent": silent()}
	customer := newWorld(t, nil)
	worlds := map[string]*world{}
	for name := range courses {
		worlds[name] = newWorld(t, nil)
	}
	states := map[dsr.State]bool{}
	for n, step := range onFile() {
		customer.now = customer.now.Add(50 * 60 * 60 * 1e9)
		step(customer)
		want := customer.senderSees()
		states[customer.reload().State] = true
		for name, w := range worlds {
			w.now = customer.now
			courses[name][n](w)
			if diff := cmp.Diff(want, w.senderSees()); diff != "" {
				t.Errorf("step %d: a customer's request and one that is %s differ for their senders: %s", n, name, diff)
			}
		}
	}
	for _, state := range []dsr.State{dsr.Working, dsr.InReview, dsr.Answering, dsr.Closed} {
		if !states[state] {
			t.Errorf("no step looked at a case that is %s", state)
		}
	}
	if a, b := customer.reload().Work.Outcome, worlds["stranger"].reload().Work.Outcome; a != dsr.Answered || b != dsr.Unlinked {
		t.Errorf("the outcomes are %s and %s", a, b)
	}
}

// TestA12EveryStateBeforeTheDecisionReadsTheSame would fail if the page told how
// far the work is: an approved erasure is one of a customer.
func TestA12EveryStateBeforeTheDecisionReadsTheSame(t *testing.T) {
	for name, states := range map[string][]dsr.State{
		"before the decision": {dsr.Received, dsr.Working, dsr.InReview},
		"closed":              {dsr.Closed},
	} {
		want := ""
		for _, state := range states {
			for _, work := range []dsr.Work{
				{},
				{RightsConfirmed: true, Match: dsr.Matched, AskedAt: received()},
				{RightsConfirmed: true, Match: dsr.Matched, CopyAsked: received()},
				{RightsConfirmed: true, Match: dsr.Matched, Undelivered: []dsr.LetterKind{dsr.ConfirmLetter}},
				{Match: dsr.Nobody, Outcome: dsr.Unlinked},
				{Match: dsr.Matched, Confirmed: true, Outcome: dsr.Answered},
				{Match: dsr.Matched, Disowned: true},
				{Identity: dsr.IdentityDoubtful, Decisions: []dsr.Decision{{Right: dsr.Access, Result: dsr.Refused}}},
			} {
				w := newWorld(t, func(c *dsr.Case) { c.State, c.Work = state, work })
				page := w.open(dsr.Dutch)
				if want == "" {
					want = page
				}
				if page != want {
					t.Errorf("%s: %s with %+v reads otherwise: %s", name, state, work, cmp.Diff(want, page))
				}
			}
		}
	}
	approved := newWorld(t, func(c *dsr.Case) { c.State = dsr.Approved }).open(dsr.Dutch)
	holds(t, approved, true, "In behandeling", "Wij bekijken uw verzoek.")
}

// TestTimelineTellsNothingOfTheWork adds every kind of event that is no step the
// sender took part in.
func TestTimelineTellsNothingOfTheWork(t *testing.T) {
	w := newWorld(t, nil)
	want := w.open(dsr.Dutch) + w.open(dsr.English)
	for _, kind := range []dsr.EventKind{
		dsr.DuplicateLinked, dsr.LetterDelivered, dsr.LetterBounced, dsr.LetterGivenUp, dsr.Viewed, dsr.RightsConfirmed,
		dsr.DataSubjectMatched, dsr.NobodyMatched, dsr.ConfirmationAsked, dsr.MailboxConfirmed, dsr.RequestDisowned,
		dsr.IdentityConfirmed, dsr.IdentityDoubted, dsr.TaskDone, dsr.RightGranted, dsr.RightPartlyGranted, dsr.RightRefused,
		dsr.DraftSubmitted, dsr.DraftSentBack, dsr.ReleaseRefused, dsr.AnswerApproved, dsr.ErasureCarriedOut, dsr.CodeAsked,
		dsr.AnswerCollected, dsr.AnswerRenewed, dsr.ReviewRenewed, dsr.AnswerDelivered, dsr.StaffInvited, dsr.ApprovalTakenBack,
		dsr.IDCopyAsked, dsr.IDCopyReceived, dsr.IDCopyInspected, dsr.IDCopyRefused, dsr.IDCopyViewed, dsr.IDCopyDestroyed,
		dsr.FileAnnounced, dsr.FileSealed, dsr.FileRefused, dsr.FileRemoved, dsr.PackageBuilt, dsr.PackageFailed, dsr.PackageEnded,
		dsr.FilesHandedOut, dsr.LetterComplained, dsr.LetterDelayed, dsr.UndeliveredSettled, dsr.ReminderSent, dsr.DeadlinePassed,
		dsr.FilePurged,
	} {
		w.happen(kind, received().AddDate(0, 0, 3), map[string]string{"letter": string(dsr.ConfirmLetter)})
		if got := w.open(dsr.Dutch) + w.open(dsr.English); got != want {
			t.Errorf("the page tells of %s", kind)
		}
	}
	for _, kind := range []dsr.LetterKind{dsr.ConfirmLetter, dsr.AnswerLetter, dsr.RefusalLetter, dsr.CodeLetter, dsr.WaitLetter, dsr.ReviewNotice, dsr.CopyLetter, dsr.CopyAgainLetter, dsr.CheckedLetter} {
		w.happen(dsr.LetterSent, received().AddDate(0, 0, 3), map[string]string{"letter": string(kind)})
		if got := w.open(dsr.Dutch) + w.open(dsr.English); got != want {
			t.Errorf("the page tells of the letter %s", kind)
		}
	}
}
