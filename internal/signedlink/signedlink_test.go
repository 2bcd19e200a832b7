package signedlink_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/signedlink"
)

// issued is the moment the links of these tests are made.
var issued = time.Date(2026, 3, 5, 8, 0, 0, 0, time.UTC)

// desk checks links whole, as keyring does, but with a key in memory.
type desk struct {
	key   []byte
	stage string
	kids  []string
}

// newDesk gives a desk with a key of its own.
func newDesk() desk {
	return desk{key: []byte("a key only these tests have"), stage: "test", kids: []string{"k1", "s1"}}
}

// tag makes the tag of claims.
func (d desk) tag(t testing.TB, kid string, claims [signedlink.ClaimsSize]byte) [signedlink.TagSize]byte {
	t.Helper()
	input, err := signedlink.MACInput(d.stage, kid, claims)
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha256.New, d.key)
	mac.Write(input)
	return [signedlink.TagSize]byte(mac.Sum(nil))
}

// mint makes the token of link.
func (d desk) mint(t testing.TB, kid string, link dsr.Link) string {
	t.Helper()
	claims, err := signedlink.Claims(link)
	if err != nil {
		t.Fatal(err)
	}
	return signedlink.Encode(kid, claims, d.tag(t, kid, claims))
}

// verify does every check there is.
func (d desk) verify(t testing.TB, token string, purpose dsr.Purpose, now time.Time) (dsr.Link, error) {
	t.Helper()
	u, err := signedlink.Parse(token, d.kids)
	if err != nil {
		return dsr.Link{}, err
	}
	if err := signedlink.Check(u.Link, purpose, now); err != nil {
		return dsr.Link{}, err
	}
	if tag := d.tag(t, u.Kid, u.Claims); !hmac.Equal(tag[:], u.Tag[:]) {
		return dsr.Link{}, signedlink.Forged
	}
	return u.Link, nil
}

// linkFor gives a link of a purpose in which no two fields hold the same.
func linkFor(purpose dsr.Purpose) dsr.Link {
	return dsr.Link{
		ID:        dsr.LinkID([]byte("link id 16 bytes")),
		Purpose:   purpose,
		Owner:     dsr.OwnerID([]byte("owner, 16 bytes.")),
		Rev:       7,
		Actor:     dsr.ActorID([]byte("actor 8b")),
		IssuedAt:  issued,
		ExpiresAt: issued.Add(72 * time.Hour),
	}
}

// wantRefused checks that err refuses for this reason.
func wantRefused(t *testing.T, err error, reason signedlink.Reason) {
	t.Helper()
	if !errors.Is(err, reason) {
		t.Errorf("refused with %v, want %v", err, reason)
	}
	if !errors.Is(err, signedlink.ErrRefused) {
		t.Errorf("%v is not ErrRefused, which is all a visitor may see", err)
	}
}

func TestTokenGivesItsLinkBackForEveryPurpose(t *testing.T) {
	d := newDesk()
	for _, rule := range dsr.PurposeRules() {
		link := linkFor(rule.Purpose)
		token := d.mint(t, "k1", link)
		if len(token) != 120 {
			t.Errorf("%s: token of %d characters, want 120", rule.Purpose, len(token))
		}
		got, err := d.verify(t, token, rule.Purpose, issued)
		if err != nil {
			t.Errorf("%s: %v", rule.Purpose, err)
		}
		if diff := cmp.Diff(link, got); diff != "" {
			t.Errorf("%s: link changed on its way (-want +got):\n%s", rule.Purpose, diff)
		}
	}
}

func TestEpochStaysOnTheLinkRow(t *testing.T) {
	link := linkFor(dsr.Decide)
	plain, err := signedlink.Claims(link)
	if err != nil {
		t.Fatal(err)
	}
	link.Epoch = 3
	if raised, err := signedlink.Claims(link); err != nil || raised != plain {
		t.Errorf("claims changed with the epoch, or failed: %v", err)
	}
}

func TestEveryPurposeIsRefusedOnEveryOtherPage(t *testing.T) {
	d, refused := newDesk(), 0
	rules := dsr.PurposeRules()
	for _, made := range rules {
		token := d.mint(t, "k1", linkFor(made.Purpose))
		for _, page := range rules {
			if page.Purpose == made.Purpose {
				continue
			}
			_, err := d.verify(t, token, page.Purpose, issued)
			wantRefused(t, err, signedlink.WrongPurpose)
			refused++
		}
	}
	if want := len(rules)*len(rules) - len(rules); refused != want {
		t.Errorf("%d pairs tried, want %d", refused, want)
	}
}

func TestPurposeIsComparedBeforeAnythingElse(t *testing.T) {
	link := linkFor(dsr.Decide)
	for _, now := range []time.Time{issued.Add(-time.Hour), issued, link.ExpiresAt.Add(time.Hour)} {
		wantRefused(t, signedlink.Check(link, dsr.Refuse, now), signedlink.WrongPurpose)
	}
}

func TestLinkIsDeadFromItsExpiryOn(t *testing.T) {
	link := linkFor(dsr.Decide)
	for _, c := range []struct {
		name    string
		now     time.Time
		refused bool
	}{
		{"a second before", link.ExpiresAt.Add(-time.Second), false},
		{"a nanosecond before", link.ExpiresAt.Add(-time.Nanosecond), false},
		{"at its expiry", link.ExpiresAt, true},
		{"a second after", link.ExpiresAt.Add(time.Second), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := signedlink.Check(link, dsr.Decide, c.now)
			if !c.refused && err != nil {
				t.Errorf("refused: %v", err)
			}
			if c.refused {
				wantRefused(t, err, signedlink.Expired)
			}
		})
	}
}

func TestLinkMayBeIssuedSixtySecondsAheadAndNoMore(t *testing.T) {
	link := linkFor(dsr.Decide)
	for ahead, refused := range map[time.Duration]bool{
		59 * time.Second:                 false,
		60 * time.Second:                 false,
		60*time.Second + time.Nanosecond: true,
		61 * time.Second:                 true,
	} {
		err := signedlink.Check(link, dsr.Decide, issued.Add(-ahead))
		if !refused && err != nil {
			t.Errorf("%v ahead: refused: %v", ahead, err)
		}
		if refused {
			wantRefused(t, err, signedlink.NotYet)
		}
	}
}

func TestReasonsHoldNothingOfTheToken(t *testing.T) {
	d := newDesk()
	token := d.mint(t, "k1", linkFor(dsr.Decide))
	for _, bad := range []string{token[1:], token + "A", "l1.k9" + token[5:], token[:119] + "*"} {
		_, err := signedlink.Parse(bad, d.kids)
		if err == nil {
			t.Fatal("a broken token was parsed")
		}
		for start := 6; start+8 <= len(bad); start++ {
			if strings.Contains(err.Error(), bad[start:start+8]) {
				t.Errorf("the error holds part of the token: %v", err)
			}
		}
	}
}
