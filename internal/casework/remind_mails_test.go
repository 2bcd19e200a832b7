package casework_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// threeDays is how often staff are reminded of a mail.
const threeDays = 3 * 24 * time.Hour

// waitingMail gives an office with a mail that a person must look at.
func waitingMail(t *testing.T) *office {
	t.Helper()
	o, _ := noticed(t)
	o.send(ofMail("in2", 2))
	return o
}

// lies reports whether the mail is still there as it arrived.
func (o *office) lies() bool { return slices.Contains(o.objects.Paths(), "raw/in2") }

// mailNotices lists the notices about the mail, as "1 els empty": number, reader, reason.
func (o *office) mailNotices() (list []string) {
	o.t.Helper()
	for _, letter := range o.memory.AllLetters() {
		if letter.Ref.MailID == "in2" && letter.Ref.Kind == dsr.MailNotice {
			member, _ := o.sending.Rules.Profile.StaffByActor(letter.To.Staff)
			list = append(list, fmt.Sprintf("%d %s %s", letter.Ref.N, member.ID, letter.Reason))
		}
	}
	slices.Sort(list)
	return list
}

func TestMailThatWaitsForAPersonIsRemindedOfEveryThreeDays(t *testing.T) {
	o := waitingMail(t)
	settled := o.mail("in2").DueAt.Add(-threeDays)
	want := []string{"1 els empty", "2 gea empty"}
	for round := 1; round <= 3; round++ {
		o.now = settled.Add(time.Duration(round)*threeDays - time.Nanosecond)
		if swept := o.sweep(); swept.Reminded != 0 {
			t.Errorf("round %d, before its time: swept %+v", round, swept)
		}
		o.now = o.now.Add(time.Nanosecond)
		if swept := o.sweep(); swept.Reminded != 1 || swept.Removed != 0 || len(swept.Unopened) != 0 {
			t.Errorf("round %d: swept %+v", round, swept)
		}
		want = append(want, fmt.Sprintf("%d els empty", round*1000+1), fmt.Sprintf("%d gea empty", round*1000+2))
		slices.Sort(want)
		if diff := cmp.Diff(want, o.mailNotices()); diff != "" {
			t.Fatalf("round %d: notices (-want +got):\n%s", round, diff)
		}
		if o.sweep(); len(o.mailNotices()) != len(want) {
			t.Errorf("round %d: a second sweep reminded again", round)
		}
	}
}

// The first link dies after two weeks; the mail must not wait behind a dead one.
func TestReminderCarriesALinkThatOpensTheMail(t *testing.T) {
	o := waitingMail(t)
	for range 7 {
		o.now = o.mail("in2").DueAt
		o.sweep()
	}
	first, last := o.letter(ofMail("in2", 1)).Link, ofMail("in2", 7001)
	o.send(last)
	fresh := o.letter(last).Link
	if fresh.ID == first.ID || first.ExpiresAt.After(o.now) || !fresh.ExpiresAt.After(o.now.AddDate(0, 0, 13)) {
		t.Fatalf("the link ends at %s, the first ended at %s; now is %s", fresh.ExpiresAt, first.ExpiresAt, o.now)
	}
	if id, err := o.originals().Open(t.Context(), o.now, fresh, o.code("els")); err != nil || id != "in2" {
		t.Errorf("it gave %q, %v", id, err)
	}
}

func TestNobodyIsRemindedOfAMailThatSomebodyOpened(t *testing.T) {
	o, link := noticed(t)
	o.now = o.mail("in2").DueAt
	o.sweep() // the reminders of the first round wait
	if _, err := o.originals().Open(t.Context(), o.now, link, o.code("els")); err != nil {
		t.Fatal(err)
	}
	opened := o.now
	if mail := o.mail("in2"); !mail.OpenedAt.Equal(opened) || !mail.DueAt.Equal(opened.AddDate(0, 0, 14)) || mail.State != dsr.MailPerson {
		t.Errorf("the mail is %+v", mail)
	}
	sent := len(o.posted)
	o.send(ofMail("in2", 1002))
	if letter := o.letter(ofMail("in2", 1002)); letter.State != dsr.LetterFailed || len(o.posted) != sent {
		t.Errorf("a reminder that waited is %s", letter.State)
	}
	notices := len(o.mailNotices())
	o.send(ofMail("in2", 2)) // everybody hears once of what came in
	if letter := o.letter(ofMail("in2", 2)); letter.State != dsr.LetterPosted {
		t.Errorf("a first notice that waited is %s", letter.State)
	}
	o.now = opened.AddDate(0, 0, 14).Add(-time.Nanosecond)
	if swept := o.sweep(); swept.Reminded != 0 || !o.lies() || len(o.mailNotices()) != notices {
		t.Errorf("swept %+v, notices %v", swept, o.mailNotices())
	}
	o.now = o.now.Add(time.Nanosecond)
	if swept := o.sweep(); swept.Removed != 1 || !o.mail("in2").DueAt.IsZero() || o.lies() {
		t.Errorf("two weeks after it was opened: swept %+v", swept)
	}
}

func TestOpeningAMailOnceMoreKeepsItForWhoeverDid(t *testing.T) {
	o, link := noticed(t)
	o.send(ofMail("in2", 2))
	if _, err := o.originals().Open(t.Context(), o.now, link, o.code("els")); err != nil {
		t.Fatal(err)
	}
	o.now = o.now.AddDate(0, 0, 5)
	if _, err := o.originals().Open(t.Context(), o.now, o.letter(ofMail("in2", 2)).Link, o.code("gea")); err != nil {
		t.Fatal(err)
	}
	if mail := o.mail("in2"); !mail.DueAt.Equal(o.now.AddDate(0, 0, 14)) {
		t.Errorf("it is removed at %s", mail.DueAt)
	}
}

// Whoever is told that the link was not used can use it; and nobody is reminded of
// what somebody has.
func TestReminderAndOpeningAtOnceAreOneAfterTheOther(t *testing.T) {
	o, link := noticed(t)
	o.now = o.mail("in2").DueAt
	o.meanwhile("Commit", func() { o.sweep() })
	if id, err := o.originals().Open(t.Context(), o.now, link, o.code("els")); err != nil || id != "in2" {
		t.Errorf("it gave %q, %v", id, err)
	}
	if mail := o.mail("in2"); mail.OpenedAt.IsZero() || mail.Notices != 1 || !mail.DueAt.Equal(o.now.AddDate(0, 0, 14)) {
		t.Errorf("the mail is %+v", mail)
	}
	o, link = noticed(t)
	o.now = o.mail("in2").DueAt
	o.meanwhile("Commit", func() {
		_, err := o.originals().Open(t.Context(), o.now, link, o.code("els"))
		must(t, err)
	})
	if swept := o.sweep(); swept.Reminded != 0 || len(o.mailNotices()) != 2 || o.mail("in2").OpenedAt.IsZero() {
		t.Errorf("swept %+v, notices %v", swept, o.mailNotices())
	}
}

func TestTwoSweepsAtOnceRemindOnce(t *testing.T) {
	o := waitingMail(t)
	o.now = o.mail("in2").DueAt
	o.meanwhile("Commit", func() { o.sweep() })
	if swept := o.sweep(); swept.Reminded != 0 || len(o.mailNotices()) != 4 || o.mail("in2").Notices != 1 {
		t.Errorf("swept %+v, notices %v", swept, o.mailNotices())
	}
}

func TestReminderThatDiesIsMadeOnce(t *testing.T) {
	for _, phase := range []caseworktest.Phase{caseworktest.Before, caseworktest.After} {
		o := waitingMail(t)
		o.now = o.mail("in2").DueAt
		o.failing("Commit", phase)
		if _, err := o.sweeping.Sweep(t.Context(), o.now); !errors.Is(err, errPort) {
			t.Errorf("a crash %s gave %v", phase, err)
		}
		o.now = o.now.AddDate(0, 0, 2)
		if o.sweep(); len(o.mailNotices()) != 4 {
			t.Errorf("after a crash %s the notices are %v", phase, o.mailNotices())
		}
	}
}

func TestUnopenedMailIsNeverRemovedHereAndItsOperatorHearsInTime(t *testing.T) {
	o := waitingMail(t)
	arrived := o.mail("in2").ArrivedAt
	var told []int
	for day := 1; day <= 80; day++ {
		o.now = arrived.AddDate(0, 0, day)
		swept := o.sweep()
		if !o.lies() {
			t.Fatalf("on day %d: swept %+v", day, swept)
		}
		if slices.Contains(swept.Unopened, "in2") {
			told = append(told, day)
		}
	}
	// After sixty days its bucket ends it: there is nothing to remind of.
	if want := []int{45, 48, 51, 54, 57}; !slices.Equal(told, want) || o.mail("in2").Notices != 19 || !o.mail("in2").DueAt.IsZero() {
		t.Errorf("told on days %v, want %v; %d rounds, due %s", told, want, o.mail("in2").Notices, o.mail("in2").DueAt)
	}
}

func TestMailThatCouldNotBePassedOnIsRemindedOfUntilOpened(t *testing.T) {
	for _, state := range []dsr.LetterState{dsr.LetterReturned, dsr.LetterFailed} {
		d := settled(t, dsr.MailOrdinary)
		d.passOn(state)
		for round := 1; round <= 2; round++ {
			if swept := d.sweep(); swept.Reminded != 1 || swept.Removed != 0 || !d.raw() {
				t.Errorf("passed on as %s: swept %+v", state, swept)
			}
			if notice := d.letter(ofMail("in1", round*1000+1)); notice.Reason != "not-passed-on" || notice.Purpose != dsr.OriginalMail {
				t.Errorf("the reminder is %+v", notice)
			}
			d.now = d.mail("in1").DueAt
		}
		mail := d.mail("in1")
		opened := mail
		opened.OpenedAt = d.now
		must(t, d.memory.Commit(t.Context(), casework.Change{Waits: &casework.MailMove{Prior: mail, Next: opened}, At: d.now}))
		if swept := d.sweep(); swept.Reminded != 0 || swept.Removed != 1 || d.raw() {
			t.Errorf("opened, after it was passed on as %s: swept %+v", state, swept)
		}
	}
}

func TestOthersHearOfAMailWhoseNoticeHasNoReader(t *testing.T) {
	for name, test := range map[string]struct {
		staff func([]organisation.Staff)
		end   func(o *office, ref dsr.LetterRef)
		want  []string
	}{
		"it came back": {nil, func(o *office, ref dsr.LetterRef) { o.record(ref, dsr.LetterReturned) }, []string{"1001001 gea empty"}},
		"it came, and then came back": {nil, func(o *office, ref dsr.LetterRef) {
			o.record(ref, dsr.LetterArrived)
			o.record(ref, dsr.LetterReturned)
			o.record(ref, dsr.LetterReturned)
		}, []string{"1001001 gea empty"}},
		"it came": {nil, func(o *office, ref dsr.LetterRef) { o.record(ref, dsr.LetterArrived) }, nil},
		"nobody else hears of new mail": {func(staff []organisation.Staff) { staff[3].Active = false }, func(o *office, ref dsr.LetterRef) {
			o.record(ref, dsr.LetterReturned)
		}, []string{"1001001 hans empty"}},
		"nobody else works here": {func(staff []organisation.Staff) { staff[1].Active, staff[3].Active = false, false }, func(o *office, ref dsr.LetterRef) {
			o.record(ref, dsr.LetterReturned)
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			o := waitingMail(t)
			if test.staff != nil {
				o.sending.Rules.Profile.Staff = slices.Clone(o.sending.Rules.Profile.Staff)
				test.staff(o.sending.Rules.Profile.Staff)
			}
			test.end(o, ofMail("in2", 1))
			if diff := cmp.Diff(append([]string{"1 els empty"}, append(test.want, "2 gea empty")...), o.mailNotices()); diff != "" {
				t.Errorf("notices (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOthersHearOfANoticeThatIsGivenUp(t *testing.T) {
	o, _ := noticed(t)
	o.sending.Rules.Profile.Staff = slices.Clone(o.sending.Rules.Profile.Staff)
	o.sending.Rules.Profile.Staff[3].Active = false // gea left
	if err := o.sending.Send(t.Context(), o.now, ofMail("in2", 2)); !errors.Is(err, dsr.ErrUnsendable) {
		t.Fatal(err)
	}
	if got := o.mailNotices(); !slices.Contains(got, "1002001 els empty") || len(got) != 3 {
		t.Errorf("notices %v", got)
	}
}

// A notice to others that comes back too causes none, or they would go round for
// ever: the next reminder is days away, and not minutes.
func TestNoticesToOthersDoNotGoRound(t *testing.T) {
	o := waitingMail(t)
	o.record(ofMail("in2", 1), dsr.LetterReturned)
	relayed := ofMail("in2", 1_001_001)
	o.send(relayed)
	if id, err := o.originals().Open(t.Context(), o.now, o.letter(relayed).Link, o.code("gea")); err != nil || id != "in2" {
		t.Errorf("its link gave %q, %v", id, err)
	}
	o.record(relayed, dsr.LetterReturned)
	if got := o.mailNotices(); len(got) != 3 {
		t.Errorf("notices %v", got)
	}
}
