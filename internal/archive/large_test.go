//go:build large

package archive_test

import "testing"

// The largest package but for a little: run with -tags large.
func TestMemoryOfTheLargestArchiveIsBounded(t *testing.T) { bounded(t, 1900<<20, 64<<20) }
