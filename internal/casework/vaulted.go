package casework

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"polarweb.nl/inzage/internal/dsr"
)

// shelve seals a text that is too large for a row and puts it in the vault,
// under a path no other attempt uses. The change that wins records the path; a
// loser takes its own copy away. What a crash leaves here is sealed under the
// case's key and becomes unreadable with it.
func (p Place) shelve(ctx context.Context, bodies Bodies, file File, text []byte) (*dsr.BodyRef, error) {
	unique, err := dsr.NewOwnerID(p.Random)
	if err != nil {
		return nil, err
	}
	path := bodyPath(file.Case.ID, unique)
	sealed, err := file.Key.Seal(p.Random, path, text)
	if err != nil {
		return nil, fmt.Errorf("sealing a large text: %w", err)
	}
	if err := bodies.Put(ctx, path, sealed); err != nil {
		return nil, fmt.Errorf("keeping a large text: %w", err)
	}
	sum := sha256.Sum256(sealed)
	return &dsr.BodyRef{Path: path, SHA256: hex.EncodeToString(sum[:])}, nil
}

// open opens a text that lies in the vault. Its hash stands in the row, so that
// what was put in its place is not shown as what was written.
func (read ReadBody) open(ctx context.Context, key DataKey, ref dsr.BodyRef) ([]byte, error) {
	sealed, err := read(ctx, ref.Path)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(sealed)
	if hex.EncodeToString(sum[:]) != ref.SHA256 {
		return nil, ErrSealed
	}
	return key.Open(ref.Path, sealed)
}
