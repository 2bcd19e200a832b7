package child_test

import (
	"fmt"
	"os"
	"runtime"
	"syscall"
	"testing"
)

// onDyingThread runs f on a thread that has ended when onDyingThread returns:
// a goroutine that exits while locked takes its thread along. The main thread
// never ends, so a goroutine that lands on it waits and another one tries.
func onDyingThread(t *testing.T, f func()) {
	t.Helper()
	release := make(chan struct{})
	defer close(release)
	ids := make(chan int)
	for {
		go func() {
			runtime.LockOSThread()
			id := syscall.Gettid()
			if id == os.Getpid() {
				ids <- id
				<-release
				runtime.UnlockOSThread()
				return
			}
			f()
			ids <- id
		}()
		if id := <-ids; id != os.Getpid() {
			waitThreadGone(id)
			return
		}
	}
}

// waitThreadGone returns once the kernel no longer lists the thread.
func waitThreadGone(id int) {
	for {
		if _, err := os.Stat(fmt.Sprintf("/proc/self/task/%d", id)); os.IsNotExist(err) {
			return
		}
		runtime.Gosched()
	}
}
