package signedlink_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/signedlink"
)

// edits gives every text that one slip of the pen makes of token: every byte
// in every place, every byte put in anywhere, every character left out, every
// two neighbours swapped, and some wide characters.
func edits(token string) []string {
	var all []string
	wide := []string{"é", "\u2028", "．", "\xc0\xae", "%2E", "\r\n", "=="}
	for at := 0; at <= len(token); at++ {
		for b := range 256 {
			all = append(all, token[:at]+string([]byte{byte(b)})+token[at:])
			if at < len(token) && token[at] != byte(b) {
				all = append(all, token[:at]+string([]byte{byte(b)})+token[at+1:])
			}
		}
		for _, text := range wide {
			all = append(all, token[:at]+text+token[at:], token[:at]+text+token[min(at+1, len(token)):],
				token[:at]+text+token[min(at+len(text), len(token)):])
		}
		if at < len(token) {
			all = append(all, token[:at]+token[at+1:])
		}
		if at+1 < len(token) && token[at] != token[at+1] {
			all = append(all, token[:at]+token[at+1:at+2]+token[at:at+1]+token[at+2:])
		}
	}
	return all
}

func TestNoOneCharacterEditIsAccepted(t *testing.T) {
	d := newDesk()
	token := d.mint(t, "k1", linkFor(dsr.Decide))
	tries, accepted := 0, 0
	for _, edited := range edits(token) {
		if edited == token {
			t.Fatal("an edit that changes nothing")
		}
		tries++
		if _, err := d.verify(t, edited, dsr.Decide, issued); err == nil {
			accepted++
			t.Errorf("accepted %q", edited)
		} else if !errors.Is(err, signedlink.ErrRefused) {
			t.Errorf("%q: %v", edited, err)
		}
	}
	if tries < 64_000 {
		t.Errorf("only %d edits tried", tries)
	}
	t.Logf("%d of %d edits accepted", accepted, tries)
}

// TestL23EveryLinkHasOneSpelling tries every last character of a token. Only two
// of its six bits are part of the tag, so that 64 characters name 4 tags, and
// a decoder that ignores the other four bits gives each tag 16 spellings.
func TestL23EveryLinkHasOneSpelling(t *testing.T) {
	d := newDesk()
	token := d.mint(t, "k1", linkFor(dsr.Decide))
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	spellings := map[[signedlink.TagSize]byte]int{}
	for _, c := range alphabet {
		if u, err := signedlink.Parse(token[:len(token)-1]+string(c), d.kids); err == nil {
			spellings[u.Tag]++
		}
	}
	if len(spellings) != 4 {
		t.Errorf("%d tags parse, want 4", len(spellings))
	}
	for tag, n := range spellings {
		if n != 1 {
			t.Errorf("tag ending in %x has %d spellings", tag[len(tag)-1], n)
		}
	}
}

func TestL18UnknownKidIsRefusedByParse(t *testing.T) {
	d := newDesk()
	link := linkFor(dsr.Decide)
	token := d.mint(t, "k1", link)
	for name, kids := range map[string][]string{
		"none in use": nil, "others": {"k2", "s1"}, "a longer one": {"k1."}, "a shorter one": {"k"}, "upper case": {"K1"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := signedlink.Parse(token, kids)
			wantRefused(t, err, signedlink.UnknownKey)
		})
	}
	if _, err := signedlink.Parse(token, []string{"k2", "k1"}); err != nil {
		t.Errorf("the kid before the present one: %v", err)
	}
}

// TestAnotherFormIsMalformedWhateverItsKid keeps the log from naming a kid in
// something that is no token of ours at all.
func TestAnotherFormIsMalformedWhateverItsKid(t *testing.T) {
	d := newDesk()
	token := d.mint(t, "k1", linkFor(dsr.Decide))
	for _, start := range []string{"l2.", "L1.", "l1-", "eyJ", "\x00\x00\x00"} {
		for _, kid := range []string{"k1", "k9"} {
			_, err := signedlink.Parse(start+kid+token[5:], d.kids)
			wantRefused(t, err, signedlink.Malformed)
		}
	}
}

func TestTagOfAnotherKidOrStageIsForged(t *testing.T) {
	d := newDesk()
	link := linkFor(dsr.Decide)
	claims, err := signedlink.Claims(link)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := d
	elsewhere.stage = "live"
	for name, token := range map[string]string{
		"kid":   signedlink.Encode("s1", claims, d.tag(t, "k1", claims)),
		"stage": elsewhere.mint(t, "k1", link),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := d.verify(t, token, dsr.Decide, issued)
			wantRefused(t, err, signedlink.Forged)
		})
	}
}

func TestMACInputKeepsItsNamesApart(t *testing.T) {
	var claims [signedlink.ClaimsSize]byte
	claims[0] = 1
	input, err := signedlink.MACInput("test", "k1", claims)
	if err != nil {
		t.Fatal(err)
	}
	want := append([]byte("dsr-link/v1\x00\x04test\x02k1"), claims[:]...)
	if !bytes.Equal(input, want) {
		t.Errorf("MAC input %q, want %q", input, want)
	}
	for _, names := range [][2]string{
		{"", "k1"}, {strings.Repeat("s", 256), "k1"}, {"test", ""}, {"test", "k"}, {"test", "k12"}, {"test", "K1"}, {"test", ".."},
	} {
		if _, err := signedlink.MACInput(names[0], names[1], claims); err == nil {
			t.Errorf("stage of %d bytes and kid %q were taken", len(names[0]), names[1])
		}
	}
}

// FuzzParse checks that whatever Parse accepts is exactly what Encode and
// Claims would write, and that everything else is refused as such.
func FuzzParse(f *testing.F) {
	d := newDesk()
	for _, rule := range dsr.PurposeRules() {
		f.Add(d.mint(f, "k1", linkFor(rule.Purpose)))
	}
	f.Add("")
	f.Add("l1.k1." + strings.Repeat("A", 114))
	f.Add("l1.s1." + strings.Repeat("_", 113) + "w")
	f.Fuzz(func(t *testing.T, token string) {
		u, err := signedlink.Parse(token, d.kids)
		if err != nil {
			if !errors.Is(err, signedlink.ErrRefused) {
				t.Errorf("refused with %v", err)
			}
			return
		}
		if again := signedlink.Encode(u.Kid, u.Claims, u.Tag); again != token {
			t.Errorf("%q and %q are one link", token, again)
		}
		if claims, err := signedlink.Claims(u.Link); err != nil || claims != u.Claims {
			t.Errorf("Claims would not write this link: %v", err)
		}
	})
}
