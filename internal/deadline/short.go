package deadline

import (
	"fmt"
	"slices"
)

// namedDays is how many passed days a short form names one by one; for more,
// which read badly, it lists the causes.
const namedDays = 2

// shortPromise is the promise in one phrase.
func shortPromise(k Clocks) Text {
	days, after := k.PromiseDue.DaysSince(k.ReceiptDay), k.ReceiptDay.Medium()
	if days == 1 {
		return Text{NL: "de dag na " + after.NL, EN: "the day after " + after.EN}
	}
	return Text{
		NL: fmt.Sprintf("%d dagen na %s", days, after.NL),
		EN: fmt.Sprintf("%d days after %s", days, after.EN),
	}
}

// followedBy adds a clause after a comma, or nothing when the clause is empty.
func (t Text) followedBy(clause Text) Text {
	if clause == (Text{}) {
		return t
	}
	return Text{NL: t.NL + ", " + clause.NL, EN: t.EN + ", " + clause.EN}
}

// movedBecause says why a date moved, and is empty when it did not.
func movedBecause(set daySet, passed []Date, verbNL, verbEN string) Text {
	switch {
	case len(passed) == 0:
		return Text{}
	case len(passed) > namedDays:
		causes := enumerate(causesOf(set, passed))
		return Text{NL: verbNL + " vanwege " + causes.NL, EN: verbEN + " because of " + causes.EN}
	}
	var days []Text
	for i, d := range passed {
		day, is := d.dayMonth(), shortDay(set, d)
		phrase := Text{NL: day.NL + " " + is.NL, EN: day.EN + " is " + is.EN}
		if i == 0 {
			// Dutch puts the verb after the first day and leaves it out after the next.
			phrase.NL += " is"
		}
		days = append(days, phrase)
	}
	because := enumerate(days)
	return Text{NL: verbNL + " omdat " + because.NL, EN: verbEN + " because " + because.EN}
}

// shortDay names a day by its feast, or else by its weekday.
func shortDay(set daySet, d Date) Text {
	if names := set.names(d); len(names) > 0 {
		return enumerate(names)
	}
	return dayIs(set, d)
}

// causesOf lists why a run of days has no work, each name once and the weekend last.
func causesOf(set daySet, passed []Date) []Text {
	var causes []Text
	inWeekend := false
	for _, d := range passed {
		names := set.names(d)
		inWeekend = inWeekend || len(names) == 0
		for _, name := range names {
			if !slices.Contains(causes, name) {
				causes = append(causes, name)
			}
		}
	}
	if inWeekend {
		causes = append(causes, Text{NL: "het weekend", EN: "the weekend"})
	}
	return causes
}
