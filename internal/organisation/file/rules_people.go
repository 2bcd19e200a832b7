package file

import (
	"fmt"
	"slices"
	"strings"

	"polarweb.nl/inzage/internal/organisation"
)

// staffIsToldApart refuses two people with one id, which would be one actor in
// the history, or with one mailbox, which would let one person sign twice.
func staffIsToldApart(p organisation.Profile, r *report) {
	ids, mailboxes := map[string]bool{}, map[string]bool{}
	for i, member := range p.Staff {
		id, email := entry("staff", i)+".id", entry("staff", i)+".email"
		if r.sound(id) && ids[member.ID] {
			r.fault(id, fmt.Sprintf("id %q is given to two members of staff", member.ID), "give each their own, for ever")
		}
		mailbox := strings.ToLower(member.Email)
		if r.sound(email) && mailboxes[mailbox] {
			r.fault(email, "two members of staff share one mailbox: a second signature could come from the same person",
				"give each their own")
		}
		ids[member.ID], mailboxes[mailbox] = true, true
	}
}

// rolesAreSound says whether the roles of all staff could be read; else no
// conclusion about a missing role can be drawn.
func rolesAreSound(p organisation.Profile, r *report) bool {
	for i, member := range p.Staff {
		path := entry("staff", i)
		if len(member.Roles) == 0 || !r.sound(path+".roles", path+".active") {
			return false
		}
	}
	return len(p.Staff) > 0
}

// someoneHandles wants at least one active handler: without one a request is
// received and nobody can work on it.
func someoneHandles(p organisation.Profile, r *report) {
	if rolesAreSound(p, r) && !slices.ContainsFunc(p.Staff, handles) {
		r.fault("staff", "nobody active in staff has the role handler: no request could be answered",
			"add handler to the roles of one person")
	}
}

// someoneElseApproves warns for each handler whose work nobody else can sign.
// One person is no fault: disclosure and erasure then wait a day.
func someoneElseApproves(p organisation.Profile, r *report) {
	if !rolesAreSound(p, r) {
		return
	}
	for i, member := range p.Staff {
		others := slices.Delete(slices.Clone(p.Staff), i, i+1)
		if handles(member) && !slices.ContainsFunc(others, organisation.Staff.MayApprove) {
			r.warn(entry("staff", i), fmt.Sprintf("no second person can approve the work of %q: disclosure and erasure "+
				"will wait 24 hours, with a notice to the person concerned", member.ID), "give another person the role approver")
		}
	}
}

// handles says whether a member of staff works on cases now.
func handles(s organisation.Staff) bool { return s.Active && s.Has(organisation.RoleHandler) }

// eachRight calls take for every right whose means were read without a fault,
// in the order of the law.
func eachRight(p organisation.Profile, r *report, take func(right, path string, means []organisation.Means)) {
	for _, right := range organisation.Rights() {
		path := below("identity.rights", right)
		if means, known := p.Means(right); known && r.sound(path) {
			take(right, path, means)
		}
	}
}

// noneStandsAlone refuses "none" beside a means that asks something.
func noneStandsAlone(p organisation.Profile, r *report) {
	eachRight(p, r, func(right, path string, means []organisation.Means) {
		if len(means) > 1 && slices.Contains(means, organisation.MeansNone) {
			r.fault(path, right+" asks none and something else as well", "write [none], or leave none out")
		}
	})
}

// disclosureNeedsProof refuses to hand out data to whoever asks. An answer to
// the wrong person is a breach (art. 5(1)(f) and 32 GDPR).
func disclosureNeedsProof(p organisation.Profile, r *report) {
	eachRight(p, r, func(right, path string, means []organisation.Means) {
		if isNone(means) && (right == "access" || right == "portability") {
			r.fault(path, right+" gives out personal data and may not ask none", "write at least [mailbox]")
		}
	})
}

// changeWithoutProof warns where a stranger could change or remove data.
func changeWithoutProof(p organisation.Profile, r *report) {
	eachRight(p, r, func(right, path string, means []organisation.Means) {
		if isNone(means) && slices.Contains([]string{"rectification", "erasure", "restriction"}, right) {
			r.warn(path, right+" asks none: a stranger could have someone's data changed", "write at least [mailbox]")
		}
	})
}

// isNone says that a right is exercised without any proof.
func isNone(means []organisation.Means) bool {
	return slices.Equal(means, []organisation.Means{organisation.MeansNone})
}

// neverACopyFor refuses a copy of an identity document where none can be
// justified: stopping direct marketing (art. 21(3) GDPR: it simply stops),
// withdrawing consent (art. 7(3): as easy as giving it) and the report about a
// minor (art. 8 and recital 38: no document of a child is wanted).
func neverACopyFor(p organisation.Profile, r *report) {
	lighter := []string{"objection_marketing", "consent_withdrawal", "minor_report"}
	eachRight(p, r, func(right, path string, means []organisation.Means) {
		if slices.Contains(means, organisation.MeansIDCopy) && slices.Contains(lighter, right) {
			r.fault(path, right+" may never ask a copy of an identity document", "leave out id_copy")
		}
	})
}

// regulatorOnCopies tells the owner, who decides, what was held about asking a
// copy as a first step (art. 12(2) and 12(6) GDPR).
func regulatorOnCopies(p organisation.Profile, r *report) {
	if !r.sound("identity.id_copy") || p.Identity.IDCopy == organisation.CopyOnDoubt {
		return
	}
	r.note("identity.id_copy", "the AP fined DPG Media EUR 525,000 for asking a copy of an identity document as a "+
		"first step, and the court and the Raad van State confirmed the infringement, although the Raad van State "+
		"halved the fine", "to ask one only on doubt, change this line to: id_copy: on_doubt")
}
