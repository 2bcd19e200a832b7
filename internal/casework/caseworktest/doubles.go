package caseworktest

import (
	"context"
	"crypto/sha256"
	"fmt"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// NoPause is a casework.Pause that does not wait.
func NoPause(ctx context.Context, _ int) error { return ctx.Err() }

// Sealer makes data keys that follow from their owner's name, so that a world
// can be replayed. It protects nothing.
type Sealer struct {
	Gate Gate
}

// NewKey implements casework.Sealer.
func (s Sealer) NewKey(ctx context.Context, owner string) (casework.DataKey, error) {
	return s.key(ctx, "NewKey", owner)
}

// OpenKey implements casework.Sealer.
func (s Sealer) OpenKey(ctx context.Context, owner string, _ []byte) (casework.DataKey, error) {
	return s.key(ctx, "OpenKey", owner)
}

// key derives the owner's key between the two gates.
func (s Sealer) key(ctx context.Context, call, owner string) (casework.DataKey, error) {
	if err := s.Gate(ctx, call, Before); err != nil {
		return casework.DataKey{}, err
	}
	plain := sha256.Sum256([]byte("test key of " + owner))
	key, err := casework.NewDataKey(plain[:], []byte("wrapped for "+owner))
	if lost := s.Gate(ctx, call, After); lost != nil {
		return casework.DataKey{}, lost
	}
	return key, err
}

// Minter makes tokens that anybody could forge and everybody can read.
type Minter struct {
	Gate Gate
}

// Mint is a casework.Mint.
func (m Minter) Mint(ctx context.Context, link dsr.Link) (string, error) {
	if err := m.Gate(ctx, "Mint", Before); err != nil {
		return "", err
	}
	return fmt.Sprintf("token-%s-%s", link.Purpose, link.ID), m.Gate(ctx, "Mint", After)
}

// Compose is a casework.Compose whose letters say only which letter they are.
func Compose(content dsr.LetterContent) (dsr.Message, error) {
	return dsr.Message{
		To:  []string{content.To.Address},
		Raw: []byte(string(content.Letter.Ref.Kind) + " " + content.Token),
		Tag: content.Letter.Ref.Tag(),
	}, nil
}
