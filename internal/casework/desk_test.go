package casework_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// desk is a privacy desk in memory: every act, over the same ports.
type desk struct {
	t         *testing.T
	now       time.Time
	memory    *caseworktest.Memory
	objects   *caseworktest.Objects
	sealer    caseworktest.Sealer
	receiving casework.Receiving
	sending   casework.Sending
	sweeping  casework.Sweeping
	following casework.Following

	diary    sync.Mutex // of calls
	calls    []string   // every port call, in order
	onCall   func(call string, phase caseworktest.Phase) error
	pauses   int
	composed []dsr.LetterContent
	posted   []dsr.Message
	postErr  error
	driven   []drive
	driveErr error
}

// drive is one call of a casework.Drive.
type drive struct {
	function string
	ids      []string
}

// noon is when tests begin: noon of a Monday in Amsterdam.
func noon() time.Time { return time.Date(2026, 3, 2, 11, 0, 0, 0, time.UTC) }

// newDesk opens a desk.
func newDesk(t *testing.T) *desk {
	t.Helper()
	return newDeskOf(t, profile())
}

// newDeskOf opens the desk of an organisation.
func newDeskOf(t *testing.T, profile organisation.Profile) *desk {
	t.Helper()
	rules, err := casework.NewRules(profile)
	if err != nil {
		t.Fatalf("reading the rules: %v", err)
	}
	d := &desk{t: t, now: noon()}
	random := rand.NewChaCha8([32]byte{1})
	d.sealer = caseworktest.Sealer{Gate: d.gate}
	d.memory = caseworktest.New(d.gate, caseworktest.Flaws{}, random, d.sealer)
	d.objects = &caseworktest.Objects{Gate: d.gate}
	place := casework.Place{Random: random, Pause: d.pause}
	d.receiving = casework.Receiving{
		Place: place, Rules: rules, Cases: d.memory, Mails: d.memory, Numbers: d.memory,
		Known: d.memory, Bodies: d.objects, Sealer: d.sealer,
	}
	d.sending = casework.Sending{
		Recording: casework.Recording{Place: place, Rules: rules, Cases: d.memory, Letters: d.memory},
		Mails:     d.memory, Mint: caseworktest.Minter{Gate: d.gate}.Mint, Compose: d.compose, Post: d.hand,
		Forward: d.forward, OpenRaw: d.objects.Open,
	}
	d.sweeping = casework.Sweeping{
		Place: place, Rules: rules, Cases: d.memory, Due: d.memory, Mails: d.memory, Letters: d.memory, Raw: d.objects, Files: d.objects,
		Sessions: d.memory, Drive: d.drive,
	}
	d.following = casework.Following{Cases: d.memory, Letters: d.memory}
	return d
}

// answering makes answers out of what the desk stores.
func (d *desk) answering() casework.Answering {
	return casework.Answering{
		Place: d.receiving.Place, Rules: d.receiving.Rules, ReadTasks: d.memory.ReadTasks, ReadBody: d.objects.Get,
		Enclosures: d.memory.EnclosuresOf,
	}
}

// profile is a small organisation with two members of staff who hear of new
// work, one who only approves and one who left.
func profile() organisation.Profile {
	profile := organisation.Defaults()
	profile.Staff = []organisation.Staff{
		{ID: "els", Name: "Els", Email: "els@staff.example", Roles: []organisation.Role{organisation.RoleHandler}, Active: true},
		{ID: "hans", Name: "Hans", Email: "hans@staff.example", Roles: []organisation.Role{organisation.RoleApprover}, Active: true},
		{ID: "fop", Name: "Fop", Email: "fop@staff.example", Roles: []organisation.Role{organisation.RoleHandler}},
		{ID: "gea", Name: "Gea", Email: "gea@staff.example", Roles: []organisation.Role{organisation.RoleOwner}, Active: true},
	}
	profile.Statement = []organisation.StatementVersion{
		{URL: "https://desk.example/old", From: "2024-01-01"},
		{URL: "https://desk.example/new", From: "2026-02-01"},
	}
	return profile
}

// gate lets a test see, fail or interrupt every port call.
func (d *desk) gate(_ context.Context, call string, phase caseworktest.Phase) error {
	if phase == caseworktest.Before {
		d.diary.Lock()
		d.calls = append(d.calls, call)
		d.diary.Unlock()
	}
	if d.onCall == nil {
		return nil
	}
	return d.onCall(call, phase)
}

// pause counts the waits of decisions that were overtaken.
func (d *desk) pause(context.Context, int) error {
	d.diary.Lock()
	defer d.diary.Unlock()
	d.pauses++
	return nil
}

// compose is a casework.Compose that keeps what it was given.
func (d *desk) compose(content dsr.LetterContent) (dsr.Message, error) {
	d.composed = append(d.composed, content)
	return caseworktest.Compose(content)
}

// hand is a casework.Post.
func (d *desk) hand(_ context.Context, message dsr.Message) (string, error) {
	d.calls = append(d.calls, "Send")
	if d.postErr != nil {
		return "", d.postErr
	}
	d.posted = append(d.posted, message)
	return fmt.Sprintf("ses-%d", len(d.posted)), nil
}

// drive is a casework.Drive.
func (d *desk) drive(_ context.Context, function string, ids []string) error {
	if d.driveErr != nil {
		return d.driveErr
	}
	d.driven = append(d.driven, drive{function, slices.Clone(ids)})
	return nil
}

// errPort is what a port gives in tests that make it fail.
var errPort = errors.New("the port failed")

// failing makes one call fail on one side of its effect, once.
func (d *desk) failing(call string, phase caseworktest.Phase) {
	d.onCall = func(c string, p caseworktest.Phase) error {
		if c != call || p != phase {
			return nil
		}
		d.onCall = nil
		return errPort
	}
}

// meanwhile lets something else happen just before a call has its effect, once.
func (d *desk) meanwhile(call string, happens func()) {
	d.onCall = func(c string, p caseworktest.Phase) error {
		if c == call && p == caseworktest.Before {
			d.onCall = nil
			happens()
		}
		return nil
	}
}

// request is a mail in which somebody asks for access.
func request(address, message string, level dsr.TrustLevel) dsr.Enquiry {
	return dsr.Enquiry{
		RawHash:    sha256.Sum256([]byte("raw of " + message)),
		MessageKey: sha256.Sum256([]byte(address + message)),
		Kind:       dsr.KindRequest, Language: dsr.Dutch, Rights: []dsr.Right{dsr.Access},
		Phrases: []dsr.Phrase{{Right: dsr.Access, Rule: "nl-inzage", Weight: 5}},
		Trust:   dsr.Trust{Level: level, SPF: "pass", DKIM: "pass", DMARC: "pass"},
		Letter: dsr.Correspondence{
			Address: address, Name: "Ans Geheim", MessageID: message, SubjectLine: "Vertrouwelijk", Text: "Mijn dossier graag.",
		},
	}
}

// begin claims a mail and gives it with the enquiry about it.
func (d *desk) begin(id string, enquiry dsr.Enquiry) (dsr.Mail, dsr.Enquiry) {
	d.t.Helper()
	mail, err := d.receiving.Begin(d.t.Context(), d.now, dsr.Mail{ID: id, ArrivedAt: d.now})
	if err != nil {
		d.t.Fatalf("claiming mail %s: %v", id, err)
	}
	enquiry.MailID = id
	if enquiry.ReceivedAt.IsZero() {
		enquiry.ReceivedAt = d.now
	}
	return mail, enquiry
}

// receive takes one mail in, and gives what became of it.
func (d *desk) receive(id string, enquiry dsr.Enquiry) dsr.Mail {
	d.t.Helper()
	mail, enquiry := d.begin(id, enquiry)
	if err := d.receiving.Receive(d.t.Context(), d.now, mail, enquiry); err != nil {
		d.t.Fatalf("receiving mail %s: %v", id, err)
	}
	return d.mail(id)
}

// mail gives a stored mail.
func (d *desk) mail(id string) dsr.Mail {
	d.t.Helper()
	mail, err := d.memory.Mail(d.t.Context(), id)
	if err != nil {
		d.t.Fatalf("reading mail %s: %v", id, err)
	}
	return mail
}

// file gives a stored case.
func (d *desk) file(id dsr.OwnerID) dsr.Case {
	d.t.Helper()
	file, err := d.memory.File(d.t.Context(), id)
	if err != nil {
		d.t.Fatalf("reading a case: %v", err)
	}
	return file.Case
}

// events gives the kinds of a case's events.
func (d *desk) events(id dsr.OwnerID) []dsr.EventKind {
	d.t.Helper()
	history, err := d.memory.History(d.t.Context(), id)
	if err != nil {
		d.t.Fatalf("reading a history: %v", err)
	}
	var kinds []dsr.EventKind
	for _, event := range history {
		kinds = append(kinds, event.Kind)
	}
	return kinds
}

// letter gives a stored letter.
func (d *desk) letter(ref dsr.LetterRef) dsr.Letter {
	d.t.Helper()
	letter, err := d.memory.Letter(d.t.Context(), ref)
	if err != nil {
		d.t.Fatalf("reading letter %s: %v", ref.Tag(), err)
	}
	return letter
}

// letterKinds lists the letters of a case, or of a mail, as "M01#1".
func (d *desk) letterKinds(id dsr.OwnerID, mailID string) []string {
	var kinds []string
	for _, letter := range d.memory.AllLetters() {
		if letter.Ref.Case == id && letter.Ref.MailID == mailID {
			kinds = append(kinds, fmt.Sprintf("%s#%d", letter.Ref.Kind, letter.Ref.N))
		}
	}
	return kinds
}

// ofCase names a letter of a case.
func ofCase(id dsr.OwnerID, kind dsr.LetterKind, n int) dsr.LetterRef {
	return dsr.LetterRef{OwnerKind: dsr.OwnedByCase, Case: id, Kind: kind, N: n}
}

// ofMail names a letter about a mail.
func ofMail(id string, n int) dsr.LetterRef {
	return dsr.LetterRef{OwnerKind: dsr.OwnedByMail, MailID: id, Kind: dsr.MailNotice, N: n}
}

// whole fails the test unless every history is whole.
func (d *desk) whole() {
	d.t.Helper()
	if err := d.memory.Verify(); err != nil {
		d.t.Errorf("history: %v", err)
	}
}
