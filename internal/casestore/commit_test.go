package casestore

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/ledger"
)

// commit stores changes and gives the DynamoDB that has them.
func commit(t *testing.T, changes ...casework.Change) *recorder {
	t.Helper()
	kept := &recorder{}
	store := storeOver(kept)
	for _, change := range changes {
		if err := store.Commit(t.Context(), change); err != nil {
			t.Fatal(err)
		}
	}
	return kept
}

// shorten writes places with short ids, so that a list of them can be read.
func shorten(t *testing.T, list []string) []string {
	t.Helper()
	short := strings.NewReplacer(
		owner(t, "a").String(), "ID",
		"01"+strings.Repeat("00", 31), "H1", "02"+strings.Repeat("00", 31), "H2", "03"+strings.Repeat("00", 31), "H3",
		"attribute_not_exists (pk)", "NEW", "attribute_not_exists(pk)", "NEW",
	)
	out := make([]string, len(list))
	for i, line := range list {
		out[i] = short.Replace(line)
		if before, _, ok := strings.Cut(out[i], pendingPrefix+"0/"); ok {
			out[i] = before + pendingPrefix + "0/LEAF"
		}
	}
	return out
}

func TestOpeningACaseIsOneTransactionWithEveryRow(t *testing.T) {
	want := []string{
		"put cases CASE#ID/CASE NEW",
		"put keys CASE#ID/ NEW",
		"put cases NUMBER#AVG-2026-0001/NUMBER NEW",
		"put cases THREAD#thread/THREAD NEW",
		"put cases CASE#ID/EVENT#00000001 NEW",
		"put cases LEDGER#PENDING#0/LEAF",
		"put cases CASE#ID/LETTER#M01#1 NEW",
		"update cases MAIL#m1/MAIL state IN ('seen', 'reading')",
		"put cases RAW#H1/RAW NEW",
		"update cases MSG#H2/MSG (NEW) OR (until <= '2026-03-05T08:00:00.000000000Z')",
		"put cases SENDER#H3/CASE#ID",
		"update cases SENDER#H3/LATEST#true (NEW) OR (until <= '2026-03-05T08:00:00.000000000Z')",
	}
	if diff := cmp.Diff(want, shorten(t, commit(t, opening(t)).written())); diff != "" {
		t.Errorf("writes (-want +got):\n%s", diff)
	}
}

func TestCaseReadsBackAsItWasStored(t *testing.T) {
	change := opening(t)
	kept := commit(t, change)
	store := storeOver(kept)
	file, err := store.File(t.Context(), change.File.Case.ID)
	if err != nil {
		t.Fatal(err)
	}
	want := change.File.Case
	want.Head = file.Case.Head
	if diff := cmp.Diff(want, file.Case); diff != "" {
		t.Errorf("case (-want +got):\n%s", diff)
	}
	summary, err := store.Summary(t.Context(), want.ID)
	if want.Confidential = (dsr.Confidential{}); err != nil || !cmp.Equal(want, summary) {
		t.Errorf("summary differs: %s %v", cmp.Diff(want, summary), err)
	}
	letter, err := store.Letter(t.Context(), change.Letters[0].Ref)
	if diff := cmp.Diff(change.Letters[0], letter); err != nil || diff != "" {
		t.Errorf("letter (-want +got):\n%s %v", diff, err)
	}
	if len(kept.loose) > 0 {
		t.Errorf("read without consistency: %v", kept.loose)
	}
}

func TestCaseWhoseKeyIsDestroyedIsNotFound(t *testing.T) {
	kept := commit(t, opening(t))
	id := owner(t, "a")
	delete(kept.rows, "keys "+casework.CaseKey(id)+"/")
	if file, err := storeOver(kept).File(t.Context(), id); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("File() = %+v, %v", file, err)
	}
	if _, err := storeOver(kept).Summary(t.Context(), id); err != nil {
		t.Errorf("the skeleton went with the key: %v", err)
	}
	if _, err := storeOver(&recorder{}).Summary(t.Context(), id); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("a case that was never there gives %v", err)
	}
}

func TestEventIsChainedToTheHeadAndWaitsForTheLedger(t *testing.T) {
	change := opening(t)
	change.File.Case.Head = [32]byte{9}
	kept := commit(t, change)
	row := kept.rows["cases "+casework.CaseKey(change.File.Case.ID)+"/EVENT#00000001"]
	entry, prev := row["entry"].(*types.AttributeValueMemberB).Value, row["prev"].(*types.AttributeValueMemberB).Value
	if !bytes.Equal(prev, change.File.Case.Head[:]) {
		t.Errorf("the event follows %x, want %x", prev, change.File.Case.Head)
	}
	summary, err := storeOver(kept).Summary(t.Context(), change.File.Case.ID)
	if err != nil || summary.Head != [32]byte(ledger.Chain(ledger.Hash{9}, entry)) {
		t.Errorf("the head is %x, %v", summary.Head, err)
	}
	if _, ok := kept.rows["cases LEDGER#PENDING#0/"+ledger.Leaf(entry).String()]; !ok {
		t.Error("the event has no leaf")
	}
}

func TestLaterChangeHoldsOnlyForTheCaseThatWasRead(t *testing.T) {
	first := opening(t)
	second := casework.Change{File: first.File, Event: dsr.Event{Seq: 2, Kind: dsr.LetterSent, At: now()}, At: now()}
	second.File.Case.Seq = 2
	second.File.Key = casework.DataKey{}
	second.File.Case.DueAt = time.Time{}
	kept := commit(t, second)
	got := shorten(t, kept.written())
	want := []string{"update cases CASE#ID/CASE seq = '1'", "put cases CASE#ID/EVENT#00000002 NEW", "put cases LEDGER#PENDING#0/LEAF"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("writes (-want +got):\n%s", diff)
	}
	sets, removes := assigned(kept.items[0].Update)
	if slices.Contains(sets, "sealed") || slices.Contains(removes, "sealed") {
		t.Error("a change without the key touches what is sealed")
	}
	if !slices.Equal(removes, []string{"due", "dueAt"}) {
		t.Errorf("removes %v, want the keys of the due index", removes)
	}
}

func TestClosedCaseLeavesTheIndexOfOpenOnes(t *testing.T) {
	change := opening(t)
	change.File.Case.Seq, change.File.Case.State = 2, dsr.Closed
	change.Event.Seq = 2
	_, removes := assigned(commit(t, change).items[0].Update)
	if !slices.Equal(removes, []string{"open", "openBy"}) {
		t.Errorf("removes %v", removes)
	}
}

func TestFirstClaimPutsTheLinkAndLaterOnesDoNot(t *testing.T) {
	waiting := opening(t).Letters[0]
	claimed := waiting
	claimed.State, claimed.Until, claimed.DueAt = dsr.LetterClaimed, now().Add(time.Minute), now().Add(time.Minute)
	link, err := dsr.NewLinkID(strings.NewReader("link of sixteen!"))
	if err != nil {
		t.Fatal(err)
	}
	claimed.Link = dsr.Link{
		ID: link, Purpose: dsr.FollowCase, Owner: waiting.Ref.Case, Rev: 3, Epoch: 2, Asked: 4, IssuedAt: now(), ExpiresAt: now().AddDate(2, 0, 0),
	}
	again := claimed
	again.Until = again.Until.Add(time.Minute)
	kept := &recorder{}
	store := storeOver(kept)
	if err := errors.Join(store.Claim(t.Context(), waiting, claimed), store.Claim(t.Context(), claimed, again)); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"update cases CASE#ID/LETTER#M01#1 (state = 'waiting') AND (until = '')",
		"put cases CASE#ID/LINK#" + link.String() + " NEW",
		"update cases CASE#ID/LETTER#M01#1 (state = 'claimed') AND (until = '2026-03-05T08:01:00.000000000Z')",
	}
	if diff := cmp.Diff(want, shorten(t, kept.written())); diff != "" {
		t.Errorf("writes (-want +got):\n%s", diff)
	}
	stored, err := store.Link(t.Context(), waiting.Ref.Case, link)
	if diff := cmp.Diff(claimed.Link, stored); err != nil || diff != "" {
		t.Errorf("link (-want +got):\n%s %v", diff, err)
	}
	if _, err := store.Link(t.Context(), owner(t, "b"), link); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("the link of another owner gives %v", err)
	}
}

func TestPostedLetterIsFoundByItsIDAtSES(t *testing.T) {
	claimed := opening(t).Letters[0]
	claimed.State, claimed.Until = dsr.LetterClaimed, now()
	posted := claimed
	posted.State, posted.SESID, posted.DueAt = dsr.LetterPosted, "ses-1", time.Time{}
	kept := commit(t, casework.Change{Moves: []casework.LetterMove{{Prior: claimed, Letter: posted}}, At: now()})
	row := kept.rows["cases SENT#ses-1/SENT"]
	if ref, err := LetterRefOf(text(row["letterPk"]), text(row["letterSk"])); err != nil || ref != claimed.Ref {
		t.Errorf("ses-1 leads to %+v, %v", ref, err)
	}
	_, removes := assigned(kept.items[0].Update)
	if !slices.Contains(removes, "due") || !slices.Contains(removes, "dueAt") {
		t.Errorf("removes %v: a letter that was sent is due no more", removes)
	}
}

func TestSentLetterThatMovesOnKeepsTheRowOfItsID(t *testing.T) {
	posted := opening(t).Letters[0]
	posted.State, posted.SESID = dsr.LetterPosted, "ses-1"
	done := posted
	done.DueAt = time.Time{}
	kept := commit(t, casework.Change{Moves: []casework.LetterMove{{Prior: posted, Letter: done}}, At: now()})
	want := []string{"update cases CASE#ID/LETTER#M01#1 (state = 'sent') AND (until = '')"}
	if diff := cmp.Diff(want, shorten(t, kept.written())); diff != "" {
		t.Errorf("writes (-want +got):\n%s", diff)
	}
}

func TestLetterToADataSubjectNamesNoStaff(t *testing.T) {
	for _, to := range []dsr.Addressee{{Requester: true}, {Contact: 1}, {Requester: true, Contact: 2}} {
		to.Staff = dsr.ActorID{1}
		if row := newLetterRow(dsr.Letter{To: to}); row.Staff != "" {
			t.Errorf("a letter to %+v is stored for %s", to, row.Staff)
		}
	}
	if row := newLetterRow(dsr.Letter{To: dsr.Addressee{Staff: dsr.ActorID{1}}}); row.Staff == "" {
		t.Error("a letter to staff is stored for nobody")
	}
}

func TestDecidedCaseGivesUpItsSendersDay(t *testing.T) {
	change := opening(t)
	change.Sender.Prior = owner(t, "b")
	writes := shorten(t, commit(t, change).written())
	want := "update cases SENDER#H3/LATEST#true ((NEW) OR (until <= '2026-03-05T08:00:00.000000000Z')) OR (case = '" + owner(t, "b").String() + "')"
	if !slices.Contains(writes, want) {
		t.Errorf("writes %q lack %q", writes, want)
	}
}

func TestMailForAPersonIsFoundByItsOwner(t *testing.T) {
	mail := dsr.Mail{ID: "m1", Owner: owner(t, "a"), State: dsr.MailPerson}
	kept := commit(t, casework.Change{Mail: &mail, At: now()})
	want := []string{"update cases MAIL#m1/MAIL state IN ('seen', 'reading')", "put cases OWNER#ID/OWNER NEW"}
	if diff := cmp.Diff(want, shorten(t, kept.written())); diff != "" {
		t.Errorf("writes (-want +got):\n%s", diff)
	}
}

func TestMailThatIsPassedOnIsFoundByItsOwnerAndOthersAreNot(t *testing.T) {
	settle, lead := "update cases MAIL#m1/MAIL state IN ('seen', 'reading')", "put cases OWNER#ID/OWNER NEW"
	forward := dsr.LetterRef{OwnerKind: dsr.OwnedByMail, MailID: "m1", Kind: dsr.ForwardLetter, N: 1}
	receipt := dsr.LetterRef{OwnerKind: dsr.OwnedByCase, Case: owner(t, "a"), Kind: dsr.Acknowledgement, N: 1}
	for ref, want := range map[dsr.LetterRef][]string{
		forward: {"put cases MAIL#m1/LETTER#F1#1 NEW", settle, lead}, receipt: {"put cases CASE#ID/LETTER#M01#1 NEW", settle},
	} {
		kept := commit(t, casework.Change{
			Mail:    &dsr.Mail{ID: "m1", Owner: owner(t, "a"), State: dsr.MailOrdinary},
			Letters: []dsr.Letter{{Ref: ref, To: dsr.Addressee{Desk: true}}}, At: now(),
		})
		if diff := cmp.Diff(want, shorten(t, kept.written())); diff != "" {
			t.Errorf("writes (-want +got):\n%s", diff)
		}
	}
}

func TestSettledMailStaysDueUntilItsRawMailIsGone(t *testing.T) {
	for dueAt, want := range map[time.Time][2][]string{
		now().AddDate(0, 0, 7): {{"due", "dueAt", "state"}, nil}, {}: {{"state"}, {"due", "dueAt"}},
	} {
		kept := commit(t, casework.Change{Mail: &dsr.Mail{ID: "m1", State: dsr.MailOrdinary, DueAt: dueAt}, At: now()})
		sets, removes := assigned(kept.items[0].Update)
		if diff := cmp.Diff(want, [2][]string{sets, removes}); diff != "" {
			t.Errorf("due at %s, sets and removes (-want +got):\n%s", dueAt, diff)
		}
	}
}

func TestMailThatWaitsGoesOnOnlyAsItWasRead(t *testing.T) {
	prior := dsr.Mail{ID: "m1", State: dsr.MailPerson, DueAt: now()}
	reminded, opened := prior, prior
	reminded.DueAt, reminded.Notices = now().AddDate(0, 0, 3), 1
	opened.OpenedAt = now()
	const settled = "update cases MAIL#m1/MAIL ((attribute_exists (state)) AND (NOT (state IN ('seen', 'reading')))) AND "
	for _, test := range []struct {
		move          casework.MailMove
		stands        string
		sets, removes []string
	}{
		{casework.MailMove{Prior: prior, Next: reminded}, "(dueAt = '2026-03-05T08:00:00.000000000Z') AND (attribute_not_exists (opened))", []string{"due", "dueAt", "notices"}, []string{"opened"}},
		{casework.MailMove{Prior: prior, Next: opened}, "", []string{"due", "dueAt", "opened"}, []string{"notices"}},
		{casework.MailMove{Prior: opened, Next: dsr.Mail{ID: "m1"}}, "", nil, []string{"due", "dueAt", "notices", "opened"}},
	} {
		kept := commit(t, casework.Change{Waits: &test.move, At: now()})
		sets, removes := assigned(kept.items[0].Update)
		if diff := cmp.Diff([][]string{test.sets, test.removes}, [][]string{sets, removes}); diff != "" {
			t.Errorf("sets and removes (-want +got):\n%s", diff)
		}
		if got := kept.written(); test.stands != "" && !slices.Equal(got, []string{settled + test.stands}) {
			t.Errorf("writes %q", got)
		}
	}
}
