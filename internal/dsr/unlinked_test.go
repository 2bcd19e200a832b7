package dsr_test

import (
	"errors"
	"testing"

	"polarweb.nl/inzage/internal/dsr"
)

// doubted gives a case that its contact on file confirmed, and of which a person
// doubts that it is they.
func doubted(t *testing.T, rights ...dsr.Right) *dsr.Case {
	t.Helper()
	c := standing(t, "unjudged")
	c.Rights = dsr.MergeRights(rights, nil)
	if err := c.JudgeIdentity(dsr.IdentityDoubtful, nil); err != nil {
		t.Fatal(err)
	}
	return c
}

// art. 11(2) and 12(2) GDPR: a case ends as nobody's only when nobody can be
// linked to it.
func TestConfirmedRequestEndsUnlinkedOnlyInDoubt(t *testing.T) {
	if err := doubted(t, dsr.Access).Ready(dsr.Unlinked); err != nil {
		t.Errorf("in doubt: %v", err)
	}
	for _, way := range []string{"unjudged", "undecided", "working"} {
		if err := standing(t, way).Ready(dsr.Unlinked); !errors.Is(err, dsr.NotNowLinkable) {
			t.Errorf("%s: %v", way, err)
		}
	}
}

// What nobody may refuse is not refused by finding nobody either, unless there
// is nobody, or the one on file did not ask it.
func TestRightThatCannotBeRefusedDoesNotEndUnlinkedForWhoeverIsOnFile(t *testing.T) {
	for _, right := range dsr.Rights() {
		want := error(nil)
		if len(right.Grounds()) == 0 {
			want = dsr.NotNowLinkable
		}
		for _, way := range []string{"matched", "waiting"} {
			c := standing(t, way)
			c.Rights = dsr.MergeRights([]dsr.Right{dsr.Access, right}, nil)
			if err := c.Ready(dsr.Unlinked); !errors.Is(err, want) {
				t.Errorf("%s when %s: %v, want %v", right, way, err, want)
			}
		}
		if err := doubted(t, dsr.Access, right).Ready(dsr.Unlinked); !errors.Is(err, want) {
			t.Errorf("%s in doubt: %v, want %v", right, err, want)
		}
		for _, way := range []string{"nobody", "disowned"} {
			c := standing(t, way)
			c.Rights = []dsr.Right{right}
			if err := c.Ready(dsr.Unlinked); err != nil {
				t.Errorf("%s when %s: %v", right, way, err)
			}
		}
	}
}
