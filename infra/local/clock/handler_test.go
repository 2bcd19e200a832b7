package clock_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/infra/local/clock"
)

// The two content types of requests to advance.
const (
	jsonType = "application/json"
	formType = "application/x-www-form-urlencoded"
)

// desk is a handler over a clock whose runs only move it.
type desk struct {
	clock   *clock.Clock
	targets []time.Time
	handler http.Handler
}

// newDesk makes a desk and lets a test change its configuration.
func newDesk(t *testing.T, change func(*clock.HandlerConfig)) *desk {
	t.Helper()
	d := &desk{clock: open(t, t.TempDir(), time.Time{})}
	c := clock.HandlerConfig{Clock: d.clock, Run: func(_ context.Context, target time.Time) ([]string, error) {
		d.targets = append(d.targets, target)
		return nil, d.clock.Advance(target.Sub(d.clock.Now()))
	}}
	if change != nil {
		change(&c)
	}
	h, err := clock.NewHandler(c)
	if err != nil {
		t.Fatal(err)
	}
	d.handler = h
	return d
}

// request sends a request and returns the answer.
func (d *desk) request(t *testing.T, method, path, kind, body string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", kind)
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	return w
}

// mustAnswer compares an answer with its status and JSON.
func mustAnswer(t *testing.T, w *httptest.ResponseRecorder, status int, want string) {
	t.Helper()
	if w.Code != status || strings.TrimSpace(w.Body.String()) != want {
		t.Errorf("answer %d %s, want %d %s", w.Code, w.Body, status, want)
	}
}

func TestNowTellsTimeAndOffset(t *testing.T) {
	d := newDesk(t, nil)
	mustAnswer(t, d.request(t, "GET", "/now", "", ""), 200, `{"now":"2026-11-22T12:00:00Z","offsetSeconds":0}`)
	if err := d.clock.Advance(1500 * time.Millisecond); err != nil {
		t.Fatal(err)
	}
	mustAnswer(t, d.request(t, "GET", "/now", "", ""), 200, `{"now":"2026-11-22T12:00:01.5Z","offsetSeconds":1.5}`)
}

func TestAdvanceTakesHoursOrSeconds(t *testing.T) {
	for _, c := range []struct {
		kind, body string
		status     int
		step       time.Duration
	}{
		{jsonType, `{"hours":672}`, 200, 672 * time.Hour},
		{jsonType, `{"hours":0.25}`, 200, 15 * time.Minute},
		{jsonType, ` {"seconds":90} `, 200, 90 * time.Second},
		{jsonType, `{"seconds":0}`, 200, 0},
		{jsonType, `{"seconds":0.5}`, 200, 500 * time.Millisecond},
		{"", `{"hours":87840}`, 200, clock.MaxAdvance},
		{formType, `{"hours":1}`, 200, time.Hour}, // curl -d
		{formType, "hours=0.25", 303, 15 * time.Minute},
		{formType, "seconds=1", 303, time.Second},
	} {
		d := newDesk(t, nil)
		w := d.request(t, "POST", "/advance", c.kind, c.body)
		if w.Code != c.status || d.clock.Offset() != c.step || len(d.targets) != 1 {
			t.Errorf("%s: status %d, offset %v, %d runs; want %d and %v",
				c.body, w.Code, d.clock.Offset(), len(d.targets), c.status, c.step)
		}
		if want := "/"; c.status == 303 && w.Header().Get("Location") != want {
			t.Errorf("%s: Location %q, want %q", c.body, w.Header().Get("Location"), want)
		}
	}
	d := newDesk(t, nil)
	mustAnswer(t, d.request(t, "POST", "/advance", jsonType, `{"hours":24}`), 200, `{"now":"2026-11-23T12:00:00Z"}`)
}

func TestPageSpellsTheOffsetInDays(t *testing.T) {
	d := newDesk(t, nil)
	if err := d.clock.Advance(673*time.Hour + 400*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if page := d.request(t, "GET", "/", "", "").Body.String(); !strings.Contains(page, "&#43;28 d 1h0m0s") {
		t.Errorf("the page does not say how far the clock is ahead: %s", page)
	}
}

func TestBadStepsAreRefused(t *testing.T) {
	for _, c := range []struct{ kind, body, says string }{
		{jsonType, ``, "give either"},
		{jsonType, `{}`, "give either"},
		{jsonType, `{"hours":1,"seconds":1}`, "give either"},
		{jsonType, `{"hours":null}`, "give either"},
		{jsonType, `{"hours":-1}`, "forward only"},
		{jsonType, `{"seconds":-0.001}`, "forward only"},
		{jsonType, `{"hours":87840.1}`, "forward only"},
		{jsonType, `{"hours":1e300}`, "forward only"},
		{jsonType, `{"hours":"1"}`, "as JSON"},
		{jsonType, `{"days":1}`, "as JSON"},
		{jsonType, `{"hours":1} {"hours":1}`, "as JSON"},
		{jsonType, `{"hours":1`, "as JSON"},
		{jsonType, `{"hours":` + strings.Repeat("0", 5000) + `}`, "too large"},
		{formType, "hours=-1", "forward only"},
		{formType, "hours=NaN", "forward only"},
		{formType, "hours=Inf", "forward only"},
		{formType, "hours=", "as a form"},
		{formType, "hours=1&hours=2", "as a form"},
		{formType, "days=1", "as a form"},
		{formType, "hours=1&seconds=1", "give either"},
		{formType, "%zz", "as a form"},
		{jsonType, `[1]`, "as a form"},
	} {
		d := newDesk(t, nil)
		w := d.request(t, "POST", "/advance", c.kind, c.body)
		var answer struct{ Message string }
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != 400 || !strings.Contains(answer.Message, c.says) {
			t.Errorf("%q: %d %s, want 400 with %q", c.body, w.Code, w.Body, c.says)
		}
		if len(d.targets) != 0 {
			t.Errorf("%q: the stack ran", c.body)
		}
	}
}

func TestAdvanceThatLeavesWorkAnswers504(t *testing.T) {
	for name, c := range map[string]struct {
		left []string
		err  error
		want string
	}{
		"work left":       {[]string{"1 letter"}, nil, `{"now":"2026-11-22T12:00:00Z","left":["1 letter"]}`},
		"work left late":  {[]string{"1 letter"}, context.DeadlineExceeded, `{"now":"2026-11-22T12:00:00Z","left":["1 letter"]}`},
		"late, none left": {nil, context.DeadlineExceeded, `{"now":"2026-11-22T12:00:00Z","left":[]}`},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, func(h *clock.HandlerConfig) {
				h.Run = func(context.Context, time.Time) ([]string, error) { return c.left, c.err }
			})
			mustAnswer(t, d.request(t, "POST", "/advance", jsonType, `{"hours":1}`), 504, c.want)
			page := d.request(t, "POST", "/advance", formType, "hours=1")
			if page.Code != 504 || !strings.Contains(page.Body.String(), "Nog niet klaar") {
				t.Errorf("form: %d %s, want a page with 504", page.Code, page.Body)
			}
		})
	}
}

func TestAdvanceThatFailsSaysSo(t *testing.T) {
	d := newDesk(t, func(h *clock.HandlerConfig) {
		h.Run = func(context.Context, time.Time) ([]string, error) { return nil, errors.New("no table") }
	})
	mustAnswer(t, d.request(t, "POST", "/advance", jsonType, `{"hours":1}`), 500, `{"message":"no table"}`)
}

func TestRunHasALimit(t *testing.T) {
	d := newDesk(t, func(h *clock.HandlerConfig) {
		h.Limit = time.Millisecond
		h.Run = func(ctx context.Context, _ time.Time) ([]string, error) {
			<-ctx.Done()
			return []string{"stuck"}, ctx.Err()
		}
	})
	mustAnswer(t, d.request(t, "POST", "/advance", jsonType, `{"hours":1}`), 504,
		`{"now":"2026-11-22T12:00:00Z","left":["stuck"]}`)
}

func TestAdvancesTakeTurns(t *testing.T) {
	entered, leave := make(chan time.Time), make(chan struct{})
	d := newDesk(t, nil)
	d = newDesk(t, func(h *clock.HandlerConfig) {
		h.Clock = d.clock
		h.Run = func(_ context.Context, target time.Time) ([]string, error) {
			entered <- target
			<-leave
			return nil, h.Clock.Advance(target.Sub(h.Clock.Now()))
		}
	})
	answers := make(chan *httptest.ResponseRecorder)
	for range 2 {
		go func() { answers <- d.request(t, "POST", "/advance", jsonType, `{"hours":24}`) }()
	}
	for day := 1; day <= 2; day++ {
		target := <-entered
		if want := realTime.AddDate(0, 0, day); !target.Equal(want) {
			t.Errorf("target %v, want %v: the second day counts from the end of the first", target, want)
		}
		leave <- struct{}{}
		if w := <-answers; w.Code != 200 {
			t.Errorf("status %d", w.Code)
		}
	}
}

func TestAdvanceThatWaitsTooLongForItsTurnAnswers504(t *testing.T) {
	entered := make(chan struct{})
	d := newDesk(t, func(h *clock.HandlerConfig) {
		h.Limit = 50 * time.Millisecond
		h.Run = func(context.Context, time.Time) ([]string, error) {
			entered <- struct{}{}
			<-entered
			return nil, nil
		}
	})
	first := make(chan *httptest.ResponseRecorder)
	go func() { first <- d.request(t, "POST", "/advance", jsonType, `{"hours":1}`) }()
	<-entered
	mustAnswer(t, d.request(t, "POST", "/advance", jsonType, `{"hours":1}`), 504,
		`{"now":"2026-11-22T12:00:00Z","left":["an earlier advance"]}`)
	entered <- struct{}{}
	if w := <-first; w.Code != 200 {
		t.Errorf("the first advance: status %d, want 200", w.Code)
	}
}

func TestPageOfAnotherOriginCannotPost(t *testing.T) {
	for name, c := range map[string]struct {
		header, value string
		status        int
	}{
		"another site":          {"Sec-Fetch-Site", "cross-site", 403},
		"another port":          {"Sec-Fetch-Site", "same-site", 403},
		"another origin":        {"Origin", "https://example.org", 403},
		"a sandboxed page":      {"Origin", "null", 403},
		"its own page":          {"Sec-Fetch-Site", "same-origin", 303},
		"its own page, by name": {"Origin", "http://127.0.0.1:4005", 303},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, nil)
			r := httptest.NewRequestWithContext(t.Context(), "POST", "http://127.0.0.1:4005/advance", strings.NewReader("hours=1"))
			r.Header.Set("Content-Type", formType)
			r.Header.Set(c.header, c.value)
			w := httptest.NewRecorder()
			d.handler.ServeHTTP(w, r)
			if w.Code != c.status || (len(d.targets) > 0) != (c.status == 303) {
				t.Errorf("status %d, %d runs; want %d", w.Code, len(d.targets), c.status)
			}
		})
	}
}

func TestPageShowsDutchTimeAndWhatWaits(t *testing.T) {
	d := newDesk(t, func(h *clock.HandlerConfig) {
		h.Waiting = func(context.Context) ([]clock.Row, error) {
			return []clock.Row{{"Brieven <b>", "3"}, {"Stream", "0"}}, nil
		}
	})
	w := d.request(t, "GET", "/", "", "")
	page := w.Body.String()
	for _, want := range []string{
		"zondag 22 november 2026, 13:00:00 (CET)", "Sunday 22 November 2026, 13:00:00 (CET)",
		`datetime="2026-11-22T13:00:00&#43;01:00"`, `lang="nl"`, `lang="en"`,
		`name="hours" value="0.25"`, `name="hours" value="24"`, `name="hours" value="168"`, `name="hours" value="672"`,
		"+15 minuten", "+1 dag", "+7 dagen", "+28 dagen",
		`<th scope="row">Brieven &lt;b&gt;</th><td>3</td>`, `<th scope="row">Stream</th><td>0</td>`,
	} {
		if !strings.Contains(page, want) && !strings.Contains(page, strings.ReplaceAll(want, "+", "&#43;")) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(page, "<script") || strings.Contains(page, "Nog niet klaar") {
		t.Errorf("the page has a script, or an alarm without a cause:\n%s", page)
	}
	if got := w.Header().Get("Content-Security-Policy"); !strings.HasPrefix(got, "default-src 'none'") {
		t.Errorf("Content-Security-Policy %q", got)
	}
}

func TestPageWritesEveryDayAndMonthInDutch(t *testing.T) {
	c := open(t, t.TempDir(), time.Date(2026, time.January, 16, 10, 0, 0, 0, time.UTC))
	h, err := clock.NewHandler(clock.HandlerConfig{
		Clock: c, Run: func(context.Context, time.Time) ([]string, error) { return nil, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	for range 12 {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/", nil))
		_, rest, _ := strings.Cut(w.Body.String(), "<time")
		_, rest, _ = strings.Cut(rest, ">")
		date, _, _ := strings.Cut(rest, ",")
		seen = append(seen, date)
		if err := c.Advance(30 * 24 * time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"vrijdag 16 januari 2026", "zondag 15 februari 2026", "dinsdag 17 maart 2026", "donderdag 16 april 2026",
		"zaterdag 16 mei 2026", "maandag 15 juni 2026", "woensdag 15 juli 2026", "vrijdag 14 augustus 2026",
		"zondag 13 september 2026", "dinsdag 13 oktober 2026", "donderdag 12 november 2026", "zaterdag 12 december 2026",
	}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Errorf("dates (-want +got):\n%s", diff)
	}
}

func TestPageShowsWhyNothingCanBeRead(t *testing.T) {
	d := newDesk(t, func(h *clock.HandlerConfig) {
		h.Waiting = func(context.Context) ([]clock.Row, error) { return nil, errors.New("no queue") }
	})
	if page := d.request(t, "GET", "/", "", "").Body.String(); !strings.Contains(page, "no queue") {
		t.Errorf("the page hides the error:\n%s", page)
	}
}

func TestUnknownPathsAndMethodsAreRefused(t *testing.T) {
	d := newDesk(t, nil)
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{"GET", "/advance", 405}, {"POST", "/now", 405}, {"GET", "/x", 404}, {"GET", "/clock.css", 200},
	} {
		if w := d.request(t, c.method, c.path, "", ""); w.Code != c.status {
			t.Errorf("%s %s: status %d, want %d", c.method, c.path, w.Code, c.status)
		}
	}
	if _, err := clock.NewHandler(clock.HandlerConfig{}); err == nil {
		t.Error("a handler without a clock was made")
	}
}

func TestBrowserComesBackToThePage(t *testing.T) {
	d := newDesk(t, nil)
	server := httptest.NewServer(d.handler)
	defer server.Close()
	resp, err := server.Client().Post(server.URL+"/advance", formType, strings.NewReader("hours=24"))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != 200 || !strings.Contains(string(page), "maandag 23 november 2026") {
		t.Errorf("status %d, error %v, page %s", resp.StatusCode, err, page)
	}
}
