package visitor

import (
	"bytes"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Page is one page as a person gets it.
type Page struct {
	Status int
	At     *url.URL
	Title  string
	Text   string // every word of the page, with single spaces
	Source string // the page as it was sent
	Forms  []*Form
	Links  []string // absolute addresses
}

// Form is one form of a page, with what is filled in beforehand. A person
// changes Values and sends it.
type Form struct {
	Values  url.Values
	Fields  []string            // names of fields that can be filled in
	Choices map[string][]string // of radios, ticks and lists: the values to choose from

	ticks  map[string]bool // fields that hold any number of their choices
	method string          // upper case
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

// read takes a page apart.
func read(status int, at *url.URL, body []byte) (*Page, error) {
	root, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("reading the page at %s: %w", at.Path, err)
	}
	page := &Page{Status: status, At: at, Source: string(body)}
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
			page.Title = node.FirstChild.Data
		case node.DataAtom == atom.A:
			if to, err := at.Parse(attribute(node, "href")); err == nil {
				page.Links = append(page.Links, to.String())
			}
		case node.DataAtom == atom.Form:
			if form, err = newForm(node, at); err != nil {
				return nil, err
			}
			page.Forms = append(page.Forms, form)
		case form != nil:
			form.add(node)
		}
	}
	page.Text = strings.Join(strings.Fields(words.String()), " ")
	return page, nil
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
	return &Form{
		Values: url.Values{}, Choices: map[string][]string{}, ticks: map[string]bool{}, method: method, action: action,
	}, nil
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

// input adds an input field.
func (f *Form) input(node *html.Node, name, value string) {
	switch kind := attribute(node, "type"); kind {
	case "submit", "button":
		return
	case "hidden":
		f.Values.Set(name, value)
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
