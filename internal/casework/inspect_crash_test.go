package casework_test

import (
	"errors"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

// dies makes the n-th port call fail on one side, once, and reports whether there
// was one.
func (r *copyRoom) diesAt(n int, phase caseworktest.Phase) (died *bool) {
	seen, fell := 0, false
	r.onCall = func(_ string, p caseworktest.Phase) error {
		if p != phase {
			return nil
		}
		if seen++; seen == n {
			r.onCall, fell = nil, true
			return errPort
		}
		return nil
	}
	return &fell
}

// each lets an act die at each of its calls in turn, on both sides, in a world of
// its own, and gives each world to check.
func eachDeath(t *testing.T, prepare func() (r *copyRoom, act func() error), check func(r *copyRoom, n int, phase caseworktest.Phase)) {
	t.Helper()
	for _, phase := range []caseworktest.Phase{caseworktest.Before, caseworktest.After} {
		for n := 1; ; n++ {
			r, act := prepare()
			died := r.diesAt(n, phase)
			err := act()
			r.onCall = nil
			if !*died {
				if n < 4 || err != nil {
					t.Errorf("%s: %d calls, %v", phase, n-1, err)
				}
				break
			}
			check(r, n, phase)
			r.whole()
		}
	}
}

func TestAttemptThatDiesAnywhereLosesNoCopyAndLeavesNoOriginal(t *testing.T) {
	for content, want := range map[string]dsr.EnclosureState{"paspoort": dsr.Kept, "!blank": dsr.TurnedDown} {
		var ref dsr.EnclosureRef
		eachDeath(t, func() (*copyRoom, func() error) {
			r := newCopyRoom(t, "confirmed")
			ref = r.upload(content)
			return r, func() error { return r.takeIn(ref) }
		}, func(r *copyRoom, n int, phase caseworktest.Phase) {
			row := r.row(ref)
			settled := row.State == dsr.Kept || row.Ended()
			if gone := len(r.lying("incoming/")) == 0; gone && !settled {
				t.Fatalf("%s %d: the original is gone, and the row is %+v", phase, n, row)
			}
			if row.State != "" && row.DueAt.IsZero() {
				t.Fatalf("%s %d: nobody will look again: %+v", phase, n, row)
			}
			r.sweeps(2 * time.Hour)
			r.lies(0, btoi(want == dsr.Kept))
			if row := r.row(ref); row.State != want {
				t.Errorf("%s %d: the row is %+v", phase, n, row)
			}
			got := r.history()
			if got[dsr.IDCopyReceived] != 1 || got[dsr.IDCopyInspected]+got[dsr.IDCopyRefused] != 1 {
				t.Errorf("%s %d: history %v", phase, n, got)
			}
			if letters := len(r.reasons(dsr.CopyNotice)) + 2*len(r.reasons(dsr.CopyAgainLetter)); letters != 2 {
				t.Errorf("%s %d: %d letters", phase, n, letters)
			}
		})
	}
}

// The verdict stands, whatever becomes of the removal; nothing can be read from
// then, and nothing lies there after the next sweep.
func TestVerdictThatDiesAnywhereLeavesNothingReadable(t *testing.T) {
	var ref dsr.EnclosureRef
	eachDeath(t, func() (*copyRoom, func() error) {
		r := newCopyRoom(t, "confirmed")
		ref = r.kept()
		if _, err := r.lookAt("els", ref); err != nil {
			t.Fatal(err)
		}
		sheet := r.sheet("els")
		return r, func() error {
			proof := twoFacts()
			proof.Copy = ref.ID
			err := r.handling.JudgeIdentity(t.Context(), r.now, sheet, proof)
			if r.onCall == nil { // it died somewhere; what was done stands
				return nil
			}
			return err
		}
	}, func(r *copyRoom, n int, phase caseworktest.Phase) {
		judged := r.file(r.id).Work.Identity == dsr.IdentitySure
		if state := r.row(ref).State; (state == dsr.Kept) == judged {
			t.Fatalf("%s %d: judged %t, the copy is %q", phase, n, judged, state)
		}
		if !judged {
			r.now = r.now.Add(time.Hour) // the code was used up, perhaps
			must(t, r.judgeBy("els", ref))
		}
		if _, err := r.lookAt("els", ref); err == nil {
			t.Errorf("%s %d: the copy can be read after the verdict", phase, n)
		}
		r.sweeps(time.Hour)
		r.lies(0, 0)
		r.sweeps(2 * time.Hour)
		if row := r.row(ref); row.State != dsr.Destroyed || !row.DueAt.IsZero() {
			t.Errorf("%s %d: the row is %+v", phase, n, row)
		}
		if got := r.history(); got[dsr.IDCopyDestroyed] != 1 || len(r.reasons(dsr.CheckedLetter)) != 1 {
			t.Errorf("%s %d: history %v, letters %v", phase, n, got, r.reasons(dsr.CheckedLetter))
		}
	})
}

// nothingLeft checks a case whose copies have served: none lies anywhere, and
// none is looked at again.
func (r *copyRoom) nothingLeft(refs ...dsr.EnclosureRef) {
	r.t.Helper()
	r.sweeps(3 * time.Hour)
	r.lies(0, 0)
	for _, ref := range refs {
		if row := r.row(ref); row.State == dsr.Kept || row.State == dsr.Arriving || !row.DueAt.IsZero() {
			r.t.Errorf("the row is %+v", row)
		}
	}
}

func TestWhateverComesBetweenTheCallsOfAnAttemptNothingIsLeftAfterIt(t *testing.T) {
	for name, end := range map[string]func(r *copyRoom, sheet func() error) error{
		"a verdict": func(_ *copyRoom, judge func() error) error { return judge() },
		"a withdrawal": func(r *copyRoom, _ func() error) error {
			return r.confirming.Withdraw(t.Context(), r.now, r.newest(dsr.Acknowledgement, "").Link, asker)
		},
		"a rematch": func(r *copyRoom, _ func() error) error {
			other := theFile()
			other.Reference = "K-78"
			return r.handling.MatchDataSubject(t.Context(), r.now, r.sheet("els"), other)
		},
	} {
		t.Run(name, func(t *testing.T) {
			var r *copyRoom
			var ref dsr.EnclosureRef
			between(t, func() (*office, func() error, func() error) {
				o := newOfficeOf(t, asksFirst(), dsr.Access)
				o.link(dsr.Acknowledgement, "")
				r = copyRoomOf(o.until("confirmed"))
				ref = r.upload("paspoort")
				sheet := r.sheet("els")
				judge := func() error { return r.handling.JudgeIdentity(t.Context(), r.now, sheet, twoFacts()) }
				return r.office, func() error { return r.takeIn(ref) }, func() error { return end(r, judge) }
			}, func(_ *office, one, two error) {
				if one != nil || two != nil {
					t.Errorf("the attempt ended with %v, the other with %v", one, two)
				}
				if name != "a withdrawal" && len(r.lying("idcopy/")) != 0 { // that one leaves it to sweep
					t.Errorf("until the next sweep %v lies there", r.lying("idcopy/"))
				}
				r.nothingLeft(ref)
			})
		})
	}
}

// A stalled attempt may store its picture long after the copy was destroyed, and
// die then. The last look finds it by the path that it wrote down.
func TestPictureStoredAfterTheVerdictIsFoundByTheLastLook(t *testing.T) {
	for _, kept := range []bool{true, false} {
		r := newCopyRoom(t, "confirmed")
		ref := r.upload("paspoort")
		puts := 0
		r.onCall = func(call string, phase caseworktest.Phase) error {
			if call != "PutFile" || phase != caseworktest.Before {
				return nil
			}
			if puts++; puts > 1 {
				return nil
			}
			again := r.onCall
			r.onCall = nil
			if kept { // its lease is over; another attempt does the work
				r.now = r.now.Add(10 * time.Minute)
				must(t, r.takeIn(ref))
			}
			sheet := r.sheet("els")
			must(t, r.handling.JudgeIdentity(t.Context(), r.now, sheet, twoFacts()))
			must(t, r.takeIn(ref))
			r.lies(0, 0)
			r.onCall = func(call string, phase caseworktest.Phase) error {
				if call == "EnclosureOf" { // it dies before it hears that it lost
					return errPort
				}
				return again(call, phase)
			}
			return nil
		}
		if err := r.takeIn(ref); !errors.Is(err, errPort) {
			t.Fatalf("the stalled attempt ended with %v", err)
		}
		r.onCall = nil
		r.lies(0, 1)
		r.nothingLeft(ref)
	}
}

func TestTwoUploadsAtOnceAreTwoCopies(t *testing.T) {
	var r *copyRoom
	between(t, func() (*office, func() error, func() error) {
		r = newCopyRoom(t, "confirmed")
		one, two := r.upload("voorkant"), r.upload("achterkant")
		return r.office, func() error { return r.takeIn(one) }, func() error { return r.takeIn(two) }
	}, func(_ *office, one, two error) {
		if one != nil || two != nil {
			t.Errorf("%v and %v", one, two)
		}
		r.lies(0, 2)
		if got := r.history(); got[dsr.IDCopyReceived] != 2 || got[dsr.IDCopyInspected] != 2 {
			t.Errorf("history %v", got)
		}
	})
}

func TestOneUploadDrivenTwiceAtOnceIsOneCopy(t *testing.T) {
	var r *copyRoom
	var ref dsr.EnclosureRef
	between(t, func() (*office, func() error, func() error) {
		r = newCopyRoom(t, "confirmed")
		ref = r.upload("paspoort")
		take := func() error { return r.takeIn(ref) }
		return r.office, take, take
	}, func(_ *office, one, two error) {
		if one != nil || two != nil {
			t.Errorf("%v and %v", one, two)
		}
		r.lies(0, 1)
		if row := r.row(ref); row.State != dsr.Kept || r.history()[dsr.IDCopyInspected] != 1 {
			t.Errorf("the row is %+v", row)
		}
	})
}

func TestCopyIsAskedForAndTakenInWhateverMoreMailComesBetween(t *testing.T) {
	var r *copyRoom
	var ref dsr.EnclosureRef
	between(t, func() (*office, func() error, func() error) {
		r = newCopyRoom(t, "confirmed")
		ref = r.upload("paspoort")
		more := func() error {
			r.writesAgain("in2", dsr.Erasure)
			return nil
		}
		return r.office, func() error { return r.takeIn(ref) }, more
	}, func(_ *office, one, _ error) {
		if row := r.row(ref); one != nil || row.State != dsr.Kept && row.Reason != "not-asked" {
			t.Errorf("%v: the row is %+v", one, row)
		}
		r.sweeps(2 * time.Hour)
		r.lies(0, btoi(r.row(ref).State == dsr.Kept))
	})
}
