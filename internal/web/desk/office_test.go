package desk_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/letter"
	"polarweb.nl/inzage/internal/stepup"
)

// dice draws random bytes for many requests at once.
type dice struct {
	mu     sync.Mutex
	source *rand.ChaCha8
}

// Read implements io.Reader.
func (d *dice) Read(drawn []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.source.Read(drawn)
}

// diary is a log that many requests write.
type diary struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (d *diary) Write(line []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text.Write(line)
}

// String gives all that was written.
func (d *diary) String() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text.String()
}

// place gives randomness, and no pauses.
func (w *world) place() casework.Place {
	return casework.Place{Random: w.random, Pause: caseworktest.NoPause}
}

// answering makes the world's answers.
func (w *world) answering() casework.Answering {
	return casework.Answering{Place: w.place(), Rules: w.rules(), ReadTasks: w.memory.ReadTasks, ReadBody: w.objects.Get, Enclosures: w.memory.EnclosuresOf}
}

// signingIn lets the world's staff in.
func (w *world) signingIn() casework.SigningIn {
	return casework.SigningIn{
		Random: w.random, Rules: w.rules(), Cases: w.memory, Letters: w.memory, Staff: w.memory, Sessions: w.memory,
		CodeAt: stepup.CodeAt,
	}
}

// handling is what the world's handlers do.
func (w *world) handling() casework.Handling {
	return casework.Handling{
		Answering: w.answering(), Cases: w.memory, Letters: w.memory, Bodies: w.objects, SigningIn: w.signingIn(),
		Files: w.objects, Enclosure: w.memory.EnclosureOf,
		Preview: letter.Composer{Profile: w.profile, BaseURL: "https://avg.voorbeeld.example"}.Preview,
	}
}

// mail sends every letter that waits, as dispatch does.
func (w *world) mail() {
	w.t.Helper()
	sending := casework.Sending{
		Recording: casework.Recording{Place: w.place(), Rules: w.rules(), Cases: w.memory, Letters: w.memory},
		Mails:     w.memory,
		Mint:      func(_ context.Context, link dsr.Link) (string, error) { return w.mint(link), nil },
		Compose: func(content dsr.LetterContent) (dsr.Message, error) {
			w.posted = append(w.posted, content)
			return caseworktest.Compose(content)
		},
		Post: func(context.Context, dsr.Message) (string, error) { return "ses-" + strconv.Itoa(len(w.posted)), nil },
	}
	for _, waiting := range w.memory.AllLetters() {
		if waiting.State == dsr.LetterWaiting {
			if err := sending.Send(w.t.Context(), w.now, waiting.Ref); err != nil {
				w.t.Fatal(err)
			}
		}
	}
}

// linkIn gives the address in the last letter of a kind to somebody: a member
// of staff by id, or "" for the data subject.
func (w *world) linkIn(kind dsr.LetterKind, to string) string {
	w.t.Helper()
	for _, content := range slices.Backward(w.posted) {
		mine := content.Letter.To.Personal()
		if to != "" {
			mine = content.Letter.To.Staff == actor(to)
		}
		if rule, ok := content.Letter.Purpose.Rule(); ok && mine && content.Letter.Ref.Kind == kind {
			return rule.Path + "?t=" + url.QueryEscape(content.Token)
		}
	}
	w.t.Fatalf("no letter %s with a link to %q left", kind, to)
	return ""
}

// confirm is the contact on file, who says whether the request is theirs.
func (w *world) confirm(mine bool) {
	w.t.Helper()
	w.mail()
	_, token, _ := strings.Cut(w.linkIn(dsr.ConfirmLetter, ""), "?t=")
	link, err := w.check(w.t.Context(), token, dsr.ConfirmMailbox, w.now)
	if err != nil {
		w.t.Fatal(err)
	}
	confirming := casework.Confirming{Place: w.place(), Rules: w.rules(), Cases: w.memory, Letters: w.memory, Enclosures: w.memory.EnclosuresOf}
	if err := confirming.Confirm(w.t.Context(), w.now, link, number, mine); err != nil {
		w.t.Fatal(err)
	}
}

// stored gives the world's case as it is stored.
func (w *world) stored() dsr.Case {
	w.t.Helper()
	file, err := w.memory.File(w.t.Context(), w.file.Case.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return file.Case
}

// clerk is a member of staff at the desk, with their cookie.
type clerk struct {
	w      *world
	id     string
	cookie *http.Cookie
}

// enter signs a member of staff in with a link.
func (w *world) enter(id, link string) clerk {
	w.t.Helper()
	w.now = w.now.Add(time.Minute)
	path, token, _ := strings.Cut(link, "?t=")
	token, err := url.QueryUnescape(token)
	if err != nil {
		w.t.Fatal(err)
	}
	in := w.send(http.MethodPost, path, url.Values{"t": {token}, "code": {w.code(id)}}.Encode())
	if in.Code != http.StatusSeeOther || len(in.Result().Cookies()) != 1 {
		w.t.Fatalf("signing in as %s answers %d: %s", id, in.Code, &w.log)
	}
	return clerk{w, id, in.Result().Cookies()[0]}
}

// handler signs Anouk in.
func (w *world) handlerIn() clerk {
	w.t.Helper()
	return w.enter("anouk", w.link("anouk"))
}

// see opens a page below the case.
func (c clerk) see(below string) *httptest.ResponseRecorder {
	c.w.t.Helper()
	return c.w.open(c.cookie, casePage+below)
}

// fields are what somebody types, by name; "code" gets their code when it is
// "app".
type fields map[string]string

// typed fills in a form and sends it. A minute goes by, so that codes are new.
func (c clerk) typed(blank form, in fields) *httptest.ResponseRecorder {
	c.w.t.Helper()
	c.w.now = c.w.now.Add(time.Minute)
	body := url.Values{}
	for name, values := range blank.fields {
		body[name] = values
	}
	for name, value := range in {
		if value == "app" {
			value = c.w.code(c.id)
		}
		body[name] = strings.Split(value, "|")
	}
	return c.w.send(http.MethodPost, blank.action, body.Encode(), holding(c.cookie))
}

// form finds the form of an act on a page; part is what its id begins with.
func (c clerk) form(page, id string) form {
	c.w.t.Helper()
	for _, one := range formsOf(page) {
		if one.id == id {
			return one
		}
	}
	c.w.t.Fatalf("there is no form %q among %v", id, idsOf(page))
	return form{}
}

// idsOf lists the forms of a page.
func idsOf(page string) []string {
	var ids []string
	for _, one := range formsOf(page) {
		if one.id != "" {
			ids = append(ids, one.id)
		}
	}
	return ids
}

// does opens the case, fills in the form of an act and sends it; it must work.
func (c clerk) does(id string, in fields) {
	c.w.t.Helper()
	page := c.see("").Body.String()
	if !slices.Contains(idsOf(page), id) {
		act, rest, _ := strings.Cut(id, "-")
		system, right, both := strings.Cut(rest, "-")
		if !both {
			system, right = "", rest
		}
		page = c.see("/" + act + "?systeem=" + system + "&recht=" + right).Body.String()
	}
	if got := c.typed(c.form(page, id), in); got.Code != http.StatusSeeOther || got.Header().Get("Location") != casePage {
		c.w.t.Fatalf("%s answers %d: %s", id, got.Code, wordsOf(got.Body.String()))
	}
}

// form is one form of a page.
type form struct {
	id, method, action string
	fields             url.Values // what a browser would send of it as it is
	names              []string   // of all its fields
	choices            url.Values // what could be chosen in it
}

// formsOf finds the forms of a page.
func formsOf(page string) []form {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return nil
	}
	var forms []form
	for node := range root.Descendants() {
		if node.Data != "form" {
			continue
		}
		one := form{valueOf(node, "id"), valueOf(node, "method"), valueOf(node, "action"), url.Values{}, nil, url.Values{}}
		for field := range node.Descendants() {
			one.add(field)
		}
		forms = append(forms, one)
	}
	return forms
}

// add adds a field to a form.
func (f *form) add(field *html.Node) {
	name := valueOf(field, "name")
	if name == "" {
		return
	}
	f.names = append(f.names, name)
	kind, value := valueOf(field, "type"), valueOf(field, "value")
	switch {
	case field.Data == "textarea":
		for inside := range field.Descendants() {
			value += inside.Data
		}
	case field.Data == "select":
		for inside := range field.Descendants() {
			if inside.Data == "option" {
				f.choices.Add(name, valueOf(inside, "value"))
			}
			if hasAttribute(inside, "selected") {
				value = valueOf(inside, "value")
			}
		}
	case kind == "radio" || kind == "checkbox":
		f.choices.Add(name, value)
		if !hasAttribute(field, "checked") {
			return
		}
	}
	f.fields.Add(name, value)
}

// valueOf gives an attribute of an element.
func valueOf(node *html.Node, name string) string {
	for _, attribute := range node.Attr {
		if attribute.Key == name {
			return attribute.Val
		}
	}
	return ""
}

// hasAttribute reports whether an element has an attribute.
func hasAttribute(node *html.Node, name string) bool {
	return slices.ContainsFunc(node.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// newOffice gives a world with a handler at work.
func newOffice(t *testing.T) (*world, clerk) {
	t.Helper()
	w := newWorld(t, nil)
	return w, w.handlerIn()
}
