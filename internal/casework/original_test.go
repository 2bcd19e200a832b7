package casework_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// originals gives the act over what the office stores.
func (o *office) originals() casework.Originals {
	return casework.Originals{
		Place: o.receiving.Place, Rules: o.handling.Rules, Cases: o.memory, Letters: o.memory, Mails: o.memory,
		SigningIn: o.handling.SigningIn, MailOf: o.mailOf, OpenRaw: o.objects.Open,
	}
}

// mailOf is a casework.MailOf.
func (o *office) mailOf(_ context.Context, owner dsr.OwnerID) (string, error) {
	for _, mail := range o.memory.AllMails() {
		if mail.Owner == owner {
			return mail.ID, nil
		}
	}
	return "", casework.ErrNotFound
}

// noticed gives an office with a mail that a person must look at, and the link to
// it in the notice to els.
func noticed(t *testing.T) (*office, dsr.Link) {
	t.Helper()
	o := newOffice(t, dsr.Access)
	o.objects.PutRaw("in2", []byte("raw"))
	o.receive("in2", dsr.Enquiry{Kind: dsr.KindUnreadable, Reason: "empty"})
	o.send(ofMail("in2", 1))
	o.now = o.now.Add(30 * time.Second)
	return o, o.letter(ofMail("in2", 1)).Link
}

func TestOriginalIsGivenOnceForLinkAndCode(t *testing.T) {
	o, link := noticed(t)
	if mail, err := o.originals().Look(t.Context(), link); err != nil || mail.ID != "in2" {
		t.Fatalf("looking gave %q, %v", mail.ID, err)
	}
	if id, err := o.originals().Open(t.Context(), o.now, link, o.code("els")); err != nil || id != "in2" {
		t.Fatalf("it gave %q, %v", id, err)
	}
	o.now = o.now.Add(30 * time.Second)
	if id, err := o.originals().Open(t.Context(), o.now, link, o.code("els")); id != "" || !errors.Is(err, casework.ErrDecided) {
		t.Errorf("a second time it gave %q, %v", id, err)
	}
	if _, err := o.originals().Look(t.Context(), link); !errors.Is(err, casework.ErrDecided) {
		t.Errorf("its page shows %v: whoever types a code there wastes it", err)
	}
}

func TestLinkForAnotherUseOfAMailGivesNoOriginal(t *testing.T) {
	o, _ := noticed(t)
	other := o.letter(ofMail("in2", 2))
	other.Ref.N, other.Purpose = 3, dsr.IsNoRequest
	must(t, o.memory.Commit(t.Context(), casework.Change{Letters: []dsr.Letter{other}, At: o.now}))
	o.send(other.Ref)
	if id, err := o.originals().Open(t.Context(), o.now, o.letter(other.Ref).Link, o.code("gea")); id != "" || !errors.Is(err, casework.ErrLinkDead) {
		t.Errorf("it gave %q, %v", id, err)
	}
}

func TestOriginalIsNotGivenWithoutLinkCodeAndMail(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(o *office, link *dsr.Link, code *string)
		want  error
	}{
		"another's code":    {func(o *office, _ *dsr.Link, code *string) { *code = o.code("gea") }, casework.ErrCode},
		"another purpose":   {func(_ *office, l *dsr.Link, _ *string) { l.Purpose = dsr.SignIn }, casework.ErrLinkDead},
		"another actor":     {func(o *office, l *dsr.Link, _ *string) { l.Actor = o.actor("gea") }, casework.ErrLinkDead},
		"another link":      {func(_ *office, l *dsr.Link, _ *string) { l.ID[0]++ }, casework.ErrLinkDead},
		"another owner":     {func(o *office, l *dsr.Link, _ *string) { l.Owner = o.id }, casework.ErrLinkDead},
		"a mail that ended": {func(o *office, _ *dsr.Link, _ *string) { must(o.t, o.objects.Remove(o.t.Context(), "in2")) }, casework.ErrGone},
	} {
		t.Run(name, func(t *testing.T) {
			o, link := noticed(t)
			code := o.code("els")
			genuine, right := link, code
			test.spoil(o, &link, &code)
			id, err := o.originals().Open(t.Context(), o.now, link, code)
			if id != "" || !errors.Is(err, test.want) {
				t.Errorf("it gave %q, %v, want %v", id, err, test.want)
			}
			o.objects.PutRaw("in2", []byte("raw"))
			if id, err := o.originals().Open(t.Context(), o.now, genuine, right); err != nil || id != "in2" {
				t.Errorf("the attempt used the link up: %v", err)
			}
		})
	}
}

func TestGuessesAtAnOriginalUseItsLinkUp(t *testing.T) {
	o, link := noticed(t)
	for range casework.MaxTries {
		if _, err := o.originals().Open(t.Context(), o.now, link, o.code("gea")); !errors.Is(err, casework.ErrCode) {
			t.Fatal(err)
		}
	}
	if id, err := o.originals().Open(t.Context(), o.now, link, o.code("els")); id != "" || !errors.Is(err, casework.ErrLinkDead) {
		t.Errorf("it gave %q, %v", id, err)
	}
}

func TestOfTwoWhoOpenOneLinkOneGetsTheMail(t *testing.T) {
	o, link := noticed(t)
	var inner error
	o.meanwhile("Commit", func() {
		later := o.now.Add(30 * time.Second)
		o.now, later = later, o.now
		_, inner = o.originals().Open(t.Context(), o.now, link, o.code("els"))
		o.now = later
	})
	_, outer := o.originals().Open(t.Context(), o.now, link, o.code("els"))
	exactlyOne(t, outer, inner)
}

// views lists which items of the case were looked at.
func (o *office) views() (items []string) {
	o.t.Helper()
	history, err := o.memory.History(o.t.Context(), o.id)
	must(o.t, err)
	for _, event := range history {
		if event.Kind == dsr.Viewed {
			items = append(items, event.Facts["item"]+" "+event.Facts["mail"]+" "+event.Actor.String())
		}
	}
	return items
}

func TestEachOpeningOfACasesMailIsWrittenDown(t *testing.T) {
	o := newOffice(t, dsr.Access)
	o.objects.PutRaw("in1", []byte("raw"))
	sheet := o.sheet("els")
	for range 2 {
		must(t, o.originals().OpenOfCase(t.Context(), o.now, sheet.Session, o.id, "in1"))
	}
	want := "mail in1 " + o.actor("els").String()
	if got := o.views(); !slices.Equal(got, []string{want, want}) {
		t.Errorf("written down is %v", got)
	}
	if c := o.file(o.id); c.Rev != sheet.Rev {
		t.Errorf("looking raised Rev to %d", c.Rev)
	}
	o.whole()
}

func TestMailOfACaseIsNotGivenUnseen(t *testing.T) {
	for name, test := range map[string]struct {
		spoil  func(*office)
		mailID string
		want   error
	}{
		"a mail of another case": {func(o *office) {
			o.receive("in2", asking(request("bas@twee.example", "<2@twee>", dsr.TrustA), "two", dsr.Access))
		}, "in2", casework.ErrNotFound},
		"a mail without a case": {func(o *office) { o.receive("in2", dsr.Enquiry{Kind: dsr.KindUnreadable}) }, "in2", casework.ErrNotFound},
		"no mail at all":        {func(*office) {}, "in9", casework.ErrNotFound},
		"a mail that was removed": {func(o *office) {
			must(o.t, o.objects.Remove(o.t.Context(), "in1"))
		}, "in1", casework.ErrGone},
		"somebody who left": {func(o *office) {
			o.withStaff(func(staff []organisation.Staff) { staff[0].Active = false })
		}, "in1", casework.ErrNotStaff},
		"what cannot be written down": {func(o *office) { o.failing("Commit", "before") }, "in1", errPort},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t, dsr.Access)
			o.objects.PutRaw("in1", []byte("raw"))
			o.objects.PutRaw("in2", []byte("raw"))
			session := o.sheet("els").Session
			test.spoil(o)
			if err := o.originals().OpenOfCase(t.Context(), o.now, session, o.id, test.mailID); !errors.Is(err, test.want) {
				t.Errorf("it gave %v, want %v", err, test.want)
			}
			if got := o.views(); len(got) != 0 {
				t.Errorf("written down is %v", got)
			}
		})
	}
}

func TestNobodyOpensTheMailOfTheirOwnRequest(t *testing.T) {
	o := newOffice(t, dsr.Access)
	session := o.sheet("els").Session
	mail := o.receive("in2", asking(request("els@staff.example", "<2@elders>", dsr.TrustA), "two", dsr.Access))
	o.objects.PutRaw("in2", []byte("raw"))
	if err := o.originals().OpenOfCase(t.Context(), o.now, session, mail.Case, "in2"); !errors.Is(err, casework.ErrOwnRequest) {
		t.Errorf("it gave %v", err)
	}
}
