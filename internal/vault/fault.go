package vault

import (
	"fmt"
	"strings"
)

// fault is what went wrong with a file. It names the folder alone: whoever reads a
// handout's path in a log can open what lies there.
type fault struct {
	text  string
	cause error
}

// unnamed gives the fault of doing something with what lies at a path. The text of
// the cause may hold the path too, as that of a connection that fails does: it
// repeats the address.
func unnamed(doing, path string, cause error) error {
	folder, _, _ := strings.Cut(path, "/")
	return &fault{strings.ReplaceAll(fmt.Sprintf("%s a file in %s: %v", doing, folder, cause), path, folder+"/..."), cause}
}

// Error says what was being done, in which folder, and why it failed.
func (f *fault) Error() string { return f.text }

// Unwrap gives the cause, to be compared and not to be shown.
func (f *fault) Unwrap() error { return f.cause }
