package idcheck_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"image/jpeg"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/idcopy"
)

func TestUploadIsKeptAsASealedPictureAndNothingElse(t *testing.T) {
	f := newFunction(t)
	ref := f.uploaded(1, picture(1))
	f.must(f.Handle(t.Context(), created(ref.Original())))
	row := f.row(ref)
	if row.State != dsr.Kept || row.Form != "jpeg" || len(f.lying("incoming/")) != 0 || len(f.lying("idcopy/")) != 2 {
		t.Fatalf("the row is %+v, the bucket holds %v", row, f.objects.Paths())
	}
	file, err := f.memory.File(t.Context(), f.id)
	f.must(err)
	for path, widest := range map[string]int{row.Path(): 600, row.Path() + "-blurred": 24} {
		sealed, err := f.objects.Get(t.Context(), path)
		f.must(err)
		if bytes.Contains(sealed, []byte("\xff\xd8\xff")) {
			t.Errorf("%s lies there open", path)
		}
		plain, err := file.Key.Open(path, sealed)
		f.must(err)
		config, err := jpeg.DecodeConfig(bytes.NewReader(plain))
		if err != nil || config.Width != widest {
			t.Errorf("%s is %d pixels wide (%v)", path, config.Width, err)
		}
	}
}

// A26: whatever is uploaded, nothing of it is left, and a page can say why.
func TestA26FileThatIsNoPictureIsGoneWithAWord(t *testing.T) {
	for word, content := range map[string][]byte{
		"pdf": []byte("%PDF-1.7"), "text": []byte("<script>alert(1)</script>"), "svg": []byte("<svg onload=x>"), "zip": []byte("PK\x03\x04xxxx"),
		"heic": []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), "empty": {}, "too-large": make([]byte, idcopy.MaxBytes+1),
		"damaged": picture(1)[:3000], "unknown": []byte("\x00\x01\x02\x03"),
	} {
		f := newFunction(t)
		ref := f.uploaded(1, content)
		f.must(f.Handle(t.Context(), created(ref.Original())))
		row := f.row(ref)
		if row.State != dsr.TurnedDown || row.Reason != word || len(f.objects.Paths()) != 0 {
			t.Errorf("%s: the row is %+v, the bucket holds %v", word, row, f.objects.Paths())
		}
	}
}

func TestSweepDrivesOriginalsByNameAndCopiesByTag(t *testing.T) {
	f := newFunction(t)
	lying, stuck := f.uploaded(1, picture(1)), f.uploaded(2, picture(2))
	f.failing("PutFile", errors.New("S3 is away"))
	if err := f.Handle(t.Context(), created(stuck.Original())); err == nil {
		t.Fatal("the attempt did not fail")
	}
	f.onCall = nil
	f.now = f.now.Add(15 * time.Minute)
	f.must(f.Handle(t.Context(), again(lying.Original(), stuck.Tag())))
	for _, ref := range []dsr.EnclosureRef{lying, stuck} {
		if state := f.row(ref).State; state != dsr.Kept {
			t.Errorf("copy %s is %q", ref.Tag(), state)
		}
	}
	if left := f.lying("incoming/"); len(left) != 0 || len(f.lying("idcopy/")) != 4 {
		t.Errorf("the bucket holds %v", f.objects.Paths())
	}
}

// refusing is a store whose KMS opens no key: what is in clear can still be read.
type refusing struct {
	casework.Cases
	why error
}

// File implements casework.Cases.
func (r refusing) File(context.Context, dsr.OwnerID) (casework.File, error) {
	return casework.File{}, r.why
}

// A KMS that refuses costs nobody their copy while it does so for less than three
// attempts; the original goes all the same after that.
func TestKMSRefusalLeavesTheCopyToTheNextAttempt(t *testing.T) {
	f := newFunction(t)
	refused := errors.New("AccessDeniedException")
	ref := f.uploaded(1, picture(1))
	f.Inspecting.Cases = refusing{f.memory, refused}
	if err := f.Handle(t.Context(), created(ref.Original())); !errors.Is(err, refused) || !strings.Contains(err.Error(), ref.Tag()) {
		t.Fatalf("it ended with %v", err)
	}
	if row := f.row(ref); row.State != dsr.Arriving || row.DueAt.IsZero() || len(f.lying("incoming/")) != 1 {
		t.Fatalf("the row is %+v", row)
	}
	f.Inspecting.Cases = f.memory
	f.now = f.now.Add(15 * time.Minute)
	f.must(f.Handle(t.Context(), again(ref.Tag())))
	if row := f.row(ref); row.State != dsr.Kept || len(f.lying("incoming/")) != 0 {
		t.Errorf("the row is %+v", row)
	}

	f = newFunction(t)
	ref = f.uploaded(1, picture(1))
	f.Inspecting.Cases = refusing{f.memory, refused}
	for range 4 {
		_ = f.Handle(t.Context(), again(ref.Original())) // three fail, one gives up
		f.now = f.now.Add(15 * time.Minute)
	}
	if row := f.row(ref); row.Reason != "unread" || len(f.objects.Paths()) != 0 {
		t.Errorf("the row is %+v, the bucket holds %v", row, f.objects.Paths())
	}
}

func TestUploadThatS3DoesNotHaveIsLost(t *testing.T) {
	f := newFunction(t)
	ref := dsr.EnclosureRef{Case: f.id, Kind: dsr.IDCopyFile, ID: dsr.OwnerID{15: 1}}
	f.must(f.Handle(t.Context(), created(ref.Original())))
	if row := f.row(ref); row.State != dsr.TurnedDown || row.Reason != "lost" {
		t.Errorf("the row is %+v", row)
	}
}

func TestPoisonEventFailsForItselfAndRepeatsNothingOfIt(t *testing.T) {
	f := newFunction(t)
	found := dsr.EnclosureRef{Case: f.id, Kind: dsr.FoundFile, ID: dsr.OwnerID{1}}
	for name, event := range map[string]string{
		"no JSON": "geheim", "a text": `"geheim"`, "a list": `["geheim"]`, "nothing": `{}`, "null": `null`, "no ids": `{"again":[]}`,
		"an empty key": `{"detail":{"object":{"key":""}}}`, "a number for a key": `{"detail":{"object":{"key":5}}}`,
		"a file for the answer": string(created(found.Original())), "its tag": string(again(found.Tag())),
		"another folder": string(created("idcopy/geheim")), "a tag of nothing": string(again("id-copy_geheim_geheim")), "junk": string(again("", "geheim", "\x00")),
	} {
		f.objects.Place(found.Original(), []byte("van een ander"))
		f.objects.Place("idcopy/geheim", []byte("van een ander"))
		before := len(f.objects.Paths())
		err := f.Handle(t.Context(), json.RawMessage(event))
		if err == nil || strings.Contains(err.Error(), "geheim") || len(f.objects.Paths()) != before {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Nobody could ever drive it, so it must not lie there.
func TestFileOfNoGivenOutNameIsDestroyedUnread(t *testing.T) {
	f := newFunction(t)
	for _, name := range []string{"incoming/", "incoming/x", "incoming/a/b/c", "incoming/" + f.id.String() + "/kort", "incoming/../idcopy/x"} {
		f.objects.Place(name, picture(1))
		f.must(f.Handle(t.Context(), created(name)))
		if left := f.objects.Paths(); len(left) != 0 {
			t.Errorf("%q left %v", name, left)
		}
	}
	if strings.Contains(f.log.String(), "kort") {
		t.Error("the log repeats the name")
	}
}

func TestBatchWithOneBadIDDoesTheOthers(t *testing.T) {
	f := newFunction(t)
	one, two := f.uploaded(1, picture(1)), f.uploaded(2, picture(2))
	err := f.Handle(t.Context(), again(one.Original(), "geheim", two.Tag()))
	if err == nil || !strings.Contains(err.Error(), "copy 2 of the event") || strings.Contains(err.Error(), "geheim") {
		t.Errorf("it ended with %v", err)
	}
	for _, ref := range []dsr.EnclosureRef{one, two} {
		if state := f.row(ref).State; state != dsr.Kept {
			t.Errorf("copy %s is %q", ref.Tag(), state)
		}
	}
}

func TestWithoutTheTimeNothingIsDone(t *testing.T) {
	f := newFunction(t)
	away := errors.New("the clock is away")
	f.Clock = func(context.Context) (time.Time, error) { return time.Time{}, away }
	ref := f.uploaded(1, picture(1))
	if err := f.Handle(t.Context(), created(ref.Original())); !errors.Is(err, away) || len(f.lying("incoming/")) != 1 {
		t.Errorf("%v", err)
	}
}

// A21: the copy is cut out of the mail in which it came, and no other byte.
func TestA21MailedCopiesAreKeptAndCutOutOfTheMail(t *testing.T) {
	f := newFunction(t)
	refs := f.arrives("in1", mail(picture(1), []byte("%PDF-1.7"+strings.Repeat("x", 9000)), picture(3)))
	if len(refs) != 3 {
		t.Fatalf("%d files may be copies", len(refs))
	}
	before := f.raw("in1")
	f.must(f.Handle(t.Context(), again(refs[0].Tag(), refs[1].Tag(), refs[2].Tag())))
	for i, want := range []dsr.EnclosureState{dsr.Kept, dsr.TurnedDown, dsr.Kept} {
		if row := f.row(refs[i]); row.State != want || !row.Cut {
			t.Errorf("file %d: %+v", i+1, row)
		}
	}
	after := f.raw("in1")
	if strings.Count(after, "This file was removed.") != 2 || !strings.Contains(after, "foto3.jpg") || len(after) > 16_000 || len(before) < 40_000 {
		t.Errorf("%d bytes are %d:\n%.2000s", len(before), len(after), after)
	}
	if !strings.Contains(after, "JVBERi0xLjd4") {
		t.Error("the file that nobody could look at is gone")
	}
	f.must(f.Handle(t.Context(), again(refs[0].Tag(), refs[2].Tag())))
	if f.raw("in1") != after {
		t.Error("the mail was cut again")
	}
}

// Two functions cut two files out of one mail at the same moment.
func TestFilesCutAtOnceBothStayCut(t *testing.T) {
	for at := 1; ; at++ {
		f := newFunction(t)
		refs := f.arrives("in1", mail(picture(1), picture(2)))
		calls := 0
		f.onCall = func(_ string, phase caseworktest.Phase) error {
			if phase != caseworktest.Before {
				return nil
			}
			if calls++; calls == at {
				f.onCall = nil
				f.must(f.Handle(t.Context(), again(refs[1].Tag())))
			}
			return nil
		}
		f.must(f.Handle(t.Context(), again(refs[0].Tag())))
		if f.onCall != nil {
			break
		}
		if left := f.raw("in1"); strings.Count(left, "This file was removed.") != 2 || len(left) > 2000 {
			t.Fatalf("before call %d: %d bytes are left", at, len(left))
		}
	}
}

func TestMailThatIsGoneHoldsNothingUp(t *testing.T) {
	f := newFunction(t)
	refs := f.arrives("in1", mail(picture(1), picture(2)))
	f.failing("ReplaceRaw", errors.New("S3 is away"))
	if err := f.Handle(t.Context(), again(refs[0].Tag())); err == nil {
		t.Fatal("it was cut")
	}
	f.onCall = nil
	if row := f.row(refs[0]); row.State != dsr.Kept || row.Cut || row.DueAt.After(f.now.Add(15*time.Minute)) {
		t.Errorf("the row is %+v", row)
	}
	f.must(f.objects.Remove(t.Context(), "in1"))
	f.now = f.now.Add(15 * time.Minute)
	f.must(f.Handle(t.Context(), again(refs[0].Tag(), refs[1].Tag())))
	if row := f.row(refs[0]); row.State != dsr.Kept || !row.Cut {
		t.Errorf("the first is %+v", row)
	}
	if row := f.row(refs[1]); row.Reason != "lost" {
		t.Errorf("the second is %+v", row)
	}
}

func TestLogNamesNobodyAndNoFile(t *testing.T) {
	f := newFunction(t)
	refs := f.arrives("in1", mail(picture(1)))
	ref := f.uploaded(1, picture(2))
	f.must(f.Handle(t.Context(), again(refs[0].Tag(), ref.Original())))
	for _, secret := range []string{"foto1", "elders", "Ans", "incoming/", "idcopy/"} {
		if strings.Contains(f.log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	if !strings.Contains(f.log.String(), ref.Tag()) {
		t.Error("the log does not say which copy it was")
	}
}
