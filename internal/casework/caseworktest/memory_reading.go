package caseworktest

import (
	"cmp"
	"context"
	"slices"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// OpenCases is a casework.OpenCases.
func (m *Memory) OpenCases(ctx context.Context) (ids []dsr.OwnerID, err error) {
	err = m.call(ctx, "OpenCases", func() error {
		var open []dsr.Case
		for _, stored := range m.cases {
			if stored.row.State.Open() {
				open = append(open, stored.row)
			}
		}
		slices.SortFunc(open, func(a, b dsr.Case) int {
			return cmp.Or(cmp.Compare(a.Dates.PlanBy, b.Dates.PlanBy), cmp.Compare(a.Number, b.Number))
		})
		for _, c := range open {
			ids = append(ids, c.ID)
		}
		return nil
	})
	return ids, err
}

// CaseOfNumber is a casework.CaseOfNumber.
func (m *Memory) CaseOfNumber(ctx context.Context, number dsr.Number) (id dsr.OwnerID, err error) {
	err = m.call(ctx, "CaseOfNumber", func() error {
		var ok bool
		if id, ok = m.numbers[number]; !ok {
			return casework.ErrNotFound
		}
		return nil
	})
	return id, err
}

// OpenHistory is a casework.OpenHistory.
func (m *Memory) OpenHistory(ctx context.Context, file casework.File) (history []dsr.Event, err error) {
	err = m.call(ctx, "OpenHistory", func() error {
		for _, stored := range m.events[file.Case.ID] {
			history = append(history, copyEvent(stored.event))
		}
		return nil
	})
	return history, err
}
