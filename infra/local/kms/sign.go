package kms

import (
	"crypto/ed25519"
	"crypto/x509"
	"fmt"
)

// signingAlgorithm signs the message itself; the other one of this key spec,
// ED25519_PH_SHA_512, signs a digest and is not used by Inzage.
const signingAlgorithm = "ED25519_SHA_512"

// signInput is the request of Sign.
type signInput struct {
	KeyID            string `json:"KeyId"`
	Message          []byte
	MessageType      string
	SigningAlgorithm string
}

// signOutput is the answer of Sign.
type signOutput struct {
	KeyID            string `json:"KeyId"`
	Signature        []byte
	SigningAlgorithm string
}

// publicKeyInput is the request of GetPublicKey.
type publicKeyInput struct {
	KeyID string `json:"KeyId"`
}

// publicKeyOutput is the answer of GetPublicKey.
type publicKeyOutput struct {
	KeyID             string `json:"KeyId"`
	KeySpec           string
	KeyUsage          string
	PublicKey         []byte
	SigningAlgorithms []string
}

// sign makes an Ed25519 signature (RFC 8032).
func (r *ring) sign(in signInput) (signOutput, error) {
	if err := checkMessage(in.Message); err != nil {
		return signOutput{}, err
	}
	key, err := r.find(in.KeyID, Ed25519)
	if err != nil {
		return signOutput{}, err
	}
	if in.SigningAlgorithm != signingAlgorithm {
		return signOutput{}, &refusal{code: "InvalidKeyUsageException", message: "the local KMS endpoint signs ED25519_SHA_512 only"}
	}
	// https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html:
	// ED25519_SHA_512 requires MessageType RAW, which is also the default.
	if in.MessageType != "" && in.MessageType != "RAW" {
		return signOutput{}, &refusal{code: "ValidationException", message: "ED25519_SHA_512 requires MessageType RAW"}
	}
	signature := ed25519.Sign(ed25519.NewKeyFromSeed(key.seed), in.Message)
	return signOutput{KeyID: key.arn, Signature: signature, SigningAlgorithm: signingAlgorithm}, nil
}

// getPublicKey gives the public half as a DER SubjectPublicKeyInfo (RFC 8410).
func (r *ring) getPublicKey(in publicKeyInput) (publicKeyOutput, error) {
	key, err := r.find(in.KeyID, Ed25519)
	if err != nil {
		return publicKeyOutput{}, err
	}
	der, err := x509.MarshalPKIXPublicKey(ed25519.NewKeyFromSeed(key.seed).Public())
	if err != nil {
		return publicKeyOutput{}, fmt.Errorf("encoding the public key: %w", err)
	}
	return publicKeyOutput{
		KeyID:             key.arn,
		KeySpec:           string(Ed25519),
		KeyUsage:          "SIGN_VERIFY",
		PublicKey:         der,
		SigningAlgorithms: []string{signingAlgorithm},
	}, nil
}
