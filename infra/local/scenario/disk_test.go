package scenario

import (
	"errors"
	"fmt"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const (
	// diskSize is that of the disk that fills up, and spareSize what is then freed.
	diskSize  = "64m"
	spareSize = 24 << 20
	// largeMail is the size of each mail that fills it.
	largeMail = 1 << 20
	// tooManyMails do not fit on it.
	tooManyMails = 80
)

// onSmallDisk is a program that gives the next one a small disk of its own at a
// folder, which nobody else sees.
func onSmallDisk(t *testing.T, folder string) []string {
	t.Helper()
	small := []string{
		"unshare", "--user", "--map-root-user", "--mount", "sh", "-c",
		`mount -t tmpfs -o size=` + diskSize + ` none "$0" && exec "$@"`, folder,
	}
	if err := exec.Command(small[0], append(small[1:], "true")...).Run(); err != nil {
		t.Skipf("SKIP: this system gives nobody a small disk of their own (%v)", err)
	}
	return small
}

func TestMailIsAcceptedOnlyWhileTheDiskCanHoldIt(t *testing.T) {
	root := requireBuild(t)
	requireProc(t)
	state := demoState(t)
	running, at, err := serveWith(root, state, onSmallDisk(t, state)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = running.kill() })
	// The disk as the program sees it (proc(5), /proc/pid/root).
	disk := filepath.Join(fmt.Sprintf("/proc/%d/root", running.command.Process.Pid), state)
	spare := filepath.Join(disk, "spare")
	if err := os.WriteFile(spare, make([]byte, spareSize), 0o600); err != nil {
		t.Fatal(err)
	}
	door := strings.TrimPrefix(at.SMTP, "smtp://")
	accepted := 0
	var refused error
	for n := range tooManyMails {
		name := fmt.Sprintf("persoon%d", n)
		mail := append(request(name, name+"@example.com"), strings.Repeat("Een lang verhaal over een factuur.\n", largeMail/35)...)
		if refused = sendTo(door, mail); refused != nil {
			break
		}
		accepted++
	}
	// RFC 5321 section 4.2.1: 4 says that the sender may try again.
	var said *textproto.Error
	if !errors.As(refused, &said) || said.Code/100 != 4 || accepted == 0 {
		t.Fatalf("after %d mails the door says %v, want that it has no room now", accepted, refused)
	}
	if err := os.Remove(spare); err != nil {
		t.Fatal(err)
	}
	for range 3 { // what was tried in vain waits for its lease, and mails are read after each other
		if err := advance(at.Clock, time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	letters, err := lettersAt(at.Mailbox)
	if err != nil {
		t.Fatal(err)
	}
	if got := receipts(letters); got < accepted {
		t.Errorf("%d receipts for %d accepted mails", got, accepted)
	}
	if err := sendTo(door, request("Laatste", "laatste@example.com")); err != nil {
		t.Errorf("with room again the door says %v", err)
	}
}
