package scenario

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/infra/local/stack"
	"polarweb.nl/inzage/internal/stepup"
)

// staffOf gives the staff of a running stack.
func staffOf(t *testing.T, w *world) []stack.Member {
	t.Helper()
	staff, err := w.stack.Staff()
	if err != nil || len(staff) == 0 {
		t.Fatalf("%d members of staff, %v", len(staff), err)
	}
	return staff
}

// codeOf gives the code a member's telephone shows.
func codeOf(t *testing.T, w *world, id string) string {
	t.Helper()
	code, err := w.stack.Code(id)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// invited starts a stack into which a request came, and gives the link and the
// token that anouk was sent about it.
func invited(t *testing.T) (w *world, link, token string) {
	t.Helper()
	w = startWorld(t, nil)
	if err := w.send("sanne.eml", "-", request("Sanne Bakker", "sanne@example.com")); err != nil {
		t.Fatal(err)
	}
	mustAdvance(t, w, 0)
	notice, err := w.letter("anouk", "Nieuw verzoek AVG-2026-0001")
	if err != nil {
		t.Fatal(err)
	}
	link, token, err = linkOf(notice.Text)
	if err != nil {
		t.Fatal(err)
	}
	return w, link, token
}

// signIn posts a code with a token and gives the answer's status and cookies.
func signIn(t *testing.T, link, token, code string) (status int, cookies []*http.Cookie) {
	t.Helper()
	page, _, _ := strings.Cut(link, "?")
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.PostForm(page, url.Values{"t": {token}, "code": {code}})
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answer.StatusCode, answer.Cookies()
}

func TestStaffSignInWithTheCodeOnTheClockPageOnce(t *testing.T) {
	w, link, token := invited(t)
	if status, cookies := signIn(t, link, token, codeOf(t, w, "bram")); status == http.StatusSeeOther || len(cookies) != 0 {
		t.Errorf("a colleague's code answers %d with %d cookies", status, len(cookies))
	}
	shown, err := visit(http.MethodGet, w.stack.Addresses().Clock+"/")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(`code of anouk(\d{6})`).FindStringSubmatch(shown.text)
	if row == nil {
		t.Fatalf("the clock page does not show the code of anouk:\n%s", shown.text)
	}
	code := row[1]
	if status, cookies := signIn(t, link, token, code); status != http.StatusSeeOther || len(cookies) != 1 {
		t.Fatalf("the right code answers %d with %d cookies", status, len(cookies))
	}
	if status, cookies := signIn(t, link, token, code); status == http.StatusSeeOther || len(cookies) != 0 {
		t.Errorf("the same code again answers %d with %d cookies", status, len(cookies))
	}
}

func TestSecretsOfStaffLieInOneFileAlone(t *testing.T) {
	w := newWorld(requireBuild(t), t.TempDir())
	if err := w.openTables(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.open.Stop)
	if err := w.start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.stop)
	rows, err := w.tableLines()
	if err != nil {
		t.Fatal(err)
	}
	tables := strings.Join(rows, "\n")
	about, err := os.Stat(filepath.Join(w.options.State, "staff.json"))
	if err != nil || about.Mode().Perm() != 0o600 {
		t.Errorf("staff.json has mode %v, %v", about.Mode(), err)
	}
	for _, one := range staffOf(t, w) {
		secret, err := stepup.ParseText(one.Secret)
		if err != nil {
			t.Fatalf("%s: %v", one.ID, err)
		}
		// The bytes of a row are shown in base64; sealed ones begin with other bytes.
		for _, form := range []string{one.Secret, string(secret), base64.StdEncoding.EncodeToString(secret)} {
			if strings.Contains(tables, form) {
				t.Errorf("the tables show the secret of %s", one.ID)
			}
		}
	}
	if strings.Count(tables, `"STAFF#`) != 2*len(staffOf(t, w)) {
		t.Errorf("not everybody has a row and a key:\n%s", tables)
	}
}

func TestStaffKeepTheirSecretsOverARestart(t *testing.T) {
	w := startWorld(t, nil)
	before := staffOf(t, w)
	w.stop()
	if err := w.start(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, staffOf(t, w)); diff != "" {
		t.Errorf("staff (-before +after):\n%s", diff)
	}
}
