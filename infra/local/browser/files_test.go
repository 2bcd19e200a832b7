package browser

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"polarweb.nl/inzage/infra/local/story"
	"polarweb.nl/inzage/internal/dsr"
)

// A second person on the walk, with files.
const (
	bringer     = "fien@example.com"
	bringerCode = "fien.werk@example.com"
)

// TestFilesInABrowser takes a copy and a file for the answer past the pages, and
// looks at every page on the way, with scripts and without.
func TestFilesInABrowser(t *testing.T) {
	s := newStage(t, nil)
	folder := t.TempDir()
	number := s.asks(t, bringer, walkerAsks)
	s.act(t, number, "rechten", nil, "recht", string(dsr.Access))
	s.act(t, number, "klant", nil, "klantnummer", "F-1", "naam", "Fien", "adres1", bringer, "sinds1", "2020-01-01",
		"adres2", bringerCode, "sinds2", "2021-01-01")
	reply, err := s.cast.Reply(bringer, number, dsr.ConfirmMailbox, "keuze", "ja", "nummer", string(number))
	s.must(t, reply, err)
	s.copySent(t, number, folder)
	s.copyJudged(t, number)
	s.filesBrought(t, number, folder)
	s.filesFetched(t, number)
	s.missed(t)
	s.mailRead(t)
	s.destroyed(t, number)
}

// file puts a file on the disk, for the browser to choose.
func file(t *testing.T, folder, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// choose chooses a file on the page that takes one.
func (b *tab) choose(path string) {
	b.t.Helper()
	b.do(chromedp.SetUploadFiles(chromedp.CSS("#bestand"), []string{path}))
}

// uploadButton is the button below the file.
const uploadButton = `//form[@data-upload]//button`

// press presses that button, and waits until the page that stays says so much.
func (b *tab) press(says string) {
	b.t.Helper()
	b.do(chromedp.Click(uploadButton))
	run(b, chromedp.Poll[bool]("document.body.innerText.includes('"+says+"')"))
}

// withoutScripts turns the scripts of a tab's pages off.
func (b *tab) withoutScripts() {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
}

// copySent looks at the page that takes a copy, tries what it says about files it
// does not take, and sends one with the script and one without.
func (s *stage) copySent(t *testing.T, number dsr.Number, folder string) {
	t.Helper()
	picture, err := story.SampleCopy()
	if err != nil {
		t.Fatal(err)
	}
	card := file(t, folder, "card.jpg", picture)
	link := s.linkTo(t, bringer, number, dsr.UploadIDCopy)
	s.everyPage(t, both("copy", link))
	s.walk(t, "copy", link)
	b := s.tab(t)
	b.look("screen", "light", 1280)
	b.open(link)
	b.press("Kies eerst een foto.")
	b.choose(file(t, folder, "card.pdf", []byte("%PDF-1.7 none")))
	b.press("zet dan het vinkje")
	b.do(chromedp.Click(chromedp.CSS("#zwart")))
	b.press("Dit is een pdf")
	b.choose(file(t, folder, "empty.jpg", nil))
	b.press("Dit bestand is leeg")
	b.choose(file(t, folder, "large.jpg", append(bytes.Clone(picture), make([]byte, dsr.MaxIDCopyBytes)...)))
	b.press("Dit bestand is te groot")
	if focus := ask[string](b, "document.activeElement.id + ' ' + document.activeElement.getAttribute('aria-invalid') + document.title"); !strings.HasPrefix(focus, "bestand trueFout: ") {
		t.Errorf("after a file that is not taken the focus is on %q", focus)
	}
	for _, fault := range b.axe() {
		t.Errorf("the page that refuses a file: %s", fault)
	}
	b.shoot("copy-mistake")
	b.choose(card)
	b.follow(uploadButton)
	b.shows("Wij kregen uw kopie")
	s.clean(t, b)
	s.came(t, number, 1)

	plain := s.tab(t)
	plain.look("screen", "light", 375)
	plain.withoutScripts()
	plain.open(link)
	plain.choose(card)
	plain.do(chromedp.Click(chromedp.CSS("#zwart")))
	plain.follow(uploadButton)
	plain.shows("Wij kregen uw kopie")
	s.clean(t, plain)
	s.came(t, number, 2)
	s.everyPage(t, []view{{name: "copy-received", url: s.stack.Addresses().Portal + "/kopie/ontvangen"}})
	s.everyPage(t, both("copy-again", link))
}

// clean fails the test for each complaint of a console.
func (s *stage) clean(t *testing.T, b *tab) {
	t.Helper()
	for _, fault := range b.complaints() {
		t.Errorf("the console says: %s", fault)
	}
}

// came fails the test unless so many files of a case are kept.
func (s *stage) came(t *testing.T, number dsr.Number, want int) {
	t.Helper()
	s.rest(t)
	kept := 0
	for _, one := range s.files(t, number) {
		if one.State == dsr.Kept {
			kept++
		}
	}
	if kept != want {
		t.Fatalf("%d files of %s are kept, want %d", kept, number, want)
	}
}

// files gives the files of a case.
func (s *stage) files(t *testing.T, number dsr.Number) []dsr.Enclosure {
	t.Helper()
	id, err := s.stack.Store().CaseOfNumber(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	files, err := s.stack.Store().EnclosuresOf(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// pictures fails the test unless a page shows so many pictures.
func (b *tab) pictures(want int) {
	b.t.Helper()
	run(b, chromedp.Poll[bool]("document.readyState === 'complete'"))
	if shown := ask[int](b, "[...document.images].filter(one => one.complete && one.naturalWidth > 0).length"); shown != want {
		b.t.Errorf("%d pictures are shown, want %d", shown, want)
	}
}

// copyJudged looks at the copies at the desk, blurred and sharp, and judges.
func (s *stage) copyJudged(t *testing.T, number dsr.Number) {
	t.Helper()
	page := s.cast.CasePage(number)
	b := s.enter(t, handler, number, dsr.SignIn)
	b.open(page)
	b.pictures(2)
	s.everyPage(t, both("case-copy", page))
	s.walk(t, "case-copy", page)
	sharp := sent("case-copy-sharp", page, "/bureau/zaken/"+string(number)+"/kopie")
	for i := range sharp {
		look := sharp[i].send
		sharp[i].send = func(b *tab) {
			look(b)
			b.pictures(1)
		}
	}
	s.everyPage(t, sharp)
	looked, err := s.cast.LookAt(t.Context(), number, handler)
	s.must(t, looked, err)
	s.everyPage(t, both("case-copy-seen", page))
	s.act(t, number, "identiteit", nil, "kopie", s.files(t, number)[0].Ref.ID.String())
	s.everyPage(t, both("case-copy-destroyed", page))
	s.everyPage(t, both("copy-not-asked", s.linkTo(t, bringer, number, dsr.UploadIDCopy)))
}

// filesBrought looks at the pages that take a file for the answer, and sends one
// with the script and one without.
func (s *stage) filesBrought(t *testing.T, number dsr.Number, folder string) {
	t.Helper()
	page := s.cast.CasePage(number)
	s.everyPage(t, both("case-file-form", page+"/bestand?systeem=klanten&recht=access"))
	for i, system := range []string{"klanten", "facturen"} {
		said := []string{"systeem", system, "recht", string(dsr.Access)}
		s.act(t, number, "bestand", said, "naam", []string{"klantkaart.csv", longWord}[i])
		waits := s.files(t, number)
		upload := page + "/uploaden?bestand=" + waits[len(waits)-1].Ref.ID.String()
		b := s.tab(t)
		b.look("screen", "light", 375)
		if i == 0 {
			s.everyPage(t, both("case-upload", upload))
			s.walk(t, "case-upload", upload)
			s.everyPage(t, both("case-file-waits", page))
			b.open(upload)
			b.press("Kies eerst een bestand.")
			b.choose(file(t, folder, "card.csv", []byte("F-1;Fien\r\n")))
			b.follow(uploadButton)
			b.shows("Verzoek " + string(number))
		} else {
			b.withoutScripts()
			b.open(upload)
			b.choose(file(t, folder, "invoices.csv", bytes.Repeat([]byte("2026-0098;84,70\r\n"), 9000)))
			b.follow(uploadButton)
			b.shows("Verzoek " + string(number))
		}
		s.clean(t, b)
		s.came(t, number, i+1)
	}
	s.everyPage(t, both("case-files", page))
}

// filesFetched takes the case to its answer, and fetches the files as its reader
// does.
func (s *stage) filesFetched(t *testing.T, number dsr.Number) {
	t.Helper()
	for i, system := range s.stack.Profile().DataMap.Systems {
		said := []string{"systeem", system.ID, "recht", string(dsr.Access)}
		if i < 2 { // of which there are files
			s.act(t, number, "zoeken", said, "uitkomst", string(dsr.Found), "tekst", "Klantnummer F-1")
			continue
		}
		s.act(t, number, "zoeken", said, "uitkomst", string(dsr.NothingFound))
	}
	s.act(t, number, "besluit", []string{"recht", string(dsr.Access)}, "uitkomst", string(dsr.Granted))
	s.everyPage(t, both("preview-files", s.cast.CasePage(number)+"/voorbeeld?uitkomst=answered"))
	drafted, err := s.cast.Submit(t.Context(), number, handler, dsr.Answered)
	s.must(t, drafted, err)
	approved, err := s.cast.Decide(t.Context(), number, approver, "beslissing", "akkoord")
	s.must(t, approved, err)
	s.enter(t, handler, number, dsr.SignIn)
	s.everyPage(t, both("case-packed", s.cast.CasePage(number)))
	link := s.linkTo(t, bringer, number, dsr.CollectAnswer)
	for _, v := range both("answer-files", link) {
		v.send = func(b *tab) { s.openAnswer(t, b, number) }
		s.everyPage(t, []view{v})
	}
	b := s.tab(t)
	b.look("screen", "light", 1280)
	b.open(link)
	s.openAnswer(t, b, number)
	archive := b.download(`//button[. = "Haal de bestanden op"]`)
	s.clean(t, b)
	if files, err := story.Unpack(archive); err != nil || len(files) != 4 {
		t.Errorf("the archive holds %d files, %v", len(files), err)
	}
}

// openAnswer asks a code on the page of an answer, and gives it.
func (s *stage) openAnswer(t *testing.T, b *tab, number dsr.Number) {
	t.Helper()
	ask[any](b, "void (document.querySelector('#nummer').value = '"+string(number)+"')")
	b.submit("/mijn/antwoord/code")
	s.rest(t)
	ask[any](b, "void (document.querySelector('#code').value = '"+s.newest(t, bringerCode)+"')")
	b.submit("/mijn/antwoord")
}

// download clicks what leads to a file, and gives what the browser saved.
func (b *tab) download(xpath string) []byte {
	b.t.Helper()
	folder := b.t.TempDir()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	tell := true
	if _, err := chromedp.CallBrowser(ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorAllow, DownloadPath: folder, EventsEnabled: &tell,
	}); err != nil {
		b.t.Fatal(err)
	}
	progress := chromedp.BrowserEvents(ctx, browser.DownloadProgress)
	b.do(chromedp.Click(xpath))
	for step, err := range progress {
		if err != nil {
			b.t.Fatalf("nothing was downloaded: %v", err)
		}
		if step.State == browser.DownloadProgressStateCompleted {
			break
		}
	}
	saved, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(saved) != 1 || filepath.Ext(saved[0]) != ".zip" {
		b.t.Fatalf("the browser saved %q, %v", saved, err)
	}
	content, err := os.ReadFile(saved[0])
	if err != nil {
		b.t.Fatal(err)
	}
	return content
}
