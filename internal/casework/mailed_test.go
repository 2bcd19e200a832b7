package casework_test

import (
	"context"
	"io"
	"slices"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

// withPictures is a request with files: every second one may be a copy.
func withPictures(message string, files int) dsr.Enquiry {
	enquiry := asking(request(asker, "<"+message+"@elders>", dsr.TrustA), message, dsr.Access)
	for n := range files {
		enquiry.Letter.Attachments = append(enquiry.Letter.Attachments, dsr.Attachment{MediaType: "image/jpeg", Size: 9000, MayBeCopy: n%2 == 1})
	}
	return enquiry
}

// mailed lets a further mail with copies come in, and gives the last of them.
func (r *copyRoom) mailed(copies int) dsr.EnclosureRef {
	r.t.Helper()
	r.uploads++
	id := "mail" + string(rune('a'+r.uploads))
	r.receive(id, withPictures(id, 2*copies))
	return dsr.EnclosureRef{Case: r.id, Kind: dsr.IDCopyFile, ID: casework.MailedCopyID(id, 2*copies)}
}

// part gives the original of a mailed copy; cut counts how often it was cut out.
func (r *copyRoom) part(content string, cut *int) casework.Original {
	return casework.Original{
		Open: func(ctx context.Context) (io.ReadCloser, int64, error) {
			if err := r.gate(ctx, "OpenRaw", caseworktest.Before); err != nil {
				return nil, 0, err
			}
			r.objects.Place("part", []byte(content))
			file, _, err := r.objects.OpenFile(ctx, "part")
			return file, -1, err
		},
		Destroy: func(ctx context.Context) error {
			if err := r.gate(ctx, "ReplaceRaw", caseworktest.Before); err != nil {
				return err
			}
			*cut++
			return r.gate(ctx, "ReplaceRaw", caseworktest.After)
		},
	}
}

func TestMailedPicturesAreAnnouncedWithTheirMail(t *testing.T) {
	o := newOfficeOf(t, asksFirst(), dsr.Access)
	d := o.desk
	joined := d.receive("in2", withPictures("two", 4))
	opened := d.receive("in3", func() dsr.Enquiry {
		enquiry := withPictures("three", 4)
		enquiry.Letter.Address = "ander@elders.example"
		return enquiry
	}())
	for id, mail := range map[string]dsr.Mail{"in2": joined, "in3": opened} {
		rows, err := d.memory.EnclosuresOf(t.Context(), mail.Case)
		must(t, err)
		var parts []int
		for _, row := range rows {
			if row.Mail.MailID != id || row.State != dsr.Announced || row.DueAt.After(d.now) || row.Ref.ID != casework.MailedCopyID(id, row.Mail.N) {
				t.Errorf("%s: %+v", id, row)
			}
			parts = append(parts, row.Mail.N)
		}
		if slices.Sort(parts); !slices.Equal(parts, []int{2, 4}) {
			t.Errorf("%s: parts %v", id, parts)
		}
	}
}

// A21: a mailed copy takes the road of an upload, without a word to anybody, and
// is cut out of its mail.
func TestA21MailedCopyIsKeptAndCutOutOfItsMail(t *testing.T) {
	r := newCopyRoom(t, "read")
	ref, cut := r.mailed(1), 0
	must(t, r.inspecting.TakeIn(t.Context(), r.now, ref, r.part("paspoort", &cut)))
	row := r.row(ref)
	if row.State != dsr.Kept || !row.Cut || cut != 1 || !row.DueAt.Equal(row.Arrived.Add(dsr.CopyLife)) {
		t.Errorf("cut %d times: %+v", cut, row)
	}
	if got := r.history(); got[dsr.IDCopyReceived] != 1 || got[dsr.IDCopyInspected] != 1 || len(r.reasons(dsr.CopyNotice)) != 0 {
		t.Errorf("history %v, staff hear %v", got, r.reasons(dsr.CopyNotice))
	}
	must(t, r.inspecting.TakeIn(t.Context(), r.now, ref, r.part("paspoort", &cut)))
	if cut != 1 {
		t.Errorf("it was cut again")
	}
}

// Its mail is gone through once; that what is no picture stays in it is tested there.
func TestMailedFileThatIsNoPictureIsAnnouncedToNobody(t *testing.T) {
	r := newCopyRoom(t, "confirmed")
	ref, cut := r.mailed(1), 0
	for range 20 {
		must(t, r.inspecting.TakeIn(t.Context(), r.now, ref, r.part("!pdf", &cut)))
		r.now = r.now.Add(15 * time.Minute)
	}
	row := r.row(ref)
	if row.State != dsr.TurnedDown || row.Reason != "pdf" || cut != 1 || !row.DueAt.IsZero() || r.looked != 1 {
		t.Errorf("cut %d times: %+v", cut, row)
	}
	if len(r.reasons(dsr.CopyAgainLetter)) != 0 {
		t.Error("the contact on file hears of a file they may not have sent")
	}
}

func TestMailedCopyIsOfNoUseToACaseThatWasJudged(t *testing.T) {
	for _, step := range []string{"judged", "approved"} {
		r := newCopyRoom(t, step)
		rows := func() int {
			all, err := r.memory.EnclosuresOf(t.Context(), r.id)
			must(t, err)
			return len(all)
		}
		r.mailed(1)
		if rows() != 0 {
			t.Errorf("%s: a copy is announced", step)
		}
	}
	r := newCopyRoom(t, "confirmed")
	ref, cut := r.mailed(1), 0
	must(t, r.handling.JudgeIdentity(t.Context(), r.now, r.sheet("els"), twoFacts()))
	must(t, r.inspecting.TakeIn(t.Context(), r.now, ref, r.part("paspoort", &cut)))
	if row := r.row(ref); row.Reason != "not-asked" || cut != 1 || r.looked != 0 {
		t.Errorf("cut %d times: %+v", cut, row)
	}
}

// A23: ten thousand pictures make neither ten thousand rows nor keep the one out
// that was asked for.
func TestA23MailedPicturesNeitherFillACaseNorKeepUploadsOut(t *testing.T) {
	r := newCopyRoom(t, "confirmed")
	r.mailed(200)
	rows, err := r.memory.EnclosuresOf(t.Context(), r.id)
	must(t, err)
	if len(rows) != dsr.MaxIDCopies {
		t.Errorf("%d rows", len(rows))
	}
	r.mailed(3)
	rows, err = r.memory.EnclosuresOf(t.Context(), r.id)
	must(t, err)
	cut := 0
	for _, row := range rows {
		must(t, r.inspecting.TakeIn(t.Context(), r.now, row.Ref, r.part("plaatje", &cut)))
	}
	if r.looked != dsr.MaxIDCopies || r.history()[dsr.IDCopyRefused] != 1 {
		t.Errorf("looked %d times, history %v", r.looked, r.history())
	}
	r.kept()
	for r.file(r.id).Seq <= 500 {
		r.alter(r.id, func(*dsr.Case) {})
	}
	if late := r.mailed(1); r.row(late).State != "" {
		t.Error("a case of 500 events takes in more")
	}
}

func TestAttemptOnAMailedCopyThatDiesAnywhereCutsItInTheEnd(t *testing.T) {
	var ref dsr.EnclosureRef
	var cut int
	eachDeath(t, func() (*copyRoom, func() error) {
		r := newCopyRoom(t, "confirmed")
		ref, cut = r.mailed(1), 0
		return r, func() error { return r.inspecting.TakeIn(t.Context(), r.now, ref, r.part("paspoort", &cut)) }
	}, func(r *copyRoom, n int, phase caseworktest.Phase) {
		if row := r.row(ref); !row.Cut && row.DueAt.After(r.now.Add(15*time.Minute)) {
			t.Errorf("%s %d: nobody will cut it soon: %+v", phase, n, row)
		}
		for range 4 {
			r.now = r.now.Add(15 * time.Minute)
			must(t, r.inspecting.TakeIn(t.Context(), r.now, ref, r.part("paspoort", &cut)))
		}
		r.lies(0, 1)
		if row := r.row(ref); row.State != dsr.Kept || !row.Cut || cut == 0 {
			t.Errorf("%s %d: cut %d times: %+v", phase, n, cut, row)
		}
	})
}

// What was kept of a mail is cut out of it also when the verdict is faster.
func TestVerdictBeforeTheCutLeavesNothingInTheMail(t *testing.T) {
	var r *copyRoom
	var ref dsr.EnclosureRef
	var cut int
	between(t, func() (*office, func() error, func() error) {
		r = newCopyRoom(t, "confirmed")
		ref, cut = r.mailed(1), 0
		sheet := r.sheet("els")
		return r.office, func() error { return r.inspecting.TakeIn(t.Context(), r.now, ref, r.part("paspoort", &cut)) },
			func() error { return r.handling.JudgeIdentity(t.Context(), r.now, sheet, twoFacts()) }
	}, func(_ *office, one, two error) {
		if one != nil || two != nil {
			t.Errorf("%v and %v", one, two)
		}
		for n := range 8 {
			if row := r.row(ref); !row.DueAt.IsZero() && !r.now.Before(row.DueAt) {
				must(t, r.inspecting.TakeIn(t.Context(), r.now, ref, r.part("paspoort", &cut)))
			}
			if row := r.row(ref); n == 1 && !row.KeptAt.IsZero() && !row.Cut {
				t.Errorf("after a quarter it is still in its mail: %+v", row)
			}
			r.now = r.now.Add(15 * time.Minute)
		}
		row := r.row(ref)
		if cut == 0 || !row.Cut || row.State == dsr.Kept || !row.DueAt.IsZero() {
			t.Errorf("cut %d times: %+v", cut, row)
		}
		r.lies(0, 0)
	})
}
