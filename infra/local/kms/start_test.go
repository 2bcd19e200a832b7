package kms_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"

	"polarweb.nl/inzage/infra/local/kms"
)

func TestInsideLambdaItRefusesToStart(t *testing.T) {
	for _, name := range []string{"AWS_LAMBDA_RUNTIME_API", "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_NAME"} {
		t.Run(name, func(t *testing.T) {
			o := options(t.TempDir())
			// Set to the empty text is set all the same.
			o.Lookup = func(asked string) (string, bool) { return "", asked == name }
			if _, err := kms.New(o); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("New: %v, want an error naming %s", err, name)
			}
			if _, err := os.Stat(filepath.Join(o.StateDir, "kms-root.key")); err == nil {
				t.Error("a root key was made")
			}
		})
	}
	o := options(t.TempDir())
	o.Lookup = nil
	if _, err := kms.New(o); err == nil {
		t.Error("New without Lookup succeeded")
	}
}

func TestKeysSurviveARestart(t *testing.T) {
	dir := t.TempDir()
	before, after := client(t, dir), client(t, dir)
	mac, err := before.GenerateMac(t.Context(), generate(staffKey, []byte("claims")))
	if err != nil {
		t.Fatalf("GenerateMac: %v", err)
	}
	if _, err := after.VerifyMac(t.Context(), verify(staffKey, []byte("claims"), mac.Mac)); err != nil {
		t.Errorf("VerifyMac after the restart: %v", err)
	}
	wrapped := wrap(t, before, nil)
	opened, err := after.Decrypt(t.Context(), &awskms.DecryptInput{CiphertextBlob: wrapped.CiphertextBlob})
	if err != nil || !bytes.Equal(opened.Plaintext, wrapped.Plaintext) {
		t.Errorf("Decrypt after the restart: %v, or another key", err)
	}
	first, err := before.GetPublicKey(t.Context(), &awskms.GetPublicKeyInput{KeyId: aws.String(proofKey)})
	if err != nil {
		t.Fatalf("GetPublicKey: %v", err)
	}
	second, err := after.GetPublicKey(t.Context(), &awskms.GetPublicKeyInput{KeyId: aws.String(proofKey)})
	if err != nil || !bytes.Equal(first.PublicKey, second.PublicKey) {
		t.Errorf("GetPublicKey after the restart: %v, or another key", err)
	}
}

func TestAnotherRootKeyOpensNothing(t *testing.T) {
	mac, err := client(t, t.TempDir()).GenerateMac(t.Context(), generate(staffKey, []byte("claims")))
	if err != nil {
		t.Fatalf("GenerateMac: %v", err)
	}
	_, err = client(t, t.TempDir()).VerifyMac(t.Context(), verify(staffKey, []byte("claims"), mac.Mac))
	wantCode(t, err, "KMSInvalidMacException")
}

func TestABadRootKeyFileIsAClearError(t *testing.T) {
	key := func(t *testing.T, dir string, size int, mode os.FileMode) string {
		t.Helper()
		path := filepath.Join(dir, "kms-root.key")
		if err := os.WriteFile(path, make([]byte, size), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	tests := map[string]struct {
		make func(t *testing.T, dir string)
		want string
	}{
		"group may read": {func(t *testing.T, dir string) { key(t, dir, 32, 0o640) }, "mode 0640, want 0600"},
		"too short":      {func(t *testing.T, dir string) { key(t, dir, 31, 0o600) }, "31 bytes, want 32"},
		"empty":          {func(t *testing.T, dir string) { key(t, dir, 0, 0o600) }, "0 bytes, want 32"},
		"too long":       {func(t *testing.T, dir string) { key(t, dir, 33, 0o600) }, "33 bytes, want 32"},
		"a link": {func(t *testing.T, dir string) {
			if err := os.Symlink(key(t, t.TempDir(), 32, 0o600), filepath.Join(dir, "kms-root.key")); err != nil {
				t.Fatal(err)
			}
		}, "not a regular file"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			test.make(t, dir)
			if _, err := kms.New(options(dir)); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("New: %v, want %q", err, test.want)
			}
		})
	}
}

func TestTheRootKeyIsForThisUserAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	serve(t, dir)
	info, err := os.Stat(filepath.Join(dir, "kms-root.key"))
	if err != nil || info.Mode().Perm() != 0o600 || info.Size() != 32 {
		t.Errorf("root key %+v, %v; want 32 bytes with mode 0600", info, err)
	}
}

func TestBadKeyDeclarationsAreErrors(t *testing.T) {
	for name, keys := range map[string][]kms.Key{
		"unknown spec": {{ID: "a", Spec: "RSA_2048"}},
		"no id":        {{Spec: kms.HMAC256}},
		"long id":      {{ID: strings.Repeat("a", 256), Spec: kms.HMAC256}},
		"same id":      {{ID: "a", Spec: kms.HMAC256}, {ID: "a", Spec: kms.AES256}},
		"same alias":   {{ID: "a", Spec: kms.HMAC256, Aliases: []string{"alias/x"}}, {ID: "b", Spec: kms.HMAC256, Aliases: []string{"alias/x"}}},
		"bare alias":   {{ID: "a", Spec: kms.HMAC256, Aliases: []string{"x"}}},
	} {
		o := options(t.TempDir())
		o.Keys = keys
		if _, err := kms.New(o); err == nil {
			t.Errorf("%s: New succeeded", name)
		}
	}
}
