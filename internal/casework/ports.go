package casework

import (
	"context"
	"io"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// Cases reads and changes case files. Reads are consistent: they show every
// change committed before they began.
type Cases interface {
	// Summary gives the clear fields of a case; ErrNotFound.
	Summary(ctx context.Context, id dsr.OwnerID) (dsr.Case, error)
	// File gives the case with its personal fields opened; ErrNotFound, also
	// when its key was destroyed: Summary then still gives the rest.
	File(ctx context.Context, id dsr.OwnerID) (File, error)
	// History gives the clear part of a case's events, oldest first.
	History(ctx context.Context, id dsr.OwnerID) ([]dsr.Event, error)
	// Commit stores all of a change or nothing of it. ErrConflict when what
	// it builds on has changed, *TakenError when somebody was first.
	Commit(ctx context.Context, change Change) error
}

// Letters reads the outbox and hands out claims on it.
type Letters interface {
	// Letter gives one letter; ErrNotFound.
	Letter(ctx context.Context, ref dsr.LetterRef) (dsr.Letter, error)
	// Claim stores letter, which Letter gave and Claimed changed, provided its
	// stored state and lease are still those of prior, and puts its link row
	// when it has a link prior had not. ErrConflict when somebody else was first.
	Claim(ctx context.Context, prior, letter dsr.Letter) error
	// Link gives what is stored about a link; ErrNotFound.
	Link(ctx context.Context, owner dsr.OwnerID, id dsr.LinkID) (dsr.Link, error)
	// Try adds delta to the tries that the code of a link has had. Their number
	// stays between 0 and MaxTries: what would leave that is ErrConflict and
	// changes nothing, also when many try at once. ErrNotFound for no link.
	Try(ctx context.Context, owner dsr.OwnerID, id dsr.LinkID, delta int) error
}

// Mails keeps the claims on incoming mails.
type Mails interface {
	// Mail gives what is stored about a mail; ErrNotFound.
	Mail(ctx context.Context, id string) (dsr.Mail, error)
	// Begin stores that an attempt to read the mail begins at now and gives the
	// mail as it then stands. It counts as an attempt when none was begun since
	// the last dueAt. The first claim keeps its Owner and Verdicts; a mail
	// in a terminal state is given back unchanged. Until it is terminal, the
	// mail falls due at dueAt.
	Begin(ctx context.Context, arrival dsr.Mail, now, dueAt time.Time) (dsr.Mail, error)
	// Note stores a mail whose notice has not come yet, unless it is known.
	Note(ctx context.Context, seen dsr.Mail, dueAt time.Time) error
	// Postpone lets a mail in a terminal state fall due at an instant; never
	// again at the zero instant. Any other mail is ErrConflict.
	Postpone(ctx context.Context, id string, dueAt time.Time) error
}

// Numbers hands out case numbers.
type Numbers interface {
	// Next takes the next number of a year, never the same one twice.
	Next(ctx context.Context, year int) (int, error)
	// Keep stores the number on the mail's claim, unless one is kept already,
	// and gives the number kept.
	Keep(ctx context.Context, mailID string, number dsr.Number) (dsr.Number, error)
}

// Known answers whether a mail or its sender has been here before.
type Known interface {
	// SenderHash gives the keyed hash under which a sender's cases of one
	// year are found. The address itself is stored nowhere in clear.
	SenderHash(ctx context.Context, year int, address string) (SenderHash, error)
	// LatestCase gives the case this sender opened last, of those that were
	// acknowledged or of those that were not; ErrNotFound.
	LatestCase(ctx context.Context, sender SenderHash, acknowledged bool) (SenderClaim, error)
	// CaseOfMessage gives the case that the same message opened or joined and
	// still belongs to at now; ErrNotFound. Same is true when the very bytes
	// were here before.
	CaseOfMessage(ctx context.Context, keys MessageKeys, now time.Time) (id dsr.OwnerID, same bool, err error)
}

// Due is the sparse index of what falls due: only things that wait are in it.
type Due interface {
	// DueOn gives what falls due on a civil day (UTC) at or before until,
	// soonest first.
	DueOn(ctx context.Context, day dsr.Day, until time.Time) ([]DueEntry, error)
	// OldestDay gives the day from which a function still has work; "" at first.
	OldestDay(ctx context.Context, function string) (dsr.Day, error)
	// MoveOldestDay stores that day.
	MoveOldestDay(ctx context.Context, function string, day dsr.Day) error
}

// Staff keeps who may sign in to the desk.
type Staff interface {
	// Member gives what is stored about a member of staff; ErrNotFound when
	// they were never enrolled or have been removed.
	Member(ctx context.Context, actor dsr.ActorID) (dsr.Member, error)
	// Secret opens the secret of a member's codes; ErrNotFound.
	Secret(ctx context.Context, actor dsr.ActorID) ([]byte, error)
	// Save stores next in the place of prior, which Member gave; ErrConflict
	// when that is not what is stored any more.
	Save(ctx context.Context, prior, next dsr.Member) error
}

// Sessions keeps who is signed in.
type Sessions interface {
	// OpenSession stores a new session.
	OpenSession(ctx context.Context, session dsr.Session) error
	// Session finds a session by the hash of its id; ErrNotFound.
	Session(ctx context.Context, hash [32]byte) (dsr.Session, error)
	// EndSession removes a session; repeating it is fine.
	EndSession(ctx context.Context, hash [32]byte) error
}

// RawMail is the bucket of mails as they arrived.
type RawMail interface {
	// Open streams one mail; ErrNotFound.
	Open(ctx context.Context, mailID string) (io.ReadCloser, error)
	// List gives mail ids after one id, in order; empty at the end.
	List(ctx context.Context, after string) ([]string, error)
	// Replace stores a mail in the place of what lies there.
	Replace(ctx context.Context, mailID string, mail io.Reader) error
	// Remove removes a mail; repeating it is fine.
	Remove(ctx context.Context, mailID string) error
}

// Files is the bucket of files: originals as they were uploaded, and what is
// sealed. They may be too large for memory.
type Files interface {
	// OpenFile streams a file and says how many bytes it has; ErrNotFound.
	OpenFile(ctx context.Context, path string) (content io.ReadCloser, size int64, err error)
	// PutFile stores what content gives under a path nobody used before. When
	// reading content fails, nothing is stored.
	PutFile(ctx context.Context, path string, content io.Reader) error
	// RemoveFile removes a file; repeating it is fine.
	RemoveFile(ctx context.Context, path string) error
	// ListFiles gives the paths that begin with a prefix and come after one, in
	// order; empty at the end.
	ListFiles(ctx context.Context, prefix, after string) ([]string, error)
}

// Bodies keeps sealed text that is too large for a row.
type Bodies interface {
	// Put stores sealed bytes at a path nobody used before.
	Put(ctx context.Context, path string, sealed []byte) error
	// Delete removes what an act put and did not commit; repeating it is fine.
	Delete(ctx context.Context, path string) error
}

// Sealer makes and opens data keys. Owner is the key of the Keys row, for
// example "CASE#<id>", and a wrapped key opens only for its owner.
type Sealer interface {
	NewKey(ctx context.Context, owner string) (DataKey, error)
	OpenKey(ctx context.Context, owner string, wrapped []byte) (DataKey, error)
}

// The ports with one thing to do are functions, so that a method value of any
// adapter fits them.
type (
	// OpenCases gives the open cases, the one planned for first in front. It
	// may lag a moment behind.
	OpenCases func(ctx context.Context) ([]dsr.OwnerID, error)

	// CaseOfNumber gives the case with a number; ErrNotFound.
	CaseOfNumber func(ctx context.Context, number dsr.Number) (dsr.OwnerID, error)

	// OpenHistory gives a case's events, oldest first, with what they know
	// about people, opened with the file's key.
	OpenHistory func(ctx context.Context, file File) ([]dsr.Event, error)

	// ReadBody gives the sealed text that Bodies keeps at a path; ErrNotFound.
	ReadBody func(ctx context.Context, path string) ([]byte, error)

	// ReadTasks gives the tasks of a case, by system and right.
	ReadTasks func(ctx context.Context, id dsr.OwnerID) ([]dsr.Task, error)

	// EnclosureOf gives one file of a case; ErrNotFound.
	EnclosureOf func(ctx context.Context, ref dsr.EnclosureRef) (dsr.Enclosure, error)

	// EnclosuresOf gives all files of a case, in the order of arrival.
	EnclosuresOf func(ctx context.Context, id dsr.OwnerID) ([]dsr.Enclosure, error)

	// Leftovers removes every row of a purged case but its summary and its
	// history, and the rows that lead to it but for its number. Repeating it is
	// fine. A case that is not purged is ErrConflict.
	Leftovers func(ctx context.Context, purged dsr.Case) error

	// Expire removes a purged case whole: summary, history and number. Repeating
	// it is fine. A case that is not purged is ErrConflict.
	Expire func(ctx context.Context, purged dsr.Case) error

	// Unlink destroys the key of a year's sender hashes. Which case a sender of that
	// year had can be found by nobody from then on. Repeating it is fine.
	Unlink func(ctx context.Context, year int) error

	// Examine looks at a copy of an identity document and gives what may be kept
	// of it, or why nothing may.
	Examine func(ctx context.Context, original io.Reader, size int64) (Examined, error)

	// Pack writes the archive of an answer: a page to read, the answer as data,
	// every file, and a list of it all. It reads one file after the other, each to
	// its end; one that is not as the answer says is an error. The same answer made
	// at the same time gives the same bytes.
	Pack func(to io.Writer, answer dsr.Answer, made time.Time, open OpenAnswerFile) error

	// OpenAnswerFile streams one file of an answer, opened.
	OpenAnswerFile = func(file dsr.AnswerFile) (io.ReadCloser, error)

	// Preview gives the subject and the text of a letter as Compose would write
	// it.
	Preview func(content dsr.LetterContent) (subject, text string, err error)

	// Mint makes the token of a link. The same link gives the same token.
	Mint func(ctx context.Context, link dsr.Link) (token string, err error)

	// Compose writes a letter. A letter that lacks what the law asks of it is
	// an error.
	Compose func(content dsr.LetterContent) (dsr.Message, error)

	// Forward writes a letter that passes a mail on, with the mail as it came
	// attached. dsr.ErrTooLarge when that is more than SES takes.
	Forward func(content dsr.LetterContent, original io.Reader) (dsr.Message, error)

	// OpenRaw streams one mail of RawMail; ErrNotFound.
	OpenRaw func(ctx context.Context, mailID string) (io.ReadCloser, error)

	// MailOf gives the id of the mail that links of an owner are about;
	// ErrNotFound.
	MailOf func(ctx context.Context, owner dsr.OwnerID) (mailID string, err error)

	// Post hands a message to SES once and gives its id there. After an error
	// it is unknown whether the message left.
	Post func(ctx context.Context, message dsr.Message) (sesID string, err error)

	// Drive starts a function again with ids of what it left undone. It returns
	// when the work is accepted, not when it is done.
	Drive func(ctx context.Context, function string, ids []string) error

	// Enrol stores a new member of staff with the secret of their codes, sealed
	// under a key of its own; ErrEnrolled when they have one already.
	Enrol func(ctx context.Context, member dsr.Member, secret []byte) error

	// Remove takes a member of staff away with their secret and its key.
	// Repeating it is fine, also after an attempt that stopped half-way.
	Remove func(ctx context.Context, actor dsr.ActorID) error
)
