// Package visitor is a person with a mailbox and a plain browser: it reads the
// letters that the stack sent, opens their links, fills in forms by the names
// of their fields and sends them. It has no script engine, keeps cookies for one
// visit, and knows nothing of Inzage but what its pages and letters show.
//
// The demonstration and the scenario tests act through it, so that they use the
// pages that people use. It stores nothing.
package visitor

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// Visitor is one person's browser. The zero value has no cookies yet.
type Visitor struct {
	cookies map[string]string
}

// maxPage is more than a function can answer with, in bytes.
const maxPage = 8 << 20

// Open opens an address, and gives the page it leads to.
func (v *Visitor) Open(address string) (*Page, error) {
	return v.ask(http.MethodGet, address, nil)
}

// Send sends a form as it was filled in, and gives the page it leads to.
func (v *Visitor) Send(form *Form) (*Page, error) {
	if form.method == http.MethodGet {
		address := *form.action
		address.RawQuery = form.Values.Encode()
		return v.ask(http.MethodGet, address.String(), nil)
	}
	return v.ask(http.MethodPost, form.action.String(), form.Values)
}

// errAddress is returned for what is no address. The address itself may hold a
// token, so no error repeats it.
var errAddress = errors.New("not the address of a page")

// maxLeads is how many redirects one request may lead to.
const maxLeads = 5

// ask makes a request and follows where it leads, as browsers do.
func (v *Visitor) ask(method, address string, values url.Values) (*Page, error) {
	for range maxLeads {
		at, err := url.Parse(address)
		if err != nil {
			return nil, errAddress
		}
		answer, body, err := v.do(method, at, values)
		if err != nil {
			return nil, err
		}
		next := answer.Header.Get("Location")
		if next == "" {
			return read(answer.StatusCode, at, body)
		}
		to, err := at.Parse(next)
		if err != nil {
			return nil, fmt.Errorf("%w: where %s leads", errAddress, at.Path)
		}
		method, address, values = http.MethodGet, to.String(), nil
	}
	return nil, fmt.Errorf("a page leads on more than %d times", maxLeads)
}

// do makes one request. Cookies are kept by hand: the session's is for TLS
// alone, which the stack on this machine does without.
func (v *Visitor) do(method string, at *url.URL, values url.Values) (*http.Response, []byte, error) {
	var form io.Reader
	if values != nil {
		form = strings.NewReader(asSent(values).Encode())
	}
	request, err := http.NewRequest(method, at.String(), form)
	if err != nil {
		return nil, nil, errAddress
	}
	if values != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Sec-Fetch-Site", "same-origin") // as browsers say of their own forms
	}
	for name, value := range v.cookies {
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
	v.keep(answer.Cookies())
	return answer, body, nil
}

// asSent gives values with the line ends that browsers send, whatever was typed
// (HTML standard, constructing the entry list).
func asSent(values url.Values) url.Values {
	sent := url.Values{}
	for name, all := range values {
		for _, value := range all {
			sent.Add(name, strings.ReplaceAll(strings.ReplaceAll(value, "\r\n", "\n"), "\n", "\r\n"))
		}
	}
	return sent
}

// keep keeps the cookies of an answer; one that ends is dropped.
func (v *Visitor) keep(cookies []*http.Cookie) {
	if v.cookies == nil {
		v.cookies = map[string]string{}
	}
	for _, cookie := range cookies {
		if cookie.MaxAge < 0 {
			delete(v.cookies, cookie.Name)
			continue
		}
		v.cookies[cookie.Name] = cookie.Value
	}
}
