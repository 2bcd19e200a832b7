package deadline_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/deadline"
)

func TestWarningsOfWorkedReceipts(t *testing.T) {
	c := dutch(t)
	for _, v := range readVectors(t).Warnings {
		w := c.Warnings(clocksOn(t, c, v.Receipt))
		got := warningVector{
			Receipt: v.Receipt, Acknowledge: w.Of(deadline.WarnAcknowledge), HalfTime: w.Of(deadline.WarnHalfTime),
			FiveDays: w.Of(deadline.WarnFiveDays), ThreeDays: w.Of(deadline.WarnThreeDays), OneDay: w.Of(deadline.WarnOneDay),
			Plan: w.Of(deadline.WarnPlan), Promise: w.Of(deadline.WarnPromise), ExtensionNotice: w.Of(deadline.WarnExtensionNotice),
		}
		if diff := cmp.Diff(v, got); diff != "" {
			t.Errorf("warnings (-want +got):\n%s", diff)
		}
	}
}

func TestWarningsStandInOrder(t *testing.T) {
	c := dutch(t)
	got := c.Warnings(clocksOn(t, c, date(t, "2026-12-01")))
	want := deadline.Warnings{
		{Kind: deadline.WarnAcknowledge, Date: date(t, "2026-12-02")},
		{Kind: deadline.WarnHalfTime, Date: date(t, "2026-12-15")},
		{Kind: deadline.WarnFiveDays, Date: date(t, "2026-12-21")},
		{Kind: deadline.WarnThreeDays, Date: date(t, "2026-12-23")},
		{Kind: deadline.WarnOneDay, Date: date(t, "2026-12-28")},
		{Kind: deadline.WarnPlan, Date: date(t, "2026-12-29")},
		{Kind: deadline.WarnPromise, Date: date(t, "2026-12-29")},
		{Kind: deadline.WarnExtensionNotice, Date: date(t, "2027-01-01")},
		{Kind: deadline.WarnLaw, Date: date(t, "2027-01-04")},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}

func TestNextWarningIsTheFirstAfterADay(t *testing.T) {
	c := dutch(t)
	w := c.Warnings(clocksOn(t, c, date(t, "2026-12-01")))
	for _, tc := range []struct {
		after string
		want  deadline.WarningKind
	}{
		{"2026-12-01", deadline.WarnAcknowledge},
		{"2026-12-02", deadline.WarnHalfTime},
		{"2026-12-20", deadline.WarnFiveDays},
		{"2026-12-28", deadline.WarnPlan},
		{"2026-12-29", deadline.WarnExtensionNotice},
		{"2027-01-03", deadline.WarnLaw},
		{"2027-01-04", ""},
	} {
		next, found := w.Next(date(t, tc.after))
		if next.Kind != tc.want || found != (tc.want != "") {
			t.Errorf("after %s: %q, %t; want %q", tc.after, next.Kind, found, tc.want)
		}
	}
	if day := (deadline.Warnings{}).Of(deadline.WarnPlan); !day.IsZero() {
		t.Errorf("an empty list holds %s", day)
	}
}

func TestWarningsOfStaffFallOnTheirWorkingDays(t *testing.T) {
	c := dutch(t)
	eachDay(t, "2024-01-01", "2040-12-31", func(d deadline.Date) {
		list := c.Warnings(clocksOn(t, c, d))
		for i, w := range list {
			fixed := w.Kind == deadline.WarnPromise || w.Kind == deadline.WarnExtensionNotice
			if !fixed && !c.PlanWorkingDay(w.Date) && w.Kind != deadline.WarnLaw {
				t.Errorf("%s: %s on %s, a free day", d, w.Kind, w.Date)
			}
			if i > 0 && w.Date.Before(list[i-1].Date) {
				t.Errorf("%s: %s stands after a later warning", d, w.Kind)
			}
		}
	})
}
