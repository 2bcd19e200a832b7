package casestore

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

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
	if change.Purge {
		t.purge(ctx, change.File.Case.ID)
	}
	for _, move := range change.Enclosures {
		t.moveEnclosure(move)
	}
	t.opens(ctx, change)
	for _, letter := range change.Letters {
		t.putNew(onOther, letterKey(letter.Ref), newLetterRow(letter))
	}
	for _, move := range change.Moves {
		t.moveLetter(move)
	}
	if change.Mail != nil {
		t.settleMail(*change.Mail, change.Letters)
	}
	if change.Waits != nil {
		t.moveMail(*change.Waits)
	}
	t.known(change)
	if change.Spend != nil {
		t.spend(ctx, change, *change.Spend)
	}
	return t.commit(ctx)
}

// caseFile writes the summary, its event, the event's leaf, and the case's tasks.
func (t *transaction) caseFile(change casework.Change) error {
	file := change.File
	event, head, err := t.store.newEventRow(file, change.Event)
	if err != nil {
		return err
	}
	file.Case.Head = head
	row := newCaseRow(file.Case)
	mayLack := []string{"due", "dueAt", "open", "openBy"}
	if change.Purge {
		mayLack = append(mayLack, "sealed")
	} else if !file.Key.Zero() {
		if row.Sealed, err = t.store.sealConfidential(file); err != nil {
			return err
		}
	}
	if change.Opens() {
		t.openCase(file, row)
	} else {
		prior := expression.Name("seq").Equal(expression.Value(file.Case.Seq - 1))
		t.update(onCase, caseKey(file.Case.ID), row, mayLack, prior)
	}
	t.putNew(onCase, eventKey(file.Case.ID, file.Case.Seq), event)
	leaf := ledger.Leaf(event.Entry)
	t.put(key{fmt.Sprintf("%s%d", pendingPrefix, dueShard), leaf.String()}, pendingRow{At: stamp(change.At)})
	for _, task := range change.Tasks {
		t.put(taskKey(file.Case.ID, task.System, task.Right), newTaskRow(task))
	}
	return nil
}

// pendingRow is a leaf that waits to be gathered into the ledger's tree. Its
// hash covers sealed bytes only, and outlives the key that opens them.
type pendingRow struct {
	At string `dynamodbav:"at"`
}

// sealConfidential seals the case's personal fields for the case's own row.
func (s *Store) sealConfidential(file casework.File) ([]byte, error) {
	plain, err := json.Marshal(file.Case.Confidential)
	if err != nil {
		return nil, fmt.Errorf("writing what case %s keeps sealed: %w", file.Case.Number, err)
	}
	sealed, err := file.Key.Seal(s.Random, caseKey(file.Case.ID).place(), plain)
	if err != nil {
		return nil, fmt.Errorf("sealing what case %s keeps: %w", file.Case.Number, err)
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

// moveLetter takes a letter on, provided nobody else did. SES's id leads to the
// letter from the moment it is known; a later move leaves that row alone.
func (t *transaction) moveLetter(move casework.LetterMove) {
	at := letterKey(move.Letter.Ref)
	t.update(onCase, at, newLetterRow(move.Letter), letterMayLack(), unmoved(move.Prior))
	if move.Letter.State == dsr.LetterPosted && move.Letter.SESID != move.Prior.SESID {
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
	Due    string `dynamodbav:"due,omitempty"`
	DueAt  string `dynamodbav:"dueAt,omitempty"`
}

// settleMail brings a mail to a terminal state, once. A mail that a person must
// look at gets the row by which links about it are found, and so does one about
// which a letter leaves: when that letter fails, a person gets the mail.
func (t *transaction) settleMail(mail dsr.Mail, letters []dsr.Letter) {
	row := settledRow{State: string(mail.State), Reason: mail.Reason}
	row.Due, row.DueAt = dueOf(mail.DueAt)
	if mail.Case != (dsr.OwnerID{}) {
		row.Case = mail.Case.String()
	}
	t.update(onMail, mailKey(mail.ID), row, []string{"due", "dueAt"}, unsettled())
	about := func(letter dsr.Letter) bool { return letter.Ref.OwnerKind == dsr.OwnedByMail }
	if mail.State == dsr.MailPerson || slices.ContainsFunc(letters, about) {
		t.putNew(onOther, ownerKey(mail.Owner), ownerRow{PK: mailKey(mail.ID).pk})
	}
}
