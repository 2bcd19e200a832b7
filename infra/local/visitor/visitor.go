// Package visitor is a person with a mailbox and a plain browser: it reads the
// letters that the stack sent, opens their links, fills in forms by the names
// of their fields, chooses files and sends them. It has no script engine, keeps
// cookies for one visit, and knows nothing of Inzage but what its pages and
// letters show.
//
// The demonstration and the scenario tests act through it, so that they use the
// pages that people use. It stores nothing.
package visitor

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// Visitor is one person's browser. The zero value has no cookies yet.
type Visitor struct {
	cookies map[string]map[string]string // by host and name: a bucket gets none of the desk's
}

// maxPage is more than a function can answer with, and than any file that is
// downloaded here, in bytes.
const maxPage = 64 << 20

// Open opens an address, and gives the page it leads to.
func (v *Visitor) Open(address string) (*Page, error) {
	return v.ask(http.MethodGet, address, message{})
}

// Send sends a form as it was filled in, and gives the page it leads to.
func (v *Visitor) Send(form *Form) (*Page, error) {
	if form.method == http.MethodGet {
		address := *form.action
		address.RawQuery = form.Values.Encode()
		return v.ask(http.MethodGet, address.String(), message{})
	}
	sent, err := form.message()
	if err != nil {
		return nil, err
	}
	return v.ask(http.MethodPost, form.action.String(), sent)
}

// errAddress is returned for what is no address. The address itself may hold a
// token, so no error repeats it.
var errAddress = errors.New("not the address of a page")

// maxLeads is how many redirects one request may lead to.
const maxLeads = 5

// ask makes a request and follows where it leads, as browsers do.
func (v *Visitor) ask(method, address string, sent message) (*Page, error) {
	for range maxLeads {
		at, err := url.Parse(address)
		if err != nil {
			return nil, errAddress
		}
		answer, body, err := v.do(method, at, sent)
		if err != nil {
			return nil, err
		}
		next := answer.Header.Get("Location")
		if next == "" {
			return read(answer, at, body)
		}
		to, err := at.Parse(next)
		if err != nil {
			return nil, fmt.Errorf("%w: where %s leads", errAddress, at.Path)
		}
		method, address, sent = http.MethodGet, to.String(), message{}
	}
	return nil, fmt.Errorf("a page leads on more than %d times", maxLeads)
}

// do makes one request. Cookies are kept by hand: the session's is for TLS
// alone, which the stack on this machine does without.
func (v *Visitor) do(method string, at *url.URL, sent message) (*http.Response, []byte, error) {
	request, err := http.NewRequest(method, at.String(), bytes.NewReader(sent.body))
	if err != nil {
		return nil, nil, errAddress
	}
	if sent.kind != "" {
		request.Header.Set("Content-Type", sent.kind)
		request.Header.Set("Sec-Fetch-Site", sent.site)
	}
	for name, value := range v.cookies[at.Host] {
		request.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	// A client would put the address, with its token, into its errors.
	answer, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return nil, nil, fmt.Errorf("asking for %s: %w", at.Path, err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxPage))
	if err != nil {
		return nil, nil, fmt.Errorf("reading %s: %w", at.Path, err)
	}
	v.keep(at.Host, answer.Cookies())
	return answer, body, nil
}

// keep keeps the cookies of a host's answer; one that ends is dropped.
func (v *Visitor) keep(host string, cookies []*http.Cookie) {
	if v.cookies == nil {
		v.cookies = map[string]map[string]string{}
	}
	if v.cookies[host] == nil {
		v.cookies[host] = map[string]string{}
	}
	for _, cookie := range cookies {
		if cookie.MaxAge < 0 {
			delete(v.cookies[host], cookie.Name)
			continue
		}
		v.cookies[host][cookie.Name] = cookie.Value
	}
}
