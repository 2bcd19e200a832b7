package browser

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"polarweb.nl/inzage/infra/local/stack"
	"polarweb.nl/inzage/infra/local/stack/stacktest"
	"polarweb.nl/inzage/infra/local/story"
	"polarweb.nl/inzage/infra/local/tables"
	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
	"polarweb.nl/inzage/internal/web/portal"
)

// screenshots is where pictures go; nowhere unless asked.
var screenshots = flag.String("screenshots", "", "folder in which to save pictures of the pages")

// patience bounds each wait: for one answer of the browser, or for the stack to
// come to rest. Only a fault makes anything wait that long.
const patience = 3 * time.Minute

// stage is a running stack with one request in it, and a browser beside it.
type stage struct {
	stack   *stack.Stack
	cast    *story.Cast
	browser context.Context
	axe     string // the source of axe-core
	shots   string // where pictures go; empty for nowhere
	receipt string // the id of the receipt in the mailbox
	link    string // the link in it: "follow my case"
}

// newStage starts everything, or skips the test. Change, when there is one,
// changes the organisation file.
func newStage(t *testing.T, change func(*organisation.Profile)) *stage {
	t.Helper()
	t.Chdir(".") // a stack changes the working folder; after the test we are back
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{axe: readAxe(t, root)}
	if change != nil {
		if root, err = stacktest.Root(t.TempDir(), root, change); err != nil {
			t.Fatal(err)
		}
	}
	if *screenshots != "" {
		// Absolute, because the object store changes the working folder.
		if s.shots, err = filepath.Abs(*screenshots); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(s.shots, 0o750); err != nil {
			t.Fatal(err)
		}
	}
	chromium := findChromium(t)
	s.startStack(t, root)
	s.startBrowser(t, chromium)
	return s
}

// readAxe gives the source of axe-core, once everything that a build makes is
// there.
func readAxe(t *testing.T, root string) string {
	t.Helper()
	for _, built := range []string{".build/organisation.json", ".build/intake/bootstrap", ".build/idcheck/bootstrap", ".build/portal/bootstrap", ".build/desk/bootstrap"} {
		if _, err := os.Stat(filepath.Join(root, built)); err != nil {
			t.Skip("SKIP: the build is not there; run `make build`")
		}
	}
	_, noTables := os.Stat(filepath.Join(root, tables.Binary))
	if noTables != nil && os.Getenv("DYNAMODB_ENDPOINT") == "" {
		t.Skip("SKIP: dynoxide is absent; run `npm ci` on linux-x64, or set DYNAMODB_ENDPOINT")
	}
	axe, err := os.ReadFile(filepath.Join(root, "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Skip("SKIP: axe-core is absent; run `npm ci`")
	}
	return string(axe)
}

// findChromium gives the path of a browser.
func findChromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{
		os.Getenv("CHROMIUM"), "/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome",
	} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			return path
		}
	}
	t.Skip("SKIP: no Chromium found; install one, or set CHROMIUM to its path")
	return ""
}

// startStack starts the stack, sends the sample mail in and finds its receipt.
func (s *stage) startStack(t *testing.T, root string) {
	t.Helper()
	state := t.TempDir()
	running, err := stack.Start(t.Context(), stack.Options{
		Root: root, State: state,
		SMTP: "127.0.0.1:0", Web: "127.0.0.1:0", Mailbox: "127.0.0.1:0", Clock: "127.0.0.1:0",
		StartAt: story.DemoStart(), DynamoDBEndpoint: os.Getenv("DYNAMODB_ENDPOINT"),
		Lookup: os.LookupEnv, Log: t.Logf,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(running.Stop)
	s.stack, s.cast = running, story.NewCast(running)
	teller, err := story.New(running, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := teller.SendSample(state, io.Discard); err != nil {
		t.Fatal(err)
	}
	waiting, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if left, err := running.Advance(waiting, running.Now()); err != nil || len(left) > 0 {
		t.Fatalf("the sample mail did not come to rest: %v, left %v", err, left)
	}
	s.findReceipt(t)
}

// findReceipt asks the mailbox for the letter to the data subject.
func (s *stage) findReceipt(t *testing.T) {
	t.Helper()
	var list struct {
		Messages []struct{ ID, Subject string }
	}
	s.fetch(t, "api/v1/messages", &list)
	for _, one := range list.Messages {
		if !strings.HasPrefix(one.Subject, "Ontvangstbevestiging") {
			continue
		}
		var message struct{ Text string }
		s.fetch(t, "api/v1/message/"+one.ID, &message)
		s.receipt, s.link = one.ID, regexp.MustCompile(`http\S+/mijn/zaak\?t=\S+`).FindString(message.Text)
	}
	if s.link == "" {
		t.Fatalf("no receipt with a link among %d mails", len(list.Messages))
	}
}

// fetch reads JSON from the mailbox.
func (s *stage) fetch(t *testing.T, path string, into any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.stack.Addresses().Mailbox+"/"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
		t.Fatalf("reading %s: %v", path, err)
	}
}

// startBrowser starts a browser that talks to this machine alone, with a
// profile that is thrown away.
func (s *stage) startBrowser(t *testing.T, path string) {
	t.Helper()
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.NoDefaultBrowserCheck,
	}
	for _, name := range []string{
		"disable-quic", "disable-background-networking", "disable-component-update", "disable-sync", "disable-breakpad",
		"disable-dev-shm-usage", "metrics-recording-only", "no-proxy-server",
	} {
		options = append(options, chromedp.Flag(name, true))
	}
	allocator, stop := chromedp.NewExecAllocator(t.Context(), options...)
	browser, closeBrowser := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		closeBrowser()
		stop()
	})
	if err := chromedp.Do(browser); err != nil {
		t.Fatalf("starting %s: %v", path, err)
	}
	s.browser = browser
}

// awayLinks is a portal.Links that cannot check anything.
type awayLinks struct{}

// Verify implements portal.Links.
func (awayLinks) Verify(context.Context, string, dsr.Purpose, time.Time) (dsr.Link, error) {
	return dsr.Link{}, errors.New("KMS is away")
}

// brokenPortal serves the portal of the stack's organisation without its KMS,
// which the stack itself never lacks.
func (s *stage) brokenPortal(t *testing.T) string {
	t.Helper()
	rules, err := casework.NewRules(s.stack.Profile())
	if err != nil {
		t.Fatal(err)
	}
	pages, err := portal.New(portal.Portal{
		Links: awayLinks{}, Rules: rules, Log: discard(),
		Clock: func(context.Context) (time.Time, error) { return s.stack.Now(), nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(pages)
	t.Cleanup(server.Close)
	return server.URL + "/mijn/zaak?t=x"
}

// view is one page to look at.
type view struct {
	name string
	url  string
	send func(b *tab) // what has to be sent from there to see it; nil for nothing
}

// views lists the pages, at the time the stack has now.
func (s *stage) views(t *testing.T) []view {
	t.Helper()
	at := s.stack.Addresses()
	message := at.Mailbox + "/bericht/" + s.receipt
	return []view{
		{name: "status-nl", url: s.link},
		{name: "status-en", url: s.link + "&taal=en"},
		{name: "refused", url: at.Portal + "/zaak?t=x"},
		{name: "unknown", url: at.Portal + "/niets"},
		{name: "later", url: s.brokenPortal(t)},
		{name: "mailbox", url: at.Mailbox + "/"},
		{name: "mailbox-letter", url: message},
		{name: "mailbox-text", url: message + "?weergave=tekst"},
		{name: "mailbox-header", url: message + "?weergave=kop"},
		{name: "clock", url: at.Clock + "/"},
	}
}
