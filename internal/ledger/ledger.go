// Package ledger makes changes of the past show. Every event of a case carries
// the hash of the one before it, and the case row carries the hash of the last:
// whoever edits, drops, inserts or swaps an event breaks the chain.
//
// Leaf gives the hash under which an entry waits to be gathered into the
// organisation's own ledger. Entries are the bytes as stored, so sealed: the
// ledger proves that they did not change without being able to read them, and
// goes on doing so after their key was destroyed.
//
// The ledger is one Merkle tree over the leaves of all cases (RFC 6962, with
// the stored hashes of golang.org/x/mod/sumdb/tlog). Grow says what to write to
// append leaves; ProveLeaf and ProveGrowth show to others that a leaf is in it
// and that it only grew. A Checkpoint is its size and root as a signed note;
// NewSigner makes the signer from a key that lies elsewhere.
//
// The package stores nothing. A writer calls Chain with the head it read and
// keeps both hashes; an auditor calls VerifyChain with all that is stored of a
// case, or Verify with an export of everything.
//
// A chain finds the change, not the forger: who can rewrite every later event
// and the head as well is found by the tree, and who can rewrite the tree and
// sign it again only by a checkpoint that was kept elsewhere. The same holds
// for whoever takes the newest checkpoints away: two days of them are not missed.
//
// # The export
//
// An export is text, one JSON object a line, each line ended by a line feed:
//
//	{"begin":{"format":"inzage-ledger/v2","key":TEXT,"at":INSTANT,"sum":HASH}}
//	{"case":{"case":ID,"events":N,"head":HASH}}
//	{"event":{"case":ID,"seq":N,"prev":HASH,"bytes":BASE64}}
//	{"leaf":{"index":N,"hash":HASH}}
//	{"node":{"index":N,"hash":HASH}}
//	{"pending":{"hash":HASH,"at":INSTANT}}
//	{"expired":{"hash":HASH,"at":INSTANT}}
//	{"checkpoint":{"number":N,"note":TEXT}}
//	{"end":{"cases":N,"events":N,"leaves":N,"nodes":N,"pending":N,"expired":N,"checkpoints":N}}
//
// IDs are those of dsr.OwnerID, hashes 64 lower-case hexadecimal digits,
// instants RFC 3339 in UTC. Rows stand in this order: a case before its own
// events, cases by id as text, the others by seq, index, hash and number. Seqs
// and numbers count from 1, indexes from 0, all without gaps. Each row has one
// spelling, that of encoding/json without white space; a reader refuses others.
//
// An export is of one instant. Made while somebody writes, it may show an event
// without its leaf or the like; made again, it will not.
package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Hash is a SHA-256 hash. The zero Hash stands before the first entry.
type Hash [32]byte

// ErrBadHash is returned for text that Hash.String did not write.
var ErrBadHash = errors.New("not a hash")

// String gives the hash as 64 lower-case hexadecimal digits.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// MarshalText gives the String form.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads the String form. Upper-case digits are ErrBadHash too:
// hashes are compared as text in stored keys, so one hash has one spelling.
func (h *Hash) UnmarshalText(text []byte) error {
	read, err := ParseHash(string(text))
	if err != nil {
		return err
	}
	*h = read
	return nil
}

// ParseHash reads what Hash.String wrote.
func ParseHash(text string) (Hash, error) {
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) != len(Hash{}) || Hash(raw).String() != text {
		return Hash{}, ErrBadHash
	}
	return Hash(raw), nil
}

// chainLabel keeps a link of a chain from being taken for a leaf or a node of
// a tree, whose hashed bytes begin with 0 and 1 (RFC 6962 section 2.1).
const chainLabel = "inzage-chain/v1\x00"

// Chain gives the hash of entry as the one that follows prev. Label and prev
// have a fixed length, so no other pair gives the same bytes to hash.
func Chain(prev Hash, entry []byte) Hash {
	hash := sha256.New()
	hash.Write([]byte(chainLabel))
	hash.Write(prev[:])
	hash.Write(entry)
	return Hash(hash.Sum(nil))
}

// Leaf gives the hash of entry as a leaf of a Merkle tree (RFC 6962 section
// 2.1), so that anyone's tools for such trees can check ours.
func Leaf(entry []byte) Hash { return Hash(tlog.RecordHash(entry)) }

// Entry is one stored entry of a chain.
type Entry struct {
	Prev  Hash   // hash of the entry before, as stored beside this one
	Bytes []byte // what was stored
}

// BreakError says where a chain does not fit.
type BreakError struct {
	// Seq is the first entry, counted from 1, whose Prev is not the hash of
	// all before it: it or its neighbour before was changed. One more than the
	// number of entries means that the head does not fit the last entry.
	Seq int
}

// Error names the place.
func (e *BreakError) Error() string {
	return fmt.Sprintf("history does not fit at seq %d", e.Seq)
}

// VerifyChain checks that entries, in their order and complete, lead from the
// zero Hash to head. The error is a *BreakError with the first seq that does
// not fit.
func VerifyChain(entries []Entry, head Hash) error {
	var hash Hash
	for i, entry := range entries {
		if entry.Prev != hash {
			return &BreakError{Seq: i + 1}
		}
		hash = Chain(hash, entry.Bytes)
	}
	if hash != head {
		return &BreakError{Seq: len(entries) + 1}
	}
	return nil
}
