package caseworktest

import (
	"slices"
	"time"

	"polarweb.nl/inzage/internal/casework"
)

// knownChecks are about recognising mails and senders.
func knownChecks() []check {
	return []check{
		{"a sender's hash depends on address and year", func(s *trial) {
			hash := func(year int, address string) casework.SenderHash {
				hash, err := s.Known.SenderHash(s.Context(), year, address)
				s.ok(err)
				return hash
			}
			base := hash(2026, "ans@een.example")
			if hash(2026, "ans@een.example") != base {
				s.Error("the same sender has two hashes")
			}
			if hash(2027, "ans@een.example") == base || hash(2026, "bas@een.example") == base || base == (casework.SenderHash{}) {
				s.Error("two senders have one hash")
			}
		}},
		{"what a sender had in a year that was unlinked is found by nobody", unlinked},
		{"a year's first hashes, made at once, are alike", func(s *trial) {
			hashes := make([]casework.SenderHash, 20)
			for _, err := range atOnce(len(hashes), func(i int) (err error) {
				hashes[i], err = s.Known.SenderHash(s.Context(), 2031, "ans@een.example")
				return err
			}) {
				s.ok(err)
			}
			if first := hashes[0]; slices.ContainsFunc(hashes, func(h casework.SenderHash) bool { return h != first }) {
				s.Error("one sender got several hashes")
			}
		}},
		{"a sender's latest case is found", latestCase},
		{"a message is found by either key", foundByEitherKey},
		{"a Message-ID is free again after its time", freeAgain},
		{"a message that joined a case is found", func(s *trial) {
			change := s.next(s.opened())
			change.Messages = casework.MessageKeys{Raw: s.hash()}
			s.ok(s.Cases.Commit(s.Context(), change))
			got, same, err := s.Known.CaseOfMessage(s.Context(), change.Messages, s.now)
			if err != nil || got != change.File.Case.ID || !same {
				s.Errorf("not found: %v", err)
			}
			_, _, err = s.Known.CaseOfMessage(s.Context(), casework.MessageKeys{Raw: s.hash()}, s.now)
			s.notFound(err)
		}},
	}
}

// foundByEitherKey checks that the bytes find a case, and the Message-ID does.
func foundByEitherKey(s *trial) {
	keys := casework.MessageKeys{Raw: s.hash(), Message: s.hash(), Until: s.now.Add(time.Hour)}
	_, _, err := s.Known.CaseOfMessage(s.Context(), keys, s.now)
	s.notFound(err)
	change := s.opening()
	change.Messages = keys
	s.ok(s.Cases.Commit(s.Context(), change))
	for _, known := range []struct {
		casework.MessageKeys
		same bool
	}{
		{keys, true},
		{casework.MessageKeys{Raw: keys.Raw}, true},
		{casework.MessageKeys{Raw: keys.Raw, Message: s.hash()}, true},
		{casework.MessageKeys{Raw: s.hash(), Message: keys.Message}, false},
	} {
		got, same, err := s.Known.CaseOfMessage(s.Context(), known.MessageKeys, s.now)
		if err != nil || got != change.File.Case.ID || same != known.same {
			s.Errorf("found %v, the same bytes: %v, %v", got == change.File.Case.ID, same, err)
		}
	}
	_, _, err = s.Known.CaseOfMessage(s.Context(), casework.MessageKeys{Raw: s.hash()}, s.now)
	s.notFound(err)
}

// freeAgain checks that a Message-ID that somebody uses for ever names a new
// message one day, while the same bytes stay the same mail.
func freeAgain(s *trial) {
	keys := casework.MessageKeys{Raw: s.hash(), Message: s.hash(), Until: s.now.Add(time.Hour)}
	change := s.opening()
	change.Messages = keys
	s.ok(s.Cases.Commit(s.Context(), change))
	later := s.now.Add(time.Hour)
	_, _, err := s.Known.CaseOfMessage(s.Context(), casework.MessageKeys{Raw: s.hash(), Message: keys.Message}, later)
	s.notFound(err)
	if _, same, err := s.Known.CaseOfMessage(s.Context(), keys, later); err != nil || !same {
		s.Errorf("the same bytes: %v, %v", same, err)
	}
	again := s.opening()
	again.At = later
	again.Messages = casework.MessageKeys{Raw: s.hash(), Message: keys.Message, Until: later.Add(time.Hour)}
	s.ok(s.Cases.Commit(s.Context(), again))
	got, _, err := s.Known.CaseOfMessage(s.Context(), casework.MessageKeys{Raw: s.hash(), Message: keys.Message}, later)
	if err != nil || got != again.File.Case.ID {
		s.Errorf("the later case is not found: %v", err)
	}
}

// latestCase checks which case a sender's further mail is told to join.
func latestCase(s *trial) {
	hash := s.hash()
	_, err := s.Known.LatestCase(s.Context(), hash, true)
	s.notFound(err)
	for i := range 2 {
		change := s.opening()
		change.At = s.now.Add(time.Duration(i) * 24 * time.Hour)
		claim := casework.SenderClaim{Hash: hash, Acknowledged: true, Case: change.File.Case.ID, Until: change.At.Add(24 * time.Hour)}
		change.Sender = &claim
		s.ok(s.Cases.Commit(s.Context(), change))
		got, err := s.Known.LatestCase(s.Context(), hash, true)
		s.ok(err)
		s.same("claim", claim, got)
		_, err = s.Known.LatestCase(s.Context(), hash, false)
		s.notFound(err)
	}
}

// unlinked checks that the hashes of a year are gone for good once it was
// unlinked, and that other years keep theirs.
func unlinked(s *trial) {
	hash := func(year int) casework.SenderHash {
		hash, err := s.Known.SenderHash(s.Context(), year, "ans@een.example")
		s.ok(err)
		return hash
	}
	s.ok(s.Unlink(s.Context(), 2020)) // of which there is no key
	gone, stays := hash(2021), hash(2022)
	for range 2 {
		s.ok(s.Unlink(s.Context(), 2021))
	}
	if hash(2021) == gone {
		s.Error("the year can still be looked up")
	}
	if hash(2022) != stays {
		s.Error("another year is unlinked with it")
	}
}
