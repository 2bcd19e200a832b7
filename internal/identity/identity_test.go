package identity_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/identity"
)

// shipped is a policy like that of the shipped organisation file.
func shipped() identity.Policy {
	return identity.Policy{
		dsr.Access:             {dsr.ByMailbox, dsr.ByIDCopy},
		dsr.Rectification:      {dsr.ByMailbox},
		dsr.Erasure:            {dsr.ByMailbox, dsr.ByLogin},
		dsr.ObjectionMarketing: {dsr.ByNothing},
	}
}

func TestSeveralRightsNeedWhatTheStrictestNeeds(t *testing.T) {
	for name, c := range map[string]struct {
		rights []dsr.Right
		want   []dsr.Means
	}{
		"one right":                    {[]dsr.Right{dsr.Rectification}, []dsr.Means{dsr.ByMailbox}},
		"a stricter one beside it":     {[]dsr.Right{dsr.Rectification, dsr.Access}, []dsr.Means{dsr.ByMailbox, dsr.ByIDCopy}},
		"each means once, light first": {[]dsr.Right{dsr.Access, dsr.Erasure}, []dsr.Means{dsr.ByMailbox, dsr.ByLogin, dsr.ByIDCopy}},
		"nothing at all":               {[]dsr.Right{dsr.ObjectionMarketing}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := shipped().Needed(c.rights)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNoPolicyIsNoPermission(t *testing.T) {
	if _, err := shipped().Needed([]dsr.Right{dsr.Access, dsr.Portability}); !errors.Is(err, identity.ErrNoPolicy) {
		t.Errorf("a right without a policy: %v, want ErrNoPolicy", err)
	}
	if _, err := (identity.Policy{}).Needed([]dsr.Right{dsr.ObjectionMarketing}); !errors.Is(err, identity.ErrNoPolicy) {
		t.Errorf("an empty policy: %v, want ErrNoPolicy", err)
	}
}

func TestALighterMeansStandsInForACopyOnly(t *testing.T) {
	needed := []dsr.Means{dsr.ByMailbox, dsr.ByIDCopy}
	for name, c := range map[string]struct{ shown, missing []dsr.Means }{
		"nothing shown":              {nil, needed},
		"mailbox alone":              {[]dsr.Means{dsr.ByMailbox}, []dsr.Means{dsr.ByIDCopy}},
		"facts for the copy":         {[]dsr.Means{dsr.ByMailbox, dsr.ByFacts}, nil},
		"login for the copy":         {[]dsr.Means{dsr.ByMailbox, dsr.ByLogin}, nil},
		"facts not for the mailbox":  {[]dsr.Means{dsr.ByFacts}, []dsr.Means{dsr.ByMailbox}},
		"a copy not for the mailbox": {[]dsr.Means{dsr.ByIDCopy}, []dsr.Means{dsr.ByMailbox}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.missing, identity.Missing(needed, c.shown)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOnlyTheMailboxIsNothingStronger(t *testing.T) {
	for _, shown := range [][]dsr.Means{nil, {dsr.ByMailbox}, {dsr.ByNothing, dsr.ByMailbox}} {
		if identity.Stronger(shown) {
			t.Errorf("%v counts as more than the mailbox", shown)
		}
	}
	for _, means := range []dsr.Means{dsr.ByFacts, dsr.ByLogin, dsr.ByIDCopy} {
		if !identity.Stronger([]dsr.Means{means}) {
			t.Errorf("%s does not count as more than the mailbox", means)
		}
	}
}
