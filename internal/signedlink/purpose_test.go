package signedlink_test

import (
	"testing"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/signedlink"
)

// TestPurposeNumbersNeverChange pins every number. A failure here is never
// mended by changing this table: links in people's mailboxes carry the numbers.
func TestPurposeNumbersNeverChange(t *testing.T) {
	numbers := map[dsr.Purpose]byte{
		"sign-in":            1,
		"decide":             2,
		"approve-release":    3,
		"approve-erasure":    4,
		"extend":             5,
		"refuse":             6,
		"identity-verdict":   7,
		"is-request":         8,
		"is-no-request":      9,
		"release-quarantine": 10,
		"original-mail":      11,
		"confirm-mailbox":    12,
		"stop-erasure":       13,
		"follow-case":        14,
		"upload-id-copy":     15,
		"collect-answer":     16,
	}
	for purpose, number := range numbers {
		claims, err := signedlink.Claims(linkFor(purpose))
		if err != nil {
			t.Errorf("%s: %v", purpose, err)
		}
		if claims[0] != number {
			t.Errorf("%s has number %d, want %d", purpose, claims[0], number)
		}
	}
	for _, rule := range dsr.PurposeRules() {
		if numbers[rule.Purpose] == 0 {
			t.Errorf("%s has no number in this table yet", rule.Purpose)
		}
	}
}

func TestNumbersWithoutAPurposeAreRefused(t *testing.T) {
	d := newDesk()
	for number := range 256 {
		claims, err := signedlink.Claims(linkFor(dsr.SignIn))
		if err != nil {
			t.Fatal(err)
		}
		claims[0] = byte(number)
		_, err = signedlink.Parse(signedlink.Encode("k1", claims, d.tag(t, "k1", claims)), d.kids)
		if known := number >= 1 && number <= 16; known {
			if err != nil {
				t.Errorf("number %d: %v", number, err)
			}
			continue
		}
		wantRefused(t, err, signedlink.Malformed)
	}
}
