package casework_test

import (
	"crypto/sha256"
	"slices"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// asking gives a request for other rights.
func asking(enquiry dsr.Enquiry, bytes string, rights ...dsr.Right) dsr.Enquiry {
	enquiry.Rights = rights
	enquiry.RawHash = sha256.Sum256([]byte(bytes))
	return enquiry
}

func TestRightAskedForLaterReachesStaff(t *testing.T) {
	d := newDesk(t)
	first := d.receive("in1", request("ans@een.example", "<1@een>", dsr.TrustA))
	later := asking(request("ans@een.example", "<2@een>", dsr.TrustA), "two", dsr.Access, dsr.Erasure)
	d.receive("in2", later)
	c := d.file(first.Case)
	if !slices.Equal(c.Rights, []dsr.Right{dsr.Access, dsr.Erasure}) || c.Rev != 1 {
		t.Errorf("the case asks %v at rev %d", c.Rights, c.Rev)
	}
	want := []string{"M01#1", "S6#1", "S6#2", "S8#1001", "S8#1002"}
	if got := d.letterKinds(first.Case, ""); !slices.Equal(got, want) {
		t.Errorf("letters %v, want %v", got, want)
	}
	again := asking(request("ans@een.example", "<3@een>", dsr.TrustA), "three", dsr.Erasure)
	d.receive("in3", again)
	if got := d.letterKinds(first.Case, ""); !slices.Equal(got, want) {
		t.Errorf("nothing new was asked, and letters are %v", got)
	}
}

func TestCopyThatAsksForMoreReachesStaffToo(t *testing.T) {
	d := newDesk(t)
	first := request("ans@een.example", "<1@een>", dsr.TrustA)
	opened := d.receive("in1", first)
	other := d.receive("in2", asking(first, "another text under the same id", dsr.Erasure))
	if other.State != dsr.MailDuplicate || other.Case != opened.Case {
		t.Errorf("the copy ended as %+v", other)
	}
	if !slices.Contains(d.letterKinds(opened.Case, ""), "S8#1001") {
		t.Errorf("nobody heard of the erasure: %v", d.letterKinds(opened.Case, ""))
	}
}

func TestForgedCopyMeetsNeitherTheRealMailNorItsCase(t *testing.T) {
	for name, order := range map[string][2]dsr.TrustLevel{
		"the forged one first": {dsr.TrustC, dsr.TrustA},
		"the real one first":   {dsr.TrustA, dsr.TrustC},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			first := d.receive("in1", request("ans@een.example", "<1@een>", order[0]))
			second := d.receive("in2", asking(request("ans@een.example", "<1@een>", order[1]), "two", dsr.Access))
			if first.Case == second.Case {
				t.Fatal("both are in one case")
			}
			for _, mail := range []dsr.Mail{first, second} {
				believed := d.file(mail.Case).Trust == dsr.TrustA
				if got := slices.Contains(d.letterKinds(mail.Case, ""), "M01#1"); got != believed {
					t.Errorf("believed: %t, receipt: %t", believed, got)
				}
			}
		})
	}
}

func TestMessageIDThatIsUsedForEverNamesANewMessageAfterAWeek(t *testing.T) {
	for days, want := range map[int]dsr.MailState{6: dsr.MailDuplicate, 7: dsr.MailCase, 200: dsr.MailCase} {
		d := newDesk(t)
		first := d.receive("in1", request("ans@een.example", "<form@een>", dsr.TrustA))
		d.now = d.now.Add(time.Duration(days) * 24 * time.Hour)
		later := d.receive("in2", asking(request("ans@een.example", "<form@een>", dsr.TrustA), "two", dsr.Erasure))
		if later.State != want || (later.Case == first.Case) != (want == dsr.MailDuplicate) {
			t.Errorf("after %d days the mail ended as %q, in the same case: %t", days, later.State, later.Case == first.Case)
		}
		if want == dsr.MailCase && !slices.Contains(d.letterKinds(later.Case, ""), "M01#1") {
			t.Errorf("after %d days a new request got no receipt", days)
		}
	}
}
