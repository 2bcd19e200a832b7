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

// SignIn opens a session for the member of staff whom a verified link names,
// when the code is theirs, and gives the secret id that belongs in their
// cookie. A try is taken before the code is looked at, and only an accepted
// code gives it back: many guesses at once are no more than one after the other.
func (s SigningIn) SignIn(ctx context.Context, now time.Time, link dsr.Link, code string) (id []byte, err error) {
	if link.Purpose != dsr.SignIn {
		return nil, ErrLinkDead
	}
	if _, err := living(ctx, s.Cases, s.Letters, link); err != nil {
		return nil, err
	}
	err = s.Letters.Try(ctx, link.Owner, link.ID, 1)
	if errors.Is(err, ErrConflict) {
		return nil, ErrLinkDead
	}
	if err != nil {
		return nil, dead(err, "taking a try of the link")
	}
	member, err := s.CheckCode(ctx, now, link.Actor, code)
	if err != nil {
		return nil, err
	}
	if err := s.Letters.Try(ctx, link.Owner, link.ID, -1); err != nil {
		return nil, fmt.Errorf("giving a try of the link back: %w", err)
	}
	return s.begin(ctx, now, link, member)
}

// CheckCode accepts a member's code once, and gives the member as they were
// before. A code is good for its own time step and the ones beside it; a used
// or older step never counts again.
func (s SigningIn) CheckCode(ctx context.Context, now time.Time, actor dsr.ActorID, code string) (dsr.Member, error) {
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
	step, err := s.step(ctx, now, member, code)
	if err != nil {
		return dsr.Member{}, err
	}
	if step > 0 {
		// Wrong codes are not forgotten: a guesser would wait for the member.
		next.LastStep = step
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

// step gives the unused time step whose code this is; 0 for none. Every step
// is compared, so that the time taken tells nothing.
func (s SigningIn) step(ctx context.Context, now time.Time, member dsr.Member, code string) (int64, error) {
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
		if subtle.ConstantTimeCompare([]byte(right), []byte(code)) == 1 && step > member.LastStep {
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
