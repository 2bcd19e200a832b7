package organisation

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Encode writes the profile as organisation.json. Keys come in the order of
// the types and map keys sorted, so equal profiles give equal bytes and a
// build can be repeated.
func (p Profile) Encode(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	// The file is no web page: an ampersand in a name stays readable.
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(p); err != nil {
		return fmt.Errorf("write organisation.json: %w", err)
	}
	return nil
}

// Decode reads organisation.json back. A key that this program does not know
// means that the file and the function were built from different sources, and
// is an error rather than a setting silently lost; so is anything that follows
// the profile.
func Decode(r io.Reader) (Profile, error) {
	decoder := json.NewDecoder(r)
	decoder.DisallowUnknownFields()
	var p Profile
	if err := decoder.Decode(&p); err != nil {
		return Profile{}, fmt.Errorf("read organisation.json: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Profile{}, errors.New("read organisation.json: text after the profile")
	}
	return p, nil
}
