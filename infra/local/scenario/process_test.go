package scenario

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// process is a stack that runs as the operator runs it: the built program.
type process struct {
	command *exec.Cmd
	lines   *bufio.Scanner // what it prints
	told    bytes.Buffer   // what it tells the operator; read after its end
}

// launch starts the built program, in the project's folder.
func launch(root string, arguments ...string) (*process, error) {
	return launchWith(root, nil, arguments...)
}

// launchWith starts the built program by another one, which becomes it.
func launchWith(root string, by []string, arguments ...string) (*process, error) {
	all := append(append(slices.Clone(by), filepath.Join(root, ".build", "local")), arguments...)
	p := &process{command: exec.Command(all[0], all[1:]...)}
	p.command.Dir, p.command.Stderr = root, &p.told
	out, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.lines = bufio.NewScanner(out)
	return p, p.command.Start()
}

// kill ends the program as kill -9 does, with no chance to tidy up.
func (p *process) kill() error {
	err := p.command.Process.Kill()
	if err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	for p.lines.Scan() { // what it had printed by then
	}
	_ = p.command.Wait() // "signal: killed", or its own end if it was faster
	return nil
}

// ended reports whether the program came to its own end. Nobody has waited for it
// yet, so that it is a zombie then (proc(5), /proc/pid/stat).
func (p *process) ended() bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.command.Process.Pid))
	return err != nil || bytes.Contains(stat, []byte(") Z "))
}

// finish waits for the program's own end and gives the lines it still prints.
func (p *process) finish() (lines []string, err error) {
	for p.lines.Scan() {
		lines = append(lines, p.lines.Text())
	}
	if err := p.command.Wait(); err != nil {
		return lines, fmt.Errorf("%w: %s", err, p.told.String())
	}
	return lines, nil
}

// addresses are what the program prints with -json.
type addresses struct{ SMTP, Portal, Desk, Mailbox, Clock string }

// serve starts the program for automation on a state folder.
func serve(root, state string) (*process, addresses, error) { return serveWith(root, state) }

// serveWith starts it by another program.
func serveWith(root, state string, by ...string) (*process, addresses, error) {
	var at addresses
	p, err := launchWith(root, by, "-json", "-seed=false", "-state", state,
		"-smtp", anywhere, "-web", anywhere, "-mailbox", anywhere, "-clock", anywhere)
	if err != nil {
		return nil, at, err
	}
	if !p.lines.Scan() {
		_, err := p.finish()
		return nil, at, errors.Join(io.ErrUnexpectedEOF, err)
	}
	return p, at, json.Unmarshal(p.lines.Bytes(), &at)
}

// holders gives the processes that hold a file of a folder open, or name the
// folder in their command line. The database does both, and each function
// writes its log there.
func holders(folder string) []string {
	var found []string
	all, _ := filepath.Glob("/proc/[0-9]*")
	for _, one := range all {
		if one == fmt.Sprintf("/proc/%d", os.Getpid()) {
			continue // a test may look into the folder itself
		}
		if name := holds(one, folder); name != "" {
			found = append(found, name)
		}
	}
	return found
}

// holds gives the command line of a process that has to do with a folder.
func holds(process, folder string) string {
	// A process may end while it is looked at; then it holds nothing.
	line, _ := os.ReadFile(filepath.Join(process, "cmdline"))
	line = bytes.ReplaceAll(line, []byte{0}, []byte{' '})
	if bytes.Contains(line, []byte(folder)) {
		return string(line)
	}
	files, _ := filepath.Glob(filepath.Join(process, "fd", "*"))
	for _, file := range files {
		if target, err := os.Readlink(file); err == nil && strings.HasPrefix(target, folder+"/") {
			return string(line)
		}
	}
	return ""
}

// errOrphans is returned when a process outlives the stack that started it.
var errOrphans = errors.New("processes outlive the stack")

// awaitNoHolders waits until nothing of a killed stack runs any more. The
// kernel kills the children after the parent, not with it.
func awaitNoHolders(folder string) error {
	var left []string
	for range looks {
		if left = holders(folder); len(left) == 0 {
			return nil
		}
		pause()
	}
	return fmt.Errorf("%w: %s", errOrphans, strings.Join(left, "; "))
}
