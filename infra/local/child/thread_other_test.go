//go:build unix && !linux

package child_test

import "testing"

// onDyingThread skips the test: only Linux ties a child to a thread.
func onDyingThread(t *testing.T, _ func()) {
	t.Helper()
	t.Skip("SKIP: there is no parent-death signal on this system")
}
