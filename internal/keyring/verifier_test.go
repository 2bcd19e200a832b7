package keyring_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/kms"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/keyring"
	"polarweb.nl/inzage/internal/signedlink"
)

func TestOtherPurposeIsRefusedWithoutAskingKMS(t *testing.T) {
	e, client := newKMS(t)
	m, v, refused := newMinter(client), newVerifier(client), 0
	rules := dsr.PurposeRules()
	for _, made := range rules {
		token := mint(t, m, linkFor(made.Purpose))
		for _, page := range rules {
			if page.Purpose != made.Purpose {
				_, err := v.Verify(t.Context(), token, page.Purpose, issued)
				wantRefused(t, err, signedlink.WrongPurpose)
				refused++
			}
		}
	}
	if want := len(rules) * (len(rules) - 1); refused != want {
		t.Errorf("%d pairs tried, want %d", refused, want)
	}
	if n := e.asked("VerifyMac"); n != 0 {
		t.Errorf("KMS was asked %d times", n)
	}
}

// TestKeyOfTheOtherAudienceOpensNothing signs every purpose with the key it is
// not for, as somebody could who held that one key.
func TestKeyOfTheOtherAudienceOpensNothing(t *testing.T) {
	e, client := newKMS(t)
	crossed := newMinter(client)
	crossed.StaffKid, crossed.SubjectKid = crossed.SubjectKid, crossed.StaffKid
	crossed.StaffKey, crossed.SubjectKey = crossed.SubjectKey, crossed.StaffKey
	for _, rule := range dsr.PurposeRules() {
		token := mint(t, crossed, linkFor(rule.Purpose))
		_, err := newVerifier(client).Verify(t.Context(), token, rule.Purpose, issued)
		wantRefused(t, err, signedlink.UnknownKey)
	}
	if n := e.asked("VerifyMac"); n != 0 {
		t.Errorf("KMS was asked %d times", n)
	}
}

func TestL18DeadAndUnknownLinksAreRefusedWithoutAskingKMS(t *testing.T) {
	e, client := newKMS(t)
	token := mint(t, newMinter(client), linkFor(dsr.Decide))
	for name, c := range map[string]struct {
		token  string
		now    time.Time
		reason signedlink.Reason
	}{
		"expired":     {token, issued.Add(72 * time.Hour), signedlink.Expired},
		"not yet":     {token, issued.Add(-61 * time.Second), signedlink.NotYet},
		"unknown kid": {"l1.k9" + token[5:], issued, signedlink.UnknownKey},
		"no token":    {"", issued, signedlink.Malformed},
		"two tokens":  {token + token, issued, signedlink.Malformed},
		"line end":    {token + "\n", issued, signedlink.Malformed},
		"padding":     {token + "==", issued, signedlink.Malformed},
		"very long":   {strings.Repeat("A", 1<<20), issued, signedlink.Malformed},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := newVerifier(client).Verify(t.Context(), c.token, dsr.Decide, c.now)
			wantRefused(t, err, c.reason)
		})
	}
	if n := e.asked("VerifyMac"); n != 0 {
		t.Errorf("KMS was asked %d times", n)
	}
}

func TestLinkIsGoodUntilItsLastSecond(t *testing.T) {
	_, client := newKMS(t)
	token := mint(t, newMinter(client), linkFor(dsr.Decide))
	for _, now := range []time.Time{issued.Add(-60 * time.Second), issued, issued.Add(72*time.Hour - time.Second)} {
		if _, err := newVerifier(client).Verify(t.Context(), token, dsr.Decide, now); err != nil {
			t.Errorf("at %v: %v", now, err)
		}
	}
}

func TestLinkOfAnotherStageIsForged(t *testing.T) {
	_, client := newKMS(t)
	m := newMinter(client)
	m.Stage = "trial"
	_, err := newVerifier(client).Verify(t.Context(), mint(t, m, linkFor(dsr.Decide)), dsr.Decide, issued)
	wantRefused(t, err, signedlink.Forged)
}

func TestTagThatKMSCallsInvalidIsForged(t *testing.T) {
	_, client := newKMS(t)
	token := mint(t, newMinter(client), linkFor(dsr.Decide))
	v := newVerifier(client)
	v.VerifyMac = func(context.Context, *kms.VerifyMacInput, ...func(*kms.Options)) (*kms.VerifyMacOutput, error) {
		return &kms.VerifyMacOutput{MacValid: false}, nil
	}
	_, err := v.Verify(t.Context(), token, dsr.Decide, issued)
	wantRefused(t, err, signedlink.Forged)
}

// TestNoOneCharacterEditIsAcceptedByKMS puts several other characters in every
// place of a token. Those that leave purpose and times alone reach KMS.
func TestNoOneCharacterEditIsAcceptedByKMS(t *testing.T) {
	e, client := newKMS(t)
	v, token := newVerifier(client), mint(t, newMinter(client), linkFor(dsr.Decide))
	for at := range token {
		for _, c := range "AQgw09-_.\n" {
			if token[at] == byte(c) {
				continue
			}
			edited := token[:at] + string(c) + token[at+1:]
			if link, err := v.Verify(t.Context(), edited, dsr.Decide, issued); !errors.Is(err, signedlink.ErrRefused) || link != (dsr.Link{}) {
				t.Errorf("%q in place %d: %v", c, at, err)
			}
		}
	}
	if n := e.asked("VerifyMac"); n < 500 {
		t.Errorf("only %d of the edits reached KMS", n)
	}
}

func TestTwoKidsOfOneAudienceAreInUseAtOnce(t *testing.T) {
	_, client := newKMS(t)
	old := newMinter(client)
	old.StaffKid, old.StaffKey = "k0", "old-staff-key"
	v := newVerifier(client)
	v.StaffKeys = map[string]string{"k0": "old-staff-key", "k1": "staff-key"}
	for _, m := range []keyring.Minter{old, newMinter(client)} {
		if _, err := v.Verify(t.Context(), mint(t, m, linkFor(dsr.Decide)), dsr.Decide, issued); err != nil {
			t.Errorf("link under %s: %v", m.StaffKid, err)
		}
	}
	_, err := newVerifier(client).Verify(t.Context(), mint(t, old, linkFor(dsr.Decide)), dsr.Decide, issued)
	wantRefused(t, err, signedlink.UnknownKey)
}

func TestVerifierSetUpBadlyBlamesNoLink(t *testing.T) {
	_, client := newKMS(t)
	token := mint(t, newMinter(client), linkFor(dsr.Decide))
	for name, spoil := range map[string]func(*keyring.Verifier){
		"three staff kids":   func(v *keyring.Verifier) { v.StaffKeys["k0"], v.StaffKeys["k2"] = "old-staff-key", "third" },
		"three subject kids": func(v *keyring.Verifier) { v.SubjectKeys["s0"], v.SubjectKeys["s2"] = "second", "third" },
		"a kid of both":      func(v *keyring.Verifier) { v.SubjectKeys = map[string]string{"k1": "subject-key"} },
		"a key of both":      func(v *keyring.Verifier) { v.SubjectKeys = map[string]string{"s1": "staff-key"} },
		"no stage":           func(v *keyring.Verifier) { v.Stage = "" },
	} {
		t.Run(name, func(t *testing.T) {
			v := newVerifier(client)
			spoil(&v)
			_, err := v.Verify(t.Context(), token, dsr.Decide, issued)
			wantTrouble(t, err)
		})
	}
}

func TestTroubleWithKMSIsNotARefusal(t *testing.T) {
	e, client := newKMS(t)
	token := mint(t, newMinter(client), linkFor(dsr.Decide))
	for _, kind := range []string{
		"KMSInternalException", "ThrottlingException", "DisabledException", "NotFoundException",
		"KeyUnavailableException", "AccessDeniedException", "KMSInvalidStateException",
	} {
		t.Run(kind, func(t *testing.T) {
			e.failing(kind)
			_, err := newVerifier(client).Verify(t.Context(), token, dsr.Decide, issued)
			wantTrouble(t, err)
		})
	}
	t.Run("nobody there", func(t *testing.T) {
		_, err := newVerifier(down(t)).Verify(t.Context(), token, dsr.Decide, issued)
		wantTrouble(t, err)
	})
	t.Run("visitor gone", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := newVerifier(client).Verify(ctx, token, dsr.Decide, issued)
		wantTrouble(t, err)
	})
}

// TestNoErrorHoldsAnyOfTheToken collects an error of every sort and looks in
// each for any eight characters of the token.
func TestNoErrorHoldsAnyOfTheToken(t *testing.T) {
	e, client := newKMS(t)
	v, token := newVerifier(client), mint(t, newMinter(client), linkFor(dsr.Decide))
	var all []error
	try := func(v keyring.Verifier, token string, purpose dsr.Purpose, now time.Time) {
		_, err := v.Verify(t.Context(), token, purpose, now)
		all = append(all, err)
	}
	try(v, token+"A", dsr.Decide, issued)
	try(v, "l1.k9"+token[5:], dsr.Decide, issued)
	try(v, token, dsr.Refuse, issued)
	try(v, token, dsr.Decide, issued.AddDate(1, 0, 0))
	try(v, token, dsr.Decide, issued.AddDate(-1, 0, 0))
	try(v, token[:100]+"AAAAAAAAAAAAAAAAAAAA", dsr.Decide, issued)
	try(keyring.Verifier{Stage: "trial", StaffKeys: v.StaffKeys, VerifyMac: v.VerifyMac}, token, dsr.Decide, issued)
	try(newVerifier(down(t)), token, dsr.Decide, issued)
	e.failing("KMSInternalException")
	try(v, token, dsr.Decide, issued)
	_, err := newMinter(client).Mint(t.Context(), linkFor(dsr.Decide))
	for _, err := range append(all, err) {
		if err == nil {
			t.Fatal("a link was honoured")
		}
		text := errorsOf(err)
		for start := 6; start+8 <= len(token); start++ {
			if strings.Contains(text, token[start:start+8]) {
				t.Errorf("the error holds part of the token: %v", err)
				break
			}
		}
	}
}
