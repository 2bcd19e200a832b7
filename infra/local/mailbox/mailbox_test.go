package mailbox_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/infra/local/mailbox"
	"polarweb.nl/inzage/infra/local/ses"
)

// receipt is a letter as Inzage writes them: text, HTML, and a file.
const receipt = "From: PolarWeb <info@polarweb.example>\r\n" +
	"To: =?utf-8?q?Jos=C3=A9?= <jose@klant.example>\r\n" +
	"Reply-To: info+abc@polarweb.example\r\n" +
	"Message-ID: <id-1@eu-central-1.amazonses.com>\r\n" +
	"Date: Thu, 05 Mar 2026 08:00:00 +0000\r\n" +
	"Subject: =?utf-8?q?Uw_verzoek_AVG-2026-0001_=E2=80=93_ontvangen?=\r\n" +
	"Content-Type: multipart/mixed;\r\n boundary=outer\r\n\r\n" +
	"--outer\r\nContent-Type: multipart/alternative; boundary=inner\r\n\r\n" +
	"--inner\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" +
	"Beste Jos=C3=A9,\r\n\r\nVolg uw zaak: https://inzage.example/mijn?t=3Dl1.k1.abc.\r\nMet <b>groet</b>\r\n" +
	"--inner\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" +
	"<!doctype html><html><head><title>x</title></head><body><a href=\"https://inzage.example/\">zaak</a><script>alert(1)</script></body></html>\r\n" +
	"--inner--\r\n" +
	"--outer\r\nContent-Type: text/calendar; name=termijn.ics\r\nContent-Disposition: attachment; filename=\"../termijn.ics\"\r\n" +
	"Content-Transfer-Encoding: base64\r\n\r\nQkVHSU46VkNBTEVOREFS\r\n" +
	"--outer--\r\n"

// plain is a mail of one text part with the given subject.
func plain(subject string) string {
	return "From: info@polarweb.example\r\nTo: anouk@polarweb.example\r\nSubject: " + subject + "\r\n\r\nHallo\r\n"
}

// box is a mailbox over a folder of mails.
type box struct {
	t   *testing.T
	dir string
	url string
	n   int
}

// newBox serves an empty mailbox in the time zone of the organisation.
func newBox(t *testing.T) *box {
	t.Helper()
	amsterdam := time.FixedZone("CET", 3600)
	b := &box{t: t, dir: filepath.Join(t.TempDir(), "mail")}
	m, err := mailbox.New(mailbox.Options{Dir: b.dir, Location: amsterdam})
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	server := httptest.NewServer(m)
	t.Cleanup(server.Close)
	b.url = server.URL
	return b
}

// put stores a mail as package ses does, each a minute after the one before.
func (b *box) put(raw string, tags ...ses.Tag) string {
	b.t.Helper()
	b.n++
	stored := ses.StoredMail{
		ID: fmt.Sprintf("0107%012x-ab-000000", b.n), Source: "info@polarweb.example",
		Destinations: []string{"jose@klant.example", "archief@polarweb.example"}, Tags: tags,
		AcceptedAt: time.Date(2026, 3, 5, 8, b.n, 0, 0, time.UTC),
	}
	sidecar, err := json.Marshal(stored)
	if err != nil {
		b.t.Fatal(err)
	}
	b.write(stored.ID+".eml", []byte(raw))
	b.write(stored.ID+".json", sidecar)
	return stored.ID
}

// write puts a file into the folder.
func (b *box) write(name string, content []byte) {
	b.t.Helper()
	if err := os.MkdirAll(b.dir, 0o700); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(b.dir, name), content, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// get fetches a path.
func (b *box) get(path string) (*http.Response, string) {
	b.t.Helper()
	request, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.url+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.do(request)
}

// do sends a request and reads the answer.
func (b *box) do(request *http.Request) (*http.Response, string) {
	b.t.Helper()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return response, string(body)
}

// page fetches a page that must be there.
func (b *box) page(path string) string {
	b.t.Helper()
	response, body := b.get(path)
	if response.StatusCode != http.StatusOK {
		b.t.Fatalf("GET %s: %d %s", path, response.StatusCode, body)
	}
	return body
}

// wantIn says that a page holds each of these texts.
func wantIn(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			t.Errorf("the page lacks %q:\n%s", text, page)
		}
	}
}

// wantNotIn says that it holds none of them.
func wantNotIn(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(page, text) {
			t.Errorf("the page holds %q:\n%s", text, page)
		}
	}
}

func TestTheListShowsTheNewestMailFirst(t *testing.T) {
	b := newBox(t)
	b.put(plain("Oud"))
	id := b.put(receipt)
	page := b.page("/")
	wantIn(t, page, `<html lang="nl">`, "<title>Mailbox", "2 berichten", "José",
		`Uw verzoek <span class="whole">AVG-2026-0001</span> – ontvangen`, "5 maart 09:02", "1 bijlage", `href="/bericht/`+id+`"`)
	if strings.Index(page, "ontvangen") > strings.Index(page, "Oud") {
		t.Error("the old mail comes first")
	}
}

func TestACaseNumberIsNeverBrokenOverTwoLines(t *testing.T) {
	b := newBox(t)
	id := b.put("From: a@x.example\r\nSubject: AVG-2026-0001, DSR-2026-12345 en X-2026-0001\r\n\r\nHet nummer is AVG-2027-0003.\r\n")
	subject := `<span class="whole">AVG-2026-0001</span>, <span class="whole">DSR-2026-12345</span> en X-2026-0001`
	wantIn(t, b.page("/"), `<bdi class="subject">`+subject+"</bdi>")
	wantIn(t, b.page("/bericht/"+id), "<h1><bdi>"+subject+"</bdi></h1>", `Het nummer is <span class="whole">AVG-2027-0003</span>.`)
}

func TestANewMailAppearsAtTheNextLook(t *testing.T) {
	b := newBox(t)
	wantIn(t, b.page("/"), "0 berichten", "Nog geen post")
	b.put(plain("Eerste"))
	wantIn(t, b.page("/"), "1 bericht", "Eerste")
	b.put(plain("Tweede"))
	wantIn(t, b.page("/"), "2 berichten", "Eerste", "Tweede")
}

func TestAMailShowsWhoWhatAndWhen(t *testing.T) {
	b := newBox(t)
	id := b.put(receipt, ses.Tag{Name: "outbox", Value: "o1"})
	page := b.page("/bericht/" + id)
	wantIn(t, page, "<title>Uw verzoek AVG-2026-0001 – ontvangen", "PolarWeb &lt;info@polarweb.example&gt;",
		"José &lt;jose@klant.example&gt;", "archief@polarweb.example", "info&#43;abc@polarweb.example",
		"5 maart 2026, 09:01", "termijn.ics", "15 bytes", "outbox=o1",
		`<iframe class="html" sandbox="allow-popups allow-popups-to-escape-sandbox" src="/bericht/`+id+`/opmaak"`)
	wantNotIn(t, page, "<script", "srcdoc", "alert(1)")
}

func TestLinksInTheTextCanBeFollowed(t *testing.T) {
	b := newBox(t)
	id := b.put(receipt)
	page := b.page("/bericht/" + id + "?weergave=tekst")
	wantIn(t, page, `<a href="https://inzage.example/mijn?t=l1.k1.abc" target="_blank" rel="noopener noreferrer">`,
		"&lt;b&gt;groet&lt;/b&gt;")
	wantNotIn(t, page, "<iframe", "<b>groet")
}

func TestOnlyWebAddressesBecomeLinks(t *testing.T) {
	b := newBox(t)
	id := b.put(plain("x\r\nX-Note: y") + "javascript:alert(1) data:text/html,x ftp://a.example/ <http://a.example/p>, (https://b.example/q).\r\n")
	page := b.page("/bericht/" + id)
	wantIn(t, page, `<a href="http://a.example/p" `, `<a href="https://b.example/q" `)
	wantNotIn(t, page, `href="javascript`, `href="data`, `href="ftp`, `q).</a>`)
}

func TestTheHeaderIsShownUnfoldedInItsOrder(t *testing.T) {
	b := newBox(t)
	id := b.put(receipt)
	page := b.page("/bericht/" + id + "?weergave=kop")
	wantIn(t, page, "multipart/mixed; boundary=outer")
	if strings.Index(page, ">From<") > strings.Index(page, ">Subject<") {
		t.Error("the fields are in another order than in the mail")
	}
}

func TestSearchFindsAddressNameSubjectAndTag(t *testing.T) {
	b := newBox(t)
	b.put(receipt, ses.Tag{Name: "outbox", Value: "o77"})
	b.put(plain("Nieuw verzoek"))
	for search, want := range map[string]string{
		"ANOUK@polar": "Nieuw verzoek", "jos%C3%A9": "ontvangen", "0001": "ontvangen", "o77": "ontvangen", "nieuw": "Nieuw verzoek",
	} {
		page := b.page("/?zoek=" + search)
		wantIn(t, page, "1 van 2 berichten", want)
	}
	wantIn(t, b.page("/?zoek=%3Cscript%3E"), "Niets gevonden voor “&lt;script&gt;”")
}

func TestALongListHasPages(t *testing.T) {
	b := newBox(t)
	for i := range 120 {
		b.put(plain(fmt.Sprintf("Brief %03d.", i)))
	}
	first := b.page("/")
	wantIn(t, first, "120 berichten", "Brief 119.", "Brief 070.", `href="/?vanaf=50"`)
	wantNotIn(t, first, "Brief 069.", "Nieuwere post")
	wantIn(t, b.page("/?vanaf=50"), "Brief 069.", "Brief 020.", `href="/"`, `href="/?vanaf=100"`)
	last := b.page("/?vanaf=100")
	wantIn(t, last, "Brief 019.", "Brief 000.", `href="/?vanaf=50"`, "?vanaf=100\"")
	wantNotIn(t, last, "Oudere post")
	wantIn(t, b.page("/?vanaf=rubbish"), "Brief 119.")
	wantIn(t, b.page("/?vanaf=9999"), "120 berichten")
}
