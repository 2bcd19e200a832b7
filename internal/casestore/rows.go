package casestore

import (
	"encoding/json"
	"fmt"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/ledger"
)

// caseRow is a case's summary as stored. Due, DueAt, Open and OpenBy are index
// keys and present only while the row belongs in the index.
type caseRow struct {
	Number    string   `dynamodbav:"number"`
	State     string   `dynamodbav:"state"`
	Seq       int      `dynamodbav:"seq"`
	Rev       int      `dynamodbav:"rev"`
	LinkEpoch int      `dynamodbav:"linkEpoch"`
	Head      []byte   `dynamodbav:"head"`
	Rights    []string `dynamodbav:"rights"`
	Language  string   `dynamodbav:"language"`
	Trust     string   `dynamodbav:"trust"`
	Statement string   `dynamodbav:"statement"`
	Received  string   `dynamodbav:"received"`
	Opened    string   `dynamodbav:"opened"`
	Dates     datesRow `dynamodbav:"dates"`
	Thread    string   `dynamodbav:"thread"`
	Person    string   `dynamodbav:"person"`
	Work      workRow  `dynamodbav:"work"`
	Due       string   `dynamodbav:"due,omitempty"`
	DueAt     string   `dynamodbav:"dueAt,omitempty"`
	Open      string   `dynamodbav:"open,omitempty"`
	OpenBy    string   `dynamodbav:"openBy,omitempty"`
	Sealed    []byte   `dynamodbav:"sealed,omitempty"` // dsr.Confidential as JSON
}

// datesRow is dsr.Dates with the names under which its days are stored.
type datesRow struct {
	ReceiptDay   dsr.Day `dynamodbav:"receiptDay"`
	PromiseDue   dsr.Day `dynamodbav:"promiseDue"`
	PlanBy       dsr.Day `dynamodbav:"planBy"`
	LawBase      dsr.Day `dynamodbav:"lawBase"`
	LawDue       dsr.Day `dynamodbav:"lawDue"`
	ExtensionDue dsr.Day `dynamodbav:"extensionDue"`
}

// newCaseRow gives the row of a case, but for its sealed part.
func newCaseRow(c dsr.Case) caseRow {
	row := caseRow{
		Number: string(c.Number), State: string(c.State),
		Seq: c.Seq, Rev: c.Rev, LinkEpoch: c.LinkEpoch, Head: c.Head[:],
		Language: string(c.Language), Trust: string(c.Trust), Statement: c.Statement,
		Received: stamp(c.Received), Opened: stamp(c.Opened), Dates: datesRow(c.Dates),
		Thread: c.Thread, Person: c.Person.String(), Work: newWorkRow(c.Work),
	}
	for _, right := range c.Rights {
		row.Rights = append(row.Rights, string(right))
	}
	row.Due, row.DueAt = dueOf(c.DueAt)
	if c.State.Open() {
		row.Open, row.OpenBy = openBucket, string(c.Dates.PlanBy)+"#"+string(c.Number)
	}
	return row
}

// openBucket is the one partition of the index of open cases.
const openBucket = "open"

// summary gives the clear fields of the row.
func (row caseRow) summary(id dsr.OwnerID) (dsr.Case, error) {
	person, err := dsr.ParseActorID(row.Person)
	if err != nil {
		return dsr.Case{}, fmt.Errorf("reading case %s: its person: %w", row.Number, err)
	}
	if len(row.Head) != 32 {
		return dsr.Case{}, fmt.Errorf("reading case %s: a head of %d bytes", row.Number, len(row.Head))
	}
	work, err := row.Work.work()
	if err != nil {
		return dsr.Case{}, fmt.Errorf("reading case %s: %w", row.Number, err)
	}
	c := dsr.Case{
		ID: id, Number: dsr.Number(row.Number), State: dsr.State(row.State),
		Seq: row.Seq, Rev: row.Rev, LinkEpoch: row.LinkEpoch, Head: [32]byte(row.Head),
		Language: dsr.Language(row.Language), Trust: dsr.TrustLevel(row.Trust), Statement: row.Statement,
		Received: unstamp(row.Received), Opened: unstamp(row.Opened), Dates: dsr.Dates(row.Dates),
		Thread: row.Thread, Person: person, DueAt: unstamp(row.DueAt), Work: work,
	}
	for _, right := range row.Rights {
		c.Rights = append(c.Rights, dsr.Right(right))
	}
	return c, nil
}

// eventRow is one event as stored: the exact bytes its hash covers, so that
// whoever verifies hashes what is there and rebuilds nothing.
type eventRow struct {
	Entry []byte `dynamodbav:"entry"` // eventEntry as JSON
	Prev  []byte `dynamodbav:"prev"`  // hash of the entry before
}

// eventEntry is what an event's bytes say. Its field order is part of the
// format: the bytes are hashed.
type eventEntry struct {
	Case   dsr.OwnerID       `json:"case"`
	Seq    int               `json:"seq"`
	Kind   dsr.EventKind     `json:"kind"`
	At     time.Time         `json:"at"`
	Actor  dsr.ActorID       `json:"actor"`
	Facts  map[string]string `json:"facts,omitempty"`
	Sealed []byte            `json:"sealed,omitempty"`
	Body   *dsr.BodyRef      `json:"body,omitempty"`
}

// newEventRow gives the row of an event of a case and the new head of its
// history. The personal part is sealed for this very row.
func (s *Store) newEventRow(file casework.File, event dsr.Event) (eventRow, ledger.Hash, error) {
	entry := eventEntry{
		Case: file.Case.ID, Seq: event.Seq, Kind: event.Kind, At: event.At.UTC(),
		Actor: event.Actor, Facts: event.Facts, Body: event.Body,
	}
	if event.Personal != nil {
		sealed, err := file.Key.Seal(s.Random, eventKey(file.Case.ID, event.Seq).place(), event.Personal)
		if err != nil {
			return eventRow{}, ledger.Hash{}, fmt.Errorf("sealing an event: %w", err)
		}
		entry.Sealed = sealed
	}
	bytes, err := json.Marshal(entry)
	if err != nil {
		return eventRow{}, ledger.Hash{}, fmt.Errorf("writing an event: %w", err)
	}
	prev := file.Case.Head
	return eventRow{Entry: bytes, Prev: prev[:]}, ledger.Chain(prev, bytes), nil
}

// entry reads the bytes of a stored event.
func (row eventRow) entry() (eventEntry, error) {
	var entry eventEntry
	if err := json.Unmarshal(row.Entry, &entry); err != nil {
		return eventEntry{}, fmt.Errorf("reading an event: %w", err)
	}
	return entry, nil
}

// event gives the clear part of an event.
func (entry eventEntry) event() dsr.Event {
	return dsr.Event{
		Seq: entry.Seq, Kind: entry.Kind, At: entry.At, Actor: entry.Actor,
		Facts: entry.Facts, Body: entry.Body,
	}
}

// letterRow is a letter of the outbox as stored. It names no person.
type letterRow struct {
	Language  string   `dynamodbav:"language"`
	Requester bool     `dynamodbav:"requester"`
	Contact   int      `dynamodbav:"contact,omitempty"`
	Desk      bool     `dynamodbav:"desk,omitempty"`
	Staff     string   `dynamodbav:"staff,omitempty"` // only of a letter to a member of staff
	NotBefore string   `dynamodbav:"notBefore,omitempty"`
	Sealed    []byte   `dynamodbav:"sealed,omitempty"`
	Purpose   string   `dynamodbav:"purpose,omitempty"`
	Reason    string   `dynamodbav:"reason,omitempty"`
	State     string   `dynamodbav:"state"`
	Queued    string   `dynamodbav:"queued"`
	Until     string   `dynamodbav:"until"` // "" while nobody ever claimed it
	Delayed   string   `dynamodbav:"delayed,omitempty"`
	SESID     string   `dynamodbav:"sesId,omitempty"`
	Link      *linkRow `dynamodbav:"link,omitempty"`
	Due       string   `dynamodbav:"due,omitempty"`
	DueAt     string   `dynamodbav:"dueAt,omitempty"`
}

// letterMayLack names the attributes that a letter can lose when it moves on.
func letterMayLack() []string {
	return []string{
		"contact", "delayed", "desk", "due", "dueAt", "link", "notBefore", "purpose", "reason", "sealed", "sesId", "staff",
	}
}

// newLetterRow gives the row of a letter.
func newLetterRow(letter dsr.Letter) letterRow {
	row := letterRow{
		Language: string(letter.Language), Requester: letter.To.Requester, Contact: letter.To.Contact, Desk: letter.To.Desk,
		NotBefore: stamp(letter.NotBefore), Sealed: letter.Sealed,
		Purpose: string(letter.Purpose), Reason: letter.Reason,
		State: string(letter.State), Queued: stamp(letter.Queued), Until: stamp(letter.Until),
		SESID: letter.SESID, Delayed: stamp(letter.Delayed),
	}
	if toStaff(letter.To) {
		row.Staff = letter.To.Staff.String()
	}
	if letter.Link.ID != (dsr.LinkID{}) {
		link := newLinkRow(letter.Link)
		row.Link = &link
	}
	row.Due, row.DueAt = dueOf(letter.DueAt)
	return row
}

// toStaff reports whether a letter goes to one member of staff.
func toStaff(to dsr.Addressee) bool { return !to.Personal() && !to.Desk }

// letter gives the stored letter.
func (row letterRow) letter(ref dsr.LetterRef) (dsr.Letter, error) {
	letter := dsr.Letter{
		Ref: ref, Language: dsr.Language(row.Language),
		To:        dsr.Addressee{Requester: row.Requester, Contact: row.Contact, Desk: row.Desk},
		NotBefore: unstamp(row.NotBefore), Sealed: row.Sealed,
		Purpose: dsr.Purpose(row.Purpose), Reason: row.Reason, State: dsr.LetterState(row.State),
		Queued: unstamp(row.Queued), DueAt: unstamp(row.DueAt), Until: unstamp(row.Until), SESID: row.SESID,
		Delayed: unstamp(row.Delayed),
	}
	var err error
	if toStaff(letter.To) {
		if letter.To.Staff, err = dsr.ParseActorID(row.Staff); err != nil {
			return dsr.Letter{}, fmt.Errorf("reading letter %s: its reader: %w", ref.Tag(), err)
		}
	}
	if row.Link != nil {
		if letter.Link, err = row.Link.link(); err != nil {
			return dsr.Letter{}, fmt.Errorf("reading letter %s: its link: %w", ref.Tag(), err)
		}
	}
	return letter, nil
}

// mailRow is the claim on a mail as stored.
type mailRow struct {
	Owner    string       `dynamodbav:"owner"`
	State    string       `dynamodbav:"state"`
	Attempts int          `dynamodbav:"attempts"`
	Arrived  string       `dynamodbav:"arrived"`
	Verdicts *verdictsRow `dynamodbav:"verdicts,omitempty"`
	Number   string       `dynamodbav:"number,omitempty"`
	Case     string       `dynamodbav:"case,omitempty"`
	Reason   string       `dynamodbav:"reason,omitempty"`
	Due      string       `dynamodbav:"due,omitempty"`
	DueAt    string       `dynamodbav:"dueAt,omitempty"`
	Notices  int          `dynamodbav:"notices,omitempty"`
	Opened   string       `dynamodbav:"opened,omitempty"`
}

// verdictsRow is dsr.Verdicts with the names under which they are stored.
type verdictsRow struct {
	SPF         string `dynamodbav:"spf,omitempty"`
	DKIM        string `dynamodbav:"dkim,omitempty"`
	DMARC       string `dynamodbav:"dmarc,omitempty"`
	Spam        string `dynamodbav:"spam,omitempty"`
	Virus       string `dynamodbav:"virus,omitempty"`
	DMARCPolicy string `dynamodbav:"dmarcPolicy,omitempty"`
}

// mail gives the stored claim.
func (row mailRow) mail(id string) (dsr.Mail, error) {
	mail := dsr.Mail{
		ID: id, State: dsr.MailState(row.State), Attempts: row.Attempts,
		ArrivedAt: unstamp(row.Arrived), Number: dsr.Number(row.Number),
		Reason: row.Reason, DueAt: unstamp(row.DueAt), Notices: row.Notices, OpenedAt: unstamp(row.Opened),
	}
	if row.Verdicts != nil {
		mail.Verdicts = dsr.Verdicts(*row.Verdicts)
	}
	var err error
	if mail.Owner, err = dsr.ParseOwnerID(row.Owner); err != nil {
		return dsr.Mail{}, fmt.Errorf("reading mail %s: its owner: %w", id, err)
	}
	if row.Case != "" {
		if mail.Case, err = dsr.ParseOwnerID(row.Case); err != nil {
			return dsr.Mail{}, fmt.Errorf("reading mail %s: its case: %w", id, err)
		}
	}
	return mail, nil
}
