//go:build !linux

package child

import "syscall"

// attributes asks for nothing: these systems have no parent-death signal. A
// child ends with the stack when the stack stops it, and on Ctrl-C because it
// shares the terminal's process group; after a SIGKILL of the stack it stays
// and has to be stopped by hand.
func attributes() *syscall.SysProcAttr { return nil }
