package deadline

import (
	"fmt"
	"time"
)

// Text is one phrase in the two languages of the letters.
type Text struct {
	// NL is the Dutch wording.
	NL string
	// EN is the English wording.
	EN string
}

// Long returns "donderdag 5 maart 2026" and "Thursday 5 March 2026"; no date has no text.
func (d Date) Long() Text {
	if d.IsZero() {
		return Text{}
	}
	day := d.Medium()
	return Text{
		NL: weekdayNL(d.Weekday()) + " " + day.NL,
		EN: d.Weekday().String() + " " + day.EN,
	}
}

// Medium returns the date without its weekday, and empty text for no date.
func (d Date) Medium() Text {
	if d.IsZero() {
		return Text{}
	}
	day := d.dayMonth()
	return Text{
		NL: fmt.Sprintf("%s %d", day.NL, d.Year()),
		EN: fmt.Sprintf("%s %d", day.EN, d.Year()),
	}
}

// dayMonth returns the date without its year, for a list of days close together.
func (d Date) dayMonth() Text {
	return Text{
		NL: fmt.Sprintf("%d %s", d.Day(), monthNL(d.Month())),
		EN: fmt.Sprintf("%d %s", d.Day(), d.Month()),
	}
}

// weekdayNL names a day of the week in Dutch, which writes it without a capital.
func weekdayNL(day time.Weekday) string {
	return [...]string{
		"zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag",
	}[day]
}

// monthNL names a month in Dutch, which writes it without a capital.
func monthNL(month time.Month) string {
	return [...]string{
		"januari", "februari", "maart", "april", "mei", "juni",
		"juli", "augustus", "september", "oktober", "november", "december",
	}[month-1]
}

// enumerate joins phrases into one: "a", "a en b", "a, b en c".
func enumerate(phrases []Text) Text {
	var joined Text
	for i, phrase := range phrases {
		switch {
		case i == 0:
		case i == len(phrases)-1:
			joined = Text{NL: joined.NL + " en ", EN: joined.EN + " and "}
		default:
			joined = Text{NL: joined.NL + ", ", EN: joined.EN + ", "}
		}
		joined = Text{NL: joined.NL + phrase.NL, EN: joined.EN + phrase.EN}
	}
	return joined
}
