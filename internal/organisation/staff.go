package organisation

import (
	"crypto/sha256"
	"slices"
)

// Role is what a member of staff may do to a case.
type Role string

const (
	// RoleHandler works on cases: judges identity, gathers data, drafts the
	// decision.
	RoleHandler Role = "handler"
	// RoleApprover gives the second signature under disclosure and erasure.
	RoleApprover Role = "approver"
	// RoleOwner answers for the organisation: may sign like an approver and
	// hears of every new case and of what stays too late.
	RoleOwner Role = "owner"
)

// Words lists the roles that exist.
func (Role) Words() []string {
	return []string{string(RoleHandler), string(RoleApprover), string(RoleOwner)}
}

// Staff is one member of staff. Whoever leaves stays in the file with Active
// false, so that old signatures keep their name.
type Staff struct {
	// ID is a short lower-case word that is never given to anyone else.
	ID     string `json:"id" file:"id"`
	Name   string `json:"name"`
	Email  string `json:"email" file:"address"`
	Roles  []Role `json:"roles"`
	Active bool   `json:"active"`
}

// ActorID names the member of staff in links and in the history of a case: the
// first eight bytes of SHA-256 over "staff:" and the id. Being computed, it
// needs no random number in the file and survives a change of name or address.
// It is a name, not a secret; links are protected by their own signature.
func (s Staff) ActorID() [8]byte {
	sum := sha256.Sum256([]byte("staff:" + s.ID))
	return [8]byte(sum[:8])
}

// Has says whether the member of staff has a role.
func (s Staff) Has(role Role) bool { return slices.Contains(s.Roles, role) }

// MayApprove says whether the member of staff may give the second signature.
// Someone who left may not.
func (s Staff) MayApprove() bool {
	return s.Active && (s.Has(RoleApprover) || s.Has(RoleOwner))
}

// StaffByActor finds a member of staff, also one who left: a history names
// people of the past. Whoever decides on a permission looks at Active too.
func (p Profile) StaffByActor(actor [8]byte) (Staff, bool) {
	for _, member := range p.Staff {
		if member.ActorID() == actor {
			return member, true
		}
	}
	return Staff{}, false
}

// Notified lists who hears of a new case: active handlers and owners, in the
// order of the file, each once.
func (p Profile) Notified() []Staff {
	var notified []Staff
	for _, member := range p.Staff {
		if member.Active && (member.Has(RoleHandler) || member.Has(RoleOwner)) {
			notified = append(notified, member)
		}
	}
	return notified
}
