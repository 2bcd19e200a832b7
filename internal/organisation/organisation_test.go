package organisation_test

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/organisation"
)

// crew is a small staff with every case that the methods tell apart.
func crew() organisation.Profile {
	return organisation.Profile{Staff: []organisation.Staff{
		{ID: "olga", Roles: []organisation.Role{organisation.RoleOwner}, Active: true},
		{ID: "gone", Roles: []organisation.Role{organisation.RoleHandler, organisation.RoleApprover}},
		{ID: "bert", Roles: []organisation.Role{organisation.RoleApprover}, Active: true},
		{ID: "anna", Roles: []organisation.Role{organisation.RoleHandler, organisation.RoleOwner}, Active: true},
	}}
}

// ids gives the ids of a list of staff.
func ids(staff []organisation.Staff) []string {
	var words []string
	for _, member := range staff {
		words = append(words, member.ID)
	}
	return words
}

func TestActorIDIsTheFirstEightBytesOfTheHashedID(t *testing.T) {
	// printf 'staff:anouk' | sha256sum
	const want = "51b574b8d42a009e"
	actor := organisation.Staff{ID: "anouk"}.ActorID()
	if got := hex.EncodeToString(actor[:]); got != want {
		t.Errorf("ActorID of anouk = %s, want %s", got, want)
	}
}

func TestActorIDDependsOnTheIDAlone(t *testing.T) {
	before := organisation.Staff{ID: "anouk", Name: "Anouk de Wit", Email: "anouk@polarweb.nl", Active: true}
	after := organisation.Staff{ID: "anouk", Name: "Anouk Bos", Email: "bos@polarweb.nl"}
	if before.ActorID() != after.ActorID() {
		t.Error("a new name and address made another actor of the same person")
	}
	if before.ActorID() == (organisation.Staff{ID: "anoek"}).ActorID() {
		t.Error("two ids are one actor")
	}
}

func TestStaffByActorFindsThoseWhoLeft(t *testing.T) {
	p := crew()
	for _, want := range p.Staff {
		got, found := p.StaffByActor(want.ActorID())
		if !found || got.ID != want.ID {
			t.Errorf("StaffByActor of %s = %q, %t", want.ID, got.ID, found)
		}
	}
	if got, found := p.StaffByActor([8]byte{}); found {
		t.Errorf("StaffByActor of nobody = %q", got.ID)
	}
}

func TestNotifiedAreActiveHandlersAndOwnersInFileOrder(t *testing.T) {
	if diff := cmp.Diff([]string{"olga", "anna"}, ids(crew().Notified())); diff != "" {
		t.Errorf("Notified (-want +got):\n%s", diff)
	}
}

func TestOnlyActiveApproversAndOwnersMayApprove(t *testing.T) {
	var may []organisation.Staff
	for _, member := range append(crew().Staff, organisation.Staff{
		ID: "hans", Roles: []organisation.Role{organisation.RoleHandler}, Active: true,
	}) {
		if member.MayApprove() {
			may = append(may, member)
		}
	}
	if diff := cmp.Diff([]string{"olga", "bert", "anna"}, ids(may)); diff != "" {
		t.Errorf("MayApprove (-want +got):\n%s", diff)
	}
}

func TestNoPolicyIsNotPermissionToAskNothing(t *testing.T) {
	p := organisation.Profile{Identity: organisation.IdentityPolicy{Rights: map[string][]organisation.Means{
		"access": {organisation.MeansMailbox, organisation.MeansIDCopy}, "erasure": {},
	}}}
	for _, right := range []string{"erasure", "portability", "inzage", ""} {
		if means, known := p.Means(right); known {
			t.Errorf("Means(%q) = %v, true; want false", right, means)
		}
	}
	means, known := p.Means("access")
	want := []organisation.Means{organisation.MeansMailbox, organisation.MeansIDCopy}
	if diff := cmp.Diff(want, means); diff != "" || !known {
		t.Errorf("Means(access), known %t (-want +got):\n%s", known, diff)
	}
}

func TestCallerCannotChangeThePolicy(t *testing.T) {
	p := organisation.Profile{Identity: organisation.IdentityPolicy{Rights: map[string][]organisation.Means{
		"access": {organisation.MeansMailbox},
	}}}
	means, _ := p.Means("access")
	means[0] = organisation.MeansNone
	if again, _ := p.Means("access"); again[0] != organisation.MeansMailbox {
		t.Errorf("a caller made access ask %s", again[0])
	}
}

func TestStatementInForceIsTheLatestOneBegun(t *testing.T) {
	p := organisation.Profile{Statement: []organisation.StatementVersion{
		{URL: "third", From: "2026-01-01"}, {URL: "first", From: "2018-05-25"}, {URL: "second", From: "2020-03-01"},
	}}
	cases := []struct {
		date, want string
		found      bool
	}{
		{"2018-05-24", "", false},
		{"2018-05-25", "first", true},
		{"2020-02-29", "first", true},
		{"2020-03-01", "second", true},
		{"2025-12-31", "second", true},
		{"2026-03-05", "third", true},
	}
	for _, c := range cases {
		got, found := p.StatementOn(c.date)
		if got.URL != c.want || found != c.found {
			t.Errorf("StatementOn(%s) = %q, %t; want %q, %t", c.date, got.URL, found, c.want, c.found)
		}
	}
	if _, found := (organisation.Profile{}).StatementOn("2026-03-05"); found {
		t.Error("a profile without statements has one in force")
	}
}

func TestThreadAddressesAreSubaddresses(t *testing.T) {
	thread := organisation.Thread{LocalPart: "info", Domain: "polarweb.nl"}
	if got, want := thread.Address(), "info@polarweb.nl"; got != want {
		t.Errorf("Address = %s, want %s", got, want)
	}
	if got, want := thread.Plus("abc"), "info+abc@polarweb.nl"; got != want {
		t.Errorf("Plus = %s, want %s", got, want)
	}
}

func TestPublicNameIsTheTradeNameWhenThereIsOne(t *testing.T) {
	for _, c := range []struct{ trade, want string }{{"PolarWeb", "PolarWeb"}, {"", "PolarWeb ICT-diensten"}} {
		controller := organisation.Controller{Name: "PolarWeb ICT-diensten", TradeName: c.trade}
		if got := controller.PublicName(); got != c.want {
			t.Errorf("PublicName with trade name %q = %q, want %q", c.trade, got, c.want)
		}
	}
}

func TestDefaultsFavourTheDataSubject(t *testing.T) {
	d := organisation.Defaults()
	if d.Identity.IDCopy != organisation.CopyOnDoubt {
		t.Errorf("default id_copy = %s", d.Identity.IDCopy)
	}
	if d.Calendar.RollGoodFriday || !d.Calendar.PlanGoodFriday {
		t.Error("by default a term must not move past Good Friday, and the planning must keep it free")
	}
	if d.Calendar.PromiseDays != 28 {
		t.Errorf("default promise_days = %d, want four weeks", d.Calendar.PromiseDays)
	}
}

func TestProfileComesBackFromJSON(t *testing.T) {
	want := crew()
	want.Controller.Name = "Wit & Visser"
	want.Identity.Rights = map[string][]organisation.Means{"erasure": {"mailbox"}, "access": {"mailbox"}}
	var first, second bytes.Buffer
	if err := want.Encode(&first); err != nil {
		t.Fatal(err)
	}
	if err := want.Encode(&second); err != nil {
		t.Fatal(err)
	}
	if first.String() != second.String() {
		t.Error("equal profiles gave different bytes")
	}
	if !strings.Contains(first.String(), "Wit & Visser") {
		t.Errorf("the name was escaped:\n%s", first.String())
	}
	got, err := organisation.Decode(&first)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("after JSON (-want +got):\n%s", diff)
	}
}

func TestDecodeRefusesWhatItDoesNotKnow(t *testing.T) {
	cases := map[string]string{
		"unknown key":      `{"colour": "#1f4e79"}`,
		"text after it":    `{"case_prefix": "AVG"} {}`,
		"wrong kind":       `{"staff": "anouk"}`,
		"cut off":          `{"case_prefix": `,
		"nothing":          ``,
		"unknown in group": `{"intake": {"modes": "copy"}}`,
	}
	for name, text := range cases {
		got, err := organisation.Decode(strings.NewReader(text))
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		if !strings.HasPrefix(err.Error(), "read organisation.json: ") {
			t.Errorf("%s: error does not say what was read: %v", name, err)
		}
		if diff := cmp.Diff(organisation.Profile{}, got); diff != "" {
			t.Errorf("%s: half a profile came back:\n%s", name, diff)
		}
	}
}
