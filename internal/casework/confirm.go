package casework

import (
	"context"
	"errors"
	"fmt"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

var (
	// ErrNumber is returned when what a data subject typed is not the number of
	// their request. The number stands in the letter and not on the page, so that
	// a robot that follows the link and fills in the form does nothing.
	ErrNumber = errors.New("not the number of this request")
	// ErrAddress is returned when what they typed is not the address from which
	// they wrote.
	ErrAddress = errors.New("not the address of the requester")
)

// Confirming is what data subjects do to their case with a link alone. Each act
// takes something that the page does not show; none shows or changes what
// is known about a person.
type Confirming struct {
	Place
	Rules      Rules
	Cases      Cases
	Letters    Letters
	Enclosures EnclosuresOf
}

// Look gives the case of a link that can still act. It writes nothing.
func (f Confirming) Look(ctx context.Context, link dsr.Link) (dsr.Case, error) {
	stored, c, err := living(ctx, f.Cases, f.Letters, link)
	if err != nil {
		return dsr.Case{}, err
	}
	switch {
	case stored.Spent:
		return dsr.Case{}, ErrDecided
	case link.Purpose == dsr.ConfirmMailbox && (!c.Waiting() || superseded(stored, c)):
		return dsr.Case{}, ErrStale
	case link.Purpose == dsr.StopErasure && c.State != dsr.InReview && c.State != dsr.Approved:
		return dsr.Case{}, ErrStale
	case link.Purpose == dsr.FollowCase && !c.State.Stoppable():
		return dsr.Case{}, ErrStale
	}
	return c, nil
}

// superseded reports whether a link to confirm belongs to another asking than the
// last: its letter spoke of other rights, or of somebody else.
func superseded(link dsr.Link, c dsr.Case) bool {
	return link.Asked != c.Work.Asked
}

// Confirm records what the contact on file says about a request: theirs, or not.
// When it is, and the policy asks a copy of an identity document with every such
// request, the contact is asked for one now, unless somebody judged already who
// they are. When it is not, everything stands still, staff hear of it, and nobody
// has a use for the copies that came.
func (f Confirming) Confirm(ctx context.Context, now time.Time, link dsr.Link, number string, mine bool) error {
	if !mine {
		return f.disown(ctx, now, link, dsr.ConfirmMailbox, number)
	}
	return f.act(ctx, now, link, dsr.ConfirmMailbox, numbered(number), func(c *dsr.Case) (dsr.Event, []dsr.Letter, error) {
		letters := f.Rules.aboutCase(*c, dsr.ConfirmedNotice, "", now)
		err := c.ConfirmMailbox()
		if err == nil && c.Work.Identity != dsr.IdentitySure && f.Rules.copyFirst(*c) {
			letters = append(letters, copyLetter(*c, "", now))
			err = c.AskCopy(now)
		}
		return dsr.Event{Kind: dsr.MailboxConfirmed}, letters, err
	})
}

// Stop keeps an answer that waits in a one-person organisation from leaving.
func (f Confirming) Stop(ctx context.Context, now time.Time, link dsr.Link, number string) error {
	return f.disown(ctx, now, link, dsr.StopErasure, number)
}

// disown freezes a case.
func (f Confirming) disown(ctx context.Context, now time.Time, link dsr.Link, purpose dsr.Purpose, number string) error {
	return f.act(ctx, now, link, purpose, numbered(number), func(c *dsr.Case) (dsr.Event, []dsr.Letter, error) {
		event := dsr.Event{Kind: dsr.RequestDisowned, Facts: map[string]string{"by": string(purpose)}}
		return event, f.Rules.aboutCase(*c, dsr.DisownedNotice, "", now), c.Disown()
	})
}

// Withdraw ends a case for the one who wrote the request. They type the address
// from which they wrote: the page of the case, which has the same link, shows
// the number.
func (f Confirming) Withdraw(ctx context.Context, now time.Time, link dsr.Link, address string) error {
	wrote := func(c dsr.Case) error {
		file, err := f.Cases.File(ctx, c.ID)
		if err == nil && !sameMailbox(address, file.Case.Requester.Address) {
			err = ErrAddress
		}
		return err
	}
	return f.act(ctx, now, link, dsr.FollowCase, wrote, func(c *dsr.Case) (dsr.Event, []dsr.Letter, error) {
		event := dsr.Event{Kind: dsr.CaseClosed, Facts: map[string]string{"outcome": string(dsr.Withdrawn)}}
		letters := append(f.Rules.aboutCase(*c, dsr.WithdrawnNotice, "", now),
			toPerson(*c, dsr.WithdrawnLetter, dsr.FollowCase, dsr.Addressee{Requester: true}, now))
		return event, letters, f.Rules.close(c, c.Withdraw(now))
	})
}

// numbered checks that the number of the case was typed.
func numbered(typed string) func(dsr.Case) error {
	return func(c dsr.Case) error {
		if number, ok := dsr.ParseNumber(typed); !ok || number != c.Number {
			return ErrNumber
		}
		return nil
	}
}

// endsCopies gives why nobody judges by the copies of a case after an act of a data
// subject; empty when somebody still may.
func endsCopies(c dsr.Case) string {
	switch {
	case c.State == dsr.Closed:
		return reasonWithdrawn
	case c.Work.Disowned:
		return reasonDisowned
	}
	return ""
}

// act performs an act of a data subject, and spends the link when it is good for
// one use. No personal field changes, so no key is needed.
func (f Confirming) act(ctx context.Context, now time.Time, link dsr.Link, purpose dsr.Purpose, knows func(dsr.Case) error,
	do func(c *dsr.Case) (dsr.Event, []dsr.Letter, error),
) error {
	if link.Purpose != purpose {
		return ErrLinkDead
	}
	err := f.decide(ctx, func() error {
		c, err := f.Look(ctx, link)
		if err != nil {
			return err
		}
		if err := knows(c); err != nil {
			return err
		}
		event, letters, err := do(&c)
		if err != nil {
			return err
		}
		change := Change{Letters: letters, At: now}
		if why := endsCopies(c); why != "" { // sweep has the objects removed
			if change.Enclosures, err = f.Enclosures.condemn(ctx, now, c.ID, why, dsr.IDCopyFile); err != nil {
				return err
			}
		}
		c.Seq++
		event.Seq, event.At, event.Actor = c.Seq, now, link.Actor
		change.File.Case, change.Event = c, event
		if rule, _ := purpose.Rule(); rule.OneUse {
			change.Spend = &LinkRef{Owner: link.Owner, ID: link.ID}
		}
		return f.Cases.Commit(ctx, change)
	})
	if err != nil {
		return fmt.Errorf("acting on case %s by link: %w", link.Owner, err)
	}
	return nil
}
