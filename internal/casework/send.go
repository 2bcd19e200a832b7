package casework

import (
	"context"
	"errors"
	"fmt"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// Sending takes letters out of the outbox, once each: it claims a letter,
// composes it, hands it to SES and records that.
type Sending struct {
	Recording
	Mails   Mails
	Mint    Mint
	Compose Compose
	Forward Forward
	OpenRaw OpenRaw
	Post    Post
}

// Send sends one letter, unless it is sent already or somebody holds it. A
// letter claimed by an attempt that died is taken over when its lease ends.
func (s Sending) Send(ctx context.Context, now time.Time, ref dsr.LetterRef) error {
	letter, err := s.Letters.Letter(ctx, ref)
	if err != nil {
		return fmt.Errorf("reading letter %s: %w", ref.Tag(), err)
	}
	if !letter.State.Outstanding() && !letter.DueAt.IsZero() && !now.Before(letter.DueAt) {
		return s.finish(ctx, now, ref)
	}
	if !letter.State.Outstanding() || held(letter, now) || now.Before(letter.NotBefore) {
		return nil
	}
	content, err := s.content(ctx, letter)
	if err != nil {
		return s.failed(ctx, now, letter, fmt.Errorf("preparing letter %s: %w", ref.Tag(), err))
	}
	claimed, err := s.claim(ctx, now, letter, content)
	if errors.Is(err, ErrConflict) {
		return nil // somebody else sends it
	}
	if err != nil {
		return fmt.Errorf("claiming letter %s: %w", ref.Tag(), err)
	}
	sesID, err := s.post(ctx, claimed, content)
	if err != nil {
		return s.failed(ctx, now, claimed, fmt.Errorf("sending letter %s: %w", ref.Tag(), err))
	}
	return s.Record(ctx, now, ref, sesID, dsr.LetterPosted)
}

// held reports whether somebody's claim on the letter still runs.
func held(letter dsr.Letter, now time.Time) bool {
	return letter.State == dsr.LetterClaimed && now.Before(letter.Until)
}

// prepared is a letter's content and what its link must say.
type prepared struct {
	dsr.LetterContent
	owner dsr.OwnerID
	actor dsr.ActorID
	rev   int
	epoch int
	asked int // of a letter to a contact on file: after which asking
}

// content gathers what the letter is composed from, but for its link.
func (s Sending) content(ctx context.Context, letter dsr.Letter) (prepared, error) {
	if letter.Ref.OwnerKind == dsr.OwnedByMail {
		return s.aboutMail(ctx, letter)
	}
	file, err := s.Cases.File(ctx, letter.Ref.Case)
	if err != nil {
		return prepared{}, err
	}
	c := file.Case
	if overtaken(letter, c) {
		return prepared{}, errOverdue
	}
	p := prepared{owner: c.ID, actor: letter.To.Staff, rev: c.Rev, epoch: c.LinkEpoch}
	p.LetterContent = caseContent(c, letter)
	if letter.To.Contact > 0 {
		p.asked = c.Work.Asked
	}
	if letter.Sealed != nil {
		code, err := file.Key.Open(letterPlace(letter.Ref), letter.Sealed)
		if err != nil {
			return prepared{}, fmt.Errorf("opening what the letter brings: %w", err)
		}
		p.Code = string(code)
	}
	switch {
	case letter.To.Requester:
		p.actor, p.To = c.Person, dsr.Mailbox{Name: c.Requester.Name, Address: c.Requester.Address}
		p.InReply = c.Requester.MessageID
	case letter.To.Contact > len(c.OnFile.Contacts):
		return prepared{}, errNoContact
	case letter.To.Contact > 0:
		p.actor, p.To = c.Person, dsr.Mailbox{Name: c.OnFile.Name, Address: c.OnFile.Contacts[letter.To.Contact-1].Address}
	default:
		p.To, err = s.staff(letter.To.Staff)
	}
	return p, err
}

var (
	// errOverdue is returned for a letter that the case has overtaken while it
	// waited: what it asks is not asked any more.
	errOverdue = errors.New("the case went on without this letter")
	// errNoContact is returned for a letter to a contact who is not on file.
	errNoContact = fmt.Errorf("%w: no such contact on file", dsr.ErrUnsendable)
)

// overtaken reports whether a letter's question has gone by, or was asked anew by
// a later letter.
func overtaken(letter dsr.Letter, c dsr.Case) bool {
	queued := letter.Ref.N/lettersAnEvent + 1 // with which event
	switch letter.Ref.Kind {
	case dsr.ConfirmLetter:
		return !c.Waiting() || queued != c.Work.Asked
	case dsr.CopyLetter, dsr.CopyAgainLetter: // or it was queued for whoever was asked before
		return !c.TakesCopy() || queued < c.Work.Asked
	case dsr.CheckedLetter: // what was checked was taken back since, or was about somebody else
		return c.Work.Identity != dsr.IdentitySure || queued < c.Work.Asked
	case dsr.ReviewNotice:
		return c.State != dsr.InReview
	case dsr.WaitLetter:
		return c.State != dsr.InReview || letter.Ref.N != c.Work.Warned
	}
	return givenOtherwise(letter.Ref, c)
}

// givenOtherwise reports whether a letter belongs to an answer that was given in
// another way than by mail after it was queued. Its link is dead with all others.
func givenOtherwise(ref dsr.LetterRef, c dsr.Case) bool {
	return (ref.Kind.Answers() || ref.Kind == dsr.CodeLetter) && ref.N/lettersAnEvent+1 <= c.Work.Otherwise
}

// caseContent gives what a letter says about its case. Reasons go only into the
// answer itself.
func caseContent(c dsr.Case, letter dsr.Letter) dsr.LetterContent {
	content := dsr.LetterContent{
		Letter:    letter,
		Number:    c.Number,
		Received:  c.Received,
		Dates:     c.Dates,
		Rights:    c.Rights,
		Trust:     c.Trust,
		Decisions: c.Work.Decisions,
		Outcome:   c.Work.Proposed,
		Collects:  c.Discloses(),
		NotBefore: c.Work.NotBefore,

		CodeElsewhere: letter.To.Contact > 0 && letter.To.Contact != codeContact(c),
	}
	if letter.To.Personal() {
		content.Thread = c.Thread
	}
	if letter.Ref.Kind == dsr.CheckedLetter { // it was queued when that happened
		content.DestroyedAt = letter.Queued
	}
	if letter.Ref.Kind.Answers() {
		content.Reasons = c.Reasons
		content.Packed = letter.Reason == reasonPacked
	}
	if letter.To.Requester { // what was decided would tell that somebody is on file
		content.Decisions, content.Reasons, content.Collects = nil, nil, false
	}
	return content
}

// aboutMail gathers the content of a letter to staff about a mail.
func (s Sending) aboutMail(ctx context.Context, letter dsr.Letter) (prepared, error) {
	mail, err := s.Mails.Mail(ctx, letter.Ref.MailID)
	if err != nil {
		return prepared{}, err
	}
	if stale(letter, mail) {
		return prepared{}, errOverdue
	}
	p := prepared{owner: mail.Owner, actor: letter.To.Staff}
	p.Letter, p.Received = letter, mail.ArrivedAt
	if letter.To.Desk {
		p.Trust = dsr.TrustLevel(letter.Reason)
		p.To, err = s.humanMailbox()
		return p, err
	}
	p.To, err = s.staff(letter.To.Staff)
	return p, err
}

// errNoReader is returned for a letter to somebody the organisation file does
// not know (any more).
var errNoReader = fmt.Errorf("%w: no such member of staff in the organisation file", dsr.ErrUnsendable)

// staff gives the mailbox of a member of staff. Who left gets nothing more.
func (s Sending) staff(actor dsr.ActorID) (dsr.Mailbox, error) {
	member, ok := s.Rules.Profile.StaffByActor(actor)
	if !ok || !member.Active {
		return dsr.Mailbox{}, errNoReader
	}
	return dsr.Mailbox{Name: member.Name, Address: member.Email}, nil
}

// claim takes the letter for one lease. The first claim also decides what its
// link says, so that a resend carries the very same token; a link that has died
// while the letter waited is replaced.
func (s Sending) claim(ctx context.Context, now time.Time, prior dsr.Letter, p prepared) (dsr.Letter, error) {
	claimed := prior
	claimed.State = dsr.LetterClaimed
	claimed.Until = now.Add(Lease)
	claimed.DueAt = claimed.Until
	if prior.Purpose != "" && !opens(prior.Link, p, now) {
		link, err := s.newLink(now, prior.Purpose, p)
		if err != nil {
			return dsr.Letter{}, err
		}
		claimed.Link = link
	}
	if err := s.Letters.Claim(ctx, prior, claimed); err != nil {
		return dsr.Letter{}, err
	}
	return claimed, nil
}

// opens reports whether a link that was made before still opens something.
func opens(link dsr.Link, p prepared, now time.Time) bool {
	return link.ID != dsr.LinkID{} && now.Before(link.ExpiresAt) && link.Epoch == p.epoch
}

// newLink gives a link of a purpose, in whole seconds as the token keeps them.
func (s Sending) newLink(now time.Time, purpose dsr.Purpose, p prepared) (dsr.Link, error) {
	rule, ok := purpose.Rule()
	if !ok {
		return dsr.Link{}, fmt.Errorf("no rule for links of purpose %q", purpose)
	}
	id, err := dsr.NewLinkID(s.Random)
	if err != nil {
		return dsr.Link{}, err
	}
	rev := 0
	if rule.RevChecked {
		rev = p.rev // others do without: a data subject can read it out of the token
	}
	issued := now.UTC().Truncate(time.Second)
	return dsr.Link{
		ID: id, Purpose: purpose, Owner: p.owner, Rev: rev, Epoch: p.epoch, Actor: p.actor,
		IssuedAt: issued, ExpiresAt: issued.Add(rule.Life), Asked: p.asked,
	}, nil
}

// post mints the link, composes the letter and hands it to SES.
func (s Sending) post(ctx context.Context, letter dsr.Letter, p prepared) (string, error) {
	content := p.LetterContent
	content.Letter = letter
	if letter.Purpose != "" {
		token, err := s.Mint(ctx, letter.Link)
		if err != nil {
			return "", fmt.Errorf("making its link: %w", err)
		}
		content.Token = token
	}
	message, err := s.write(ctx, content)
	if err != nil {
		return "", fmt.Errorf("composing it: %w", err)
	}
	return s.Post(ctx, message)
}
