package visitor

import (
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Page is one page as a person gets it. A file that is downloaded has a type of
// its own, and its bytes as the source.
type Page struct {
	Status int
	At     *url.URL
	Type   string // of what came: text/html for a page
	Title  string
	Text   string // every word of the page, with single spaces
	Source string // the page as it was sent
	Forms  []*Form
	Links  []string // absolute addresses, as are those below
	Images []string // a picture that stands in the page itself has an address too
}

// Form is one form of a page, with what is filled in beforehand. A person
// changes Values, chooses files and sends it.
type Form struct {
	Values  url.Values
	Fields  []string            // names of fields that can be filled in
	Choices map[string][]string // of radios, ticks and lists: the values to choose from

	ticks  map[string]bool  // fields that hold any number of their choices
	files  map[string]*File // fields that take a file; nil before one is chosen
	method string           // upper case
	coding string           // how its values are written when it is sent
	site   string           // how far from its page it goes, as browsers say it
	action *url.URL
}

// Has reports whether all these fields are on the form.
func (f *Form) Has(fields ...string) bool {
	for _, field := range fields {
		if !slices.Contains(f.Fields, field) {
			return false
		}
	}
	return true
}

// Form gives the form that goes to an address ending in suffix and that says so
// much beforehand, as pairs of a field and its value.
func (p *Page) Form(suffix string, said ...string) (*Form, error) {
	for _, form := range p.Forms {
		if strings.HasSuffix(form.action.Path, suffix) && form.says(said) {
			return form, nil
		}
	}
	return nil, fmt.Errorf("the page %q at %s has no form to %s %v", p.Title, p.At.Path, suffix, said)
}

// Upload gives the form by which a file is sent.
func (p *Page) Upload() (*Form, error) {
	for _, form := range p.Forms {
		if len(form.files) > 0 {
			return form, nil
		}
	}
	return nil, fmt.Errorf("the page %q at %s takes no file", p.Title, p.At.Path)
}

// says reports whether a form has these values beforehand.
func (f *Form) says(pairs []string) bool {
	for pair := range slices.Chunk(pairs, 2) {
		if len(pair) != 2 || f.Values.Get(pair[0]) != pair[1] {
			return false
		}
	}
	return true
}

// Fill fills in fields, as pairs of a field and its value. A field that is not
// on the form, or a value that cannot be chosen in it, is an error: a person
// could not have filled it in.
func (f *Form) Fill(pairs ...string) error {
	for pair := range slices.Chunk(pairs, 2) {
		if len(pair) != 2 || !slices.Contains(f.Fields, pair[0]) {
			return fmt.Errorf("the form to %s has no field %q", f.action.Path, pair[0])
		}
		field, value := pair[0], pair[1]
		if choices, chosen := f.Choices[field]; chosen && !slices.Contains(choices, value) {
			return fmt.Errorf("the field %q of the form to %s has no choice %q", field, f.action.Path, value)
		}
		if f.ticks[field] {
			f.Values.Add(field, value)
		} else {
			f.Values.Set(field, value)
		}
	}
	return nil
}

// read takes a page apart, and leaves a file as it is.
func read(answer *http.Response, at *url.URL, body []byte) (*Page, error) {
	page := &Page{Status: answer.StatusCode, At: at, Source: string(body)}
	var err error
	if page.Type, _, err = mime.ParseMediaType(answer.Header.Get("Content-Type")); err != nil || page.Type != "text/html" {
		return page, nil // an answer without a type, such as an empty one, is no page
	}
	return page, page.takeApart()
}

// takeApart finds the words, the links and the forms of a page.
func (p *Page) takeApart() error {
	root, err := html.Parse(strings.NewReader(p.Source))
	if err != nil {
		return fmt.Errorf("reading the page at %s: %w", p.At.Path, err)
	}
	var words strings.Builder
	var form *Form
	for node := range root.Descendants() {
		if form != nil && !within(node, atom.Form) {
			form = nil
		}
		switch {
		case node.Type == html.TextNode && !within(node, atom.Style) && !within(node, atom.Title):
			words.WriteString(node.Data + " ")
		case node.DataAtom == atom.Title && node.FirstChild != nil:
			p.Title = node.FirstChild.Data
		case node.DataAtom == atom.A:
			if to, err := p.At.Parse(attribute(node, "href")); err == nil {
				p.Links = append(p.Links, to.String())
			}
		case node.DataAtom == atom.Img:
			if from, err := p.At.Parse(attribute(node, "src")); err == nil {
				p.Images = append(p.Images, from.String())
			}
		case node.DataAtom == atom.Form:
			if form, err = newForm(node, p.At); err != nil {
				return err
			}
			p.Forms = append(p.Forms, form)
		case form != nil:
			form.add(node)
		}
	}
	p.Text = strings.Join(strings.Fields(words.String()), " ")
	return nil
}

// newForm reads where a form goes.
func newForm(node *html.Node, at *url.URL) (*Form, error) {
	action, err := at.Parse(attribute(node, "action"))
	if err != nil {
		return nil, fmt.Errorf("reading a form of %s: %w", at.Path, err)
	}
	method := strings.ToUpper(attribute(node, "method"))
	if method == "" {
		method = "GET"
	}
	form := &Form{
		Values: url.Values{}, Choices: map[string][]string{}, ticks: map[string]bool{}, files: map[string]*File{},
		method: method, action: action, coding: attribute(node, "enctype"), site: "same-origin",
	}
	if action.Host != at.Host {
		form.site = "same-site" // ports of one host
	}
	return form, nil
}

// add adds a field to a form, with what stands in it.
func (f *Form) add(node *html.Node) {
	name, value := attribute(node, "name"), attribute(node, "value")
	switch node.DataAtom {
	case atom.Textarea:
		f.field(name)
		if node.FirstChild != nil {
			f.Values.Set(name, node.FirstChild.Data)
		}
	case atom.Select:
		f.field(name)
	case atom.Option:
		list := attribute(listOf(node), "name")
		f.Choices[list] = append(f.Choices[list], value)
		if has(node, "selected") {
			f.Values.Set(list, value)
		}
	case atom.Input:
		f.input(node, name, value)
	}
}

// input adds an input field. One without a name is for the eye, and is not sent.
func (f *Form) input(node *html.Node, name, value string) {
	if name == "" {
		return
	}
	switch kind := attribute(node, "type"); kind {
	case "submit", "button":
		return
	case "hidden":
		f.Values.Set(name, value)
		return
	case "file":
		f.files[name] = nil
		return
	case "radio", "checkbox":
		f.field(name)
		f.ticks[name] = kind == "checkbox"
		f.Choices[name] = append(f.Choices[name], value)
		if has(node, "checked") {
			f.Values.Add(name, value)
		}
		return
	}
	f.field(name)
	if value != "" {
		f.Values.Set(name, value)
	}
}

// field notes a field that can be filled in.
func (f *Form) field(name string) {
	if name != "" && !slices.Contains(f.Fields, name) {
		f.Fields = append(f.Fields, name)
	}
}

// within reports whether a node stands inside an element of a kind.
func within(node *html.Node, kind atom.Atom) bool {
	for above := range node.Ancestors() {
		if above.DataAtom == kind {
			return true
		}
	}
	return false
}

// listOf gives the list that an option belongs to.
func listOf(option *html.Node) *html.Node {
	for above := range option.Ancestors() {
		if above.DataAtom == atom.Select {
			return above
		}
	}
	return option
}

// attribute gives an attribute of a node; empty when it has none.
func attribute(node *html.Node, name string) string {
	for _, one := range node.Attr {
		if one.Key == name {
			return one.Val
		}
	}
	return ""
}

// has reports whether a node has an attribute, whatever its value.
func has(node *html.Node, name string) bool {
	return slices.ContainsFunc(node.Attr, func(one html.Attribute) bool { return one.Key == name })
}
