package casework_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

// Each attempt stored the open package, and could not write that down. None lies
// there for an hour: the next attempt removes it, before it stores its own.
func TestNextAttemptRemovesWhatTheEarlierStored(t *testing.T) {
	p, link := ready(t)
	p.freshCode(link)
	ref := p.newestOf(dsr.HandoutFile).Ref
	for n := range 2 {
		commits := 0
		p.onCall = func(call string, side caseworktest.Phase) error {
			if call == "Commit" && side == caseworktest.Before {
				if commits++; commits > 1 {
					return errPort
				}
			}
			return nil
		}
		if err := p.packing.Attend(t.Context(), p.now, ref); !errors.Is(err, errPort) {
			t.Fatalf("attempt %d gave %v", n+1, err)
		}
		p.onCall = nil
		if open := p.open(); len(open) != 1 || open[0] != p.row(ref).Paths[n] {
			t.Fatalf("after attempt %d %q lie open", n+1, open)
		}
		p.now = p.now.Add(17 * time.Minute)
	}
	calls := len(p.calls)
	must(t, p.packing.Attend(t.Context(), p.now, ref))
	if open := p.open(); len(open) != 1 || open[0] != p.row(ref).Path() {
		t.Errorf("%q lie open", open)
	}
	acts := p.calls[calls:]
	if slices.Index(acts, "RemoveFile") > slices.Index(acts, "PutFile") {
		t.Errorf("it stores a second before it removes the first: %v", acts)
	}
}

// An attempt that cannot remove what lies there makes no second of it.
func TestAttemptThatCannotRemoveTheEarlierStoresNothing(t *testing.T) {
	p, link := ready(t)
	p.freshCode(link)
	ref := p.newestOf(dsr.HandoutFile).Ref
	p.failing("PutFile", caseworktest.After)
	_ = p.packing.Attend(t.Context(), p.now, ref)
	p.now = p.now.Add(17 * time.Minute)
	p.failing("RemoveFile", caseworktest.Before)
	if err := p.packing.Attend(t.Context(), p.now, ref); !errors.Is(err, errPort) {
		t.Fatalf("it gave %v", err)
	}
	if open := p.open(); len(open) != 1 {
		t.Errorf("%q lie open", open)
	}
}

// open lists the packages that lie open.
func (p *parcels) open() []string {
	return slices.DeleteFunc(p.lying(), func(path string) bool { return !strings.HasPrefix(path, "handout/") })
}
