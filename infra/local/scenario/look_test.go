package scenario

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// cases gives the open cases by number.
func (w *world) cases() ([]dsr.Case, error) {
	store, ctx := w.stack.Store(), context.Background()
	ids, err := store.OpenCases(ctx)
	if err != nil {
		return nil, err
	}
	var cases []dsr.Case
	for _, id := range ids {
		one, err := store.Summary(ctx, id)
		if err != nil {
			return nil, err
		}
		cases = append(cases, one)
	}
	slices.SortFunc(cases, func(a, b dsr.Case) int { return cmp.Compare(a.Number, b.Number) })
	return cases, nil
}

// caseLines describes each open case in one line.
func (w *world) caseLines() ([]string, error) {
	cases, err := w.cases()
	var lines []string
	for _, c := range cases {
		var rights []string
		for _, right := range c.Rights {
			rights = append(rights, string(right))
		}
		lines = append(lines, fmt.Sprintf("%s %s: %s; received %s, promised by %s, by law %s; trust %s, language %s",
			c.Number, c.State, strings.Join(rights, ", "), c.Dates.ReceiptDay, c.Dates.PromiseDue, c.Dates.LawDue,
			c.Trust, c.Language))
	}
	return lines, err
}

// errNoCase is returned when not exactly one case is meant.
var errNoCase = errors.New("not exactly one open case is meant")

// history gives the events of the case with a number, or of the only one.
func (w *world) history(number string) ([]dsr.Event, error) {
	cases, err := w.cases()
	if err != nil {
		return nil, err
	}
	if number != "" {
		cases = slices.DeleteFunc(cases, func(c dsr.Case) bool { return string(c.Number) != number })
	}
	if len(cases) != 1 {
		return nil, errNoCase
	}
	return w.stack.Store().History(context.Background(), cases[0].ID)
}

// historyLines describes a history: first what mails did, in order, then each
// letter with how far it came, then what staff did. The reports of SES about
// several letters have no order among themselves.
func (w *world) historyLines(number string) ([]string, error) {
	events, err := w.history(number)
	if err != nil {
		return nil, err
	}
	names, err := w.mailNames()
	if err != nil {
		return nil, err
	}
	var mails, views []string
	letters := map[string]string{}
	for _, event := range events {
		if member, ok := w.stack.Profile().StaffByActor(event.Actor); ok {
			views = append(views, fmt.Sprintf("%s %s", event.Kind, member.ID))
			continue
		}
		if id, about := event.Facts["mail"]; about {
			mails = append(mails, fmt.Sprintf("%s %s", event.Kind, names[id]))
			continue
		}
		letter := event.Facts["letter"] + "#" + event.Facts["n"]
		letters[letter] += " " + string(event.Kind)
	}
	var told []string
	for letter, kinds := range letters {
		told = append(told, letter+kinds)
	}
	slices.Sort(told)
	return slices.Concat(mails, told, views), nil
}

// rawMails gives the SES ids of all mails in the store, with their bytes.
func (w *world) rawMails() (map[string][]byte, error) {
	paths, err := filepath.Glob(filepath.Join(w.options.State, "objects", "buckets", "*", "raw", "*"))
	if err != nil {
		return nil, err
	}
	mails := map[string][]byte{}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		mails[filepath.Base(path)] = raw
	}
	return mails, nil
}

// mailNames gives the name under which each mail in the store was sent: the
// stored one ends with what was sent.
func (w *world) mailNames() (map[string]string, error) {
	raws, err := w.rawMails()
	names := map[string]string{}
	for id, raw := range raws {
		for _, sent := range w.sent {
			if bytes.HasSuffix(raw, sent.raw) {
				names[id] = sent.name
				break // the same bytes sent twice have one name
			}
		}
	}
	return names, err
}

// mailLines says what became of each mail, sorted by name.
func (w *world) mailLines() ([]string, error) {
	names, err := w.mailNames()
	if err != nil {
		return nil, err
	}
	numbers := map[dsr.OwnerID]dsr.Number{}
	cases, err := w.cases()
	if err != nil {
		return nil, err
	}
	for _, c := range cases {
		numbers[c.ID] = c.Number
	}
	var lines []string
	for id, name := range names {
		mail, err := w.stack.Store().Mail(context.Background(), id)
		switch {
		case errors.Is(err, casework.ErrNotFound):
			lines = append(lines, name+" unheard of")
		case err != nil:
			return nil, err
		default:
			lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s %s", name, mail.State, numbers[mail.Case])))
		}
	}
	slices.Sort(lines)
	return lines, nil
}

// vaultLines lists what the vault holds, without the random part of the names.
func (w *world) vaultLines() ([]string, error) {
	paths, err := filepath.Glob(filepath.Join(w.options.State, "objects", "buckets", "*vault*", "*", "*", "*"))
	var lines []string
	for _, path := range paths {
		about, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		kind := filepath.Base(filepath.Dir(filepath.Dir(path)))
		lines = append(lines, fmt.Sprintf("%s: more than %d KiB", kind, about.Size()>>10))
	}
	slices.Sort(lines)
	return lines, err
}
