package simulation

import (
	"container/heap"
	"time"
)

// entry is something that happens in a world at an instant. Rank decides among
// entries of one instant; it is drawn, so that their order is too.
type entry struct {
	at   time.Time
	rank uint64
	do   func()
}

// agenda is what is still to happen, soonest first.
type agenda []entry

var _ heap.Interface = (*agenda)(nil)

// Len implements heap.Interface.
func (a agenda) Len() int { return len(a) }

// Less implements heap.Interface.
func (a agenda) Less(i, j int) bool {
	if !a[i].at.Equal(a[j].at) {
		return a[i].at.Before(a[j].at)
	}
	return a[i].rank < a[j].rank
}

// Swap implements heap.Interface.
func (a agenda) Swap(i, j int) { a[i], a[j] = a[j], a[i] }

// Push implements heap.Interface.
func (a *agenda) Push(x any) { *a = append(*a, x.(entry)) }

// Pop implements heap.Interface.
func (a *agenda) Pop() any {
	last := (*a)[len(*a)-1]
	*a = (*a)[:len(*a)-1]
	return last
}
