package file

import (
	"reflect"
	"strings"
	"testing"
)

func TestFormsAcceptTheirTextsAndNoOthers(t *testing.T) {
	cases := []struct {
		form      string
		good, bad []string
	}{
		{
			"address",
			[]string{"info@polarweb.nl", "a.b+c@mail.polarweb.nl", "O'Brien@example.nl"},
			[]string{
				"info", "info@", "@polarweb.nl", "info@polarweb", "Info <info@polarweb.nl>", "<info@polarweb.nl>",
				"a b@polarweb.nl", "info@polarweb.nl, b@polarweb.nl", "info@-polarweb.nl", "info@[127.0.0.1]", "ïnfo@polarweb.nl",
			},
		},
		{
			"domain",
			[]string{"polarweb.nl", "MX1.host-er.example", "xn--caf-dma.example"},
			[]string{"polarweb", "polar web.nl", ".nl", "polarweb.nl.", "-a.nl", "a-.nl", "polarweb.nl:25", strings.Repeat("a", 64) + ".nl"},
		},
		{
			"local_part",
			[]string{"info", "privacy.desk", strings.Repeat("a", 37)},
			[]string{"info+x", "in fo", "info@", "", strings.Repeat("a", 38)},
		},
		{
			"url",
			[]string{"https://www.polarweb.nl/privacy", "https://polarweb.nl"},
			[]string{
				"http://polarweb.nl", "polarweb.nl", "https://", "https://polarweb", "https://me:secret@polarweb.nl",
				"https://polarweb.nl/a b", "javascript:alert(1)", "https://%zz.nl",
			},
		},
		{"date", []string{"2018-05-25", "2028-02-29"}, []string{"2027-02-29", "25-05-2018", "2018-5-25", "2018-05-25T00:00:00Z", "soon"}},
		{"zone", []string{"Europe/Amsterdam", "UTC"}, []string{"Local", "Europe/Utrecht", "../etc/passwd", "CEST"}},
		{"colour", []string{"#1f4e79", "#ABCDEF"}, []string{"1f4e79", "#1f4", "#1f4e7g", "#1f4e790", "blue", "rgb(0,0,0)"}},
		{"sha256", []string{strings.Repeat("0f", 32)}, []string{strings.Repeat("0F", 32), strings.Repeat("0f", 31), strings.Repeat("0g", 32)}},
		{"kvk", []string{"12345678", "01234567"}, []string{"1234567", "123456789", "1234567a", "12 34 56"}},
		{"id", []string{"anouk", "j2", strings.Repeat("a", 20)}, []string{"a", "Anouk", "2j", "a-b", "a b", "é1", strings.Repeat("a", 21)}},
		{"prefix", []string{"AVG", "GDPRDESK"}, []string{"A", "avg", "AVG1", "AV-G", "GDPRDESKS"}},
		{
			"plain",
			[]string{"a", "Wij bewaren dit (art. 52 AWR) & wissen 't.", strings.Repeat("ë", mostPlain)},
			[]string{"<b>", "a > b", "{{.Name}}", "}", strings.Repeat("ë", mostPlain+1)},
		},
		{"no such form", nil, []string{"anything"}},
	}
	for _, c := range cases {
		for _, text := range c.good {
			if !fits(c.form, text) {
				t.Errorf("%s refuses %q", c.form, text)
			}
		}
		for _, text := range c.bad {
			if fits(c.form, text) {
				t.Errorf("%s accepts %q", c.form, text)
			}
		}
	}
}

func TestEveryFormInTheProfileIsKnown(t *testing.T) {
	everyKey(reflect.ValueOf(whole()), "", func(path string, _ reflect.Value, k key) {
		if k.form != "" && wanted(k.form) == wanted("") {
			t.Errorf("%s has the unknown form %q", path, k.form)
		}
	})
}

func TestNearestWordIsTheOneMisspelt(t *testing.T) {
	keys := []string{"address", "addresses", "kvk", "email", "privacy_statement_url", "mx", "copy"}
	cases := []struct{ word, want string }{
		{"adress", "address"},
		{"adresses", "addresses"},
		{"addres", "address"},
		{"Email", "email"},
		{"emial", "email"},
		{"privacy_statment_url", "privacy_statement_url"},
		{"kopy", "copy"},
		{"xm", "mx"},
		{"kvknummer", ""},
		{"telephone", ""},
		{"", ""},
	}
	for _, c := range cases {
		if got := nearest(c.word, keys); got != c.want {
			t.Errorf("nearest(%q) = %q, want %q", c.word, got, c.want)
		}
	}
}

func TestDistanceCountsKeystrokes(t *testing.T) {
	cases := []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"", "abc", 3},
		{"abc", "", 3},
		{"copy", "copy", 0},
		{"kopy", "copy", 1},
		{"emial", "email", 1},
		{"handeler", "handler", 1},
		{"kitten", "sitting", 3},
		{"bezwäar", "bezwaar", 1},
	}
	for _, c := range cases {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
