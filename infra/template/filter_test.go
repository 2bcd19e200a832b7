package template

import (
	"encoding/json"
	"testing"
)

func TestFilterMatchesAsTheEventBridgeLanguageSays(t *testing.T) {
	const letter = `{"eventName":"INSERT","dynamodb":{"Keys":{"sk":{"S":"LETTER#receipt#1"}},"n":3,"ok":true,"none":null,"tags":["a","b"]}}`
	tests := []struct {
		name, pattern string
		want          bool
	}{
		{"exact text", `{"eventName":["INSERT"]}`, true},
		{"other text", `{"eventName":["REMOVE"]}`, false},
		{"one of several", `{"eventName":["REMOVE","INSERT"]}`, true},
		{"text is compared with case", `{"eventName":["insert"]}`, false},
		{"prefix", `{"dynamodb":{"Keys":{"sk":{"S":[{"prefix":"LETTER#"}]}}}}`, true},
		{"other prefix", `{"dynamodb":{"Keys":{"sk":{"S":[{"prefix":"PARCEL#"}]}}}}`, false},
		{"prefix or prefix", `{"dynamodb":{"Keys":{"sk":{"S":[{"prefix":"PARCEL#"},{"prefix":"LETTER#"}]}}}}`, true},
		{"prefix of a number", `{"dynamodb":{"n":[{"prefix":"3"}]}}`, false},
		{"suffix", `{"dynamodb":{"Keys":{"sk":{"S":[{"suffix":"#1"}]}}}}`, true},
		{"all fields must match", `{"eventName":["REMOVE"],"dynamodb":{"n":[3]}}`, false},
		{"number", `{"dynamodb":{"n":[3]}}`, true},
		{"number is not text", `{"dynamodb":{"n":["3"]}}`, false},
		{"boolean", `{"dynamodb":{"ok":[true]}}`, true},
		{"null", `{"dynamodb":{"none":[null]}}`, true},
		{"null is not absence", `{"dynamodb":{"absent":[null]}}`, false},
		{"one element of a list", `{"dynamodb":{"tags":["b"]}}`, true},
		{"no element of a list", `{"dynamodb":{"tags":["c"]}}`, false},
		{"anything-but another", `{"eventName":[{"anything-but":"REMOVE"}]}`, true},
		{"anything-but itself", `{"eventName":[{"anything-but":"INSERT"}]}`, false},
		{"anything-but a list", `{"eventName":[{"anything-but":["MODIFY","INSERT"]}]}`, false},
		{"anything-but a prefix", `{"dynamodb":{"Keys":{"sk":{"S":[{"anything-but":{"prefix":"LETTER#"}}]}}}}`, false},
		{"anything-but wants a field", `{"absent":[{"anything-but":"x"}]}`, false},
		{"exists", `{"eventName":[{"exists":true}]}`, true},
		{"exists not", `{"eventName":[{"exists":false}]}`, false},
		{"absent", `{"absent":[{"exists":false}]}`, true},
		{"absent in an absent object", `{"absent":{"deep":[{"exists":false}]}}`, true},
		{"exists looks at leaves only", `{"dynamodb":[{"exists":true}]}`, false},
		{"a leaf does not match an object", `{"dynamodb":["x"]}`, false},
		{"an object does not match a leaf", `{"eventName":{"S":["x"]}}`, false},
	}
	event := map[string]any{}
	if err := json.Unmarshal([]byte(letter), &event); err != nil {
		t.Fatal(err)
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			filter, err := ParseFilter([]byte(test.pattern))
			if err != nil {
				t.Fatal(err)
			}
			if got := filter.Matches(event); got != test.want {
				t.Errorf("%s matches: %v, want %v", test.pattern, got, test.want)
			}
		})
	}
}

func TestFilterRefusesWhatItWouldUnderstandByHalves(t *testing.T) {
	for _, pattern := range []string{
		``, `{`, `[]`, `null`, `{}`, `{"a":{}}`, `{"a":[]}`, `{"a":"x"}`, `{"a":[["x"]]}`, `{"a":["x"]} x`,
		`{"a":[{"numeric":["=",3]}]}`, `{"a":[{"prefix":3}]}`, `{"a":[{"exists":"yes"}]}`,
		`{"a":[{"prefix":"x","exists":true}]}`, `{"a":[{"anything-but":[]}]}`,
		`{"a":[{"anything-but":{"exists":true}}]}`, `{"$or":[{"a":["x"]}]}`,
	} {
		if _, err := ParseFilter([]byte(pattern)); err == nil {
			t.Errorf("the pattern %q was accepted", pattern)
		}
	}
}

func TestSeveralFiltersAreAlternatives(t *testing.T) {
	one, err := ParseFilter([]byte(`{"a":["1"]}`))
	if err != nil {
		t.Fatal(err)
	}
	two, err := ParseFilter([]byte(`{"a":["2"]}`))
	if err != nil {
		t.Fatal(err)
	}
	event := map[string]any{"a": "2"}
	if !MatchesAny([]Filter{one, two}, event) || MatchesAny([]Filter{one}, event) {
		t.Error("the second filter was not asked, or the first let everything through")
	}
	if !MatchesAny(nil, event) {
		t.Error("without filters everything passes")
	}
	if (Filter{}).Matches(event) {
		t.Error("the zero filter let an event through")
	}
}

func TestFilterOfRefusesWhatIsNoPattern(t *testing.T) {
	if _, err := FilterOf("text"); err == nil {
		t.Error("a text was accepted as a pattern")
	}
	if _, err := FilterOf(map[string]any{"a": func() {}}); err == nil {
		t.Error("a function was accepted as a pattern")
	}
}
