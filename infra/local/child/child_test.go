//go:build unix

package child_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"polarweb.nl/inzage/infra/local/child"
)

// roleVariable tells a re-executed test binary which part it plays.
const roleVariable = "INZAGE_TEST_ROLE"

// patience ends a helper process by itself, so that a failing test leaves no
// orphan and its reader sees "survived" instead of a hanging pipe.
const patience = time.Minute

func TestMain(m *testing.M) {
	switch os.Getenv(roleVariable) {
	case "parent":
		os.Exit(playParent())
	case "polite":
		playChild(syscall.SIGTERM)
	case "stubborn":
		signal.Ignore(syscall.SIGTERM)
		playChild(syscall.SIGUSR1)
	case "environment":
		fmt.Println(strings.Join(os.Environ(), "\n"))
	case "failing":
		os.Exit(7)
	default:
		os.Exit(m.Run())
	}
}

// playParent starts a child through the package under test and waits to be
// killed. The child inherits its standard output, the pipe that the test reads.
func playParent() int {
	p, err := child.Start(child.Command{
		Path: os.Args[0], Env: []string{roleVariable + "=polite"}, Stdout: os.Stdout,
	})
	if err != nil {
		fmt.Println("error", err)
		return 1
	}
	<-p.Done()
	fmt.Println("child ended first")
	return 1
}

// playChild says ready and waits for the signal.
func playChild(until os.Signal) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, until)
	fmt.Println("ready", os.Getpid())
	select {
	case <-signals:
		fmt.Println("stopped politely")
	case <-time.After(patience):
		fmt.Println("survived")
	}
}

// pipe returns a file for a child to write to and a reader of its lines.
func pipe(t *testing.T) (*os.File, *bufio.Reader) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close(); _ = w.Close() })
	return w, bufio.NewReader(r)
}

// startRole starts the test binary in a role and waits for its first line.
func startRole(t *testing.T, role string) (*child.Process, *bufio.Reader) {
	t.Helper()
	w, lines := pipe(t)
	p, err := child.Start(child.Command{Path: os.Args[0], Env: []string{roleVariable + "=" + role}, Stdout: w})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Stop(0) })
	_ = w.Close() // the child alone holds the writing end
	waitReady(t, lines)
	return p, lines
}

// waitReady reads the line with which a helper process says that it runs.
func waitReady(t *testing.T, lines *bufio.Reader) {
	t.Helper()
	line, err := lines.ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "ready") {
		t.Fatalf("first line %q, error %v; want ready", line, err)
	}
}

func TestChildDiesWhenTheParentIsKilled(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("SKIP: only Linux kills a child together with its parent")
	}
	w, lines := pipe(t)
	parent := exec.Command(os.Args[0])
	parent.Env, parent.Stdout = []string{roleVariable + "=parent"}, w
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	_ = w.Close() // from here only the parent and its child hold the pipe
	waitReady(t, lines)

	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(lines) // ends when the last holder is gone
	if err != nil || len(rest) != 0 {
		t.Errorf("after the kill: %q, error %v; want a silent end of the pipe", rest, err)
	}
	if err := parent.Wait(); err == nil {
		t.Error("the parent ended with status 0, it was never killed")
	}
}

func TestChildOutlivesTheThreadThatAskedForIt(t *testing.T) {
	w, lines := pipe(t)
	var p *child.Process
	var err error
	onDyingThread(t, func() {
		p, err = child.Start(child.Command{Path: os.Args[0], Env: []string{roleVariable + "=polite"}, Stdout: w})
	})
	if err != nil {
		t.Fatal(err)
	}
	_ = w.Close() // a child that dies early shows as the end of the pipe
	waitReady(t, lines)
	p.Stop(patience)
	if rest, _ := io.ReadAll(lines); string(rest) != "stopped politely\n" {
		t.Errorf("last words %q, want %q: it died with the thread", rest, "stopped politely\n")
	}
}

func TestStopAsksBeforeItKills(t *testing.T) {
	p, lines := startRole(t, "polite")
	p.Stop(patience)
	p.Stop(patience) // stopping twice is harmless
	if rest, _ := io.ReadAll(lines); string(rest) != "stopped politely\n" {
		t.Errorf("last words %q, want %q", rest, "stopped politely\n")
	}
	if err := p.Err(); err != nil {
		t.Errorf("Err() = %v after status 0, want nil", err)
	}
}

func TestStopKillsAChildThatWillNotEnd(t *testing.T) {
	p, _ := startRole(t, "stubborn")
	if err := p.Err(); err != nil {
		t.Errorf("Err() = %v while it runs, want nil", err)
	}
	p.Stop(time.Millisecond)
	var exit *exec.ExitError
	if !errors.As(p.Err(), &exit) {
		t.Fatalf("Err() = %v, want an *exec.ExitError", p.Err())
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
		t.Errorf("ended by %v, want SIGKILL", exit)
	}
}

func TestChildInheritsNoEnvironment(t *testing.T) {
	t.Setenv("SECRET_OF_THE_PARENT", "x")
	file := filepath.Join(t.TempDir(), "out")
	out, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	p, err := child.Start(child.Command{
		Path: os.Args[0], Env: []string{roleVariable + "=environment"}, Stdout: out,
	})
	if err != nil {
		t.Fatal(err)
	}
	<-p.Done()
	_ = out.Close()
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if want := roleVariable + "=environment\n"; string(got) != want {
		t.Errorf("environment %q, want only %q", got, want)
	}
}

func TestErrTellsHowTheChildEnded(t *testing.T) {
	p, err := child.Start(child.Command{Path: os.Args[0], Env: []string{roleVariable + "=failing"}})
	if err != nil {
		t.Fatal(err)
	}
	<-p.Done()
	if got := fmt.Sprint(p.Err()); got != "exit status 7" {
		t.Errorf("Err() = %q, want exit status 7", got)
	}
}

func TestStartNamesAProgramThatIsMissing(t *testing.T) {
	_, err := child.Start(child.Command{Path: filepath.Join(t.TempDir(), "nothing")})
	if !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "nothing") {
		t.Errorf("error %v, want one that names the program and is os.ErrNotExist", err)
	}
}
