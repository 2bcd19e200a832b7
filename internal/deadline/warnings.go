package deadline

import "slices"

// WarningKind says what staff are reminded of. The values may be stored.
type WarningKind string

const (
	// WarnAcknowledge is the next working day, to have confirmed the receipt.
	WarnAcknowledge WarningKind = "acknowledge"
	// WarnHalfTime is half-way through the promise: the answer must come
	// "without undue delay", art. 12(3) GDPR, not just before the end.
	WarnHalfTime WarningKind = "half_time"
	// WarnFiveDays is five working days before PlanBy.
	WarnFiveDays WarningKind = "plan_minus_5"
	// WarnThreeDays is three working days before PlanBy.
	WarnThreeDays WarningKind = "plan_minus_3"
	// WarnOneDay is one working day before PlanBy.
	WarnOneDay WarningKind = "plan_minus_1"
	// WarnPlan is PlanBy itself.
	WarnPlan WarningKind = "plan_by"
	// WarnPromise is PromiseDue itself.
	WarnPromise WarningKind = "promise_due"
	// WarnExtensionNotice is the last day to announce an extension.
	WarnExtensionNotice WarningKind = "extension_notice"
	// WarnLaw is LawDue itself.
	WarnLaw WarningKind = "law_due"
	// WarnOverdue is each day after PromiseDue that has no warning of its own. No
	// list holds it: those days have no end.
	WarnOverdue WarningKind = "overdue"
)

// Warning is one day on which staff are reminded of a case.
type Warning struct {
	// Kind says what the reminder is about.
	Kind WarningKind
	// Date is the day on which it is given.
	Date Date
}

// Warnings are the reminders of one case in order of date, then of the constants above.
type Warnings []Warning

// Warnings returns the reminders of a case. They fall on working days of the
// plan, save those fixed by promise or law, and never before the receipt.
func (c Calendar) Warnings(k Clocks) Warnings {
	half := k.PromiseDue.DaysSince(k.ReceiptDay) / 2
	list := Warnings{
		{WarnAcknowledge, c.AddPlanDays(k.ReceiptDay, 1)},
		{WarnHalfTime, c.MoveBack(k.ReceiptDay.AddDays(half))},
		{WarnFiveDays, c.AddPlanDays(k.PlanBy, -5)},
		{WarnThreeDays, c.AddPlanDays(k.PlanBy, -3)},
		{WarnOneDay, c.AddPlanDays(k.PlanBy, -1)},
		{WarnPlan, k.PlanBy},
		{WarnPromise, k.PromiseDue},
		// The month before it moves over a holiday, to be on the safe side:
		// art. 12(3) GDPR wants the notice within one month of receipt.
		{WarnExtensionNotice, k.LawBase},
		{WarnLaw, k.LawDue},
	}
	for i := range list {
		list[i].Date = later(list[i].Date, k.ReceiptDay)
	}
	slices.SortStableFunc(list, func(a, b Warning) int { return a.Date.Compare(b.Date) })
	return list
}

// Next returns the first warning on a later day than after, and false when
// none is left. Further warnings on that same day follow it in the list.
func (w Warnings) Next(after Date) (Warning, bool) {
	i := slices.IndexFunc(w, func(next Warning) bool { return next.Date.After(after) })
	if i < 0 {
		return Warning{}, false
	}
	return w[i], true
}

// Of returns the day of one kind of warning, and no date when the list lacks it.
func (w Warnings) Of(kind WarningKind) Date {
	i := slices.IndexFunc(w, func(one Warning) bool { return one.Kind == kind })
	if i < 0 {
		return Date{}
	}
	return w[i].Date
}

// On returns the warning that counts on a day: the latest that has come, and
// false before the first. From the day after PromiseDue on it falls on that very
// day, so that a case that is late is spoken of every day.
func (w Warnings) On(day Date) (Warning, bool) {
	var latest Warning
	for _, one := range w {
		if !one.Date.After(day) {
			latest = one
		}
	}
	if Overdue(day, w.Of(WarnPromise)) && latest.Date != day {
		latest = Warning{WarnOverdue, day}
	}
	return latest, !latest.Date.IsZero()
}

// NextDay returns the first day after a day on which another warning counts.
// There is always one: what is late does not fall silent. A list without
// WarnPromise has an end, and gives no date there.
func (w Warnings) NextDay(after Date) Date {
	if promise := w.Of(WarnPromise); !promise.IsZero() && !after.Before(promise) {
		return after.AddDays(1)
	}
	next, _ := w.Next(after)
	return next.Date
}

// Without returns the list without one kind of warning.
func (w Warnings) Without(kind WarningKind) Warnings {
	return slices.DeleteFunc(slices.Clone(w), func(one Warning) bool { return one.Kind == kind })
}
