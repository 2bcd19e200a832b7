package casework_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

// away makes a call fail each time, until onCall is taken away.
func (r *copyRoom) away(call string) {
	r.onCall = func(one string, phase caseworktest.Phase) error {
		if one == call && phase == caseworktest.Before {
			return errPort
		}
		return nil
	}
}

// uncutCopy gives a mailed copy that is kept and could not be cut out of its mail.
func uncutCopy(t *testing.T, cut *int) (*copyRoom, dsr.EnclosureRef) {
	t.Helper()
	r := newCopyRoom(t, "confirmed")
	ref := r.mailed(1)
	r.away("ReplaceRaw")
	if err := r.inspecting.TakeIn(t.Context(), r.now, ref, r.part("paspoort", cut)); !errors.Is(err, errPort) {
		t.Fatalf("the cut did not fail: %v", err)
	}
	if row := r.row(ref); row.State != dsr.Kept || row.Cut {
		t.Fatalf("the row is %+v", row)
	}
	return r, ref
}

// While the mail bucket is away, nothing keeps a picture alive that has served; its
// end is told when both are gone.
func TestCutThatFailsKeepsNoPictureAlive(t *testing.T) {
	for name, end := range map[string]func(r *copyRoom, again func() error){
		"the verdict": func(r *copyRoom, _ func() error) {
			must(t, r.handling.JudgeIdentity(t.Context(), r.now, r.sheet("els"), twoFacts()))
		},
		"fourteen days": func(r *copyRoom, again func() error) {
			r.now = r.now.Add(dsr.CopyLife)
			if err := again(); !errors.Is(err, errPort) {
				t.Errorf("the cut did not fail: %v", err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			cut := 0
			r, ref := uncutCopy(t, &cut)
			again := func() error { return r.inspecting.TakeIn(t.Context(), r.now, ref, r.part("paspoort", &cut)) }
			end(r, again)
			r.lies(0, 0)
			for range 8 { // two hours, and the bucket is still away
				if row := r.row(ref); row.State != dsr.Condemned || row.Cut || row.DueAt.IsZero() || row.DueAt.After(r.now) {
					t.Fatalf("nobody will cut it: %+v", row)
				}
				if err := again(); !errors.Is(err, errPort) {
					t.Fatal(err)
				}
				r.now = r.now.Add(15 * time.Minute)
			}
			if got := r.history()[dsr.IDCopyDestroyed]; got != 0 {
				t.Error("it is said to be destroyed while it lies in its mail")
			}
			r.onCall = nil
			for range 6 {
				must(t, again())
				r.now = r.now.Add(15 * time.Minute)
			}
			if row := r.row(ref); row.State != dsr.Destroyed || !row.Cut || !row.DueAt.IsZero() || cut != 1 || r.history()[dsr.IDCopyDestroyed] != 1 {
				t.Errorf("cut %d times: %+v", cut, row)
			}
		})
	}
}

// What nobody wanted, or could not be used, is cut out like what was kept, and its
// row is due until it is.
func TestMailedCopyIsCutOutWhateverBecameOfIt(t *testing.T) {
	for name, test := range map[string]struct {
		content string
		prepare func(r *copyRoom)
		reason  string
	}{
		"refused":   {"!blank", func(*copyRoom) {}, "blank"},
		"not asked": {"paspoort", func(r *copyRoom) { must(t, r.handling.JudgeIdentity(t.Context(), r.now, r.sheet("els"), twoFacts())) }, "not-asked"},
		"given up":  {"paspoort", func(r *copyRoom) { r.blind = errPort }, "unread"},
	} {
		t.Run(name, func(t *testing.T) {
			r, cut := newCopyRoom(t, "confirmed"), 0
			ref := r.mailed(1)
			again := func() error { return r.inspecting.TakeIn(t.Context(), r.now, ref, r.part(test.content, &cut)) }
			test.prepare(r)
			r.away("ReplaceRaw")
			for range 8 {
				if err := again(); !errors.Is(err, errPort) {
					t.Fatal(err)
				}
				if row := r.row(ref); row.Ended() && row.DueAt.After(r.now) {
					t.Errorf("nobody will cut it soon: %+v", row)
				}
				r.now = r.now.Add(15 * time.Minute)
			}
			if row := r.row(ref); row.Reason != test.reason || row.Cut || row.DueAt.IsZero() || row.DueAt.After(r.now) {
				t.Fatalf("nobody will cut it: %+v", row)
			}
			r.onCall = nil
			must(t, again())
			must(t, again())
			if row := r.row(ref); !row.Cut || !row.DueAt.IsZero() || cut != 1 {
				t.Errorf("cut %d times: %+v", cut, row)
			}
			if got := r.history()[dsr.IDCopyRefused]; got != 1 {
				t.Errorf("its refusal is told %d times", got)
			}
		})
	}
}

// The mail itself takes the verdict back: its pictures may prove anew.
func TestPictureInAMailThatAsksForMoreIsLookedAt(t *testing.T) {
	r, cut := newCopyRoom(t, "judged"), 0
	more := withPictures("more", 2)
	more.Rights = []dsr.Right{dsr.Access, dsr.Erasure}
	r.receive("more", more)
	ref := dsr.EnclosureRef{Case: r.id, Kind: dsr.IDCopyFile, ID: casework.MailedCopyID("more", 2)}
	if row := r.row(ref); row.State != dsr.Announced {
		t.Fatalf("the picture is %q", row.State)
	}
	must(t, r.inspecting.TakeIn(t.Context(), r.now, ref, r.part("paspoort", &cut)))
	if row := r.row(ref); row.State != dsr.Kept || !row.Cut || cut != 1 {
		t.Errorf("cut %d times: %+v", cut, row)
	}
}

// What an attempt stored before it failed is gone with the refusal, and looked for
// once more an hour later.
func TestRefusedCopyLeavesNothingUntilItsLastLook(t *testing.T) {
	r := newCopyRoom(t, "confirmed")
	ref := r.upload("paspoort")
	for range 3 {
		puts := 0
		r.onCall = func(call string, phase caseworktest.Phase) error {
			if call == "PutFile" && phase == caseworktest.After {
				if puts++; puts == 2 {
					return errPort
				}
			}
			return nil
		}
		if err := r.takeIn(ref); !errors.Is(err, errPort) {
			t.Fatal(err)
		}
		r.onCall = nil
		r.now = r.now.Add(15 * time.Minute)
	}
	r.lies(1, 1)
	must(t, r.takeIn(ref))
	r.lies(0, 0)
	row := r.row(ref)
	if row.Reason != "unread" || !row.DueAt.Equal(r.now.Add(dsr.LastLook)) {
		t.Errorf("the row is %+v", row)
	}
	late := row.Paths[len(row.Paths)-1]
	r.objects.Place(late, []byte("te laat"))
	r.sweeps(2 * time.Hour)
	if r.lies(0, 0); slices.Contains(r.objects.Paths(), late) {
		t.Error("what came late lies there")
	}

	r = newCopyRoom(t, "confirmed") // an upload of which the original cannot be removed
	ref = r.kept()
	r.now = r.now.Add(dsr.CopyLife)
	stuck := casework.Original{Destroy: func(context.Context) error { return errPort }}
	if err := r.inspecting.TakeIn(t.Context(), r.now, ref, stuck); !errors.Is(err, errPort) {
		t.Errorf("%v", err)
	}
	r.lies(0, 0)
}

// Of whom a copy is, the history must say: one that came by mail is of whoever wrote.
func TestHistoryTellsMailedCopiesFromUploads(t *testing.T) {
	r, cut := newCopyRoom(t, "confirmed"), 0
	byMail, refused := r.mailed(1), r.mailed(1)
	must(t, r.inspecting.TakeIn(t.Context(), r.now, byMail, r.part("paspoort", &cut)))
	must(t, r.inspecting.TakeIn(t.Context(), r.now, refused, r.part("!pdf", &cut)))
	uploads := []dsr.EnclosureRef{r.kept(), r.upload("!blank")}
	must(t, r.takeIn(uploads[1]))
	if _, err := r.lookAt("els", byMail); err != nil {
		t.Fatal(err)
	}
	must(t, r.handling.JudgeIdentity(t.Context(), r.now, r.sheet("els"), twoFacts()))
	history, err := r.memory.History(t.Context(), r.id)
	must(t, err)
	told := 0
	for _, event := range history {
		if event.Facts["file"] == "" || event.Kind == dsr.IdentityConfirmed {
			continue
		}
		told++
		want := "true"
		if file := event.Facts["file"]; file == uploads[0].ID.String() || file == uploads[1].ID.String() {
			want = ""
		}
		if got := event.Facts["mailed"]; got != want {
			t.Errorf("%s of %s: mailed is %q, want %q", event.Kind, event.Facts["file"], got, want)
		}
	}
	if told != 11 { // four came, two were kept and destroyed, two refused, one was looked at
		t.Errorf("%d events tell of copies: %v", told, r.history())
	}
}
