// Package stepup makes the codes that staff type beside a signed link: a link
// in a mail says who was written to, the code says who is here.
//
// A code is a TOTP (RFC 6238) with what every authenticator app takes for
// granted: HMAC-SHA-1, six digits, a new code every 30 seconds. The package
// makes secrets, shows them to their owner as text, address and picture, and
// computes codes; it compares and stores nothing. Secrets lie sealed in
// casestore, and casework decides which code counts.
//
//	secret, err := stepup.NewSecret(random)
//	code, err := stepup.CodeAt(secret, stepup.StepAt(now))
package stepup

import (
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
)

const (
	// secretSize is the length of a new secret in bytes: that of the hash, which
	// RFC 4226 section 4 (R6) recommends.
	secretSize = 20
	// minSecret is the least that R6 allows.
	minSecret = 16
	// stepSeconds is the default time step of RFC 6238 section 4.1.
	stepSeconds = 30
)

var (
	// ErrSecret is returned for what cannot be a secret.
	ErrSecret = errors.New("not a secret for codes")
	// ErrLabel is returned for names that an authenticator app would read as
	// something else.
	ErrLabel = errors.New("a name for an authenticator app must have characters, and no colon among them")
)

// NewSecret draws a new secret.
func NewSecret(random io.Reader) ([]byte, error) {
	secret := make([]byte, secretSize)
	if _, err := io.ReadFull(random, secret); err != nil {
		return nil, fmt.Errorf("drawing a secret: %w", err)
	}
	return secret, nil
}

// StepAt gives the time step an instant lies in.
func StepAt(at time.Time) int64 { return at.Unix() / stepSeconds }

// CodeAt gives the code of a secret for a time step.
func CodeAt(secret []byte, step int64) (string, error) {
	if len(secret) < minSecret || step < 0 {
		return "", ErrSecret
	}
	code, err := hotp.GenerateCodeCustom(Text(secret), uint64(step), hotp.ValidateOpts{
		Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1,
	})
	if err != nil {
		return "", fmt.Errorf("computing a code: %w", err)
	}
	return code, nil
}

// plainText is the alphabet in which authenticator apps take a secret.
func plainText() *base32.Encoding { return base32.StdEncoding.WithPadding(base32.NoPadding) }

// Text gives a secret as a person may type it into an authenticator app.
func Text(secret []byte) string { return plainText().EncodeToString(secret) }

// ParseText reads what Text gave. Case and spaces are the typist's own.
func ParseText(text string) ([]byte, error) {
	joined := strings.ToUpper(strings.Join(strings.Fields(text), ""))
	secret, err := plainText().DecodeString(joined)
	if err != nil || len(secret) < minSecret || Text(secret) != joined {
		return nil, ErrSecret // what was typed may be nearly a secret, and is not repeated
	}
	return secret, nil
}

// URL gives the address by which an authenticator app takes a secret over. The
// app shows organisation and account; account is an id and never an address.
// The library's own address breaks at an ampersand in the name of a company.
func URL(organisation, account string, secret []byte) (string, error) {
	for _, name := range []string{organisation, account} {
		if strings.TrimSpace(name) == "" || strings.Contains(name, ":") {
			return "", ErrLabel
		}
	}
	if len(secret) < minSecret {
		return "", ErrSecret
	}
	settings := url.Values{
		"secret": {Text(secret)}, "issuer": {organisation},
		"algorithm": {"SHA1"}, "digits": {"6"}, "period": {strconv.Itoa(stepSeconds)},
	}
	address := url.URL{
		Scheme: "otpauth", Host: "totp", Path: "/" + organisation + ":" + account,
		// Apps read %20 as a space and show a plus as a plus.
		RawQuery: strings.ReplaceAll(settings.Encode(), "+", "%20"),
	}
	return address.String(), nil
}
