package visitor

import (
	"bytes"
	"fmt"
	"maps"
	"mime/multipart"
	"net/url"
	"slices"
	"strings"
)

// File is a file that somebody chooses in a form.
type File struct {
	Name    string
	Content []byte
}

// Attach chooses a file in a field for one.
func (f *Form) Attach(field string, file File) error {
	if _, takes := f.files[field]; !takes {
		return fmt.Errorf("the form to %s has no field %q for a file", f.action.Path, field)
	}
	f.files[field] = &file
	return nil
}

// message is what goes along with a request; the zero message is nothing.
type message struct {
	kind string // its media type
	site string // how far from the page it goes
	body []byte
}

// message writes a form down the way it asks for.
func (f *Form) message() (message, error) {
	if f.coding != "multipart/form-data" {
		body := []byte(asSent(f.Values).Encode())
		return message{"application/x-www-form-urlencoded", f.site, body}, nil
	}
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	err := f.writeParts(parts)
	if err == nil {
		err = parts.Close()
	}
	if err != nil {
		return message{}, fmt.Errorf("writing the form to %s: %w", f.action.Path, err)
	}
	return message{parts.FormDataContentType(), f.site, body.Bytes()}, nil
}

// writeParts writes each value as a part of its own, and the files last. So they
// stand on the pages here, for S3 passes over all that comes after a file
// (docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTForms.html).
func (f *Form) writeParts(parts *multipart.Writer) error {
	values := asSent(f.Values)
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for _, value := range values[name] {
			if err := parts.WriteField(name, value); err != nil {
				return err
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f.files)) {
		chosen := f.files[name]
		if chosen == nil {
			chosen = &File{} // browsers send an empty part of a field in which nothing was chosen
		}
		part, err := parts.CreateFormFile(name, chosen.Name)
		if err != nil {
			return err
		}
		if _, err := part.Write(chosen.Content); err != nil {
			return err
		}
	}
	return nil
}

// asSent gives values with the line ends that browsers send, whatever was typed
// (HTML standard, constructing the entry list).
func asSent(values url.Values) url.Values {
	sent := url.Values{}
	for name, all := range values {
		for _, value := range all {
			sent.Add(name, strings.ReplaceAll(strings.ReplaceAll(value, "\r\n", "\n"), "\n", "\r\n"))
		}
	}
	return sent
}
