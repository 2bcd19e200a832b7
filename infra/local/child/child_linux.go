package child

import "syscall"

// attributes ties the child to us. Pdeathsig makes the kernel kill it when the
// thread that started it ends. Its own process group keeps the terminal's
// Ctrl-C from it, so that the stack can stop its parts in their right order.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
}
