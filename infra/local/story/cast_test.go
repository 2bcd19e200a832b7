package story

import (
	"net/url"
	"testing"
)

func TestQueryMustSayAllThatIsMeant(t *testing.T) {
	query := url.Values{"systeem": {"hosting"}, "recht": {"access"}}
	for _, one := range []struct {
		said []string
		want bool
	}{
		{nil, true},
		{[]string{"systeem", "hosting"}, true},
		{[]string{"systeem", "hosting", "recht", "access"}, true},
		{[]string{"systeem", "hosting", "recht", "erasure"}, false},
		{[]string{"systeem", "post"}, false},
	} {
		if got := asks(query, one.said); got != one.want {
			t.Errorf("%q: %v", one.said, got)
		}
	}
}

func TestCodeIsGivenOnceOnly(t *testing.T) {
	for _, one := range []struct {
		pairs []string
		want  bool
	}{
		{nil, false},
		{[]string{"uitkomst", "code"}, false},
		{[]string{"uitkomst", "granted", "code", "123456"}, true},
	} {
		if got := gives(one.pairs, "code"); got != one.want {
			t.Errorf("%q: %v", one.pairs, got)
		}
	}
}
