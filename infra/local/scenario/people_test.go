package scenario

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"polarweb.nl/inzage/infra/local/story"
	"polarweb.nl/inzage/infra/local/visitor"
	"polarweb.nl/inzage/internal/dsr"
)

// deed is a command of a script by which somebody does something through the
// pages. It gives the page that this led to.
type deed func(ts *testscript.TestScript, w *world, args []string) (*visitor.Page, error)

// errUsage is returned for a command of a script that was written wrongly.
var errUsage = errors.New("the command has other arguments")

// deeds gives what people do in the scripts, see the package comment. With "!"
// before it, a deed is one that the pages refuse.
func deeds() map[string]func(*testscript.TestScript, bool, []string) {
	wrapped := map[string]func(*testscript.TestScript, bool, []string){}
	all := fileDeeds()
	maps.Copy(all, map[string]deed{
		"page": casePage, "act": act, "search": search, "preview": preview, "submit": submit, "review": review, "decide": decide,
		"confirm": confirm, "halt": halt, "withdraw": withdraw, "collect": collect,
		"askcode": askCode, "trycode": tryCode,
	})
	for name, do := range all {
		wrapped[name] = func(ts *testscript.TestScript, neg bool, args []string) {
			w := ts.Value(worldKey{}).(*world)
			page, err := do(ts, w, args)
			show(ts, page)
			if said := errors.Is(err, story.ErrSaidNo); err != nil && said != neg || err == nil && neg {
				ts.Fatalf("%s: %v", name, err)
			}
			// What this led to comes to rest; a letter that waits for its hour is left.
			if _, err := w.stack.Rest(context.Background()); err != nil {
				ts.Fatalf("%s: %v", name, err)
			}
		}
	}
	return wrapped
}

// show prints the page that a deed led to, and of a file what it is.
func show(ts *testscript.TestScript, page *visitor.Page) {
	switch {
	case page == nil:
	case strings.HasSuffix(page.Type, "html") || strings.HasSuffix(page.Type, "xml"):
		fmt.Fprintf(ts.Stdout(), "status %d\n%s\n", page.Status, words(page.Source))
	default:
		fmt.Fprintf(ts.Stdout(), "status %d\n%s, %d bytes\n", page.Status, page.Type, len(page.Source))
	}
}

// take gives a command's first arguments, and the others as pairs of a field and
// its value. A value @FILE is what stands in that file of the script.
func take(ts *testscript.TestScript, args []string, n int) (first, pairs []string, err error) {
	if len(args) < n {
		return nil, nil, errUsage
	}
	for _, one := range args[n:] {
		field, value, found := strings.Cut(one, "=")
		if !found {
			return nil, nil, errUsage
		}
		if file, from := strings.CutPrefix(value, "@"); from {
			value = ts.ReadFile(file)
		}
		pairs = append(pairs, field, value)
	}
	return args[:n], pairs, nil
}

// about takes from pairs those that say which form of a page is meant: the page
// of a case has one for each system and each right.
func about(act string, pairs []string) (said, filled []string) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if name := pairs[i]; name == "systeem" || name == "recht" && act != "rechten" {
			said = append(said, pairs[i:i+2]...)
		} else {
			filled = append(filled, pairs[i:i+2]...)
		}
	}
	return said, filled
}

// casePage is the command page.
func casePage(_ *testscript.TestScript, w *world, args []string) (*visitor.Page, error) {
	if len(args) != 2 {
		return nil, errUsage
	}
	return w.cast.Enter(context.Background(), dsr.Number(args[1]), args[0])
}

// act is the command act.
func act(ts *testscript.TestScript, w *world, args []string) (*visitor.Page, error) {
	first, pairs, err := take(ts, args, 3)
	if err != nil {
		return nil, err
	}
	said, filled := about(first[2], pairs)
	return w.cast.Act(context.Background(), dsr.Number(first[1]), first[0], first[2], said, filled...)
}

// search is the command search.
func search(ts *testscript.TestScript, w *world, args []string) (page *visitor.Page, err error) {
	first, pairs, err := take(ts, args, 3)
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		found[pairs[i]] = pairs[i+1]
	}
	for _, system := range w.stack.Profile().DataMap.Systems {
		result, text, _ := strings.Cut(found[system.ID], ":")
		if file, from := strings.CutPrefix(text, "@"); from {
			text = ts.ReadFile(file)
		}
		if result == "" {
			result = string(dsr.NothingFound)
		}
		said := []string{"systeem", system.ID, "recht", first[2]}
		page, err = w.cast.Act(context.Background(), dsr.Number(first[1]), first[0], "zoeken", said, "uitkomst", result, "tekst", text)
		if err != nil {
			return page, err
		}
	}
	return page, nil
}

// preview is the command preview.
func preview(_ *testscript.TestScript, w *world, args []string) (*visitor.Page, error) {
	if len(args) != 3 {
		return nil, errUsage
	}
	page, err := w.cast.Preview(context.Background(), dsr.Number(args[1]), args[0], dsr.Outcome(args[2]))
	return page, saidYes(page, err)
}

// saidYes makes an error of a page that says no.
func saidYes(page *visitor.Page, err error) error {
	if err == nil && page.Status != http.StatusOK {
		return story.ErrSaidNo
	}
	return err
}

// submit is the command submit.
func submit(_ *testscript.TestScript, w *world, args []string) (*visitor.Page, error) {
	if len(args) != 3 {
		return nil, errUsage
	}
	return w.cast.Submit(context.Background(), dsr.Number(args[1]), args[0], dsr.Outcome(args[2]))
}

// review is the command review.
func review(_ *testscript.TestScript, w *world, args []string) (*visitor.Page, error) {
	if len(args) != 2 {
		return nil, errUsage
	}
	return w.cast.Review(context.Background(), dsr.Number(args[1]), args[0])
}

// decide is the command decide.
func decide(ts *testscript.TestScript, w *world, args []string) (*visitor.Page, error) {
	first, pairs, err := take(ts, args, 2)
	if err != nil {
		return nil, err
	}
	return w.cast.Decide(context.Background(), dsr.Number(first[1]), first[0], pairs...)
}

// confirm is the command confirm. A third argument is typed in the place of the
// number.
func confirm(_ *testscript.TestScript, w *world, args []string) (*visitor.Page, error) {
	if len(args) == 3 {
		args = append(args, args[1])
	}
	if len(args) != 4 {
		return nil, errUsage
	}
	return w.cast.Reply(args[0], dsr.Number(args[1]), dsr.ConfirmMailbox, "keuze", args[2], "nummer", args[3])
}

// halt is the command halt: the link that stops an answer which waits.
func halt(_ *testscript.TestScript, w *world, args []string) (*visitor.Page, error) {
	if len(args) != 2 {
		return nil, errUsage
	}
	return w.cast.Reply(args[0], dsr.Number(args[1]), dsr.StopErasure, "nummer", args[1])
}

// withdraw is the command withdraw. A third argument is typed in the place of the
// sender's address.
func withdraw(_ *testscript.TestScript, w *world, args []string) (*visitor.Page, error) {
	if len(args) < 2 || len(args) > 3 {
		return nil, errUsage
	}
	return w.cast.Withdraw(args[0], dsr.Number(args[1]), append(args, args[0])[2])
}

// collect is the command collect.
func collect(_ *testscript.TestScript, w *world, args []string) (*visitor.Page, error) {
	if len(args) != 3 {
		return nil, errUsage
	}
	return w.cast.Collect(context.Background(), args[0], args[1], dsr.Number(args[2]))
}

// askCode is the command askcode.
func askCode(_ *testscript.TestScript, w *world, args []string) (*visitor.Page, error) {
	if len(args) != 2 {
		return nil, errUsage
	}
	return w.collectForm(args[0], args[1], "/mijn/antwoord/code", "nummer", args[1])
}

// tryCode is the command trycode.
func tryCode(_ *testscript.TestScript, w *world, args []string) (*visitor.Page, error) {
	if len(args) != 3 {
		return nil, errUsage
	}
	return w.collectForm(args[0], args[1], "/mijn/antwoord", "code", args[2])
}

// collectForm opens the newest link to an answer and sends one of its two forms.
func (w *world) collectForm(to, number, path string, pairs ...string) (*visitor.Page, error) {
	link, err := w.cast.Link(to, number, dsr.CollectAnswer)
	if err != nil {
		return nil, err
	}
	customer := &visitor.Visitor{}
	page, err := customer.Open(link)
	if err != nil {
		return nil, err
	}
	form, err := page.Form(path)
	if err != nil {
		return page, fmt.Errorf("%w: %w", story.ErrSaidNo, err)
	}
	return w.cast.Send(customer, form, pairs...)
}
