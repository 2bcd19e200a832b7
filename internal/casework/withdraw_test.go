package casework_test

import (
	"testing"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

// The page of the case shows its number, so the number withdraws nothing.
func TestRequestIsWithdrawnWithTheAddressItCameFrom(t *testing.T) {
	o := newOffice(t, dsr.Access).until("matched")
	link := o.link(dsr.Acknowledgement, "")
	for _, typed := range []string{"", o.number(), first, "vrager@elders.example.org", "elders.example", "@"} {
		o.unmoved(casework.ErrAddress, func() error { return o.confirming.Withdraw(t.Context(), o.now, link, typed) })
	}
	must(t, o.confirming.Withdraw(t.Context(), o.now, link, " VRAGER@Elders.Example "))
	if state := o.file(o.id).State; state != dsr.Closed {
		t.Errorf("the case is %s", state)
	}
}

func TestStaffHearOfAWithdrawal(t *testing.T) {
	o := newOffice(t, dsr.Access).until("matched")
	o.withdraws()
	for _, who := range []string{"els", "gea"} {
		if notice := o.newest(dsr.WithdrawnNotice, who); notice.Purpose != dsr.SignIn {
			t.Errorf("the notice to %s is for %s", who, notice.Purpose)
		}
	}
}

func TestAddressThatCannotBeReadWithdrawsNothing(t *testing.T) {
	o := newOffice(t, dsr.Access)
	link := o.link(dsr.Acknowledgement, "")
	calls := 0
	o.onCall = func(call string, phase caseworktest.Phase) error {
		if call != "File" || phase != caseworktest.Before {
			return nil
		}
		if calls++; calls == 2 { // the summary is read first
			o.onCall = nil
			return errPort
		}
		return nil
	}
	o.unmoved(errPort, func() error { return o.confirming.Withdraw(t.Context(), o.now, link, asker) })
}
