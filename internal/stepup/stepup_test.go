package stepup_test

import (
	"bytes"
	"errors"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/stepup"
)

// published is the secret of the test vectors of RFC 6238.
func published() []byte { return []byte("12345678901234567890") }

// TestCodesAreThoseOfRFC6238 holds the SHA-1 vectors of appendix B, of which
// six digits are the last six of the eight printed there.
func TestCodesAreThoseOfRFC6238(t *testing.T) {
	for seconds, want := range map[int64]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471",
		1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
	} {
		got, err := stepup.CodeAt(published(), stepup.StepAt(time.Unix(seconds, 0)))
		if err != nil || got != want {
			t.Errorf("at %d the code is %q, %v; want %q", seconds, got, err, want)
		}
	}
}

func TestStepLastsThirtySeconds(t *testing.T) {
	for seconds, want := range map[int64]int64{0: 0, 29: 0, 30: 1, 59: 1, 60: 2} {
		if got := stepup.StepAt(time.Unix(seconds, 999_999_999)); got != want {
			t.Errorf("%d seconds are in step %d, want %d", seconds, got, want)
		}
	}
}

func TestSecretIsTwentyBytesOfTheGivenChance(t *testing.T) {
	chance := bytes.Repeat([]byte{7, 8, 9, 10}, 10)
	secret, err := stepup.NewSecret(bytes.NewReader(chance))
	if err != nil || !bytes.Equal(secret, chance[:20]) {
		t.Errorf("the secret is %v, %v", secret, err)
	}
	if _, err := stepup.NewSecret(bytes.NewReader(chance[:19])); err == nil {
		t.Error("a secret was made of too little chance")
	}
	broken := errors.New("broken")
	if _, err := stepup.NewSecret(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("without chance: %v", err)
	}
}

func TestNoCodeWithoutAProperSecret(t *testing.T) {
	for name, secret := range map[string][]byte{"none": nil, "short": published()[:15]} {
		if code, err := stepup.CodeAt(secret, 1); !errors.Is(err, stepup.ErrSecret) {
			t.Errorf("%s: code %q, %v", name, code, err)
		}
		if address, err := stepup.URL("PolarWeb", "anouk", secret); !errors.Is(err, stepup.ErrSecret) {
			t.Errorf("%s: address %q, %v", name, address, err)
		}
	}
	if code, err := stepup.CodeAt(published(), -1); err == nil {
		t.Errorf("before 1970 the code is %q", code)
	}
}

func TestTextOfASecretReadsBackAsTyped(t *testing.T) {
	const text = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	if got := stepup.Text(published()); got != text {
		t.Errorf("the text is %q", got)
	}
	for _, typed := range []string{text, strings.ToLower(text), "gezd gnbv GY3T qojq\tgezd gnbv gy3t qojq\n"} {
		if got, err := stepup.ParseText(typed); err != nil || !bytes.Equal(got, published()) {
			t.Errorf("%q reads as %q, %v", typed, got, err)
		}
	}
	for _, typed := range []string{"", text[:24], text[:31], text + "=", "0" + text[1:], "GEZDGNBVGY3TQOJQGEZDGNBVGZ"} {
		if got, err := stepup.ParseText(typed); !errors.Is(err, stepup.ErrSecret) {
			t.Errorf("%q reads as %q, %v", typed, got, err)
		}
	}
}

func TestAddressNamesOrganisationAccountAndTheUsualSettings(t *testing.T) {
	address, err := stepup.URL("Ijs & Zonen B.V.", "anouk", published())
	if err != nil {
		t.Fatal(err)
	}
	read, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	if got := read.Scheme + "://" + read.Host + read.Path; got != "otpauth://totp/Ijs & Zonen B.V.:anouk" {
		t.Errorf("the address begins %s", got)
	}
	if strings.Contains(address, "+") {
		t.Errorf("a space became a plus, which apps show: %s", address)
	}
	want := url.Values{
		"secret": {"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"}, "issuer": {"Ijs & Zonen B.V."},
		"algorithm": {"SHA1"}, "digits": {"6"}, "period": {"30"},
	}
	if diff := cmp.Diff(want, read.Query()); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
}

func TestNamesThatAnAppWouldMisreadAreRefused(t *testing.T) {
	for _, names := range [][2]string{{"", "anouk"}, {"PolarWeb", ""}, {" ", "anouk"}, {"Polar:Web", "anouk"}, {"PolarWeb", "a:b"}} {
		if address, err := stepup.URL(names[0], names[1], published()); !errors.Is(err, stepup.ErrLabel) {
			t.Errorf("%q: address %q, %v", names, address, err)
		}
	}
}
