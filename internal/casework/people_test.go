package casework_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// deeds are all acts of a handler; what they would change does not matter to
// who may try them.
func (o *office) deeds() map[string]func(context.Context, casework.Sheet) error {
	h := o.handling
	return map[string]func(context.Context, casework.Sheet) error{
		"rights": func(ctx context.Context, s casework.Sheet) error { return h.ConfirmRights(ctx, o.now, s, dsr.Rights()) },
		"match":  func(ctx context.Context, s casework.Sheet) error { return h.MatchDataSubject(ctx, o.now, s, theFile()) },
		"nobody": func(ctx context.Context, s casework.Sheet) error { return h.MatchNobody(ctx, o.now, s, "gezocht") },
		"ask":    func(ctx context.Context, s casework.Sheet) error { return h.AskAgain(ctx, o.now, s) },
		"judge":  func(ctx context.Context, s casework.Sheet) error { return h.JudgeIdentity(ctx, o.now, s, twoFacts()) },
		"doubt":  func(ctx context.Context, s casework.Sheet) error { return h.DoubtIdentity(ctx, o.now, s, "waarom") },
		"carry":  func(ctx context.Context, s casework.Sheet) error { return h.CarryOut(ctx, o.now, s) },
		"answer": func(ctx context.Context, s casework.Sheet) error { return h.RenewAnswer(ctx, o.now, s) },
		"back":   func(ctx context.Context, s casework.Sheet) error { return h.TakeBack(ctx, o.now, s, "waarom") },
		"deliver": func(ctx context.Context, s casework.Sheet) error {
			return h.DeliverOtherwise(ctx, o.now, s, "per post")
		},
		"settle": func(ctx context.Context, s casework.Sheet) error {
			return h.SettleUndelivered(ctx, o.now, s, "gebeld", dsr.Acknowledgement)
		},
		"review":  func(ctx context.Context, s casework.Sheet) error { return h.RenewReview(ctx, o.now, s) },
		"propose": func(ctx context.Context, s casework.Sheet) error { return h.Submit(ctx, o.now, s, casework.Proposal{}) },
		"decide": func(ctx context.Context, s casework.Sheet) error {
			return h.Decide(ctx, o.now, s, dsr.Decision{Right: dsr.Access, Result: dsr.Granted}, "")
		},
		"look": func(ctx context.Context, s casework.Sheet) error {
			return h.LookInto(ctx, o.now, s, casework.Looked{System: "winkel", Right: dsr.Access, Result: dsr.NothingFound})
		},
	}
}

// everyDeedIsRefused lets somebody with a good session try all acts.
func (o *office) everyDeedIsRefused(sheet casework.Sheet, want error) {
	o.t.Helper()
	for name, do := range o.deeds() {
		o.t.Run(name, func(t *testing.T) { o.unmoved(want, func() error { return do(t.Context(), sheet) }) })
	}
}

// withStaff gives the office other staff from now on.
func (o *office) withStaff(change func(staff []organisation.Staff)) {
	rules := o.handling.Rules
	rules.Profile.Staff = slices.Clone(rules.Profile.Staff)
	change(rules.Profile.Staff)
	o.handling.Rules, o.handling.SigningIn.Rules = rules, rules
	o.reviewing.Handling = o.handling
}

// A30: nobody works on their own request, however they spell their address.
func TestA30NobodyWorksOnTheirOwnRequest(t *testing.T) {
	for _, address := range []string{
		"els@staff.example", "ELS@Staff.Example", "els+avg@staff.example", "Els+a+b@staff.example", " els@staff.example ",
	} {
		o := newOffice(t, dsr.Access)
		o.id = o.receive("in2", asking(request(address, "<2@elders>", dsr.TrustA), "two", dsr.Access)).Case
		o.enter("els", o.link(dsr.NewCaseNotice, "els"))
		o.everyDeedIsRefused(o.sheet("els"), casework.ErrOwnRequest)
		must(t, o.handling.ConfirmRights(t.Context(), o.now, o.sheet("gea"), []dsr.Right{dsr.Access}))
	}
	o := newOffice(t, dsr.Access)
	o.id = o.receive("in2", asking(request("els@staff.example.org", "<2@elders>", dsr.TrustA), "two", dsr.Access)).Case
	must(t, o.handling.ConfirmRights(t.Context(), o.now, o.sheet("els"), []dsr.Right{dsr.Access})) // a namesake
}

func TestA30WhoFindsThemselvesOnFileLeavesTheCase(t *testing.T) {
	o := newOffice(t, dsr.Access).until("read")
	own := theFile()
	own.Contacts = append(own.Contacts, dsr.Contact{Address: "Els+thuis@staff.example", Since: "2021-01-01"})
	sheet := o.sheet("els")
	o.unmoved(casework.ErrOwnRequest, func() error { return o.handling.MatchDataSubject(t.Context(), o.now, sheet, own) })
	must(t, o.handling.MatchDataSubject(t.Context(), o.now, o.sheet("gea"), own))
	o.everyDeedIsRefused(o.sheet("els"), casework.ErrOwnRequest)
}

func TestA30ApproverWhoIsTheDataSubjectDoesNotApprove(t *testing.T) {
	o := newOffice(t, dsr.Access).until("read")
	hans := theFile()
	hans.Contacts[0].Address = "hans+x@staff.example"
	must(t, o.handling.MatchDataSubject(t.Context(), o.now, o.sheet("els"), hans))
	o.confirm(true)
	must(t, o.handling.JudgeIdentity(t.Context(), o.now, o.sheet("els"), twoFacts()))
	o.lookEverywhere()
	o.grantAll()
	must(t, o.submit("els", dsr.Answered))
	for _, letter := range o.memory.AllLetters() {
		if letter.Ref.Kind == dsr.ReviewNotice && letter.To.Staff == o.actor("hans") {
			t.Error("hans is asked to approve his own answer")
		}
	}
	o.enter("hans", o.slip("hans", dsr.ApproveRelease))
	o.unmoved(casework.ErrOwnRequest, func() error { return o.approve("hans") })
	if _, _, err := o.reviewing.Review(t.Context(), o.now, o.sessions["hans"]); !errors.Is(err, casework.ErrOwnRequest) {
		t.Errorf("the draft is shown to him: %v", err)
	}
}

// A31: somebody must work here at the moment of acting.
func TestA31WhoLeftDoesNothingAnyMore(t *testing.T) {
	for name, change := range map[string]func(staff []organisation.Staff){
		"inactive": func(staff []organisation.Staff) { staff[0].Active = false },
		"gone":     func(staff []organisation.Staff) { staff[0].ID = "another" },
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t, dsr.Access)
			sheet := o.sheet("els")
			o.withStaff(change)
			o.everyDeedIsRefused(sheet, casework.ErrNotStaff)
		})
	}
	o := newOffice(t, dsr.Access).until("reviewing")
	sheet := o.sheet("hans")
	o.withStaff(func(staff []organisation.Staff) { staff[1].Active = false })
	for name, act := range o.reviewActs() {
		t.Run(name, func(t *testing.T) { o.unmoved(casework.ErrNotStaff, func() error { return act(sheet) }) })
	}
}

func TestApproverDoesNotHandleAndHandlerDoesNotApprove(t *testing.T) {
	o := newOffice(t, dsr.Access).until("reviewing")
	o.everyDeedIsRefused(o.sheet("hans"), casework.ErrNotYours)
	o = newOffice(t, dsr.Access).until("decided")
	must(t, o.submit("gea", dsr.Answered)) // els is a handler, and not the drafter
	o.enter("els", o.slip("els", dsr.ApproveRelease))
	for name, act := range o.reviewActs() {
		sheet := o.sheet("els")
		t.Run(name, func(t *testing.T) { o.unmoved(casework.ErrNotYours, func() error { return act(sheet) }) })
	}
	if _, _, err := o.reviewing.Review(t.Context(), o.now, o.sessions["els"]); !errors.Is(err, casework.ErrNotYours) {
		t.Errorf("the draft is shown: %v", err)
	}
}

func TestApproverWhoLostTheRoleSinceDoesNotApprove(t *testing.T) {
	o := newOffice(t, dsr.Access).until("reviewing")
	o.withStaff(func(staff []organisation.Staff) { staff[1].Roles = []organisation.Role{organisation.RoleHandler} })
	o.unmoved(casework.ErrNotYours, func() error { return o.approve("hans") })
}

func TestStalePageChangesNothing(t *testing.T) {
	o := newOffice(t, dsr.Access).until("read")
	for _, other := range []int{-1, 1} {
		sheet := o.sheet("els")
		sheet.Rev += other
		o.everyDeedIsRefused(sheet, casework.ErrStale)
	}
}

func TestActOnACaseThatIsNotThere(t *testing.T) {
	o := newOffice(t, dsr.Access)
	sheet := o.sheet("els")
	sheet.Case = dsr.OwnerID{9}
	o.everyDeedIsRefused(sheet, casework.ErrNotFound)
	if _, err := o.handling.Draft(t.Context(), o.now, dsr.OwnerID{9}, dsr.Answered); !errors.Is(err, casework.ErrNotFound) {
		t.Error(err)
	}
}

// A customer's record may be wrong or hostile: what is no address is refused.
func TestContactOnFileIsAnAddressWithADay(t *testing.T) {
	good := dsr.Contact{Address: first, Since: "2020-01-01"}
	for name, contacts := range map[string][]dsr.Contact{
		"none": nil, "no address": {{Since: "2020-01-01"}}, "no day": {{Address: first}},
		"no such day": {{Address: first, Since: "2020-02-30"}}, "a later day": {{Address: first, Since: "2026-03-03"}},
		"a name too":    {{Address: "Ans <ans@dossier.example>", Since: "2020-01-01"}},
		"two of them":   {{Address: "ans@dossier.example,dief@elders.example", Since: "2020-01-01"}},
		"a header":      {{Address: "ans@dossier.example\r\nBcc: dief@elders.example", Since: "2020-01-01"}},
		"not ASCII":     {{Address: "ans@dossìer.example", Since: "2020-01-01"}},
		"no domain":     {{Address: "ans@", Since: "2020-01-01"}},
		"no local part": {{Address: "@dossier.example", Since: "2020-01-01"}},
		"no at":         {{Address: "ans", Since: "2020-01-01"}},
		"a space":       {{Address: "a ns@dossier.example", Since: "2020-01-01"}},
		"quoted":        {{Address: `"a b"@dossier.example`, Since: "2020-01-01"}},
		"too long":      {{Address: strings.Repeat("a", 250) + "@dossier.example", Since: "2020-01-01"}},
		"twice":         {good, {Address: "ANS+x@dossier.example", Since: "2021-01-01"}},
		"one bad":       {good, {Address: "x", Since: "2020-01-01"}},
		"six": {
			good,
			{Address: "b@c.example", Since: "2020-01-01"},
			{Address: "d@c.example", Since: "2020-01-01"},
			{Address: "e@c.example", Since: "2020-01-01"},
			{Address: "f@c.example", Since: "2020-01-01"},
			{Address: "g@c.example", Since: "2020-01-01"},
		},
	} {
		o := newOffice(t, dsr.Access).until("read")
		sheet := o.sheet("els")
		t.Run(name, func(t *testing.T) {
			o.unmoved(dsr.NotNowContact, func() error {
				return o.handling.MatchDataSubject(t.Context(), o.now, sheet, dsr.OnFile{Reference: "K", Contacts: contacts})
			})
		})
	}
}

func TestMatchIsNamedAndShort(t *testing.T) {
	o := newOffice(t, dsr.Access).until("read")
	for name, test := range map[string]struct {
		reference, name string
		want            error
	}{
		"no reference":     {" ", "Ans", dsr.NotNowContact},
		"a long reference": {strings.Repeat("k", 201), "Ans", dsr.NotNowText},
		"a long name":      {"K", strings.Repeat("a", 201), dsr.NotNowText},
	} {
		who := theFile()
		who.Reference, who.Name = test.reference, test.name
		sheet := o.sheet("els")
		t.Run(name, func(t *testing.T) {
			o.unmoved(test.want, func() error { return o.handling.MatchDataSubject(t.Context(), o.now, sheet, who) })
		})
	}
	for name, looked := range map[string]string{"nothing": " ", "too much": strings.Repeat("g", dsr.MaxReason+1)} {
		sheet := o.sheet("els")
		t.Run(name, func(t *testing.T) {
			o.unmoved(dsr.NotNowText, func() error { return o.handling.MatchNobody(t.Context(), o.now, sheet, looked) })
		})
	}
	who := theFile()
	who.Reference, who.Name = strings.Repeat("k", 200), strings.Repeat("a", 200)
	must(t, o.handling.MatchDataSubject(t.Context(), o.now, o.sheet("els"), who))
}
