package mailbox_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"polarweb.nl/inzage/infra/local/ses"
)

func TestEveryAnswerCarriesTheSecurityHeaders(t *testing.T) {
	b := newBox(t)
	id := b.put(receipt)
	for _, path := range []string{"/", "/bericht/" + id, "/bericht/absent", "/mailbox.css", "/mailbox.svg", "/api/v1/messages", "/nothing"} {
		response, _ := b.get(path)
		for name, want := range map[string]string{
			"Content-Security-Policy":      "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
			"Referrer-Policy":              "no-referrer",
			"Cache-Control":                "no-store",
			"X-Content-Type-Options":       "nosniff",
			"X-Frame-Options":              "DENY",
			"Cross-Origin-Opener-Policy":   "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin",
			"X-Robots-Tag":                 "noindex",
		} {
			if got := response.Header.Get(name); got != want {
				t.Errorf("%s %s = %q, want %q", path, name, got, want)
			}
		}
	}
}

func TestTheHTMLOfAMailIsBoxedIn(t *testing.T) {
	b := newBox(t)
	id := b.put(receipt)
	response, body := b.get("/bericht/" + id + "/opmaak")
	policy := response.Header.Get("Content-Security-Policy")
	wantIn(t, policy, "default-src 'none'", "sandbox allow-popups allow-popups-to-escape-sandbox", "frame-ancestors 'self'", "form-action 'none'")
	wantNotIn(t, policy, "script-src", "allow-scripts", "allow-same-origin", "http")
	if got := response.Header.Get("X-Frame-Options"); got != "SAMEORIGIN" {
		t.Errorf("X-Frame-Options = %q, want SAMEORIGIN", got)
	}
	wantIn(t, body, `<head><base target="_blank"><title>x</title>`)
}

func TestLinksLeaveTheFrameWhateverTheHTML(t *testing.T) {
	for name, html := range map[string]string{
		"no head": "<p>x</p>", "capitals": "<HEAD lang=nl></HEAD>", "broken head": "<p>x</p><head", "empty": "",
	} {
		b := newBox(t)
		id := b.put("From: a@x.example\r\nContent-Type: text/html\r\n\r\n" + html)
		if body := b.page("/bericht/" + id + "/opmaak"); !strings.Contains(body, `<base target="_blank">`) {
			t.Errorf("%s: %s", name, body)
		}
	}
}

func TestAForeignHostNameIsRefused(t *testing.T) {
	b := newBox(t)
	b.put(receipt)
	for host, want := range map[string]int{
		"127.0.0.1:9": 200, "localhost": 200, "[::1]:80": 200, "127.0.0.1.evil.example": 403, "evil.example:80": 403, "10.0.0.1": 403,
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.url+"/api/v1/messages", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Host = host
		if response, _ := b.do(request); response.StatusCode != want {
			t.Errorf("Host %s: %d, want %d", host, response.StatusCode, want)
		}
	}
}

func TestNothingButGETExists(t *testing.T) {
	b := newBox(t)
	id := b.put(receipt)
	for _, path := range []string{"/", "/api/v1/messages", "/api/v1/message/" + id} {
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete} {
			request, err := http.NewRequestWithContext(t.Context(), method, b.url+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			if response, _ := b.do(request); response.StatusCode != http.StatusMethodNotAllowed {
				t.Errorf("%s %s: %d, want 405", method, path, response.StatusCode)
			}
		}
	}
}

func TestAMailThatCannotBeReadIsListedAllTheSame(t *testing.T) {
	for name, raw := range map[string]string{
		"no header":       "this is not a mail",
		"empty":           "",
		"bytes":           "\x00\xff\xfe\r\n\r\n",
		"no boundary":     "From: a@x.example\r\nContent-Type: multipart/mixed\r\n\r\nx",
		"cut off":         receipt[:len(receipt)-200],
		"bad base64":      "From: a@x.example\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!",
		"bad quoted":      "From: a@x.example\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=ZZ",
		"parts for ever":  nested(30),
		"bad From":        "From: @@\r\nTo: ,,\r\nDate: never\r\n\r\nx",
		"bad media type":  "From: a@x.example\r\nContent-Type: ;;;\r\nContent-Disposition: ;;\r\n\r\nx",
		"unknown charset": "From: a@x.example\r\nSubject: =?x-none?q?=41?=\r\nContent-Type: text/plain; charset=x-none\r\n\r\n\xff",
	} {
		t.Run(name, func(t *testing.T) {
			b := newBox(t)
			id := b.put(raw)
			wantIn(t, b.page("/"), "1 bericht", `href="/bericht/`+id)
			wantIn(t, b.page("/bericht/"+id), "/api/v1/message/"+id+"/raw")
			wantIn(t, b.page("/api/v1/messages"), `"total":1`, id)
			wantIn(t, b.page("/api/v1/message/"+id), id)
			b.page("/bericht/" + id + "/opmaak")
			if _, body := b.get("/api/v1/message/" + id + "/raw"); body != raw {
				t.Errorf("raw is %q", body)
			}
		})
	}
}

func TestWhatCannotBeReadIsSaidInWords(t *testing.T) {
	b := newBox(t)
	id := b.put("this is not a mail")
	wantIn(t, b.page("/bericht/"+id), "(onleesbaar bericht)", "info@polarweb.example", "jose@klant.example", "niet helemaal worden gelezen")
	damaged := b.put(plain("Heel"))
	b.write(damaged+".json", []byte("{"))
	wantIn(t, b.page("/bericht/"+damaged), "Heel")
}

// nested is a whole mail of parts within parts, so many deep.
func nested(depth int) string {
	body := "Content-Type: text/plain\r\n\r\nBinnenin\r\n"
	for i := range depth {
		body = fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n%s--b%d--\r\n", i, i, body, i)
	}
	return "From: a@x.example\r\n" + body
}

func TestPartsWithinPartsHaveAnEnd(t *testing.T) {
	b := newBox(t)
	wantIn(t, b.page("/bericht/"+b.put(nested(8))), "Binnenin")
	tooDeep := b.page("/bericht/" + b.put(nested(9)))
	wantIn(t, tooDeep, "niet helemaal worden gelezen")
	// The list beside it still shows the other mail's text, once.
	if n := strings.Count(tooDeep, "Binnenin"); n != 1 {
		t.Errorf("the text of the deep mail is read: %d times Binnenin", n)
	}
}

func TestATextInLatin1IsReadable(t *testing.T) {
	b := newBox(t)
	id := b.put("From: a@x.example\r\nContent-Type: text/plain; charset=ISO-8859-1\r\n\r\nJos\xe9\r\n")
	wantIn(t, b.page("/bericht/"+id), "José")
}

func TestForwardedMailAndPicturesAreParts(t *testing.T) {
	b := newBox(t)
	id := b.put("From: a@x.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" +
		"--b\r\nContent-Type: text/plain\r\n\r\nZie bijlage\r\n" +
		"--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: c@x.example\r\n\r\noriginal\r\n" +
		"--b\r\nContent-Type: image/png\r\nContent-ID: <logo>\r\nContent-Disposition: inline\r\n\r\npng\r\n--b--\r\n")
	page := b.page("/bericht/" + id)
	wantIn(t, page, "Zie bijlage", "bericht.eml", "/part/1", "/part/2")
	wantIn(t, b.page("/api/v1/message/"+id), `"Inline":[{"PartID":"2","FileName":"bijlage","ContentType":"image/png","ContentID":"logo","Size":3}]`)
}

func TestHostileNamesStayText(t *testing.T) {
	b := newBox(t)
	id := b.put("From: \"<script>alert(1)</script>\" <a@x.example>\r\nTo: \"<img src=x>\" <b@x.example>\r\n"+
		"Subject: <script>alert(2)</script>\r\n\r\n<script>alert(3)</script>", ses.Tag{Name: "t", Value: "<b>"})
	for _, path := range []string{"/", "/bericht/" + id, "/bericht/" + id + "?weergave=kop", "/?zoek=%22%3E%3Cscript%3E"} {
		wantNotIn(t, b.page(path), "<script>", "<img src=x>", "<b>")
	}
}

func TestThePageAsksForNothingElsewhere(t *testing.T) {
	b := newBox(t)
	id := b.put(plain("x"))
	page := b.page("/bericht/" + id)
	wantNotIn(t, page, "http://", "https://", "<style", " style=", "<script")
	wantIn(t, b.page("/mailbox.css"), "prefers-color-scheme: dark")
	response, _ := b.get("/mailbox.css")
	if got := response.Header.Get("Content-Type"); got != "text/css; charset=utf-8" {
		t.Errorf("style sheet of type %q", got)
	}
}
