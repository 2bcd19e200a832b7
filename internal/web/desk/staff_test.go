package desk_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
	"polarweb.nl/inzage/internal/signedlink"
	"polarweb.nl/inzage/internal/stepup"
)

// actor gives the id by which links name a member of staff.
func actor(id string) dsr.ActorID { return organisation.Staff{ID: id}.ActorID() }

// secretOf gives a secret that follows from its owner's id.
func secretOf(id string) []byte { return []byte((id + strings.Repeat("-", 20))[:20]) }

// enrol enrols a member of staff.
func (w *world) enrol(id string) {
	w.t.Helper()
	enrolling := casework.Enrolling{Rules: w.rules(), Store: w.memory.Enrol}
	if err := enrolling.Enrol(w.t.Context(), w.now, id, secretOf(id)); err != nil {
		w.t.Fatal(err)
	}
}

// code gives the code that somebody's app shows now.
func (w *world) code(id string) string {
	w.t.Helper()
	code, err := stepup.CodeAt(secretOf(id), stepup.StepAt(w.now))
	if err != nil {
		w.t.Fatal(err)
	}
	return code
}

// wrong gives a code that no app shows around now.
func (w *world) wrong() string {
	for _, guess := range []string{"000000", "111111", "222222", "333333", "444444", "555555", "666666", "777777"} {
		right := false
		for _, id := range []string{"anouk", "carla", "bram", "dirk"} {
			for step := int64(-1); step <= 1; step++ {
				code, err := stepup.CodeAt(secretOf(id), stepup.StepAt(w.now)+step)
				right = right || err != nil || code == guess
			}
		}
		if !right {
			return guess
		}
	}
	return "888888"
}

// tag is the MAC of claims, under a key in the place of KMS.
func tag(key string, claims [signedlink.ClaimsSize]byte) [signedlink.TagSize]byte {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write(claims[:])
	return [signedlink.TagSize]byte(mac.Sum(nil))
}

// mint makes the token of a link.
func (w *world) mint(link dsr.Link) string { return w.forge("this world's", link) }

// forge makes the token of a link with somebody's key.
func (w *world) forge(key string, link dsr.Link) string {
	w.t.Helper()
	claims, err := signedlink.Claims(link)
	if err != nil {
		w.t.Fatal(err)
	}
	return signedlink.Encode("k1", claims, tag(key, claims))
}

// check is a desk.Verify that checks tokens as the real one does.
func (w *world) check(_ context.Context, token string, purpose dsr.Purpose, now time.Time) (dsr.Link, error) {
	if w.verify != nil {
		return dsr.Link{}, w.verify
	}
	unverified, err := signedlink.Parse(token, []string{"k1"})
	if err != nil {
		return dsr.Link{}, err
	}
	if err := signedlink.Check(unverified.Link, purpose, now); err != nil {
		return dsr.Link{}, err
	}
	if unverified.Tag != tag("this world's", unverified.Claims) {
		return dsr.Link{}, signedlink.Forged
	}
	return unverified.Link, nil
}

// testProfile is an organisation of these tests alone. Fop left.
func testProfile() organisation.Profile {
	profile := organisation.Defaults()
	profile.Controller = organisation.Controller{
		Name: "Voorbeeld ICT-diensten", TradeName: "Voorbeeld", Address: []string{"Voorbeeldstraat 12", "3511 AA Utrecht"},
		Email: "info@voorbeeld.example", Website: "https://www.voorbeeld.example",
	}
	profile.Brand.Colour = "#123456"
	profile.Authority = organisation.Authority{
		Name: "Autoriteit Voorbeeld", Address: []string{"Postbus 1"}, ComplaintURL: "https://autoriteit.example/klacht",
	}
	profile.Sender = organisation.Sender{
		FromName: "Voorbeeld", FromAddress: "info@voorbeeld.example", Thread: organisation.Thread{LocalPart: "info", Domain: "voorbeeld.example"},
	}
	handler, approver := []organisation.Role{organisation.RoleHandler}, []organisation.Role{organisation.RoleApprover}
	profile.Staff = []organisation.Staff{
		{ID: "anouk", Name: "Anouk Jansen", Email: "anouk@voorbeeld.example", Roles: handler, Active: true},
		{ID: "carla", Name: "Carla de Wit", Email: "carla@voorbeeld.example", Roles: handler, Active: true},
		{ID: "fop", Name: "Fop Oud", Email: "fop@voorbeeld.example", Roles: handler},
		{ID: "bram", Name: "Bram Visser", Email: "bram@voorbeeld.example", Roles: approver, Active: true},
		{ID: "dirk", Name: "Dirk Baas", Email: "dirk@voorbeeld.example", Roles: []organisation.Role{organisation.RoleOwner}, Active: true},
	}
	profile.Identity.IDCopy = organisation.CopyOnRequest
	profile.Identity.Rights = map[string][]organisation.Means{}
	for _, right := range organisation.Rights() {
		profile.Identity.Rights[right] = []organisation.Means{organisation.MeansMailbox}
	}
	profile.Identity.Rights["access"] = []organisation.Means{organisation.MeansMailbox, organisation.MeansIDCopy}
	profile.Identity.Rights["objection_marketing"] = []organisation.Means{organisation.MeansNone}
	same := func(text string) organisation.Text { return organisation.Text{NL: text, EN: text} }
	profile.DataMap = organisation.DataMap{
		AutomatedDecisions: same("Nee."), Transfers: same("Nee."),
		Systems: []organisation.System{
			{ID: "klanten", Name: same("Klantenbestand"), Holds: same("Uw naam."), Purpose: same("Om u te helpen."), Basis: organisation.BasisContract, Keeps: same("Twee jaar.")},
			{ID: "facturen", Name: same("Facturen"), Holds: same("Uw rekeningen."), Purpose: same("Om u een rekening te sturen."), Basis: organisation.BasisLegalObligation, Keeps: same("Zeven jaar."), KeepsWhy: same("De wet.")},
		},
	}
	return profile
}

// holds fails the test unless the page has every phrase, or none of them.
func holds(t *testing.T, page string, want bool, phrases ...string) {
	t.Helper()
	for _, phrase := range phrases {
		if strings.Contains(page, phrase) != want {
			t.Errorf("holds %q: %t, want %t\n%.4000s", phrase, !want, want, page[max(0, strings.Index(page, "<main")):])
		}
	}
}
