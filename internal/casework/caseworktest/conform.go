package caseworktest

import (
	"crypto/sha256"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// Ports are the ports that one store implements together.
type Ports struct {
	Cases   casework.Cases
	Letters casework.Letters
	Mails   casework.Mails
	Numbers casework.Numbers
	Known   casework.Known
	Due     casework.Due
	Sealer  casework.Sealer

	Staff    casework.Staff
	Enrol    casework.Enrol
	Remove   casework.Remove
	Sessions casework.Sessions

	OpenCases    casework.OpenCases
	CaseOfNumber casework.CaseOfNumber
	OpenHistory  casework.OpenHistory
	ReadTasks    casework.ReadTasks

	EnclosureOf  casework.EnclosureOf
	EnclosuresOf casework.EnclosuresOf
	Leftovers    casework.Leftovers
	Expire       casework.Expire
	Unlink       casework.Unlink
}

// Conform checks that a store keeps every promise of casework's ports: which
// change is refused and with which error, what is stored of a refused one
// (nothing), and what is read back. NewStore gives empty tables each time.
//
// Memory passes it, and so must the store in DynamoDB; what is proved over one
// of them then holds over the other.
func Conform(t *testing.T, newStore func(t *testing.T) Ports) {
	groups := []struct {
		name   string
		checks []check
	}{
		{"cases", slices.Concat(caseChecks(), personalChecks(), workChecks())},
		{"tasks", taskChecks()},
		{"conditions", slices.Concat(conditionChecks(), outboxChecks(), settledChecks(), takenChecks(), raceChecks())},
		{"letters", slices.Concat(letterChecks(), claimChecks(), moveChecks())},
		{"files", slices.Concat(fileChecks(), fileMoveChecks(), fileDueChecks())},
		{"purge", slices.Concat(purgeChecks(), leftoverChecks())},
		{"links", slices.Concat(spendChecks(), spendOutcomeChecks(), codeChecks(), codeRefusedChecks(), ticketChecks())},
		{"mails", slices.Concat(mailChecks(), noteChecks(), countChecks(), postponeChecks(), waitChecks(), numberChecks())},
		{"known", knownChecks()},
		{"due", dueChecks()},
		{"staff", slices.Concat(staffChecks(), saveChecks(), sessionChecks(), tryChecks())},
		{"reading", readingChecks()},
	}
	for _, group := range groups {
		for _, one := range group.checks {
			t.Run(group.name+"/"+one.name, func(t *testing.T) {
				one.run(newTrial(t, newStore(t)))
			})
		}
	}
}

// check is one promise of the ports.
type check struct {
	name string
	run  func(*trial)
}

// trial is one check of a store, with what the checks need to write to it.
type trial struct {
	*testing.T
	Ports
	random io.Reader
	now    time.Time
	drawn  int
}

// newTrial prepares one check. Its ids follow from its name.
func newTrial(t *testing.T, ports Ports) *trial {
	return &trial{
		T: t, Ports: ports,
		random: rand.NewChaCha8(sha256.Sum256([]byte(t.Name()))),
		now:    time.Date(2026, 3, 2, 11, 0, 0, 123456789, time.UTC),
	}
}

// owner draws an owner id.
func (s *trial) owner() dsr.OwnerID {
	id, err := dsr.NewOwnerID(s.random)
	s.ok(err)
	return id
}

// hash draws a hash.
func (s *trial) hash() (hash [32]byte) {
	_, err := io.ReadFull(s.random, hash[:])
	s.ok(err)
	return hash
}

// ok ends the check when there is an error.
func (s *trial) ok(err error) {
	s.Helper()
	if err != nil {
		s.Fatalf("unexpected: %v", err)
	}
}

// notFound wants ErrNotFound.
func (s *trial) notFound(err error) {
	s.Helper()
	if !errors.Is(err, casework.ErrNotFound) {
		s.Errorf("got %v, want ErrNotFound", err)
	}
}

// conflict wants ErrConflict.
func (s *trial) conflict(err error) {
	s.Helper()
	if !errors.Is(err, casework.ErrConflict) {
		s.Errorf("got %v, want ErrConflict", err)
	}
}

// taken wants a TakenError for a row.
func (s *trial) taken(err error, row casework.TakenRow) {
	s.Helper()
	var taken *casework.TakenError
	if !errors.As(err, &taken) || taken.Row != row {
		s.Errorf("got %v, want the row of the %s taken", err, row)
	}
}

// same compares two values.
func (s *trial) same(what string, want, got any) {
	s.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		s.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// opening gives a change that opens a case, and nothing beside it.
func (s *trial) opening() casework.Change {
	s.Helper()
	id := s.owner()
	key, err := s.Sealer.NewKey(s.Context(), casework.CaseKey(id))
	s.ok(err)
	s.drawn++
	person, err := dsr.NewActorID(s.random)
	s.ok(err)
	return casework.Change{
		File: casework.File{Key: key, Case: dsr.Case{
			ID: id, Number: dsr.NewNumber("AVG", 2026, s.drawn), State: dsr.Received, Seq: 1,
			Rights: []dsr.Right{dsr.Access, dsr.Erasure}, Language: dsr.English, Trust: dsr.TrustB,
			Statement: "2026-01-01", Received: s.now.Add(-time.Hour), Opened: s.now,
			Dates: dsr.Dates{
				ReceiptDay: "2026-03-02", PromiseDue: "2026-03-30", PlanBy: "2026-03-30",
				LawBase: "2026-04-02", LawDue: "2026-04-02", ExtensionDue: "2026-06-02",
			},
			Thread: s.owner().String(), Person: person, DueAt: s.now.AddDate(0, 0, 14),
			Confidential: dsr.Confidential{Requester: dsr.Requester{Address: "ans@een.example", Name: "Ans", MessageID: "<1@een>"}},
		}},
		Event: dsr.Event{
			Seq: 1, Kind: dsr.CaseOpened, At: s.now, Facts: map[string]string{"rights": "access"},
			Personal: []byte(`{"text":"wat ik schreef"}`),
		},
		At: s.now,
	}
}

// opened stores a new case.
func (s *trial) opened() casework.File {
	s.Helper()
	change := s.opening()
	s.ok(s.Cases.Commit(s.Context(), change))
	return s.file(change.File.Case.ID)
}

// file reads a case.
func (s *trial) file(id dsr.OwnerID) casework.File {
	s.Helper()
	file, err := s.Cases.File(s.Context(), id)
	s.ok(err)
	return file
}

// next gives a change that adds an event to a case as it was read.
func (s *trial) next(file casework.File) casework.Change {
	file.Case.Seq++
	return casework.Change{
		File:  file,
		Event: dsr.Event{Seq: file.Case.Seq, Kind: dsr.MessageAdded, At: s.now, Facts: map[string]string{"n": "next"}},
		At:    s.now,
	}
}

// waiting gives a new letter.
func (s *trial) waiting(ref dsr.LetterRef) dsr.Letter {
	return dsr.Letter{
		Ref: ref, Language: dsr.Dutch, To: dsr.Addressee{Requester: true}, Purpose: dsr.FollowCase,
		State: dsr.LetterWaiting, Queued: s.now, DueAt: s.now.Add(time.Minute),
	}
}

// queued stores a new letter of a new case.
func (s *trial) queued() dsr.Letter {
	s.Helper()
	change := s.opening()
	letter := s.waiting(dsr.LetterRef{OwnerKind: dsr.OwnedByCase, Case: change.File.Case.ID, Kind: dsr.Acknowledgement, N: 1})
	change.Letters = []dsr.Letter{letter}
	s.ok(s.Cases.Commit(s.Context(), change))
	return letter
}

// letter reads a letter.
func (s *trial) letter(ref dsr.LetterRef) dsr.Letter {
	s.Helper()
	letter, err := s.Letters.Letter(s.Context(), ref)
	s.ok(err)
	return letter
}

// claimed gives a letter as its first claim leaves it.
func (s *trial) claimed(letter dsr.Letter, owner dsr.OwnerID) dsr.Letter {
	id, err := dsr.NewLinkID(s.random)
	s.ok(err)
	issued := s.now.Truncate(time.Second)
	letter.State, letter.Until = dsr.LetterClaimed, s.now.Add(casework.Lease)
	letter.DueAt = letter.Until
	letter.Link = dsr.Link{
		ID: id, Purpose: letter.Purpose, Owner: owner, Rev: 2, Epoch: 3, Asked: 5, Actor: dsr.ActorID{4},
		IssuedAt: issued, ExpiresAt: issued.Add(time.Hour),
	}
	return letter
}

// mail claims a new mail.
func (s *trial) mail(id string) dsr.Mail {
	s.Helper()
	arrival := dsr.Mail{
		ID: id, Owner: s.owner(), State: dsr.MailReading, ArrivedAt: s.now.Add(-time.Minute),
		Verdicts: dsr.Verdicts{SPF: "PASS", Virus: "PASS"},
	}
	mail, err := s.Mails.Begin(s.Context(), arrival, s.now, s.now.Add(time.Minute))
	s.ok(err)
	return mail
}

// settling gives a change that brings a mail to an end.
func (s *trial) settling(mail dsr.Mail, state dsr.MailState) casework.Change {
	mail.State = state
	return casework.Change{Mail: &mail, At: s.now}
}

// atOnce runs one thing many times at once and gives what each ended with.
func atOnce(n int, do func(i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var done sync.WaitGroup
	for i := range n {
		done.Go(func() {
			<-start
			errs[i] = do(i)
		})
	}
	close(start)
	done.Wait()
	return errs
}

// oneWon wants exactly one success, and for the others a conflict or a taken
// row: which of the two depends on how far the winner was.
func (s *trial) oneWon(errs []error) {
	s.Helper()
	won := 0
	for _, err := range errs {
		var taken *casework.TakenError
		switch {
		case err == nil:
			won++
		case !errors.Is(err, casework.ErrConflict) && !errors.As(err, &taken):
			s.Errorf("a loser got %v", err)
		}
	}
	if won != 1 {
		s.Errorf("%d of %d won, want exactly one", won, len(errs))
	}
}
