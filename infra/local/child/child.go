// Package child starts the programs that the local stack runs beside itself
// (the DynamoDB stand-in, the built functions) so that none of them outlives
// it.
//
// A developer stops the stack with Ctrl-C, a test runner stops it with
// SIGKILL. An orphan would go on holding its port and its database file, and
// the next start would meet a stale one. On Linux the kernel therefore kills
// each child together with the stack; child_other.go says what is left of that
// promise on other systems.
//
// The package stores nothing. Use:
//
//	p, err := child.Start(child.Command{Path: "dynoxide", Args: []string{"serve"}})
//	...
//	select {
//	case <-p.Done(): // it ended by itself, p.Err() says how
//	case <-ready:
//	}
//	...
//	p.Stop(2 * time.Second)
package child

import (
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// outputDelay bounds the wait for output that arrives after a child has ended,
// for a grandchild may hold the other end of the pipe open.
const outputDelay = 2 * time.Second

// Command says what to start.
type Command struct {
	// Path is the program: an absolute path, or a name looked up in PATH.
	Path string
	// Args are the arguments after the program's name.
	Args []string
	// Env is the whole environment of the child, as KEY=value. Nothing is
	// inherited: an empty list is an empty environment.
	Env []string
	// Dir is the working folder; empty means the folder of the parent.
	Dir string
	// Stdout and Stderr receive the output; nil discards it. An *os.File is
	// handed over as it is, without a copying goroutine.
	Stdout, Stderr io.Writer
}

// Process is a child that has been started. Its methods may be called from any
// goroutine.
type Process struct {
	cmd  *exec.Cmd
	done chan struct{}
	err  error // written before done is closed, read only after
}

// Start starts the command and returns as soon as it runs.
//
// The goroutine that starts it keeps its thread until the child has ended,
// because Linux sends the parent-death signal when the thread that created the
// child ends, not the process (prctl(2), PR_SET_PDEATHSIG); the Go runtime
// ends threads whenever it likes.
func Start(c Command) (*Process, error) {
	cmd := exec.Command(c.Path, c.Args...)
	cmd.Env = append([]string{}, c.Env...) // never nil: nil would inherit ours
	cmd.Dir, cmd.Stdout, cmd.Stderr = c.Dir, c.Stdout, c.Stderr
	cmd.SysProcAttr = attributes()
	cmd.WaitDelay = outputDelay

	p := &Process{cmd: cmd, done: make(chan struct{})}
	started := make(chan error)
	go p.live(started)
	if err := <-started; err != nil {
		return nil, fmt.Errorf("starting %s: %w", c.Path, err)
	}
	return p, nil
}

// live is the whole life of the child on one locked thread.
func (p *Process) live(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := p.cmd.Start()
	started <- err
	if err != nil {
		return
	}
	p.err = p.cmd.Wait()
	close(p.done)
}

// Done is closed once the child has ended and its output has been written.
func (p *Process) Done() <-chan struct{} { return p.done }

// Err says how the child ended: nil while it runs and after exit status 0,
// otherwise the error of exec.Cmd.Wait, usually an *exec.ExitError.
func (p *Process) Err() error {
	select {
	case <-p.done:
		return p.err
	default:
		return nil
	}
}

// Pid is the process id, for messages to people.
func (p *Process) Pid() int { return p.cmd.Process.Pid }

// Stop asks the child to end (SIGTERM), kills it when it has not ended within
// the grace, and returns once it is gone. A grace of zero kills at once. It may
// be called more than once, and after the child has ended by itself.
func (p *Process) Stop(grace time.Duration) {
	if grace > 0 && p.cmd.Process.Signal(syscall.SIGTERM) == nil {
		timer := time.NewTimer(grace)
		defer timer.Stop()
		select {
		case <-p.done:
			return
		case <-timer.C:
		}
	}
	// An error here means that it has already ended, which is what we want.
	_ = p.cmd.Process.Kill()
	<-p.done
}
