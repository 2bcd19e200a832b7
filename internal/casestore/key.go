package casestore

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// Sort keys of rows that stand alone, and the prefixes of those that do not.
const (
	caseRowKey    = "CASE"
	mailRowKey    = "MAIL"
	sessionRowKey = "SESSION"
	eventPrefix   = "EVENT#"
	letterPrefix  = "LETTER#"
	linkPrefix    = "LINK#"
	taskPrefix    = "TASK#"
	filePrefix    = "FILE#"
	parcelPrefix  = "PARCEL#"
	casePrefix    = "CASE#"
	mailPrefix    = "MAIL#"
	sentPrefix    = "SENT#"
	sessionPrefix = "SESSION#"
	latestPrefix  = "LATEST#"
	pendingPrefix = "LEDGER#PENDING#"
)

// key is the primary key of one row. Rows of the Keys table have no sk.
type key struct{ pk, sk string }

// attributes gives the key as DynamoDB takes it.
func (k key) attributes() map[string]types.AttributeValue {
	attributes := map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: k.pk}}
	if k.sk != "" {
		attributes["sk"] = &types.AttributeValueMemberS{Value: k.sk}
	}
	return attributes
}

// place is where sealed bytes are at home: the table key of their row.
func (k key) place() string { return k.pk + "/" + k.sk }

func caseKey(id dsr.OwnerID) key   { return key{casework.CaseKey(id), caseRowKey} }
func mailKey(id string) key        { return key{mailPrefix + id, mailRowKey} }
func ownerKey(id dsr.OwnerID) key  { return key{"OWNER#" + id.String(), "OWNER"} }
func numberKey(n dsr.Number) key   { return key{"NUMBER#" + string(n), "NUMBER"} }
func threadKey(token string) key   { return key{"THREAD#" + token, "THREAD"} }
func sentKey(sesID string) key     { return key{sentPrefix + sesID, "SENT"} }
func messageKey(hash [32]byte) key { return key{"MSG#" + hex.EncodeToString(hash[:]), "MSG"} }

func rawKey(hash [32]byte) key { return key{"RAW#" + hex.EncodeToString(hash[:]), "RAW"} }

func memberKey(actor dsr.ActorID) key { return key{casework.StaffKey(actor), "STAFF"} }
func sessionKey(hash [32]byte) key {
	return key{sessionPrefix + hex.EncodeToString(hash[:]), sessionRowKey}
}

func counterKey(year int) key               { return key{"COUNTER#" + strconv.Itoa(year), "COUNTER"} }
func oldestKey(function string) key         { return key{strings.ToUpper(function), "OLDEST"} }
func dataKeyKey(owner string) key           { return key{pk: owner} }
func registerOwner(year int) string         { return "REGISTER#" + strconv.Itoa(year) }
func senderPK(h casework.SenderHash) string { return "SENDER#" + hex.EncodeToString(h[:]) }

// eventKey pads the number so that events sort as text in their order.
func eventKey(id dsr.OwnerID, seq int) key {
	return key{casework.CaseKey(id), fmt.Sprintf("%s%08d", eventPrefix, seq)}
}

// latestKey keeps senders whose address was believed apart from those that
// only claimed it, so that a forged mail never swallows a real one's receipt.
func latestKey(h casework.SenderHash, acknowledged bool) key {
	return key{senderPK(h), latestPrefix + strconv.FormatBool(acknowledged)}
}

// taskKey keeps one system and right apart from every other: a system is a
// lower-case word, and so neither word holds a "#". Tasks sort by system and
// then by right, because "#" sorts before every character of a system.
func taskKey(id dsr.OwnerID, system string, right dsr.Right) key {
	return key{casework.CaseKey(id), taskPrefix + system + "#" + string(right)}
}

// linkKey is where a link of a partition lies.
func linkKey(pk string, id dsr.LinkID) key { return key{pk, linkPrefix + id.String()} }

// ownerPK is the partition of what owns a letter.
func ownerPK(ref dsr.LetterRef) string {
	if ref.OwnerKind == dsr.OwnedByMail {
		return mailPrefix + ref.MailID
	}
	return casework.CaseKey(ref.Case)
}

func letterKey(ref dsr.LetterRef) key {
	return key{ownerPK(ref), fmt.Sprintf("%s%s#%d", letterPrefix, ref.Kind, ref.N)}
}

// errNotALetter is returned for a row key that names no letter.
var errNotALetter = errors.New("the row is not a letter")

// LetterRefOf reads the keys of a letter's row, as the stream gives them. It
// writes them again and compares: one letter must have one spelling, or it
// would have two claims.
func LetterRefOf(pk, sk string) (dsr.LetterRef, error) {
	kind, count, _ := strings.Cut(strings.TrimPrefix(sk, letterPrefix), "#")
	n, err := strconv.Atoi(count)
	if err != nil || n < 1 {
		return dsr.LetterRef{}, errNotALetter
	}
	ref := dsr.LetterRef{OwnerKind: dsr.OwnedByMail, Kind: dsr.LetterKind(kind), N: n}
	if id, ok := strings.CutPrefix(pk, casePrefix); ok {
		ref.OwnerKind = dsr.OwnedByCase
		if ref.Case, err = dsr.ParseOwnerID(id); err != nil {
			return dsr.LetterRef{}, errNotALetter
		}
	} else {
		ref.MailID = strings.TrimPrefix(pk, mailPrefix)
	}
	if letterKey(ref) != (key{pk, sk}) {
		return dsr.LetterRef{}, errNotALetter
	}
	return ref, nil
}

// enclosureKey is where a file of a case lies. What parcel has to make is kept
// apart, because the stream wakes it by the beginning of the sort key.
func enclosureKey(ref dsr.EnclosureRef) key {
	prefix := filePrefix
	if ref.Kind == dsr.PackageFile || ref.Kind == dsr.HandoutFile {
		prefix = parcelPrefix
	}
	return key{casework.CaseKey(ref.Case), prefix + string(ref.Kind) + "#" + ref.ID.String()}
}

// errNotAFile is returned for a row key that names no file of a case.
var errNotAFile = errors.New("the row is not a file of a case")

// EnclosureRefOf reads the keys of the row of a file, as the stream gives them.
// Like LetterRefOf it accepts one spelling only.
func EnclosureRefOf(pk, sk string) (dsr.EnclosureRef, error) {
	_, name, _ := strings.Cut(sk, "#")
	kind, id, _ := strings.Cut(name, "#")
	ref, err := dsr.ParseEnclosureTag(kind + "_" + strings.TrimPrefix(pk, casePrefix) + "_" + id)
	if err != nil || enclosureKey(ref) != (key{pk, sk}) {
		return dsr.EnclosureRef{}, errNotAFile
	}
	return ref, nil
}

// sessionOf reads the partition key of a session.
func sessionOf(pk string) (hash [32]byte, err error) {
	read, err := hex.DecodeString(strings.TrimPrefix(pk, sessionPrefix))
	if err != nil || len(read) != len(hash) {
		return hash, errors.New("the row is not a session")
	}
	return [32]byte(read), nil
}

// stampLayout has a fixed width, so that instants sort as text.
const stampLayout = "2006-01-02T15:04:05.000000000Z"

// stamp writes an instant; the zero instant is "".
func stamp(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(stampLayout)
}

// unstamp reads what stamp wrote. A malformed stamp reads as no instant: rows
// are written by stamp alone.
func unstamp(text string) time.Time {
	at, err := time.Parse(stampLayout, text)
	if err != nil {
		return time.Time{}
	}
	return at
}

// dueShard is the one shard of the due index; more are needed from about
// 200,000 open cases on.
const dueShard = 0

// dueBucket gives the index key of what falls due on a UTC day.
func dueBucket(day dsr.Day) string { return fmt.Sprintf("due#%s#%d", day, dueShard) }

// dueOf gives both index attributes of an instant; empty when nothing is due,
// which keeps the row out of the index.
func dueOf(at time.Time) (bucket, dueAt string) {
	if at.IsZero() {
		return "", ""
	}
	return dueBucket(dsr.Day(at.UTC().Format(time.DateOnly))), stamp(at)
}
