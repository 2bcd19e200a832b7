package scenario

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"polarweb.nl/inzage/infra/local/clock"
	"polarweb.nl/inzage/infra/local/stack/stacktest"
)

// TestScript runs every script of testdata on a stack of its own. To rewrite
// what the scripts expect, look at each change: -update is not offered, since a
// letter that changed is news for the privacy officer.
func TestScript(t *testing.T) {
	root := requireBuild(t)
	scripts, err := filepath.Abs("testdata") // a stack changes the working folder
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOTMPDIR", t.TempDir()) // where testscript works; it leaves a folder when only some scripts run
	testscript.RunT(oneByOne{t}, testscript.Params{
		Dir: scripts, RequireUniqueNames: true, Cmds: commands(),
		Setup: func(env *testscript.Env) error {
			w := newWorld(root, filepath.Join(env.WorkDir, "state"))
			env.Values[worldKey{}] = w
			env.Defer(func() {
				w.stop()
				if w.open != nil {
					w.open.Stop()
				}
			})
			return nil
		},
	})
}

// oneByOne runs scripts one after the other, for only one stack fits into a
// process at a time.
type oneByOne struct{ *testing.T }

func (oneByOne) Parallel()     {}
func (oneByOne) Verbose() bool { return testing.Verbose() }

func (o oneByOne) Run(name string, script func(testscript.T)) {
	o.T.Run(name, func(t *testing.T) { script(oneByOne{t}) })
}

// worldKey is where a script keeps its world.
type worldKey struct{}

// command is a command of a script. What it prints becomes the script's stdout.
type command func(ts *testscript.TestScript, w *world, args []string) error

// commands gives the commands of the scripts, see the package comment.
func commands() map[string]func(*testscript.TestScript, bool, []string) {
	wrapped := deeds()
	for name, run := range map[string]command{
		"stack": startStack, "send": sendFiles, "fill": fill, "advance": advanceBy, "letter": showLetter,
		"link": keepLink, "alter": alter, "visit": visitLink, "code": keepCode, "signin": signInWith, "desk": lookAtDesk,
		"signout": signOut, "jump": jump, "keys": keys, "files": filesOf, "picture": drawPicture, "bomb": drawBomb, "attach": attach,
		"settle":  func(_ *testscript.TestScript, w *world, _ []string) error { return w.settle() },
		"mails":   list((*world).mailLines),
		"cases":   list((*world).caseLines),
		"letters": list((*world).letterLines),
		"vault":   list((*world).vaultLines),
		"raw":     list((*world).rawLines),
		"tables":  list((*world).tableLines),
		"case":    caseOf,
		"left":    leave,
		"history": func(ts *testscript.TestScript, w *world, args []string) error {
			return list(func(w *world) ([]string, error) { return w.historyLines(strings.Join(args, " ")) })(ts, w, args)
		},
		"deadletters": list(func(w *world) ([]string, error) { return []string{strconv.Itoa(w.stack.DeadLetters())}, nil }),
	} {
		wrapped[name] = func(ts *testscript.TestScript, neg bool, args []string) {
			if neg {
				ts.Fatalf("%s cannot be negated", name)
			}
			if err := run(ts, ts.Value(worldKey{}).(*world), args); err != nil {
				ts.Fatalf("%s: %v", name, err)
			}
		}
	}
	return wrapped
}

// list makes a command of what gives lines.
func list(lines func(*world) ([]string, error)) command {
	return func(ts *testscript.TestScript, w *world, _ []string) error {
		all, err := lines(w)
		out := ts.Stdout() // also for no line: it empties what the command before left
		for _, line := range all {
			fmt.Fprintln(out, line)
		}
		return err
	}
}

// startStack is the command stack.
func startStack(ts *testscript.TestScript, w *world, args []string) error {
	for len(args) > 0 {
		switch args[0] {
		case "-open":
			if err := w.openTables(); err != nil {
				return err
			}
		case "-staff":
			args = args[1:]
			root, err := stacktest.Root(ts.MkAbs("organisation"), w.options.Root, stacktest.OnlyStaff(args[0]))
			if err != nil {
				return err
			}
			w.options.Root = root
		case "-mx":
			root, err := stacktest.Root(ts.MkAbs("organisation"), w.options.Root, stacktest.InMX(humanMailbox))
			if err != nil {
				return err
			}
			w.options.Root = root
		case "-duplicates":
			args = args[1:]
			times, err := strconv.Atoi(args[0])
			if err != nil {
				return err
			}
			w.options.Duplicates = times
		default:
			return fmt.Errorf("unknown flag %s", args[0])
		}
		args = args[1:]
	}
	return w.startIn(ts)
}

// humanMailbox is where ordinary mail goes on to in mx mode.
const humanMailbox = "mensen@kantoor.example"

// startIn starts the stack, and names its addresses in the script.
func (w *world) startIn(ts *testscript.TestScript) error {
	if err := w.start(); err != nil {
		return err
	}
	ts.Setenv("PORTAL", w.stack.Addresses().Portal)
	ts.Setenv("DESK", w.stack.Addresses().Desk)
	return nil
}

// leave is the command left: somebody stops working here, and the stack starts
// again with an organisation file that says so.
func leave(ts *testscript.TestScript, w *world, args []string) error {
	w.stop()
	root, err := stacktest.Root(ts.MkAbs("without-"+args[0]), w.options.Root, stacktest.WithoutStaff(args[0]))
	if err != nil {
		return err
	}
	w.options.Root = root
	return w.startIn(ts)
}

// jump is the command jump: the stack stands still while time goes on.
func jump(ts *testscript.TestScript, w *world, args []string) error {
	outage, err := time.ParseDuration(args[0])
	if err != nil {
		return err
	}
	w.stop()
	stopped, err := clock.Open(w.options.State, time.Time{}, time.Now)
	if err != nil {
		return err
	}
	for ; outage > 0 && err == nil; outage -= min(outage, clock.MaxAdvance) {
		err = stopped.Advance(min(outage, clock.MaxAdvance))
	}
	return errors.Join(err, w.startIn(ts))
}

// keys is the command keys: KMS refuses every call, or answers again.
func keys(_ *testscript.TestScript, w *world, args []string) error {
	w.keysAway.Store(args[0] == "away")
	return nil
}

// sendFiles is the command send.
func sendFiles(ts *testscript.TestScript, w *world, args []string) error {
	from, together := "-", false
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		if args[0] == "-at-once" {
			together, args = true, args[1:]
			continue
		}
		from, args = strings.Trim(args[1], "<>"), args[2:]
	}
	var mails []sentMail
	for _, name := range args {
		mails = append(mails, sentMail{name, crlf([]byte(ts.ReadFile(name)))})
	}
	if together {
		return w.sendAtOnce(from, mails...)
	}
	for _, one := range mails {
		if err := w.sendAtOnce(from, one); err != nil {
			return err
		}
	}
	return nil
}

// fill is the command fill: it makes a mail longer with sentences that ask for
// nothing.
func fill(ts *testscript.TestScript, _ *world, args []string) error {
	size, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	text := bytes.NewBufferString(ts.ReadFile(args[0]))
	for n := 1; text.Len() < size; n++ {
		fmt.Fprintf(text, "Regel %d van een lang verhaal over een abonnement en een factuur.\n", n)
	}
	return os.WriteFile(ts.MkAbs(args[0]), text.Bytes(), 0o600)
}

// advanceBy is the command advance.
func advanceBy(_ *testscript.TestScript, w *world, args []string) error {
	step, err := time.ParseDuration(args[0])
	if err != nil {
		return err
	}
	return w.advance(step)
}

// showLetter is the command letter.
func showLetter(ts *testscript.TestScript, w *world, args []string) error {
	form := ""
	if strings.HasPrefix(args[0], "-") {
		form, args = args[0], args[1:]
	}
	l, err := w.letter(args[0], args[1])
	if err != nil {
		return err
	}
	switch form {
	case "":
		fmt.Fprintln(ts.Stdout(), unwrapped(l.Text))
	case "-bare":
		fmt.Fprintln(ts.Stdout(), bare(l.Text))
	case "-raw":
		eml, err := os.ReadFile(filepath.Join(w.stack.Letters(), l.ID+".eml"))
		fmt.Fprintf(ts.Stdout(), "%s", eml)
		return err
	default:
		return errUsage
	}
	return nil
}

// keepLink is the command link.
func keepLink(ts *testscript.TestScript, w *world, args []string) error {
	l, err := w.letter(args[1], args[2])
	if err != nil {
		return err
	}
	link, token, err := linkOf(l.Text)
	if err != nil {
		return err
	}
	ts.Setenv(args[0], link)
	ts.Setenv(args[0]+"_TOKEN", token)
	return nil
}

// alter is the command alter.
func alter(ts *testscript.TestScript, _ *world, args []string) error {
	ts.Setenv(args[0], altered(args[1]))
	return nil
}

// visitLink is the command visit.
func visitLink(ts *testscript.TestScript, _ *world, args []string) error {
	method, times := "GET", 1
	as := func(text string) string { return text }
	for len(args) > 1 {
		var err error
		switch args[0] {
		case "-bare":
			as, args = bare, args[1:]
			continue
		case "-method":
			method = args[1]
		case "-times":
			times, err = strconv.Atoi(args[1])
		default:
			err = fmt.Errorf("unknown flag %s", args[0])
		}
		if err != nil {
			return err
		}
		args = args[2:]
	}
	var shown page
	for range times {
		var err error
		if shown, err = visit(method, args[0]); err != nil {
			return err
		}
	}
	fmt.Fprintf(ts.Stdout(), "status %d, %d bytes\n%s\n", shown.status, shown.bytes, as(shown.text))
	return nil
}

// caseOf is the command case.
func caseOf(ts *testscript.TestScript, w *world, args []string) error {
	c, err := w.caseOf(args[0])
	if err == nil {
		fmt.Fprintln(ts.Stdout(), strings.TrimSpace(fmt.Sprintf("%s %s %s", c.Number, c.State, c.Work.Outcome)))
	}
	return err
}
