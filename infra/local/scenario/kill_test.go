package scenario

import (
	"bytes"
	"errors"
	"fmt"
	"net/mail"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"polarweb.nl/inzage/infra/local/ses"
)

// atOneTime is how many stacks run beside each other here. Most of their time
// is spent waiting.
const atOneTime = 6

// demoLines is how many lines a demonstration prints: the mail, the event that
// opened the case, three lines for each of three letters, and its end.
const demoLines = 12

// errDemo is returned when a demonstration does not end as it should.
var errDemo = errors.New("the demonstration did not end well")

// demoState gives a state folder for a demonstration, by its real name, which
// is the one that processes show.
func demoState(t *testing.T) string {
	t.Helper()
	state, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// requireProc skips a test on a system that does not show its processes.
func requireProc(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("SKIP: this system has no /proc to look for orphans in")
	}
}

func TestKilledDemonstrationLeavesNoOrphanAndGoesOn(t *testing.T) {
	root := requireBuild(t)
	requireProc(t)
	points := []killPoint{{file: "objects/buckets/*/raw/*"}, {file: "letters/*.eml"}, {file: "letters/*.json"}}
	for lines := range demoLines + 1 {
		points = append(points, killPoint{lines: lines})
	}
	var together sync.WaitGroup
	turns := make(chan struct{}, atOneTime)
	faults := make([]error, len(points))
	for i, point := range points {
		state := demoState(t)
		together.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			faults[i] = killAndGoOn(root, state, point)
		})
	}
	together.Wait()
	for i, err := range faults {
		if err != nil {
			t.Errorf("killed at %+v: %v", points[i], err)
		}
	}
}

// killPoint says when a demonstration is killed: when it has printed some
// lines, or when there is some file in its state folder.
type killPoint struct {
	lines int
	file  string
}

// killAndGoOn kills a demonstration, and lets one on the same state come to
// the end that it would have come to.
func killAndGoOn(root, state string, point killPoint) error {
	demo, err := launch(root, "-demo", "-state", state)
	if err != nil {
		return err
	}
	copies, err := demo.reach(state, point)
	if err := errors.Join(err, demo.kill(), awaitNoHolders(state)); err != nil {
		return err
	}
	return goOn(root, state, copies)
}

// reach waits for a point, and says how many receipts may leave in all. A kill
// may eat what SES had to report of a letter it took; then the letter leaves a
// second time, as a copy. But once the history says that it was sent, never.
func (p *process) reach(state string, point killPoint) (copies int, err error) {
	copies = 2
	for n := range point.lines {
		if !p.lines.Scan() {
			return copies, fmt.Errorf("%w: it printed %d lines", errDemo, n)
		}
		if line := p.lines.Text(); strings.Contains(line, "LetterSent") && strings.Contains(line, "M01") {
			copies = 1
		}
	}
	if point.file == "" {
		return copies, nil
	}
	return copies, awaitFile(filepath.Join(state, point.file))
}

// awaitFile waits, without a pause, until there is such a file.
func awaitFile(pattern string) error {
	for range 1000 * looks {
		if found, _ := filepath.Glob(pattern); len(found) > 0 {
			return nil
		}
		runtime.Gosched()
	}
	return fmt.Errorf("%w: no %s came", errDemo, pattern)
}

// goOn runs the demonstration again on the same state. It must come to its
// end, with at most so many copies of the one receipt.
func goOn(root, state string, copies int) error {
	demo, err := launch(root, "-demo", "-state", state)
	if err != nil {
		return err
	}
	last, err := demo.finish()
	if err != nil || last != "opened AVG-2026-0001" {
		return fmt.Errorf("%w: last line %q, %w", errDemo, last, err)
	}
	tokens, err := storedReceipts(state)
	if err != nil {
		return err
	}
	sent := len(tokens)
	if different := len(slices.Compact(tokens)); sent > copies || different != 1 {
		return fmt.Errorf("%w: %d receipts with %d different links", errDemo, sent, different)
	}
	return awaitNoHolders(state)
}

// storedReceipts gives the token in each receipt that the local SES took, from
// its folder: the stack is down.
func storedReceipts(state string) ([]string, error) {
	folder := filepath.Join(state, "letters")
	ids, err := ses.IDs(folder)
	if err != nil {
		return nil, err
	}
	var tokens []string
	for _, id := range ids {
		_, raw, err := ses.Read(folder, id)
		if err != nil {
			return nil, err
		}
		message, err := mail.ReadMessage(bytes.NewReader(raw))
		if err != nil {
			return nil, err
		}
		if !strings.HasPrefix(message.Header.Get("Subject"), "Ontvangstbevestiging") {
			continue
		}
		token, err := rawToken(raw)
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, token)
	}
	slices.Sort(tokens)
	return tokens, nil
}

func TestAcceptedMailOutlivesAKilledStack(t *testing.T) {
	root := requireBuild(t)
	requireProc(t)
	state := demoState(t)
	const rounds = 4
	for round := range rounds {
		running, at, err := serve(root, state)
		if err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprintf("persoon%d", round)
		sent := sendTo(strings.TrimPrefix(at.SMTP, "smtp://"), request(name, name+"@example.com"))
		if err := errors.Join(sent, running.kill(), awaitNoHolders(state)); err != nil {
			t.Fatal(err)
		}
		if err := letTheWorkEnd(root, state); err != nil {
			t.Fatal(err)
		}
	}
	running, at, err := serve(root, state)
	if err != nil {
		t.Fatal(err)
	}
	letters, err := lettersAt(at.Mailbox)
	if err := errors.Join(err, running.kill()); err != nil {
		t.Fatal(err)
	}
	if receipts(letters) < rounds {
		t.Errorf("%d receipts for %d accepted mails", receipts(letters), rounds)
	}
}

// letTheWorkEnd starts a stack on what a killed one left, and lets an hour pass
// in which every lease ends.
func letTheWorkEnd(root, state string) error {
	running, at, err := serve(root, state)
	if err != nil {
		return err
	}
	advanced := advance(at.Clock, time.Hour)
	interrupted := running.command.Process.Signal(os.Interrupt)
	_, ended := running.finish()
	return errors.Join(advanced, interrupted, ended)
}

func TestProcessesOfALivingStackAreSeen(t *testing.T) {
	root := requireBuild(t)
	requireProc(t)
	state := demoState(t)
	running, at, err := serve(root, state)
	if err != nil {
		t.Fatal(err)
	}
	sent := sendTo(strings.TrimPrefix(at.SMTP, "smtp://"), request("Sanne Bakker", "sanne@example.com"))
	settled := advance(at.Clock, 0)
	seen := strings.Join(holders(state), "\n")
	if err := errors.Join(sent, settled, running.kill(), awaitNoHolders(state)); err != nil {
		t.Fatal(err)
	}
	for _, program := range []string{".build/local", "dynoxide", "intake/bootstrap", "dispatch/bootstrap", "feedback/bootstrap"} {
		if !strings.Contains(seen, program) {
			t.Errorf("%s is not among what runs:\n%s", program, seen)
		}
	}
}
