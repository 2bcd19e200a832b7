package keyring_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/keyring"
	"polarweb.nl/inzage/internal/signedlink"
)

// The keyring is what casework asks for.
var (
	_ casework.Mint   = keyring.Minter{}.Mint
	_ casework.Sealer = keyring.Sealer{}
)

// issued is the moment the links of these tests are made.
var issued = time.Date(2026, 3, 5, 8, 0, 0, 0, time.UTC)

// newMinter gives a minter for client.
func newMinter(client *kms.Client) keyring.Minter {
	return keyring.Minter{
		Stage: "test", StaffKid: "k1", StaffKey: "staff-key", SubjectKid: "s1", SubjectKey: "subject-key",
		GenerateMac: client.GenerateMac,
	}
}

// newVerifier gives a verifier for client.
func newVerifier(client *kms.Client) keyring.Verifier {
	return keyring.Verifier{
		Stage: "test", StaffKeys: map[string]string{"k1": "staff-key"}, SubjectKeys: map[string]string{"s1": "subject-key"},
		VerifyMac: client.VerifyMac,
	}
}

// linkFor gives a link of a purpose.
func linkFor(purpose dsr.Purpose) dsr.Link {
	return dsr.Link{
		ID: dsr.LinkID([]byte("link id 16 bytes")), Purpose: purpose, Owner: dsr.OwnerID([]byte("owner, 16 bytes.")),
		Rev: 7, Actor: dsr.ActorID([]byte("actor 8b")), IssuedAt: issued, ExpiresAt: issued.Add(72 * time.Hour),
	}
}

// mint makes a token or ends the test.
func mint(t *testing.T, m keyring.Minter, link dsr.Link) string {
	t.Helper()
	token, err := m.Mint(t.Context(), link)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// wantRefused checks that err refuses for this reason.
func wantRefused(t *testing.T, err error, reason signedlink.Reason) {
	t.Helper()
	if !errors.Is(err, reason) || !errors.Is(err, signedlink.ErrRefused) {
		t.Errorf("error %v, want a refusal: %v", err, reason)
	}
}

// wantTrouble checks that err is an error, and not one that blames the link.
func wantTrouble(t *testing.T, err error) {
	t.Helper()
	if err == nil || errors.Is(err, signedlink.ErrRefused) {
		t.Errorf("error %v, want one that is not a refusal", err)
	}
}

func TestMintedLinkIsVerifiedForEveryPurpose(t *testing.T) {
	_, client := newKMS(t)
	m, v := newMinter(client), newVerifier(client)
	for _, rule := range dsr.PurposeRules() {
		link := linkFor(rule.Purpose)
		got, err := v.Verify(t.Context(), mint(t, m, link), rule.Purpose, issued)
		if err != nil {
			t.Errorf("%s: %v", rule.Purpose, err)
		}
		if diff := cmp.Diff(link, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", rule.Purpose, diff)
		}
	}
}

func TestEveryPurposeIsMintedUnderItsAudiencesKey(t *testing.T) {
	_, client := newKMS(t)
	for _, rule := range dsr.PurposeRules() {
		token := mint(t, newMinter(client), linkFor(rule.Purpose))
		want := "l1.s1."
		if rule.Staff {
			want = "l1.k1."
		}
		if !strings.HasPrefix(token, want) {
			t.Errorf("%s: token begins %s, want %s", rule.Purpose, token[:6], want)
		}
	}
}

func TestSameLinkGivesTheSameToken(t *testing.T) {
	_, client := newKMS(t)
	m, link := newMinter(client), linkFor(dsr.FollowCase)
	first := mint(t, m, link)
	link.Epoch = 5
	if again := mint(t, m, link); again != first {
		t.Error("a letter sent again would hold another link")
	}
}

func TestMinterRefusesWhatItCannotSign(t *testing.T) {
	e, client := newKMS(t)
	for name, spoil := range map[string]func(*keyring.Minter, *dsr.Link){
		"link without id":            func(_ *keyring.Minter, l *dsr.Link) { l.ID = dsr.LinkID{} },
		"unknown purpose":            func(_ *keyring.Minter, l *dsr.Link) { l.Purpose = "other" },
		"no stage":                   func(m *keyring.Minter, _ *dsr.Link) { m.Stage = "" },
		"kid of three":               func(m *keyring.Minter, _ *dsr.Link) { m.StaffKid = "k12" },
		"no kid":                     func(m *keyring.Minter, _ *dsr.Link) { m.StaffKid = "" },
		"no key":                     func(m *keyring.Minter, _ *dsr.Link) { m.StaffKey = "" },
		"one key for both audiences": func(m *keyring.Minter, _ *dsr.Link) { m.SubjectKey = m.StaffKey },
		"one kid for both audiences": func(m *keyring.Minter, _ *dsr.Link) { m.SubjectKid = m.StaffKid },
	} {
		t.Run(name, func(t *testing.T) {
			m, link := newMinter(client), linkFor(dsr.Decide)
			spoil(&m, &link)
			token, err := m.Mint(t.Context(), link)
			wantTrouble(t, err)
			if token != "" {
				t.Error("a token was given beside the error")
			}
		})
	}
	if n := e.asked("GenerateMac"); n != 0 {
		t.Errorf("KMS was asked %d times", n)
	}
}

func TestTagOfAnotherLengthIsNoTag(t *testing.T) {
	_, client := newKMS(t)
	for _, size := range []int{0, 31, 33, 64} {
		m := newMinter(client)
		m.GenerateMac = func(context.Context, *kms.GenerateMacInput, ...func(*kms.Options)) (*kms.GenerateMacOutput, error) {
			return &kms.GenerateMacOutput{Mac: make([]byte, size)}, nil
		}
		_, err := m.Mint(t.Context(), linkFor(dsr.Decide))
		wantTrouble(t, err)
	}
}

func TestMintingFailsWhenKMSIsDown(t *testing.T) {
	_, err := newMinter(down(t)).Mint(t.Context(), linkFor(dsr.Decide))
	wantTrouble(t, err)
}
