package deadline

import (
	"errors"
	"fmt"
	"time"
)

const (
	// FiscalYears is how long books are kept, in years after the book year:
	// art. 52(4) of the Algemene wet inzake rijksbelastingen.
	FiscalYears = 7
	// courtDays is the six weeks of art. 35(2) UAVG, in days.
	courtDays = 6 * 7
	// ageOfOwnRights is the age in years from which a person exercises these
	// rights without a legal representative: art. 5 UAVG.
	ageOfOwnRights = 16
)

// ErrRetention is returned for a book year or a number of years that cannot be.
var ErrRetention = errors.New("the book year or the number of years is out of range")

// CourtWindow returns the last day to petition the court about an answer: six
// weeks after it was received. It is not moved over weekends or holidays, so
// that a letter never names a day that may be too late.
func CourtWindow(answerReceived Date) Date { return answerReceived.AddDays(courtDays) }

// Kept says how long something may not be erased yet.
type Kept struct {
	// Through is the last day on which it must be kept.
	Through Date
	// ErasableFrom is the day after, on which it is due to be erased.
	ErasableFrom Date
}

// FiscalRetention returns how long a record is kept, in years (usually
// FiscalYears) from the end of its book year. The error is ErrRetention.
func FiscalRetention(bookYear, years int) (Kept, error) {
	if bookYear < 1 || years < 0 || years >= lastYear-bookYear {
		return Kept{}, fmt.Errorf("compute a fiscal retention: %w", ErrRetention)
	}
	through := civil(bookYear+years, time.December, 31)
	return Kept{Through: through, ErasableFrom: through.AddDays(1)}, nil
}

// AgeAt returns the age in whole years of a person on a day. Who was born on
// 29 February grows older on 1 March in a common year, because only then is
// the full year over. A missing date, or a day before the birth, gives 0: the
// age at which a representative is needed.
func AgeAt(birth, day Date) int {
	if birth.IsZero() || !day.After(birth) {
		return 0
	}
	age := day.Year() - birth.Year()
	birthdayToCome := day.Month() < birth.Month() ||
		day.Month() == birth.Month() && day.Day() < birth.Day()
	if birthdayToCome {
		age--
	}
	return age
}

// MayActAlone reports whether a person exercises the rights of the GDPR
// without a legal representative on the day of receipt: from 16 years on.
func MayActAlone(birth, receipt Date) bool { return AgeAt(birth, receipt) >= ageOfOwnRights }
