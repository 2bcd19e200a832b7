package dsr

import (
	"errors"
	"slices"
	"strings"
	"time"
)

// EnclosureKind says what a file of a case is.
type EnclosureKind string

// The kinds of files.
const (
	IDCopyFile  EnclosureKind = "id-copy" // copy of an identity document, until the verdict
	FoundFile   EnclosureKind = "found"   // what staff found in a system, for the answer
	PackageFile EnclosureKind = "package" // the answer and all of its files, in one archive
	HandoutFile EnclosureKind = "handout" // a package opened for one download
)

// EnclosureState is how far a file has come. It never goes back.
type EnclosureState string

// The states of a file.
const (
	Announced  EnclosureState = "announced" // it is to come, or to be made
	Arriving   EnclosureState = "arriving"  // an attempt takes it in or makes it, or died doing so
	Kept       EnclosureState = "kept"      // it lies sealed under the last of its paths
	TurnedDown EnclosureState = "refused"   // nothing of it is kept; Reason says why
	Condemned  EnclosureState = "condemned" // nobody may read it any more; its objects are to be removed
	Destroyed  EnclosureState = "destroyed" // its objects were removed
)

// LastLook is how long after its end a file is removed once more. An attempt that
// stalled may still store something then; a function lives 15 minutes at most
// (docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html), and each
// attempt wrote down its path before it stored anything under it.
const LastLook = time.Hour

// CopyLife is for how long a copy of an identity document is kept at most, also
// when nobody judged by it. The letter that asks for it promises so.
const CopyLife = 14 * day

// MaxIDCopies and MaxFound bound how many files of a kind one case takes in.
// Whoever holds a link may send more; nothing of those is kept.
const (
	MaxIDCopies = 10
	MaxFound    = 100
)

// MaxIDCopyBytes is the size of the largest copy of an identity document: ten
// megabytes, as the page says that takes it. What looks at copies reads no more.
const MaxIDCopyBytes = 10 << 20

// MaxFoundBytes is the size of the largest file for an answer, and MaxPackage
// that of all together: what one invocation of 15 minutes can seal.
const (
	MaxFoundBytes = 2 << 30
	MaxPackage    = 2 << 30
)

// EnclosureRef names one file of a case. For what was uploaded, ID is the last
// part of the original's name.
type EnclosureRef struct {
	Case OwnerID
	Kind EnclosureKind
	ID   OwnerID
}

// ErrBadEnclosureRef is returned for text that names no file.
var ErrBadEnclosureRef = errors.New("not the name of a file")

// The folders of originals: as they were uploaded, for as short as can be.
const (
	incomingFolder = "incoming/" // of copies of identity documents
	foundFolder    = "found/"    // of what staff found
)

// Tag gives the reference in one word, by which sweep drives a file again.
func (r EnclosureRef) Tag() string {
	return string(r.Kind) + "_" + r.Case.String() + "_" + r.ID.String()
}

// ParseEnclosureTag reads what Tag wrote.
func ParseEnclosureTag(tag string) (EnclosureRef, error) {
	parts := strings.Split(tag, "_")
	if len(parts) != 3 {
		return EnclosureRef{}, ErrBadEnclosureRef
	}
	ref, err := enclosureRef(EnclosureKind(parts[0]), parts[1], parts[2])
	if err != nil || !slices.Contains([]EnclosureKind{IDCopyFile, FoundFile, PackageFile, HandoutFile}, ref.Kind) {
		return EnclosureRef{}, ErrBadEnclosureRef
	}
	return ref, nil
}

// Folder gives where originals of a kind are uploaded to; "" for a kind that is
// made here.
func (k EnclosureKind) Folder() string {
	switch k {
	case IDCopyFile:
		return incomingFolder
	case FoundFile:
		return foundFolder
	}
	return ""
}

// Original gives where the file is uploaded to; "" for one that is made here.
// The ids in it are random but for which asking an upload belongs to, so that the
// name tells nobody anything.
func (r EnclosureRef) Original() string {
	folder := r.Kind.Folder()
	if folder == "" {
		return ""
	}
	return folder + r.Case.String() + "/" + r.ID.String()
}

// ParseOriginal reads what Original wrote.
func ParseOriginal(name string) (EnclosureRef, error) {
	kind := IDCopyFile
	rest, incoming := strings.CutPrefix(name, incomingFolder)
	if !incoming {
		kind, rest = FoundFile, strings.TrimPrefix(name, foundFolder)
	}
	owner, id, _ := strings.Cut(rest, "/")
	ref, err := enclosureRef(kind, owner, id)
	if err != nil || ref.Original() != name {
		return EnclosureRef{}, ErrBadEnclosureRef
	}
	return ref, nil
}

// enclosureRef reads the ids of a reference.
func enclosureRef(kind EnclosureKind, owner, id string) (EnclosureRef, error) {
	ref := EnclosureRef{Kind: kind}
	var err error
	if ref.Case, err = ParseOwnerID(owner); err != nil {
		return EnclosureRef{}, err
	}
	ref.ID, err = ParseOwnerID(id)
	return ref, err
}

// Enclosure is one file of a case, from the moment it is heard of until nothing
// of it is left. The row holds no personal data in clear.
type Enclosure struct {
	Ref    EnclosureRef
	State  EnclosureState
	Mail   MailedPart // where a mailed copy's original lies; zero for all others
	Cut    bool       // that mail was gone through: a picture was removed from it, what is none stays
	Paths  []string   // every path that an attempt was given; what is kept lies under the last
	Tries  int        // how many attempts began
	Size   int64      // bytes before sealing, of what is kept
	SHA256 string     // of those bytes
	Reason string     // why it was refused or destroyed: a fixed word
	Form   string     // of a copy: the format of its original, by content
	SeenBy ActorID    // of a copy: who looked at it last, unblurred
	System string     // of what was found: where
	Right  Right      // of what was found: for which right
	Sealed []byte     // its name, sealed for the row; of what was found

	Arrived time.Time // when it was first heard of
	Until   time.Time // end of the lease of an attempt
	KeptAt  time.Time
	GoneAt  time.Time // when its objects were removed
	DueAt   time.Time // when something has to be done about it; zero for never
}

// MailedPart is an attached file of a mail that is still in the mail bucket.
type MailedPart struct {
	MailID string
	N      int // which attached file, from 1
}

// Path gives where what is kept lies; "" while nothing is.
func (e Enclosure) Path() string {
	if e.State != Kept || len(e.Paths) == 0 {
		return ""
	}
	return e.Paths[len(e.Paths)-1]
}

// Held reports whether somebody's attempt on the file still runs.
func (e Enclosure) Held(now time.Time) bool { return e.State == Arriving && now.Before(e.Until) }

// Ended reports whether the file is at an end, or to be brought there.
func (e Enclosure) Ended() bool {
	return e.State == TurnedDown || e.State == Condemned || e.State == Destroyed
}

// Begin starts an attempt, which may store something under path until its lease
// ends. A path is written down before anything is stored there, so that whatever
// becomes of the attempt, its object is found.
func (e *Enclosure) Begin(path string, until time.Time) {
	e.State, e.Until, e.DueAt = Arriving, until, until
	e.Paths = append(slices.Clone(e.Paths), path)
	e.Tries++
}

// Keep records what an attempt stored under its path. The file falls due when it
// has to be destroyed.
func (e *Enclosure) Keep(size int64, sha256 string, now, dueAt time.Time) {
	e.State, e.Size, e.SHA256, e.KeptAt, e.DueAt = Kept, size, sha256, now, dueAt
}

// TurnDown records that nothing of the file is kept, and why.
func (e *Enclosure) TurnDown(reason string, now time.Time) {
	e.State, e.Reason, e.GoneAt, e.DueAt = TurnedDown, reason, now, now.Add(LastLook)
}

// Condemn takes a file away from everybody; its objects are removed next.
func (e *Enclosure) Condemn(reason string, now time.Time) {
	if e.Ended() {
		return
	}
	e.State, e.Reason, e.DueAt = Condemned, reason, now
}

// Wipe records that all objects of an ended file were removed just now. The first
// time it falls due once more, for what a stalled attempt may store until then.
func (e *Enclosure) Wipe(now time.Time) {
	switch {
	case e.State == Condemned:
		e.State, e.GoneAt, e.DueAt = Destroyed, now, now.Add(LastLook)
	case !now.Before(e.GoneAt.Add(LastLook)):
		e.DueAt = time.Time{}
	}
}
