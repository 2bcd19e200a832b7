package organisation

import (
	"fmt"

	"polarweb.nl/inzage/internal/deadline"
)

// Deadlines gives the calendar that package deadline computes with. It fails
// on a zone or a day that the linter of the file would have refused.
func (c Calendar) Deadlines() (deadline.Calendar, error) {
	zone, err := deadline.Zone(c.TimeZone)
	if err != nil {
		return deadline.Calendar{}, err
	}
	decree, err := holidays(c.DecreeDays)
	if err != nil {
		return deadline.Calendar{}, fmt.Errorf("decree days: %w", err)
	}
	closed, err := holidays(c.ClosedDays)
	if err != nil {
		return deadline.Calendar{}, fmt.Errorf("closed days: %w", err)
	}
	return deadline.NewCalendar(deadline.Options{
		Zone:           zone,
		RollGoodFriday: c.RollGoodFriday,
		PlanGoodFriday: c.PlanGoodFriday,
		DecreeDays:     decree,
		ClosedDays:     closed,
	})
}

// holidays reads the days of the file as holidays.
func holidays(days []NamedDay) ([]deadline.Holiday, error) {
	var read []deadline.Holiday
	for _, day := range days {
		date, err := deadline.ParseDate(day.Date)
		if err != nil {
			return nil, err
		}
		read = append(read, deadline.Holiday{Date: date, NL: day.NL, EN: day.EN})
	}
	return read, nil
}
