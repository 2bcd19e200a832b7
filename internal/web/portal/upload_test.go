package portal_test

import (
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/idcopy"
)

// copyPage opens the page that asks for a copy.
func (w *world) copyPage(token string, language dsr.Language) string {
	w.t.Helper()
	given := w.ask(http.MethodGet, at("/mijn/kopie", token)+"&taal="+string(language))
	if given.Code != http.StatusOK {
		w.t.Fatalf("the page answers %d: %s", given.Code, &w.log)
	}
	return given.Body.String()
}

// TestR17CopyPageSaysWhatToBlackOut also looks for what must be said beside it:
// why, the ways that ask less, what becomes of the copy, and until when.
func TestR17CopyPageSaysWhatToBlackOut(t *testing.T) {
	w := newWorld(t, nil)
	token := w.copyAsked()
	holds(
		t, w.copyPage(token, dsr.Dutch), true,
		"Liever geen kopie sturen?", "twee dingen die wij van u weten", "inloggen met uw tweede inlogstap", "of wij u bellen",
		"Inzage in uw gegevens", "niemand anders", "Een medewerker", "vernietigen wij de foto meteen", "na 14 dagen",
		"Het formulier werkt 1 uur.", "uiterlijk op", "donderdag 2 april 2026", "info@voorbeeld.example", "Hij mag 10 MB zijn.",
	)
	holds(
		t, w.copyPage(token, dsr.English), true,
		"Rather not send a copy?", "two things that we know", "log in there with your second login step", "whether we can call you",
		"A member of our staff", "after 14 days", "The form works for 1 hour.", "Thursday 2 April 2026", "It may be 10 MB.",
	)
}

// TestR17PageAndLettersHideTheSame reads the letters: whoever follows one of the
// two must have done what the other asks.
func TestR17PageAndLettersHideTheSame(t *testing.T) {
	w := newWorld(t, nil)
	token := w.copyAsked()
	spaces, tags := regexp.MustCompile(`\s+`), regexp.MustCompile(`<[^>]*>`)
	for language, part := range map[dsr.Language]*regexp.Regexp{
		dsr.Dutch:   regexp.MustCompile(`(?s)- uw pasfoto.*?kopie van papier\.`),
		dsr.English: regexp.MustCompile(`(?s)- your photo.*?paper copy\.`),
	} {
		page := spaces.ReplaceAllString(html.UnescapeString(tags.ReplaceAllString(w.copyPage(token, language), " ")), " ")
		for _, kind := range []dsr.LetterKind{dsr.CopyLetter, dsr.CopyAgainLetter} {
			letter, err := os.ReadFile("../../letter/text/" + string(kind) + "." + string(language) + ".md")
			if err != nil {
				t.Fatal(err)
			}
			words := strings.NewReplacer("- ", "", "{controller}", "Voorbeeld").Replace(part.FindString(string(letter)))
			if words = spaces.ReplaceAllString(words, " "); words == "" || !strings.Contains(page, words) {
				t.Errorf("the page does not say %q as %s does:\n%s", words, kind, page)
			}
		}
	}
}

// TestNoPageClaimsToBlackOut: the copy leaves the device as it is.
func TestNoPageClaimsToBlackOut(t *testing.T) {
	w := newWorld(t, nil)
	token := w.copyAsked()
	holds(t, w.copyPage(token, dsr.Dutch), true, "Doe dit vóór u de kopie stuurt: onze pagina kan niets zwart maken.")
	holds(t, w.copyPage(token, dsr.English), true, "Do this before you send the copy: our page cannot black out anything.")
}

// TestPageSaysWhatToDoAboutThePageOfTheBucket: without a script S3 answers a file
// that it does not take in English, with no way back.
func TestPageSaysWhatToDoAboutThePageOfTheBucket(t *testing.T) {
	w := newWorld(t, nil)
	token := w.copyAsked()
	holds(t, w.copyPage(token, dsr.English), true, "you see a page with strange text after you sent it? Go back: the file was empty or too large")
	holds(t, w.copyPage(token, dsr.Dutch), true, "Ziet u na het versturen een pagina met vreemde tekst? Ga terug: het bestand was leeg of te groot")
}

// TestPageAsksForWhatIsRead would fail if the form took a larger file than is
// looked at, or a smaller one than the page says.
func TestPageAsksForWhatIsRead(t *testing.T) {
	if dsr.MaxIDCopyBytes != idcopy.MaxBytes || dsr.MaxIDCopyBytes < 10_000_000 {
		t.Errorf("the form takes %d bytes, and %d are read", dsr.MaxIDCopyBytes, idcopy.MaxBytes)
	}
}

// control is one field of a form as a browser would send it; without a name it
// is not sent.
type control struct{ kind, name, value string }

// controls lists the fields of each form of a page, in order.
func controls(page string) [][]control {
	var forms [][]control
	tokens := html.NewTokenizer(strings.NewReader(page))
	for kind := tokens.Next(); kind != html.ErrorToken; kind = tokens.Next() {
		token, value := tokens.Token(), map[string]string{}
		for _, attribute := range token.Attr {
			value[attribute.Key] = attribute.Val
		}
		switch {
		case kind == html.EndTagToken:
		case token.Data == "form":
			forms = append(forms, nil)
		case token.Data == "input" && value["name"] != "":
			forms[len(forms)-1] = append(forms[len(forms)-1], control{value["type"], value["name"], value["value"]})
		}
	}
	return forms
}

// TestFormHoldsWhatWasSignedAndTheFileComesLast compares both forms with what the
// bucket signed: S3 refuses a form with a field less or more, and ignores what
// follows the file.
func TestFormHoldsWhatWasSignedAndTheFileComesLast(t *testing.T) {
	w := newWorld(t, nil)
	token := w.copyAsked()
	w.buckets = nil
	page := w.copyPage(token, dsr.Dutch)
	ref, err := dsr.ParseOriginal(w.buckets[0].Path)
	if err != nil || ref.Case != w.file.Case.ID || ref.Kind != dsr.IDCopyFile {
		t.Fatalf("the copy goes to %s", w.buckets[0].Path)
	}
	plain := casework.Upload{
		Path: ref.Original(), ContentType: "application/octet-stream", MaxSize: 10 << 20, Life: time.Hour, Then: baseURL + "/mijn/kopie/ontvangen",
	}
	scripted := plain
	scripted.Then = ""
	if diff := cmp.Diff([]casework.Upload{plain, scripted}, w.buckets); diff != "" {
		t.Errorf("other uploads were signed: %s", diff)
	}
	signed := func(upload casework.Upload) (fields []control) {
		form, _ := w.signUpload(t.Context(), upload)
		for _, field := range form.Fields {
			fields = append(fields, control{"hidden", field.Name, field.Value})
		}
		return fields
	}
	want := [][]control{append(signed(plain), control{"file", "file", ""}), signed(scripted)}
	if diff := cmp.Diff(want, controls(page), cmp.AllowUnexported(control{})); diff != "" {
		t.Errorf("the forms are others: %s", diff)
	}
	forms := formsOf(page)
	for _, form := range forms {
		if form.method != "post" || form.action != w.bucket+"/" {
			t.Errorf("a form goes by %s to %s", form.method, form.action)
		}
	}
	if got := strings.Count(page, `enctype="multipart/form-data"`); got != len(forms) || len(forms) != 2 {
		t.Errorf("%d of %d forms can hold a file", got, len(forms))
	}
	holds(t, page, true, " data-scripted hidden>")
	holds(t, page, false, `name="t"`)
	w.copyPage(token, dsr.Dutch)
	if last := w.buckets[len(w.buckets)-1].Path; last == ref.Original() {
		t.Errorf("the page opened again sends to the same place, %s", last)
	}
}

// TestNoCopyIsTakenWhereNoneIsAsked opens genuine links in cases that take none:
// not yet, not any more, and never again.
func TestNoCopyIsTakenWhereNoneIsAsked(t *testing.T) {
	asked := dsr.Work{RightsConfirmed: true, Match: dsr.Matched, Confirmed: true, CopyAsked: received()}
	for name, change := range map[string]func(c *dsr.Case){
		"not yet":   func(c *dsr.Case) { c.Work.CopyAsked = time.Time{} },
		"judged":    func(c *dsr.Case) { c.Work.Identity = dsr.IdentitySure },
		"disowned":  func(c *dsr.Case) { c.Work.Disowned = true },
		"unmatched": func(c *dsr.Case) { c.Work.Match = "" },
		"decided":   func(c *dsr.Case) { c.State = dsr.Answering },
		"closed":    func(c *dsr.Case) { c.State = dsr.Closed },
		"purged":    func(c *dsr.Case) { c.State = dsr.Purged },
	} {
		w := newWorld(t, func(c *dsr.Case) {
			c.State, c.Work = dsr.Working, asked
			change(c)
		})
		link := w.link
		link.ID, link.Purpose = dsr.LinkID{8}, dsr.UploadIDCopy
		w.issue(link)
		before := w.inspect()
		given := w.ask(http.MethodGet, at("/mijn/kopie", w.links.mint(t, link)))
		if given.Code != http.StatusConflict {
			t.Errorf("%s: answers %d", name, given.Code)
		}
		holds(t, given.Body.String(), true, "Wij hebben nu geen kopie nodig", "mailto:info@voorbeeld.example")
		holds(t, given.Body.String(), false, "<form", "<script", w.bucket)
		holds(t, given.Header().Get("Content-Security-Policy"), false, w.bucket, "script-src")
		if len(w.buckets) > 0 {
			t.Errorf("%s: an upload was signed", name)
		}
		w.unchanged(before)
	}
}

// TestEachRefusalHasAnAdviceOfItsOwn goes over every word of whoever looks at
// copies, and those of whoever takes them in.
func TestEachRefusalHasAnAdviceOfItsOwn(t *testing.T) {
	words := []string{"too-many", "not-asked", "lost"}
	for _, refusal := range idcopy.Refusals() {
		words = append(words, string(refusal))
	}
	for language, other := range map[dsr.Language]string{
		dsr.Dutch: "Wij konden deze kopie niet gebruiken.", dsr.English: "We could not use this copy.",
	} {
		w := newWorld(t, nil)
		token, seen := w.copyAsked(), map[string]string{}
		for _, word := range words {
			w.happen(dsr.IDCopyRefused, w.now, map[string]string{"reason": word})
			_, note, _ := strings.Cut(w.copyPage(token, language), `<section class="note"`)
			note, _, _ = strings.Cut(note, "</section>")
			holds(t, note, false, other)
			if earlier, said := seen[note]; said {
				t.Errorf("%s and %s are one advice: %s", earlier, word, note)
			}
			seen[note] = word
		}
		w.happen(dsr.IDCopyRefused, w.now, map[string]string{"reason": "<b>new</b>"})
		holds(t, w.copyPage(token, language), true, other)
	}
}

func TestLatestCopyDecidesWhatThePageSays(t *testing.T) {
	w := newWorld(t, nil)
	token := w.copyAsked()
	const came, refused = "Wij kregen al een kopie", "Uw vorige kopie ging niet goed"
	holds(t, w.copyPage(token, dsr.Dutch), false, came, refused)
	w.happen(dsr.IDCopyReceived, received().AddDate(0, 0, 3), nil)
	holds(t, w.copyPage(token, dsr.Dutch), true, came, `<time datetime="2026-03-08">zondag 8 maart 2026</time>`, "Stuur de kopie</button>")
	w.happen(dsr.IDCopyRefused, w.now, map[string]string{"reason": "pdf"})
	holds(t, w.copyPage(token, dsr.Dutch), true, refused, "Dit is een pdf.", "Stuur de kopie</button>")
	w.happen(dsr.IDCopyReceived, w.now, nil)
	w.happen(dsr.IDCopyInspected, w.now, nil)
	holds(t, w.copyPage(token, dsr.Dutch), false, refused)
	w.happen(dsr.IDCopyDestroyed, w.now, nil)
	holds(t, w.copyPage(token, dsr.Dutch), false, came, refused)
	w.happen(dsr.IDCopyReceived, w.now, nil)
	w.happen(dsr.IDCopyAsked, w.now, nil)
	holds(t, w.copyPage(token, dsr.Dutch), false, came, refused)
	w.happen(dsr.IDCopyRefused, w.now, map[string]string{"reason": "too-many"})
	w.buckets = nil
	page := w.copyPage(token, dsr.Dutch)
	holds(t, page, true, "Meer nemen wij niet aan.", "Liever geen kopie sturen?")
	holds(t, page, false, "<form", "<script")
	if len(w.buckets) > 0 {
		t.Error("an upload was signed for a copy that is not taken")
	}
}

// TestYesBeginsAnew would fail if the page spoke of a copy from before the contact on
// file said yes, and was asked by that.
func TestYesBeginsAnew(t *testing.T) {
	w := newWorld(t, nil)
	token := w.copyAsked()
	for _, kind := range []dsr.EventKind{dsr.IDCopyReceived, dsr.IDCopyRefused} {
		w.happen(kind, w.now, map[string]string{"reason": "too-many"})
		w.happen(dsr.MailboxConfirmed, w.now, nil)
		page := w.copyPage(token, dsr.Dutch)
		holds(t, page, false, "Wij kregen al een kopie", "ging niet goed", "Meer nemen wij niet aan.")
		holds(t, page, true, "Stuur de kopie</button>")
	}
}

// TestReceivedPageIsTheSameForEverybody opens it as S3 leads there.
func TestReceivedPageIsTheSameForEverybody(t *testing.T) {
	w := newWorld(t, nil)
	want := w.ask(http.MethodGet, "/mijn/kopie/ontvangen")
	holds(t, want.Body.String(), true, "Wij kregen uw kopie", "mag deze pagina sluiten", "We received your copy", "may close this page")
	holds(t, want.Body.String(), false, "<script", "?t=")
	got := w.ask(http.MethodGet, `/mijn/kopie/ontvangen?bucket=kluis&key=incoming%2Fa%2Fb&etag=%22<script>%22&t=x`)
	if got.Code != http.StatusOK || got.Body.String() != want.Body.String() || w.log.Len() > 0 {
		t.Errorf("as S3 leads there it answers %d: %s", got.Code, got.Body)
	}
}

// TestBucketOutOfReachIsNotTheVisitorsFault gives addresses that no policy can
// name, and no address.
func TestBucketOutOfReachIsNotTheVisitorsFault(t *testing.T) {
	for _, bucket := range []string{
		"", "javascript:alert(1)", "//kluis.example", "https://", "https://a.example;script-src *", "https://a'b.example", "ftp://a.example", "%zz",
	} {
		w := newWorld(t, nil)
		token := w.copyAsked()
		w.bucket = bucket
		given := w.ask(http.MethodGet, at("/mijn/kopie", token))
		if given.Code != http.StatusServiceUnavailable {
			t.Errorf("a bucket at %q answers %d with %s", bucket, given.Code, given.Header().Get("Content-Security-Policy"))
		}
		if bucket != "" {
			holds(t, w.log.String(), false, bucket)
		}
	}
}

// TestTabGoesThroughTheCopyPageInItsOrder lists what the Tab key stops at.
func TestTabGoesThroughTheCopyPageInItsOrder(t *testing.T) {
	w := newWorld(t, nil)
	page := w.copyPage(w.copyAsked(), dsr.Dutch)
	var stops []string
	tokens := html.NewTokenizer(strings.NewReader(page))
	for kind := tokens.Next(); kind != html.ErrorToken; kind = tokens.Next() {
		token, value := tokens.Token(), map[string]string{}
		for _, attribute := range token.Attr {
			value[attribute.Key] = attribute.Val
		}
		if kind != html.StartTagToken || value["type"] == "hidden" {
			continue
		}
		if slices.Contains([]string{"a", "input", "button", "summary", "select", "textarea"}, token.Data) {
			stops = append(stops, token.Data+" "+value["type"]+value["class"])
		}
		if index := value["tabindex"]; index != "" && index != "-1" {
			t.Errorf("<%s> has a place of its own in the order: %s", token.Data, index)
		}
	}
	want := []string{"a skip", "a ", "a ", "input file", "input checkbox", "button ", "a "}
	if diff := cmp.Diff(want, stops); diff != "" {
		t.Errorf("the stops are others: %s", diff)
	}
}
