// Package simulation runs whole worlds of the desk from one number, to find
// what no single test would think of.
//
// A world has its own clock, its own mail and its own bad luck, all drawn from
// one seed. The handlers in it are the real ones, over casework's ports in
// memory. Each run of a handler is a coroutine, and every call of a port is a
// point at which the seed decides what happens next: go on, let another run go
// first, stall for minutes, lose a reply, or die. Events come twice, late, in
// another order, or not at all.
//
// When the bad luck has stopped and the world has come to rest, the invariants
// are checked: no mail without an end, no letter lost, none sent twice within
// a lease, and so on. A failure names its seed, and the same seed gives the
// same world again, down to the hash of every decision in it.
//
// The worlds are honest only if they find mistakes. So mistakes are seeded as
// well, one at a time, and each has to be found.
//
// Everything is in the tests; nothing here is stored or linked into a function.
package simulation
