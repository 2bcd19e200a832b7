package mailroom_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/mailroom"
)

// corpus gives the folder of mails written by other people, which is not part
// of the project. Anybody can make one and name it in MAIL_CORPUS_DIR; it holds
//
//   - mails, one per file (.eml, or any other name), in subfolders. A mail below
//     "spamassassin/" with "ham" in its path is ordinary mail, one below
//     "sisimai/" is a bounce, unless it lies below "sisimai/not/". All other
//     mails must only be readable. The tests want a thousand mails or more.
//   - reference.jsonl, with one JSON object a line for each mail: "path" within
//     the folder (required); "mbox_from_line", true when the first line is the
//     "From " line of a mailbox file; "agreed", true when other programs agree
//     on its attachments; "attachments", a list with one object for each.
//   - datenanfragen-letters/<nl|en|de|fr>/<kind>-<any>.txt: model letters of
//     which the kind is access, erasure, objection, rectification, or another
//     word for a letter that is no request. nl and en hold ten requests together;
//     de and fr hold one <kind>-default.txt of each of the four.
func corpus(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("MAIL_CORPUS_DIR")
	if _, err := os.Stat(filepath.Join(dir, "reference.jsonl")); dir == "" || err != nil {
		t.Skip("mail corpus not found: set MAIL_CORPUS_DIR to run this test")
	}
	return dir
}

// corpusMail is one line of the corpus' reference.
type corpusMail struct {
	Path        string `json:"path"`
	MboxFrom    bool   `json:"mbox_from_line"`
	Agreed      bool   `json:"agreed"`
	Attachments []struct {
		Size int64 `json:"size"`
	} `json:"attachments"`
}

// corpusMails reads the reference and hands out each mail.
func corpusMails(t *testing.T, use func(corpusMail, []byte)) {
	t.Helper()
	dir := corpus(t)
	list, err := os.Open(filepath.Join(dir, "reference.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer list.Close()
	lines := bufio.NewScanner(list)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var m corpusMail
		if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(filepath.Join(dir, m.Path))
		if err != nil {
			t.Fatal(err)
		}
		if m.MboxFrom {
			_, raw, _ = bytes.Cut(raw, []byte("\n"))
		}
		use(m, raw)
	}
}

func TestCorpusMailIsNeverAnError(t *testing.T) {
	reader := mailroom.Reader{Settings: settings()}
	kinds := map[dsr.MailKind]int{}
	reasons := map[string]int{}
	mails, attachments, found := 0, 0, 0
	corpusMails(t, func(m corpusMail, raw []byte) {
		for i, form := range [][]byte{raw, crlf(raw)} {
			enquiry, err := reader.Read(bytes.NewReader(form), receipt())
			if err != nil {
				t.Errorf("%s: %v", m.Path, err)
			}
			if enquiry.Kind == "" || enquiry.Reason == "" {
				t.Errorf("%s: no kind or no reason", m.Path)
			}
			if i == 0 {
				mails++
				kinds[enquiry.Kind]++
				reasons[enquiry.Reason]++
				if m.Agreed {
					attachments += len(m.Attachments)
					found += min(len(m.Attachments), len(enquiry.Letter.Attachments))
				}
			}
		}
	})
	t.Logf("%d mails: %v, reasons %v; %d of %d attachments", mails, kinds, reasons, found, attachments)
	if mails < 1000 {
		t.Errorf("only %d mails looked at", mails)
	}
	if found*100 < attachments*97 {
		t.Errorf("only %d of %d attachments found", found, attachments)
	}
}

func TestCorpusHamOpensNoCase(t *testing.T) {
	reader := mailroom.Reader{Settings: settings()}
	mails, opened, looked, machines := 0, 0, 0, 0
	corpusMails(t, func(m corpusMail, raw []byte) {
		if !strings.Contains(m.Path, "spamassassin/") || !strings.Contains(m.Path, "ham") {
			return
		}
		enquiry, err := reader.Read(bytes.NewReader(raw), receipt())
		if err != nil {
			t.Fatal(err)
		}
		mails++
		switch {
		case enquiry.Kind == dsr.KindRequest:
			opened++
			t.Logf("%s opened a case: %v", m.Path, enquiry.Phrases)
		case enquiry.Reason == "maybe-request":
			looked++
			t.Logf("%s goes to a person: %v", m.Path, enquiry.Phrases)
		case enquiry.Kind == dsr.KindAutomatic:
			machines++
			t.Logf("%s is automatic: %s", m.Path, enquiry.Reason)
		}
	})
	t.Logf("%d ham mails: %d opened, %d to a person, %d automatic", mails, opened, looked, machines)
	if opened > 2 {
		t.Errorf("%d of %d ham mails opened a case", opened, mails)
	}
	if looked > mails/50 {
		t.Errorf("%d of %d ham mails go to a person as a possible request", looked, mails)
	}
}

func TestCorpusBouncesAreAutomatic(t *testing.T) {
	reader := mailroom.Reader{Settings: settings()}
	bounces, automatic := 0, 0
	missed := []string{}
	corpusMails(t, func(m corpusMail, raw []byte) {
		if !strings.HasPrefix(m.Path, "sisimai/") || strings.HasPrefix(m.Path, "sisimai/not/") {
			return
		}
		enquiry, err := reader.Read(bytes.NewReader(raw), receipt())
		if err != nil {
			t.Fatal(err)
		}
		bounces++
		if enquiry.Kind == dsr.KindRequest {
			t.Errorf("%s opened a case", m.Path)
		}
		if enquiry.Kind == dsr.KindAutomatic {
			automatic++
		} else {
			missed = append(missed, m.Path+" "+enquiry.Reason)
		}
	})
	t.Logf("%d of %d bounces are automatic; not: %s", automatic, bounces, strings.Join(missed, ", "))
	if automatic*100 < bounces*95 {
		t.Errorf("only %d of %d bounces are automatic", automatic, bounces)
	}
}

// filled fills a letter's placeholders: choices like "[runs>...]" keep
// their text, fields like "{id_data}" become a name.
func filled(letter string) string {
	letter = regexp.MustCompile(`\[[a-z_]+>`).ReplaceAllString(letter, "")
	letter = regexp.MustCompile(`\{[^}]*\}`).ReplaceAllString(letter, "J. Jansen")
	return regexp.MustCompile(`</?italic>|\]`).ReplaceAllString(letter, "")
}

func TestCorpusRequestLettersOpenACase(t *testing.T) {
	dir := corpus(t)
	rights := map[string]dsr.Right{
		"access": dsr.Access, "erasure": dsr.Erasure, "objection": dsr.ObjectionMarketing, "rectification": dsr.Rectification,
	}
	recognised, letters := 0, 0
	for _, language := range []string{"nl", "en"} {
		paths, err := filepath.Glob(filepath.Join(dir, "datenanfragen-letters", language, "*.txt"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			kind, _, _ := strings.Cut(filepath.Base(path), "-")
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			enquiry := readText(t, "Mijn referentie 2026", filled(string(raw)))
			right, isRequest := rights[strings.TrimSuffix(kind, ".txt")]
			if !isRequest {
				if enquiry.Kind == dsr.KindRequest {
					t.Errorf("%s %s opened a case: %v", language, filepath.Base(path), enquiry.Phrases)
				}
				continue
			}
			letters++
			if enquiry.Kind == dsr.KindRequest && has(enquiry.Rights, right) {
				recognised++
			} else {
				t.Logf("%s %s: %s %v %v", language, filepath.Base(path), enquiry.Kind, enquiry.Rights, enquiry.Phrases)
			}
			if string(enquiry.Language) != language {
				t.Errorf("%s %s was taken for %s", language, filepath.Base(path), enquiry.Language)
			}
			t.Logf("%s %s: %v", language, filepath.Base(path), enquiry.Rights)
		}
	}
	if letters != 10 || recognised < 10 {
		t.Errorf("%d of %d letters recognised", recognised, letters)
	}
}

// TestCorpusLettersInOtherLanguagesGoToAPerson: a request needs no language we
// write.
func TestCorpusLettersInOtherLanguagesGoToAPerson(t *testing.T) {
	dir := corpus(t)
	for _, language := range []string{"de", "fr"} {
		for _, kind := range []string{"access-default", "erasure-default", "objection-default", "rectification-default"} {
			raw, err := os.ReadFile(filepath.Join(dir, "datenanfragen-letters", language, kind+".txt"))
			if err != nil {
				t.Fatal(err)
			}
			enquiry := readText(t, "Mijn referentie 2026", filled(string(raw)))
			if enquiry.Kind != dsr.KindUnreadable && enquiry.Kind != dsr.KindRequest {
				t.Errorf("%s %s: %s %v", language, kind, enquiry.Kind, enquiry.Phrases)
			}
		}
	}
}

func crlf(raw []byte) []byte {
	return bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")), []byte("\n"), []byte("\r\n"))
}
