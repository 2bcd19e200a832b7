package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
	"polarweb.nl/inzage/internal/stepup"
)

// roster is what the verbs do to an installation; tests put memory in its place.
type roster struct {
	member func(context.Context, dsr.ActorID) (dsr.Member, error)
	enrol  casework.Enrol
	remove casework.Remove
	cases  casework.Cases
	open   casework.OpenCases
}

// request is one call of a verb about staff.
type request struct {
	id      string // "" for list
	now     time.Time
	random  io.Reader
	profile organisation.Profile
	place   installation
	out     io.Writer
}

// staffVerb is one thing that can be done about staff.
type staffVerb struct {
	name  string
	about string
	one   bool // about one member, who is named by id
	run   func(context.Context, request, roster) error
}

// staffVerbs lists what can be done about staff.
func staffVerbs() []staffVerb {
	return []staffVerb{
		{"enrol", "make the secret of a member's codes and show it once", true, enrol},
		{"remove", "take a member's secret away, which also ends their sessions", true, remove},
		{"invite", "send a member a new link to sign in", true, invite},
		{"list", "say who is enrolled and who is not", false, list},
	}
}

// staff finds the verb about staff and runs it.
func staff(args []string, stdout, stderr io.Writer) int {
	for _, v := range staffVerbs() {
		if len(args) > 0 && args[0] == v.name {
			return v.call(args[1:], stdout, stderr)
		}
	}
	fmt.Fprintln(stderr, "usage: go run ./infra/inzage staff VERB [ID] [flags]")
	for _, v := range staffVerbs() {
		fmt.Fprintf(stderr, "  %-14s %s\n", v.name, v.about)
	}
	return statusUsage
}

// call reads the command line of a verb and runs it on the installation.
func (v staffVerb) call(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("staff "+v.name, flag.ContinueOnError)
	r := request{now: time.Now().UTC(), random: rand.Reader, out: stdout}
	r.place.declare(flags)
	if v.one && len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		r.id, args = args[0], args[1:]
	}
	if status, ok := parse(flags, args, stderr); !ok {
		return status
	}
	if v.one && r.id == "" {
		fmt.Fprintf(stderr, "inzage staff %s: say whom, by the id in %s, before any flag\n", v.name, r.place.organisation)
		return statusUsage
	}
	if err := v.perform(r, stderr); err != nil {
		fmt.Fprintf(stderr, "inzage staff %s: %v\n", v.name, err)
		return statusFault
	}
	return statusGood
}

// perform reads the organisation file, opens the installation and runs the verb.
func (v staffVerb) perform(r request, stderr io.Writer) error {
	var err error
	if r.profile, err = readClean(r.place.organisation, stderr); err != nil {
		return err
	}
	opened, err := r.place.open(r.random)
	if err != nil {
		return err
	}
	return r.place.remedy(v.run(context.Background(), r, opened))
}

// enrol makes a secret, stores it and shows it: the only time anybody sees it.
func enrol(ctx context.Context, r request, on roster) error {
	known, err := r.known()
	if err != nil {
		return err
	}
	rules, err := casework.NewRules(r.profile)
	if err != nil {
		return err
	}
	secret, err := stepup.NewSecret(r.random)
	if err != nil {
		return err
	}
	// What cannot be shown must not be stored either, so it is written first.
	shown, err := r.introduction(known, secret)
	if err != nil {
		return err
	}
	err = casework.Enrolling{Rules: rules, Store: on.enrol}.Enrol(ctx, r.now, known.ID, secret)
	if errors.Is(err, casework.ErrEnrolled) {
		return fmt.Errorf("%w; a secret that was lost cannot be shown again: take it away with %s, then enrol again",
			err, r.place.command("remove", known.ID))
	}
	if err != nil {
		return err
	}
	if _, err := io.WriteString(r.out, shown); err != nil {
		return fmt.Errorf("%s is enrolled, but the secret could not be shown (%w): take it away with %s, then enrol again",
			known.ID, err, r.place.command("remove", known.ID))
	}
	return nil
}

// known gives the member of staff the request is about, who must work here.
func (r request) known() (organisation.Staff, error) {
	for _, one := range r.profile.Staff {
		switch {
		case one.ID != r.id:
		case !one.Active:
			return one, fmt.Errorf("%s has left, says %s: who is back has active: true there", r.id, r.place.organisation)
		default:
			return one, nil
		}
	}
	return organisation.Staff{}, fmt.Errorf("%q is nobody's id in %s, which knows %s", r.id, r.place.organisation, r.ids())
}

// ids lists the ids of the organisation file.
func (r request) ids() string {
	var ids []string
	for _, one := range r.profile.Staff {
		ids = append(ids, one.ID)
	}
	return strings.Join(ids, ", ")
}

// introduction is what a new member reads: the secret in three forms, and what
// to do with it.
func (r request) introduction(known organisation.Staff, secret []byte) (string, error) {
	address, err := stepup.URL(r.profile.Controller.PublicName(), known.ID, secret)
	if err != nil {
		return "", fmt.Errorf("showing the secret of %s: %w", known.ID, err)
	}
	picture, err := stepup.QR(address)
	if err != nil {
		return "", fmt.Errorf("showing the secret of %s: %w", known.ID, err)
	}
	return fmt.Sprintf(`%s is enrolled in stack %s. This is the secret; it is shown this once:

  %s
  %s

%s
Next:
  1. %s scans the picture with an authenticator app, or types the secret into it
     (time based, 6 digits, 30 seconds, SHA-1).
  2. Clear this screen. Who has the secret needs only a link to act as %s.
  3. With the next letter that holds a link, %s types the code that the app shows.
If the telephone is lost, or somebody else saw the secret: %s, then enrol again.
`, known.ID, r.place.stack, spaced(stepup.Text(secret)), address, picture,
		known.ID, known.ID, known.ID, r.place.command("remove", known.ID)), nil
}

// spaced writes a secret in groups of four, as people type it.
func spaced(text string) string {
	var groups []string
	for ; len(text) > 4; text = text[4:] {
		groups = append(groups, text[:4])
	}
	return strings.Join(append(groups, text), " ")
}

// remove takes a member's secret away. Who is in no organisation file any more
// can still be removed: the id is enough.
func remove(ctx context.Context, r request, on roster) error {
	actor := dsr.ActorID(organisation.Staff{ID: r.id}.ActorID())
	_, err := on.member(ctx, actor)
	if err != nil && !errors.Is(err, casework.ErrNotFound) {
		return fmt.Errorf("reading %s: %w", r.id, err)
	}
	never := err != nil
	// Also when no member was found: an attempt that stopped half-way left a key.
	if err := on.remove(ctx, actor); err != nil {
		return fmt.Errorf("removing %s: %w", r.id, err)
	}
	if never {
		return fmt.Errorf("%s was not enrolled in stack %s; nobody was removed. %s knows %s",
			r.id, r.place.stack, r.place.organisation, r.ids())
	}
	fmt.Fprintf(r.out, "%s is removed from stack %s: no code counts any more, and every session has ended.\n", r.id, r.place.stack)
	return nil
}

// invite sends a member a new link, with the letters that leave anyway.
func invite(ctx context.Context, r request, on roster) error {
	if _, err := r.known(); err != nil {
		return err
	}
	rules, err := casework.NewRules(r.profile)
	if err != nil {
		return err
	}
	once := func(context.Context, int) error { return nil } // a conflict is tried again at once
	inviting := casework.Inviting{
		Place: casework.Place{Random: r.random, Pause: once}, Rules: rules, Cases: on.cases, OpenCases: on.open,
	}
	number, err := inviting.Invite(ctx, r.now, r.id)
	if errors.Is(err, casework.ErrNoOpenCase) {
		return fmt.Errorf("%w in stack %s: the next request brings %s a link by itself", err, r.place.stack, r.id)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(r.out, "%s gets a mail with a new link, about case %s. It works for 72 hours, with the code of their app.\n", r.id, number)
	return nil
}

// list prints a line for each member of the organisation file.
func list(ctx context.Context, r request, on roster) error {
	for _, one := range r.profile.Staff {
		member, err := on.member(ctx, one.ActorID())
		if err != nil && !errors.Is(err, casework.ErrNotFound) {
			return fmt.Errorf("reading %s: %w", one.ID, err)
		}
		fmt.Fprintf(r.out, "%-12s  %s\n", one.ID, r.standing(one, member, err == nil))
	}
	return nil
}

// standing says how a member stands, with the command that is due if one is.
func (r request) standing(one organisation.Staff, member dsr.Member, enrolled bool) string {
	switch {
	case !one.Active && enrolled:
		return "has left and is still enrolled: " + r.place.command("remove", one.ID)
	case !one.Active:
		return "has left"
	case !enrolled:
		return "not enrolled: " + r.place.command("enrol", one.ID)
	}
	return "enrolled on " + member.Enrolled.Format("2006-01-02 15:04 UTC")
}
