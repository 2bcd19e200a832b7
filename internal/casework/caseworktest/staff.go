package caseworktest

import (
	"context"
	"slices"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// storedMember is a member of staff with the secret, which a real store seals.
type storedMember struct {
	row    dsr.Member
	secret []byte
}

// Member implements casework.Staff.
func (m *Memory) Member(ctx context.Context, actor dsr.ActorID) (member dsr.Member, err error) {
	err = m.call(ctx, "Member", func() error {
		stored, ok := m.staff[actor]
		if !ok {
			return casework.ErrNotFound
		}
		member = stored.row
		return nil
	})
	return member, err
}

// Secret implements casework.Staff.
func (m *Memory) Secret(ctx context.Context, actor dsr.ActorID) (secret []byte, err error) {
	err = m.call(ctx, "Secret", func() error {
		stored, ok := m.staff[actor]
		if !ok {
			return casework.ErrNotFound
		}
		secret = slices.Clone(stored.secret)
		return nil
	})
	return secret, err
}

// Save implements casework.Staff.
func (m *Memory) Save(ctx context.Context, prior, next dsr.Member) error {
	return m.call(ctx, "Save", func() error {
		stored, ok := m.staff[prior.Actor]
		if !ok || !sameMember(stored.row, prior) {
			return casework.ErrConflict
		}
		next.Actor, next.Enrolled = stored.row.Actor, stored.row.Enrolled
		stored.row = next
		m.staff[prior.Actor] = stored
		return nil
	})
}

// sameMember compares instants as instants.
func sameMember(a, b dsr.Member) bool {
	return a.Actor == b.Actor && a.LastStep == b.LastStep && a.LastAct == b.LastAct && a.Failed == b.Failed &&
		a.Enrolled.Equal(b.Enrolled) && a.FailedAt.Equal(b.FailedAt)
}

// Enrol is a casework.Enrol.
func (m *Memory) Enrol(ctx context.Context, member dsr.Member, secret []byte) error {
	return m.call(ctx, "Enrol", func() error {
		if _, ok := m.staff[member.Actor]; ok {
			return casework.ErrEnrolled
		}
		m.staff[member.Actor] = storedMember{row: member, secret: slices.Clone(secret)}
		return nil
	})
}

// Remove is a casework.Remove.
func (m *Memory) Remove(ctx context.Context, actor dsr.ActorID) error {
	return m.call(ctx, "Remove", func() error {
		delete(m.staff, actor)
		return nil
	})
}

// OpenSession implements casework.Sessions.
func (m *Memory) OpenSession(ctx context.Context, session dsr.Session) error {
	return m.call(ctx, "OpenSession", func() error {
		m.sessions[session.Hash] = session
		return nil
	})
}

// Session implements casework.Sessions.
func (m *Memory) Session(ctx context.Context, hash [32]byte) (session dsr.Session, err error) {
	err = m.call(ctx, "Session", func() error {
		var ok bool
		if session, ok = m.sessions[hash]; !ok {
			return casework.ErrNotFound
		}
		return nil
	})
	return session, err
}

// EndSession implements casework.Sessions.
func (m *Memory) EndSession(ctx context.Context, hash [32]byte) error {
	return m.call(ctx, "EndSession", func() error {
		delete(m.sessions, hash)
		return nil
	})
}
