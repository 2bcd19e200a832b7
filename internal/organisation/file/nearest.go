package file

import (
	"fmt"
	"strings"
)

// didYouMean suggests the known word nearest to a misspelt one, or lists all
// of them when none is near.
func didYouMean(word string, known []string) string {
	if near := nearest(word, known); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return "known here: " + strings.Join(known, ", ")
}

// nearest gives the known word that takes the fewest keystrokes to reach, the
// first one of equals, or nothing when all are further away than a misspelling
// is: one keystroke in three.
func nearest(word string, known []string) string {
	best, found := (max(len(word), 2)+1)/3+1, ""
	for _, candidate := range known {
		if d := distance(strings.ToLower(word), candidate); d < best {
			best, found = d, candidate
		}
	}
	return found
}

// distance counts the letters to add, remove, change or swap with their
// neighbour to make one word of the other (optimal string alignment).
func distance(a, b string) int {
	from, to := []rune(a), []rune(b)
	before, previous := make([]int, len(to)+1), make([]int, len(to)+1)
	for j := range previous {
		previous[j] = j
	}
	for i := range from {
		row := make([]int, len(to)+1)
		row[0] = i + 1
		for j := range to {
			change := previous[j]
			if from[i] != to[j] {
				change++
			}
			row[j+1] = min(previous[j+1]+1, row[j]+1, change)
			if i > 0 && j > 0 && from[i] == to[j-1] && from[i-1] == to[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, previous = previous, row
	}
	return previous[len(to)]
}
