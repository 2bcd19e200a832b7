package casework_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
	"polarweb.nl/inzage/internal/stepup"
)

// office is a desk at work on one case: els handles it, hans may approve, gea
// may do both, fop left.
type office struct {
	*desk
	handling   casework.Handling
	reviewing  casework.Reviewing
	confirming casework.Confirming
	collecting casework.Collecting
	id         dsr.OwnerID
	sessions   map[string]dsr.Session
}

// Where letters go in these tests. Nobody writes from an address on file.
const (
	asker  = "vrager@elders.example"
	first  = "ans@dossier.example"
	second = "ans@tweede.example"
	secret = "geheim gegeven" // what was found
)

// team is an organisation of four with two systems.
func team() organisation.Profile {
	profile := profile()
	profile.DataMap.Systems = []organisation.System{{ID: "winkel"}, {ID: "archief"}}
	profile.Identity.Rights = map[string][]organisation.Means{}
	for _, right := range organisation.Rights() {
		profile.Identity.Rights[right] = []organisation.Means{organisation.MeansMailbox}
	}
	profile.Identity.Rights["access"] = []organisation.Means{organisation.MeansMailbox, organisation.MeansIDCopy}
	profile.Identity.Rights["objection_marketing"] = []organisation.Means{organisation.MeansNone}
	return profile
}

// newOffice opens an office with a case that asks these rights.
func newOffice(t *testing.T, rights ...dsr.Right) *office {
	t.Helper()
	return newOfficeOf(t, team(), rights...)
}

// newOfficeOf does the same for another organisation.
func newOfficeOf(t *testing.T, profile organisation.Profile, rights ...dsr.Right) *office {
	t.Helper()
	d := newDeskOf(t, profile)
	o := &office{desk: d, sessions: map[string]dsr.Session{}}
	signing := casework.SigningIn{
		Random: rand.NewChaCha8([32]byte{2}), Rules: d.receiving.Rules, Cases: d.memory, Letters: d.memory,
		Staff: d.memory, Sessions: d.memory, CodeAt: stepup.CodeAt,
	}
	o.handling = casework.Handling{
		Answering: d.answering(), Cases: d.memory, Letters: d.memory, Bodies: d.objects,
		SigningIn: signing, Preview: preview, Files: d.objects, Enclosure: d.memory.EnclosureOf,
	}
	o.reviewing = casework.Reviewing{Handling: o.handling}
	o.confirming = casework.Confirming{
		Place: d.receiving.Place, Rules: d.receiving.Rules, Cases: d.memory, Letters: d.memory, Enclosures: d.memory.EnclosuresOf,
	}
	o.collecting = casework.Collecting{Answering: d.answering(), Cases: d.memory, Letters: d.memory}
	enrolling := casework.Enrolling{Rules: d.receiving.Rules, Store: d.memory.Enrol}
	for _, member := range profile.Staff {
		if member.Active {
			must(t, enrolling.Enrol(t.Context(), d.now, member.ID, secretOf(member.ID)))
		}
	}
	o.id = d.receive("in1", asking(request(asker, "<1@elders>", dsr.TrustA), "one", rights...)).Case
	return o
}

// preview is a casework.Preview that says all it was given.
func preview(content dsr.LetterContent) (subject, text string, err error) {
	return string(content.Letter.Ref.Kind), fmt.Sprintf("%s %s %s %v %v", content.To.Address, content.Token, content.To.Name, content.Decisions, content.Reasons), nil
}

// actor gives a member of staff as an actor.
func (o *office) actor(who string) dsr.ActorID { return organisation.Staff{ID: who}.ActorID() }

// newest gives the newest letter of a kind, to a member of staff when one is
// named.
func (o *office) newest(kind dsr.LetterKind, who string) dsr.Letter {
	o.t.Helper()
	letters := slices.DeleteFunc(o.memory.AllLetters(), func(l dsr.Letter) bool {
		return l.Ref.Case != o.id || l.Ref.Kind != kind || who != "" && l.To.Staff != o.actor(who)
	})
	if len(letters) == 0 {
		o.t.Fatalf("nobody gets a letter %s; letters are %v", kind, o.letterKinds(o.id, ""))
	}
	return slices.MaxFunc(letters, func(a, b dsr.Letter) int { return cmp.Compare(a.Ref.N, b.Ref.N) })
}

// link sends the newest letter of a kind and gives its link; none when it was
// overtaken.
func (o *office) link(kind dsr.LetterKind, who string) dsr.Link {
	o.t.Helper()
	ref := o.newest(kind, who).Ref
	o.send(ref)
	return o.letter(ref).Link
}

// enter signs a member of staff in with a link.
func (o *office) enter(who string, link dsr.Link) dsr.Session {
	o.t.Helper()
	o.now = o.now.Add(30 * time.Second)
	id, err := o.handling.SigningIn.SignIn(o.t.Context(), o.now, link, o.code(who))
	if err != nil {
		o.t.Fatalf("signing %s in: %v", who, err)
	}
	session, err := o.handling.SigningIn.Resume(o.t.Context(), o.now, id)
	must(o.t, err)
	o.sessions[who] = session
	return session
}

// code gives somebody's code of this moment.
func (o *office) code(who string) string {
	o.t.Helper()
	code, err := stepup.CodeAt(secretOf(who), stepup.StepAt(o.now))
	must(o.t, err)
	return code
}

// sheet gives the page of somebody who is signed in, on the case as it stands,
// with a code that was not used yet.
func (o *office) sheet(who string) casework.Sheet {
	o.t.Helper()
	if _, in := o.sessions[who]; !in {
		o.enter(who, o.link(dsr.NewCaseNotice, who))
	}
	o.now = o.now.Add(30 * time.Second)
	return casework.Sheet{Session: o.sessions[who], Case: o.id, Rev: o.file(o.id).Rev, Code: o.code(who)}
}

// number is the number of the case as somebody types it.
func (o *office) number() string { return string(o.file(o.id).Number) }

// theFile says who this is, longest on file last, as nobody sorts them.
func theFile() dsr.OnFile {
	return dsr.OnFile{Reference: "K-77", Name: "Ans Dossier", Contacts: []dsr.Contact{
		{Address: second, Since: "2022-05-05"}, {Address: first, Since: "2020-01-01"},
	}}
}

// twoFacts are proof enough beside the mailbox.
func twoFacts() casework.Proof {
	return casework.Proof{Facts: []casework.FactSeen{{Fact: "customer-number", Right: true}, {Fact: "last-invoice", Right: true}}}
}

// until takes the case along its way, and stops behind a step.
func (o *office) until(step string) *office {
	o.t.Helper()
	steps := []struct {
		name string
		do   func()
	}{
		{"read", func() { must(o.t, o.handling.ConfirmRights(o.t.Context(), o.now, o.sheet("els"), o.file(o.id).Rights)) }},
		{"matched", func() { must(o.t, o.handling.MatchDataSubject(o.t.Context(), o.now, o.sheet("els"), theFile())) }},
		{"confirmed", func() { o.confirm(true) }},
		{"judged", func() { must(o.t, o.handling.JudgeIdentity(o.t.Context(), o.now, o.sheet("els"), twoFacts())) }},
		{"looked", o.lookEverywhere},
		{"decided", o.grantAll},
		{"submitted", func() { must(o.t, o.submit("els", dsr.Answered)) }},
		{"reviewing", func() { o.enter("hans", o.link(dsr.ReviewNotice, "hans")) }},
		{"approved", func() { must(o.t, o.approve("hans")) }},
		{"carried out", func() { must(o.t, o.handling.CarryOut(o.t.Context(), o.now, o.sheet("els"))) }},
	}
	for _, one := range steps {
		one.do()
		if one.name == step {
			return o
		}
	}
	o.t.Fatalf("there is no step %q", step)
	return nil
}

// confirm lets the contact on file answer the newest letter that asks them.
func (o *office) confirm(mine bool) {
	o.t.Helper()
	must(o.t, o.confirming.Confirm(o.t.Context(), o.now, o.link(dsr.ConfirmLetter, ""), o.number(), mine))
}

// look records what one system holds.
func (o *office) look(system string, right dsr.Right, result dsr.TaskResult, text string) error {
	return o.handling.LookInto(o.t.Context(), o.now, o.sheet("els"), casework.Looked{System: system, Right: right, Result: result, Text: text})
}

// lookEverywhere looks into every system for every right.
func (o *office) lookEverywhere() {
	o.t.Helper()
	for _, right := range o.file(o.id).Rights {
		for _, system := range o.handling.Rules.Profile.DataMap.Systems {
			result, text := right.Results()[0], ""
			if result.Telling() {
				text = secret + " in " + system.ID
			}
			must(o.t, o.look(system.ID, right, result, text))
		}
	}
}

// grantAll decides that every right is granted.
func (o *office) grantAll() {
	o.t.Helper()
	for _, right := range o.file(o.id).Rights {
		must(o.t, o.decideOn(dsr.Decision{Right: right, Result: dsr.Granted}, ""))
	}
}

// decideOn lets els decide about one right.
func (o *office) decideOn(decision dsr.Decision, reason string) error {
	return o.handling.Decide(o.t.Context(), o.now, o.sheet("els"), decision, reason)
}

// draft gives the answer as it would leave.
func (o *office) draft(outcome dsr.Outcome) casework.Draft {
	o.t.Helper()
	draft, err := o.handling.Draft(o.t.Context(), o.now, o.id, outcome)
	must(o.t, err)
	return draft
}

// submit lays the draft before a second person.
func (o *office) submit(who string, outcome dsr.Outcome) error {
	o.t.Helper()
	proposal := casework.Proposal{Outcome: outcome, Seen: o.draft(outcome).Hash, ThirdParties: true}
	return o.handling.Submit(o.t.Context(), o.now, o.sheet(who), proposal)
}

// approve lets somebody who is signed in agree with the draft that waits.
func (o *office) approve(who string) error {
	o.t.Helper()
	return o.reviewing.Approve(o.t.Context(), o.now, o.sheet(who), o.file(o.id).Work.Draft)
}
