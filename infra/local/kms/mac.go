package kms

import (
	"crypto/hmac"
	"crypto/sha256"
)

const (
	// macAlgorithm is the only one an HMAC_256 key has.
	macAlgorithm = "HMAC_SHA_256"
	// maxMessage is the limit of Message in GenerateMac, VerifyMac and Sign
	// (https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateMac.html).
	maxMessage = 4096
	// maxMac is the limit of Mac in VerifyMac.
	maxMac = 6144
)

// macInput is the request of GenerateMac and, with Mac, of VerifyMac.
type macInput struct {
	KeyID        string `json:"KeyId"`
	Mac          []byte
	MacAlgorithm string
	Message      []byte
}

// macOutput is the answer of GenerateMac.
type macOutput struct {
	KeyID        string `json:"KeyId"`
	Mac          []byte
	MacAlgorithm string
}

// verifyMacOutput is the answer of VerifyMac; a wrong MAC never gets one.
type verifyMacOutput struct {
	KeyID        string `json:"KeyId"`
	MacAlgorithm string
	MacValid     bool
}

// generateMac computes a MAC.
func (r *ring) generateMac(in macInput) (macOutput, error) {
	key, err := r.macKey(in)
	if err != nil {
		return macOutput{}, err
	}
	return macOutput{KeyID: key.arn, Mac: key.mac(in.Message), MacAlgorithm: macAlgorithm}, nil
}

// verifyMac compares in constant time, like any place that a forger can ask.
func (r *ring) verifyMac(in macInput) (verifyMacOutput, error) {
	key, err := r.macKey(in)
	if err != nil {
		return verifyMacOutput{}, err
	}
	if len(in.Mac) == 0 || len(in.Mac) > maxMac {
		return verifyMacOutput{}, &refusal{code: "ValidationException", message: "Mac must have 1 to 6144 bytes"}
	}
	if !hmac.Equal(in.Mac, key.mac(in.Message)) {
		return verifyMacOutput{}, &refusal{code: "KMSInvalidMacException", message: "the MAC does not belong to this message and key"}
	}
	return verifyMacOutput{KeyID: key.arn, MacAlgorithm: macAlgorithm, MacValid: true}, nil
}

// macKey checks what both operations share.
func (r *ring) macKey(in macInput) (*madeKey, error) {
	if err := checkMessage(in.Message); err != nil {
		return nil, err
	}
	key, err := r.find(in.KeyID, HMAC256)
	if err != nil {
		return nil, err
	}
	if in.MacAlgorithm != macAlgorithm {
		return nil, &refusal{code: "InvalidKeyUsageException", message: "an HMAC_256 key computes HMAC_SHA_256 only"}
	}
	return key, nil
}

// checkMessage holds a message to the limits of KMS.
func checkMessage(message []byte) error {
	if len(message) == 0 || len(message) > maxMessage {
		return &refusal{code: "ValidationException", message: "Message must have 1 to 4096 bytes"}
	}
	return nil
}

// mac computes HMAC-SHA-256 (RFC 2104).
func (k *madeKey) mac(message []byte) []byte {
	h := hmac.New(sha256.New, k.seed)
	h.Write(message)
	return h.Sum(nil)
}
