package file

import (
	"fmt"
	"net/mail"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// mostPlain bounds a text of the data map. An answer repeats all of them for
// each system, and nobody reads a page about one.
const mostPlain = 400

// wanted says in words what a text of a form looks like.
func wanted(form string) string {
	switch form {
	case "address":
		return "a mail address such as info@example.nl"
	case "domain":
		return "a host name such as mail.example.nl"
	case "local_part":
		return "the part of a mail address before the @, such as info, of at most 37 characters and without a plus"
	case "url":
		return "a web address that begins with https://"
	case "date":
		return "a date that exists, written as 2018-05-25"
	case "zone":
		return "a time zone such as Europe/Amsterdam"
	case "colour":
		return "a colour of six hexadecimal digits such as #1f4e79"
	case "sha256":
		return "a SHA-256 sum of 64 lower-case hexadecimal digits"
	case "kvk":
		return "a number of eight digits"
	case "id":
		return "a short word of 2 to 20 lower-case letters and digits that begins with a letter"
	case "prefix":
		return "2 to 8 capital letters"
	case "plain":
		return fmt.Sprintf("plain text of at most %d characters, without < > { or }", mostPlain)
	}
	return "text"
}

// fits says whether a text has its form. A form it does not know is fitted by
// nothing, so that a misspelt tag shows in the first test.
func fits(form, text string) bool {
	switch form {
	case "":
		return true
	case "address":
		return isAddress(text)
	case "domain":
		return isDomain(text)
	case "local_part":
		return isLocalPart(text)
	case "url":
		return isWebAddress(text)
	case "date":
		_, err := time.Parse(time.DateOnly, text)
		return err == nil
	case "zone":
		// "Local" would make a deadline depend on the machine.
		_, err := time.LoadLocation(text)
		return err == nil && text != "Local"
	case "colour":
		return len(text) == 7 && text[0] == '#' && only(strings.ToLower(text[1:]), hexDigits)
	case "sha256":
		return len(text) == 64 && only(text, hexDigits)
	case "kvk":
		return len(text) == 8 && only(text, digits)
	case "id":
		return between(text, 2, 20) && only(text[:1], letters) && only(text, letters+digits)
	case "prefix":
		return between(text, 2, 8) && only(text, strings.ToUpper(letters))
	case "plain":
		// These texts stand in letters and pages: a mark-up or template sign in
		// one is a mistake, and would look like one to the reader.
		return utf8.RuneCountInString(text) <= mostPlain && !strings.ContainsAny(text, "<>{}")
	}
	return false
}

const (
	digits    = "0123456789"
	hexDigits = digits + "abcdef"
	letters   = "abcdefghijklmnopqrstuvwxyz"
)

// only says that a text is made of these characters alone.
func only(text, characters string) bool { return strings.Trim(text, characters) == "" }

// between says that a text has from least to most bytes.
func between(text string, least, most int) bool { return least <= len(text) && len(text) <= most }

// isAddress accepts a bare mail address in ASCII. A name or angle brackets
// around it would end up in places that expect an address only.
func isAddress(text string) bool {
	parsed, err := mail.ParseAddress(text)
	if err != nil || parsed.Address != text {
		return false
	}
	_, domain, _ := strings.Cut(text, "@")
	return isASCII(text) && isDomain(domain)
}

// isDomain accepts a host name of at least two labels (RFC 1123, section 2.1).
func isDomain(text string) bool {
	labels := strings.Split(strings.ToLower(text), ".")
	for _, label := range labels {
		if !between(label, 1, 63) || !only(label, letters+digits+"-") || strings.Trim(label, "-") != label {
			return false
		}
	}
	return len(labels) >= 2 && len(text) <= 253
}

// isLocalPart accepts what may stand before the plus of a thread's address. A
// local part has at most 64 octets (RFC 5321, section 4.5.3.1.1), and the plus
// and the token of 26 characters take 27 of them.
func isLocalPart(text string) bool {
	return len(text) <= 64-27 && !strings.Contains(text, "+") && isAddress(text+"@example.nl")
}

// isWebAddress accepts an https address without a name or password in it.
func isWebAddress(text string) bool {
	parsed, err := url.Parse(text)
	return err == nil && parsed.Scheme == "https" && parsed.User == nil &&
		isDomain(parsed.Hostname()) && !strings.Contains(text, " ")
}

// isASCII says that a text has no character beyond ASCII; SES wants host names
// in their ASCII form.
func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r > 126 })
}
