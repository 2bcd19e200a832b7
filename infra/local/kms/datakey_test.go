package kms_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/x509"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
)

// wrap makes a data key under the data key and a context.
func wrap(t *testing.T, c *awskms.Client, context map[string]string) *awskms.GenerateDataKeyOutput {
	t.Helper()
	out, err := c.GenerateDataKey(t.Context(), &awskms.GenerateDataKeyInput{
		KeyId: aws.String(dataKey), KeySpec: types.DataKeySpecAes256, EncryptionContext: context,
	})
	if err != nil {
		t.Fatalf("GenerateDataKey: %v", err)
	}
	return out
}

func TestADataKeyOpensUnderItsOwnContextOnly(t *testing.T) {
	c := client(t, t.TempDir())
	context := map[string]string{"owner": "CASE#1", "stage": "local"}
	wrapped := wrap(t, c, context)
	if len(wrapped.Plaintext) != 32 {
		t.Fatalf("data key of %d bytes, want 32", len(wrapped.Plaintext))
	}
	opened, err := c.Decrypt(t.Context(), &awskms.DecryptInput{
		KeyId: aws.String("alias/inzage-data"), CiphertextBlob: wrapped.CiphertextBlob, EncryptionContext: context,
	})
	if err != nil || !bytes.Equal(opened.Plaintext, wrapped.Plaintext) {
		t.Fatalf("Decrypt: %v, or another key", err)
	}
	for name, other := range map[string]map[string]string{
		"none":          nil,
		"one missing":   {"owner": "CASE#1"},
		"one more":      {"owner": "CASE#1", "stage": "local", "x": ""},
		"other value":   {"owner": "CASE#2", "stage": "local"},
		"other case":    {"Owner": "CASE#1", "stage": "local"},
		"run together":  {"owner": "CASE#1stagelocal"},
		"parts swapped": {"owner": "local", "stage": "CASE#1"},
	} {
		_, err := c.Decrypt(t.Context(), &awskms.DecryptInput{CiphertextBlob: wrapped.CiphertextBlob, EncryptionContext: other})
		t.Log(name)
		wantCode(t, err, "InvalidCiphertextException")
	}
}

func TestADamagedCiphertextIsRefusedAtEveryByte(t *testing.T) {
	c := client(t, t.TempDir())
	blob := wrap(t, c, nil).CiphertextBlob
	for i := range blob {
		damaged := bytes.Clone(blob)
		damaged[i] ^= 1
		_, err := c.Decrypt(t.Context(), &awskms.DecryptInput{CiphertextBlob: damaged})
		wantCode(t, err, "InvalidCiphertextException")
		_, err = c.Decrypt(t.Context(), &awskms.DecryptInput{CiphertextBlob: blob[:i]})
		wantCode(t, err, "InvalidCiphertextException")
	}
}

func TestACiphertextBelongsToOneKey(t *testing.T) {
	c := client(t, t.TempDir())
	blob := wrap(t, c, nil).CiphertextBlob
	_, err := c.Decrypt(t.Context(), &awskms.DecryptInput{KeyId: aws.String("other-data"), CiphertextBlob: blob})
	wantCode(t, err, "IncorrectKeyException")
	_, err = c.Decrypt(t.Context(), &awskms.DecryptInput{KeyId: aws.String(staffKey), CiphertextBlob: blob})
	wantCode(t, err, "InvalidKeyUsageException")
	_, err = c.Decrypt(t.Context(), &awskms.DecryptInput{KeyId: aws.String("nobody"), CiphertextBlob: blob})
	wantCode(t, err, "NotFoundException")
	_, err = c.Decrypt(t.Context(), &awskms.DecryptInput{CiphertextBlob: blob, EncryptionAlgorithm: types.EncryptionAlgorithmSpecRsaesOaepSha1})
	wantCode(t, err, "InvalidKeyUsageException")
}

func TestADataKeyHasExactlyOneSize(t *testing.T) {
	c := client(t, t.TempDir())
	tests := map[string]struct {
		spec  types.DataKeySpec
		bytes *int32
		want  int // 0: refused
	}{
		"AES-256":     {types.DataKeySpecAes256, nil, 32},
		"AES-128":     {types.DataKeySpecAes128, nil, 16},
		"bytes":       {"", aws.Int32(1024), 1024},
		"neither":     {"", nil, 0},
		"both":        {types.DataKeySpecAes256, aws.Int32(32), 0},
		"too many":    {"", aws.Int32(1025), 0},
		"negative":    {"", aws.Int32(-1), 0},
		"unknown one": {"AES_512", nil, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			out, err := c.GenerateDataKey(t.Context(), &awskms.GenerateDataKeyInput{
				KeyId: aws.String(dataKey), KeySpec: test.spec, NumberOfBytes: test.bytes,
			})
			if test.want == 0 {
				wantCode(t, err, "ValidationException")
			} else if err != nil || len(out.Plaintext) != test.want {
				t.Errorf("%v, want %d bytes", err, test.want)
			}
		})
	}
}

func TestASignatureVerifiesWithThePublicKey(t *testing.T) {
	c := client(t, t.TempDir())
	signed, err := c.Sign(t.Context(), sign(proofKey, []byte("checkpoint")))
	if err != nil {
		t.Fatalf("Sign: %v", err)
	}
	public, err := c.GetPublicKey(t.Context(), &awskms.GetPublicKeyInput{KeyId: aws.String(proofKey)})
	if err != nil {
		t.Fatalf("GetPublicKey: %v", err)
	}
	key, err := x509.ParsePKIXPublicKey(public.PublicKey)
	if err != nil {
		t.Fatalf("reading the public key: %v", err)
	}
	if !ed25519.Verify(key.(ed25519.PublicKey), []byte("checkpoint"), signed.Signature) {
		t.Error("the signature does not verify")
	}
	if public.KeySpec != types.KeySpecEccNistEdwards25519 || public.KeyUsage != types.KeyUsageTypeSignVerify {
		t.Errorf("public key of %s for %s", public.KeySpec, public.KeyUsage)
	}
}

func TestOnlyTheRawMessageIsSigned(t *testing.T) {
	c := client(t, t.TempDir())
	digest := sign(proofKey, []byte("m"))
	digest.MessageType = types.MessageTypeDigest
	_, err := c.Sign(t.Context(), digest)
	wantCode(t, err, "ValidationException")
	prehashed := sign(proofKey, []byte("m"))
	prehashed.SigningAlgorithm = types.SigningAlgorithmSpecEd25519PhSha512
	_, err = c.Sign(t.Context(), prehashed)
	wantCode(t, err, "InvalidKeyUsageException")
}
