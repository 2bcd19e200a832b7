package scenario

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/infra/local/ses"
	"polarweb.nl/inzage/infra/local/story"
	"polarweb.nl/inzage/infra/local/visitor"
	"polarweb.nl/inzage/internal/dsr"
)

// What staff know of the person on file, and write down about her. She is not
// the one who wrote the mail, as far as the stack can tell.
const (
	fileName      = "Goudvinkenberg"
	fileFirst     = "eerste.merel@oud.example"
	fileSecond    = "tweede.lijster@oud.example"
	fileReference = "ROODBORST-4711"
	fileShort     = "Boomkleverstraat"
	fileLong      = "Staartmeesjes"
	fileReason    = "Winterkoninkje"
	fileDoubt     = "Grasmussen"
	fileComment   = "Putterdistel"
	fileLooked    = "Wielewaalpad"
	fileNamed     = "Kwikstaartlaan"
	fileHeld      = "Roerdompensloot"
)

// planted lists those words.
func planted() []string {
	return []string{
		fileName, fileFirst, fileSecond, fileReference, fileShort, fileLong, fileReason, fileDoubt, fileComment, fileLooked,
		fileNamed, fileHeld, story.HiddenInCopy,
	}
}

const (
	plantedCase = dsr.Number("AVG-2026-0001")
	nobodysCase = dsr.Number("AVG-2026-0002")
	stranger    = "vreemdeling@elders.example"
)

// must ends a test at the first deed that did not work.
func must(t *testing.T, page *visitor.Page, err error) *visitor.Page {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// desk is a test's staff.
type desk struct {
	t *testing.T
	*world
}

// act lets Anouk do something to a case.
func (d desk) act(number dsr.Number, act string, said []string, pairs ...string) {
	d.t.Helper()
	page, err := d.cast.Act(context.Background(), number, "anouk", act, said, pairs...)
	must(d.t, page, err)
	mustAdvance(d.t, d.world, 0)
}

// plant takes a case as far as its first draft, with what may not leak in every
// field that there is.
func (d desk) plant() {
	t, ctx := d.t, context.Background()
	t.Helper()
	d.act(plantedCase, "rechten", nil, "recht", "access")
	d.act(plantedCase, "klant", nil, "klantnummer", fileReference, "naam", fileName,
		"adres1", fileFirst, "sinds1", "2020-01-01", "adres2", fileSecond, "sinds2", "2021-01-01")
	mustHideOnPages(t, d.world)
	page, err := d.cast.Reply(fileFirst, plantedCase, dsr.ConfirmMailbox, "keuze", "ja", "nummer", string(plantedCase))
	must(t, page, err)
	mustAdvance(t, d.world, 0)
	d.plantFiles(plantedCase)
	d.act(plantedCase, "twijfel", nil, "reden", fileDoubt)
	d.act(plantedCase, "identiteit", nil,
		"feit1", "customer-number", "oordeel1", "klopt", "feit2", "last-invoice", "oordeel2", "klopt")
	for i, system := range d.stack.Profile().DataMap.Systems {
		text := []string{fileShort, strings.Repeat(fileLong+"\n", 4000), ""}[min(i, 2)]
		result := map[bool]string{true: "found", false: "nothing-found"}[text != ""]
		d.act(plantedCase, "zoeken", []string{"systeem", system.ID, "recht", "access"}, "uitkomst", result, "tekst", text)
	}
	d.act(plantedCase, "besluit", []string{"recht", "access"}, "uitkomst", "partly", "grond", "others", "reden", fileReason)
	page, err = d.cast.Submit(ctx, plantedCase, "anouk", dsr.Answered)
	must(t, page, err)
	mustAdvance(t, d.world, 0)
}

// plantFiles sends a copy as the person on file does, and a file for the answer.
func (d desk) plantFiles(number dsr.Number) {
	d.t.Helper()
	copied, err := story.SampleCopy()
	if err != nil {
		d.t.Fatal(err)
	}
	page, err := d.cast.SendCopy(fileFirst, number, visitor.File{Name: fileName + ".jpg", Content: copied})
	must(d.t, page, err)
	mustAdvance(d.t, d.world, 0)
	page, err = d.cast.LookAt(context.Background(), number, "anouk")
	must(d.t, page, err)
	system := d.stack.Profile().DataMap.Systems[0].ID
	d.act(number, "bestand", []string{"systeem", system, "recht", "access"}, "naam", fileNamed+".csv")
	files, err := d.enclosures(string(number))
	if err != nil || len(files) != 2 || files[0].State != dsr.Kept {
		d.t.Fatalf("the case has files %+v, %v; want the copy, and a file that is to come", files, err)
	}
	page, err = d.cast.Bring(context.Background(), number, "anouk", files[1].Ref, []byte(strings.Repeat(fileHeld+"\n", 4000)))
	must(d.t, page, err)
	mustAdvance(d.t, d.world, 0)
}

func TestWhatStaffKnowStaysInTheAnswer(t *testing.T) {
	w := newWorld(requireBuild(t), t.TempDir())
	if err := w.openTables(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.open.Stop)
	if err := w.start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.stop)
	for _, mail := range []sentMail{
		{"planted.eml", canaryMail("request", "", asksAccess)}, {"stranger.eml", request("Vreemdeling", stranger)},
	} {
		if err := w.send(mail.name, "-", mail.raw); err != nil {
			t.Fatal(err)
		}
		mustAdvance(t, w, 0)
	}
	d, ctx := desk{t, w}, context.Background()
	d.plant()

	page, err := w.cast.Decide(ctx, plantedCase, "bram", "beslissing", "terug", "opmerking", fileComment)
	must(t, page, err)
	mustAdvance(t, w, 0)
	page, err = w.cast.Submit(ctx, plantedCase, "anouk", dsr.Answered)
	must(t, page, err)
	mustAdvance(t, w, 0)
	page, err = w.cast.Decide(ctx, plantedCase, "carla", "beslissing", "akkoord")
	must(t, page, err)
	mustAdvance(t, w, 0)
	d.act(nobodysCase, "rechten", nil, "recht", "access")
	d.act(nobodysCase, "niemand", nil, "gezocht", fileLooked)
	page, err = w.cast.Submit(ctx, nobodysCase, "anouk", dsr.Unlinked)
	must(t, page, err)
	mustAdvance(t, w, 0)
	page, err = w.cast.Decide(ctx, nobodysCase, "carla", "beslissing", "akkoord")
	must(t, page, err)
	mustAdvance(t, w, 0)
	mustHideOnPages(t, w)

	// Only the answer itself shows what was found, to whoever has the code.
	page, err = w.cast.Collect(ctx, fileFirst, fileSecond, plantedCase)
	answer := shows([]byte(must(t, page, err).Source))
	if want := []string{fileShort, fileLong, fileReason, fileNamed}; !slices.Equal(answer, want) {
		t.Errorf("the answer shows %q, want %q", answer, want)
	}
	got, err := w.cast.Download(page)
	packed, err := story.Unpack([]byte(must(t, got, err).Source))
	if err != nil || !strings.Contains(fmt.Sprintf("%s", packed), fileHeld) {
		t.Errorf("the archive holds %d files and not the one of the answer, %v", len(packed), err)
	}
	mustAdvance(t, w, 2*time.Hour) // until what lay open for the download is gone
	mustHideInRows(t, w)
	mustWriteEachTheirOwn(t, w)
	w.stop()
	mustHideBut(t, w, func(name string, _ []string) bool {
		return filepath.Base(filepath.Dir(name)) == "raw" || strings.HasPrefix(name, "letters/")
	})
}

// mustWriteEachTheirOwn looks into every letter: each reader may see their own
// name and address, and the person on file why she was refused.
func mustWriteEachTheirOwn(t *testing.T, w *world) {
	t.Helper()
	may := map[string][]string{
		canaryAddress: {canaryName, canaryAddress, canaryID},
		fileFirst:     {fileName, fileFirst, fileReason},
		fileSecond:    {fileName, fileSecond},
	}
	ids, err := ses.IDs(w.stack.Letters())
	if err != nil {
		t.Fatal(err)
	}
	readers := map[string]int{}
	for _, id := range ids {
		stored, raw, err := ses.Read(w.stack.Letters(), id)
		if err != nil {
			t.Fatal(err)
		}
		var whole struct{ Subject, Text, HTML string }
		if err := fetch(w.stack.Addresses().Mailbox+"/api/v1/message/"+id, &whole); err != nil {
			t.Fatal(err)
		}
		reader := strings.Join(stored.Destinations, " ")
		readers[reader]++
		for _, found := range shows(fmt.Append(raw, whole.Text, whole.HTML, stored.Tags)) {
			if !slices.Contains(may[reader], found) {
				t.Errorf("%q to %s shows %s", whole.Subject, reader, found)
			}
		}
		if found := shows([]byte(whole.Subject)); len(found) > 0 {
			t.Errorf("the subject %q shows %q", whole.Subject, found)
		}
	}
	for _, reader := range []string{canaryAddress, fileFirst, fileSecond, stranger} {
		if readers[reader] == 0 {
			t.Errorf("no letter went to %s", reader)
		}
	}
}

// mustHideOnPages opens every link of every letter to somebody who is not staff,
// as a scanner does, and the list of the desk.
func mustHideOnPages(t *testing.T, w *world) {
	t.Helper()
	letters, err := w.letters()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, l := range letters {
		var whole letter
		if err := fetch(w.stack.Addresses().Mailbox+"/api/v1/message/"+l.ID, &whole); err != nil {
			t.Fatal(err)
		}
		for _, link := range linkPattern.FindAllString(whole.Text, -1) {
			page, err := (&visitor.Visitor{}).Open(link)
			if err != nil {
				t.Fatal(err)
			}
			if found := shows([]byte(page.Source)); len(found) > 0 {
				t.Errorf("the page %q behind a link shows %q", page.Title, found)
			}
			seen++
		}
	}
	list, err := w.cast.Browser("anouk").Open(w.stack.Addresses().Desk)
	if err != nil {
		t.Fatal(err)
	}
	if found := shows([]byte(list.Source)); len(found) > 0 || !strings.Contains(list.Text, string(plantedCase)) || seen == 0 {
		t.Errorf("the list %q shows %q; %d links were opened", list.Title, found, seen)
	}
}
