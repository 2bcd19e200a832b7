package mailroom_test

import (
	"testing"
	"time"
)

// hopAt is the Received line of a server, written at an instant.
func hopAt(by string, at time.Time) string {
	return "Received: from x.example (x.example [192.0.2.9])\n\tby " + by + " (Postfix) with ESMTPS id x\n\tfor <info@polarweb.example>; " +
		at.Format("Mon, _2 Jan 2006 15:04:05 -0700") + " (CET)\n"
}

func TestReceiptIsTheEarliestTrustedStamp(t *testing.T) {
	amsterdam := time.FixedZone("", 3600)
	ago := func(d time.Duration) time.Time { return takenIn.Add(-d).In(amsterdam) }
	const mx, out = "mx.provider.example", "OUT.provider.example."
	for name, c := range map[string]struct {
		head string
		want time.Time
	}{
		"no line":                    {"", takenIn},
		"one":                        {hopAt(mx, ago(time.Minute)), ago(time.Minute)},
		"two, earliest counts":       {hopAt(out, ago(time.Minute)) + hopAt(mx, ago(time.Hour)), ago(time.Hour)},
		"two, clock of one is ahead": {hopAt(out, ago(time.Hour)) + hopAt(mx, ago(time.Minute)), ago(time.Hour)},
		"below SES":                  {hopAt(ses, ago(0)) + hopAt(mx, ago(time.Hour)), ago(time.Hour)},
		"stranger":                   {hopAt("mx.elders.example", ago(time.Hour)), takenIn},
		"below a stranger":           {hopAt(mx, ago(time.Minute)) + hopAt("mx.elders.example", ago(time.Hour)) + hopAt(mx, ago(2*time.Hour)), ago(time.Minute)},
		"only the first is SES":      {hopAt(ses, ago(0)) + hopAt(ses, ago(0)) + hopAt(mx, ago(time.Hour)), takenIn},
		"in the future":              {hopAt(mx, takenIn.Add(time.Hour)), takenIn},
		"seven days":                 {hopAt(mx, ago(7*24*time.Hour)), ago(7 * 24 * time.Hour)},
		"longer ago":                 {hopAt(mx, ago(7*24*time.Hour+time.Second)), takenIn},
		"no date":                    {"Received: by mx.provider.example\n", takenIn},
		"bad date":                   {"Received: by mx.provider.example; yesterday\n", takenIn},
		"date header is not asked":   {"Date: Mon, 2 Mar 2026 10:00:00 +0000\n", takenIn},
	} {
		if got := read(t, c.head+from); !got.ReceivedAt.Equal(c.want) {
			t.Errorf("%s: %s, want %s", name, got.ReceivedAt, c.want)
		}
	}
}
