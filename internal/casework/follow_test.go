package casework_test

import (
	"errors"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

// followed gives a desk with a case and the link that was sent to its sender.
func followed(t *testing.T) (*desk, dsr.Link) {
	t.Helper()
	d, ref := opened(t)
	d.send(ref)
	return d, d.letter(ref).Link
}

func TestLinkShowsTheCaseAndNobodysName(t *testing.T) {
	d, link := followed(t)
	d.calls = nil
	status, err := d.following.Status(t.Context(), link)
	if err != nil {
		t.Fatal(err)
	}
	if status.Case.Number != "AVG-2026-0001" || len(status.History) != 2 {
		t.Errorf("case %s with %d events", status.Case.Number, len(status.History))
	}
	if status.Case.Requester != (dsr.Requester{}) {
		t.Error("the page knows who asked")
	}
	for _, event := range status.History {
		if event.Personal != nil {
			t.Errorf("event %s shows what was written", event.Kind)
		}
	}
	if count(d.calls, "Commit")+count(d.calls, "Claim") != 0 {
		t.Errorf("looking changed something: %v", d.calls)
	}
}

func TestLinkOfARevokedEpochIsDead(t *testing.T) {
	d, link := followed(t)
	file, err := d.memory.File(t.Context(), link.Owner)
	if err != nil {
		t.Fatal(err)
	}
	file.Case.LinkEpoch++
	file.Case.Seq++
	event := dsr.Event{Seq: file.Case.Seq, Kind: "LinksRevoked", At: d.now}
	if err := d.memory.Commit(t.Context(), casework.Change{File: file, Event: event, At: d.now}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.following.Status(t.Context(), link); !errors.Is(err, casework.ErrLinkDead) {
		t.Errorf("a revoked link gave %v", err)
	}
}

func TestLinkThatDiffersFromItsRowIsDead(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(*dsr.Link)
	}{
		{"another id", func(l *dsr.Link) { l.ID[0]++ }},
		{"another purpose", func(l *dsr.Link) { l.Purpose = dsr.SignIn }},
		{"another owner", func(l *dsr.Link) { l.Owner[0]++ }},
		{"another revision", func(l *dsr.Link) { l.Rev++ }},
		{"another actor", func(l *dsr.Link) { l.Actor[0]++ }},
		{"issued later", func(l *dsr.Link) { l.IssuedAt = l.IssuedAt.Add(time.Second) }},
		{"expiring later", func(l *dsr.Link) { l.ExpiresAt = l.ExpiresAt.Add(time.Second) }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d, link := followed(t)
			test.spoil(&link)
			if _, err := d.following.Status(t.Context(), link); !errors.Is(err, casework.ErrLinkDead) {
				t.Errorf("gave %v", err)
			}
		})
	}
}

func TestTokenNeedNotKnowTheEpoch(t *testing.T) {
	d, link := followed(t)
	link.Epoch = 99 // no token says it; only the row does
	if _, err := d.following.Status(t.Context(), link); err != nil {
		t.Errorf("gave %v", err)
	}
}

func TestFaultOfTheStoreIsNoDeadLink(t *testing.T) {
	for _, call := range []string{"Link", "File", "History"} {
		d, link := followed(t)
		d.failing(call, caseworktest.Before)
		if _, err := d.following.Status(t.Context(), link); !errors.Is(err, errPort) || errors.Is(err, casework.ErrLinkDead) {
			t.Errorf("with %s failing: %v", call, err)
		}
	}
}
