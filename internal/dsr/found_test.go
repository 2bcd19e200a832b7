package dsr_test

import (
	"testing"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

func TestFilesFoundBeforeAnotherMatchAreLeftBehind(t *testing.T) {
	now := time.Date(2026, 3, 2, 11, 0, 0, 0, time.UTC)
	file := func(kind dsr.EnclosureKind, at time.Time) dsr.Enclosure {
		return dsr.Enclosure{Ref: dsr.EnclosureRef{Kind: kind}, Arrived: at}
	}
	var c dsr.Case
	if !c.Found(file(dsr.FoundFile, time.Time{})) || c.Found(file(dsr.IDCopyFile, now)) {
		t.Error("a case that was matched once counts other files than those that were found")
	}
	// The clock that dated the second file was ahead of the one that matches.
	ahead := now.Add(time.Second)
	c.LeaveFiles([]dsr.Enclosure{file(dsr.FoundFile, now), file(dsr.FoundFile, ahead), file(dsr.PackageFile, now.AddDate(1, 0, 0))}, now)
	for _, at := range []time.Time{now.AddDate(0, 0, -1), now, ahead} {
		if c.Found(file(dsr.FoundFile, at)) {
			t.Errorf("what was found at %s is still counted", at)
		}
	}
	if next := c.FoundAt(now); next.After(ahead.Add(time.Minute)) || !c.Found(file(dsr.FoundFile, next)) {
		t.Errorf("what is found now, at %s, is not counted", next)
	}
	if late := now.AddDate(0, 0, 1); !c.FoundAt(late).Equal(late) {
		t.Errorf("a file of %s is dated %s", late, c.FoundAt(late))
	}
}

func TestLaterMatchLeavesEarlierFilesBehindToo(t *testing.T) {
	now := time.Date(2026, 3, 2, 11, 0, 0, 0, time.UTC)
	var c dsr.Case
	c.LeaveFiles(nil, now)
	first := c.Work.MatchedAt
	c.LeaveFiles(nil, now.Add(-time.Hour)) // by a clock that is behind
	if c.Work.MatchedAt.Before(first) {
		t.Errorf("it moved back to %s", c.Work.MatchedAt)
	}
}
