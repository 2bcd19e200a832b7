package kms

import (
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"strings"
)

// Spec is a key spec of KMS; it also fixes what the key may be used for.
type Spec string

// The specs Inzage uses.
const (
	HMAC256 Spec = "HMAC_256"              // GenerateMac, VerifyMac
	AES256  Spec = "SYMMETRIC_DEFAULT"     // GenerateDataKey, Decrypt
	Ed25519 Spec = "ECC_NIST_EDWARDS25519" // Sign, GetPublicKey
)

// Key declares one key.
type Key struct {
	// ID is the key id. The material depends on it and on Spec, and on nothing
	// else, so aliases may change.
	ID string
	// Aliases begin with `alias/`.
	Aliases []string
	Spec    Spec
}

// madeKey is a key with its material.
type madeKey struct {
	Key
	arn string
	// seed is the HMAC key, the AES-256 key or the Ed25519 seed: 32 bytes each.
	seed []byte
}

// ring finds keys by every name KMS accepts: id, ARN, alias and alias ARN.
type ring struct {
	names map[string]*madeKey
}

// newRing derives every key. Two keys of one name are a mistake in the caller.
func newRing(options Options, root []byte) (*ring, error) {
	prefix := fmt.Sprintf("arn:aws:kms:%s:%s:", options.Region, options.Account)
	r := &ring{names: make(map[string]*madeKey, 4*len(options.Keys))}
	for _, key := range options.Keys {
		made, err := derive(key, root)
		if err != nil {
			return nil, err
		}
		made.arn = prefix + "key/" + key.ID
		names := []string{key.ID, made.arn}
		for _, alias := range key.Aliases {
			names = append(names, alias, prefix+alias)
		}
		if err := r.add(made, names); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// derive makes the material of one key from the root.
func derive(key Key, root []byte) (*madeKey, error) {
	if key.Spec != HMAC256 && key.Spec != AES256 && key.Spec != Ed25519 {
		return nil, fmt.Errorf("key %q has the unknown spec %q", key.ID, key.Spec)
	}
	// The ciphertext names its key with a length of one byte.
	if key.ID == "" || len(key.ID) > 255 {
		return nil, fmt.Errorf("key id %q is empty or longer than 255 bytes", key.ID)
	}
	for _, alias := range key.Aliases {
		if !strings.HasPrefix(alias, "alias/") {
			return nil, fmt.Errorf("alias %q of key %q does not begin with alias/", alias, key.ID)
		}
	}
	// RFC 5869: the info binds the derived key to its purpose and name.
	info := "inzage/local-kms/v1|" + string(key.Spec) + "|" + key.ID
	seed, err := hkdf.Key(sha256.New, root, nil, info, sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("deriving key %q: %w", key.ID, err)
	}
	return &madeKey{Key: key, seed: seed}, nil
}

// add enters a key under its names.
func (r *ring) add(key *madeKey, names []string) error {
	for _, name := range names {
		if r.names[name] != nil {
			return fmt.Errorf("two keys are called %q", name)
		}
		r.names[name] = key
	}
	return nil
}

// find gives the key of that name for a use that needs the given spec.
func (r *ring) find(name string, spec Spec) (*madeKey, error) {
	if name == "" {
		return nil, &refusal{code: "ValidationException", message: "KeyId is missing"}
	}
	key := r.names[name]
	if key == nil {
		return nil, &refusal{code: "NotFoundException", message: "the key does not exist"}
	}
	if key.Spec != spec {
		message := fmt.Sprintf("%s is a %s key; this operation needs %s", key.arn, key.Spec, spec)
		return nil, &refusal{code: "InvalidKeyUsageException", message: message}
	}
	return key, nil
}
