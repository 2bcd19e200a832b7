package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"polarweb.nl/inzage/internal/deadline"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
	"polarweb.nl/inzage/internal/web"
)

// site is a site of one page.
func site(page string) fstest.MapFS {
	return fstest.MapFS{"pages/one.html": {Data: []byte(page)}}
}

func TestSiteAddsItsStyleToTheSharedOne(t *testing.T) {
	profile := organisation.Defaults()
	profile.Brand.Colour = "#123456"
	headers := map[string]bool{}
	for _, added := range []string{"", ".own { margin: 0 }"} {
		own := site(`{{template "top" .}}{{template "body" .}}<h1>x</h1>{{template "end" .}}`)
		if added != "" {
			own["pages/style.css"] = &fstest.MapFile{Data: []byte(added)}
		}
		pages, err := web.Read(own, profile)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := pages.Render(http.StatusTeapot, "one.html", pages.Frame(dsr.English))
		if err != nil {
			t.Fatal(err)
		}
		page := string(answer.Page)
		if !strings.Contains(page, "--brand: #123456;") || !strings.Contains(page, added+"</style>") || !strings.Contains(page, `lang="en"`) {
			t.Errorf("the page is %s", page)
		}
		recorder := httptest.NewRecorder()
		pages.Send(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil), answer)
		headers[recorder.Header().Get("Content-Security-Policy")] = true
	}
	if len(headers) != 2 {
		t.Errorf("two styles have %d policies", len(headers))
	}
}

func TestSiteThatCannotBeReadIsAnError(t *testing.T) {
	for name, own := range map[string]fstest.MapFS{"no pages": {}, "a broken page": site("{{if}}")} {
		if _, err := web.Read(own, organisation.Defaults()); err == nil || !strings.Contains(err.Error(), "reading the pages") {
			t.Errorf("%s: %v", name, err)
		}
	}
	pages, err := web.Read(site("{{.Nothing}}"), organisation.Defaults())
	if err != nil {
		t.Fatal(err)
	}
	if answer, err := pages.Render(http.StatusOK, "one.html", struct{}{}); err == nil || answer.Page != nil {
		t.Errorf("half a page is given: %q, %v", answer.Page, err)
	}
}

func TestAnswerAddsHeadersAndHeadLeavesThePageOut(t *testing.T) {
	pages, err := web.Read(site("x"), organisation.Defaults())
	if err != nil {
		t.Fatal(err)
	}
	for method, body := range map[string]string{http.MethodGet: "page", http.MethodHead: ""} {
		recorder := httptest.NewRecorder()
		pages.Send(recorder, httptest.NewRequestWithContext(t.Context(), method, "/", nil), web.Answer{
			Status: http.StatusSeeOther, Page: []byte("page"), Header: map[string]string{"Location": "/x"},
		})
		if recorder.Code != http.StatusSeeOther || recorder.Body.String() != body || recorder.Header().Get("Location") != "/x" ||
			recorder.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d, %q, %v", method, recorder.Code, recorder.Body, recorder.Header())
		}
	}
	recorder := httptest.NewRecorder()
	pages.Send(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil), web.Answer{Status: http.StatusOK})
	if got := recorder.Header().Get("Location"); got != "" {
		t.Errorf("the header of one answer stands on the next: %s", got)
	}
}

func TestDatesAreExplainedAsTheyAreStored(t *testing.T) {
	calendar, err := organisation.Defaults().Calendar.Deadlines()
	if err != nil {
		t.Fatal(err)
	}
	stored := dsr.Dates{PlanBy: "2026-04-02", PromiseDue: "2026-04-01", LawDue: "broken"}
	received := time.Date(2026, time.March, 5, 9, 0, 0, 0, time.UTC)
	dates := web.ExplainDates(calendar, 28, received, stored, dsr.English)
	if dates.PlanBy.Text != "Thursday 2 April 2026" || len(dates.PlanBy.Steps) == 0 {
		t.Errorf("the planned day is %+v", dates.PlanBy)
	}
	if dates.Promise.ISO != "2026-04-01" || dates.Promise.Steps != nil {
		t.Errorf("a promise that would be another one today is explained: %+v", dates.Promise)
	}
	if dates.Law.Text != "broken" || dates.Law.ISO != "" {
		t.Errorf("a malformed day is %+v", dates.Law)
	}
	if none := web.ExplainDates(deadline.Calendar{}, 28, received, stored, dsr.Dutch); none.PlanBy.Steps != nil || none.PlanBy.Text == "" {
		t.Errorf("without a calendar: %+v", none)
	}
}

func TestLanguageIsTheOneAskedForElseTheUsual(t *testing.T) {
	for query, want := range map[string]dsr.Language{"": dsr.English, "taal=nl": dsr.Dutch, "taal=en": dsr.English, "taal=de": dsr.English} {
		request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/?"+query, nil)
		if got := web.LanguageOf(request, dsr.English); got != want {
			t.Errorf("%q: %s, want %s", query, got, want)
		}
	}
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	if got := web.LanguageOf(request, "de"); got != dsr.Dutch {
		t.Errorf("a language nobody writes gives %s", got)
	}
}
