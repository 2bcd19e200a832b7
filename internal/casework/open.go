package casework

import (
	"context"
	"fmt"
	"strings"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// open opens a case: its number, its dates, its first event, the receipt for
// the requester and the notice for staff, all in one transaction.
func (r Receiving) open(ctx context.Context, now time.Time, sender SenderClaim, mail dsr.Mail, enquiry dsr.Enquiry) error {
	opened, err := r.newCase(now, enquiry)
	if err != nil {
		return err
	}
	number, err := r.number(ctx, mail, opened.Dates.ReceiptDay)
	if err != nil {
		return err
	}
	opened.Number = number
	key, err := r.Sealer.NewKey(ctx, CaseKey(opened.ID))
	if err != nil {
		return fmt.Errorf("making the key of case %s: %w", number, err)
	}
	mail.State, mail.Case, mail.Number = dsr.MailCase, opened.ID, number
	change := Change{
		File:     File{Case: opened, Key: key},
		Event:    dsr.Event{Kind: dsr.CaseOpened, Facts: openingFacts(opened, enquiry)},
		Letters:  r.openingLetters(opened, enquiry.Trust, sender, now),
		Mail:     &mail,
		Messages: messageKeys(enquiry, now),
		Sender: &SenderClaim{
			Hash:         sender.Hash,
			Prior:        sender.Prior,
			Acknowledged: enquiry.Trust.Answerable(),
			Case:         opened.ID,
			Until:        now.Add(acknowledgeOnce),
		},
		Enclosures: mailedCopies(opened, enquiry, now),
	}
	return r.store(ctx, now, change, enquiry.Letter)
}

// newCase gives the case as it will stand, but for its number and first event.
func (r Receiving) newCase(now time.Time, enquiry dsr.Enquiry) (dsr.Case, error) {
	id, err := dsr.NewOwnerID(r.Random)
	if err != nil {
		return dsr.Case{}, err
	}
	thread, err := dsr.NewOwnerID(r.Random)
	if err != nil {
		return dsr.Case{}, err
	}
	person, err := dsr.NewActorID(r.Random)
	if err != nil {
		return dsr.Case{}, err
	}
	dates, err := r.Rules.dates(enquiry.ReceivedAt)
	if err != nil {
		return dsr.Case{}, err
	}
	due, err := r.Rules.firstReminder(dates, now)
	if err != nil {
		return dsr.Case{}, err
	}
	return dsr.Case{
		ID:        id,
		State:     dsr.Received,
		Rights:    dsr.MergeRights(enquiry.Rights, nil),
		Language:  r.Rules.language(enquiry.Language),
		Trust:     enquiry.Trust.Level,
		Statement: r.Rules.statement(dates.ReceiptDay),
		Received:  enquiry.ReceivedAt,
		Opened:    now,
		Dates:     dates,
		Thread:    thread.String(),
		Person:    person,
		DueAt:     due,
		Confidential: dsr.Confidential{Requester: dsr.Requester{
			Address:   enquiry.Letter.Address,
			Name:      enquiry.Letter.Name,
			MessageID: enquiry.Letter.MessageID,
		}},
	}, nil
}

// number gives the case number of a mail. It is taken before the transaction
// and kept on the mail's claim, so that an attempt that dies costs at most a
// gap and a retry finds the same number.
func (r Receiving) number(ctx context.Context, mail dsr.Mail, receipt dsr.Day) (dsr.Number, error) {
	if mail.Number != "" {
		return mail.Number, nil
	}
	year := receipt.Year()
	n, err := r.Numbers.Next(ctx, year)
	if err != nil {
		return "", fmt.Errorf("taking a case number: %w", err)
	}
	kept, err := r.Numbers.Keep(ctx, mail.ID, dsr.NewNumber(r.Rules.Profile.CasePrefix, year, n))
	if err != nil {
		return "", fmt.Errorf("keeping a case number: %w", err)
	}
	return kept, nil
}

// openingLetters gives the letters of a new case. Nobody is answered at a
// sender address that may be somebody else's, and nobody gets two receipts in a
// day; staff hear of it all the same.
func (r Receiving) openingLetters(c dsr.Case, trust dsr.Trust, sender SenderClaim, now time.Time) []dsr.Letter {
	letters := r.Rules.aboutCase(c, dsr.NewCaseNotice, "", now)
	if trust.Answerable() && sender.Prior == (dsr.OwnerID{}) {
		letters = append([]dsr.Letter{acknowledgement(c, now)}, letters...)
	}
	return letters
}

// openingFacts gives what the first event says in clear, so that the history
// alone can rebuild the summary.
func openingFacts(c dsr.Case, enquiry dsr.Enquiry) map[string]string {
	facts := enquiryFacts(enquiry)
	facts["number"] = string(c.Number)
	facts["promise_due"] = string(c.Dates.PromiseDue)
	facts["law_due"] = string(c.Dates.LawDue)
	facts["phrases"] = joinPhrases(enquiry.Phrases)
	facts["evidence"] = strings.Join([]string{
		"spf=" + enquiry.Trust.SPF, "dkim=" + enquiry.Trust.DKIM, "dmarc=" + enquiry.Trust.DMARC,
	}, " ")
	facts["anomalies"] = strings.Join(enquiry.Trust.Anomalies, " ")
	return facts
}

// joinRights writes rights as one word list.
func joinRights(rights []dsr.Right) string {
	words := make([]string, len(rights))
	for i, right := range rights {
		words[i] = string(right)
	}
	return strings.Join(words, " ")
}

// joinPhrases writes which rules recognised the request, with their weights.
func joinPhrases(phrases []dsr.Phrase) string {
	words := make([]string, len(phrases))
	for i, phrase := range phrases {
		words[i] = fmt.Sprintf("%s:%s:%d", phrase.Right, phrase.Rule, phrase.Weight)
	}
	return strings.Join(words, " ")
}
