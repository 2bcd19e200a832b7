package desk

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"polarweb.nl/inzage/internal/deadline"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/web"
)

// maxAct is the largest form of an act. A function is called with 6 MB at most,
// and a form grows by a third on its way
// (docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
const maxAct = 4 << 20

// errTooLarge is returned for a form that is larger than maxAct.
var errTooLarge = errors.New("the form is too large")

// voice says a sentence in the language of one page.
type voice func(nl, en string) string

// voiceOf gives the voice of a language.
func voiceOf(language dsr.Language) voice {
	return func(nl, en string) string { return web.In(deadline.Text{NL: nl, EN: en}, language) }
}

// form is one act as a page offers it. Nothing in it is chosen beforehand: what
// submits forms as it finds them, decides nothing.
type form struct {
	ID     string // of its place on the page
	Title  string
	Intro  []string
	Action string
	Hidden []pair
	Fields []field
	Button string
}

// pair is one value of a form that nobody sees.
type pair struct{ Name, Value string }

// kind is how a field looks.
type kind string

// The kinds of fields.
const (
	asText   kind = "text"
	asDate   kind = "date"
	asArea   kind = "area"   // free text of many lines
	asChoice kind = "choice" // one of its options
	asTicks  kind = "ticks"  // any of its options
	asList   kind = "select" // one of many options
	asCode   kind = "code"   // from the code app, never kept
)

// field is one thing that a form asks.
type field struct {
	Kind    kind
	ID      string // on the page; follows from the form's and the name
	Name    string
	Label   string
	Hint    string
	Error   string // what is wrong with what was typed
	Value   string // what was typed before
	Options []option
	Blank   string // of a list: what stands there while nothing is chosen
}

// option is one answer to a field.
type option struct {
	ID     string
	Value  string
	Label  string
	Chosen bool
}

// Described gives the ids of what explains a field, for readers who hear it.
func (f field) Described() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.ID+"-hint")
	}
	if f.Error != "" {
		ids = append(ids, f.ID+"-fout")
	}
	return strings.Join(ids, " ")
}

// Input gives the type of a field of one line. A date that no browser can show
// as one stays as it was typed.
func (f field) Input() string {
	if _, err := deadline.ParseDate(f.Value); f.Kind == asDate && (f.Value == "" || err == nil) {
		return "date"
	}
	return "text"
}

// codeField asks the code of the member of staff.
func codeField(say voice) field {
	return field{
		Kind: asCode, Name: "code", Label: say("Code van 6 cijfers", "Code of 6 digits"),
		Hint: say("Typ de code die nu in uw code-app staat. Elke code werkt één keer.", "Type the code that your code app shows now. Each code works once."),
	}
}

// placed gives a form its address and each of its parts an id of its own.
func placed(f form, v visit, number dsr.Number, rev int, act string) form {
	about := url.Values{}
	for _, one := range f.Hidden {
		about.Set(one.Name, one.Value)
	}
	f.ID = formName(act, about)
	f.Action = casePath + string(number) + "/" + act + v.keep
	f.Hidden = append(slices.Clone(f.Hidden), pair{"rev", strconv.Itoa(rev)})
	f.Fields = slices.Clone(f.Fields)
	for i := range f.Fields {
		one := &f.Fields[i]
		one.ID = f.ID + "-" + one.Name
		one.Options = slices.Clone(one.Options)
		for n := range one.Options {
			one.Options[n].ID = one.ID + "-" + one.Options[n].Value
		}
	}
	return f
}

// filled gives a form with what was typed in it, and what was wrong with that. A
// code is never given back. Of a text that would not fit on a page the beginning
// stands there, and the page says so. Left is how much text the page has room for
// after it.
func (f form) filled(in url.Values, found mistakes, language dsr.Language) (made form, left int) {
	room := maxShown
	for i := range f.Fields {
		one := &f.Fields[i]
		for _, mistake := range found {
			if mistake.field == one.Name && one.Error == "" {
				one.Error = web.In(mistake.text, language)
			}
		}
		// What was chosen stays chosen: whoever corrects one field must not have to
		// find the others again.
		for n := range one.Options {
			one.Options[n].Chosen = slices.Contains(in[one.Name], one.Options[n].Value)
		}
		if one.Kind == asCode {
			continue
		}
		typed := strings.ToValidUTF8(in.Get(one.Name), "\ufffd")
		if one.Value, room = fitting(typed, room); len(one.Value) < len(typed) {
			one.Error = voiceOf(language)("Deze tekst is te lang om hier helemaal terug te zetten.", "This text is too long to stand here whole again.")
		}
		if day, ok := parseDay(one.Value); ok && one.Kind == asDate {
			one.Value = string(day)
		}
	}
	return f, room
}

// place gives where on the page a mistake is: the field, else the form.
func (f form) place(name string) string {
	for _, one := range f.Fields {
		if one.Name == name {
			if len(one.Options) > 0 && one.Kind != asList {
				return one.Options[0].ID
			}
			return one.ID
		}
	}
	return f.ID
}

// typedIn reads the form of an act.
func typedIn(r *http.Request) (url.Values, error) {
	r.Body = http.MaxBytesReader(nil, r.Body, maxAct)
	err := r.ParseForm()
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, errTooLarge
	}
	if err != nil { // its text would repeat the form
		return r.PostForm, wrong("", "Het formulier kwam niet goed over. Verstuur het nog eens.", "The form did not come across well. Send it again.")
	}
	return r.PostForm, nil
}

// digits gives a code as it was typed, without the spaces that apps show.
func digits(in url.Values) string { return strings.ReplaceAll(in.Get("code"), " ", "") }

// isCode reports whether a text can be a code. What cannot is no try: robots and
// tired people must not use up the tries of a link.
func isCode(text string) bool { return len(text) == 6 && strings.Trim(text, "0123456789") == "" }

// revOf gives the Rev of the case as the page showed it. A form without one is
// older than any case.
func revOf(in url.Values) int {
	rev, err := strconv.Atoi(in.Get("rev"))
	if err != nil {
		return -1
	}
	return rev
}

// parseDay reads a day as browsers send it, or as people in the Netherlands
// write it.
func parseDay(typed string) (day dsr.Day, ok bool) {
	typed = strings.TrimSpace(typed)
	parsed, err := deadline.ParseDate(typed)
	if parts := strings.Split(typed, "-"); err != nil && len(parts) == 3 {
		for i, part := range parts[:2] {
			if len(part) == 1 {
				parts[i] = "0" + part
			}
		}
		parsed, err = deadline.ParseDate(parts[2] + "-" + parts[1] + "-" + parts[0])
	}
	if err != nil {
		return "", false
	}
	return dsr.Day(parsed.String()), true
}
