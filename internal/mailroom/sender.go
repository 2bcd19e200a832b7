package mailroom

import (
	"net/mail"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

// sender is who the mail says it is from, and what is strange about that.
type sender struct {
	address   string // addr-spec, its domain in lower case; empty when there is none
	name      string // only ever shown
	anomalies []string
}

// harmless lists the anomalies that staff should see but that do not make the
// sender's address doubtful.
func harmless(anomaly string) bool {
	switch anomaly {
	case "reply-to-elsewhere", "name-with-address":
		return true
	}
	return false
}

const (
	maxName    = 200
	maxAddress = 320 // RFC 5321, section 4.5.3.1: 64 + 1 + 255
)

// readSender reads From. Exactly one field with exactly one mailbox is a
// sender; of anything else, mail programs show different people (Chen, Paxson
// and Jiang, "Composition Kills", list 18 ways to use that).
func readSender(h *header) sender {
	s := sender{anomalies: slices.Clone(h.anomalies)}
	fields := h.all("from")
	if len(fields) == 0 {
		s.anomalies = append(s.anomalies, "no-from-field")
		return s
	}
	if len(fields) > 1 {
		s.anomalies = append(s.anomalies, "two-from-fields")
	}
	if !s.readFrom(fields[0]) {
		s.anomalies = append(s.anomalies, "unreadable-from")
		return s
	}
	s.judgeAddress()
	s.judgeReplyTo(h.all("reply-to"))
	return s
}

// readFrom reads the mailbox of one From field. A field that names several
// gives the first, marked as such: staff need to know whom the mail names, and
// the mark keeps that person from being answered.
func (s *sender) readFrom(value string) bool {
	value = strings.ReplaceAll(value, "\x00", "")
	if strings.Contains(withoutQuoted(withoutComments(value)), ";") {
		s.anomalies = append(s.anomalies, "group-syntax")
	}
	parser := mail.AddressParser{}
	list, err := parser.ParseList(toUTF8(value))
	if err != nil {
		address := looseAddress(value)
		s.anomalies = append(s.anomalies, "bad-from-syntax")
		s.address = normalAddress(address)
		return s.address != ""
	}
	if len(list) != 1 {
		s.anomalies = append(s.anomalies, "several-senders")
	}
	if len(list) == 0 {
		return false
	}
	s.address = normalAddress(list[0].Address)
	s.name = oneLine(decodeWords(list[0].Name), maxName)
	return s.address != ""
}

// looseAddress finds an address in a From that breaks the rules ("Jan <jan@x"),
// so that staff know whom the mail names. Its mail is never level A or B.
func looseAddress(value string) string {
	for _, word := range strings.FieldsFunc(value, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("<>\"'(),;:[]", r)
	}) {
		if at := strings.LastIndex(word, "@"); at > 0 && at < len(word)-1 {
			return word
		}
	}
	return ""
}

// normalAddress writes an addr-spec in its one form: the domain in lower case,
// the local part as it is, because only its own server knows whether case
// matters there (RFC 5321, section 2.4).
func normalAddress(address string) string {
	local, domain, found := cutLast(address, "@")
	if !found || local == "" || domain == "" || len(address) > maxAddress || strings.ContainsFunc(address, hidden) {
		return ""
	}
	return local + "@" + strings.TrimSuffix(strings.ToLower(domain), ".")
}

// cutLast cuts around the last separator.
func cutLast(text, sep string) (before, after string, found bool) {
	at := strings.LastIndex(text, sep)
	if at < 0 {
		return text, "", false
	}
	return text[:at], text[at+len(sep):], true
}

// domainOf gives the domain of an address, in lower case.
func domainOf(address string) string {
	_, domain, _ := cutLast(address, "@")
	return strings.ToLower(strings.TrimSuffix(domain, "."))
}

// judgeAddress notes what makes the address look like another one.
func (s *sender) judgeAddress() {
	local, domain, _ := cutLast(s.address, "@")
	if !isASCII(domain) {
		s.anomalies = append(s.anomalies, "non-ascii-domain")
	} else if !plainDomain(domain) {
		s.anomalies = append(s.anomalies, "foreign-script-domain")
	}
	if !isASCII(local) {
		s.anomalies = append(s.anomalies, "non-ascii-address")
	}
	if strings.ContainsAny(local, " \"@") {
		s.anomalies = append(s.anomalies, "quoted-address")
	}
	if strings.Contains(s.name, "@") && !strings.EqualFold(s.name, s.address) {
		s.anomalies = append(s.anomalies, "name-with-address")
	}
}

// plainDomain reports whether a domain shows only Latin letters: an encoded
// label (RFC 3492) may spell another domain's name in look-alike letters.
func plainDomain(domain string) bool {
	if !strings.Contains(domain, "xn--") {
		return true
	}
	shown, err := idna.Punycode.ToUnicode(domain)
	if err != nil {
		return false
	}
	for _, r := range shown {
		if unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) || unicode.Is(unicode.Mn, r) {
			return false
		}
	}
	return true
}

// judgeReplyTo notes an answer address in another domain. Reply-To is never a
// destination, so that this is a sign and nothing more.
func (s *sender) judgeReplyTo(fields []string) {
	for _, value := range fields {
		list, err := mail.ParseAddressList(toUTF8(value))
		if err != nil {
			continue
		}
		for _, other := range list {
			if domainOf(other.Address) != domainOf(s.address) && !slices.Contains(s.anomalies, "reply-to-elsewhere") {
				s.anomalies = append(s.anomalies, "reply-to-elsewhere")
			}
		}
	}
}

// isASCII reports whether text holds only printable ASCII.
func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r > 0x7e || r < 0x20 })
}
