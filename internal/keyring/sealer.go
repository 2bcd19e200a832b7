package keyring

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"polarweb.nl/inzage/internal/casework"
)

// Sealer makes and opens data keys, one for each owner of personal data.
type Sealer struct {
	Key string // id or ARN of the KMS key that wraps data keys

	GenerateDataKey GenerateDataKey
	Decrypt         Decrypt
}

// NewKey makes a data key for owner, the key of its row in the Keys table.
func (s Sealer) NewKey(ctx context.Context, owner string) (casework.DataKey, error) {
	bound, err := s.boundTo(owner)
	if err != nil {
		return casework.DataKey{}, fmt.Errorf("making a data key: %w", err)
	}
	made, err := s.GenerateDataKey(ctx, &kms.GenerateDataKeyInput{
		KeyId: &s.Key, KeySpec: types.DataKeySpecAes256, EncryptionContext: bound,
	})
	if err != nil {
		return casework.DataKey{}, fmt.Errorf("making the data key of %s: %w", owner, err)
	}
	return dataKey(owner, made.Plaintext, made.CiphertextBlob)
}

// OpenKey gives back the data key that NewKey made for owner, from its wrapped
// form. A form made for another owner, under another key, or changed since is
// casework.ErrSealed; any other error may pass by itself.
func (s Sealer) OpenKey(ctx context.Context, owner string, wrapped []byte) (casework.DataKey, error) {
	bound, err := s.boundTo(owner)
	if err != nil {
		return casework.DataKey{}, fmt.Errorf("opening a data key: %w", err)
	}
	// The key is named although KMS could tell it from the ciphertext: a form
	// wrapped under somebody else's key is then refused (AWS KMS API
	// Reference, Decrypt, KeyId).
	opened, err := s.Decrypt(ctx, &kms.DecryptInput{
		KeyId: &s.Key, CiphertextBlob: wrapped, EncryptionContext: bound,
	})
	if err != nil {
		return casework.DataKey{}, fmt.Errorf("opening the data key of %s: %w", owner, sealedOr(err))
	}
	return dataKey(owner, opened.Plaintext, wrapped)
}

// boundTo gives the encryption context that ties a wrapped key to its owner,
// so that a row copied to another owner's place does not open. KMS writes it
// to its logs in clear: owner is an id and nothing about a person.
func (s Sealer) boundTo(owner string) (map[string]string, error) {
	if owner == "" || s.Key == "" {
		return nil, fmt.Errorf("%w: no owner or no key for data keys", ErrKeyring)
	}
	return map[string]string{"owner": owner}, nil
}

// dataKey gives the key in its own form and wipes the copy the SDK holds.
func dataKey(owner string, plain, wrapped []byte) (casework.DataKey, error) {
	key, err := casework.NewDataKey(plain, wrapped)
	clear(plain)
	if err != nil {
		return casework.DataKey{}, fmt.Errorf("reading the data key of %s: %w", owner, err)
	}
	return key, nil
}

// sealedOr tells "this will never open" from "KMS could not say".
func sealedOr(err error) error {
	var changed *types.InvalidCiphertextException
	var otherKey *types.IncorrectKeyException
	if errors.As(err, &changed) || errors.As(err, &otherKey) {
		return casework.ErrSealed
	}
	return err
}
