package clock

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/url"
	"strconv"
	"time"
)

// maxStep bounds the body of a request to advance.
const maxStep = 4 << 10

// amount is a step as it is asked for: exactly one of the two.
type amount struct {
	Hours   *float64 `json:"hours"`
	Seconds *float64 `json:"seconds"`
}

// readStep reads how far to advance. The body itself tells JSON from a form:
// curl calls JSON a form when nobody tells it otherwise.
func readStep(body io.Reader) (step time.Duration, isForm bool, err error) {
	content, err := io.ReadAll(body)
	if err != nil {
		return 0, false, fmt.Errorf("reading the step: %w", err)
	}
	var a amount
	if isForm = !bytes.HasPrefix(bytes.TrimSpace(content), []byte("{")); isForm {
		a, err = parseForm(string(content))
	} else {
		a, err = parseJSON(content)
	}
	if err != nil {
		return 0, isForm, err
	}
	step, err = a.duration()
	return step, isForm, err
}

// parseJSON reads {"hours": N} or {"seconds": N} and nothing else.
func parseJSON(content []byte) (amount, error) {
	var a amount
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&a); err != nil {
		return amount{}, fmt.Errorf("reading the step as JSON: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return amount{}, errors.New("reading the step as JSON: something follows the object")
	}
	return a, nil
}

// parseForm reads hours=N or seconds=N and nothing else.
func parseForm(content string) (amount, error) {
	values, err := url.ParseQuery(content)
	if err != nil {
		return amount{}, fmt.Errorf("reading the step as a form: %w", err)
	}
	var a amount
	for name, all := range values {
		number, err := strconv.ParseFloat(all[0], 64)
		if err != nil || len(all) != 1 {
			return amount{}, errors.New("reading the step as a form: one number is wanted")
		}
		switch name {
		case "hours":
			a.Hours = &number
		case "seconds":
			a.Seconds = &number
		default:
			return amount{}, errors.New("reading the step as a form: only hours and seconds are known")
		}
	}
	return a, nil
}

// duration checks an amount and makes a duration of it.
func (a amount) duration() (time.Duration, error) {
	var seconds float64
	switch {
	case (a.Hours == nil) == (a.Seconds == nil):
		return 0, errors.New("give either hours or seconds")
	case a.Hours != nil:
		seconds = *a.Hours * 3600
	default:
		seconds = *a.Seconds
	}
	// NaN, which a form can hold, is not within the range either.
	if !(seconds >= 0 && seconds <= MaxAdvance.Seconds()) {
		return 0, ErrRange
	}
	return time.Duration(math.Round(seconds * float64(time.Second))), nil
}
