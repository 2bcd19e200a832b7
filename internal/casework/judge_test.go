package casework_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// seen gives facts that a person named, all of them right.
func seen(facts ...dsr.Fact) []casework.FactSeen {
	var list []casework.FactSeen
	for _, fact := range facts {
		list = append(list, casework.FactSeen{Fact: fact, Right: true})
	}
	return list
}

// The policy asks the mailbox and a copy for access: a copy is replaced by two
// facts or a login, and the mailbox by nothing.
func TestIdentityIsSureOnlyWithWhatThePolicyAsks(t *testing.T) {
	wrong := append(seen("customer-number", "last-invoice"), casework.FactSeen{Fact: "birth-date"})
	for name, test := range map[string]struct {
		confirmed bool
		proof     casework.Proof
		want      []dsr.Means
	}{
		"two facts":                {true, twoFacts(), []dsr.Means{dsr.ByMailbox, dsr.ByFacts}},
		"every fact":               {true, casework.Proof{Facts: seen(dsr.Facts()...)}, []dsr.Means{dsr.ByMailbox, dsr.ByFacts}},
		"a login":                  {true, casework.Proof{Login: true}, []dsr.Means{dsr.ByMailbox, dsr.ByLogin}},
		"both":                     {true, casework.Proof{Facts: twoFacts().Facts, Login: true}, []dsr.Means{dsr.ByMailbox, dsr.ByFacts, dsr.ByLogin}},
		"the mailbox alone":        {true, casework.Proof{}, nil},
		"one fact":                 {true, casework.Proof{Facts: seen("birth-date")}, nil},
		"one fact and a login":     {true, casework.Proof{Facts: seen("birth-date"), Login: true}, nil},
		"one fact twice":           {true, casework.Proof{Facts: seen("birth-date", "birth-date")}, nil},
		"a wrong fact among three": {true, casework.Proof{Facts: wrong}, nil},
		"a wrong fact and a login": {true, casework.Proof{Facts: wrong, Login: true}, nil},
		"a fact that is none":      {true, casework.Proof{Facts: seen("birth-date", "favourite colour")}, nil},
		"facts without the yes":    {false, twoFacts(), nil},
		"login without the yes":    {false, casework.Proof{Login: true}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t, dsr.Access).until("matched")
			if test.confirmed {
				o.confirm(true)
			}
			sheet := o.sheet("els")
			if test.want == nil {
				o.unmoved(dsr.NotNowProof, func() error { return o.handling.JudgeIdentity(t.Context(), o.now, sheet, test.proof) })
				return
			}
			must(t, o.handling.JudgeIdentity(t.Context(), o.now, sheet, test.proof))
			if w := o.file(o.id).Work; w.Identity != dsr.IdentitySure || !slices.Equal(w.Means, test.want) {
				t.Errorf("%q by %v, want %v", w.Identity, w.Means, test.want)
			}
		})
	}
}

// The policy may not ask the mailbox; the answer goes there all the same.
func TestContactSaysYesWhateverElseThePolicyAsks(t *testing.T) {
	profile := team()
	profile.Identity.Rights["rectification"] = []organisation.Means{organisation.MeansFacts}
	o := newOfficeOf(t, profile, dsr.Rectification).until("matched")
	sheet := o.sheet("els")
	o.unmoved(dsr.NotNowProof, func() error { return o.handling.JudgeIdentity(t.Context(), o.now, sheet, twoFacts()) })
	o.confirm(true)
	must(t, o.handling.JudgeIdentity(t.Context(), o.now, o.sheet("els"), twoFacts()))
}

func TestHistorySaysByWhichKindsOfFactsIdentityWasShown(t *testing.T) {
	for want, proof := range map[string]casework.Proof{"customer-number last-invoice": twoFacts(), "": {Login: true}} {
		o := newOffice(t, dsr.Access).until("confirmed")
		must(t, o.handling.JudgeIdentity(t.Context(), o.now, o.sheet("els"), proof))
		history, err := o.memory.History(t.Context(), o.id)
		must(t, err)
		facts := history[len(history)-1].Facts
		if got, said := facts["facts"]; got != want || said != (want != "") || facts["means"] == "" {
			t.Errorf("the history says %v", facts)
		}
	}
}

func TestRightThatAsksNoProofAsksNobody(t *testing.T) {
	o := newOffice(t, dsr.ObjectionMarketing).until("matched")
	for _, kind := range o.letterKinds(o.id, "") {
		if strings.HasPrefix(kind, string(dsr.ConfirmLetter)) {
			t.Errorf("letter %s asks for a proof that the policy does not want", kind)
		}
	}
	must(t, o.handling.JudgeIdentity(t.Context(), o.now, o.sheet("els"), casework.Proof{}))
	if means := o.file(o.id).Work.Means; !slices.Equal(means, []dsr.Means{dsr.ByNothing}) {
		t.Errorf("shown by %v", means)
	}
}

func TestRightWithoutAPolicyIsNotJudged(t *testing.T) {
	profile := team()
	delete(profile.Identity.Rights, "portability")
	o := newOfficeOf(t, profile, dsr.Portability).until("read")
	sheet := o.sheet("els")
	if err := o.handling.MatchDataSubject(t.Context(), o.now, sheet, theFile()); err == nil || o.file(o.id).Work.Match != "" {
		t.Errorf("it was matched and nobody is asked: %v", err)
	}
}

func TestDoubtIsExplained(t *testing.T) {
	o := newOffice(t, dsr.Access).until("judged")
	for _, why := range []string{"", " \t", strings.Repeat("w", dsr.MaxReason+1)} {
		sheet := o.sheet("els")
		o.unmoved(dsr.NotNowReason, func() error { return o.handling.DoubtIdentity(t.Context(), o.now, sheet, why) })
	}
	must(t, o.handling.DoubtIdentity(t.Context(), o.now, o.sheet("els"), " waarom "))
	if w := o.file(o.id).Work; w.Identity != dsr.IdentityDoubtful || w.Means != nil {
		t.Errorf("the verdict is %q by %v", w.Identity, w.Means)
	}
}

func TestContactIsAskedOnceForOneQuestion(t *testing.T) {
	o := newOffice(t, dsr.Access)
	asked := func(want int) {
		t.Helper()
		got := 0
		for _, letter := range o.memory.AllLetters() {
			if letter.Ref.Kind == dsr.ConfirmLetter {
				got++
			}
		}
		if got != want {
			t.Errorf("it was asked %d times, want %d", got, want)
		}
	}
	must(t, o.handling.MatchDataSubject(t.Context(), o.now, o.sheet("els"), theFile()))
	asked(0) // nobody read the mail yet
	must(t, o.handling.ConfirmRights(t.Context(), o.now, o.sheet("els"), []dsr.Right{dsr.Access}))
	asked(1)
	must(t, o.handling.ConfirmRights(t.Context(), o.now, o.sheet("els"), []dsr.Right{dsr.Access}))
	asked(1)
	must(t, o.handling.AskAgain(t.Context(), o.now, o.sheet("els")))
	asked(2)
	o.confirm(true)
	sheet := o.sheet("els")
	o.unmoved(dsr.NotNowNotReady, func() error { return o.handling.AskAgain(t.Context(), o.now, sheet) })
	must(t, o.handling.ConfirmRights(t.Context(), o.now, o.sheet("els"), []dsr.Right{dsr.Access}))
	asked(2)
	must(t, o.handling.ConfirmRights(t.Context(), o.now, o.sheet("els"), []dsr.Right{dsr.Access, dsr.Erasure}))
	asked(3)
}

func TestAnswerNeedsEverySystemForEveryRightThatIsGranted(t *testing.T) {
	o := newOffice(t, dsr.Access, dsr.Portability).until("looked")
	must(t, o.decideOn(dsr.Decision{Right: dsr.Access, Result: dsr.Granted}, ""))
	must(t, o.decideOn(dsr.Decision{Right: dsr.Portability, Result: dsr.Refused, Ground: dsr.GroundExcessive}, "waarom"))
	profile := o.handling.Rules.Profile
	for n := range len(profile.DataMap.Systems) + 2 {
		systems := profile.DataMap.Systems[:min(n, 2)]
		if n > 2 {
			systems = append(slices.Clone(systems), profile.DataMap.Systems[0])
			systems[2].ID = "nieuw"
		}
		o.handling.Rules.Profile.DataMap.Systems, o.handling.Answering.Rules.Profile.DataMap.Systems = systems, systems
		_, err := o.handling.Draft(t.Context(), o.now, o.id, dsr.Answered)
		if want := n > 2; errors.Is(err, dsr.NotNowTasks) != want || !want && err != nil {
			t.Errorf("with %d systems: %v", len(systems), err)
		}
	}
}

func TestDraftSaysWhatIsMissing(t *testing.T) {
	for until, want := range map[string]error{
		"read": dsr.NotNowMatch, "matched": dsr.NotNowIdentity, "confirmed": dsr.NotNowIdentity, "judged": dsr.NotNowDecision,
		"looked": dsr.NotNowDecision, "decided": nil, "submitted": nil, "approved": dsr.NotNowDecided,
	} {
		o := newOffice(t, dsr.Access).until(until)
		before := o.file(o.id).Seq
		draft, err := o.handling.Draft(t.Context(), o.now, o.id, dsr.Answered)
		if !errors.Is(err, want) || (err == nil) != (draft.Hash != [32]byte{}) || o.file(o.id).Seq != before {
			t.Errorf("%s: %v", until, err)
		}
	}
	o := newOffice(t, dsr.Access).until("judged")
	must(t, o.decideOn(dsr.Decision{Right: dsr.Access, Result: dsr.Granted}, ""))
	if _, err := o.handling.Draft(t.Context(), o.now, o.id, dsr.Answered); !errors.Is(err, dsr.NotNowTasks) {
		t.Errorf("nobody looked: %v", err)
	}
}

func TestDraftOfAnotherOutcomeThanTheOneInReviewHasToBePossibleToo(t *testing.T) {
	o := newOffice(t, dsr.Access).until("submitted")
	for outcome, want := range map[dsr.Outcome]error{dsr.Answered: nil, dsr.Unlinked: dsr.NotNowLinkable, "": dsr.NotNowOutcome} {
		if _, err := o.handling.Draft(t.Context(), o.now, o.id, outcome); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", outcome, err, want)
		}
	}
}

func TestUnlinkedDraftNamesNobodyOnFile(t *testing.T) {
	o := newOffice(t, dsr.Access).until("matched")
	letter := o.draft(dsr.Unlinked).Letter
	if strings.Contains(letter, theFile().Name) || !strings.Contains(letter, "Ans Geheim") || !strings.HasPrefix(letter, asker+" ") {
		t.Errorf("the letter is %q", letter)
	}
}

func TestDraftIsTheLetterAsItWouldLeave(t *testing.T) {
	o := newOffice(t, dsr.Access).until("decided")
	draft := o.draft(dsr.Answered)
	if want := fmt.Sprintf("%s voorbeeld", first); !strings.HasPrefix(draft.Letter, want) || draft.Heading != string(dsr.AnswerLetter) {
		t.Errorf("%q: %q", draft.Heading, draft.Letter)
	}
	o.handling.Preview = func(dsr.LetterContent) (string, string, error) { return "", "", errLetter }
	if _, err := o.handling.Draft(t.Context(), o.now, o.id, dsr.Answered); !errors.Is(err, errLetter) {
		t.Errorf("a letter that cannot be written is a draft: %v", err)
	}
	sheet := o.sheet("els")
	o.unmoved(errLetter, func() error {
		return o.handling.Submit(t.Context(), o.now, sheet, casework.Proposal{Outcome: dsr.Answered, Seen: draft.Hash, ThirdParties: true})
	})
}
