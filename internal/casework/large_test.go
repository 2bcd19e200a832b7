package casework_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

// long is a request whose correspondence is of a size as JSON.
func long(t *testing.T, size int) dsr.Enquiry {
	t.Helper()
	enquiry := request("ans@een.example", "<1@een>", dsr.TrustA)
	enquiry.Letter.Text = ""
	empty, err := json.Marshal(enquiry.Letter)
	if err != nil {
		t.Fatal(err)
	}
	enquiry.Letter.Text = strings.Repeat("x", size-len(empty)-len(`"text":"",`))
	if whole, _ := json.Marshal(enquiry.Letter); len(whole) != size {
		t.Fatalf("the correspondence is %d bytes, want %d", len(whole), size)
	}
	return enquiry
}

// bodies lists what lies in the vault.
func (d *desk) bodies() []string {
	return slices.DeleteFunc(d.objects.Paths(), func(path string) bool { return !strings.HasPrefix(path, "case/") })
}

func TestLargeTextGoesToTheVault(t *testing.T) {
	for size, inVault := range map[int]bool{dsr.MaxRowBody: false, dsr.MaxRowBody + 1: true} {
		d := newDesk(t)
		mail := d.receive("in1", long(t, size))
		history, err := d.memory.History(t.Context(), mail.Case)
		if err != nil {
			t.Fatal(err)
		}
		body := history[0].Body
		if (body != nil) != inVault || len(d.bodies()) != len(history)*btoi(inVault) {
			t.Fatalf("%d bytes: body %v, vault %v", size, body, d.bodies())
		}
		if inVault && !strings.HasPrefix(body.Path, "case/"+mail.Case.String()+"/") {
			t.Errorf("the text lies at %s", body.Path)
		}
	}
}

// btoi is 1 for true.
func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// keptChange remembers the last change committed.
type keptChange struct {
	casework.Cases
	last casework.Change
}

// Commit implements casework.Cases.
func (k *keptChange) Commit(ctx context.Context, change casework.Change) error {
	k.last = change
	return k.Cases.Commit(ctx, change)
}

func TestWhatWasWrittenStaysWithItsEvent(t *testing.T) {
	d := newDesk(t)
	kept := &keptChange{Cases: d.memory}
	d.receiving.Cases = kept
	for i, mail := range []dsr.Enquiry{
		request("ans@een.example", "<1@een>", dsr.TrustA), request("ans@een.example", "<2@een>", dsr.TrustA),
		request("ans@een.example", "<1@een>", dsr.TrustA),
	} {
		d.receive(fmt.Sprintf("in%d", i), mail)
		var written dsr.Correspondence
		if err := json.Unmarshal(kept.last.Event.Personal, &written); err != nil || !reflect.DeepEqual(written, mail.Letter) {
			t.Errorf("event %s holds %+v (%v)", kept.last.Event.Kind, written, err)
		}
		if kept.last.Event.Body != nil {
			t.Errorf("event %s has its text in the vault as well", kept.last.Event.Kind)
		}
	}
}

func TestLargeTextIsSealedForItsPath(t *testing.T) {
	d := newDesk(t)
	var stored []byte
	put := &keptBodies{Bodies: d.objects, stored: &stored}
	d.receiving.Bodies = put
	enquiry := long(t, dsr.MaxRowBody+1)
	mail := d.receive("in1", enquiry)
	file, err := d.memory.File(t.Context(), mail.Case)
	if err != nil {
		t.Fatal(err)
	}
	history, _ := d.memory.History(t.Context(), mail.Case)
	body := history[0].Body
	if sum := sha256.Sum256(stored); body.SHA256 != hex.EncodeToString(sum[:]) {
		t.Errorf("the row says hash %s", body.SHA256)
	}
	plain, err := file.Key.Open(body.Path, stored)
	if err != nil || !strings.Contains(string(plain), enquiry.Letter.Text) {
		t.Errorf("the text does not open at its path: %v", err)
	}
	if _, err := file.Key.Open(body.Path+"x", stored); !errors.Is(err, casework.ErrSealed) {
		t.Errorf("the text opens at another path: %v", err)
	}
}

func TestLoserTakesItsLargeTextAway(t *testing.T) {
	d := newDesk(t)
	mail, enquiry := d.begin("in1", long(t, dsr.MaxRowBody+1))
	d.meanwhile("Commit", func() { d.receive("in2", enquiry) })
	if err := d.receiving.Receive(t.Context(), d.now, mail, enquiry); err != nil {
		t.Fatal(err)
	}
	// One for the mail that won and one for its copy; none for the attempt lost.
	if n := len(d.bodies()); n != 2 {
		t.Errorf("%d texts in the vault, want 2", n)
	}
}

func TestTextOfAnUncertainCommitStays(t *testing.T) {
	for _, phase := range []caseworktest.Phase{caseworktest.Before, caseworktest.After} {
		d := newDesk(t)
		mail, enquiry := d.begin("in1", long(t, dsr.MaxRowBody+1))
		d.failing("Commit", phase)
		if err := d.receiving.Receive(t.Context(), d.now, mail, enquiry); !errors.Is(err, errPort) {
			t.Fatalf("%v", err)
		}
		if n := len(d.bodies()); n != 1 {
			t.Errorf("after a commit that failed %s its effect: %d texts, want 1", phase, n)
		}
	}
}

func TestCaseIsNotStoredWithoutItsLargeText(t *testing.T) {
	d := newDesk(t)
	mail, enquiry := d.begin("in1", long(t, dsr.MaxRowBody+1))
	d.failing("PutBody", caseworktest.Before)
	if err := d.receiving.Receive(t.Context(), d.now, mail, enquiry); !errors.Is(err, errPort) || len(d.memory.AllCases()) != 0 {
		t.Errorf("%v, and %d cases", err, len(d.memory.AllCases()))
	}
}

// keptBodies remembers the last text put into the vault.
type keptBodies struct {
	casework.Bodies
	stored *[]byte
}

// Put implements casework.Bodies.
func (k *keptBodies) Put(ctx context.Context, path string, sealed []byte) error {
	*k.stored = sealed
	return k.Bodies.Put(ctx, path, sealed)
}
