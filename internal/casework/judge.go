package casework

import (
	"context"
	"slices"
	"strings"
	"time"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/identity"
)

// wantedFacts is how many facts on file count as proof together.
const wantedFacts = 2

// Proof is what a handler saw of a data subject's identity, beside the
// confirmation by the contact on file.
type Proof struct {
	Facts []FactSeen
	Login bool        // confirmed in the customer panel, with a second factor
	Copy  dsr.OwnerID // a copy of an identity document that agrees with the file, by its ID; zero for none
}

// FactSeen is one kind of fact that the person named, compared with the file.
type FactSeen struct {
	Fact  dsr.Fact
	Right bool
}

// JudgeIdentity records that a handler is sure who this is. It takes what the
// policy asks for a right of the case, and more when the contact that said yes
// is new on file. One wrong fact outweighs all others. Copies of identity
// documents have then served, whether the verdict rests on one or not.
func (h Handling) JudgeIdentity(ctx context.Context, now time.Time, sheet Sheet, proof Proof) error {
	return h.actWithCode(ctx, now, sheet, func(file *File) (deed, error) {
		served, err := h.Enclosures.condemn(ctx, now, sheet.Case, reasonVerdict, dsr.IDCopyFile)
		if err != nil {
			return deed{}, err
		}
		if err := accept(served, proof.Copy, sheet.Session.Actor); err != nil {
			return deed{}, err
		}
		means, err := h.enough(file.Case, proof)
		if err != nil {
			return deed{}, err
		}
		facts := map[string]string{"means": joinWords(means)}
		if slices.Contains(means, dsr.ByFacts) {
			facts["facts"] = joinFacts(proof.Facts)
		}
		if proof.Copy != (dsr.OwnerID{}) {
			facts["file"] = proof.Copy.String()
		}
		return deed{event: dsr.Event{Kind: dsr.IdentityConfirmed, Facts: facts}, files: served},
			file.Case.JudgeIdentity(dsr.IdentitySure, means)
	})
}

// accept marks the copy on which a verdict rests, of those that end with it. Whoever
// judges by a copy looked at it themselves, unblurred.
func accept(served []EnclosureMove, id dsr.OwnerID, judge dsr.ActorID) error {
	if id == (dsr.OwnerID{}) {
		return nil
	}
	for i, move := range served {
		if move.Prior.Ref.ID == id && move.Prior.State == dsr.Kept && move.Prior.SeenBy == judge {
			served[i].Next.Reason = reasonAccepted
			return nil
		}
	}
	return dsr.NotNowCopy
}

// DoubtIdentity records that a handler doubts who this is, and why. Copies of
// identity documents end with this verdict too: the next one asks for its own.
func (h Handling) DoubtIdentity(ctx context.Context, now time.Time, sheet Sheet, why string) error {
	return h.actWithCode(ctx, now, sheet, func(file *File) (deed, error) {
		if why = strings.TrimSpace(why); why == "" || len(why) > dsr.MaxReason {
			return deed{}, dsr.NotNowReason
		}
		served, err := h.Enclosures.condemn(ctx, now, sheet.Case, reasonVerdict, dsr.IDCopyFile)
		if err != nil {
			return deed{}, err
		}
		return deed{event: dsr.Event{Kind: dsr.IdentityDoubted}, note: dsr.Note{Text: why}, files: served},
			file.Case.JudgeIdentity(dsr.IdentityDoubtful, nil)
	})
}

// enough gives the means by which identity was shown, when they are enough for
// one right of the case at least. Each right that is granted is judged again by
// what it asks itself.
func (h Handling) enough(c dsr.Case, proof Proof) ([]dsr.Means, error) {
	var shown []dsr.Means
	if c.Work.Confirmed {
		shown = append(shown, dsr.ByMailbox)
	}
	switch named, err := factsNamed(proof.Facts); {
	case err != nil:
		return nil, err
	case named:
		shown = append(shown, dsr.ByFacts)
	}
	if proof.Login {
		shown = append(shown, dsr.ByLogin)
	}
	if proof.Copy != (dsr.OwnerID{}) {
		shown = append(shown, dsr.ByIDCopy)
	}
	why := error(dsr.NotNowProof)
	for _, right := range c.Rights {
		if why = h.Rules.proven(c, right, shown); why == nil {
			break
		}
	}
	if len(shown) == 0 {
		shown = []dsr.Means{dsr.ByNothing}
	}
	return shown, why
}

// proven reports what a right still lacks of proof, after some means were shown.
// The answer needs the contact's own yes, whatever else was shown; and an address
// that is new on file needs more than itself.
func (r Rules) proven(c dsr.Case, right dsr.Right, shown []dsr.Means) error {
	needed, err := r.Identity.Needed([]dsr.Right{right})
	switch {
	case err != nil || len(needed) == 0:
		return err
	case !c.Work.Confirmed || len(identity.Missing(needed, shown)) > 0:
		return dsr.NotNowProof
	case c.OnFile.Fresh(c.Dates.ReceiptDay) && !identity.Stronger(shown):
		return dsr.NotNowFresh
	}
	return nil
}

// factsNamed reports whether enough different facts were named, all of them
// right.
func factsNamed(seen []FactSeen) (bool, error) {
	var kinds []dsr.Fact
	for _, one := range seen {
		if !one.Right || !slices.Contains(dsr.Facts(), one.Fact) || slices.Contains(kinds, one.Fact) {
			return false, dsr.NotNowProof
		}
		kinds = append(kinds, one.Fact)
	}
	if len(kinds) > 0 && len(kinds) < wantedFacts {
		return false, dsr.NotNowProof
	}
	return len(kinds) >= wantedFacts, nil
}

// joinWords writes means as one word list.
func joinWords(means []dsr.Means) string {
	words := make([]string, len(means))
	for i, one := range means {
		words[i] = string(one)
	}
	return strings.Join(words, " ")
}

// joinFacts writes the kinds of facts as one word list.
func joinFacts(seen []FactSeen) string {
	words := make([]string, len(seen))
	for i, one := range seen {
		words[i] = string(one.Fact)
	}
	return strings.Join(words, " ")
}
