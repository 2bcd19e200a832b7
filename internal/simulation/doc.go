// Package simulation runs whole worlds of the desk from one number, to find
// what no single test would think of.
//
// A world has its own clock, its own mail, its own people and its own bad luck,
// all drawn from one seed. The handlers and acts in it are the real ones, over
// casework's ports in memory. Each run of a function, and each page that
// somebody asks for, is a coroutine; every call of a port is a point at which
// the seed decides what happens next: go on, let another run go first, stall for
// minutes, lose a reply, or die. Events come twice, late, in another order, or
// not at all.
//
// So do people. Staff and data subjects press twice, answer days later from a
// page of yesterday, do what is not to be done yet, take each other's links, say
// yes and no at once, type wrong codes, and give up. They know only what letters
// and pages tell them.
//
// When the bad luck has stopped, people do what is left to do. When the world
// has come to rest, the invariants are checked on all that was stored, sent and
// shown: no mail without an end, no letter lost, no answer to an address that is
// not on file, none that two people did not decide on, and so on. A failure
// names its seed, and the same seed gives the same world again, down to the hash
// of every decision in it.
//
// The worlds are honest only if they find mistakes. So mistakes are seeded as
// well, one at a time, and each has to be found.
//
// Everything is in the tests; nothing here is stored or linked into a function.
package simulation
