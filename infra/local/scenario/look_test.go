package scenario

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
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

// caseOf gives the case with a number, open or closed, or the only open one.
func (w *world) caseOf(number string) (dsr.Case, error) {
	store, ctx := w.stack.Store(), context.Background()
	if number != "" {
		id, err := store.CaseOfNumber(ctx, dsr.Number(number))
		if err != nil {
			return dsr.Case{}, err
		}
		return store.Summary(ctx, id)
	}
	cases, err := w.cases()
	if err != nil || len(cases) != 1 {
		return dsr.Case{}, errors.Join(errNoCase, err)
	}
	return cases[0], nil
}

// history gives the events of the case with a number, or of the only one.
func (w *world) history(number string) ([]dsr.Event, error) {
	c, err := w.caseOf(number)
	if err != nil {
		return nil, err
	}
	return w.stack.Store().History(context.Background(), c.ID)
}

// historyLines describes a history: first what mails did, in order, then each
// letter with how far it came, then what people did. The reports of SES about
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
	var mails, acts []string
	letters := map[letterName]string{}
	for _, event := range events {
		if id, about := event.Facts["mail"]; about {
			mails = append(mails, fmt.Sprintf("%s %s", event.Kind, names[id]))
		} else if n, about := event.Facts["n"]; about {
			name := letterName{kind: event.Facts["letter"]}
			if name.n, err = strconv.Atoi(n); err != nil {
				return nil, err
			}
			letters[name] += " " + string(event.Kind)
		} else {
			acts = append(acts, w.actLine(event))
		}
	}
	var told []string
	counted := map[string]int{}
	for _, name := range slices.SortedFunc(maps.Keys(letters), letterName.compare) {
		counted[name.kind]++
		told = append(told, fmt.Sprintf("%s#%d%s", name.kind, counted[name.kind], letters[name]))
	}
	return slices.Concat(mails, told, acts), nil
}

// letterName tells the letters of a case apart. Lines count those of one kind
// from 1: the numbers that Inzage gives them leave room between.
type letterName struct {
	kind string
	n    int
}

// compare orders letters by kind, and then as they were written.
func (l letterName) compare(other letterName) int {
	return cmp.Or(cmp.Compare(l.kind, other.kind), cmp.Compare(l.n, other.n))
}

// actLine says who did what: a member of staff, the data subject, or Inzage
// itself. What was done in one system names that system, and a reminder its step.
func (w *world) actLine(event dsr.Event) string {
	who := "customer"
	if member, ok := w.stack.Profile().StaffByActor(event.Actor); ok {
		who = member.ID
	} else if event.Actor == (dsr.ActorID{}) {
		who = "inzage"
	}
	return strings.TrimSpace(fmt.Sprintf("%s %s %s", event.Kind, who, event.Facts["system"]+event.Facts["step"]))
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
// stored one ends with what was sent. A name is remembered, for a mail may be
// changed or removed later.
func (w *world) mailNames() (map[string]string, error) {
	raws, err := w.rawMails()
	if w.named == nil {
		w.named = map[string]string{}
	}
	for id, raw := range raws {
		for _, sent := range w.sent {
			if w.named[id] == "" && bytes.HasSuffix(raw, sent.raw) {
				w.named[id] = sent.name // the same bytes sent twice have one name
			}
		}
	}
	return w.named, err
}

// rawLines says of each mail in the store whether it is whole, and shows those
// that are not.
func (w *world) rawLines() ([]string, error) {
	raws, err := w.rawMails()
	var lines []string
	for id, raw := range raws {
		whole := slices.ContainsFunc(w.sent, func(one sentMail) bool { return bytes.HasSuffix(raw, one.raw) })
		if whole {
			lines = append(lines, w.named[id]+" whole")
			continue
		}
		lines = append(lines, w.named[id]+" changed:\n"+string(raw))
	}
	slices.Sort(lines)
	return lines, err
}

// mailLines says what became of each mail, sorted by name.
func (w *world) mailLines() ([]string, error) {
	names, err := w.mailNames()
	if err != nil {
		return nil, err
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
			c := dsr.Case{}
			if mail.Case != (dsr.OwnerID{}) {
				if c, err = w.stack.Store().Summary(context.Background(), mail.Case); err != nil {
					return nil, err
				}
			}
			lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s %s", name, mail.State, c.Number)))
		}
	}
	slices.Sort(lines)
	return lines, nil
}

// vaultLines lists what the vault holds, without the random part of the names.
func (w *world) vaultLines() ([]string, error) {
	buckets, err := filepath.Glob(filepath.Join(w.options.State, "objects", "buckets", "*vault*"))
	if err != nil || len(buckets) != 1 {
		return nil, errors.Join(err, errNoVault)
	}
	var lines []string
	err = filepath.WalkDir(buckets[0], func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		about, err := entry.Info()
		if err != nil {
			return err
		}
		name, err := filepath.Rel(buckets[0], path)
		kind, _, _ := strings.Cut(name, "/")
		lines = append(lines, fmt.Sprintf("%s: more than %d KiB", kind, about.Size()>>10))
		return err
	})
	slices.Sort(lines)
	return lines, err
}

// errNoVault is returned when there is not exactly one vault.
var errNoVault = errors.New("not exactly one bucket is the vault")
