package ledger_test

import (
	"crypto/ed25519"
	"errors"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"polarweb.nl/inzage/internal/ledger"
)

// published is the example of C2SP's tlog-checkpoint.
const published = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"

// newVerifier reads a verifier key.
func newVerifier(t testing.TB, key string) note.Verifier {
	t.Helper()
	verifier, err := note.NewVerifier(key)
	if err != nil {
		t.Fatal(err)
	}
	return verifier
}

// signedTree gives a signed checkpoint of a small tree, and what opens it.
func signedTree(t testing.TB) (signed string, checkpoint ledger.Checkpoint, key note.Verifier) {
	t.Helper()
	var store hashes
	signer, text := newKey(t, 1)
	checkpoint = ledger.Checkpoint{Origin: origin, Tree: mustGrow(t, 0, newLeaves(5), &store)}
	signed, err := checkpoint.Sign(signer)
	if err != nil {
		t.Fatal(err)
	}
	return signed, checkpoint, newVerifier(t, text)
}

func TestCheckpointHasTheFormOfC2SP(t *testing.T) {
	read, err := ledger.ParseCheckpoint(published)
	if err != nil || read.Origin != "example.com/behind-the-sofa" || read.Size != 20852163 ||
		read.Root.String() != "0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62" {
		t.Fatalf("%+v, %v", read, err)
	}
	if read.Text() != published {
		t.Errorf("written as %q", read.Text())
	}
}

func TestCheckpointHasOneSpelling(t *testing.T) {
	const root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
	for name, bad := range map[string]string{
		"empty":            "",
		"no end":           "a\n1\n" + root,
		"two lines":        "a\n" + root + "\n",
		"extension":        published + "more\n",
		"empty line":       published + "\n",
		"no origin":        "\n1\n" + root + "\n",
		"space in origin":  "a b\n1\n" + root + "\n",
		"plus in origin":   "a+b\n1\n" + root + "\n",
		"line end of DOS":  strings.ReplaceAll(published, "\n", "\r\n"),
		"no size":          "a\n\n" + root + "\n",
		"negative":         "a\n-1\n" + root + "\n",
		"plus":             "a\n+1\n" + root + "\n",
		"leading zero":     "a\n01\n" + root + "\n",
		"hexadecimal":      "a\n0x1\n" + root + "\n",
		"fraction":         "a\n1.0\n" + root + "\n",
		"beyond all trees": "a\n9223372036854775807\n" + root + "\n",
		"beyond int64":     "a\n9223372036854775808\n" + root + "\n",
		"short root":       "a\n1\nCsUY\n",
		"long root":        "a\n1\n" + root[:43] + "AAAA=\n",
		"no padding":       "a\n1\n" + root[:43] + "\n",
		"spare bits":       "a\n1\n" + root[:42] + "J=\n",
		"URL alphabet":     "a\n1\n" + strings.ReplaceAll(root, "/", "_") + "\n",
	} {
		if read, err := ledger.ParseCheckpoint(bad); !errors.Is(err, ledger.ErrBadCheckpoint) {
			t.Errorf("%s: %+v, %v", name, read, err)
		}
	}
}

func TestSignedCheckpointIsANote(t *testing.T) {
	signed, checkpoint, key := signedTree(t)
	opened, err := note.Open([]byte(signed), note.VerifierList(key))
	if err != nil || opened.Text != checkpoint.Text() || len(opened.Sigs) != 1 {
		t.Fatalf("note opens it as %+v, %v", opened, err)
	}
	if read, err := ledger.OpenCheckpoint(signed, key); err != nil || read != checkpoint {
		t.Errorf("opened as %+v, %v", read, err)
	}
}

func TestEveryChangedByteOfASignedCheckpointIsFound(t *testing.T) {
	signed, _, key := signedTree(t)
	for i := range len(signed) {
		for change := 1; change < 256; change++ {
			// The end of the signature is where base64 has bits to spare; what
			// comes before needs a signature verified for each change.
			if i < len(signed)-4 && change&(change-1) != 0 {
				continue
			}
			changed := []byte(signed)
			changed[i] ^= byte(change)
			if read, err := ledger.OpenCheckpoint(string(changed), key); err == nil {
				t.Fatalf("byte %d as %#x: opened as %+v", i, changed[i], read)
			}
		}
	}
}

func TestCheckpointNeedsTheSignatureOfItsKeyAlone(t *testing.T) {
	signed, checkpoint, key := signedTree(t)
	other, otherKey := newKey(t, 2)
	others, err := checkpoint.Sign(other)
	if err != nil {
		t.Fatal(err)
	}
	text, line, _ := strings.Cut(signed, "\n\n")
	_, otherLine, _ := strings.Cut(others, "\n\n")
	foreign := strings.Replace(checkpoint.Text(), origin, "elsewhere.example/ledger", 1)
	_, private, _ := ed25519.GenerateKey(strings.NewReader(strings.Repeat("k", 64)))
	owned, err := ledger.NewSigner(origin, private.Public().(ed25519.PublicKey), func(text []byte) ([]byte, error) {
		return ed25519.Sign(private, text), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	ownedKey, err := note.NewEd25519VerifierKey(origin, private.Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	lent, err := note.Sign(&note.Note{Text: foreign}, owned)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		signed string
		key    note.Verifier
		want   error
	}{
		"another key":          {others, key, ledger.ErrBadSignature},
		"asked of another":     {signed, newVerifier(t, otherKey), ledger.ErrBadSignature},
		"signature of another": {strings.Replace(signed, "inzage", "unzage", 1), key, ledger.ErrBadSignature},
		"another's ledger":     {string(lent), newVerifier(t, ownedKey), ledger.ErrBadSignature},
		"unsigned":             {text + "\n", key, ledger.ErrBadCheckpoint},
		"empty":                {"", key, ledger.ErrBadCheckpoint},
		"a second signature":   {signed + otherLine, key, ledger.ErrBadCheckpoint},
		"signed twice":         {signed + line, key, ledger.ErrBadCheckpoint},
		"a second before it":   {text + "\n\n" + otherLine + line, key, ledger.ErrBadCheckpoint},
	} {
		if read, err := ledger.OpenCheckpoint(c.signed, c.key); !errors.Is(err, c.want) {
			t.Errorf("%s: %+v, %v, want %v", name, read, err, c.want)
		}
	}
}

func TestSignerGivesAwayOnlyWhatVerifies(t *testing.T) {
	_, checkpoint, _ := signedTree(t)
	private := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	public := private.Public().(ed25519.PublicKey)
	refusal := errors.New("KMS refuses")
	for name, c := range map[string]struct {
		sign func([]byte) ([]byte, error)
		want error
	}{
		"refuses":       {func([]byte) ([]byte, error) { return nil, refusal }, refusal},
		"gives nothing": {func([]byte) ([]byte, error) { return nil, nil }, ledger.ErrBadSignature},
		"wrong text":    {func([]byte) ([]byte, error) { return ed25519.Sign(private, nil), nil }, ledger.ErrBadSignature},
	} {
		signer, err := ledger.NewSigner(origin, public, c.sign)
		if err != nil {
			t.Fatal(err)
		}
		if signed, err := checkpoint.Sign(signer); !errors.Is(err, c.want) || signed != "" {
			t.Errorf("%s: %q, %v", name, signed, err)
		}
	}
	for _, bad := range []string{"", "a b", "a+b", "a\nb"} {
		if _, err := ledger.NewSigner(bad, public, nil); err == nil {
			t.Errorf("a signer called %q was made", bad)
		}
	}
	if _, err := ledger.NewSigner(origin, public[1:], nil); err == nil {
		t.Error("a signer with a short key was made")
	}
}

func TestOnlyOnesOwnWholeCheckpointIsSigned(t *testing.T) {
	signer, _ := newKey(t, 1)
	for name, c := range map[string]ledger.Checkpoint{
		"another's":  {Origin: "elsewhere.example/ledger"},
		"no origin":  {},
		"negative":   {Origin: origin, Tree: ledger.Tree{Size: -1}},
		"impossible": {Origin: origin, Tree: ledger.Tree{Size: 1 << 50}},
	} {
		if signed, err := c.Sign(signer); !errors.Is(err, ledger.ErrBadCheckpoint) {
			t.Errorf("%s: %q, %v", name, signed, err)
		}
	}
}

func TestCheckpointFollowsEveryOlderOne(t *testing.T) {
	w := newWorld(t, small)
	var list []ledger.Checkpoint
	for size := range w.tree.Size + 1 {
		tree, err := ledger.NewTree(size, w.stored.read)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, ledger.Checkpoint{Origin: origin, Tree: tree})
	}
	for i, newer := range list {
		for j, older := range list {
			if err := newer.Follows(older, w.stored.read); (err == nil) != (j <= i) || err != nil && !errors.Is(err, ledger.ErrBadProof) {
				t.Fatalf("%d after %d: %v", i, j, err)
			}
			forked := older
			forked.Root[7] ^= 1
			foreign := older
			foreign.Origin = "elsewhere.example/ledger"
			for name, other := range map[string]ledger.Checkpoint{"fork": forked, "foreign": foreign} {
				if err := newer.Follows(other, w.stored.read); !errors.Is(err, ledger.ErrBadProof) {
					t.Fatalf("%d after the %s of %d: %v", i, name, j, err)
				}
			}
		}
	}
}

func TestStoreThatFailsIsNoFork(t *testing.T) {
	w := newWorld(t, small)
	older, err := ledger.NewTree(5, w.stored.read)
	if err != nil {
		t.Fatal(err)
	}
	throttled := errors.New("throttled")
	err = ledger.Checkpoint{Origin: origin, Tree: w.tree}.Follows(
		ledger.Checkpoint{Origin: origin, Tree: older},
		func([]int64) ([]ledger.Hash, error) { return nil, throttled },
	)
	if !errors.Is(err, throttled) || errors.Is(err, ledger.ErrBadProof) {
		t.Errorf("%v", err)
	}
}
