// Package simulation runs whole worlds of the desk from one number, to find
// what no single test would think of.
//
// A world has its own clock, its own mail, its own buckets, its own people and its
// own bad luck, all drawn from one seed. The handlers and acts in it are the real
// ones, over casework's ports in memory. Each run of a function, and each page that
// somebody asks for, is a coroutine; every call of a port is a point at which
// the seed decides what happens next: go on, let another run go first, stall for
// minutes, lose a reply, or die. Events come twice, late, in another order, or
// not at all; ticks stay away for days.
//
// So do people. Staff and data subjects press twice, answer days later from a
// page of yesterday, do what is not to be done yet, take each other's links, say
// yes and no at once, type wrong codes, send a dozen copies of their passport or
// one that nobody can read, upload files hours late, fetch them after their time,
// and give up. They know only what letters and pages tell them.
//
// A world lives through four seasons: a week in which nearly all comes and goes;
// weeks in which staff are reminded of what they left, and some files are asked
// for in the very hour in which they are purged; the months until all are; and the
// years until nothing is left. In the week the bad luck stops, and people do what
// is left to do. At the end of each season the invariants are checked on all that
// was stored, sent and shown: no mail without an end, no letter lost, no answer to
// an address that is not on file, none that two people did not decide on, no copy
// of an identity document a day after its verdict, no date that went by without a
// word, nothing that can be read after its file was purged, and so on. A failure
// names its seed, and the same seed gives the same world again, down to the hash
// of every decision in it.
//
// The worlds are honest only if they find mistakes. So mistakes are seeded as
// well, one at a time, and each has to be found. Safety nets hide mistakes from
// each other and from us; so each seed has some of its nets down, and where a net
// is down nothing goes wrong that only this net would catch.
//
// Everything is in the tests; nothing here is stored or linked into a function.
package simulation
