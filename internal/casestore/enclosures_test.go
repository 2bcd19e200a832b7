package casestore

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// fileOf names a file of a case.
func fileOf(id dsr.OwnerID, kind dsr.EnclosureKind) dsr.EnclosureRef {
	return dsr.EnclosureRef{Case: id, Kind: kind, ID: dsr.OwnerID{7}}
}

// enclosed has something in every field.
func enclosed(t *testing.T, kind dsr.EnclosureKind) dsr.Enclosure {
	t.Helper()
	e := dsr.Enclosure{
		Ref: fileOf(owner(t, "a"), kind), State: dsr.Kept, Mail: dsr.MailedPart{MailID: "m1", N: 2}, Cut: true,
		Paths: []string{"idcopy/x/one", "idcopy/x/two"}, Tries: 2, Size: 3 << 30, SHA256: "abc", Reason: "unseen", Form: "jpeg",
		SeenBy: dsr.ActorID{3}, System: "shop", Right: dsr.Access, Sealed: []byte("sealed"),
		Arrived: now(), Until: now().Add(time.Minute), KeptAt: now().Add(time.Second), GoneAt: now().Add(time.Hour), DueAt: now().AddDate(0, 0, 14),
	}
	for i, fields := 0, reflect.ValueOf(e); i < fields.NumField(); i++ {
		if fields.Field(i).IsZero() {
			t.Fatalf("%s is empty here: a row that drops it would pass", fields.Type().Field(i).Name)
		}
	}
	return e
}

// shortFile writes the id of a file short.
func shortFile(t *testing.T, list []string) []string {
	t.Helper()
	for i, line := range list {
		list[i] = strings.ReplaceAll(line, dsr.OwnerID{7}.String(), "FID")
	}
	return shorten(t, list)
}

func TestFileReadsBackAsItWasStored(t *testing.T) {
	for kind, at := range map[dsr.EnclosureKind]string{
		dsr.IDCopyFile: "FILE#id-copy#FID", dsr.FoundFile: "FILE#found#FID",
		dsr.PackageFile: "PARCEL#package#FID", dsr.HandoutFile: "PARCEL#handout#FID",
	} {
		want := enclosed(t, kind)
		kept := commit(t, casework.Change{Enclosures: []casework.EnclosureMove{{Next: want}}, At: now()})
		if diff := cmp.Diff([]string{"put cases CASE#ID/" + at + " NEW"}, shortFile(t, kept.written())); diff != "" {
			t.Errorf("writes (-want +got):\n%s", diff)
		}
		store := storeOver(kept)
		if got, err := store.EnclosureOf(t.Context(), want.Ref); err != nil || !cmp.Equal(want, got) {
			t.Errorf("EnclosureOf(): %s %v", cmp.Diff(want, got), err)
		}
		if len(kept.loose) > 0 {
			t.Errorf("read without consistency: %v", kept.loose)
		}
		row := kept.rows["cases "+enclosureKey(want.Ref).place()]
		row["seenBy"] = textValue("?")
		if _, err := store.EnclosureOf(t.Context(), want.Ref); !errors.Is(err, dsr.ErrBadID) || !strings.Contains(err.Error(), "who looked at it") {
			t.Errorf("a malformed row gives %v", err)
		}
	}
}

func TestFileGoesOnOnlyFromWhatWasRead(t *testing.T) {
	whole := enclosed(t, dsr.IDCopyFile)
	bare := dsr.Enclosure{Ref: whole.Ref, State: dsr.Announced}
	const at = "update cases CASE#ID/FILE#id-copy#FID "
	until := stamp(whole.Until)
	for want, move := range map[string]casework.EnclosureMove{
		at + "(state = 'announced') AND (until = '') AND (attribute_not_exists (seenBy)) AND (attribute_not_exists (cut))": {
			Prior: bare, Next: whole,
		},
		at + "(state = 'kept') AND (until = '" + until + "') AND (seenBy = '" + whole.SeenBy.String() + "') AND (cut = '')": {
			Prior: whole, Next: bare,
		},
	} {
		kept := commit(t, casework.Change{Enclosures: []casework.EnclosureMove{move}, At: now()})
		if got := shortFile(t, kept.written()); !cmp.Equal([]string{want}, got) {
			t.Errorf("writes (-want +got):\n%s", cmp.Diff([]string{want}, got))
		}
		sets, removes := assigned(kept.items[0].Update)
		for _, name := range enclosureMayLack() {
			for _, always := range sets {
				if name == always && move.Next.State == bare.State {
					t.Errorf("%s stays", name)
				}
			}
		}
		if all := len(sets) + len(removes); all != reflect.TypeFor[enclosureRow]().NumField() {
			t.Errorf("the move writes %d attributes: sets %v, removes %v", all, sets, removes)
		}
	}
}

func TestMoveOfTwoFilesStopsTheWholeChange(t *testing.T) {
	first, kept := enclosed(t, dsr.IDCopyFile), &recorder{}
	second := first
	second.Ref.ID = dsr.OwnerID{8}
	moves := []casework.EnclosureMove{{Next: first}, {Prior: first, Next: second}}
	if err := storeOver(kept).Commit(t.Context(), casework.Change{Enclosures: moves}); !errors.Is(err, errMoved) || len(kept.items) > 0 {
		t.Errorf("Commit() = %v, with %d rows stored", err, len(kept.items))
	}
}

func TestFilesOfACaseAreReadConsistentlyAndInOrder(t *testing.T) {
	late, early := enclosed(t, dsr.FoundFile), enclosed(t, dsr.IDCopyFile)
	late.Arrived = early.Arrived.Add(time.Second)
	rowOf := func(e dsr.Enclosure) attributes {
		row, err := item(enclosureKey(e.Ref), newEnclosureRow(e))
		if err != nil {
			t.Fatal(err)
		}
		return row
	}
	var asked []*dynamodb.QueryInput
	store := &Store{API: paged(&asked, rowOf(late), rowOf(early)), Cases: "cases"}
	got, err := store.EnclosuresOf(t.Context(), early.Ref.Case)
	// The double gives the same rows to both questions: uploads and parcels.
	if diff := cmp.Diff([]dsr.Enclosure{early, early, late, late}, got); err != nil || diff != "" {
		t.Errorf("files (-want +got):\n%s %v", diff, err)
	}
	for _, one := range asked {
		if one.ConsistentRead == nil || !*one.ConsistentRead || one.IndexName != nil {
			t.Error("the files were not read consistently")
		}
	}
	bad := rowOf(early)
	bad["sk"] = textValue("FILE#id-copy")
	store.API = paged(&asked, bad)
	if got, err := store.EnclosuresOf(t.Context(), early.Ref.Case); !errors.Is(err, errNotAFile) || got != nil {
		t.Errorf("a row that is no file gives %v, %v", got, err)
	}
}

func TestKeyOfAFileReadsBackAndHasOneSpelling(t *testing.T) {
	id := owner(t, "a")
	for _, kind := range []dsr.EnclosureKind{dsr.IDCopyFile, dsr.FoundFile, dsr.PackageFile, dsr.HandoutFile} {
		ref := fileOf(id, kind)
		at := enclosureKey(ref)
		if got, err := EnclosureRefOf(at.pk, at.sk); err != nil || got != ref {
			t.Errorf("%v reads as %+v, %v", at, got, err)
		}
	}
	good := enclosureKey(fileOf(id, dsr.IDCopyFile))
	for _, bad := range []key{
		{good.pk, strings.Replace(good.sk, "FILE#", "PARCEL#", 1)},
		{good.pk, strings.Replace(good.sk, "id-copy", "package", 1)},
		{good.pk, strings.Replace(good.sk, "id-copy", "passport", 1)},
		{good.pk, strings.ToUpper(good.sk)},
		{good.pk, good.sk + "#1"},
		{good.pk, "FILE#id-copy#short"},
		{good.pk, "FILE#id-copy"},
		{good.pk, "FILE#"},
		{good.pk, "CASE"},
		{good.pk, "LETTER#M01#1"},
		{"MAIL#m1", good.sk},
		{strings.TrimPrefix(good.pk, casePrefix), good.sk},
		{"", ""},
	} {
		if ref, err := EnclosureRefOf(bad.pk, bad.sk); !errors.Is(err, errNotAFile) || ref != (dsr.EnclosureRef{}) {
			t.Errorf("%v reads as %+v, %v", bad, ref, err)
		}
	}
}

func TestDueRowsOfEveryKindAreTold(t *testing.T) {
	id := owner(t, "a")
	copied, packed := fileOf(id, dsr.IDCopyFile), fileOf(id, dsr.PackageFile)
	for want, at := range map[casework.DueEntry]key{
		{Kind: casework.DueEnclosure, Enclosure: copied}:       enclosureKey(copied),
		{Kind: casework.DueEnclosure, Enclosure: packed}:       enclosureKey(packed),
		{Kind: casework.DueSession, Session: [32]byte{1, 255}}: sessionKey([32]byte{1, 255}),
		{Kind: casework.DueCase, Case: id}:                     caseKey(id),
		{Kind: casework.DueMail, MailID: "m1"}:                 mailKey("m1"),
	} {
		row := at.attributes()
		row["dueAt"] = textValue(stamp(now()))
		want.At = now()
		if got := dueEntry(row); got != want {
			t.Errorf("%v is due as %+v", at, got)
		}
	}
	for _, strange := range []key{
		{casework.CaseKey(id), "FILE#id-copy#short"},
		{casework.CaseKey(id), "PARCEL#found#" + id.String()},
		{"SESSION#abc", "SESSION"},
		{"SESSION#?", "SESSION"},
		{"SESSION#" + strings.Repeat("00", 33), "SESSION"},
		{"X", "Y"},
	} {
		if got := dueEntry(strange.attributes()); got.Kind != casework.DueOther {
			t.Errorf("%v is due as %+v", strange, got)
		}
	}
}

// TestTicketIsStoredWithItsCodeInOneWrite: a transaction that touches a row twice
// is refused by DynamoDB, and by none of its stand-ins.
func TestTicketIsStoredWithItsCodeInOneWrite(t *testing.T) {
	kept, store, link := linked(t, ofCase(t))
	at := casework.LinkRef{Owner: link.Owner, ID: link.ID}
	ticket := &casework.LinkTicket{LinkRef: at, Hash: [32]byte{5}, Until: now()}
	for _, change := range []casework.Change{
		{Code: &casework.LinkCode{LinkRef: at, Codes: 1}, Ticket: ticket}, {Ticket: ticket}, {Ticket: &casework.LinkTicket{LinkRef: at, Until: now()}},
	} {
		if err := store.Commit(t.Context(), change); err != nil {
			t.Fatal(err)
		}
	}
	const lives = "(attribute_exists (id)) AND (attribute_not_exists (spent))"
	var got []string
	for _, item := range kept.items {
		sets, removes := assigned(item.Update)
		got = append(got, plain(item.Update)+" sets "+strings.Join(sets, " ")+" removes "+strings.Join(removes, " "))
	}
	want := []string{
		"(" + lives + ") AND (codes = '1') sets codes ticket ticketUntil removes codeHash codeUntil",
		lives + " sets ticket ticketUntil removes ",
		lives + " sets  removes ticket ticketUntil",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("writes (-want +got):\n%s", diff)
	}
	row := kept.rows["cases "+linkKey(casework.CaseKey(link.Owner), link.ID).place()]
	row["ticket"] = &types.AttributeValueMemberB{Value: bytes.Repeat([]byte{5}, 31)}
	if _, err := store.Link(t.Context(), link.Owner, link.ID); err == nil || !strings.Contains(err.Error(), "its ticket") {
		t.Errorf("a malformed ticket gives %v", err)
	}
}
