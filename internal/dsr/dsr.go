// Package dsr holds the words and rules of data-subject requests: who writes,
// what they ask, the case that follows, its history and its letters.
//
// Everything here is a plain value. The package stores nothing and talks to
// nobody; casework moves the values, casestore keeps them, letter and the pages
// show them. Which fields may be stored in clear is said here, beside each
// field, because that is a property of the word and not of the database:
// fields marked "sealed" are personal data and are encrypted before they leave
// the process.
//
// Civil dates appear as Day, the ISO form "2026-04-02"; package deadline
// computes them.
package dsr

import "time"

// Day is a civil date in the organisation's time zone, as "2006-01-02". Days
// in this form sort as text, which the stored indexes rely on.
type Day string

// Language is the language a letter or page is written in.
type Language string

// The languages Inzage writes. Dutch is first because PolarWeb's customers are.
const (
	Dutch   Language = "nl"
	English Language = "en"
)

// Year is the day's year; 0 when the day is malformed.
func (d Day) Year() int {
	date, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return 0
	}
	return date.Year()
}
