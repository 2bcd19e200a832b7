// Package identity says which proof of identity a right needs and whether what
// was shown is enough. It decides nothing about a person: a member of staff
// does, and this package keeps them from doing it with too little.
//
// A Policy comes from the organisation file. The package stores nothing.
package identity

import (
	"errors"
	"slices"

	"polarweb.nl/inzage/internal/dsr"
)

// Policy holds, for each right, the means of proof that are asked together.
type Policy map[dsr.Right][]dsr.Means

// ErrNoPolicy is returned for a right of which the policy says nothing. That is
// no permission to ask nothing.
var ErrNoPolicy = errors.New("the identity policy does not name this right")

// Needed gives the means that a request for these rights asks, each once and
// lightest first. Who asks several things at once shows what the strictest needs.
func (p Policy) Needed(rights []dsr.Right) ([]dsr.Means, error) {
	var needed []dsr.Means
	for _, means := range []dsr.Means{dsr.ByMailbox, dsr.ByFacts, dsr.ByLogin, dsr.ByIDCopy} {
		for _, right := range rights {
			if len(p[right]) == 0 {
				return nil, ErrNoPolicy
			}
			if slices.Contains(p[right], means) && !slices.Contains(needed, means) {
				needed = append(needed, means)
			}
		}
	}
	return needed, nil
}

// Missing gives what is needed and was not shown. A copy of an identity document
// can always be replaced by a means that asks less of the person's privacy:
// two facts on file or a login (EDPB Guidelines 01/2022, par. 65 and 73-79).
func Missing(needed, shown []dsr.Means) []dsr.Means {
	var missing []dsr.Means
	for _, means := range needed {
		if slices.Contains(shown, means) || means == dsr.ByIDCopy && Stronger(shown) {
			continue
		}
		missing = append(missing, means)
	}
	return missing
}

// Stronger reports whether something was shown that somebody who took over the
// mailbox could not show.
func Stronger(shown []dsr.Means) bool {
	return slices.Contains(shown, dsr.ByFacts) || slices.Contains(shown, dsr.ByLogin) ||
		slices.Contains(shown, dsr.ByIDCopy)
}
