package story

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"polarweb.nl/inzage/infra/local/visitor"
	"polarweb.nl/inzage/internal/dsr"
)

// Link gives the newest link for one of some purposes that was sent to an
// address, in a letter that says about.
func (c *Cast) Link(to, about string, purposes ...dsr.Purpose) (string, error) {
	var link string
	_, err := visitor.Newest(c.stack.Addresses().Mailbox, to, func(l visitor.Letter) bool {
		for _, purpose := range purposes {
			rule, _ := purpose.Rule()
			found, leads := l.Link(rule.Path)
			if leads && strings.Contains(l.Text, about) {
				link = found
				return true
			}
		}
		return false
	})
	if err != nil {
		return "", fmt.Errorf("looking for a link to %v: %w", purposes, err)
	}
	return c.here(link), nil
}

// here gives a link where the stack is now. One that was started again may
// listen on another port than its older letters say; the path and the token are
// what counts.
func (c *Cast) here(link string) string {
	old, err := url.Parse(link)
	base, none := url.Parse(c.stack.Addresses().Portal)
	if err != nil || none != nil {
		return link // and whoever opens it sees what is wrong
	}
	old.Host = base.Host
	return old.String()
}

// Reply follows the newest link to a page that a data subject was sent about a
// case, and fills in its form.
func (c *Cast) Reply(to string, number dsr.Number, purpose dsr.Purpose, pairs ...string) (*visitor.Page, error) {
	link, err := c.Link(to, string(number), purpose)
	if err != nil {
		return nil, err
	}
	customer := &visitor.Visitor{}
	page, err := customer.Open(link)
	if err != nil {
		return nil, err
	}
	form, err := page.Form(page.At.Path)
	if err != nil {
		return page, fmt.Errorf("%w: %w", ErrSaidNo, err)
	}
	return c.Send(customer, form, pairs...)
}

// Withdraw follows the link to a case that its sender was sent, and from there the
// one to take the request back. Typed is what they say is their address.
func (c *Cast) Withdraw(from string, number dsr.Number, typed string) (*visitor.Page, error) {
	link, err := c.Link(from, string(number), dsr.FollowCase)
	if err != nil {
		return nil, err
	}
	sender := &visitor.Visitor{}
	page, err := sender.Open(link)
	if err != nil {
		return nil, err
	}
	const path = "/mijn/intrekken"
	for _, one := range page.Links {
		if strings.Contains(one, path+"?") {
			if page, err = sender.Open(one); err != nil {
				return nil, err
			}
			form, err := page.Form(path)
			if err != nil {
				return page, fmt.Errorf("%w: %w", ErrSaidNo, err)
			}
			return c.Send(sender, form, "adres", typed)
		}
	}
	return page, fmt.Errorf("%w: nothing leads to taking the request back", ErrSaidNo)
}

// Collect asks a code for the answer behind the link that came to one address,
// reads the code in the mailbox of another, and gives the page with the answer.
func (c *Cast) Collect(ctx context.Context, to, codeTo string, number dsr.Number) (*visitor.Page, error) {
	link, err := c.Link(to, string(number), dsr.CollectAnswer)
	if err != nil {
		return nil, err
	}
	customer := &visitor.Visitor{}
	page, err := customer.Open(link)
	if err != nil {
		return nil, err
	}
	form, err := page.Form("/mijn/antwoord/code")
	if err != nil {
		return page, fmt.Errorf("%w: %w", ErrSaidNo, err)
	}
	if page, err = c.Send(customer, form, "nummer", string(number)); err != nil {
		return page, err
	}
	left, err := c.stack.Rest(ctx)
	if err != nil {
		return nil, fmt.Errorf("waiting for the code: %w", err)
	}
	if len(left) > 0 {
		return nil, fmt.Errorf("%w: the code waits: %s", errUnsettled, strings.Join(left, ", "))
	}
	code, err := c.code(codeTo, number)
	if err != nil {
		return nil, err
	}
	if form, err = page.Form("/mijn/antwoord"); err != nil {
		return nil, err
	}
	return c.Send(customer, form, "code", code)
}

// code gives the newest one-time code that was sent to an address.
func (c *Cast) code(to string, number dsr.Number) (string, error) {
	var code string
	_, err := visitor.Newest(c.stack.Addresses().Mailbox, to, func(l visitor.Letter) bool {
		var brings bool
		code, brings = l.Code()
		return brings && strings.Contains(l.Text, string(number))
	})
	if err != nil {
		return "", fmt.Errorf("looking for a code: %w", err)
	}
	return code, nil
}
