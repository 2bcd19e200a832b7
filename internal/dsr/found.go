package dsr

import "time"

// LeaveFiles records that what was found until now was found for somebody else.
// It takes the files of the case: clocks of two functions differ a little, and
// none that is there already may count as found later.
func (c *Case) LeaveFiles(all []Enclosure, now time.Time) {
	c.Work.MatchedAt = c.FoundAt(now)
	for _, one := range all {
		if c.Found(one) {
			c.Work.MatchedAt = one.Arrived.Add(time.Nanosecond)
		}
	}
}

// FoundAt gives the instant of a file that is found now: never one before the
// match, whatever the clock of a function says.
func (c Case) FoundAt(now time.Time) time.Time {
	if now.Before(c.Work.MatchedAt) {
		return c.Work.MatchedAt
	}
	return now
}

// Found reports whether a file was found for whom the case is about now. What was
// found for another is no part of the answer, also while it still lies there.
func (c Case) Found(file Enclosure) bool {
	return file.Ref.Kind == FoundFile && !file.Arrived.Before(c.Work.MatchedAt)
}
