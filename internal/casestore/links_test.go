package casestore

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// linked is a store with one link, about a case or about a mail.
func linked(t *testing.T, ref dsr.LetterRef) (*recorder, *Store, dsr.Link) {
	t.Helper()
	kept := &recorder{}
	if ref.OwnerKind == dsr.OwnedByMail {
		kept = commit(t, casework.Change{Mail: &dsr.Mail{ID: ref.MailID, Owner: owner(t, "a"), State: dsr.MailPerson}, At: now()})
	}
	store := storeOver(kept)
	link := dsr.Link{ID: dsr.LinkID{1}, Purpose: dsr.CollectAnswer, Owner: owner(t, "a"), Asked: 5, IssuedAt: now(), ExpiresAt: now().AddDate(0, 0, 14)}
	if err := store.Claim(t.Context(), dsr.Letter{Ref: ref}, dsr.Letter{Ref: ref, Link: link}); err != nil {
		t.Fatal(err)
	}
	kept.items = nil
	return kept, store, link
}

// ofCase and ofMail are a letter each.
func ofCase(t *testing.T) dsr.LetterRef {
	return dsr.LetterRef{OwnerKind: dsr.OwnedByCase, Case: owner(t, "a"), Kind: dsr.AnswerLetter, N: 1}
}

func ofMail() dsr.LetterRef {
	return dsr.LetterRef{OwnerKind: dsr.OwnedByMail, MailID: "m1", Kind: dsr.MailNotice, N: 1}
}

func TestLinkIsSpentWhereItLiesAndOnce(t *testing.T) {
	for pk, letter := range map[string]dsr.LetterRef{"CASE#ID": ofCase(t), "MAIL#m1": ofMail()} {
		kept, store, link := linked(t, letter)
		change := casework.Change{Spend: &casework.LinkRef{Owner: link.Owner, ID: link.ID}, At: now()}
		if err := store.Commit(t.Context(), change); err != nil {
			t.Fatal(err)
		}
		want := []string{"update cases " + pk + "/LINK#" + link.ID.String() + " (attribute_exists (id)) AND (attribute_not_exists (spent))"}
		if diff := cmp.Diff(want, shorten(t, kept.written())); diff != "" {
			t.Errorf("writes (-want +got):\n%s", diff)
		}
		if sets, removes := assigned(kept.items[0].Update); !slices.Equal(sets, []string{"spent"}) || removes != nil {
			t.Errorf("sets %v and removes %v", sets, removes)
		}
	}
}

func TestCodeOfALinkIsAHashOnConditionOfItsCount(t *testing.T) {
	const lives = "((attribute_exists (id)) AND (attribute_not_exists (spent))) AND "
	for name, test := range map[string]struct {
		code          casework.LinkCode
		holds         string
		sets, removes []string
	}{
		"the first":  {casework.LinkCode{Sent: true, Hash: [32]byte{1}, Until: now()}, "((attribute_not_exists (codes)) OR (codes = '0'))", []string{"codeHash", "codeUntil", "codes"}, nil},
		"the fourth": {casework.LinkCode{Codes: 3, Sent: true, Hash: [32]byte{1}, Until: now()}, "(codes = '3')", []string{"codeHash", "codeUntil", "codes"}, nil},
		"none":       {casework.LinkCode{Codes: 3, Until: now()}, "(codes = '3')", []string{"codes"}, []string{"codeHash", "codeUntil"}},
	} {
		t.Run(name, func(t *testing.T) {
			kept, store, link := linked(t, ofCase(t))
			test.code.LinkRef = casework.LinkRef{Owner: link.Owner, ID: link.ID}
			if err := store.Commit(t.Context(), casework.Change{Code: &test.code, At: now()}); err != nil {
				t.Fatal(err)
			}
			update := kept.items[0].Update
			if got := plain(update); got != lives+test.holds {
				t.Errorf("holds when %s, want %s", got, lives+test.holds)
			}
			if sets, removes := assigned(update); !slices.Equal(sets, test.sets) || !slices.Equal(removes, test.removes) {
				t.Errorf("sets %v and removes %v", sets, removes)
			}
		})
	}
}

func TestLinkOfTheCaseItselfIsNotLookedFor(t *testing.T) {
	change := opening(t)
	change.Spend = &casework.LinkRef{Owner: change.File.Case.ID, ID: dsr.LinkID{1}}
	store := storeOver(&recorder{})
	store.API.GetItem = nil // would panic
	if err := store.Commit(t.Context(), change); err != nil {
		t.Error(err)
	}
}

func TestLinkThatCannotBeLookedForStopsTheWholeChange(t *testing.T) {
	broken := errors.New("broken")
	kept := &recorder{}
	store := storeOver(kept)
	store.API.GetItem = func(context.Context, *dynamodb.GetItemInput, ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error) {
		return nil, broken
	}
	for name, change := range map[string]casework.Change{
		"spending": {Spend: &casework.LinkRef{}}, "coding": {Code: &casework.LinkCode{}},
	} {
		if err := store.Commit(t.Context(), change); !errors.Is(err, broken) || len(kept.items) > 0 {
			t.Errorf("%s: %v, with %d rows stored", name, err, len(kept.items))
		}
	}
}

func TestLinkKeepsWhatBecameOfItOnItsOwnRow(t *testing.T) {
	kept, store, link := linked(t, ofCase(t))
	marked := link
	marked.Spent, marked.Codes, marked.CodeHash, marked.CodeUntil = true, 2, [32]byte{9}, now()
	row := kept.rows["cases "+linkKey(casework.CaseKey(link.Owner), link.ID).place()]
	row["spent"] = &types.AttributeValueMemberBOOL{Value: true}
	row["codes"] = &types.AttributeValueMemberN{Value: "2"}
	row["codeHash"] = &types.AttributeValueMemberB{Value: marked.CodeHash[:]}
	row["codeUntil"] = textValue(stamp(now()))
	if got, err := store.Link(t.Context(), link.Owner, link.ID); err != nil || got != marked {
		t.Errorf("Link() = %+v, %v", got, err)
	}
	if copied := newLetterRow(dsr.Letter{Link: marked}).Link; *copied != newLinkRow(link) {
		t.Errorf("the letter's copy is %+v", *copied)
	}
	row["codeHash"] = &types.AttributeValueMemberB{Value: []byte{1}}
	if _, err := store.Link(t.Context(), link.Owner, link.ID); err == nil || !strings.Contains(err.Error(), "its code") {
		t.Errorf("a malformed code gives %v", err)
	}
}
