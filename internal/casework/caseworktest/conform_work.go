package caseworktest

import (
	"fmt"
	"reflect"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// workChecks are about how far the deciding of a case has come.
func workChecks() []check {
	return []check{
		{"a case reads back with all that was decided", func(s *trial) {
			decided := s.decided()
			got := s.file(decided.ID).Case
			decided.Head = got.Head
			s.same("case", decided, got)
		}},
		{"what falls away reads back as none", func(s *trial) {
			change := s.next(s.file(s.decided().ID))
			c := &change.File.Case
			c.Work, c.OnFile, c.Reasons = dsr.Work{}, dsr.OnFile{}, nil
			s.ok(s.Cases.Commit(s.Context(), change))
			got := s.file(c.ID).Case
			s.same("work", dsr.Work{}, got.Work)
			s.same("what is kept about people", c.Confidential, got.Confidential)
		}},
		{"a summary holds the work and names nobody", func(s *trial) {
			decided := s.decided()
			got, err := s.Cases.Summary(s.Context(), decided.ID)
			s.ok(err)
			s.same("work", decided.Work, got.Work)
			s.same("what is kept about people", dsr.Confidential{}, got.Confidential)
		}},
		{"a change of a summary keeps what is sealed", func(s *trial) {
			decided := s.decided()
			summary, err := s.Cases.Summary(s.Context(), decided.ID)
			s.ok(err)
			change := s.next(s.file(decided.ID))
			change.File.Case, change.File.Key = summary, casework.DataKey{}
			change.File.Case.Seq++
			change.File.Case.Work.Confirmed = false
			s.ok(s.Cases.Commit(s.Context(), change))
			got := s.file(decided.ID).Case
			s.same("what is kept about people", decided.Confidential, got.Confidential)
			s.same("work", change.File.Case.Work, got.Work)
		}},
		{"who changes what they wrote or read changes no row", unshared},
	}
}

// decided stores a case with something in every field of its work and of what
// it keeps about people.
func (s *trial) decided() dsr.Case {
	s.Helper()
	change := s.next(s.opened())
	c := &change.File.Case
	c.State, c.Rev = dsr.InReview, 6
	c.Work = dsr.Work{
		RightsConfirmed: true, Match: dsr.Matched, MatchedAt: s.now.Add(-2 * time.Hour), AskedAt: s.now.Add(-time.Hour), Asked: 3, Confirmed: true, Disowned: true,
		Identity: dsr.IdentitySure, Means: []dsr.Means{dsr.ByMailbox, dsr.ByFacts},
		Decisions: []dsr.Decision{
			{Right: dsr.Access, Result: dsr.Granted},
			{Right: dsr.Erasure, Result: dsr.Partly, Ground: dsr.GroundLegalDuty},
		},
		Proposed: dsr.Answered, Drafter: dsr.ActorID{1}, Draft: s.hash(), NotBefore: s.now.Add(24 * time.Hour), Alone: true, Warned: 3001,
		Approver: dsr.ActorID{2}, Outcome: dsr.Unlinked, ClosedAt: s.now.Add(time.Minute), CopyAsked: s.now.Add(-time.Minute),
		Undelivered: []dsr.LetterKind{dsr.AnswerLetter, dsr.CodeLetter}, Reminded: "half-time 2026-03-16", Hold: "complaint",
		Left: []int{8001, 9001}, Otherwise: 10,
	}
	c.OnFile = dsr.OnFile{Reference: "K-1", Name: "A. Geheim", Contacts: []dsr.Contact{
		{Address: "ans@een.example", Since: "2019-05-06"}, {Address: "ans@twee.example", Since: "2026-02-20"},
	}}
	c.Reasons = map[dsr.Right]string{dsr.Erasure: "Facturen moeten zeven jaar blijven."}
	s.filled(c.Work)
	s.filled(c.Confidential)
	s.ok(s.Cases.Commit(s.Context(), change))
	return *c
}

// filled wants something in every field, so that no field is forgotten here
// when one is added.
func (s *trial) filled(value any) {
	s.Helper()
	for i, fields := 0, reflect.ValueOf(value); i < fields.NumField(); i++ {
		if fields.Field(i).IsZero() {
			s.Fatalf("%T.%s is empty: a store that drops it would pass", value, fields.Type().Field(i).Name)
		}
	}
}

// unshared changes every list and map of a case after writing and reading it.
// What was stored is kept as text, which shares nothing with anybody.
func unshared(s *trial) {
	written := s.decided()
	stored := func() string { return fmt.Sprintf("%+v", s.file(written.ID).Case) }
	spoil := func(c dsr.Case) {
		c.Rights[0], c.Work.Means[0], c.Work.Decisions[0].Result = dsr.Objection, dsr.ByNothing, dsr.Refused
		c.Work.Undelivered[0], c.Work.Left[0] = dsr.RefusalLetter, 1
		c.OnFile.Contacts[0].Address, c.Reasons[dsr.Erasure] = "vreemd@drie.example", "anders"
	}
	want := stored()
	spoil(written)
	s.same("after changing what was written", want, stored())
	spoil(s.file(written.ID).Case)
	s.same("after changing what was read", want, stored())
}
