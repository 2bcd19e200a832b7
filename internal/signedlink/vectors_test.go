package signedlink_test

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/signedlink"
)

// vectors is testdata/vectors.json: tokens computed by another program from
// the description of the form. They are fixed; a change of form gets a new
// prefix and a new file.
type vectors struct {
	Key     string          `json:"key"`
	Stage   string          `json:"stage"`
	Kids    []string        `json:"kids"`
	Good    []goodVector    `json:"good"`
	Refused []refusedVector `json:"refused"`
}

// goodVector is a link and every step to its token, bytes as hexadecimal.
type goodVector struct {
	Name     string      `json:"name"`
	Stage    string      `json:"stage"`
	Kid      string      `json:"kid"`
	Purpose  dsr.Purpose `json:"purpose"`
	Owner    string      `json:"owner"`
	Rev      int         `json:"rev"`
	Actor    string      `json:"actor"`
	Issued   int64       `json:"issued"`
	Expires  int64       `json:"expires"`
	ID       string      `json:"id"`
	Claims   string      `json:"claims"`
	MACInput string      `json:"mac_input"`
	Tag      string      `json:"tag"`
	Token    string      `json:"token"`
}

// refusedVector is a token that must not be honoured.
type refusedVector struct {
	Name    string            `json:"name"`
	Purpose dsr.Purpose       `json:"purpose"`
	Now     int64             `json:"now"`
	Token   string            `json:"token"`
	Reason  signedlink.Reason `json:"reason"`
}

// readVectors reads the published vectors.
func readVectors(t *testing.T) (vectors, desk) {
	t.Helper()
	text, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return v, desk{key: unhex(t, v.Key), stage: v.Stage, kids: v.Kids}
}

// unhex reads hexadecimal.
func unhex(t *testing.T, text string) []byte {
	t.Helper()
	raw, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// link gives the link the vector describes.
func (v goodVector) link(t *testing.T) dsr.Link {
	t.Helper()
	return dsr.Link{
		ID: dsr.LinkID(unhex(t, v.ID)), Purpose: v.Purpose, Owner: dsr.OwnerID(unhex(t, v.Owner)),
		Rev: v.Rev, Actor: dsr.ActorID(unhex(t, v.Actor)),
		IssuedAt: time.Unix(v.Issued, 0).UTC(), ExpiresAt: time.Unix(v.Expires, 0).UTC(),
	}
}

func TestPublishedTokensAreMadeAndRead(t *testing.T) {
	published, d := readVectors(t)
	if len(published.Good) < len(dsr.PurposeRules()) {
		t.Fatalf("%d vectors, fewer than there are purposes", len(published.Good))
	}
	for _, v := range published.Good {
		t.Run(v.Name, func(t *testing.T) {
			d := d
			d.stage, d.kids = v.Stage, []string{v.Kid}
			claims, err := signedlink.Claims(v.link(t))
			if err != nil || hex.EncodeToString(claims[:]) != v.Claims {
				t.Fatalf("claims %x, %v; want %s", claims, err, v.Claims)
			}
			input, err := signedlink.MACInput(v.Stage, v.Kid, claims)
			if err != nil || hex.EncodeToString(input) != v.MACInput {
				t.Errorf("MAC input %x, %v; want %s", input, err, v.MACInput)
			}
			if tag := d.tag(t, v.Kid, claims); hex.EncodeToString(tag[:]) != v.Tag {
				t.Errorf("tag %x, want %s", tag, v.Tag)
			}
			if token := d.mint(t, v.Kid, v.link(t)); token != v.Token {
				t.Errorf("token %s, want %s", token, v.Token)
			}
			got, err := d.verify(t, v.Token, v.Purpose, time.Unix(v.Issued, 0))
			if err != nil || got != v.link(t) {
				t.Errorf("link %+v, %v", got, err)
			}
		})
	}
}

func TestPublishedForgeriesAreRefused(t *testing.T) {
	published, d := readVectors(t)
	seen := map[signedlink.Reason]bool{}
	for _, v := range published.Refused {
		t.Run(v.Name, func(t *testing.T) {
			_, err := d.verify(t, v.Token, v.Purpose, time.Unix(v.Now, 0))
			wantRefused(t, err, v.Reason)
		})
		seen[v.Reason] = true
	}
	if len(seen) != 6 {
		t.Errorf("the vectors show %d reasons, want all 6", len(seen))
	}
}
