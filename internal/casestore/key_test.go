package casestore

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// owner is an id that is the same in every test.
func owner(t *testing.T, seed string) dsr.OwnerID {
	t.Helper()
	id, err := dsr.NewOwnerID(strings.NewReader(strings.Repeat(seed, 16)))
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// letterRefs gives a letter of every kind of owner.
func letterRefs(t *testing.T) []dsr.LetterRef {
	t.Helper()
	return []dsr.LetterRef{
		{OwnerKind: dsr.OwnedByCase, Case: owner(t, "a"), Kind: dsr.Acknowledgement, N: 1},
		{OwnerKind: dsr.OwnedByCase, Case: owner(t, "a"), Kind: dsr.NewCaseNotice, N: 12},
		{OwnerKind: dsr.OwnedByCase, Case: owner(t, "a"), Kind: dsr.AnswerLetter, N: 1},
		{OwnerKind: dsr.OwnedByCase, Case: owner(t, "a"), Kind: dsr.CodeLetter, N: 1},
		{OwnerKind: dsr.OwnedByCase, Case: owner(t, "a"), Kind: dsr.CodeLetter, N: 12},
		{OwnerKind: dsr.OwnedByCase, Case: owner(t, "a"), Kind: dsr.WaitLetter, N: 1},
		{OwnerKind: dsr.OwnedByMail, MailID: "0102018e-a1b2-000000", Kind: dsr.MailNotice, N: 2},
		{OwnerKind: dsr.OwnedByMail, MailID: "odd#id", Kind: dsr.MailNotice, N: 1},
	}
}

func TestKeyOfALetterLeadsBackToIt(t *testing.T) {
	seen := map[key]bool{}
	for _, ref := range letterRefs(t) {
		at := letterKey(ref)
		if got, err := LetterRefOf(at.pk, at.sk); err != nil || got != ref {
			t.Errorf("%v reads as %+v, %v; want %+v", at, got, err, ref)
		}
		if seen[at] {
			t.Errorf("%v is the key of two letters", at)
		}
		seen[at] = true
		if got, err := dsr.ParseLetterTag(ref.Tag()); err != nil || got != ref {
			t.Errorf("the tag %s reads as %+v, %v", ref.Tag(), got, err)
		}
	}
}

func TestKindOfALetterMayHoldAHyphen(t *testing.T) {
	ref, err := LetterRefOf(casework.CaseKey(owner(t, "a")), "LETTER#M10-code#1")
	if err != nil || ref.Kind != dsr.CodeLetter || ref.N != 1 {
		t.Errorf("the row is letter %+v, %v", ref, err)
	}
	if want := "case_" + owner(t, "a").String() + "_M10-code_1"; ref.Tag() != want {
		t.Errorf("its tag is %s, want %s", ref.Tag(), want)
	}
}

func TestOtherRowsAreNoLetters(t *testing.T) {
	file := casework.CaseKey(owner(t, "a"))
	for _, at := range []key{
		{file, "CASE"},
		{file, "EVENT#00000001"},
		{file, "LINK#abc"},
		{file, "TASK#shop#access"},
		{file, "LETTER#"},
		{file, "LETTER#M01"},
		{file, "LETTER#M01#"},
		{file, "LETTER#M01#x"},
		{file, "LETTER#M01#1#2"},
		{file, "letter#M01#1"},
		{"CASE#short", "LETTER#M01#1"},
		{strings.ToUpper(file), "LETTER#M01#1"},
		{"SENDER#a", "LETTER#M01#1"},
		{"", "LETTER#M01#1"},
		{"MAIL#a", "MAIL"},
		{"", ""},
	} {
		if ref, err := LetterRefOf(at.pk, at.sk); !errors.Is(err, errNotALetter) || ref != (dsr.LetterRef{}) {
			t.Errorf("%v reads as %+v, %v", at, ref, err)
		}
	}
}

// TestKeyOfALetterHasOneSpelling: two spellings would be two rows of one
// letter, each with its own claim.
func TestKeyOfALetterHasOneSpelling(t *testing.T) {
	for _, sk := range []string{"LETTER#M01#01", "LETTER#M01#+1", "LETTER#M01#0", "LETTER#M01#-1"} {
		if ref, err := LetterRefOf(casework.CaseKey(owner(t, "a")), sk); err == nil {
			t.Errorf("%s reads as %+v", sk, ref)
		}
	}
}

func TestRowsOfDifferentKindsNeverShareAKey(t *testing.T) {
	id := owner(t, "a")
	keys := []key{
		caseKey(id), eventKey(id, 1), eventKey(id, 2), mailKey("m"), ownerKey(id), numberKey("AVG-2026-0001"), threadKey("t"),
		sentKey("m"), messageKey([32]byte{1}), rawKey([32]byte{1}), counterKey(2026), counterKey(2027), oldestKey(casework.FunctionSweep),
		latestKey(casework.SenderHash{1}, true), latestKey(casework.SenderHash{1}, false), latestKey(casework.SenderHash{2}, true),
		taskKey(id, "shop", dsr.Access), taskKey(id, "shop", dsr.Erasure), taskKey(id, "shop2", dsr.Access),
		linkKey(casework.CaseKey(id), dsr.LinkID{1}), linkKey(casework.CaseKey(id), dsr.LinkID{2}),
		oldestKey(casework.FunctionRemind), oldestKey(casework.FunctionPurge), sessionKey([32]byte{1}),
		enclosureKey(fileOf(id, dsr.IDCopyFile)), enclosureKey(fileOf(id, dsr.FoundFile)),
		enclosureKey(fileOf(id, dsr.PackageFile)), enclosureKey(fileOf(id, dsr.HandoutFile)),
		dataKeyKey(casework.CaseKey(id)), dataKeyKey(registerOwner(2026)),
	}
	for i, k := range keys {
		if slices.Contains(keys[:i], k) || k.pk == "" {
			t.Errorf("%v stands for two rows, or for none", k)
		}
		if got := len(k.attributes()); (k.sk == "") != (got == 1) {
			t.Errorf("%v has %d attributes", k, got)
		}
	}
}

func TestEventsSortInTheirOrder(t *testing.T) {
	id := owner(t, "a")
	numbers := []int{1, 2, 9, 10, 99, 100, 9_999, 10_000, 99_999_999}
	for i, n := range numbers[1:] {
		if before, after := eventKey(id, numbers[i]).sk, eventKey(id, n).sk; before >= after {
			t.Errorf("event %d sorts as %q, not before %q of %d", numbers[i], before, after, n)
		}
	}
}

func TestStampsSortInTheOrderOfTheirInstants(t *testing.T) {
	amsterdam := time.FixedZone("CET", 3600)
	instants := []time.Time{
		{},
		time.Date(2025, 12, 31, 23, 59, 59, 999_999_999, time.UTC),
		time.Date(2026, 1, 1, 1, 0, 0, 0, amsterdam), // 2026-01-01T00:00Z
		time.Date(2026, 1, 1, 0, 0, 0, 1, time.UTC),
		time.Date(2026, 1, 1, 0, 0, 0, 10, time.UTC),
		time.Date(2026, 1, 1, 0, 0, 1, 0, time.UTC),
		time.Date(2026, 1, 1, 2, 0, 0, 0, amsterdam),
		time.Date(2026, 10, 2, 0, 0, 0, 0, time.UTC),
	}
	for i, at := range instants {
		if got := unstamp(stamp(at)); !got.Equal(at) || got.Location() != time.UTC {
			t.Errorf("%v reads back as %v", at, got)
		}
		if i > 0 && stamp(instants[i-1]) >= stamp(at) {
			t.Errorf("%q does not sort before %q", stamp(instants[i-1]), stamp(at))
		}
		if i > 0 && len(stamp(at)) != len(stampLayout) {
			t.Errorf("%q has another width", stamp(at))
		}
	}
	if got := unstamp("yesterday"); !got.IsZero() {
		t.Errorf("a malformed stamp reads as %v", got)
	}
}

func TestWhatIsDueLiesInTheBucketOfItsDayInUTC(t *testing.T) {
	amsterdam := time.FixedZone("CEST", 7200)
	for _, test := range []struct {
		at          time.Time
		bucket, due string
	}{
		{time.Time{}, "", ""},
		{time.Date(2026, 3, 5, 8, 0, 0, 0, time.UTC), "due#2026-03-05#0", "2026-03-05T08:00:00.000000000Z"},
		{time.Date(2026, 3, 5, 23, 59, 59, 999_999_999, time.UTC), "due#2026-03-05#0", "2026-03-05T23:59:59.999999999Z"},
		{time.Date(2026, 7, 1, 1, 30, 0, 0, amsterdam), "due#2026-06-30#0", "2026-06-30T23:30:00.000000000Z"},
	} {
		if bucket, due := dueOf(test.at); bucket != test.bucket || due != test.due {
			t.Errorf("%v is due in %q at %q, want %q at %q", test.at, bucket, due, test.bucket, test.due)
		}
	}
}

func TestRowOfTheDueIndexNamesWhatFallsDue(t *testing.T) {
	id, at := owner(t, "a"), time.Date(2026, 3, 5, 8, 0, 0, 0, time.UTC)
	letter := letterRefs(t)[0]
	for _, test := range []struct {
		at   key
		want casework.DueEntry
	}{
		{letterKey(letter), casework.DueEntry{Kind: casework.DueLetter, At: at, Letter: letter}},
		{mailKey("m1"), casework.DueEntry{Kind: casework.DueMail, At: at, MailID: "m1"}},
		{caseKey(id), casework.DueEntry{Kind: casework.DueCase, At: at, Case: id}},
	} {
		row := test.at.attributes()
		row["dueAt"] = textValue(stamp(at))
		if got := dueEntry(row); got != test.want {
			t.Errorf("%v is %+v", test.at, got)
		}
	}
	for _, newer := range []key{{"CASE#" + id.String(), "PARCEL#1"}, eventKey(id, 1), {"CASE#x", "CASE"}, {"CASE#x", "LETTER#M01#1"}} {
		if got := dueEntry(newer.attributes()); got.Kind != casework.DueOther {
			t.Errorf("%v falls due as %+v", newer, got)
		}
	}
}

func TestPlacesOfSealedBytesDiffer(t *testing.T) {
	a, b := owner(t, "a"), owner(t, "b")
	seen := map[string]bool{}
	for _, k := range []key{
		caseKey(a), caseKey(b), eventKey(a, 1), eventKey(a, 2), eventKey(b, 1),
		taskKey(a, "shop", dsr.Access), taskKey(a, "shop", dsr.Erasure), taskKey(a, "crm", dsr.Access), taskKey(b, "shop", dsr.Access),
	} {
		if seen[k.place()] {
			t.Errorf("%s is the place of two rows: one's bytes would open in the other", k.place())
		}
		seen[k.place()] = true
	}
	if got, want := caseKey(a).place(), fmt.Sprintf("CASE#%s/CASE", a); got != want {
		t.Errorf("place %q, want %q: what is sealed already would open no more", got, want)
	}
	if got, want := taskKey(a, "shop", dsr.Access).place(), fmt.Sprintf("CASE#%s/TASK#shop#access", a); got != want {
		t.Errorf("place %q, want %q, for which the text of a task is sealed", got, want)
	}
}
