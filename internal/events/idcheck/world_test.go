package idcheck_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/events/idcheck"
	"polarweb.nl/inzage/internal/mailroom"
	"polarweb.nl/inzage/internal/organisation"
)

// function is idcheck over ports in memory, with the real examination and the real
// mailroom.
type function struct {
	*testing.T
	idcheck.Handler
	memory  *caseworktest.Memory
	objects *caseworktest.Objects
	rules   casework.Rules
	sealer  caseworktest.Sealer
	now     time.Time
	log     bytes.Buffer
	id      dsr.OwnerID
	onCall  func(call string, phase caseworktest.Phase) error
}

// newFunction wires the function, with a case that takes copies.
func newFunction(t *testing.T) *function {
	t.Helper()
	f := &function{T: t, now: time.Date(2026, 3, 2, 11, 0, 0, 0, time.UTC), id: dsr.OwnerID{1}}
	profile := organisation.Defaults()
	profile.Staff = []organisation.Staff{
		{ID: "els", Name: "Els", Email: "els@staff.example", Roles: []organisation.Role{organisation.RoleHandler}, Active: true},
	}
	var err error
	f.rules, err = casework.NewRules(profile)
	f.must(err)
	random := rand.NewChaCha8([32]byte{})
	gate := func(_ context.Context, call string, phase caseworktest.Phase) error {
		if f.onCall == nil {
			return nil
		}
		return f.onCall(call, phase)
	}
	f.sealer = caseworktest.Sealer{Gate: gate}
	f.memory = caseworktest.New(gate, caseworktest.Flaws{}, random, f.sealer)
	f.objects = &caseworktest.Objects{Gate: gate}
	f.Handler = idcheck.Handler{
		Inspecting: casework.Inspecting{
			Place: casework.Place{Random: random, Pause: caseworktest.NoPause}, Rules: f.rules,
			Cases: f.memory, Files: f.objects, Enclosure: f.memory.EnclosureOf, Enclosures: f.memory.EnclosuresOf,
			Examine: idcheck.Examine,
		},
		Raw: f.objects, MailOf: f.memory.Mail,
		Clock: func(context.Context) (time.Time, error) { return f.now, nil },
		Log:   slog.New(slog.NewJSONHandler(&f.log, nil)),
	}
	f.open()
	return f
}

// must fails the test for good on an error.
func (f *function) must(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

// open opens the case as it stands when a copy was asked for.
func (f *function) open() {
	f.Helper()
	key, err := f.sealer.NewKey(f.Context(), casework.CaseKey(f.id))
	f.must(err)
	f.must(f.memory.Commit(f.Context(), casework.Change{
		File: casework.File{Key: key, Case: dsr.Case{
			ID: f.id, Number: "AVG-2026-0001", State: dsr.Working, Seq: 1, Rights: []dsr.Right{dsr.Access}, Language: dsr.Dutch,
			Work: dsr.Work{RightsConfirmed: true, Match: dsr.Matched, Confirmed: true, CopyAsked: f.now},
		}},
		Event: dsr.Event{Seq: 1, Kind: dsr.CaseOpened, At: f.now}, At: f.now,
	}))
}

// picture is a photo of something, in pieces that are not alike.
func picture(seed uint64) []byte {
	random := rand.New(rand.NewPCG(seed, 1))
	img := image.NewGray(image.Rect(0, 0, 600, 400))
	for y := range 400 {
		for x := range 600 {
			img.SetGray(x, y, color.Gray{Y: uint8((x/60*37+y/50*91)%256) ^ uint8(random.IntN(8))})
		}
	}
	var file bytes.Buffer
	_ = jpeg.Encode(&file, img, nil) // a buffer takes everything
	return file.Bytes()
}

// uploaded puts an original where a browser would.
func (f *function) uploaded(n byte, content []byte) dsr.EnclosureRef {
	ref := dsr.EnclosureRef{Case: f.id, Kind: dsr.IDCopyFile, ID: dsr.OwnerID{15: n}}
	f.objects.Place(ref.Original(), content)
	return ref
}

// created is what EventBridge tells of a new object.
func created(key string) json.RawMessage {
	return json.RawMessage(fmt.Sprintf(`{"version":"0","source":"aws.s3","detail-type":"Object Created",
		"detail":{"version":"0","bucket":{"name":"inzage-vault"},"object":{"key":%q,"size":5,"etag":"e","sequencer":"0"},"reason":"PostObject"}}`, key))
}

// again is what sweep sends.
func again(ids ...string) json.RawMessage {
	event, _ := json.Marshal(casework.Again{IDs: ids}) // a list of texts always fits
	return event
}

// row gives a copy.
func (f *function) row(ref dsr.EnclosureRef) dsr.Enclosure {
	f.Helper()
	row, err := f.memory.EnclosureOf(f.Context(), ref)
	if err != nil {
		f.Fatalf("copy %s: %v", ref.Tag(), err)
	}
	return row
}

// lying lists what lies in a folder.
func (f *function) lying(folder string) []string {
	return slices.DeleteFunc(f.objects.Paths(), func(path string) bool { return !strings.HasPrefix(path, folder) })
}

// failing makes one call fail before its effect, each time.
func (f *function) failing(call string, why error) {
	f.onCall = func(c string, phase caseworktest.Phase) error {
		if c == call && phase == caseworktest.Before {
			return why
		}
		return nil
	}
}

// mail is a mail with attached files, as it arrives.
func mail(files ...[]byte) []byte {
	var raw strings.Builder
	raw.WriteString("From: Ans <ans@elders.example>\nMessage-ID: <1@elders>\nSubject: Inzage\nMIME-Version: 1.0\n" +
		"Content-Type: multipart/mixed; boundary=grens\n\n--grens\nContent-Type: text/plain\n\nIk wil mijn gegevens inzien.\n")
	for i, file := range files {
		fmt.Fprintf(&raw, "--grens\nContent-Type: image/jpeg\nContent-Disposition: attachment; filename=\"foto%d.jpg\"\nContent-Transfer-Encoding: base64\n\n", i+1)
		coded := base64.StdEncoding.EncodeToString(file)
		for line := range slices.Chunk([]byte(coded), 76) {
			raw.Write(line)
			raw.WriteByte('\n')
		}
	}
	raw.WriteString("--grens--\n")
	return []byte(strings.ReplaceAll(raw.String(), "\n", "\r\n"))
}

// arrives stores a mail, and announces what may be a copy in it as intake does.
func (f *function) arrives(id string, raw []byte) (mailedRefs []dsr.EnclosureRef) {
	f.Helper()
	f.objects.PutRaw(id, raw)
	enquiry, err := mailroom.Reader{}.Read(bytes.NewReader(raw), mailroom.Receipt{MailID: id, TakenIn: f.now, Virus: "PASS"})
	f.must(err)
	for i, file := range enquiry.Letter.Attachments {
		if !file.MayBeCopy || len(mailedRefs) == dsr.MaxIDCopies {
			continue
		}
		ref := dsr.EnclosureRef{Case: f.id, Kind: dsr.IDCopyFile, ID: casework.MailedCopyID(id, i+1)}
		f.must(f.memory.Commit(f.Context(), casework.Change{At: f.now, Enclosures: []casework.EnclosureMove{{Next: dsr.Enclosure{
			Ref: ref, State: dsr.Announced, Mail: dsr.MailedPart{MailID: id, N: i + 1}, Arrived: f.now, DueAt: f.now,
		}}}}))
		mailedRefs = append(mailedRefs, ref)
	}
	return mailedRefs
}

// raw gives a mail as it lies there.
func (f *function) raw(id string) string {
	f.Helper()
	content, err := f.objects.Get(f.Context(), "raw/"+id)
	f.must(err)
	return string(content)
}
