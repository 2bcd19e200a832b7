package casework_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

// sweep sweeps once and expects no error.
func (d *desk) sweep() casework.Swept {
	d.t.Helper()
	swept, err := d.sweeping.Sweep(d.t.Context(), d.now)
	if err != nil {
		d.t.Fatalf("sweeping: %v", err)
	}
	return swept
}

// allDriven gives the ids that were driven, by function.
func (d *desk) allDriven(function string) []string {
	var ids []string
	for _, one := range d.driven {
		if one.function == function {
			ids = append(ids, one.ids...)
		}
	}
	return ids
}

func TestNewLetterIsLeftToTheStreamFirst(t *testing.T) {
	d, ref := opened(t)
	d.now = d.now.Add(2*time.Minute - time.Nanosecond)
	if swept := d.sweep(); swept.Letters != 0 {
		t.Errorf("%d letters driven before their time", swept.Letters)
	}
	d.now = d.now.Add(time.Nanosecond)
	if swept := d.sweep(); swept.Letters != 3 {
		t.Errorf("%d letters driven, want 3", swept.Letters)
	}
	want := []string{ref.Tag(), ofCase(ref.Case, dsr.NewCaseNotice, 1).Tag(), ofCase(ref.Case, dsr.NewCaseNotice, 2).Tag()}
	if diff := cmp.Diff(want, d.allDriven(casework.FunctionDispatch)); diff != "" {
		t.Errorf("driven (-want +got):\n%s", diff)
	}
}

func TestAbandonedClaimIsDrivenWhenItsLeaseEnds(t *testing.T) {
	d, ref := opened(t)
	d.send(ofCase(ref.Case, dsr.NewCaseNotice, 1))
	d.send(ofCase(ref.Case, dsr.NewCaseNotice, 2))
	d.postErr = errPort
	if err := d.sending.Send(t.Context(), d.now, ref); !errors.Is(err, errPort) {
		t.Fatal(err)
	}
	d.now = d.now.Add(casework.Lease - time.Nanosecond)
	if swept := d.sweep(); swept.Letters != 0 {
		t.Error("a claim that still runs was driven")
	}
	d.now = d.now.Add(time.Nanosecond)
	if swept := d.sweep(); swept.Letters != 1 {
		t.Errorf("%d letters driven, want 1", swept.Letters)
	}
}

func TestSweepFindsWorkAfterAWeekOff(t *testing.T) {
	for _, known := range []bool{true, false} {
		t.Run(fmt.Sprintf("swept before is %t", known), func(t *testing.T) {
			d := newDesk(t)
			if known {
				d.sweep()
			}
			d.receive("in1", request("ans@een.example", "<1@een>", dsr.TrustA))
			d.begin("in2", request("ans@een.example", "<2@een>", dsr.TrustA))
			d.now = d.now.AddDate(0, 0, 7)
			if swept := d.sweep(); swept.Letters != 3 || swept.Mails != 1 {
				t.Errorf("swept %+v, want 3 letters and 1 mail", swept)
			}
			// What was driven and stays undone is found every time.
			d.now = d.now.AddDate(0, 0, 7)
			if swept := d.sweep(); swept.Letters != 3 || swept.Mails != 1 {
				t.Errorf("a week later: swept %+v, want 3 letters and 1 mail", swept)
			}
		})
	}
}

func TestOldestDayFollowsWhatIsDone(t *testing.T) {
	d, _ := opened(t)
	d.now = d.now.AddDate(0, 0, 7)
	for _, letter := range d.memory.AllLetters() {
		d.sweep()
		if day, err := d.memory.OldestDay(t.Context(), casework.FunctionSweep); err != nil || day != "2026-03-02" {
			t.Errorf("with letters left the oldest day is %s (%v)", day, err)
		}
		d.send(letter.Ref)
	}
	d.sweep()
	if day, err := d.memory.OldestDay(t.Context(), casework.FunctionSweep); err != nil || day != "2026-03-08" {
		t.Errorf("with nothing left the oldest day is %s (%v), want yesterday", day, err)
	}
	d.calls = nil
	d.sweep()
	if got := count(d.calls, "DueOn"); got != 2 {
		t.Errorf("a sweep without work asked for %d days, want 2", got)
	}
}

// count counts a call.
func count(calls []string, call string) int {
	n := 0
	for _, c := range calls {
		n += btoi(c == call)
	}
	return n
}

func TestSweepLeavesRemindersAlone(t *testing.T) {
	d, _ := opened(t)
	for _, letter := range d.memory.AllLetters() {
		d.send(letter.Ref)
	}
	d.now = d.now.AddDate(0, 0, 60)
	if d.sweep(); len(d.driven) != 0 {
		t.Errorf("drove %v", d.driven)
	}
	if day, err := d.memory.OldestDay(t.Context(), casework.FunctionSweep); err != nil || day != "2026-04-30" {
		t.Errorf("a reminder holds the oldest day at %s (%v)", day, err)
	}
}

func TestUnheardMailIsNotedThenDriven(t *testing.T) {
	d := newDesk(t)
	for _, id := range []string{"in1", "in2", "in3", "in4", "in5"} {
		d.objects.PutRaw(id, []byte("raw"))
	}
	d.begin("in2", request("ans@een.example", "<1@een>", dsr.TrustA))
	d.receive("in4", request("ans@een.example", "<2@een>", dsr.TrustC))
	if swept := d.sweep(); swept.Noted != 3 || swept.Mails != 0 {
		t.Errorf("swept %+v, want 3 mails noted and none driven", swept)
	}
	if got := d.mail("in3"); got.State != dsr.MailSeen || got.Owner == (dsr.OwnerID{}) || got.Attempts != 0 {
		t.Errorf("the mail was noted as %+v", got)
	}
	d.now = d.now.Add(15*time.Minute - time.Nanosecond)
	if swept := d.sweep(); swept.Noted != 0 || swept.Mails != 0 {
		t.Errorf("swept %+v before any mail was due", swept)
	}
	d.now = d.now.Add(time.Nanosecond)
	d.sweep()
	if diff := cmp.Diff([]string{"in1", "in2", "in3", "in5"}, d.allDriven(casework.FunctionIntake)); diff != "" {
		t.Errorf("driven (-want +got):\n%s", diff)
	}
}

func TestNoticeAfterTheNoteKeepsTheMailOne(t *testing.T) {
	d := newDesk(t)
	d.objects.PutRaw("in1", []byte("raw"))
	d.sweep()
	noted := d.mail("in1")
	if got := d.receive("in1", request("ans@een.example", "<1@een>", dsr.TrustA)); got.Owner != noted.Owner || got.State != dsr.MailCase {
		t.Errorf("the noted mail became %+v", got)
	}
}

func TestWorkIsDrivenInPortions(t *testing.T) {
	d := newDesk(t)
	for n := range 60 {
		d.begin(fmt.Sprintf("in%02d", n), request("ans@een.example", "<1@een>", dsr.TrustA))
	}
	d.now = d.now.Add(time.Hour)
	if swept := d.sweep(); swept.Mails != 60 {
		t.Errorf("%d mails driven, want 60", swept.Mails)
	}
	var sizes []int
	for _, one := range d.driven {
		sizes = append(sizes, len(one.ids))
	}
	if diff := cmp.Diff([]int{25, 25, 10}, sizes); diff != "" {
		t.Errorf("portions (-want +got):\n%s", diff)
	}
}

func TestWhatCannotBeDrivenKeepsNothingElseFromBeingFound(t *testing.T) {
	d, _ := opened(t)
	d.objects.PutRaw("in9", []byte("raw"))
	d.now, d.driveErr = d.now.AddDate(0, 0, 3), errPort
	swept, err := d.sweeping.Sweep(t.Context(), d.now)
	if !errors.Is(err, errPort) || swept.Noted != 1 {
		t.Errorf("swept %+v, %v; want 1 noted", swept, err)
	}
	d.driveErr = nil
	if swept := d.sweep(); swept.Letters != 3 {
		t.Errorf("the next sweep drove %d letters, want 3", swept.Letters)
	}
}

func TestFailedReadsMakeTheSweepFail(t *testing.T) {
	for _, call := range []string{"OldestDay", "DueOn", "MoveOldestDay", "ListFiles", "ListRaw", "Mail", "Note"} {
		d := newDesk(t)
		d.objects.PutRaw("in1", []byte("raw"))
		d.failing(call, caseworktest.Before)
		if _, err := d.sweeping.Sweep(t.Context(), d.now); !errors.Is(err, errPort) {
			t.Errorf("with %s failing the sweep gave %v", call, err)
		}
	}
}

func TestMailThatStaysUndoneIsFoundHoweverLateTheNextSweep(t *testing.T) {
	d := newDesk(t)
	d.begin("in1", request("ans@een.example", "<1@een>", dsr.TrustA))
	for week := range 4 {
		d.now = d.now.AddDate(0, 0, 7)
		if swept := d.sweep(); swept.Mails != 1 {
			t.Errorf("after %d weeks: swept %+v", week+1, swept)
		}
	}
}

func TestPortionThatFailsKeepsNoOtherFromBeingDriven(t *testing.T) {
	d := newDesk(t)
	for n := range 60 {
		d.begin(fmt.Sprintf("in%02d", n), request("ans@een.example", "<1@een>", dsr.TrustA))
	}
	d.now = d.now.Add(time.Hour)
	d.failing("drive", caseworktest.Before)
	d.sweeping.Drive = func(ctx context.Context, _ string, _ []string) error {
		return d.gate(ctx, "drive", caseworktest.Before)
	}
	if swept, err := d.sweeping.Sweep(t.Context(), d.now); !errors.Is(err, errPort) || swept.Mails != 35 {
		t.Errorf("swept %+v, %v", swept, err)
	}
}

func TestMailThatCannotBeNotedKeepsNoOtherFromIt(t *testing.T) {
	for _, call := range []string{"Mail", "Note"} {
		d := newDesk(t)
		for n := range 5 {
			d.objects.PutRaw(fmt.Sprintf("in%d", n), []byte("raw"))
		}
		d.failing(call, caseworktest.Before)
		if swept, err := d.sweeping.Sweep(t.Context(), d.now); !errors.Is(err, errPort) || swept.Noted != 4 {
			t.Errorf("with %s failing: swept %+v, %v", call, swept, err)
		}
	}
}
