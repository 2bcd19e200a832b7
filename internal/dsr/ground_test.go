package dsr_test

import (
	"testing"

	"polarweb.nl/inzage/internal/dsr"
)

// TestEveryGroundIsSaidInBothLanguages goes over the grounds of every right: each
// has words of its own, and whoever reads about another right may meet another
// article.
func TestEveryGroundIsSaidInBothLanguages(t *testing.T) {
	said := map[string]dsr.Ground{}
	for _, right := range dsr.Rights() {
		for _, ground := range right.Grounds() {
			dutch, english := ground.Words(right, dsr.Dutch), ground.Words(right, dsr.English)
			if dutch == string(ground) || english == string(ground) || dutch == english {
				t.Errorf("%s for %s is %q and %q", ground, right, dutch, english)
			}
			if other, taken := said[dutch]; taken && other != ground {
				t.Errorf("%s and %s have the same words", ground, other)
			}
			said[dutch] = ground
			if ground.Words(right, "fr") != dutch {
				t.Errorf("%s in a language we do not write is %q", ground, ground.Words(right, "fr"))
			}
		}
	}
	if len(said) < len(declared[dsr.Ground](t, "decision.go", "Ground")) {
		t.Errorf("%d grounds are said", len(said))
	}
	if got := dsr.Ground("whim").Words(dsr.Access, dsr.Dutch); got != "whim" {
		t.Errorf("an unknown ground is said as %q", got)
	}
}

func TestGroundStandsInTheArticleOfItsRight(t *testing.T) {
	for _, c := range []struct {
		right dsr.Right
		is    dsr.Ground
		words string
	}{
		{dsr.Access, dsr.GroundOthers, "An answer may not harm the rights of other people (article 15(4) GDPR)."},
		{dsr.Portability, dsr.GroundOthers, "An answer may not harm the rights of other people (article 20(4) GDPR)."},
		{dsr.Erasure, dsr.GroundClaims, "We may keep data that we need for a court case or another legal claim (article 17(3)(e) GDPR)."},
		{dsr.Objection, dsr.GroundClaims, "We may go on using data for a court case or another legal claim (article 21(1) GDPR)."},
	} {
		if got := c.is.Words(c.right, dsr.English); got != c.words {
			t.Errorf("%s for %s is %q", c.is, c.right, got)
		}
	}
}
