package clock

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"time"
)

// runLimit is how long an advance may take before it answers 504.
const runLimit = 120 * time.Second

// Row is one line of the page's table of what is waiting.
type Row struct{ Name, Value string }

// HandlerConfig says what the clock's pages work with.
type HandlerConfig struct {
	// Clock is the clock.
	Clock *Clock
	// Run brings the stack to the target and returns what is left undone.
	Run func(ctx context.Context, target time.Time) (left []string, err error)
	// Limit bounds an advance, its wait for an earlier one included; zero means
	// 120 seconds.
	Limit time.Duration
	// Waiting lists what the page shows as waiting; nil shows no table.
	Waiting func(ctx context.Context) ([]Row, error)
}

// handler is the clock's REST interface and page.
type handler struct {
	HandlerConfig
	page  *template.Template
	place *time.Location
	turn  chan struct{} // holds a token while an advance runs
}

// NewHandler returns
//
//	GET  /now      {"now": RFC 3339, "offsetSeconds": N}
//	POST /advance  {"hours": N} or {"seconds": N}, as JSON or as a form
//	GET  /         a page for people
//
// A page of another origin cannot post: it could age the cases of a developer
// who only visits it.
func NewHandler(c HandlerConfig) (http.Handler, error) {
	if c.Clock == nil || c.Run == nil {
		return nil, errors.New("the clock's handler needs a clock and a Run function")
	}
	if c.Limit <= 0 {
		c.Limit = runLimit
	}
	place, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		return nil, fmt.Errorf("loading the time zone: %w", err)
	}
	page, err := template.New("clock").Parse(pageSource)
	if err != nil {
		return nil, fmt.Errorf("reading the clock's page: %w", err)
	}
	h := &handler{HandlerConfig: c, page: page, place: place, turn: make(chan struct{}, 1)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /now", h.serveNow)
	mux.HandleFunc("POST /advance", h.serveAdvance)
	mux.HandleFunc("GET /clock.css", h.serveStyle)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		h.servePage(w, r, http.StatusOK, nil)
	})
	return http.NewCrossOriginProtection().Handler(mux), nil
}

// report is the JSON of every answer about time.
type report struct {
	Now           string   `json:"now"`
	OffsetSeconds *float64 `json:"offsetSeconds,omitempty"`
	Left          []string `json:"left,omitzero"`
}

// now is the stack's time in the form that all answers have.
func (h *handler) now() string { return h.Clock.Now().UTC().Format(time.RFC3339Nano) }

// serveNow tells the time.
func (h *handler) serveNow(w http.ResponseWriter, _ *http.Request) {
	offset := h.Clock.Offset().Seconds()
	writeJSON(w, http.StatusOK, report{Now: h.now(), OffsetSeconds: &offset})
}

// serveAdvance moves the time and answers in the form of the request: JSON for
// JSON, the page for its own forms.
func (h *handler) serveAdvance(w http.ResponseWriter, r *http.Request) {
	step, isForm, err := readStep(http.MaxBytesReader(w, r.Body, maxStep))
	if err != nil {
		refuse(w, http.StatusBadRequest, err)
		return
	}
	left, err := h.advance(r.Context(), step)
	late := len(left) > 0 || errors.Is(err, context.DeadlineExceeded)
	switch {
	case err != nil && !late:
		refuse(w, http.StatusInternalServerError, err)
	case late && isForm:
		h.servePage(w, r, http.StatusGatewayTimeout, append([]string{}, left...))
	case late:
		writeJSON(w, http.StatusGatewayTimeout, report{Now: h.now(), Left: append([]string{}, left...)})
	case isForm:
		http.Redirect(w, r, "/", http.StatusSeeOther)
	default:
		writeJSON(w, http.StatusOK, report{Now: h.now()})
	}
}

// advance waits for its turn and brings the stack forward. The target counts
// from the moment of its turn, so two advances of a day make two days.
func (h *handler) advance(ctx context.Context, step time.Duration) (left []string, err error) {
	ctx, cancel := context.WithTimeout(ctx, h.Limit)
	defer cancel()
	select {
	case h.turn <- struct{}{}:
		defer func() { <-h.turn }()
	case <-ctx.Done():
		return []string{"an earlier advance"}, ctx.Err()
	}
	return h.Run(ctx, h.Clock.Now().Add(step))
}

// refuse answers with what is wrong.
func refuse(w http.ResponseWriter, status int, err error) {
	writeJSON(w, status, struct {
		Message string `json:"message"`
	}{err.Error()})
}

// writeJSON writes one answer; time goes on, so nothing may keep it.
func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value) // the client may be gone
}
