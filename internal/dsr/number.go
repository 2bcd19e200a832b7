package dsr

import (
	"fmt"
	"strconv"
	"strings"
)

// Number is a case number as people write it: "AVG-2026-0001", the
// organisation's prefix, the year of receipt and four digits or more. It is
// the only thing about a case that logs, subjects and errors may carry.
type Number string

// NewNumber gives the number of the n-th case received in a year. Gaps are
// allowed: a number taken by an attempt that died is not used again.
func NewNumber(prefix string, year, n int) Number {
	return Number(fmt.Sprintf("%s-%04d-%04d", prefix, year, n))
}

// Year is the year of receipt the number names; 0 when the number is malformed.
func (n Number) Year() int {
	parts := strings.Split(string(n), "-")
	if len(parts) < 3 {
		return 0
	}
	year, err := strconv.Atoi(parts[len(parts)-2])
	if err != nil {
		return 0
	}
	return year
}
