package simulation

import (
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// offices are the two organisations in which worlds play: one where several
// people work, and one of a single person.
type offices struct{ firm, alone casework.Rules }

// bothOffices gives them.
func bothOffices(t *testing.T) offices {
	t.Helper()
	els := member("els", true, organisation.RoleHandler)
	fop := member("fop", false, organisation.RoleHandler) // left
	gea := member("gea", true, organisation.RoleOwner)
	hil := member("hil", true, organisation.RoleApprover)
	return offices{firm: rules(t, els, fop, gea, hil), alone: rules(t, fop, gea)}
}

// member gives a member of staff.
func member(id string, active bool, role organisation.Role) organisation.Staff {
	return organisation.Staff{ID: id, Name: id, Email: id + staffDomain, Roles: []organisation.Role{role}, Active: active}
}

// staffDomain is where the mailboxes of staff are.
const staffDomain = "@staff.example"

// rules gives those of a small organisation with two systems. Its policy asks
// nothing for what harms nobody, nor for a child's parents, and more than the
// mailbox for what is seen.
func rules(t *testing.T, staff ...organisation.Staff) casework.Rules {
	t.Helper()
	profile := organisation.Defaults()
	profile.Staff = staff
	profile.Statement = []organisation.StatementVersion{{URL: "https://desk.example/privacy", From: "2020-01-01"}}
	profile.DataMap.Systems = []organisation.System{{ID: "shop"}, {ID: "books"}}
	profile.Identity.Rights = map[string][]organisation.Means{}
	for _, right := range organisation.Rights() {
		profile.Identity.Rights[right] = []organisation.Means{organisation.MeansMailbox}
	}
	for _, right := range []dsr.Right{dsr.ObjectionMarketing, dsr.ConsentWithdrawal, dsr.MinorReport} {
		profile.Identity.Rights[string(right)] = []organisation.Means{organisation.MeansNone}
	}
	profile.Identity.Rights[string(dsr.Access)] = []organisation.Means{organisation.MeansMailbox, organisation.MeansIDCopy}
	rules, err := casework.NewRules(profile)
	if err != nil {
		t.Fatalf("the rules of the worlds: %v", err)
	}
	return rules
}

// onFile gives whom the organisation's own file knows behind the address of a
// sender, whoever really wrote; ok is false for nobody.
func (w *world) onFile(sender string) (found dsr.OnFile, ok bool) {
	contacts := map[string][]dsr.Contact{
		// Has written from a newer address than the one that letters go to.
		"ans@een.example": {{Address: "ans@oud.example", Since: "2012-05-01"}, {Address: "ans@een.example", Since: "2019-05-01"}},
		// Writes from an address that is not on file.
		"bas@twee.example": {{Address: "bas@thuis.example", Since: "2018-02-03"}},
		"cas@drie.example": {{Address: "cas@drie.example", Since: w.recently()}},
		// Is somebody else than she says; who is on file did not ask anything.
		"eve@vreemd.example": {{Address: "dora@vier.example", Since: "2017-08-09"}},
		// Works here, and is on file with her mailbox at work too.
		"gea+thuis" + staffDomain: {
			{Address: "gea@thuis.example", Since: "2016-01-02"}, {Address: "gea+thuis" + staffDomain, Since: "2016-01-03"},
		},
		"zus@laatste.example": {{Address: "zus@laatste.example", Since: "2015-01-02"}},
		"kim@later.example":   {{Address: "kim@later.example", Since: "2015-01-03"}},
		"nel@nergens.example": nil,
	}[sender]
	if len(contacts) == 0 {
		return dsr.OnFile{}, false
	}
	name, _, _ := strings.Cut(contacts[0].Address, "@")
	return dsr.OnFile{Reference: "K-" + name, Name: name, Contacts: contacts}, true
}

// recently gives a day on which an address came on file that is new for a
// request of this world. One person alone may not answer to such an address, so
// in an organisation of one it is old.
func (w *world) recently() dsr.Day {
	if w.alone {
		return "2018-01-01"
	}
	return dsr.Day(w.start.AddDate(0, 0, -10).Format(time.DateOnly))
}

// readers lists who reads which mailboxes, but for those of staff.
func readers() [][]string {
	return [][]string{
		{"ans@een.example", "ans@oud.example"},
		{"bas@twee.example", "bas@thuis.example"},
		{"cas@drie.example"},
		{"dora@vier.example"},
		{"eve@vreemd.example"},
		{"gea+thuis" + staffDomain, "gea@thuis.example"},
		{"nel@nergens.example"},
		{"zus@laatste.example"},
		{"kim@later.example"},
	}
}
