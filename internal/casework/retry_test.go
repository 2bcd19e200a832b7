package casework_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

func TestNumberIsKeptAcrossRetries(t *testing.T) {
	tests := []struct {
		call  string
		phase caseworktest.Phase
		want  dsr.Number
	}{
		{"NewKey", caseworktest.Before, "AVG-2026-0001"},
		{"Commit", caseworktest.Before, "AVG-2026-0001"},
		{"Commit", caseworktest.After, "AVG-2026-0001"},
		{"Keep", caseworktest.After, "AVG-2026-0001"},
		{"Keep", caseworktest.Before, "AVG-2026-0002"}, // a gap, and no number twice
		{"Next", caseworktest.After, "AVG-2026-0002"},
	}
	for _, test := range tests {
		t.Run(test.call+" "+string(test.phase), func(t *testing.T) {
			d := newDesk(t)
			mail, enquiry := d.begin("in1", request("ans@een.example", "<1@een>", dsr.TrustA))
			d.failing(test.call, test.phase)
			if err := d.receiving.Receive(t.Context(), d.now, mail, enquiry); !errors.Is(err, errPort) {
				t.Fatalf("the first attempt gave %v", err)
			}
			got := d.receive("in1", enquiry)
			if c := d.file(got.Case); c.Number != test.want || len(d.memory.AllCases()) != 1 {
				t.Errorf("case %s of %d, want %s alone", c.Number, len(d.memory.AllCases()), test.want)
			}
			if kept := test.want == "AVG-2026-0001"; kept && count(d.calls, "Next") != 1 {
				t.Errorf("%d numbers were taken", count(d.calls, "Next"))
			}
		})
	}
}

func TestNumbersCountTheYearOfReceipt(t *testing.T) {
	d := newDesk(t)
	first := request("ans@een.example", "<1@een>", dsr.TrustA)
	first.ReceivedAt = time.Date(2025, 12, 31, 22, 59, 59, 999999999, time.UTC) // midnight in Amsterdam is 23:00
	second := request("bas@een.example", "<2@een>", dsr.TrustA)
	second.ReceivedAt = first.ReceivedAt.Add(1)
	a, b := d.receive("in1", first), d.receive("in2", second)
	if a.Number != "AVG-2025-0001" || b.Number != "AVG-2026-0001" {
		t.Errorf("numbers %s and %s", a.Number, b.Number)
	}
}

func TestConflictsAreRetriedAtMostEightTimes(t *testing.T) {
	for _, conflicts := range []int{1, 7, 8, 20} {
		t.Run(fmt.Sprint(conflicts), func(t *testing.T) {
			d := newDesk(t)
			mail, enquiry := d.begin("in1", request("ans@een.example", "<1@een>", dsr.TrustA))
			commits := 0
			d.onCall = func(call string, phase caseworktest.Phase) error {
				if call != "Commit" || phase != caseworktest.Before {
					return nil
				}
				if commits++; commits <= conflicts {
					return casework.ErrConflict
				}
				return nil
			}
			err := d.receiving.Receive(t.Context(), d.now, mail, enquiry)
			if failed := err != nil; failed != (conflicts >= 8) || failed && !errors.Is(err, casework.ErrConflict) {
				t.Errorf("after %d conflicts: %v", conflicts, err)
			}
			if want := min(conflicts+1, 8); commits != want || d.pauses != want-1 {
				t.Errorf("%d commits and %d pauses, want %d commits", commits, d.pauses, want)
			}
		})
	}
}

func TestSettlingIsRetriedToo(t *testing.T) {
	d := newDesk(t)
	mail, enquiry := d.begin("in1", request("ans@een.example", "<1@een>", dsr.TrustA))
	enquiry.Kind = dsr.KindOrdinary
	d.onCall = func(call string, _ caseworktest.Phase) error {
		if call == "Commit" {
			d.onCall = nil
			return casework.ErrConflict
		}
		return nil
	}
	if err := d.receiving.Receive(t.Context(), d.now, mail, enquiry); err != nil || d.mail("in1").State != dsr.MailOrdinary {
		t.Errorf("%v; the mail is %q", err, d.mail("in1").State)
	}
}

func TestOtherFaultsAreNotRetried(t *testing.T) {
	d := newDesk(t)
	mail, enquiry := d.begin("in1", request("ans@een.example", "<1@een>", dsr.TrustA))
	d.calls, d.onCall = nil, func(call string, _ caseworktest.Phase) error {
		if call == "Commit" {
			return errPort
		}
		return nil
	}
	if err := d.receiving.Receive(t.Context(), d.now, mail, enquiry); !errors.Is(err, errPort) || d.pauses != 0 {
		t.Errorf("%v after %d pauses", err, d.pauses)
	}
	commits := slices.DeleteFunc(slices.Clone(d.calls), func(call string) bool { return call != "Commit" })
	if len(commits) != 1 {
		t.Errorf("%d commits, want 1", len(commits))
	}
}

func TestWaitingStopsWithItsContext(t *testing.T) {
	d := newDesk(t)
	mail, enquiry := d.begin("in1", request("ans@een.example", "<1@een>", dsr.TrustA))
	d.receiving.Pause = caseworktest.NoPause
	ctx, cancel := context.WithCancel(t.Context())
	d.onCall = func(call string, _ caseworktest.Phase) error {
		if call != "Commit" {
			return nil
		}
		cancel()
		return casework.ErrConflict
	}
	if err := d.receiving.Receive(ctx, d.now, mail, enquiry); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled wait gave %v", err)
	}
}

// secrets are what no error may hold.
func secrets() []string {
	return []string{"ans@een.example", "Ans Geheim", "Vertrouwelijk", "Mijn dossier", "token-", "els@"}
}

func TestFailedCallIsReportedAndNamesNobody(t *testing.T) {
	// Each call of the whole way fails in turn, on either side.
	failures := 0
	for n := range 90 {
		for _, phase := range []caseworktest.Phase{caseworktest.Before, caseworktest.After} {
			d := newDesk(t)
			seen, failed := 0, ""
			d.onCall = func(call string, p caseworktest.Phase) error {
				if p != phase {
					return nil
				}
				if seen++; seen == n+1 {
					failed = call
					return errPort
				}
				return nil
			}
			err := d.wholeWay()
			if failed == "" {
				continue
			}
			failures++
			if !errors.Is(err, errPort) {
				t.Errorf("call %d, %s %s: the error was lost: %v", n, phase, failed, err)
				continue
			}
			for _, secret := range secrets() {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("call %d, %s %s: the error holds %q: %v", n, phase, failed, secret, err)
				}
			}
		}
	}
	if failures < 100 || failures == 180 {
		t.Errorf("%d calls failed; the way is longer or shorter", failures)
	}
}

// wholeWay takes in a request, a further mail, a copy and a mail that nobody
// can read, and sends the letters, until something fails.
func (d *desk) wholeWay() error {
	ctx := d.t.Context()
	second := long(d.t, dsr.MaxRowBody+1)
	second.RawHash, second.MessageKey = [32]byte{2}, [32]byte{2}
	unreadable := dsr.Enquiry{Kind: dsr.KindUnreadable, Reason: "empty"}
	first := request("ans@een.example", "<1@een>", dsr.TrustA)
	for i, enquiry := range []dsr.Enquiry{first, second, first, unreadable} {
		id := fmt.Sprintf("in%d", i)
		mail, err := d.receiving.Begin(ctx, d.now, dsr.Mail{ID: id, ArrivedAt: d.now})
		if err != nil {
			return err
		}
		enquiry.MailID, enquiry.ReceivedAt = id, d.now
		if err := d.receiving.Receive(ctx, d.now, mail, enquiry); err != nil {
			return err
		}
	}
	for _, letter := range d.memory.AllLetters() {
		if err := d.sending.Send(ctx, d.now, letter.Ref); err != nil {
			return err
		}
	}
	return nil
}

func TestWithoutRandomnessNothingIsStored(t *testing.T) {
	// Each draw takes 8, 12 or 16 bytes; the source dries up before each.
	stored := 0
	for n := 0; n < 120; n += 4 {
		d := newDesk(t)
		mail, enquiry := d.begin("in1", long(t, dsr.MaxRowBody+1))
		d.receiving.Random = io.LimitReader(rand.NewChaCha8([32]byte{}), int64(n))
		err := d.receiving.Receive(t.Context(), d.now, mail, enquiry)
		cases := len(d.memory.AllCases())
		if (err == nil) != (cases == 1) {
			t.Errorf("with %d random bytes: %v, and %d cases", n, err, cases)
		}
		stored += cases
	}
	if stored == 0 || stored == 30 {
		t.Errorf("%d of 30 attempts went well", stored)
	}
	d := newDesk(t)
	d.receiving.Random = strings.NewReader("")
	if _, err := d.receiving.Begin(t.Context(), d.now, dsr.Mail{ID: "in1", ArrivedAt: d.now}); err == nil {
		t.Error("a mail was claimed without an owner id")
	}
}
