package deadline

import (
	"fmt"
	"slices"
	"strings"
)

// Step is one line of an explanation: the day it is about and a sentence in
// both languages. The embedded Text gives the fields NL and EN.
type Step struct {
	// Date is the day the sentence speaks of.
	Date Date
	Text
}

// Explanation says why a date is what it is, step by step. It is drawn up anew
// by the calendar that is asked: when that gained a holiday since the clocks
// were stored, Due can differ from the stored date.
type Explanation struct {
	// Due is the date explained.
	Due Date
	// Steps lead from the receipt to Due, in the order in which to read them.
	Steps []Step
	// Short is one phrase for a letter: "28 dagen na 5 maart 2026".
	Short Text
}

// ExplainPromise explains PromiseDue to the data subject. Without a day of
// receipt this explanation and the others are empty.
func (c Calendar) ExplainPromise(k Clocks) Explanation {
	if k.ReceiptDay.IsZero() {
		return Explanation{}
	}
	due := k.PromiseDue
	steps := []Step{received(k, "Uw", "Your"), promised(k)}
	if !c.LawWorkingDay(due) {
		day := dayIs(c.law, due)
		steps = append(steps, Step{due, Text{
			NL: fmt.Sprintf("Dat is %s, maar onze belofte schuift niet op.", day.NL),
			EN: fmt.Sprintf("That is %s, but our promise does not move.", day.EN),
		}})
	}
	steps = append(steps, conclude(due, Text{
		NL: "Daarom antwoorden wij uiterlijk op %s.",
		EN: "So we answer by %s at the latest.",
	}))
	return Explanation{Due: due, Steps: steps, Short: shortPromise(k)}
}

// ExplainLaw explains LawDue, the date of art. 12(3) GDPR, to the data subject.
func (c Calendar) ExplainLaw(k Clocks) Explanation {
	if k.ReceiptDay.IsZero() {
		return Explanation{}
	}
	term := monthTerm{
		months: lawMonths,
		name:   Text{NL: "een maand", EN: "one month"},
		later:  Text{NL: "Een maand later", EN: "One month later"},
		last:   Text{NL: "de uiterste datum", EN: "the last day"},
	}
	return c.explainMonths(k, term)
}

// ExplainExtension explains ExtensionDue to the data subject.
func (c Calendar) ExplainExtension(k Clocks) Explanation {
	if k.ReceiptDay.IsZero() {
		return Explanation{}
	}
	term := monthTerm{
		months: extendedMonths,
		name:   Text{NL: "drie maanden", EN: "three months"},
		later:  Text{NL: "Drie maanden na uw bericht", EN: "Three months after your message"},
		last:   Text{NL: "de uiterste datum na verlenging", EN: "the last day after extension"},
	}
	why := c.explainMonths(k, term)
	notice := k.ReceiptDay.AddMonthsClamped(lawMonths)
	why.Steps = append([]Step{why.Steps[0], {notice, Text{
		NL: fmt.Sprintf("Een verlenging melden wij u uiterlijk op %s.", notice.Long().NL),
		EN: fmt.Sprintf("We tell you about an extension by %s at the latest.", notice.Long().EN),
	}}}, why.Steps[1:]...)
	return why
}

// ExplainPlanBy explains PlanBy to staff.
func (c Calendar) ExplainPlanBy(k Clocks) Explanation {
	if k.ReceiptDay.IsZero() {
		return Explanation{}
	}
	due, passed := c.plan.walk(k.PromiseDue, -1)
	last := Text{NL: "Daarom is de plandatum %s.", EN: "So the planning date is %s."}
	switch {
	case due.Before(k.ReceiptDay):
		due = k.ReceiptDay
		passed = slices.DeleteFunc(passed, k.ReceiptDay.After)
		last = Text{
			NL: "Er is geen werkdag na de ontvangst, dus de plandatum is %s.",
			EN: "There is no working day after the receipt, so the planning date is %s.",
		}
	case len(passed) > 0:
		last = Text{
			NL: "Daarom is de plandatum de laatste werkdag ervoor: %s.",
			EN: "So the planning date is the last working day before it: %s.",
		}
	}
	steps := []Step{received(k, "Het", "The"), promised(k)}
	steps = append(steps, passedSteps(c.plan, passed, "ervoor", "before")...)
	short := shortPromise(k).followedBy(movedBecause(c.plan, passed, "vervroegd", "brought forward"))
	return Explanation{Due: due, Steps: append(steps, conclude(due, last)), Short: short}
}

// monthTerm is a term in months with the words an explanation uses for it.
type monthTerm struct {
	months int
	// name is the term in a phrase, later opens a sentence, last names the final day.
	name, later, last Text
}

// explainMonths explains a term in months that moves forward.
func (c Calendar) explainMonths(k Clocks, term monthTerm) Explanation {
	base := k.ReceiptDay.AddMonthsClamped(term.months)
	due, passed := c.law.walk(base, 1)
	steps := []Step{received(k, "Uw", "Your"), monthsLater(k, base, term)}
	steps = append(steps, passedSteps(c.law, passed, "erna", "after")...)
	last := Text{
		NL: "Daarom is " + term.last.NL + " %s.",
		EN: "So " + term.last.EN + " is %s.",
	}
	if len(passed) > 0 {
		last = Text{
			NL: "Daarom is " + term.last.NL + " de eerste werkdag erna: %s.",
			EN: "So " + term.last.EN + " is the next working day: %s.",
		}
	}
	after := k.ReceiptDay.Medium()
	short := Text{NL: term.name.NL + " na " + after.NL, EN: term.name.EN + " after " + after.EN}
	if base.Day() != k.ReceiptDay.Day() {
		short.NL += ", de laatste dag van " + monthNL(base.Month())
		short.EN += ", the last day of " + base.Month().String()
	}
	return Explanation{
		Due:   due,
		Steps: append(steps, conclude(due, last)),
		Short: short.followedBy(movedBecause(c.law, passed, "verschoven", "moved")),
	}
}

// received is the first step. Staff read "het bericht", the data subject "uw bericht".
func received(k Clocks, whoseNL, whoseEN string) Step {
	day := k.ReceiptDay.Long()
	return Step{k.ReceiptDay, Text{
		NL: fmt.Sprintf("%s bericht kwam binnen op %s.", whoseNL, day.NL),
		EN: fmt.Sprintf("%s message arrived on %s.", whoseEN, day.EN),
	}}
}

// promised is the step from the receipt to the promised day.
func promised(k Clocks) Step {
	days, due := k.PromiseDue.DaysSince(k.ReceiptDay), k.PromiseDue.Long()
	if days == 1 {
		return Step{k.PromiseDue, Text{NL: "De dag erna is " + due.NL + ".", EN: "The day after is " + due.EN + "."}}
	}
	return Step{k.PromiseDue, Text{
		NL: fmt.Sprintf("%d dagen later is %s.", days, due.NL),
		EN: fmt.Sprintf("%d days later is %s.", days, due.EN),
	}}
}

// monthsLater is the step to the end of the months; it says when the last is too short.
func monthsLater(k Clocks, base Date, term monthTerm) Step {
	day, number := base.Long(), k.ReceiptDay.Day()
	if base.Day() == number {
		return Step{base, Text{
			NL: fmt.Sprintf("%s is %s.", term.later.NL, day.NL),
			EN: fmt.Sprintf("%s is %s.", term.later.EN, day.EN),
		}}
	}
	return Step{base, Text{
		NL: fmt.Sprintf("%s is er geen dag %d, dus telt %s.", term.later.NL, number, day.NL),
		EN: fmt.Sprintf("%s there is no day %d, so %s counts.", term.later.EN, number, day.EN),
	}}
}

// passedSteps gives each day passed on the way to a working day its own sentence.
func passedSteps(set daySet, passed []Date, thenNL, thenEN string) []Step {
	var steps []Step
	for i, d := range passed {
		opening := Text{NL: "De dag " + thenNL, EN: "The day " + thenEN}
		if i == 0 {
			opening = Text{NL: "Dat", EN: "That"}
		}
		day := dayIs(set, d)
		steps = append(steps, Step{d, Text{
			NL: fmt.Sprintf("%s is %s.", opening.NL, day.NL),
			EN: fmt.Sprintf("%s is %s.", opening.EN, day.EN),
		}})
	}
	return steps
}

// conclude is the last step of an explanation; format holds one %s for the date.
func conclude(due Date, format Text) Step {
	day := due.Long()
	return Step{due, Text{NL: fmt.Sprintf(format.NL, day.NL), EN: fmt.Sprintf(format.EN, day.EN)}}
}

// dayIs completes "that day is": every name of the day, and its place in the
// weekend. English names such as Easter Sunday hold the weekday already.
func dayIs(set daySet, d Date) Text {
	names := set.names(d)
	named := enumerate(names)
	if !weekend(d) {
		return named
	}
	weekday := Text{NL: "een " + weekdayNL(d.Weekday()), EN: "a " + d.Weekday().String()}
	whole := enumerate(append(names, weekday))
	if strings.Contains(named.EN, d.Weekday().String()) {
		whole.EN = named.EN
	}
	return whole
}
