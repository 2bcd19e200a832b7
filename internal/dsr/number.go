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

// longestNumber is more than any organisation's prefix and count need.
const longestNumber = 40

// ParseNumber reads a number that somebody typed: in either case, with space
// around it or in the place of its dashes. Ok is false for what no case can be called.
func ParseNumber(text string) (number Number, ok bool) {
	text = strings.ToUpper(strings.Join(strings.Fields(text), "-"))
	parts := strings.Split(text, "-")
	if len(text) > longestNumber || len(parts) < 3 {
		return "", false
	}
	for _, part := range parts {
		if part == "" || strings.Trim(part, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" {
			return "", false
		}
	}
	year, count := parts[len(parts)-2], parts[len(parts)-1]
	digits := strings.Trim(year+count, "0123456789") == ""
	return Number(text), digits && len(year) == 4 && len(count) >= 4
}
