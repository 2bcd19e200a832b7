package casework_test

import (
	"slices"
	"testing"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// The second person must never agree with a draft whose maker has not seen all
// that came in.
func TestMailDuringTheReviewTakesTheDraftBackAndStaffHear(t *testing.T) {
	rest := func(o *office) dsr.Mail { return o.writesAgain("in2", dsr.Access) }
	for name, further := range map[string]func(*office) dsr.Mail{
		"it asks the same": rest,
		"it asks nothing":  func(o *office) dsr.Mail { return o.writesAgain("in2") },
		"it is another text under the same Message-ID": func(o *office) dsr.Mail {
			return o.receive("in2", asking(request(asker, "<1@elders>", dsr.TrustA), "other bytes", dsr.Access))
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t, dsr.Access).until("reviewing")
			acts := o.reviewActs()
			if mail := further(o); mail.Case != o.id {
				t.Fatal("it opened a case of its own")
			}
			c := o.file(o.id)
			if c.State != dsr.Working || c.Work.Draft != [32]byte{} || c.Work.Identity != dsr.IdentitySure || len(c.Work.Decisions) != 1 {
				t.Errorf("the case is %s, %+v", c.State, c.Work)
			}
			for _, act := range acts {
				sheet := o.sheet("hans")
				o.unmoved(casework.ErrStale, func() error { return act(sheet) })
			}
			if notice := o.newest(dsr.RightsNotice, "els"); notice.Reason != "more-mail" || o.kinds(o.id)["S8"] != 2 {
				t.Errorf("letters %v, for the reason %q", o.kinds(o.id), notice.Reason)
			}
			if rest(o); o.kinds(o.id)["S8"] != 2 {
				t.Errorf("nothing was taken back by a third mail, and letters are %v", o.kinds(o.id))
			}
			must(t, o.submit("els", dsr.Answered))
			o.whole()
		})
	}
}

func TestSameBytesDuringTheReviewLeaveTheDraftAlone(t *testing.T) {
	o := newOffice(t, dsr.Access).until("reviewing")
	if mail := o.receive("in2", asking(request(asker, "<1@elders>", dsr.TrustA), "one", dsr.Access)); mail.State != dsr.MailDuplicate {
		t.Fatalf("it ended as %s", mail.State)
	}
	must(t, o.approve("hans"))
}

func TestCopyOfAPurgedCasesMailIsAPersons(t *testing.T) {
	same := asking(request(asker, "<1@elders>", dsr.TrustA), "one", dsr.Access)
	for name, gone := range map[string]func(*office){
		"the file is destroyed": func(o *office) { o.purge() },
		"the whole case is gone": func(o *office) {
			o.purge()
			must(o.t, o.memory.Expire(o.t.Context(), o.summary()))
		},
	} {
		t.Run(name, func(t *testing.T) {
			o, _ := closed(t)
			gone(o)
			mail := o.receive("in2", same)
			if mail.State != dsr.MailPerson || mail.Reason != "purged-case" || !mail.DueAt.Equal(o.now.AddDate(0, 0, 3)) {
				t.Errorf("the mail ended as %q, %q, due %s", mail.State, mail.Reason, mail.DueAt)
			}
			if got := o.letterKinds(dsr.OwnerID{}, "in2"); !slices.Equal(got, []string{"S7#1", "S7#2"}) {
				t.Errorf("letters %v", got)
			}
		})
	}
}

func TestMailOfACaseIsKeptAWeekAsItCame(t *testing.T) {
	o := newOffice(t, dsr.Access)
	same := asking(request(asker, "<1@elders>", dsr.TrustA), "one", dsr.Access)
	for id, mail := range map[string]dsr.Mail{"in1": o.mail("in1"), "in2": o.writesAgain("in2", dsr.Access), "in3": o.receive("in3", same)} {
		if !mail.DueAt.Equal(o.now.Add(week)) {
			t.Errorf("%s ended as %s and is removed at %s", id, mail.State, mail.DueAt)
		}
	}
}
