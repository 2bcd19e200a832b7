package casework_test

import (
	"errors"
	"testing"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// inviting gives the act over an office's ports.
func (o *office) inviting() casework.Inviting {
	return casework.Inviting{
		Place: o.handling.Place, Rules: o.handling.Rules, Cases: o.memory, OpenCases: o.memory.OpenCases,
	}
}

func TestWhoseLinksArePastIsLetInAgain(t *testing.T) {
	o := newOffice(t, dsr.Access).until("reviewing")
	before := o.file(o.id)
	for range 2 {
		number, err := o.inviting().Invite(t.Context(), o.now, "els")
		if err != nil || number != before.Number {
			t.Fatalf("inviting names %s, %v", number, err)
		}
		o.enter("els", o.link(dsr.LinkNotice, "els"))
	}
	if after := o.file(o.id); after.Rev != before.Rev || after.State != before.State || o.kinds(o.id)["S13"] != 2 {
		t.Errorf("the case is %s at rev %d; letters %v", after.State, after.Rev, o.kinds(o.id))
	}
	o.whole()
}

func TestNobodyElseIsInvited(t *testing.T) {
	o := newOffice(t, dsr.Access)
	for _, id := range []string{"fop", "nobody", ""} { // who left, and who never was
		if _, err := o.inviting().Invite(t.Context(), o.now, id); !errors.Is(err, casework.ErrNotStaff) {
			t.Errorf("inviting %q: %v", id, err)
		}
	}
	must(t, o.confirming.Withdraw(t.Context(), o.now, o.link(dsr.Acknowledgement, ""), asker))
	if _, err := o.inviting().Invite(t.Context(), o.now, "els"); !errors.Is(err, casework.ErrNoOpenCase) {
		t.Errorf("inviting without an open case: %v", err)
	}
}
