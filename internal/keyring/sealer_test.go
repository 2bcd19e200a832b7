package keyring_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/keyring"
)

const owner = "CASE#qwerty"

// newSealer gives a sealer for client.
func newSealer(client *kms.Client) keyring.Sealer {
	return keyring.Sealer{Key: "data-key", GenerateDataKey: client.GenerateDataKey, Decrypt: client.Decrypt}
}

// newKey makes a data key or ends the test.
func newKey(t *testing.T, s keyring.Sealer) casework.DataKey {
	t.Helper()
	key, err := s.NewKey(t.Context(), owner)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestOpenedKeyOpensWhatTheNewOneSealed(t *testing.T) {
	_, client := newKMS(t)
	key := newKey(t, newSealer(client))
	sealed, err := key.Seal(strings.NewReader("twelve bytes"), "a place", []byte("a letter"))
	if err != nil {
		t.Fatal(err)
	}
	again, err := newSealer(client).OpenKey(t.Context(), owner, key.Wrapped())
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := again.Open("a place", sealed); err != nil || string(plain) != "a letter" {
		t.Errorf("opened %q, %v", plain, err)
	}
	if !bytes.Equal(again.Wrapped(), key.Wrapped()) {
		t.Error("the opened key has another wrapped form")
	}
}

func TestEveryOwnerGetsAKeyOfItsOwn(t *testing.T) {
	_, client := newKMS(t)
	first, second := newKey(t, newSealer(client)), newKey(t, newSealer(client))
	if first.Hash("", "x") == second.Hash("", "x") || bytes.Equal(first.Wrapped(), second.Wrapped()) {
		t.Error("two calls gave one key")
	}
}

func TestKeyIsBoundToItsOwnerInClearForTheLogsOfKMS(t *testing.T) {
	var bound []map[string]string
	_, client := newKMS(t)
	s := newSealer(client)
	s.GenerateDataKey = func(ctx context.Context, in *kms.GenerateDataKeyInput, o ...func(*kms.Options)) (*kms.GenerateDataKeyOutput, error) {
		bound = append(bound, in.EncryptionContext)
		return client.GenerateDataKey(ctx, in, o...)
	}
	s.Decrypt = func(ctx context.Context, in *kms.DecryptInput, o ...func(*kms.Options)) (*kms.DecryptOutput, error) {
		bound = append(bound, in.EncryptionContext)
		return client.Decrypt(ctx, in, o...)
	}
	if _, err := s.OpenKey(t.Context(), owner, newKey(t, s).Wrapped()); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"owner": owner}
	if diff := cmp.Diff([]map[string]string{want, want}, bound); diff != "" {
		t.Errorf("encryption contexts (-want +got):\n%s", diff)
	}
}

func TestWrappedKeyOpensOnlyWhereItBelongs(t *testing.T) {
	_, client := newKMS(t)
	s := newSealer(client)
	wrapped := newKey(t, s).Wrapped()
	elsewhere := s
	elsewhere.Key = "other-data-key"
	changed := bytes.Clone(wrapped)
	changed[len(changed)-1] ^= 1
	for name, c := range map[string]struct {
		sealer  keyring.Sealer
		owner   string
		wrapped []byte
	}{
		"another owner":  {s, "CASE#asdfgh", wrapped},
		"owner's prefix": {s, owner[:len(owner)-1], wrapped},
		"other case":     {s, strings.ToUpper(owner), wrapped},
		"another key":    {elsewhere, owner, wrapped},
		"changed bytes":  {s, owner, changed},
		"cut short":      {s, owner, wrapped[:len(wrapped)-1]},
		"not a key":      {s, owner, []byte("something")},
	} {
		t.Run(name, func(t *testing.T) {
			key, err := c.sealer.OpenKey(t.Context(), c.owner, c.wrapped)
			if !errors.Is(err, casework.ErrSealed) {
				t.Errorf("error %v, want ErrSealed", err)
			}
			if !key.Zero() {
				t.Error("a key was given beside the error")
			}
		})
	}
}

func TestTroubleWithKMSIsNotASealedKey(t *testing.T) {
	e, client := newKMS(t)
	wrapped := newKey(t, newSealer(client)).Wrapped()
	wantPassing := func(t *testing.T, s keyring.Sealer) {
		t.Helper()
		if _, err := s.OpenKey(t.Context(), owner, wrapped); err == nil || errors.Is(err, casework.ErrSealed) {
			t.Errorf("opening: error %v, want one that may pass", err)
		}
		if _, err := s.NewKey(t.Context(), owner); err == nil {
			t.Error("a key was made without KMS")
		}
	}
	for _, kind := range []string{"KMSInternalException", "ThrottlingException", "DisabledException", "AccessDeniedException"} {
		t.Run(kind, func(t *testing.T) {
			e.failing(kind)
			wantPassing(t, newSealer(client))
		})
	}
	t.Run("nobody there", func(t *testing.T) { wantPassing(t, newSealer(down(t))) })
}

func TestTypedErrorOfKMSStaysInside(t *testing.T) {
	e, client := newKMS(t)
	e.failing("DisabledException")
	var disabled *types.DisabledException
	if _, err := newSealer(client).NewKey(t.Context(), owner); !errors.As(err, &disabled) {
		t.Errorf("error %v, want the operator to see that the key is disabled", err)
	}
}

func TestNoKeyWithoutOwnerOrKey(t *testing.T) {
	e, client := newKMS(t)
	nameless := newSealer(client)
	nameless.Key = ""
	for name, c := range map[string]struct {
		sealer keyring.Sealer
		owner  string
	}{"no owner": {newSealer(client), ""}, "no key": {nameless, owner}} {
		t.Run(name, func(t *testing.T) {
			if _, err := c.sealer.NewKey(t.Context(), c.owner); !errors.Is(err, keyring.ErrKeyring) {
				t.Errorf("making: error %v, want ErrKeyring", err)
			}
			if _, err := c.sealer.OpenKey(t.Context(), c.owner, []byte("x")); !errors.Is(err, keyring.ErrKeyring) {
				t.Errorf("opening: error %v, want ErrKeyring", err)
			}
		})
	}
	if len(e.calls) != 0 {
		t.Errorf("KMS was asked: %v", e.calls)
	}
}

func TestKeyOfAnotherLengthIsNoKeyAndIsWiped(t *testing.T) {
	_, client := newKMS(t)
	s := newSealer(client)
	for _, size := range []int{0, 16, 32, 33} {
		plain := bytes.Repeat([]byte{7}, size)
		s.GenerateDataKey = func(context.Context, *kms.GenerateDataKeyInput, ...func(*kms.Options)) (*kms.GenerateDataKeyOutput, error) {
			return &kms.GenerateDataKeyOutput{Plaintext: plain, CiphertextBlob: []byte("wrapped")}, nil
		}
		if _, err := s.NewKey(t.Context(), owner); (err == nil) != (size == 32) {
			t.Errorf("%d bytes: error %v", size, err)
		}
		if bytes.ContainsRune(plain, 7) {
			t.Errorf("%d bytes: the SDK's copy was not wiped", size)
		}
	}
}
