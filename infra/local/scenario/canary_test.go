package scenario

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"polarweb.nl/inzage/infra/local/ses"
	"polarweb.nl/inzage/infra/local/stack"
)

// What only the canary's mail holds. The citizen service number is one that
// passes the check on such numbers, and the account number is a bank's example.
const (
	canaryName    = "Zwaluwenburg"
	canaryAddress = "zwaluwenburg@canary.example"
	canaryBSN     = "123456782"
	canaryIBAN    = "NL91ABNA0417164300"
	canaryTopic   = "Paarsegiraffe"
	canaryWords   = "drieëntwintig kanaries"
	canaryFile    = "kanariepas.pdf"
	canaryID      = "canary-message-4711"
)

// canaries are the words to look for. Folded, the address holds the name too,
// so whatever shows the address shows both.
func canaries() []string {
	return append(planted(), canaryName, canaryAddress, canaryBSN, canaryIBAN, canaryTopic, canaryWords, canaryFile, canaryID)
}

// canaryMail is a request full of what must not leak.
func canaryMail(id, verdicts, sentence string) []byte {
	return fmt.Appendf(nil, `%sFrom: "Q. %s" <%s>
To: %s
Subject: %s %s
Message-ID: <%s-%s@canary.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

%s
Mijn BSN is %s en mijn rekening %s. Ik heb %s.

--b
Content-Type: application/pdf; name="%s"
Content-Disposition: attachment; filename="%s"

%%PDF-1.4
--b--
`, verdicts, canaryName, canaryAddress, mailTo, canaryTopic, canaryBSN, canaryID, id,
		sentence, canaryBSN, canaryIBAN, canaryWords, canaryFile, canaryFile)
}

// asksAccess makes a mail a request.
const asksAccess = "Ik wil graag weten welke persoonsgegevens jullie van mij hebben."

// canaryFlock sends mails of the canary of every sort that the intake tells
// apart.
func canaryFlock(w *world) error {
	long := canaryMail("long", "", asksAccess)
	for len(long) < 60_000 {
		long = bytes.Replace(long, []byte("\n--b\nContent-Type: application/pdf"),
			[]byte(strings.Repeat(canaryWords+"\n", 100)+"\n--b\nContent-Type: application/pdf"), 1)
	}
	for _, one := range []sentMail{
		{"request.eml", canaryMail("request", "", asksAccess)},
		{"copy.eml", canaryMail("request", "", asksAccess+" Nogmaals.")},
		{"long.eml", long},
		{"forged.eml", canaryMail("forged", "X-Local-Verdicts: dmarc=FAIL\n", asksAccess)},
		{"ordinary.eml", canaryMail("ordinary", "", "Wanneer komt de monteur langs om de server te maken?")},
		{"machine.eml", canaryMail("machine", "Auto-Submitted: auto-replied\n", asksAccess)},
		{"virus.eml", canaryMail("virus", "X-Local-Verdicts: virus=FAIL\n", asksAccess)},
		{"broken.eml", bytes.Replace(canaryMail("broken", "", "Hallo."), []byte("charset=utf-8"), []byte("charset=x-canary"), 1)},
	} {
		if err := w.send(one.name, "-", one.raw); err != nil {
			return err
		}
	}
	return nil
}

// shows gives the canaries in some bytes, as they are or in base64, whatever
// the case of their letters.
func shows(content []byte) []string {
	plain := bytes.ToLower(content)
	for _, run := range encoded.FindAll(content, -1) {
		if decoded, err := base64.RawStdEncoding.DecodeString(string(run)); err == nil {
			plain = append(append(plain, '\n'), bytes.ToLower(decoded)...)
		}
	}
	return slices.DeleteFunc(canaries(), func(canary string) bool {
		return !bytes.Contains(plain, []byte(strings.ToLower(canary)))
	})
}

// encoded finds what may be base64; its last character may stand for no byte.
var encoded = regexp.MustCompile(`(?:[A-Za-z0-9+/]{4}){4,}[A-Za-z0-9+/]{0,3}`)

// sightings gives the files below a folder that show a canary, in their name
// too, with what they show.
func sightings(t *testing.T, folder string) map[string][]string {
	t.Helper()
	seen := map[string][]string{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if found := shows(append(content, "\n"+name...)); len(found) > 0 {
			seen[name] = found
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

// allowed says whether a file may show a canary: the mail itself, and a letter
// to the person, which names and addresses that person and nothing else.
func allowed(name string, found []string) bool {
	switch {
	case strings.HasPrefix(name, "objects/buckets/") && filepath.Base(filepath.Dir(name)) == "raw":
		return true
	case strings.HasPrefix(name, "letters/") && filepath.Ext(name) == ".json":
		return slices.Equal(found, []string{canaryName, canaryAddress})
	case strings.HasPrefix(name, "letters/"):
		// In-Reply-To repeats the Message-ID that the person's own mail had.
		return slices.Equal(found, []string{canaryName, canaryAddress, canaryID})
	}
	return false
}

// mustHide fails the test for every file that shows what it may not.
func mustHide(t *testing.T, w *world, exempt ...string) {
	t.Helper()
	mustHideBut(t, w, func(name string, found []string) bool {
		return allowed(name, found) ||
			slices.ContainsFunc(exempt, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
	})
}

// mustHideBut fails the test for every file that shows what may not stand there.
func mustHideBut(t *testing.T, w *world, may func(name string, found []string) bool) {
	t.Helper()
	hits := 0
	for name, found := range sightings(t, w.options.State) {
		if hits++; !may(name, found) {
			t.Errorf("%s shows %q", name, found)
		}
	}
	if hits == 0 {
		t.Error("not even the mails show the canary: this search finds nothing")
	}
	if found := shows([]byte(strings.Join(w.logged, "\n"))); len(found) > 0 {
		t.Errorf("the operator was told %q", found)
	}
}

func TestPersonalDataLiesOnlyInMailsAndLettersToThePerson(t *testing.T) {
	faults := &ses.Faults{}
	if err := faults.Refuse("MessageRejected", 2); err != nil {
		t.Fatal(err)
	}
	w := newWorld(requireBuild(t), t.TempDir())
	w.options.Faults, w.options.Duplicates = faults, 1
	if err := w.openTables(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.open.Stop)
	if err := w.start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.stop)
	if err := canaryFlock(w); err != nil {
		t.Fatal(err)
	}
	w.mustSee(t, "every mail is settled", func() bool {
		lines, err := w.mailLines()
		return err == nil && len(lines) == len(w.sent) &&
			!slices.ContainsFunc(lines, func(l string) bool { return strings.HasSuffix(l, "reading") || strings.HasSuffix(l, "unheard of") })
	})
	mustAdvance(t, w, leaseOver)
	mustHaveSorted(t, w)
	mustHide(t, w)
	mustHideInRows(t, w)
	mustHideInLetters(t, w)
	w.stop()
	mustHide(t, w)
}

// mustHaveSorted makes sure that the flock went every way there is, or there
// would be nothing to find on some of them.
func mustHaveSorted(t *testing.T, w *world) {
	t.Helper()
	lines, err := w.mailLines()
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(lines, "\n")
	for _, state := range []string{" case ", " duplicate ", " ordinary", " automatic", " person"} {
		if !strings.Contains(text, state) {
			t.Errorf("no mail came to%s:\n%s", state, text)
		}
	}
	if texts, err := w.vaultLines(); err != nil || len(texts) != 1 {
		t.Errorf("%d texts in the vault, error %v; want the long one", len(texts), err)
	}
}

// mustHideInRows looks into every attribute of every row: the database's file
// may hold a row in pieces.
func mustHideInRows(t *testing.T, w *world) {
	t.Helper()
	rows, err := w.tableLines()
	if err != nil || len(rows) == 0 {
		t.Fatalf("%d rows, error %v", len(rows), err)
	}
	for _, row := range rows {
		if found := shows([]byte(row)); len(found) > 0 {
			t.Errorf("a row shows %q: %.60s", found, row)
		}
	}
}

// tagPattern is all that a letter's tag may be: an id of ours, and a kind.
var tagPattern = regexp.MustCompile(`^(case|mail)_[a-z0-9]+_[MS]\d+(-code|-wait|-again)?_\d+$`)

// mustHideInLetters looks at what servers on the way and staff can read.
func mustHideInLetters(t *testing.T, w *world) {
	t.Helper()
	ids, err := ses.IDs(w.stack.Letters())
	if err != nil || len(ids) == 0 {
		t.Fatalf("%d letters, error %v", len(ids), err)
	}
	for _, id := range ids {
		stored, _, err := ses.Read(w.stack.Letters(), id)
		if err != nil {
			t.Fatal(err)
		}
		for _, tag := range stored.Tags {
			if !tagPattern.MatchString(tag.Value) {
				t.Errorf("letter %s has the tag %q", id, tag.Value)
			}
		}
		var whole struct{ Subject, Text, HTML string }
		if err := fetch(w.stack.Addresses().Mailbox+"/api/v1/message/"+id, &whole); err != nil {
			t.Fatal(err)
		}
		toPerson := slices.Equal(stored.Destinations, []string{canaryAddress})
		if found := shows([]byte(whole.Subject)); len(found) > 0 {
			t.Errorf("the subject %q shows %q", whole.Subject, found)
		}
		if found := shows([]byte(whole.Text + whole.HTML)); len(found) > 0 && !toPerson {
			t.Errorf("a letter to staff shows %q", found)
		}
	}
}

func TestDeadLettersOfDispatchHoldNoPersonalData(t *testing.T) {
	w := brokenWorld(t, "dispatch")
	if err := w.send("request.eml", "-", canaryMail("request", "", asksAccess)); err != nil {
		t.Fatal(err)
	}
	w.mustSee(t, "the stream gives up", func() bool { return w.stack.DeadLetters() == 3 })
	mustHide(t, w)
}

// On AWS these two queues are encrypted with the stack's own key. The notice of
// SES repeats the header of a mail, its report the address of a letter: that is
// how SES writes them, and a person needs them to see what went wrong.
func TestDeadLettersOfMailStayInTheirQueue(t *testing.T) {
	for function, queue := range map[string]string{"intake": "IntakeDeadLetters", "feedback": "FeedbackDeadLetters"} {
		w := brokenWorld(t, function)
		if err := w.send("request.eml", "-", canaryMail("request", "", asksAccess)); err != nil {
			t.Fatal(err)
		}
		w.mustSee(t, function+" gives up", func() bool { return w.stack.DeadLetters() > 0 })
		w.stop()
		mustHide(t, w, "queues/"+queue+"/", "queues/"+strings.Replace(queue, "DeadLetters", "Queue", 1)+"/")
	}
}

func TestTokensOfLinksStandInNoLog(t *testing.T) {
	w := startWorld(t, func(o *stack.Options) {})
	mustSend(t, w)
	mustAdvance(t, w, 0)
	links := receiptLinks(t, w)
	if len(links) != 1 {
		t.Fatalf("%d receipts", len(links))
	}
	_, token, err := linkOf(links[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, tried := range []string{links[0], strings.Replace(links[0], token, altered(token), 1)} {
		if _, err := visit("GET", tried); err != nil {
			t.Fatal(err)
		}
	}
	w.stop()
	logs, err := filepath.Glob(filepath.Join(w.options.State, "logs", "*"))
	if err != nil || len(logs) == 0 {
		t.Fatalf("%d logs, error %v", len(logs), err)
	}
	for _, name := range append(logs, filepath.Join(w.options.State, "dynoxide.log")) {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte(token[:40])) || bytes.Contains(content, []byte(token[len(token)-40:])) {
			t.Errorf("%s holds the token of a link", filepath.Base(name))
		}
	}
}
