package keyring

import (
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"golang.org/x/mod/sumdb/note"

	"polarweb.nl/inzage/internal/ledger"
)

// Signer signs checkpoints of the ledger with a KMS key of the spec
// ECC_NIST_EDWARDS25519. Whoever only verifies needs GetPublicKey alone.
type Signer struct {
	Key    string // id, ARN or alias of the KMS key
	Origin string // the name of the ledger, for ever

	GetPublicKey func(context.Context, *kms.GetPublicKeyInput, ...func(*kms.Options)) (*kms.GetPublicKeyOutput, error)
	Sign         func(context.Context, *kms.SignInput, ...func(*kms.Options)) (*kms.SignOutput, error)
}

// errNotEd25519 is returned for a key that cannot sign checkpoints.
var errNotEd25519 = errors.New("the key of the checkpoints is no Ed25519 key")

// Public gives the key by which checkpoints are verified, as the package note
// spells it.
func (s Signer) Public(ctx context.Context) (string, error) {
	public, err := s.public(ctx)
	if err != nil {
		return "", err
	}
	key, err := note.NewEd25519VerifierKey(s.Origin, public)
	if err != nil {
		return "", fmt.Errorf("writing the key of the checkpoints: %w", err)
	}
	return key, nil
}

// Open gives a signer that works for the time of ctx.
func (s Signer) Open(ctx context.Context) (note.Signer, error) {
	public, err := s.public(ctx)
	if err != nil {
		return nil, err
	}
	return ledger.NewSigner(s.Origin, public, func(text []byte) ([]byte, error) {
		// https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html: the
		// message itself is signed, of 4,096 bytes at most.
		signed, err := s.Sign(ctx, &kms.SignInput{
			KeyId: &s.Key, Message: text, MessageType: types.MessageTypeRaw,
			SigningAlgorithm: types.SigningAlgorithmSpecEd25519Sha512,
		})
		if err != nil {
			return nil, fmt.Errorf("signing a checkpoint: %w", err)
		}
		return signed.Signature, nil
	})
}

// public asks KMS for the public half, which comes as RFC 8410 writes it.
func (s Signer) public(ctx context.Context) (ed25519.PublicKey, error) {
	answer, err := s.GetPublicKey(ctx, &kms.GetPublicKeyInput{KeyId: &s.Key})
	if err != nil {
		return nil, fmt.Errorf("asking for the key of the checkpoints: %w", err)
	}
	parsed, err := x509.ParsePKIXPublicKey(answer.PublicKey)
	if err != nil {
		return nil, fmt.Errorf("reading the key of the checkpoints: %w", err)
	}
	public, ok := parsed.(ed25519.PublicKey)
	if !ok {
		return nil, errNotEd25519
	}
	return public, nil
}
