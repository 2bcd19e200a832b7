package casework

import (
	"context"
	"errors"
	"fmt"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// Inviting sends a member of staff a new link to sign in, when those they have
// are past. The operator does it: whoever could ask for a link at the desk would
// need one.
type Inviting struct {
	Place
	Rules     Rules
	Cases     Cases
	OpenCases OpenCases
}

// ErrNoOpenCase is returned when there is no open case to sign in for.
var ErrNoOpenCase = errors.New("no case is open")

// Invite queues a letter with a link for the member of staff with this id, about
// the open case that is planned for first, and names that case. It stands in the
// history of the case.
func (i Inviting) Invite(ctx context.Context, now time.Time, id string) (number dsr.Number, err error) {
	for _, member := range i.Rules.Profile.Staff {
		if member.ID != id || !member.Active {
			continue
		}
		err := i.decide(ctx, func() error {
			number, err = i.invite(ctx, now, member.ActorID())
			return err
		})
		if err != nil {
			return "", fmt.Errorf("inviting %s: %w", id, err)
		}
		return number, nil
	}
	return "", fmt.Errorf("inviting %s: %w", id, ErrNotStaff)
}

// invite commits the letter for one actor.
func (i Inviting) invite(ctx context.Context, now time.Time, actor dsr.ActorID) (dsr.Number, error) {
	ids, err := i.OpenCases(ctx)
	if err != nil {
		return "", fmt.Errorf("reading the list of open cases: %w", err)
	}
	for _, id := range ids {
		c, err := i.Cases.Summary(ctx, id)
		if err != nil {
			return "", err
		}
		if !c.State.Open() {
			continue // the list lags behind
		}
		letter := queue(dsr.Letter{
			Ref: caseLetter(c, dsr.LinkNotice, 1), Language: i.Rules.staffLanguage(),
			To: dsr.Addressee{Staff: actor}, Purpose: dsr.SignIn,
		}, now)
		c.Seq++
		return c.Number, i.Cases.Commit(ctx, Change{
			File: File{Case: c}, Letters: []dsr.Letter{letter}, At: now,
			Event: dsr.Event{Seq: c.Seq, Kind: dsr.StaffInvited, At: now, Facts: map[string]string{"staff": actor.String()}},
		})
	}
	return "", ErrNoOpenCase
}
