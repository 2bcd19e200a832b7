// Package deadline answers one question: by which day must a request of a
// data subject be answered, and why that day.
//
// Two clocks run for every case and are never merged into one. The promise is
// the organisation's own term, a number of days after the day of receipt, and
// never moves. The law is one calendar month (art. 12(3) GDPR), kept within
// the length of the month and moved forward over weekends and public holidays
// (art. 3(4) of Regulation (EEC, Euratom) No 1182/71). Staff work towards a
// third day, PlanBy: the promise moved back to a day on which they work.
//
// The package stores nothing and asks no clock: every result follows from the
// arguments, whatever the time zone of the process. No sum is made in hours,
// because a day on which summer time begins or ends has 23 or 25 of them.
//
// A caller builds one Calendar and asks it everything else:
//
//	zone, err := deadline.Zone("Europe/Amsterdam")
//	calendar, err := deadline.NewCalendar(deadline.DutchOptions(zone))
//	clocks, err := calendar.Clocks(receivedAt, 28)
//	why := calendar.ExplainLaw(clocks) // why.Steps[0].NL, why.Short.EN
//	next, found := calendar.Warnings(clocks).Next(calendar.Day(now))
//
// Where the law leaves room, the package takes the earlier day.
package deadline
