package casework_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// unmoved fails the test unless an act was refused for a reason and left the
// case as it was.
func (o *office) unmoved(want error, act func() error) {
	o.t.Helper()
	before, letters := o.file(o.id), len(o.memory.AllLetters())
	if err := act(); !errors.Is(err, want) {
		o.t.Errorf("it gave %v, want %v", err, want)
	}
	if after := o.file(o.id); after.Seq != before.Seq || after.State != before.State || len(o.memory.AllLetters()) != letters {
		o.t.Errorf("the case went from %s #%d to %s #%d", before.State, before.Seq, after.State, after.Seq)
	}
}

// reviewActs are what a second person does with the draft they saw.
func (o *office) reviewActs() map[string]func(casework.Sheet) error {
	seen := o.file(o.id).Work.Draft
	return map[string]func(casework.Sheet) error{
		"approve":   func(s casework.Sheet) error { return o.reviewing.Approve(o.t.Context(), o.now, s, seen) },
		"send back": func(s casework.Sheet) error { return o.reviewing.SendBack(o.t.Context(), o.now, s, seen, "waarom") },
		"refuse": func(s casework.Sheet) error {
			return o.reviewing.RefuseRelease(o.t.Context(), o.now, s, seen, "waarom")
		},
	}
}

// slip gives somebody a link of a purpose that no act would give them, as if a
// letter had gone astray.
func (o *office) slip(who string, purpose dsr.Purpose) dsr.Link {
	o.t.Helper()
	file, err := o.memory.File(o.t.Context(), o.id)
	must(o.t, err)
	file.Case.Seq++
	ref := ofCase(o.id, dsr.RightsNotice, file.Case.Seq*1000) // a kind that is never overtaken
	must(o.t, o.memory.Commit(o.t.Context(), casework.Change{
		File: file, At: o.now, Event: dsr.Event{Seq: file.Case.Seq, Kind: "Slipped", At: o.now},
		Letters: []dsr.Letter{{Ref: ref, To: dsr.Addressee{Staff: o.actor(who)}, Purpose: purpose, State: dsr.LetterWaiting}},
	}))
	o.send(ref)
	link := o.letter(ref).Link
	if link.ID == (dsr.LinkID{}) {
		o.t.Fatal("the letter did not leave")
	}
	return link
}

// A30: nobody approves their own draft, whatever link they hold.
func TestA30DrafterDoesNotApproveTheirOwnDraft(t *testing.T) {
	for who, want := range map[string]error{"els": casework.ErrNotYours, "gea": dsr.NotNowSamePerson} {
		o := newOffice(t, dsr.Access).until("decided")
		must(t, o.submit(who, dsr.Answered))
		o.enter(who, o.slip(who, dsr.ApproveRelease))
		o.unmoved(want, func() error { return o.approve(who) })
	}
}

// A30: a letter of an earlier round, sent late, is a link for the drafter of now.
func TestA30LateLetterOfAnEarlierRoundLetsNobodyApproveTheirOwnDraft(t *testing.T) {
	o := newOffice(t, dsr.Access).until("submitted")
	late := o.newest(dsr.ReviewNotice, "gea").Ref
	o.enter("hans", o.link(dsr.ReviewNotice, "hans"))
	must(t, o.reviewActs()["send back"](o.sheet("hans")))
	must(t, o.submit("gea", dsr.Answered))
	o.send(late)
	o.enter("gea", o.letter(late).Link)
	o.unmoved(dsr.NotNowSamePerson, func() error { return o.approve("gea") })
}

func TestLinkToSignInDecidesNothing(t *testing.T) {
	o := newOffice(t, dsr.Access).until("submitted")
	o.enter("gea", o.link(dsr.NewCaseNotice, "gea"))
	for name, act := range o.reviewActs() {
		sheet := o.sheet("gea")
		t.Run(name, func(t *testing.T) { o.unmoved(casework.ErrStale, func() error { return act(sheet) }) })
	}
	if _, _, err := o.reviewing.Review(t.Context(), o.now, o.sessions["gea"]); !errors.Is(err, casework.ErrStale) {
		t.Errorf("it shows the draft: %v", err)
	}
}

func TestLinkOfAnotherPurposeDecidesNothing(t *testing.T) {
	for right, wrong := range map[dsr.Right][]dsr.Purpose{
		dsr.Erasure: {dsr.ApproveRelease, dsr.Refuse}, dsr.Access: {dsr.ApproveErasure, dsr.Refuse},
	} {
		for _, purpose := range wrong {
			o := newOffice(t, right).until("submitted")
			o.enter("hans", o.slip("hans", purpose))
			for name, act := range o.reviewActs() {
				sheet := o.sheet("hans")
				t.Run(string(purpose)+" "+name, func(t *testing.T) {
					o.unmoved(casework.ErrNotYours, func() error { return act(sheet) })
				})
			}
			if _, _, err := o.reviewing.Review(t.Context(), o.now, o.sessions["hans"]); !errors.Is(err, casework.ErrNotYours) {
				t.Errorf("%s shows the draft of another purpose: %v", purpose, err)
			}
		}
	}
}

func TestLinkOfAnotherCaseDecidesNothing(t *testing.T) {
	o := newOffice(t, dsr.Access).until("reviewing")
	here := o.id
	o.id = o.receive("in2", asking(request("piet@elders.example", "<2@elders>", dsr.TrustA), "two", dsr.Access)).Case
	delete(o.sessions, "els") // els signs in to the other case
	o.until("submitted")
	if here == o.id {
		t.Fatal("both are one case")
	}
	for name, act := range o.reviewActs() {
		sheet := o.sheet("hans")
		t.Run(name, func(t *testing.T) { o.unmoved(casework.ErrLinkDead, func() error { return act(sheet) }) })
	}
}

func TestLinkOfAnotherApproverDecidesNothing(t *testing.T) {
	o := newOffice(t, dsr.Access).until("reviewing")
	stolen := o.sheet("gea")
	stolen.Session.Link = o.sessions["hans"].Link
	for name, act := range o.reviewActs() {
		t.Run(name, func(t *testing.T) { o.unmoved(casework.ErrLinkDead, func() error { return act(stolen) }) })
	}
	stolen.Session.Link = dsr.LinkID{9}
	o.unmoved(casework.ErrLinkDead, func() error { return o.reviewActs()["approve"](stolen) })
}

func TestLinkDecidesOnce(t *testing.T) {
	for name := range map[string]bool{"approve": true, "send back": true, "refuse": true} {
		o := newOffice(t, dsr.Access).until("reviewing")
		must(t, o.reviewActs()[name](o.sheet("hans")))
		for again, act := range o.reviewActs() {
			sheet := o.sheet("hans")
			t.Run(name+", then "+again, func(t *testing.T) { o.unmoved(casework.ErrDecided, func() error { return act(sheet) }) })
		}
		if _, _, err := o.reviewing.Review(t.Context(), o.now, o.sessions["hans"]); !errors.Is(err, casework.ErrDecided) {
			t.Errorf("after %s the link shows the draft: %v", name, err)
		}
		if _, err := o.handling.SigningIn.Look(t.Context(), o.newest(dsr.ReviewNotice, "hans").Link); !errors.Is(err, casework.ErrDecided) {
			t.Errorf("after %s the link signs in: %v", name, err)
		}
	}
}

func TestLinkOfAnEarlierRoundDecidesNothing(t *testing.T) {
	o := newOffice(t, dsr.Access).until("reviewing")
	old := o.newest(dsr.ReviewNotice, "hans").Link
	must(t, o.submit("els", dsr.Answered)) // the same draft once more
	for name, act := range o.reviewActs() {
		sheet := o.sheet("hans")
		t.Run(name, func(t *testing.T) { o.unmoved(casework.ErrStale, func() error { return act(sheet) }) })
	}
	if _, err := o.handling.SigningIn.Look(t.Context(), old); !errors.Is(err, casework.ErrStale) {
		t.Errorf("the old link signs in: %v", err)
	}
}

func TestLinkToApproveIsStaleWhereNothingWaits(t *testing.T) {
	for _, until := range []string{"decided", "approved"} {
		for _, purpose := range []dsr.Purpose{dsr.ApproveRelease, dsr.Refuse} {
			o := newOffice(t, dsr.Access).until(until)
			o.enter("gea", o.slip("gea", purpose))
			for name, act := range o.reviewActs() {
				sheet := o.sheet("gea")
				t.Run(until+" "+name, func(t *testing.T) { o.unmoved(casework.ErrStale, func() error { return act(sheet) }) })
			}
			if _, _, err := o.reviewing.Review(t.Context(), o.now, o.sessions["gea"]); !errors.Is(err, casework.ErrStale) {
				t.Errorf("%s: a draft is shown: %v", until, err)
			}
		}
	}
}

func TestDraftIsApprovedAsItWasSeen(t *testing.T) {
	o := newOffice(t, dsr.Access).until("reviewing")
	for name, seen := range map[string][32]byte{"another hash": {1}, "none": {}} {
		sheet := o.sheet("hans")
		t.Run(name, func(t *testing.T) {
			o.unmoved(casework.ErrStale, func() error { return o.reviewing.Approve(t.Context(), o.now, sheet, seen) })
		})
	}
	sheet := o.sheet("hans")
	sheet.Rev--
	o.unmoved(casework.ErrStale, func() error { return o.reviewActs()["approve"](sheet) })
	must(t, o.approve("hans"))
}

func TestDraftIsSubmittedAsItWasSeen(t *testing.T) {
	o := newOffice(t, dsr.Access).until("decided")
	seen := o.draft(dsr.Answered).Hash
	must(t, o.look("winkel", dsr.Access, dsr.Found, "iets anders"))
	sheet := o.sheet("els")
	o.unmoved(casework.ErrStale, func() error {
		return o.handling.Submit(t.Context(), o.now, sheet, casework.Proposal{Outcome: dsr.Answered, Seen: seen, ThirdParties: true})
	})
	sheet = o.sheet("els")
	o.unmoved(dsr.NotNowThirdParties, func() error { // art. 15(4) GDPR
		return o.handling.Submit(t.Context(), o.now, sheet, casework.Proposal{Outcome: dsr.Answered, Seen: o.draft(dsr.Answered).Hash})
	})
}

func TestChangeBetweenPreviewAndApprovalNeedsAnotherDraft(t *testing.T) {
	o := newOffice(t, dsr.Access).until("reviewing")
	page := o.sheet("hans")
	seen := o.file(o.id).Work.Draft
	must(t, o.look("winkel", dsr.Access, dsr.Found, "iets anders"))
	o.now = page.Session.Expires.Add(-1)
	o.unmoved(casework.ErrStale, func() error { return o.reviewing.Approve(t.Context(), o.now, page, seen) })
	page.Rev = o.file(o.id).Rev
	o.unmoved(casework.ErrStale, func() error { return o.reviewing.Approve(t.Context(), o.now, page, seen) })
}

// What lies in the tables may change behind the acts' back: the hash meets it.
func TestTaskThatWasChangedInTheTableIsNotApproved(t *testing.T) {
	for _, reader := range []string{"approve", "send back", "refuse"} {
		o := newOffice(t, dsr.Access).until("reviewing")
		o.reviewing.ReadTasks = func(ctx context.Context, id dsr.OwnerID) ([]dsr.Task, error) {
			tasks, err := o.memory.ReadTasks(ctx, id)
			tasks[0].Result, tasks[0].Sealed = dsr.NothingFound, nil
			return tasks, err
		}
		sheet := o.sheet("hans")
		o.unmoved(casework.ErrStale, func() error { return o.reviewActs()[reader](sheet) })
		if _, _, err := o.reviewing.Review(t.Context(), o.now, o.sessions["hans"]); !errors.Is(err, casework.ErrStale) {
			t.Errorf("the page shows it: %v", err)
		}
		sheet = o.sheet("hans") // nor by whoever knows the hash of what stands there now
		changed, err := o.reviewing.Draft(t.Context(), o.now, o.id, dsr.Answered)
		must(t, err)
		o.unmoved(dsr.NotNowDraft, func() error { return o.reviewing.Approve(t.Context(), o.now, sheet, changed.Hash) })
	}
}

// L13: of many posts exactly one decides.
func TestHundredApprovalsAtOnceAreOne(t *testing.T) {
	o := newOffice(t, dsr.Access).until("reviewing")
	o.enter("gea", o.link(dsr.ReviewNotice, "gea"))
	sheets := []casework.Sheet{o.sheet("hans"), o.sheet("gea")}
	sheets[0].Code = o.code("hans")
	seen, before, now := o.file(o.id).Work.Draft, len(o.events(o.id)), o.now
	ends := make(chan error, 100)
	var posts sync.WaitGroup
	for n := range 100 {
		posts.Go(func() { ends <- o.reviewing.Approve(t.Context(), now, sheets[n%2], seen) })
	}
	posts.Wait()
	close(ends)
	won := 0
	for err := range ends {
		switch {
		case err == nil:
			won++
		case !errors.Is(err, casework.ErrStale) && !errors.Is(err, casework.ErrCode) && !errors.Is(err, casework.ErrLinkDead):
			t.Errorf("one ended with %v", err)
		}
	}
	if got := len(o.events(o.id)); won != 1 || got != before+1 {
		t.Errorf("%d approvals, %d events more", won, got-before)
	}
	o.newest(dsr.AnswerLetter, "")
}

func TestSecondPersonSaysWhyADraftComesBack(t *testing.T) {
	o := newOffice(t, dsr.Access).until("reviewing")
	seen := o.file(o.id).Work.Draft
	for name, why := range map[string]string{"nothing": "", "spaces": " \n ", "too much": string(make([]byte, dsr.MaxReason+1))} {
		for _, act := range []func(context.Context, casework.Sheet) error{
			func(ctx context.Context, s casework.Sheet) error {
				return o.reviewing.SendBack(ctx, o.now, s, seen, why)
			},
			func(ctx context.Context, s casework.Sheet) error {
				return o.reviewing.RefuseRelease(ctx, o.now, s, seen, why)
			},
		} {
			sheet := o.sheet("hans")
			t.Run(name, func(t *testing.T) {
				o.unmoved(dsr.NotNowCommentNeeded, func() error { return act(t.Context(), sheet) })
			})
		}
	}
}

func TestDraftThatComesBackReachesItsDrafter(t *testing.T) {
	for name, want := range map[string]string{"send back": casework.ReasonSentBack, "refuse": casework.ReasonRefused} {
		o := newOffice(t, dsr.Access).until("reviewing")
		must(t, o.reviewActs()[name](o.sheet("hans")))
		notice := o.newest(dsr.BackNotice, "els")
		c := o.file(o.id)
		if notice.Reason != want || notice.Purpose != dsr.SignIn || c.State != dsr.Working {
			t.Errorf("%s: reason %q, link to %s, case %s", name, notice.Reason, notice.Purpose, c.State)
		}
		if doubted := name == "refuse"; (c.Work.Identity == "") != doubted {
			t.Errorf("%s: verdict %q", name, c.Work.Identity)
		}
	}
}

func TestLinksToApproveGoToEveryOtherApprover(t *testing.T) {
	o := newOffice(t, dsr.Access).until("decided")
	must(t, o.submit("gea", dsr.Answered))
	if got := o.newest(dsr.ReviewNotice, "hans"); got.Purpose != dsr.ApproveRelease || !got.NotBefore.IsZero() {
		t.Errorf("hans gets %+v", got)
	}
	notices := 0
	for _, letter := range o.memory.AllLetters() {
		if letter.Ref.Kind == dsr.ReviewNotice {
			notices++
		}
	}
	if notices != 1 {
		t.Errorf("%d letters ask for approval, want the one to hans", notices)
	}
}
