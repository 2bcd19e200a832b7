package browser

import (
	"context"
	"net/smtp"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// missed looks at a case of which a letter came back.
func (s *stage) missed(t *testing.T) {
	t.Helper()
	number := s.asks(t, "mees@example.com", walkerAsks)
	s.act(t, number, "rechten", nil, "recht", string(dsr.Access))
	s.act(t, number, "klant", nil, "klantnummer", "M-1", "naam", "Mees", "adres1", "bounce+mees@simulator.amazonses.com", "sinds1", "2020-01-01")
	page := s.cast.CasePage(number)
	s.everyPage(t, both("case-undelivered", page))
	s.everyPage(t, sent("case-undelivered-mistake", page, "/bureau/zaken/"+string(number)+"/niet-aangekomen"))
	s.walk(t, "case-undelivered", page)
	s.everyPage(t, both("list-undelivered", s.stack.Addresses().Desk))
	s.act(t, number, "niet-aangekomen", nil, "reden", "De klant is gebeld.")
	back, err := s.cast.Withdraw("mees@example.com", number, "mees@example.com")
	s.must(t, back, err)
}

// mailRead looks at the page behind the link to a mail that a person must read.
func (s *stage) mailRead(t *testing.T) {
	t.Helper()
	at := s.stack.Profile().Intake.Addresses[0]
	if err := smtp.SendMail(s.stack.Addresses().SMTP, nil, "leeg@example.com", []string{at}, []byte("\r\n")); err != nil {
		t.Fatal(err)
	}
	s.rest(t)
	link := s.linkOf(t, handler, "", dsr.OriginalMail)
	s.everyPage(t, both("mail", link))
	s.everyPage(t, sent("mail-mistake", link, "/bureau/mail", "#code", "000000"))
	s.walk(t, "mail", link)
	read, err := s.cast.OpenMail(t.Context(), handler)
	s.must(t, read, err)
	s.everyPage(t, both("mail-over", link))
}

// destroyed looks at what is left of a case after more than a year.
func (s *stage) destroyed(t *testing.T, number dsr.Number) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	id, err := s.stack.Store().CaseOfNumber(ctx, number)
	if err != nil {
		t.Fatal(err)
	}
	// The sample's case would be left alone for a year, and staff reminded each day.
	back, err := s.cast.Withdraw("sanne.bakker@example.com", "AVG-2026-0001", "sanne.bakker@example.com")
	s.must(t, back, err)
	if left, err := s.stack.Advance(ctx, s.stack.Now().Add(370*24*time.Hour)); err != nil || len(left) > 0 {
		t.Fatalf("a year did not pass: %v, left %v", err, left)
	}
	if c, err := s.stack.Store().Summary(ctx, id); err != nil || c.State != dsr.Purged {
		t.Fatalf("case %s is %s, %v", number, c.State, err)
	}
	later := s.asks(t, "later@example.com", walkerAsks)
	s.enter(t, handler, later, dsr.SignIn)
	s.everyPage(t, both("case-purged", s.cast.CasePage(number)))
	s.walk(t, "case-purged", s.cast.CasePage(number))
}
