package casework

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

var (
	// ErrCode is returned for a code that is wrong, was used, or is one of too
	// many. The three are not told apart: the one who guesses learns nothing.
	ErrCode = errors.New("the code is not accepted")
	// ErrNotStaff is returned for somebody who is not (any more) staff.
	ErrNotStaff = errors.New("not a member of staff")
)

// MaxTries is how many codes may be tried with one link that were not accepted.
const MaxTries = 5

const (
	// sessionLife is how long a stay at the desk lasts at most.
	sessionLife = 8 * time.Hour
	// maxFailed is how many wrong codes of one member are borne in failedTime.
	maxFailed  = 10
	failedTime = time.Hour
	// codeStep is the time step of RFC 6238 section 4.1, in seconds.
	codeStep = 30
)

// SigningIn lets staff in, and asks their code again where an act needs it.
type SigningIn struct {
	Random   io.Reader
	Rules    Rules
	Cases    Cases
	Letters  Letters
	Staff    Staff
	Sessions Sessions
	// CodeAt gives the code of a secret for a time step (RFC 6238).
	CodeAt func(secret []byte, step int64) (string, error)
}

// opensDesk reports whether links of a purpose open a session.
func opensDesk(purpose dsr.Purpose) bool {
	switch purpose {
	case dsr.SignIn, dsr.ApproveRelease, dsr.ApproveErasure, dsr.Refuse:
		return true
	}
	return false
}

// Look gives the case of a link that opens a session. A link to approve holds
// for one decision on the case as it was.
func (s SigningIn) Look(ctx context.Context, link dsr.Link) (dsr.Case, error) {
	if !opensDesk(link.Purpose) {
		return dsr.Case{}, ErrLinkDead
	}
	stored, c, err := living(ctx, s.Cases, s.Letters, link)
	if err != nil {
		return dsr.Case{}, err
	}
	rule, _ := link.Purpose.Rule()
	switch {
	case rule.OneUse && stored.Spent:
		return dsr.Case{}, ErrDecided
	case rule.RevChecked && link.Rev != c.Rev:
		return dsr.Case{}, ErrStale
	}
	return c, nil
}

// SignIn opens a session for the member of staff whom a verified link names,
// when the code is theirs, and gives the secret id that belongs in their
// cookie. A try is taken before the code is looked at, and only an accepted
// code gives it back: many guesses at once are no more than one after the other.
func (s SigningIn) SignIn(ctx context.Context, now time.Time, link dsr.Link, code string) (id []byte, err error) {
	if _, err := s.Look(ctx, link); err != nil {
		return nil, err
	}
	member, err := s.try(ctx, now, LinkRef{link.Owner, link.ID}, link.Actor, code, useSignIn)
	if err != nil {
		return nil, err
	}
	return s.begin(ctx, now, link, member)
}

// CheckAct accepts a member's code for one act. The tries are those of the link
// with which the session began; when they are used up, the session ends too.
func (s SigningIn) CheckAct(ctx context.Context, now time.Time, session dsr.Session, code string) error {
	_, err := s.try(ctx, now, LinkRef{session.Owner, session.Link}, session.Actor, code, useAct)
	if errors.Is(err, ErrLinkDead) {
		if ended := s.Sessions.EndSession(ctx, session.Hash); ended != nil {
			return fmt.Errorf("ending a session: %w", ended)
		}
	}
	return err
}

// try takes a try of a link, looks at the code, and gives the try of an accepted
// code back.
func (s SigningIn) try(ctx context.Context, now time.Time, link LinkRef, actor dsr.ActorID, code string, use codeUse) (dsr.Member, error) {
	err := s.Letters.Try(ctx, link.Owner, link.ID, 1)
	if errors.Is(err, ErrConflict) {
		return dsr.Member{}, ErrLinkDead
	}
	if err != nil {
		return dsr.Member{}, dead(err, "taking a try of the link")
	}
	member, err := s.checkCode(ctx, now, actor, code, use)
	if err != nil {
		return dsr.Member{}, err
	}
	if err := s.Letters.Try(ctx, link.Owner, link.ID, -1); err != nil {
		return dsr.Member{}, fmt.Errorf("giving a try of the link back: %w", err)
	}
	return member, nil
}

// codeUse is what a code is given for. Signing in and acting keep separate last
// steps, so that whoever just signed in need not wait for the next code.
type codeUse int

const (
	useSignIn codeUse = iota
	useAct
)

// last gives where a member's last step for a use is kept.
func (u codeUse) last(member *dsr.Member) *int64 {
	if u == useAct {
		return &member.LastAct
	}
	return &member.LastStep
}

// checkCode accepts a member's code once for each use, and gives the member as
// they were before. A code is good for its own time step and the ones beside it; a used
// or older step never counts again.
func (s SigningIn) checkCode(ctx context.Context, now time.Time, actor dsr.ActorID, code string, use codeUse) (dsr.Member, error) {
	member, err := s.member(ctx, actor)
	if err != nil {
		return dsr.Member{}, err
	}
	next := member
	if now.Sub(member.FailedAt) >= failedTime {
		next.Failed, next.FailedAt = 0, time.Time{}
	}
	if next.Failed >= maxFailed {
		return dsr.Member{}, ErrCode
	}
	step, err := s.step(ctx, now, member, code, *use.last(&member))
	if err != nil {
		return dsr.Member{}, err
	}
	if step > 0 {
		// Wrong codes are not forgotten: a guesser would wait for the member.
		*use.last(&next) = step
		return member, s.save(ctx, member, next)
	}
	if next.Failed == 0 {
		next.FailedAt = now
	}
	next.Failed++
	if err := s.save(ctx, member, next); err != nil {
		return dsr.Member{}, err
	}
	return dsr.Member{}, ErrCode
}

// member gives somebody who is staff at this moment: by the organisation file,
// and by having been enrolled.
func (s SigningIn) member(ctx context.Context, actor dsr.ActorID) (dsr.Member, error) {
	known, ok := s.Rules.Profile.StaffByActor(actor)
	if !ok || !known.Active {
		return dsr.Member{}, ErrNotStaff
	}
	member, err := s.Staff.Member(ctx, actor)
	if errors.Is(err, ErrNotFound) {
		return dsr.Member{}, ErrNotStaff
	}
	if err != nil {
		return dsr.Member{}, fmt.Errorf("reading a member of staff: %w", err)
	}
	return member, nil
}

// step gives the time step after last whose code this is; 0 for none. Every step
// is compared, so that the time taken tells nothing.
func (s SigningIn) step(ctx context.Context, now time.Time, member dsr.Member, code string, last int64) (int64, error) {
	secret, err := s.Staff.Secret(ctx, member.Actor)
	if err != nil {
		return 0, fmt.Errorf("opening the secret of a member of staff: %w", err)
	}
	current, found := now.Unix()/codeStep, int64(0)
	for step := current - 1; step <= current+1; step++ {
		right, err := s.CodeAt(secret, step)
		if err != nil {
			return 0, fmt.Errorf("computing a code: %w", err)
		}
		if subtle.ConstantTimeCompare([]byte(right), []byte(code)) == 1 && step > last {
			found = step
		}
	}
	return found, nil
}

// save stores what a code changed. Of two codes given at one instant the first
// counts and the second is refused, whatever it was: a guess that could not be
// counted is worth nothing.
func (s SigningIn) save(ctx context.Context, prior, next dsr.Member) error {
	err := s.Staff.Save(ctx, prior, next)
	if errors.Is(err, ErrConflict) {
		return ErrCode
	}
	if err != nil {
		return fmt.Errorf("storing the use of a code: %w", err)
	}
	return nil
}

// begin opens a session for a member whose code was accepted.
func (s SigningIn) begin(ctx context.Context, now time.Time, link dsr.Link, member dsr.Member) (id []byte, err error) {
	id = make([]byte, 32)
	if _, err := io.ReadFull(s.Random, id); err != nil {
		return nil, fmt.Errorf("drawing a session id: %w", err)
	}
	session := dsr.Session{
		Hash: sha256.Sum256(id), Actor: link.Actor, Enrolled: member.Enrolled, Expires: now.Add(sessionLife),
		Link: link.ID, Purpose: link.Purpose, Owner: link.Owner,
	}
	if err := s.Sessions.OpenSession(ctx, session); err != nil {
		return nil, fmt.Errorf("opening a session: %w", err)
	}
	return id, nil
}

// Resume gives the session a cookie's id belongs to. Who left the organisation
// has none from the moment the file says so, and who was removed has none even
// when they are enrolled again: such a session ends for good.
func (s SigningIn) Resume(ctx context.Context, now time.Time, id []byte) (dsr.Session, error) {
	session, err := s.Sessions.Session(ctx, sha256.Sum256(id))
	if errors.Is(err, ErrNotFound) {
		return dsr.Session{}, ErrNotStaff
	}
	if err != nil {
		return dsr.Session{}, fmt.Errorf("finding a session: %w", err)
	}
	member, err := s.member(ctx, session.Actor)
	if err != nil && !errors.Is(err, ErrNotStaff) {
		return dsr.Session{}, err
	}
	if err == nil && member.Enrolled.Equal(session.Enrolled) && now.Before(session.Expires) {
		return session, nil
	}
	if err := s.SignOut(ctx, id); err != nil {
		return dsr.Session{}, err
	}
	return dsr.Session{}, ErrNotStaff
}

// SignOut ends a session.
func (s SigningIn) SignOut(ctx context.Context, id []byte) error {
	if err := s.Sessions.EndSession(ctx, sha256.Sum256(id)); err != nil {
		return fmt.Errorf("ending a session: %w", err)
	}
	return nil
}
