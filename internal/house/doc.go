// Package house keeps the house rules: each rule is a test that names the place
// where it is broken and says what to do about it. It stores nothing, and no
// other package may import it.
//
// A rule is a function from the source, or from template.yaml, to findings. One
// test runs it over the real thing, where it must find nothing; another runs it
// over a small planted fault, which it must find. A rule that is too tight for a
// good reason gets an entry with that reason in the list beside it, and an entry
// that is no longer needed fails too, so that the lists do not rot.
//
// `go test -run TestFigures -v ./internal/house` prints how the code measures up.
package house
