package kms

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
)

// blobVersion is the first byte of a ciphertext of ours:
// version 1 | length of key id | key id | nonce | sealed plaintext.
const blobVersion = 1

// dataKeyInput is the request of GenerateDataKey.
type dataKeyInput struct {
	KeyID string `json:"KeyId"`
	// EncryptionContext must be given again, letter for letter, to Decrypt.
	EncryptionContext map[string]string
	KeySpec           string
	NumberOfBytes     int
}

// dataKeyOutput is the answer of GenerateDataKey.
type dataKeyOutput struct {
	// KeyID is the ARN, whatever name was asked for, as in every answer of KMS.
	KeyID          string `json:"KeyId"`
	CiphertextBlob []byte
	Plaintext      []byte
}

// decryptInput is the request of Decrypt. KeyID is optional for symmetric keys.
type decryptInput struct {
	KeyID               string `json:"KeyId"`
	CiphertextBlob      []byte
	EncryptionAlgorithm string
	EncryptionContext   map[string]string
}

// decryptOutput is the answer of Decrypt.
type decryptOutput struct {
	KeyID               string `json:"KeyId"`
	EncryptionAlgorithm string
	Plaintext           []byte
}

// generateDataKey makes a data key and wraps it under the named key.
func (r *ring) generateDataKey(in dataKeyInput) (dataKeyOutput, error) {
	size, err := dataKeySize(in)
	if err != nil {
		return dataKeyOutput{}, err
	}
	key, err := r.find(in.KeyID, AES256)
	if err != nil {
		return dataKeyOutput{}, err
	}
	plaintext := make([]byte, size)
	if _, err := rand.Read(plaintext); err != nil {
		return dataKeyOutput{}, fmt.Errorf("making a data key: %w", err)
	}
	blob, err := key.seal(plaintext, in.EncryptionContext)
	if err != nil {
		return dataKeyOutput{}, err
	}
	return dataKeyOutput{KeyID: key.arn, CiphertextBlob: blob, Plaintext: plaintext}, nil
}

// dataKeySize reads the size wanted: exactly one of KeySpec and NumberOfBytes
// (https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html).
func dataKeySize(in dataKeyInput) (int, error) {
	sizes := map[string]int{"AES_256": 32, "AES_128": 16}
	switch {
	case in.KeySpec != "" && in.NumberOfBytes == 0 && sizes[in.KeySpec] > 0:
		return sizes[in.KeySpec], nil
	case in.KeySpec == "" && in.NumberOfBytes >= 1 && in.NumberOfBytes <= 1024:
		return in.NumberOfBytes, nil
	}
	return 0, &refusal{code: "ValidationException", message: "give either KeySpec AES_256 or AES_128, or NumberOfBytes from 1 to 1024"}
}

// decrypt unwraps what generateDataKey wrapped, under the same context only.
func (r *ring) decrypt(in decryptInput) (decryptOutput, error) {
	if in.EncryptionAlgorithm != "" && in.EncryptionAlgorithm != string(AES256) {
		return decryptOutput{}, &refusal{code: "InvalidKeyUsageException", message: "symmetric keys decrypt SYMMETRIC_DEFAULT only"}
	}
	key, sealed, err := r.openBlob(in.CiphertextBlob)
	if err != nil {
		return decryptOutput{}, err
	}
	// The ciphertext names its key; a caller who names one too is checked.
	if in.KeyID != "" {
		named, err := r.find(in.KeyID, AES256)
		if err != nil {
			return decryptOutput{}, err
		}
		if named != key {
			return decryptOutput{}, &refusal{code: "IncorrectKeyException", message: "the ciphertext belongs to another key"}
		}
	}
	plaintext, err := key.open(sealed, in.EncryptionContext)
	if err != nil {
		return decryptOutput{}, err
	}
	return decryptOutput{KeyID: key.arn, EncryptionAlgorithm: string(AES256), Plaintext: plaintext}, nil
}

// openBlob reads which key a ciphertext belongs to.
func (r *ring) openBlob(blob []byte) (*madeKey, []byte, error) {
	if len(blob) < 2 || blob[0] != blobVersion || len(blob) < 2+int(blob[1]) {
		return nil, nil, invalidCiphertext()
	}
	id, sealed := blob[2:2+int(blob[1])], blob[2+int(blob[1]):]
	// By id alone: an alias in that place was never written by us.
	key := r.names[string(id)]
	if key == nil || key.Spec != AES256 || key.ID != string(id) {
		return nil, nil, invalidCiphertext()
	}
	return key, sealed, nil
}

// invalidCiphertext is the one answer to every damaged ciphertext and every
// wrong context: which of the two it was is not told.
func invalidCiphertext() error {
	return &refusal{code: "InvalidCiphertextException", message: "the ciphertext or its encryption context is not right"}
}

// seal wraps a plaintext with AES-256-GCM.
func (k *madeKey) seal(plaintext []byte, context map[string]string) ([]byte, error) {
	aead, err := k.aead()
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, fmt.Errorf("making a nonce: %w", err)
	}
	blob := append([]byte{blobVersion, byte(len(k.ID))}, k.ID...)
	blob = append(blob, nonce...)
	return aead.Seal(blob, nonce, plaintext, additionalData(context)), nil
}

// open unwraps nonce and sealed text.
func (k *madeKey) open(sealed []byte, context map[string]string) ([]byte, error) {
	aead, err := k.aead()
	if err != nil {
		return nil, err
	}
	if len(sealed) < aead.NonceSize() {
		return nil, invalidCiphertext()
	}
	nonce, sealed := sealed[:aead.NonceSize()], sealed[aead.NonceSize():]
	plaintext, err := aead.Open(nil, nonce, sealed, additionalData(context))
	if err != nil {
		return nil, invalidCiphertext()
	}
	return plaintext, nil
}

// aead is AES-256-GCM under the key's material.
func (k *madeKey) aead() (cipher.AEAD, error) {
	block, err := aes.NewCipher(k.seed)
	if err != nil {
		return nil, fmt.Errorf("preparing AES: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("preparing GCM: %w", err)
	}
	return aead, nil
}

// additionalData binds the encryption context to the ciphertext. Each text
// carries its length, so that no two contexts give the same bytes. The key id
// needs no binding: every id derives another key.
func additionalData(context map[string]string) []byte {
	var data bytes.Buffer
	write := func(text string) {
		data.Write(binary.BigEndian.AppendUint32(nil, uint32(len(text))))
		data.WriteString(text)
	}
	for _, name := range slices.Sorted(maps.Keys(context)) {
		write(name)
		write(context[name])
	}
	return data.Bytes()
}
