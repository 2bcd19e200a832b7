package caseworktest

import (
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// fileChecks are about what is stored of the files of a case.
func fileChecks() []check {
	return []check{
		{"what is not there is not found", func(s *trial) {
			_, err := s.EnclosureOf(s.Context(), s.fileRef(s.opened().Case.ID, dsr.IDCopyFile))
			s.notFound(err)
		}},
		{"a file of each kind reads back with all that is known of it", func(s *trial) {
			id := s.opened().Case.ID
			for _, kind := range fileKinds() {
				whole := s.whole(s.fileRef(id, kind))
				s.ok(s.moves(casework.EnclosureMove{Next: whole}))
				s.same("file", whole, s.enclosure(whole.Ref))
			}
		}},
		{"what falls away reads back as none", func(s *trial) {
			whole := s.whole(s.fileRef(s.opened().Case.ID, dsr.IDCopyFile))
			s.ok(s.moves(casework.EnclosureMove{Next: whole}))
			bare := dsr.Enclosure{Ref: whole.Ref, State: dsr.Destroyed}
			s.ok(s.moves(casework.EnclosureMove{Prior: whole, Next: bare}))
			s.same("file", bare, s.enclosure(whole.Ref))
		}},
		{"files come in the order of arrival, each with its own case", func(s *trial) {
			id := s.opened().Case.ID
			var want []dsr.Enclosure
			for i, kind := range []dsr.EnclosureKind{dsr.PackageFile, dsr.FoundFile, dsr.HandoutFile, dsr.IDCopyFile, dsr.FoundFile} {
				one := s.coming(s.fileRef(id, kind), s.now.Add(time.Duration(i)*time.Second))
				s.ok(s.moves(casework.EnclosureMove{Next: s.coming(s.fileRef(s.opened().Case.ID, kind), s.now)}))
				want = append(want, one)
			}
			for i := range want { // stored the other way round
				s.ok(s.moves(casework.EnclosureMove{Next: want[len(want)-1-i]}))
			}
			s.same("files", want, s.enclosures(id))
		}},
		{"who changes what they wrote or read changes no file", func(s *trial) {
			whole := s.whole(s.fileRef(s.opened().Case.ID, dsr.FoundFile))
			written := copyEnclosure(whole)
			s.ok(s.moves(casework.EnclosureMove{Next: written}))
			written.Paths[0], written.Sealed[0] = "elsewhere", 0
			read := s.enclosure(whole.Ref)
			read.Paths[0], read.Sealed[0] = "elsewhere", 0
			s.same("file", whole, s.enclosure(whole.Ref))
			s.enclosures(whole.Ref.Case)[0].Paths[0] = "elsewhere"
			s.same("file", whole, s.enclosure(whole.Ref))
		}},
	}
}

// fileMoveChecks are about files that must not be stored.
func fileMoveChecks() []check {
	return []check{
		{"a file begins once", func(s *trial) {
			first := s.announced()
			again := first
			again.Reason = "again"
			s.conflict(s.moves(casework.EnclosureMove{Next: again}))
			s.same("file", first, s.enclosure(first.Ref))
		}},
		{"a file that is not there does not go on", func(s *trial) {
			prior := s.coming(s.fileRef(s.opened().Case.ID, dsr.FoundFile), s.now)
			s.conflict(s.moves(casework.EnclosureMove{Prior: prior, Next: prior}))
			_, err := s.EnclosureOf(s.Context(), prior.Ref)
			s.notFound(err)
		}},
		{"a file goes on from what was read", goesOnFromRead},
		{"a file goes on without its case", func(s *trial) {
			file := s.opened()
			prior := s.coming(s.fileRef(file.Case.ID, dsr.IDCopyFile), s.now)
			s.ok(s.moves(casework.EnclosureMove{Next: prior}))
			next := prior
			next.Begin("idcopy/x/y", s.now.Add(time.Minute))
			s.ok(s.moves(casework.EnclosureMove{Prior: prior, Next: next}))
			s.same("file", next, s.enclosure(next.Ref))
			s.same("case", file.Case, s.file(file.Case.ID).Case)
		}},
		{"several files go on together or not at all", func(s *trial) {
			first, second := s.announced(), s.announced()
			gone := func(e dsr.Enclosure) casework.EnclosureMove {
				next := e
				next.Condemn("verdict", s.now)
				return casework.EnclosureMove{Prior: e, Next: next}
			}
			stale := gone(second)
			stale.Prior.State = dsr.Kept
			s.conflict(s.moves(gone(first), stale))
			s.same("file", first, s.enclosure(first.Ref))
			s.ok(s.moves(gone(first), gone(second)))
			s.same("state", dsr.Condemned, s.enclosure(first.Ref).State)
		}},
		{"a file and its case change together or not at all", withItsCase},
		{"of many attempts at once one begins", func(s *trial) {
			prior := s.announced()
			s.oneWon(atOnce(20, func(i int) error {
				next := prior
				next.Begin("idcopy/x/"+string(rune('a'+i)), s.now.Add(time.Minute))
				return s.moves(casework.EnclosureMove{Prior: prior, Next: next})
			}))
			s.same("tries", 1, s.enclosure(prior.Ref).Tries)
		}},
	}
}

// goesOnFromRead spoils each thing by which a store sees that a file moved on.
func goesOnFromRead(s *trial) {
	whole := s.whole(s.fileRef(s.opened().Case.ID, dsr.IDCopyFile))
	s.ok(s.moves(casework.EnclosureMove{Next: whole}))
	for _, spoil := range []func(*dsr.Enclosure){
		func(e *dsr.Enclosure) { e.State = dsr.Arriving },
		func(e *dsr.Enclosure) { e.Until = s.now },
		func(e *dsr.Enclosure) { e.Until = time.Time{} },
		func(e *dsr.Enclosure) { e.Cut = false },
		func(e *dsr.Enclosure) { e.SeenBy = dsr.ActorID{9} },
		func(e *dsr.Enclosure) { e.SeenBy = dsr.ActorID{} },
	} {
		prior, next := whole, whole
		spoil(&prior)
		next.Condemn("verdict", s.now)
		s.conflict(s.moves(casework.EnclosureMove{Prior: prior, Next: next}))
	}
	s.same("file", whole, s.enclosure(whole.Ref))
	unseen := whole
	unseen.Cut, unseen.SeenBy = false, dsr.ActorID{}
	s.ok(s.moves(casework.EnclosureMove{Prior: whole, Next: unseen}))
	s.ok(s.moves(casework.EnclosureMove{Prior: unseen, Next: whole}))
}

// withItsCase lets first the file and then the case be out of date.
func withItsCase(s *trial) {
	file := s.opened()
	prior := s.coming(s.fileRef(file.Case.ID, dsr.FoundFile), s.now)
	both := s.next(file)
	both.Enclosures = []casework.EnclosureMove{{Next: prior}}
	s.ok(s.Cases.Commit(s.Context(), both))
	s.same("file", prior, s.enclosure(prior.Ref))

	next := prior
	next.Condemn("removed", s.now)
	stale := s.next(file)
	stale.Enclosures = []casework.EnclosureMove{{Prior: prior, Next: next}}
	s.conflict(s.Cases.Commit(s.Context(), stale))
	s.same("file", prior, s.enclosure(prior.Ref))

	lost := s.next(s.file(file.Case.ID))
	lost.Enclosures = []casework.EnclosureMove{{Prior: next, Next: next}}
	s.conflict(s.Cases.Commit(s.Context(), lost))
	s.same("events", 2, s.file(file.Case.ID).Case.Seq)
}

// fileDueChecks are about files in the index of what falls due.
func fileDueChecks() []check {
	return []check{
		{"files of each kind are in the index while something is due", func(s *trial) {
			id := s.opened().Case.ID
			var want []casework.DueEntry
			for i, kind := range fileKinds() {
				one := s.coming(s.fileRef(id, kind), s.now)
				one.DueAt = s.now.Add(time.Duration(i+1) * time.Minute)
				s.ok(s.moves(casework.EnclosureMove{Next: one}))
				want = append(want, casework.DueEntry{Kind: casework.DueEnclosure, At: one.DueAt, Enclosure: one.Ref})
			}
			s.same("due", want, s.due(s.now.Add(time.Hour)))
			for _, one := range s.enclosures(id) {
				next := one
				next.DueAt = time.Time{}
				s.ok(s.moves(casework.EnclosureMove{Prior: one, Next: next}))
			}
			s.same("due", []casework.DueEntry(nil), s.due(s.now.Add(time.Hour)))
		}},
		{"a session is in the index by its end, until it is ended", func(s *trial) {
			session := s.session()
			session.Expires = s.now.Add(time.Minute)
			s.ok(s.Sessions.OpenSession(s.Context(), session))
			want := []casework.DueEntry{{Kind: casework.DueSession, At: session.Expires, Session: session.Hash}}
			s.same("due", want, s.due(s.now.Add(time.Hour)))
			s.ok(s.Sessions.EndSession(s.Context(), session.Hash))
			s.same("due", []casework.DueEntry(nil), s.due(s.now.Add(time.Hour)))
		}},
	}
}

// due lists what falls due on the day of the trial, but for cases.
func (s *trial) due(until time.Time) []casework.DueEntry {
	s.Helper()
	entries, err := s.Due.DueOn(s.Context(), dsr.Day(s.now.Format(time.DateOnly)), until)
	s.ok(err)
	return append([]casework.DueEntry(nil), entries...)
}

// fileKinds lists the kinds of files, uploaded ones first.
func fileKinds() []dsr.EnclosureKind {
	return []dsr.EnclosureKind{dsr.IDCopyFile, dsr.FoundFile, dsr.PackageFile, dsr.HandoutFile}
}

// fileRef names a new file of a case.
func (s *trial) fileRef(id dsr.OwnerID, kind dsr.EnclosureKind) dsr.EnclosureRef {
	return dsr.EnclosureRef{Case: id, Kind: kind, ID: s.owner()}
}

// coming gives a file that was heard of at an instant.
func (s *trial) coming(ref dsr.EnclosureRef, at time.Time) dsr.Enclosure {
	return dsr.Enclosure{Ref: ref, State: dsr.Announced, Arrived: at}
}

// announced stores a file of a new case.
func (s *trial) announced() dsr.Enclosure {
	s.Helper()
	one := s.coming(s.fileRef(s.opened().Case.ID, dsr.IDCopyFile), s.now)
	s.ok(s.moves(casework.EnclosureMove{Next: one}))
	return one
}

// whole gives a file with something in every field.
func (s *trial) whole(ref dsr.EnclosureRef) dsr.Enclosure {
	s.Helper()
	e := dsr.Enclosure{
		Ref: ref, State: dsr.Kept, Mail: dsr.MailedPart{MailID: "in1", N: 2}, Cut: true,
		Paths: []string{"case/x/one", "case/x/two"}, Tries: 2, Size: 2 << 30, SHA256: "abc", Reason: "unseen", Form: "jpeg",
		SeenBy: dsr.ActorID{7}, System: "shop", Right: dsr.Access, Sealed: []byte("a sealed name"),
		Arrived: s.now, Until: s.now.Add(time.Minute), KeptAt: s.now.Add(time.Second),
		GoneAt: s.now.Add(2 * time.Second), DueAt: s.now.AddDate(0, 0, 14),
	}
	s.filled(e)
	return e
}

// moves stores moves of files and nothing else.
func (s *trial) moves(moves ...casework.EnclosureMove) error {
	return s.Cases.Commit(s.Context(), casework.Change{Enclosures: moves, At: s.now})
}

// enclosure reads a file.
func (s *trial) enclosure(ref dsr.EnclosureRef) dsr.Enclosure {
	s.Helper()
	one, err := s.EnclosureOf(s.Context(), ref)
	s.ok(err)
	return one
}

// enclosures reads the files of a case.
func (s *trial) enclosures(id dsr.OwnerID) []dsr.Enclosure {
	s.Helper()
	all, err := s.EnclosuresOf(s.Context(), id)
	s.ok(err)
	return all
}
