package signedlink_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/signedlink"
)

func TestLinkThatDoesNotFitIsNotMinted(t *testing.T) {
	for name, spoil := range map[string]func(*dsr.Link){
		"no purpose":              func(l *dsr.Link) { l.Purpose = "" },
		"purpose without number":  func(l *dsr.Link) { l.Purpose = "something-new" },
		"no owner":                func(l *dsr.Link) { l.Owner = dsr.OwnerID{} },
		"no actor":                func(l *dsr.Link) { l.Actor = dsr.ActorID{} },
		"no id":                   func(l *dsr.Link) { l.ID = dsr.LinkID{} },
		"revision below zero":     func(l *dsr.Link) { l.Rev = -1 },
		"revision past 32 bits":   func(l *dsr.Link) { l.Rev = math.MaxUint32 + 1 },
		"issued before 1970":      func(l *dsr.Link) { l.IssuedAt = time.Unix(-1, 0) },
		"issued at no time":       func(l *dsr.Link) { l.IssuedAt = time.Time{} },
		"expires past 32 bits":    func(l *dsr.Link) { l.ExpiresAt = time.Unix(math.MaxUint32+1, 0) },
		"issued within a second":  func(l *dsr.Link) { l.IssuedAt = l.IssuedAt.Add(time.Nanosecond) },
		"expires within a second": func(l *dsr.Link) { l.ExpiresAt = l.ExpiresAt.Add(time.Millisecond) },
		"expires as it begins":    func(l *dsr.Link) { l.ExpiresAt = l.IssuedAt },
		"expires before":          func(l *dsr.Link) { l.ExpiresAt = l.IssuedAt.Add(-time.Second) },
	} {
		t.Run(name, func(t *testing.T) {
			link := linkFor(dsr.Decide)
			spoil(&link)
			claims, err := signedlink.Claims(link)
			if !errors.Is(err, signedlink.ErrUnfit) {
				t.Errorf("error %v, want ErrUnfit", err)
			}
			if errors.Is(err, signedlink.ErrRefused) {
				t.Error("a maker's mistake must not look like a visitor's")
			}
			if claims != [signedlink.ClaimsSize]byte{} {
				t.Error("claims were given beside the error")
			}
		})
	}
}

func TestClaimsHoldTheirLargestValues(t *testing.T) {
	link := linkFor(dsr.CollectAnswer)
	link.Rev = math.MaxUint32
	link.IssuedAt = time.Unix(math.MaxUint32-1, 0).UTC()
	link.ExpiresAt = time.Unix(math.MaxUint32, 0).UTC()
	d := newDesk()
	got, err := d.verify(t, d.mint(t, "k1", link), dsr.CollectAnswer, link.IssuedAt)
	if err != nil || got != link {
		t.Errorf("got %+v, %v; want %+v", got, err, link)
	}
}

// TestL16EveryFieldIsUnderTheTag swaps each field of a good link for that of
// another good link, keeps the tag and expects a forgery (or a refusal before
// that, when the field itself is refused).
func TestL16EveryFieldIsUnderTheTag(t *testing.T) {
	d := newDesk()
	link := linkFor(dsr.Decide)
	other := dsr.Link{
		ID: dsr.LinkID([]byte("another link id.")), Purpose: dsr.Refuse, Owner: dsr.OwnerID([]byte("another owner 16")),
		Rev: 8, Actor: dsr.ActorID([]byte("actor 2.")), IssuedAt: issued.Add(time.Second), ExpiresAt: link.ExpiresAt.Add(time.Hour),
	}
	genuine, err := signedlink.Claims(link)
	if err != nil {
		t.Fatal(err)
	}
	for name, swap := range map[string]func(*dsr.Link){
		"purpose": func(l *dsr.Link) { l.Purpose = other.Purpose },
		"owner":   func(l *dsr.Link) { l.Owner = other.Owner },
		"rev":     func(l *dsr.Link) { l.Rev = other.Rev },
		"actor":   func(l *dsr.Link) { l.Actor = other.Actor },
		"issued":  func(l *dsr.Link) { l.IssuedAt = other.IssuedAt },
		"expires": func(l *dsr.Link) { l.ExpiresAt = other.ExpiresAt },
		"id":      func(l *dsr.Link) { l.ID = other.ID },
	} {
		t.Run(name, func(t *testing.T) {
			altered := link
			swap(&altered)
			claims, err := signedlink.Claims(altered)
			if err != nil {
				t.Fatal(err)
			}
			if claims == genuine {
				t.Fatal("the field is not among the claims")
			}
			token := signedlink.Encode("k1", claims, d.tag(t, "k1", genuine))
			_, err = d.verify(t, token, altered.Purpose, issued)
			wantRefused(t, err, signedlink.Forged)
		})
	}
}

func TestEveryBitOfTheClaimsIsUnderTheTag(t *testing.T) {
	d := newDesk()
	genuine, err := signedlink.Claims(linkFor(dsr.Decide))
	if err != nil {
		t.Fatal(err)
	}
	tag := d.tag(t, "k1", genuine)
	for bit := range 8 * signedlink.ClaimsSize {
		claims := genuine
		claims[bit/8] ^= 1 << (bit % 8)
		if d.tag(t, "k1", claims) == tag {
			t.Errorf("bit %d is not under the tag", bit)
		}
	}
}
