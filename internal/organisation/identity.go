package organisation

import "slices"

// Means is one way in which a data subject shows who they are.
type Means string

const (
	// MeansNone asks nothing: the act harms nobody when done for a stranger.
	MeansNone Means = "none"
	// MeansMailbox is a signed link sent to the contact on file.
	MeansMailbox Means = "mailbox"
	// MeansFacts are two facts that stand in the organisation's own file.
	MeansFacts Means = "facts"
	// MeansLogin is a confirmation in the customer panel, with a second factor.
	MeansLogin Means = "login"
	// MeansIDCopy is a copy of an identity document, blacked out by the person.
	MeansIDCopy Means = "id_copy"
)

// Words lists the means that exist, lightest first.
func (Means) Words() []string {
	return []string{
		string(MeansNone), string(MeansMailbox), string(MeansFacts),
		string(MeansLogin), string(MeansIDCopy),
	}
}

// CopyPolicy says when a copy of an identity document is asked, for the rights
// whose means include one.
type CopyPolicy string

const (
	// CopyOnRequest asks for a copy with every request.
	CopyOnRequest CopyPolicy = "on_request"
	// CopyOnDoubt asks only after a person wrote down why there is doubt and
	// which lighter way was tried (art. 12(6) GDPR).
	CopyOnDoubt CopyPolicy = "on_doubt"
)

// Words lists the policies that exist, the lighter one first.
func (CopyPolicy) Words() []string { return []string{string(CopyOnDoubt), string(CopyOnRequest)} }

// IdentityPolicy says which proof each right needs.
type IdentityPolicy struct {
	// Rights holds, for each right, all the means that are asked together.
	Rights map[string][]Means `json:"rights"`
	// IDCopy says when MeansIDCopy is asked.
	IDCopy CopyPolicy `json:"id_copy" file:"optional"`
}

// Rights lists the nine rights for which a policy must stand in the file, in
// the order of the law. The words are those of package dsr.
func Rights() []string {
	return []string{
		"access", "rectification", "erasure", "restriction", "portability",
		"objection_marketing", "objection", "consent_withdrawal", "minor_report",
	}
}

// Means gives the proof asked for a right, and false for a right of which the
// file says nothing. The two must not be mixed up: no policy is no permission
// to ask nothing, so a caller stops there.
func (p Profile) Means(right string) ([]Means, bool) {
	means, known := p.Identity.Rights[right]
	return slices.Clone(means), known && len(means) > 0
}
