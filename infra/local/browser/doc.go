// Package browser looks at the pages of a running local stack as people do: in
// Chromium, by day and by night, on a desk and on a phone, with the mouse and
// with the keyboard alone. It holds tests only.
//
// It starts a stack of its own on free ports, with a temporary state, and a
// browser beside it. What it needs and does not find (the build, axe-core, a
// Chromium) makes it skip with one line that says how to get it. It stores
// nothing, except pictures of the pages when they are asked for:
//
//	go test ./browser -screenshots DIR
package browser
