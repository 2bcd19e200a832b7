package scenario

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// sessionCookie is the name of the desk's cookie. It is sent by hand, because a
// client keeps a secure cookie to itself over plain HTTP.
const sessionCookie = "__Host-inzage"

// keepCode is the command code.
func keepCode(ts *testscript.TestScript, w *world, args []string) error {
	code, err := w.stack.Code(args[1])
	if err != nil {
		return err
	}
	ts.Setenv(args[0], code)
	return nil
}

// postForm posts a form to a page of the desk, with a session or without.
func (w *world) postForm(path, session string, form url.Values) (page, error) {
	address := strings.TrimSuffix(w.stack.Addresses().Desk, "/") + path
	request, err := http.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return page{}, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if session != "" {
		request.AddCookie(&http.Cookie{Name: sessionCookie, Value: session})
	}
	return ask(request)
}

// print writes what a page shows as a script's output.
func (p page) print(ts *testscript.TestScript) {
	fmt.Fprintf(ts.Stdout(), "status %d, %d bytes\n", p.status, p.bytes)
	if p.to != "" {
		fmt.Fprintf(ts.Stdout(), "leads to %s\n", p.to)
	}
	fmt.Fprintln(ts.Stdout(), p.text)
}

// signInWith is the command signin. Without a session, $NAME becomes one that
// opens nothing.
func signInWith(ts *testscript.TestScript, w *world, args []string) error {
	shown, err := w.postForm("/zaak", "", url.Values{"t": {args[1]}, "code": {args[2]}})
	if err != nil {
		return err
	}
	session := strings.Repeat("A", 43)
	if len(shown.cookies) > 0 {
		session = shown.cookies[0].Value
	}
	ts.Setenv(args[0], session)
	shown.print(ts)
	return nil
}

// lookAtDesk is the command desk.
func lookAtDesk(ts *testscript.TestScript, w *world, args []string) error {
	method, times := http.MethodGet, 1
	for len(args) > 2 {
		var err error
		switch args[0] {
		case "-method":
			method = args[1]
		case "-times":
			times, err = strconv.Atoi(args[1])
		default:
			err = fmt.Errorf("unknown flag %s", args[0])
		}
		if err != nil {
			return err
		}
		args = args[2:]
	}
	var shown page
	for range times {
		request, err := http.NewRequest(method, strings.TrimSuffix(w.stack.Addresses().Desk, "/")+args[1], nil)
		if err != nil {
			return err
		}
		request.AddCookie(&http.Cookie{Name: sessionCookie, Value: args[0]})
		if shown, err = ask(request); err != nil {
			return err
		}
	}
	shown.print(ts)
	return nil
}

// signOut is the command signout.
func signOut(ts *testscript.TestScript, w *world, args []string) error {
	shown, err := w.postForm("/afmelden", args[0], nil)
	if err != nil {
		return err
	}
	shown.print(ts)
	return nil
}
