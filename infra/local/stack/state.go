package stack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"polarweb.nl/inzage/infra/local/clock"
	"polarweb.nl/inzage/infra/local/queue"
	"polarweb.nl/inzage/infra/template"
	"polarweb.nl/inzage/internal/organisation"
)

// openState makes the state folder and locks it. Both folders become absolute:
// the object store changes the process's working folder.
func (s *Stack) openState(context.Context) error {
	for _, folder := range []*string{&s.options.Root, &s.options.State} {
		absolute, err := filepath.Abs(*folder)
		if err != nil {
			return fmt.Errorf("finding the folder %s: %w", *folder, err)
		}
		*folder = absolute
	}
	if err := os.MkdirAll(s.options.State, 0o700); err != nil {
		return fmt.Errorf("making the state folder: %w", err)
	}
	_, err := os.Stat(s.path("tables.db"))
	s.fresh = errors.Is(err, os.ErrNotExist)
	return s.lock()
}

// lock takes the state folder for this process. The system lets go of the lock
// when a process dies, however it dies, so a lock file that was left behind
// stops nobody; it is only named.
func (s *Stack) lock() error {
	file, err := os.OpenFile(s.path("lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("opening the lock: %w", err)
	}
	pid := readPID(file)
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		file.Close()
		return fmt.Errorf("the state folder %s is in use by process %s: stop that one, or give another folder with -state", s.options.State, pid)
	}
	if pid != "" {
		s.options.Log("The lock was left behind by process %s, which did not stop cleanly. Going on from what it had stored.", pid)
	}
	if err := writePID(file); err != nil {
		file.Close()
		return err
	}
	s.onStop(func() {
		_ = file.Truncate(0) // an empty lock says that the stack stopped cleanly
		file.Close()
	})
	return nil
}

// readPID gives the process a lock file names; "" when it names none.
func readPID(file *os.File) string {
	text := make([]byte, 32)
	n, _ := file.ReadAt(text, 0)
	pid := strings.TrimSpace(string(text[:n]))
	if _, err := strconv.Atoi(pid); err != nil {
		return ""
	}
	return pid
}

// writePID names this process in the lock file.
func writePID(file *os.File) error {
	if err := file.Truncate(0); err != nil {
		return fmt.Errorf("writing the lock: %w", err)
	}
	if _, err := file.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0); err != nil {
		return fmt.Errorf("writing the lock: %w", err)
	}
	return nil
}

// readFiles reads the template, and the profile that the build checked.
func (s *Stack) readFiles(context.Context) error {
	var err error
	if s.template, err = template.Read(filepath.Join(s.options.Root, "template.yaml")); errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("there is no template.yaml in %s: start from the project's folder, or name it with -root", s.options.Root)
	}
	if err != nil {
		return err
	}
	file, err := os.Open(filepath.Join(s.options.Root, ".build", "organisation.json"))
	if err != nil {
		return fmt.Errorf("the build is not there, run make build first: %w", err)
	}
	defer file.Close()
	if s.profile, err = organisation.Decode(file); err != nil {
		return fmt.Errorf("the build does not fit this program, run make build again: %w", err)
	}
	return nil
}

// openClock finds the clock back, or begins it.
func (s *Stack) openClock(context.Context) error {
	var err error
	s.clock, err = clock.Open(s.options.State, s.options.StartAt, time.Now)
	return err
}

// openQueues opens a durable queue for each of the template. A failed message
// comes back after a second or so, where SQS waits for the visibility timeout.
func (s *Stack) openQueues(context.Context) error {
	declared, err := s.template.Queues()
	if err != nil {
		return err
	}
	for _, one := range declared {
		if one.DeadLetter == "" {
			if err := s.openQueue(one, nil); err != nil {
				return err
			}
		}
	}
	for _, one := range declared {
		if one.DeadLetter != "" {
			if err := s.openQueue(one, s.queues[one.DeadLetter]); err != nil {
				return err
			}
		}
	}
	return nil
}

// openQueue opens one queue.
func (s *Stack) openQueue(declared template.Queue, deadLetters *queue.Queue) error {
	opened, err := queue.Open(s.path("queues", declared.LogicalID), queue.Options{
		MaxReceives: declared.MaxReceiveCount,
		DeadLetter:  deadLetters,
		Delay:       func(receives int) time.Duration { return time.Duration(receives) * 200 * time.Millisecond },
	})
	if err != nil {
		return fmt.Errorf("queue %s: %w", declared.LogicalID, err)
	}
	s.queues[declared.LogicalID] = opened
	s.onStop(opened.Close)
	return nil
}
