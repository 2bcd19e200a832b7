package casestore

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/ledger"
)

// Commit implements casework.Cases: one change, one transaction.
func (s *Store) Commit(ctx context.Context, change casework.Change) error {
	t := s.transaction()
	if change.AboutCase() {
		if err := t.caseFile(change); err != nil {
			return err
		}
	}
	for _, letter := range change.Letters {
		t.putNew(onOther, letterKey(letter.Ref), newLetterRow(letter))
	}
	for _, move := range change.Moves {
		t.moveLetter(move)
	}
	if change.Mail != nil {
		t.settleMail(*change.Mail)
	}
	t.known(change)
	return t.commit(ctx)
}

// caseFile writes the summary, its event, and the event's leaf.
func (t *transaction) caseFile(change casework.Change) error {
	file := change.File
	event, head, err := t.store.newEventRow(file, change.Event)
	if err != nil {
		return err
	}
	file.Case.Head = head
	row := newCaseRow(file.Case)
	if !file.Key.Zero() {
		if row.Sealed, err = t.store.sealRequester(file); err != nil {
			return err
		}
	}
	if change.Opens() {
		t.openCase(file, row)
	} else {
		prior := expression.Name("seq").Equal(expression.Value(file.Case.Seq - 1))
		t.update(onCase, caseKey(file.Case.ID), row, []string{"due", "dueAt", "open", "openBy"}, prior)
	}
	t.putNew(onCase, eventKey(file.Case.ID, file.Case.Seq), event)
	leaf := ledger.Leaf(event.Entry)
	t.put(key{fmt.Sprintf("%s%d", pendingPrefix, dueShard), leaf.String()}, pendingRow{At: stamp(change.At)})
	return nil
}

// pendingRow is a leaf that waits to be gathered into the ledger's tree. Its
// hash covers sealed bytes only, and outlives the key that opens them.
type pendingRow struct {
	At string `dynamodbav:"at"`
}

// sealRequester seals the case's personal fields for the case's own row.
func (s *Store) sealRequester(file casework.File) ([]byte, error) {
	plain, err := json.Marshal(file.Case.Requester)
	if err != nil {
		return nil, fmt.Errorf("writing the requester of case %s: %w", file.Case.Number, err)
	}
	sealed, err := file.Key.Seal(s.Random, caseKey(file.Case.ID).place(), plain)
	if err != nil {
		return nil, fmt.Errorf("sealing the requester of case %s: %w", file.Case.Number, err)
	}
	return sealed, nil
}

// openCase writes what a new case has beside its summary: its key, in the
// table that keeps no history, and the rows that lead to it.
func (t *transaction) openCase(file casework.File, row caseRow) {
	id := file.Case.ID
	t.putNew(onCase, caseKey(id), row)
	t.add(onOther, types.TransactWriteItem{Put: &types.Put{
		TableName:           &t.store.Keys,
		Item:                t.store.keyItem(casework.CaseKey(id), file.Key),
		ConditionExpression: notThere(),
	}})
	leads := pointerRow{Case: id.String()}
	t.putNew(onOther, numberKey(file.Case.Number), leads)
	t.putNew(onOther, threadKey(file.Case.Thread), leads)
}

// moveLetter takes a letter on, provided nobody else did.
func (t *transaction) moveLetter(move casework.LetterMove) {
	at := letterKey(move.Letter.Ref)
	t.update(onCase, at, newLetterRow(move.Letter), []string{"due", "dueAt"}, unmoved(move.Prior))
	if move.Letter.State == dsr.LetterPosted {
		t.put(sentKey(move.Letter.SESID), sentRow{PK: at.pk, SK: at.sk})
	}
}

// sentRow leads from SES's message id to the letter.
type sentRow struct {
	PK string `dynamodbav:"letterPk"`
	SK string `dynamodbav:"letterSk"`
}

// settledRow is what settling a mail changes.
type settledRow struct {
	State  string `dynamodbav:"state"`
	Case   string `dynamodbav:"case,omitempty"`
	Reason string `dynamodbav:"reason,omitempty"`
}

// settleMail brings a mail to a terminal state, once. A mail that a person
// must look at gets the row by which links about it are found.
func (t *transaction) settleMail(mail dsr.Mail) {
	row := settledRow{State: string(mail.State), Reason: mail.Reason}
	if mail.Case != (dsr.OwnerID{}) {
		row.Case = mail.Case.String()
	}
	t.update(onMail, mailKey(mail.ID), row, []string{"due", "dueAt"}, unsettled())
	if mail.State == dsr.MailPerson {
		t.putNew(onOther, ownerKey(mail.Owner), ownerRow{PK: mailKey(mail.ID).pk})
	}
}

// known writes by what a second copy or a further mail is recognised.
func (t *transaction) known(change casework.Change) {
	leads := pointerRow{Case: change.File.Case.ID.String()}
	if !change.Messages.Zero() {
		t.putNew(onMessage, rawKey(change.Messages.Raw), leads)
	}
	if change.Messages.Message != [32]byte{} {
		t.hold(onMessage, messageKey(change.Messages.Message), change, change.Messages.Until)
	}
	if change.Sender != nil {
		t.sender(change, *change.Sender)
	}
}

// sender notes the case under its sender's hash, and claims the sender's day
// for it unless another case holds that day.
func (t *transaction) sender(change casework.Change, claim casework.SenderClaim) {
	t.put(key{senderPK(claim.Hash), casework.CaseKey(claim.Case)}, pointerRow{Case: claim.Case.String()})
	t.hold(onSender, latestKey(claim.Hash, claim.Acknowledged), change, claim.Until)
}

// hold lets a row lead to the change's case until an instant, unless it still
// leads to another one.
func (t *transaction) hold(kind rowKind, at key, change casework.Change, until time.Time) {
	free := expression.Name("pk").AttributeNotExists().
		Or(expression.Name("until").LessThanEqual(expression.Value(stamp(change.At))))
	row := latestRow{Case: change.File.Case.ID.String(), Until: stamp(until)}
	t.update(kind, at, row, nil, free)
}
