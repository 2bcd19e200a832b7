package story

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"polarweb.nl/inzage/infra/local/stack"
	"polarweb.nl/inzage/infra/local/visitor"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// Cast are the people around a running stack, each with a browser of their own.
// They know what their letters and the pages show, and use nothing else; the
// staff also have the telephone with their codes. The demonstration plays with
// them, and so do the tests of the whole stack.
type Cast struct {
	stack    *stack.Stack
	browsers map[string]*visitor.Visitor // of the staff, by id
}

// NewCast gives people who have done nothing yet.
func NewCast(s *stack.Stack) *Cast {
	return &Cast{stack: s, browsers: map[string]*visitor.Visitor{}}
}

// Approving lists what links to decide on a draft are for.
func Approving() []dsr.Purpose {
	return []dsr.Purpose{dsr.ApproveRelease, dsr.ApproveErasure, dsr.Refuse}
}

// ErrSaidNo is returned when a page answers a form with anything but a yes.
var ErrSaidNo = errors.New("the page says no")

// errNoMember is returned for somebody whom the organisation file does not name.
var errNoMember = errors.New("no such member of staff")

// member gives a member of staff by id.
func (c *Cast) member(id string) (organisation.Staff, error) {
	staff := c.stack.Profile().Staff
	at := slices.IndexFunc(staff, func(m organisation.Staff) bool { return m.ID == id })
	if at < 0 {
		return organisation.Staff{}, fmt.Errorf("%w: %s", errNoMember, id)
	}
	return staff[at], nil
}

// Browser gives the browser of a member of staff.
func (c *Cast) Browser(id string) *visitor.Visitor {
	if c.browsers[id] == nil {
		c.browsers[id] = &visitor.Visitor{}
	}
	return c.browsers[id]
}

// CasePage gives the address of a case at the desk.
func (c *Cast) CasePage(number dsr.Number) string {
	return c.stack.Addresses().Desk + "/zaken/" + string(number)
}

// codeTime is longer than any code counts: after it a member of staff has a code
// that was never used.
const codeTime = 2 * time.Minute

// NewCode waits for a fresh code of a member of staff, and gives it.
func (c *Cast) NewCode(ctx context.Context, id string) (string, error) {
	if _, err := c.stack.Advance(ctx, c.stack.Now().Add(codeTime)); err != nil {
		return "", err
	}
	return c.stack.Code(id)
}

// Enter opens the page of a case as a member of staff, who signs in when needed.
func (c *Cast) Enter(ctx context.Context, number dsr.Number, id string) (*visitor.Page, error) {
	page, err := c.Browser(id).Open(c.CasePage(number))
	if err != nil || page.Status == http.StatusOK {
		return page, err
	}
	if page, err = c.SignIn(ctx, number, id, dsr.SignIn); err != nil {
		return page, err
	}
	if page.At.Path == "/bureau/zaken/"+string(number) {
		return page, nil
	}
	return c.Browser(id).Open(c.CasePage(number))
}

// SignIn follows the newest link for one of some purposes that a member of staff
// was sent about a case, types the code, and gives the page this leads to.
func (c *Cast) SignIn(ctx context.Context, number dsr.Number, id string, purposes ...dsr.Purpose) (*visitor.Page, error) {
	member, err := c.member(id)
	if err != nil {
		return nil, err
	}
	link, err := c.Link(member.Email, string(number), purposes...)
	if err != nil {
		return nil, err
	}
	page, err := c.Browser(id).Open(link)
	if err != nil {
		return nil, err
	}
	form, err := page.Form(page.At.Path)
	if err != nil {
		return page, fmt.Errorf("%w: %w", ErrSaidNo, err)
	}
	code, err := c.NewCode(ctx, id)
	if err != nil {
		return nil, err
	}
	return c.Send(c.Browser(id), form, "code", code)
}

// OpenMail follows the newest link to a mail that a member of staff was sent, types
// the code, and gives what this leads to: the mail as it arrived.
func (c *Cast) OpenMail(ctx context.Context, id string) (*visitor.Page, error) {
	return c.SignIn(ctx, "", id, dsr.OriginalMail)
}

// Send fills in a form and sends it; ErrSaidNo with the page that says so.
func (c *Cast) Send(browser *visitor.Visitor, form *visitor.Form, pairs ...string) (*visitor.Page, error) {
	if err := form.Fill(pairs...); err != nil {
		return nil, err
	}
	page, err := browser.Send(form)
	if err != nil {
		return nil, err
	}
	if page.Status != http.StatusOK {
		return page, fmt.Errorf("%w: %q with status %d", ErrSaidNo, page.Title, page.Status)
	}
	return page, nil
}

// Act fills in the form of an act on the page of a case, as pairs of a field and
// its value. Said picks the form when the page has several for one act. A form
// that asks a code gets one.
func (c *Cast) Act(ctx context.Context, number dsr.Number, id, act string, said []string, pairs ...string) (*visitor.Page, error) {
	page, err := c.Enter(ctx, number, id)
	if err != nil {
		return page, err
	}
	return c.sendCoded(ctx, id, page, act, said, pairs...)
}

// sendCoded fills in a form of a page, with the member's code when it asks one.
func (c *Cast) sendCoded(ctx context.Context, id string, page *visitor.Page, act string, said []string, pairs ...string) (*visitor.Page, error) {
	page, form, err := c.formOf(id, page, act, said)
	if err != nil {
		return page, err
	}
	if form.Has("code") && !gives(pairs, "code") {
		code, err := c.NewCode(ctx, id)
		if err != nil {
			return nil, err
		}
		pairs = append(slices.Clone(pairs), "code", code)
	}
	return c.Send(c.Browser(id), form, pairs...)
}

// formOf finds the form of an act on a page, or behind a link of that page to a
// form of its own.
func (c *Cast) formOf(id string, page *visitor.Page, act string, said []string) (*visitor.Page, *visitor.Form, error) {
	form, err := page.Form("/"+act, said...)
	for _, link := range page.Links {
		if err == nil {
			break
		}
		if to, unread := url.Parse(link); unread == nil && strings.HasSuffix(to.Path, "/"+act) && asks(to.Query(), said) {
			if page, err = c.Browser(id).Open(link); err != nil {
				return nil, nil, err
			}
			form, err = page.Form("/"+act, said...)
		}
	}
	if err != nil {
		return page, nil, fmt.Errorf("%w: %w", ErrSaidNo, err)
	}
	return page, form, nil
}

// asks reports whether a query says all of some pairs.
func asks(query url.Values, pairs []string) bool {
	for pair := range slices.Chunk(pairs, 2) {
		if query.Get(pair[0]) != pair[1] {
			return false
		}
	}
	return true
}

// gives reports whether pairs fill in a field.
func gives(pairs []string, field string) bool {
	for pair := range slices.Chunk(pairs, 2) {
		if pair[0] == field {
			return true
		}
	}
	return false
}

// Preview opens the exact answer that a case would have with an outcome.
func (c *Cast) Preview(ctx context.Context, number dsr.Number, id string, outcome dsr.Outcome) (*visitor.Page, error) {
	if page, err := c.Enter(ctx, number, id); err != nil {
		return page, err
	}
	return c.Browser(id).Open(c.CasePage(number) + "/voorbeeld?uitkomst=" + string(outcome))
}

// Submit reads the exact answer and lays it before a second person.
func (c *Cast) Submit(ctx context.Context, number dsr.Number, id string, outcome dsr.Outcome) (*visitor.Page, error) {
	page, err := c.Preview(ctx, number, id, outcome)
	if err != nil {
		return nil, err
	}
	var pairs []string
	if form, err := page.Form("/indienen"); err == nil && form.Has("anderen") {
		pairs = []string{"anderen", "ja"}
	}
	return c.sendCoded(ctx, id, page, "indienen", nil, pairs...)
}

// Review opens the draft of a case with a member's own link to decide on it.
func (c *Cast) Review(ctx context.Context, number dsr.Number, id string) (*visitor.Page, error) {
	return c.SignIn(ctx, number, id, Approving()...)
}

// Decide decides on the draft of a case with a member's own link, as pairs of a
// field and its value.
func (c *Cast) Decide(ctx context.Context, number dsr.Number, id string, pairs ...string) (*visitor.Page, error) {
	page, err := c.Review(ctx, number, id)
	if err != nil {
		return page, err
	}
	return c.sendCoded(ctx, id, page, "akkoord", nil, pairs...)
}
