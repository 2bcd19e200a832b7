package casework_test

import (
	"testing"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// pair is an organisation in which els handles and hans approves.
func pair() organisation.Profile {
	profile := team()
	profile.Staff[3].Active = false
	return profile
}

// from opens a further case, from an address that is believed so far.
func (o *office) from(address string, level dsr.TrustLevel, rights ...dsr.Right) *office {
	o.t.Helper()
	o.id = o.receive("in2", asking(request(address, "<2@elders>", level), "two", rights...)).Case
	o.sessions = map[string]dsr.Session{}
	return o
}

// Anybody can write a colleague's address into a mail: that takes no second
// person away and stops nobody from working.
func TestForgedFromOfAColleagueNeitherMakesACaseOnePersonNorBlocksIt(t *testing.T) {
	for _, level := range []dsr.TrustLevel{dsr.TrustA, dsr.TrustC} {
		for _, address := range []string{"hans@staff.example", "HANS+avg@staff.example"} {
			o := newOfficeOf(t, pair(), dsr.Access).from(address, level, dsr.Access).until("submitted")
			if w := o.file(o.id).Work; w.Alone || !w.NotBefore.IsZero() || w.Warned != 0 || o.kinds(o.id)["M10-wait"] != 0 {
				t.Errorf("%s, %s: els works alone: %+v", level, address, w)
			}
			o.enter("hans", o.link(dsr.ReviewNotice, "hans"))
			must(t, o.approve("hans"))
		}
	}
}

func TestForgedFromOfTheHandlerBlocksNothing(t *testing.T) {
	o := newOffice(t, dsr.Access).from("els@staff.example", dsr.TrustC, dsr.Access)
	must(t, o.handling.ConfirmRights(t.Context(), o.now, o.sheet("els"), []dsr.Right{dsr.Access})) // it is not believed

	o = newOffice(t, dsr.Access).from("els@staff.example", dsr.TrustA, dsr.Access)
	sheet := o.sheet("els")
	o.unmoved(casework.ErrOwnRequest, func() error { return o.handling.ConfirmRights(t.Context(), o.now, sheet, []dsr.Right{dsr.Access}) })
	must(t, o.handling.ConfirmRights(t.Context(), o.now, o.sheet("gea"), []dsr.Right{dsr.Access}))
	must(t, o.handling.MatchDataSubject(t.Context(), o.now, o.sheet("gea"), theFile())) // it is somebody else's
	must(t, o.look("winkel", dsr.Access, dsr.NothingFound, ""))
}

// Whom the file names is the data subject, wherever the mail came from.
func TestOwnRequestFromAnotherAddressIsTheirsOnceItIsMatched(t *testing.T) {
	o := newOffice(t, dsr.Access).until("read")
	own := theFile()
	own.Contacts = append(own.Contacts, dsr.Contact{Address: "els@staff.example", Since: "2021-01-01"}) // not the first
	must(t, o.handling.MatchDataSubject(t.Context(), o.now, o.sheet("gea"), own))
	o.everyDeedIsRefused(o.sheet("els"), casework.ErrOwnRequest)
}

// Nobody found is no reason to hand a case to the one who wrote it.
func TestWhoWroteARequestDoesNotEndItAsNobodys(t *testing.T) {
	o := newOffice(t, dsr.Access).from("els@staff.example", dsr.TrustA, dsr.Access)
	must(t, o.handling.ConfirmRights(t.Context(), o.now, o.sheet("gea"), []dsr.Right{dsr.Access}))
	must(t, o.handling.MatchNobody(t.Context(), o.now, o.sheet("gea"), "gezocht"))
	o.everyDeedIsRefused(o.sheet("els"), casework.ErrOwnRequest)
}

// Nobody else can do it, and the law asks an answer: it waits a day.
func TestOnlyPersonHandlesTheirOwnRequestUnderTheWait(t *testing.T) {
	o := newOfficeOf(t, alone(), dsr.Access).from("els@staff.example", dsr.TrustA, dsr.Access).until("read")
	own := theFile()
	own.Contacts[1].Address = "els@staff.example"
	must(t, o.handling.MatchDataSubject(t.Context(), o.now, o.sheet("els"), own))
	o.confirm(true)
	must(t, o.handling.JudgeIdentity(t.Context(), o.now, o.sheet("els"), twoFacts()))
	o.lookEverywhere()
	o.grantAll()
	must(t, o.submit("els", dsr.Answered))
	if w := o.file(o.id).Work; !w.Alone || w.Warned == 0 {
		t.Fatalf("it does not wait: %+v", w)
	}
	o.send(o.newest(dsr.WaitLetter, "").Ref)
	o.enter("els", o.slip("els", dsr.ApproveRelease))
	o.unmoved(dsr.NotNowWait, func() error { return o.approve("els") })
	o.wait()
	o.enter("els", o.link(dsr.ReviewNotice, "els"))
	must(t, o.approve("els"))
}

// A second person who left or only reads mail is none; one who handles is.
func TestWhoWorksAloneSaysTheOrganisationFileOnly(t *testing.T) {
	for name, test := range map[string]struct {
		change func(staff []organisation.Staff)
		alone  bool
	}{
		"all left":         {func(staff []organisation.Staff) {}, true},
		"an approver":      {func(staff []organisation.Staff) { staff[1].Active = true }, false},
		"an owner":         {func(staff []organisation.Staff) { staff[3].Active = true }, false},
		"somebody without": {func(staff []organisation.Staff) { staff[1].Active, staff[1].Roles = true, nil }, true},
	} {
		profile := alone()
		test.change(profile.Staff)
		o := newOfficeOf(t, profile, dsr.Access).until("submitted")
		if w := o.file(o.id).Work; w.Alone != test.alone || w.NotBefore.IsZero() == test.alone {
			t.Errorf("%s: alone %t, not before %s", name, w.Alone, w.NotBefore)
		}
	}
	profile := alone()
	profile.Staff[2].Active = true // fop handles, and may not approve
	o := newOfficeOf(t, profile, dsr.Access).until("decided")
	proposal := casework.Proposal{Outcome: dsr.Answered, Seen: o.draft(dsr.Answered).Hash, ThirdParties: true}
	sheet := o.sheet("els")
	o.unmoved(dsr.NotNowSecondPerson, func() error { return o.handling.Submit(t.Context(), o.now, sheet, proposal) })
}

// A draft of somebody who worked alone is for them, not for who came since and
// may not approve.
func TestWhoCameSinceDoesNotApproveForTheOnlyPerson(t *testing.T) {
	o := newOfficeOf(t, alone(), dsr.Access).until("submitted")
	o.wait()
	o.withStaff(func(staff []organisation.Staff) {
		staff[3].Active, staff[3].Roles = true, []organisation.Role{organisation.RoleHandler}
	})
	enrolling := casework.Enrolling{Rules: o.handling.Rules, Store: o.memory.Enrol}
	must(t, enrolling.Enrol(t.Context(), o.now, "gea", secretOf("gea")))
	o.sending.Rules = o.handling.Rules
	o.enter("gea", o.slip("gea", dsr.ApproveRelease))
	o.unmoved(casework.ErrNotYours, func() error { return o.approve("gea") })
}
