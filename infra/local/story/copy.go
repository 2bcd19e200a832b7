package story

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"polarweb.nl/inzage/infra/local/visitor"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// SendCopy follows the newest link by which the contact on file may send a copy,
// and sends a file by the form of that page, as a browser without scripts does.
func (c *Cast) SendCopy(to string, number dsr.Number, file visitor.File) (*visitor.Page, error) {
	link, err := c.Link(to, string(number), dsr.UploadIDCopy)
	if err != nil {
		return nil, err
	}
	customer := &visitor.Visitor{}
	page, err := customer.Open(link)
	if err != nil {
		return nil, err
	}
	return c.upload(customer, page, file)
}

// upload sends a file by the form of a page.
func (c *Cast) upload(browser *visitor.Visitor, page *visitor.Page, file visitor.File) (*visitor.Page, error) {
	form, err := page.Upload()
	if err != nil {
		return page, fmt.Errorf("%w: %w", ErrSaidNo, err)
	}
	if err := form.Attach("file", file); err != nil {
		return page, err
	}
	return c.Send(browser, form)
}

// errNoPicture is returned for a page that should show a copy and does not.
var errNoPicture = errors.New("the copy is not shown")

// LookAt looks at a copy as a member of staff: first at the picture on the page
// of its case, on which nothing can be read, then at the sharp one. It gives the
// page with that one.
func (c *Cast) LookAt(ctx context.Context, number dsr.Number, id string) (*visitor.Page, error) {
	page, err := c.Enter(ctx, number, id)
	if err != nil {
		return page, err
	}
	if len(page.Images) == 0 {
		return page, fmt.Errorf("%w: %w", ErrSaidNo, errNoPicture)
	}
	blurred, err := c.Browser(id).Open(page.Images[0])
	if err != nil {
		return nil, err
	}
	if blurred.Status != http.StatusOK || blurred.Type != "image/jpeg" {
		return blurred, fmt.Errorf("%w: it came as %s with status %d", errNoPicture, blurred.Type, blurred.Status)
	}
	return c.sendCoded(ctx, id, page, "kopie", nil)
}

// Sharp gives the picture that stands in a page.
func Sharp(page *visitor.Page) ([]byte, error) {
	for _, one := range page.Images {
		if text, stands := strings.CutPrefix(one, "data:image/jpeg;base64,"); stands {
			picture, err := base64.StdEncoding.DecodeString(text)
			if err != nil {
				return nil, fmt.Errorf("reading the picture of a page: %w", err)
			}
			return picture, nil
		}
	}
	return nil, errNoPicture
}

// copyScene gives what has to be done about identity: the copy is sent, looked
// at, and judged by.
func (p *people) copyScene(c dsr.Case, handler organisation.Staff, files []dsr.Enclosure) scene {
	for _, one := range files {
		switch {
		case one.Ref.Kind != dsr.IDCopyFile || one.Ended():
		case one.State != dsr.Kept:
			return waiting("the copy is examined")
		case one.SeenBy != dsr.ActorID(handler.ActorID()):
			return scene{handler.ID, "looks at the copy: blurred, then sharp", p.look(c, handler)}
		default:
			return scene{handler.ID, "judges who this is by the copy", p.judge(c, handler, one.Ref)}
		}
	}
	return scene{client, "sends a copy of an identity document", p.sendCopy(c)}
}

// sendCopy is the customer's upload, behind the link of her letter.
func (p *people) sendCopy(c dsr.Case) func(context.Context) error {
	return func(context.Context) error {
		picture, err := SampleCopy()
		if err != nil {
			return err
		}
		_, err = p.SendCopy(sampleAddress, c.Number, visitor.File{Name: "IMG_2031.JPG", Content: picture})
		return err
	}
}

// errNotStripped is returned for a copy that still holds what stood behind it.
var errNotStripped = errors.New("the copy that is kept holds more than a picture")

// look looks at the copy, which has to be a picture and nothing else.
func (p *people) look(c dsr.Case, member organisation.Staff) func(context.Context) error {
	return func(ctx context.Context) error {
		page, err := p.LookAt(ctx, c.Number, member.ID)
		if err != nil {
			return err
		}
		picture, err := Sharp(page)
		if err == nil && bytes.Contains(picture, []byte(HiddenInCopy)) {
			err = errNotStripped
		}
		return err
	}
}

// judge is the verdict on who this is: the copy shows the name on file.
func (p *people) judge(c dsr.Case, member organisation.Staff, copied dsr.EnclosureRef) func(context.Context) error {
	return p.act(c, member, "identiteit", nil, "kopie", copied.ID.String())
}
