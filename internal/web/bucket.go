package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// Upload is one file that a browser may store in a bucket.
type Upload struct {
	Path string // where it goes; nobody used it before
	Max  int64  // bytes; an empty file is no file either
	Life time.Duration
	// Done is the path of our page to which the bucket sends the browser
	// afterwards. Empty for a script, which waits for the answer 201 instead.
	Done string
}

// SignUpload makes the form for one upload.
type SignUpload func(ctx context.Context, upload Upload) (casework.UploadForm, error)

// Uploads signs uploads after which the browser comes back to a page under base,
// the address at which the pages are reached. No file is stored as anything but
// bytes: whoever could fetch one from its bucket would get no page of theirs.
func Uploads(ask casework.AskUpload, base string) SignUpload {
	return func(ctx context.Context, upload Upload) (casework.UploadForm, error) {
		asked := casework.Upload{Path: upload.Path, ContentType: "application/octet-stream", MaxSize: upload.Max, Life: upload.Life}
		if upload.Done != "" {
			asked.Then = base + upload.Done
		}
		return ask(ctx, asked)
	}
}

// UploadView is what the template "upload" shows: a form that works without a
// script, the fields with which the script posts in its place, and what the
// script may have to say.
type UploadView struct {
	Lang     dsr.Language
	Plain    casework.UploadForm
	Scripted casework.UploadForm
	Script   string // its path
	Done     string // the page for afterwards
	Max      int64
	Pictures bool // only photographs are wanted
	Label    string
	Hint     string
	Tick     string // what the sender has to say about the file; empty for nothing
	Button   string
	Words    []UploadWord
}

// UploadWord is what is said about a file that cannot be sent, or was not.
type UploadWord struct{ Word, Says string }

// errNoOrigin is returned for an address that names no place to send anything to.
var errNoOrigin = errors.New("no address of a bucket")

// originOf gives the part of an address that a policy names.
func originOf(address string) (string, error) {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Scheme != "https" && parsed.Scheme != "http" || strings.ContainsAny(parsed.Host, " ;,'\"") || parsed.Host == "" {
		return "", errNoOrigin // its text would repeat a signature
	}
	return parsed.Scheme + "://" + parsed.Host, nil
}

// Fetching lets the forms of one page lead to the bucket at an address. A browser
// holds a redirect after a form to what its page may send forms to
// (w3.org/TR/CSP3 section 6.4.1).
func (p *Pages) Fetching(given Answer, address string) (Answer, error) {
	return p.reaching(given, address, "")
}

// Sending lets one page send a file to the bucket at an address, with the script
// that shows how far it is. The script can make no other script: nothing is
// trusted to become one.
func (p *Pages) Sending(given Answer, address string) (Answer, error) {
	return p.reaching(given, address,
		"; script-src 'self'; connect-src %s; require-trusted-types-for 'script'; trusted-types 'none'")
}

// reaching gives a page the policy that names its bucket.
func (p *Pages) reaching(given Answer, address, more string) (Answer, error) {
	origin, err := originOf(address)
	if err != nil {
		return Answer{}, err
	}
	header := map[string]string{
		"Content-Security-Policy": policy(p.style, "'self' "+origin, strings.ReplaceAll(more, "%s", origin)),
	}
	for name, value := range given.Header {
		if _, ours := header[name]; !ours {
			header[name] = value
		}
	}
	given.Header = header
	return given, nil
}

// script is the script of the pages that send a file.
type script struct {
	name   string
	answer Answer
}

// readScript reads it. Its name holds its hash, so that a browser may keep it:
// another script has another name.
func readScript() (script, error) {
	content, err := shared.ReadFile("pages/upload.js")
	if err != nil {
		return script{}, fmt.Errorf("reading the script: %w", err)
	}
	sum := sha256.Sum256(content)
	return script{
		name: "upload-" + hex.EncodeToString(sum[:8]) + ".js",
		answer: Answer{Status: http.StatusOK, Page: content, Header: map[string]string{
			"Content-Type":            "text/javascript; charset=utf-8",
			"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
			"Cache-Control":           "public, max-age=31536000, immutable",
		}},
	}, nil
}

// Script gives the name under which a site serves the script of its pages that
// send a file, and the answer to who asks for it.
func (p *Pages) Script() (name string, given Answer) { return p.script.name, p.script.answer }

// Size writes a number of bytes as people do, in thousands.
func Size(bytes int64, language dsr.Language) string {
	const kilo = 1000
	if bytes < kilo {
		return fmt.Sprintf("%d bytes", bytes)
	}
	size, unit := float64(bytes)/kilo, "kB"
	for _, next := range []string{"MB", "GB"} {
		if size < kilo-0.05 {
			break
		}
		size, unit = size/kilo, next
	}
	written := strings.TrimSuffix(fmt.Sprintf("%.1f", size), ".0")
	if language != dsr.English {
		written = strings.ReplaceAll(written, ".", ",")
	}
	return written + " " + unit
}
