package casework_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// collect lets the data subject have their answer with a code.
func (o *office) collect() (dsr.Answer, error) {
	o.t.Helper()
	c := o.file(o.id)
	link := o.link(c.AnswerKind(), "")
	opened, err := o.collecting.Open(o.t.Context(), o.now, link, o.freshCode(link))
	return opened.Answer, err
}

// freshCode asks a code and reads it in its letter.
func (o *office) freshCode(link dsr.Link) string {
	o.t.Helper()
	must(o.t, o.collecting.SendCode(o.t.Context(), o.now, link, o.number()))
	o.send(o.newest(dsr.CodeLetter, "").Ref)
	return o.composed[len(o.composed)-1].Code
}

func TestAccessFromMailToClosed(t *testing.T) {
	o := newOffice(t, dsr.Access).until("approved")
	answer := o.newest(dsr.AnswerLetter, "")
	o.send(answer.Ref)
	if to := o.composed[len(o.composed)-1].To; to.Address != first || to.Name != "Ans Dossier" {
		t.Errorf("the answer goes to %+v", to)
	}
	if state := o.file(o.id).State; state != dsr.Answering {
		t.Errorf("before it arrived the case is %s", state)
	}
	o.record(answer.Ref, dsr.LetterArrived)
	c := o.file(o.id)
	if c.State != dsr.Closed || c.Work.Outcome != dsr.Answered || !c.DueAt.Equal(c.Work.ClosedAt.AddDate(1, 0, 0)) {
		t.Errorf("the case is %s, outcome %q", c.State, c.Work.Outcome)
	}
	got, err := o.collect()
	if err != nil || len(got.Found) != 2 || !strings.Contains(got.Found[0].Text, secret) {
		t.Fatalf("%v: found %+v", err, got.Found)
	}
	want := []dsr.EventKind{
		dsr.CaseOpened, dsr.LetterSent, dsr.RightsConfirmed, dsr.DataSubjectMatched, dsr.LetterSent, dsr.MailboxConfirmed,
		dsr.IdentityConfirmed, dsr.TaskDone, dsr.TaskDone, dsr.RightGranted, dsr.DraftSubmitted, dsr.LetterSent,
		dsr.AnswerApproved, dsr.LetterSent, dsr.LetterDelivered, dsr.CaseClosed, dsr.CodeAsked, dsr.LetterSent, dsr.AnswerCollected,
	}
	if diff := cmp.Diff(want, o.events(o.id)); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
	o.whole()
}

func TestErasureIsCarriedOutBeforeTheAnswerLeaves(t *testing.T) {
	o := newOffice(t, dsr.Erasure).until("approved")
	if c := o.file(o.id); c.State != dsr.Approved {
		t.Fatalf("the case is %s", c.State)
	}
	for _, letter := range o.memory.AllLetters() {
		if letter.Ref.Kind.Answers() {
			t.Errorf("letter %s says what was not done yet", letter.Ref.Tag())
		}
	}
	for _, who := range []string{"els", "gea"} {
		if notice := o.newest(dsr.ErasureNotice, who); notice.Purpose != dsr.SignIn {
			t.Errorf("the notice to %s is for %s", who, notice.Purpose)
		}
	}
	must(t, o.handling.CarryOut(t.Context(), o.now, o.sheet("els")))
	o.send(o.newest(dsr.AnswerLetter, "").Ref)
	o.record(o.newest(dsr.AnswerLetter, "").Ref, dsr.LetterArrived)
	if c := o.file(o.id); c.State != dsr.Closed || c.Work.Outcome != dsr.Answered {
		t.Errorf("the case is %s, %s", c.State, c.Work.Outcome)
	}
	o.whole()
}

func TestRefusalTellsWhyAndShowsNothing(t *testing.T) {
	o := newOffice(t, dsr.Access).until("looked")
	must(t, o.decideOn(dsr.Decision{Right: dsr.Access, Result: dsr.Refused, Ground: dsr.GroundExcessive}, "  omdat het zo is "))
	must(t, o.submit("els", dsr.Answered))
	o.enter("hans", o.link(dsr.ReviewNotice, "hans"))
	if purpose := o.sessions["hans"].Purpose; purpose != dsr.Refuse {
		t.Errorf("the link is for %s", purpose)
	}
	must(t, o.approve("hans"))
	link := o.link(dsr.RefusalLetter, "")
	content := o.composed[len(o.composed)-1]
	if content.Reasons[dsr.Access] != "omdat het zo is" || content.Collects || content.To.Address != first || link.Purpose != dsr.FollowCase {
		t.Errorf("the letter holds %+v", content)
	}
}

func TestPartlyGrantedAnswerHoldsOnlyWhatIsGranted(t *testing.T) {
	o := newOffice(t, dsr.Access, dsr.Portability).until("looked")
	must(t, o.decideOn(dsr.Decision{Right: dsr.Access, Result: dsr.Refused, Ground: dsr.GroundExcessive}, "waarom"))
	must(t, o.decideOn(dsr.Decision{Right: dsr.Portability, Result: dsr.Partly, Ground: dsr.GroundOthers}, "daarom"))
	answer := o.draft(dsr.Answered).Answer
	for _, finding := range answer.Found {
		if finding.Right != dsr.Portability {
			t.Errorf("it holds %+v", finding)
		}
	}
	if len(answer.Found) != 2 || answer.To != first || answer.CodeTo != second {
		t.Errorf("the answer is %+v", answer)
	}
}

func TestFindingsStandInTheOrderOfRightsAndSystems(t *testing.T) {
	o := newOffice(t, dsr.Access, dsr.Portability).until("decided")
	var order []string
	for _, finding := range o.draft(dsr.Answered).Answer.Found {
		order = append(order, string(finding.Right)+" "+finding.System)
	}
	want := []string{"access archief", "access winkel", "portability archief", "portability winkel"}
	if diff := cmp.Diff(want, order); diff != "" {
		t.Error(diff)
	}
}

// canaries are texts about people that every act below is fed with.
func canaries() []string {
	return []string{
		"vrager", "elders.example", "ans@", "dossier.example", "tweede.example", "Geheim", "K-77", "Dossier", secret, "geheim",
		"kanarie", "Vertrouwelijk", "Mijn dossier",
	}
}

// fullLife lets every kind of act happen to one case.
func fullLife(t *testing.T) *office {
	t.Helper()
	o := newOffice(t, dsr.Access, dsr.Erasure)
	ctx := t.Context()
	must(t, o.handling.MatchNobody(ctx, o.now, o.sheet("els"), "kanarie gezocht"))
	o.until("matched")
	must(t, o.handling.AskAgain(ctx, o.now, o.sheet("els")))
	o.confirm(false)
	must(t, o.handling.MatchDataSubject(ctx, o.now, o.sheet("els"), theFile()))
	o.confirm(true)
	must(t, o.handling.DoubtIdentity(ctx, o.now, o.sheet("els"), "kanarie twijfel"))
	must(t, o.handling.JudgeIdentity(ctx, o.now, o.sheet("els"), twoFacts()))
	o.lookEverywhere()
	must(t, o.look("winkel", dsr.Access, dsr.Found, strings.Repeat("kanarie ", 5000)))
	must(t, o.decideOn(dsr.Decision{Right: dsr.Access, Result: dsr.Partly, Ground: dsr.GroundOthers}, "kanarie reden"))
	must(t, o.decideOn(dsr.Decision{Right: dsr.Erasure, Result: dsr.Refused, Ground: dsr.GroundClaims}, "kanarie reden"))
	must(t, o.decideOn(dsr.Decision{Right: dsr.Erasure, Result: dsr.Granted}, "kanarie reden"))
	for _, back := range []func(casework.Sheet, [32]byte) error{
		func(s casework.Sheet, h [32]byte) error {
			return o.reviewing.SendBack(ctx, o.now, s, h, "kanarie terug")
		},
		func(s casework.Sheet, h [32]byte) error {
			return o.reviewing.RefuseRelease(ctx, o.now, s, h, "kanarie weg")
		},
	} {
		must(t, o.submit("els", dsr.Answered))
		must(t, o.handling.RenewReview(ctx, o.now, o.sheet("els")))
		o.enter("hans", o.link(dsr.ReviewNotice, "hans"))
		must(t, back(o.sheet("hans"), o.file(o.id).Work.Draft))
	}
	must(t, o.handling.JudgeIdentity(ctx, o.now, o.sheet("els"), casework.Proof{Login: true}))
	must(t, o.submit("els", dsr.Answered))
	o.enter("hans", o.link(dsr.ReviewNotice, "hans"))
	must(t, o.approve("hans"))
	must(t, o.handling.CarryOut(ctx, o.now, o.sheet("els")))
	must(t, o.handling.RenewAnswer(ctx, o.now, o.sheet("els")))
	if _, err := o.collect(); err != nil {
		t.Fatal(err)
	}
	o.record(o.newest(dsr.RefusalLetter, "").Ref, dsr.LetterArrived)
	return o
}

func TestNothingInClearSaysAnythingAboutAPerson(t *testing.T) {
	o := fullLife(t)
	var clear []string
	history, err := o.memory.History(t.Context(), o.id)
	must(t, err)
	kinds := map[dsr.EventKind]bool{}
	for _, event := range history {
		kinds[event.Kind] = true
		clear = append(clear, fmt.Sprintf("%s %v", event.Kind, event.Facts))
	}
	for _, letter := range o.memory.AllLetters() {
		clear = append(clear, fmt.Sprintf("%+v %s", letter, letter.Sealed))
	}
	summary, err := o.memory.Summary(t.Context(), o.id)
	must(t, err)
	clear = append(clear, fmt.Sprintf("%+v", summary))
	tasks, err := o.memory.ReadTasks(t.Context(), o.id)
	must(t, err)
	for _, task := range tasks {
		clear = append(clear, fmt.Sprintf("%s %s %s %s %+v", task.System, task.Right, task.Result, task.Sealed, task.Body))
	}
	for _, line := range clear {
		for _, canary := range canaries() {
			if strings.Contains(line, canary) {
				t.Errorf("%q stands in clear in %s", canary, line)
			}
		}
	}
	for _, kind := range []dsr.EventKind{
		dsr.NobodyMatched, dsr.ConfirmationAsked, dsr.RequestDisowned, dsr.IdentityDoubted, dsr.RightPartlyGranted, dsr.RightRefused,
		dsr.DraftSentBack, dsr.ReleaseRefused, dsr.ErasureCarriedOut, dsr.AnswerRenewed, dsr.ReviewRenewed, dsr.AnswerCollected, dsr.CaseClosed,
	} {
		if !kinds[kind] {
			t.Errorf("this life knew no %s", kind)
		}
	}
	o.whole()
}

func TestNotesOfStaffAreKeptSealedAndShownInTheDossier(t *testing.T) {
	o := fullLife(t)
	dossier, err := o.reading().Open(t.Context(), o.now, o.sessions["els"], o.id)
	must(t, err)
	var texts []string
	for _, event := range dossier.History {
		if note := dossier.Notes[event.Seq]; note.Text != "" {
			texts = append(texts, note.Text)
		}
	}
	want := []string{"kanarie gezocht", "kanarie twijfel", "kanarie reden", "kanarie reden", "kanarie reden", "kanarie terug", "kanarie weg"}
	if !slices.Equal(texts, want) {
		t.Errorf("the notes are %q", texts)
	}
	if len(dossier.Found) != 4 || len(dossier.Messages) != 1 {
		t.Errorf("%d findings, %d messages", len(dossier.Found), len(dossier.Messages))
	}
}
