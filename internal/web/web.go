// Package web is what the pages of portal and desk have in common: one frame,
// one style, the headers of security, the days and dates in words, and the
// answer to a request, which the data subject sees as those who approve it did.
// Each of the two brings its own pages and decides what they show.
//
// A page is rendered whole before anything of it leaves, with html/template,
// which escapes by the place a value stands in. No page has a script but those
// that send a file: there it shows how far the file has come, and the same form
// works without it. Files go straight to their bucket and come straight from it.
// The package stores nothing.
package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"net/http"
	"strings"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

//go:embed pages
var shared embed.FS

// Where templates and style lie, here and in what a caller brings.
const (
	templateFiles = "pages/*.html"
	styleFile     = "pages/style.css"
)

// Pages are the templates of one site, with the style they share.
type Pages struct {
	profile   organisation.Profile
	templates *template.Template
	style     template.CSS
	headers   map[string]string
	script    script
}

// Answer is one page, whole before anything of it leaves.
type Answer struct {
	Status int
	Page   []byte
	Header map[string]string // beside those that every answer carries
}

// Frame is what every page shows of the organisation.
type Frame struct {
	Lang       dsr.Language
	Style      template.CSS
	Controller organisation.Controller
	Authority  organisation.Authority
	Other      string // the same page in the other language; empty when it has both
}

// Read reads the pages of a site: own holds its templates, and perhaps a style
// that is added to the shared one.
func Read(own fs.FS, profile organisation.Profile) (*Pages, error) {
	p := &Pages{profile: profile}
	style, err := shared.ReadFile(styleFile)
	if err != nil {
		return nil, fmt.Errorf("reading the style: %w", err)
	}
	added, err := fs.ReadFile(own, styleFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("reading the style: %w", err)
	}
	colour := "--brand: " + profile.Brand.Legible() + ";"
	p.style = template.CSS(strings.ReplaceAll(string(style), "--brand: initial;", colour) + string(added))
	p.headers = headers(p.style)
	if p.script, err = readScript(); err != nil {
		return nil, err
	}
	if p.templates, err = template.ParseFS(shared, templateFiles); err == nil {
		p.templates, err = p.templates.ParseFS(own, templateFiles)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the pages: %w", err)
	}
	return p, nil
}

// Frame gives the frame of a page.
func (p *Pages) Frame(language dsr.Language) Frame {
	return Frame{Lang: language, Style: p.style, Controller: p.profile.Controller, Authority: p.profile.Authority}
}

// Render makes a page.
func (p *Pages) Render(status int, name string, data any) (Answer, error) {
	var page bytes.Buffer
	if err := p.templates.ExecuteTemplate(&page, name, data); err != nil {
		return Answer{}, fmt.Errorf("rendering the page %s: %w", name, err)
	}
	return Answer{Status: status, Page: page.Bytes()}, nil
}

// headers gives what every answer carries, those that say no included.
func headers(style template.CSS) map[string]string {
	return map[string]string{
		"Content-Security-Policy":      policy(style, "'self'", ""),
		"Content-Type":                 "text/html; charset=utf-8",
		"Referrer-Policy":              "no-referrer", // the address holds the token
		"Cache-Control":                "no-store",
		"X-Content-Type-Options":       "nosniff",
		"X-Frame-Options":              "DENY",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Permissions-Policy":           "camera=(), geolocation=(), microphone=()",
		"Strict-Transport-Security":    "max-age=31536000",
		"X-Robots-Tag":                 "noindex",
	}
}

// Send sends an answer; to HEAD without the page (RFC 9110 section 9.3.2),
// because behind a gateway nobody else takes it off.
func (p *Pages) Send(w http.ResponseWriter, r *http.Request, given Answer) {
	all := maps.Clone(p.headers)
	maps.Copy(all, given.Header)
	for name, value := range all {
		w.Header().Set(name, value)
	}
	w.WriteHeader(given.Status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(given.Page) // a visitor who left needs no answer
	}
}

// policy lets the browser use the one style on a page, send forms to some places,
// and do what more says. Nothing else.
func policy(style template.CSS, forms, more string) string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; form-action " + forms + "; frame-ancestors 'none'; base-uri 'none'" + more
}
