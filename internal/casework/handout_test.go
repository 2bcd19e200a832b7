package casework_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

// ready gives an office whose package is built, and the link to it.
func ready(t *testing.T) (*parcels, dsr.Link) {
	t.Helper()
	p := built(t)
	return p, p.link(dsr.AnswerLetter, "")
}

// ticket opens the answer with a fresh code.
func (p *parcels) ticket(link dsr.Link) string {
	p.t.Helper()
	got, err := p.collecting.Open(p.t.Context(), p.now, link, p.freshCode(link))
	if err != nil || got.Ticket == "" || len(got.Files) != 2 {
		p.t.Fatalf("opening gave a ticket %q, %d files, %v", got.Ticket, len(got.Files), err)
	}
	return got.Ticket
}

// gives fails the test unless a ticket downloads the package.
func (p *parcels) gives(link dsr.Link, ticket string) casework.Handout {
	p.t.Helper()
	handout, err := p.collecting.Download(p.t.Context(), p.now, link, ticket)
	must(p.t, err)
	stored, size, err := p.objects.OpenFile(p.t.Context(), handout.Path)
	must(p.t, err)
	must(p.t, stored.Close())
	if size != handout.Size || handout.Name != p.number()+".zip" || !strings.HasPrefix(handout.Path, "handout/") {
		p.t.Errorf("it gave %+v of %d bytes", handout, size)
	}
	if strings.Contains(handout.Path, p.id.String()) {
		p.t.Error("the name of a handout leads to its case")
	}
	return handout
}

// keeps fails the test unless a ticket downloads nothing, for a reason.
func (p *parcels) keeps(link dsr.Link, ticket string, want error) {
	p.t.Helper()
	before := p.file(p.id).Seq
	if got, err := p.collecting.Download(p.t.Context(), p.now, link, ticket); !errors.Is(err, want) || got != (casework.Handout{}) {
		p.t.Errorf("it gave %+v, %v; want %v", got, err, want)
	}
	if p.file(p.id).Seq != before {
		p.t.Error("it changed the case")
	}
}

func TestFilesAreDownloadedWithTheTicketOfARightCode(t *testing.T) {
	p, link := ready(t)
	ticket := p.ticket(link)
	p.keeps(link, ticket, casework.ErrNotReady) // parcel has not seen it yet
	row := p.newestOf(dsr.HandoutFile)
	must(t, p.packing.Attend(t.Context(), p.now, row.Ref))
	if p.content(p.row(row.Ref)) != p.content(p.newestOf(dsr.PackageFile)) {
		t.Error("what lies open is not the package")
	}
	for range 3 {
		p.gives(link, ticket)
	}
	if n := p.happened(dsr.FilesHandedOut); n != 1 {
		t.Errorf("the history says it was handed out %d times", n)
	}
	second := p.ticket(link)
	p.gives(link, second)
	p.keeps(link, ticket, casework.ErrCode) // it ended with the next one
	if n := p.happened(dsr.FilesHandedOut); n != 2 {
		t.Errorf("the history says it was handed out %d times", n)
	}
	p.whole()
}

func TestTicketIsGoodForItsLinkAndTimeAlone(t *testing.T) {
	p, link := ready(t)
	p.freshCode(link)
	p.settle(1)
	for _, none := range []string{"", strings.Repeat("A", 43)} { // none was given yet
		p.keeps(link, none, casework.ErrCode)
	}
	must(t, p.handling.RenewAnswer(t.Context(), p.now, p.sheet("els")))
	other := p.link(dsr.AnswerLetter, "")
	ticket := p.ticket(link)
	given := p.now
	p.sweepSoon()
	p.keeps(other, ticket, casework.ErrCode)
	for _, near := range []string{"", ticket[1:], ticket + "A", strings.ToLower(ticket) + " ", " " + ticket} {
		p.keeps(link, near, casework.ErrCode)
	}
	stored, err := p.memory.Link(t.Context(), link.Owner, link.ID)
	must(t, err)
	must(t, p.memory.Commit(t.Context(), casework.Change{At: p.now, Ticket: &casework.LinkTicket{
		LinkRef: casework.LinkRef{Owner: other.Owner, ID: other.ID}, Hash: stored.Ticket, Until: stored.TicketUntil,
	}}))
	p.keeps(other, ticket, casework.ErrCode) // whoever could write to its row
	p.gives(link, ticket)
	p.now = given.Add(15*time.Minute - 1)
	p.gives(link, ticket)
	p.now = given.Add(15 * time.Minute)
	p.keeps(link, ticket, casework.ErrCode)
	follow := link
	follow.Purpose = dsr.FollowCase
	p.keeps(follow, ticket, casework.ErrLinkDead)
	p.keeps(dsr.Link{Purpose: dsr.CollectAnswer, Owner: dsr.OwnerID{9}}, ticket, casework.ErrLinkDead)
}

// What stands in the table must not download anything.
func TestTicketStandsNowhereInClear(t *testing.T) {
	p, link := ready(t)
	ticket := p.ticket(link)
	stored, err := p.memory.Link(t.Context(), link.Owner, link.ID)
	must(t, err)
	if len(ticket) != 43 || stored.Ticket == [32]byte{} || strings.Contains(string(stored.Ticket[:]), ticket[:8]) {
		t.Errorf("the row holds %x for %q", stored.Ticket, ticket)
	}
	other, err := p.collecting.Open(t.Context(), p.now, link, p.freshCode(link))
	if err != nil || other.Ticket == ticket {
		t.Error("one ticket twice")
	}
}

func TestAnswerWithoutFilesGivesNoTicket(t *testing.T) {
	o, link := answered(t)
	got, err := o.collecting.Open(t.Context(), o.now, link, o.freshCode(link))
	if err != nil || got.Ticket != "" {
		t.Errorf("it gave %q, %v", got.Ticket, err)
	}
	if rows, err := o.memory.EnclosuresOf(t.Context(), o.id); err != nil || len(rows) != 0 {
		t.Errorf("there are files: %+v, %v", rows, err)
	}
}

// While the reader waits for the code, the package is opened; once.
func TestCodeHasThePackageOpened(t *testing.T) {
	p, link := ready(t)
	p.freshCode(link)
	p.freshCode(link)
	if rows := p.rows(dsr.HandoutFile); len(rows) != 1 || rows[0].State != dsr.Announced {
		t.Fatalf("there are %d handouts", len(rows))
	}
	must(t, p.packing.Attend(t.Context(), p.now, p.newestOf(dsr.HandoutFile).Ref))
	p.now = p.now.Add(8*time.Minute - 1)
	p.freshCode(link)
	if rows := p.rows(dsr.HandoutFile); len(rows) != 1 {
		t.Errorf("there are %d handouts", len(rows))
	}
	p.now = p.now.Add(1) // it would end before the ticket does
	p.freshCode(link)
	if rows := p.rows(dsr.HandoutFile); len(rows) != 2 {
		t.Errorf("there are %d handouts", len(rows))
	}
}

func TestHandoutLiesOpenForLessThanAnHour(t *testing.T) {
	p, link := ready(t)
	p.freshCode(link)
	must(t, p.packing.Attend(t.Context(), p.now, p.newestOf(dsr.HandoutFile).Ref))
	row := p.newestOf(dsr.HandoutFile)
	if !row.DueAt.Equal(p.now.Add(40 * time.Minute)) {
		t.Errorf("it ends at %s", row.DueAt)
	}
	p.settle(1)
	if slices.Contains(p.lying(), row.Path()) || p.row(row.Ref).State != dsr.Destroyed {
		t.Errorf("it lies there; the row is %s", p.row(row.Ref).State)
	}
	p.objects.Place(row.Path(), []byte("late"))
	p.settle(2)
	if slices.Contains(p.lying(), row.Path()) || !p.row(row.Ref).DueAt.IsZero() {
		t.Error("what a stalled attempt stored lies there")
	}
	if p.newestOf(dsr.PackageFile).State != dsr.Kept {
		t.Error("the package is gone with it")
	}
}

func TestHandoutThatEndedIsMadeAnewForATicket(t *testing.T) {
	p, link := ready(t)
	ticket := p.ticket(link)
	p.sweepSoon()
	first := p.gives(link, ticket)
	row := p.newestOf(dsr.HandoutFile)
	next := row
	next.Condemn("over", p.now)
	must(t, p.memory.Commit(t.Context(), casework.Change{Enclosures: []casework.EnclosureMove{{Prior: row, Next: next}}, At: p.now}))
	rows := len(p.rows(dsr.HandoutFile))
	p.keeps(link, ticket, casework.ErrNotReady)
	p.keeps(link, ticket, casework.ErrNotReady)
	if n := len(p.rows(dsr.HandoutFile)); n != rows+1 {
		t.Errorf("%d handouts were made", n-rows)
	}
	must(t, p.packing.Attend(t.Context(), p.now, p.newestOf(dsr.HandoutFile).Ref))
	if second := p.gives(link, ticket); second.Path == first.Path {
		t.Error("one path twice")
	}
}

// It would end under the hands of whoever begins to download it.
func TestHandoutThatIsAboutToEndIsNotGiven(t *testing.T) {
	p, link := ready(t)
	ticket := p.ticket(link)
	p.sweepSoon()
	for left, want := range map[time.Duration]error{2*time.Minute + 1: nil, 2 * time.Minute: casework.ErrNotReady} {
		row := p.rows(dsr.HandoutFile)[0]
		next := row
		next.DueAt = p.now.Add(left)
		must(t, p.memory.Commit(t.Context(), casework.Change{Enclosures: []casework.EnclosureMove{{Prior: row, Next: next}}, At: p.now}))
		if _, err := p.collecting.Download(t.Context(), p.now, link, ticket); !errors.Is(err, want) {
			t.Errorf("with %s left it gave %v", left, err)
		}
	}
}

// Closing a case does not take away what was promised for thirty days.
func TestClosedCaseHandsOutUntilItsPackageEnds(t *testing.T) {
	p, link := ready(t)
	p.record(p.newest(dsr.AnswerLetter, "").Ref, dsr.LetterArrived)
	if p.file(p.id).State != dsr.Closed {
		t.Fatal("the case is not closed")
	}
	p.freshCode(link)
	p.sweepSoon()
	p.gives(link, p.ticket(link))
	end := p.newestOf(dsr.PackageFile).DueAt
	p.now = end.Add(-10 * time.Minute)
	must(t, p.handling.RenewAnswer(t.Context(), p.now, p.sheet("els")))
	late := p.link(dsr.AnswerLetter, "")
	ticket := p.ticket(late)
	p.now = end
	p.sweep()
	p.keeps(late, ticket, dsr.NotNowPackage)
	got, err := p.collecting.Open(t.Context(), p.now, late, p.freshCode(late))
	if err != nil || got.Ticket != "" || len(got.Files) != 2 || len(got.Found) != 2 {
		t.Errorf("opening gave %q, %d files, %v", got.Ticket, len(got.Files), err)
	}
	if pending := p.newestOf(dsr.HandoutFile); pending.Arrived.After(end) {
		t.Error("a handout of nothing is to be made")
	}
}

// sweepSoon sweeps when what was just queued is due.
func (p *parcels) sweepSoon() {
	p.now = p.now.Add(3 * time.Minute)
	p.sweep()
}

func TestHandoutOfNoPackageIsRefused(t *testing.T) {
	p, link := ready(t)
	p.freshCode(link)
	p.now = p.newestOf(dsr.PackageFile).DueAt
	must(t, p.packing.HandOut(t.Context(), p.now, p.newestOf(dsr.HandoutFile).Ref))
	if row := p.newestOf(dsr.HandoutFile); row.Reason != "no-package" {
		t.Errorf("the handout is %s, %q", row.State, row.Reason)
	}
}

func TestChangedPackageIsNotHandedOut(t *testing.T) {
	p, link := ready(t)
	p.objects.Damage(p.newestOf(dsr.PackageFile).Path())
	ticket := p.ticket(link)
	p.sweepSoon()
	p.keeps(link, ticket, casework.ErrNotReady)
	p.settle(3)
	if row := p.rows(dsr.HandoutFile)[0]; row.Reason != "failed" || strings.Contains(strings.Join(p.lying(), " "), "handout/") {
		t.Errorf("the handout is %s, %q; %q lie there", row.State, row.Reason, p.lying())
	}
}

func TestPackageThatIsNotAsItsRowSaysIsNotHandedOut(t *testing.T) {
	for name, change := range map[string]func(row *dsr.Enclosure){
		"shorter": func(row *dsr.Enclosure) { row.Size++ },
		"another": func(row *dsr.Enclosure) { row.SHA256 = strings.Repeat("0", 64) },
	} {
		p, link := ready(t)
		row := p.newestOf(dsr.PackageFile)
		next := row
		change(&next)
		must(t, p.memory.Commit(t.Context(), casework.Change{Enclosures: []casework.EnclosureMove{{Prior: row, Next: next}}, At: p.now}))
		p.freshCode(link)
		if err := p.packing.HandOut(t.Context(), p.now, p.newestOf(dsr.HandoutFile).Ref); err == nil {
			t.Errorf("%s: it was handed out", name)
		}
		p.settle(2)
		if row := p.newestOf(dsr.HandoutFile); row.Reason != "failed" || strings.Contains(strings.Join(p.lying(), " "), "handout/") {
			t.Errorf("%s: the handout is %s; %q lie there", name, row.State, p.lying())
		}
	}
}

// Whatever call fails, on whichever side: the package can be downloaded, and
// nothing lies open in the end.
func TestHandingOutSurvivesEveryFault(t *testing.T) {
	for _, phase := range []caseworktest.Phase{caseworktest.Before, caseworktest.After} {
		for n := 0; ; n++ {
			p, link := ready(t)
			p.freshCode(link)
			p.now = p.newestOf(dsr.HandoutFile).DueAt
			failed := p.failAt(n, phase)
			p.sweep()
			if !*failed {
				if n < 6 {
					t.Errorf("only %d calls", n)
				}
				break
			}
			p.recorded()
			p.now = p.now.Add(17 * time.Minute)
			p.sweep()
			p.gives(link, p.ticket(link))
			p.settle(4)
			if lying := strings.Join(p.lying(), " "); strings.Contains(lying, "handout/") {
				t.Fatalf("call %d %s: %q lie there", n, phase, lying)
			}
		}
	}
}

// A download that fails half-way says nothing that did not happen, and works the
// next time.
func TestDownloadingSurvivesEveryFault(t *testing.T) {
	for _, phase := range []caseworktest.Phase{caseworktest.Before, caseworktest.After} {
		for n := 0; ; n++ {
			p, link := ready(t)
			ticket := p.ticket(link)
			p.sweepSoon()
			failed := p.failAt(n, phase)
			_, err := p.collecting.Download(t.Context(), p.now, link, ticket)
			if !*failed {
				break
			}
			if !errors.Is(err, errPort) {
				t.Errorf("call %d %s: %v", n, phase, err)
			}
			p.gives(link, ticket)
			if p.happened(dsr.FilesHandedOut) != 1 {
				t.Errorf("call %d %s: it was handed out %d times", n, phase, p.happened(dsr.FilesHandedOut))
			}
		}
	}
}

func TestTwoDownloadsAtOnceAreOne(t *testing.T) {
	p, link := ready(t)
	ticket := p.ticket(link)
	p.sweepSoon()
	p.meanwhile("Commit", func() { p.gives(link, ticket) })
	p.gives(link, ticket)
	if n := p.happened(dsr.FilesHandedOut); n != 1 {
		t.Errorf("it was handed out %d times", n)
	}
}
