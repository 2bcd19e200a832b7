package scenario

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// seed repeats the moments of an earlier run.
var seed = flag.Uint64("seed", 0, "seed of the moments at which demonstrations are killed; 0 draws one")

const (
	// atOneTime is how many stacks run beside each other here. Most of their
	// time is spent waiting.
	atOneTime = 4
	// kills is at how many random moments a demonstration is killed.
	kills = 10
)

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
	whole, err := runDemo(root, demoState(t))
	if err != nil {
		t.Fatal(err)
	}
	points := killPoints(t, len(whole))
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

// killPoints gives moments spread over a run of so many lines, one at random in
// each part of it, and those at which a mail, a letter, an upload or what is kept
// of one has just been stored.
func killPoints(t *testing.T, lines int) []killPoint {
	t.Helper()
	drawn := *seed
	for drawn == 0 {
		drawn = rand.Uint64()
	}
	t.Logf("the moments follow from -seed %d", drawn)
	random := rand.New(rand.NewPCG(drawn, 0))
	points := []killPoint{{file: "letters/*.eml"}, {file: "letters/*.json"}}
	for _, folder := range []string{"raw/*", "incoming/*/*", "idcopy/*/*", "found/*/*", "package/*/*", "handout/*"} {
		points = append(points, killPoint{file: "objects/buckets/*/" + folder})
	}
	for i := range kills {
		from, to := i*lines/kills, (i+1)*lines/kills
		points = append(points, killPoint{lines: from + random.IntN(to-from)})
	}
	return points
}

// runDemo lets a demonstration come to its end, and gives what it printed.
func runDemo(root, state string) ([]string, error) {
	demo, err := launch(root, "-demo", "-state", state)
	if err != nil {
		return nil, err
	}
	lines, err := demo.finish()
	const end = "left    ledger verify: ok"
	if err != nil || len(lines) == 0 || lines[len(lines)-1] != end || !slices.Contains(lines, "closed AVG-2026-0001") {
		return lines, fmt.Errorf("%w: %w, it said\n%s", errDemo, err, strings.Join(lines, "\n"))
	}
	return lines, nil
}

// killAndGoOn kills a demonstration, and lets one on the same state come to
// the end that it would have come to.
func killAndGoOn(root, state string, point killPoint) error {
	demo, err := launch(root, "-demo", "-state", state)
	if err != nil {
		return err
	}
	told, err := demo.reach(state, point)
	if err := errors.Join(err, demo.kill(), awaitNoHolders(state)); err != nil {
		return err
	}
	taken, err := takenLetters(state)
	if err != nil {
		return err
	}
	if _, err := runDemo(root, state); err != nil {
		return err
	}
	return errors.Join(checkCopies(state, taken, told), awaitNoHolders(state))
}

// reach waits for a point, and gives the lines printed by then.
func (p *process) reach(state string, point killPoint) (told []string, err error) {
	for range point.lines {
		if !p.lines.Scan() {
			return told, fmt.Errorf("%w: it printed %d lines", errDemo, len(told))
		}
		told = append(told, p.lines.Text())
	}
	if point.file == "" {
		return told, nil
	}
	return told, p.awaitFile(filepath.Join(state, point.file))
}

// awaitFile waits, without a pause, until there is such a file. An upload may be
// gone again before it was seen: then the demonstration comes to its end, and
// going on from there has to come to the same one.
func (p *process) awaitFile(pattern string) error {
	for range 1000 * looks {
		if found, _ := filepath.Glob(pattern); len(found) > 0 || p.ended() {
			return nil
		}
		runtime.Gosched()
	}
	return fmt.Errorf("%w: no %s came", errDemo, pattern)
}

// checkCopies makes sure that each letter left once. One thing may happen twice:
// a letter that SES had taken at the kill, before the history said that it was
// sent, leaves again as a copy, for the kill may eat the report of SES. Once
// the history said so, never.
func checkCopies(state string, taken map[string][]string, told []string) error {
	all, err := takenLetters(state)
	if err != nil {
		return err
	}
	unsure := map[string]int{} // by kind
	for tag := range taken {
		unsure[kindOf(tag)]++
	}
	for _, line := range told {
		if sent := sentLine.FindStringSubmatch(line); sent != nil {
			unsure[sent[1]]--
		}
	}
	for tag, copies := range all {
		if len(copies) > 1 {
			unsure[kindOf(tag)]--
		}
		if len(copies) > 2 || len(copies) == 2 && (len(taken[tag]) != 1 || unsure[kindOf(tag)] < 0) {
			return fmt.Errorf("%w: letter %s left %d times", errDemo, tag, len(copies))
		}
		if len(copies) == 2 && copies[0] != copies[1] {
			return fmt.Errorf("%w: the copies of letter %s differ", errDemo, tag)
		}
	}
	return nil
}

// sentLine is what a demonstration prints once the history has a letter as sent.
var sentLine = regexp.MustCompile(`event +LetterSent .* letter (\S+) to `)

// kindOf gives the kind of letter in a tag.
func kindOf(tag string) string { return strings.Split(tag, "_")[2] }

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
