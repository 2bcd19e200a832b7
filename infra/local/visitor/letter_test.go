package visitor

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// mailbox serves so many letters, the newest first. Each is to two readers in
// turn and says its number.
func mailbox(t *testing.T, letters int) string {
	t.Helper()
	one := func(n int, text string) map[string]any {
		to := []string{"Even@Example.com", "odd@example.com"}[n%2]
		return map[string]any{"ID": strconv.Itoa(n), "To": []any{map[string]string{"Address": to}}, "Text": text}
	}
	return serve(t, map[string]http.HandlerFunc{
		"/api/v1/messages": func(w http.ResponseWriter, r *http.Request) {
			start, _ := strconv.Atoi(r.URL.Query().Get("start"))
			limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
			list := []any{}
			for n := letters - 1 - start; n >= 0 && len(list) < limit; n-- {
				list = append(list, one(n, ""))
			}
			_ = json.NewEncoder(w).Encode(map[string]any{"messages": list})
		},
		"/api/v1/message/{id}": func(w http.ResponseWriter, r *http.Request) {
			n, _ := strconv.Atoi(r.PathValue("id"))
			_ = json.NewEncoder(w).Encode(one(n, fmt.Sprintf("letter %d", n)))
		},
	})
}

func TestNewestLetterToTheReaderIsFound(t *testing.T) {
	at := mailbox(t, 120)
	for _, one := range []struct {
		to, says, want string
	}{
		{"even@example.com", "letter", "118"},
		{"odd@example.com", "letter", "119"},
		{"even@example.com", "letter 10", "108"},
		{"odd@example.com", "letter 1", "119"},
		{"odd@example.com", "letter 3", "39"},
		{"even@example.com", "letter 0", "0"}, // on the last portion of the list
	} {
		letter, err := Newest(at, one.to, func(l Letter) bool { return strings.HasPrefix(l.Text, one.says) })
		if err != nil || letter.ID != one.want {
			t.Errorf("to %s with %q: letter %s, %v; want %s", one.to, one.says, letter.ID, err, one.want)
		}
	}
	for _, n := range []int{0, 50, 100} { // also where a portion ends just there
		if _, err := Newest(mailbox(t, n), "nobody@example.com", func(Letter) bool { return true }); !errors.Is(err, ErrNoLetter) {
			t.Errorf("%d letters: %v", n, err)
		}
	}
}

func TestMailboxThatFailsIsSaid(t *testing.T) {
	at := serve(t, map[string]http.HandlerFunc{"/": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusTeapot) }})
	if _, err := Newest(at, "a@example.com", nil); err == nil || errors.Is(err, ErrNoLetter) {
		t.Errorf("error %v", err)
	}
}

func TestLinkIsFoundByItsPage(t *testing.T) {
	letter := Letter{Text: "See https://a.example/other?t=1 and <http://a.example:80/mijn/zaak?t=l1.d1.x_Y-z>, no https://a.example/mijn/stop here."}
	for page, want := range map[string]string{
		"/mijn/zaak": "http://a.example:80/mijn/zaak?t=l1.d1.x_Y-z", "/other": "https://a.example/other?t=1", "/mijn/stop": "", "/mijn": "",
	} {
		if got, found := letter.Link(page); got != want || found != (want != "") {
			t.Errorf("%s: %q, %v; want %q", page, got, found, want)
		}
	}
}

func TestCodeIsSixDigitsThatStandAlone(t *testing.T) {
	for text, want := range map[string]string{
		"Uw code: 012345.": "012345", "AVG-2026-0001": "", "KvK 12345678": "", "a123456b": "", "one 111111 two 222222": "111111",
	} {
		if got, found := (Letter{Text: text}).Code(); got != want || found != (want != "") {
			t.Errorf("%q: %q, %v; want %q", text, got, found, want)
		}
	}
}
