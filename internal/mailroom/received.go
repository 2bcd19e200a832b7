package mailroom

import (
	"net/mail"
	"slices"
	"strings"
	"time"
)

// maxBefore is how far a Received line may lie before the moment SES took the
// mail in. Further back is a wrong clock, not a slow server: mail servers give
// up after five days (RFC 5321, section 4.5.4.1).
const maxBefore = 7 * 24 * time.Hour

// hop is one Received field: one server that had the mail.
type hop struct {
	index int    // its place in the header
	from  string // the name the server looked up for its peer, in lower case
	by    string
	at    time.Time
}

// received gives the receipt instant from which the legal clock runs: the first
// stamp of the organisation's own mail servers, else SES's own. Lines below the
// first stranger are the sender's word.
//
// art. 12(3) GDPR counts from receipt of the request, and the mail provider
// receives for the organisation.
func (r Reader) received(h *header, takenIn time.Time) time.Time {
	earliest := takenIn
	for _, hop := range r.trustedHops(h) {
		if hop.at.Before(earliest) && !hop.at.Before(takenIn.Add(-maxBefore)) {
			earliest = hop.at
		}
	}
	return earliest
}

// trustedHops gives the Received fields from the top that trusted servers
// wrote. The line of SES stands above them and is passed over.
func (r Reader) trustedHops(h *header) []hop {
	var trusted []hop
	for i, hop := range hops(h) {
		if i == 0 && isSES(hop.by) {
			continue
		}
		if !r.trusts(hop.by) {
			break
		}
		trusted = append(trusted, hop)
	}
	return trusted
}

// cameByRoute reports whether the header at index was written on the way from
// the provider to us. Who sends straight to the address at SES can write any
// line of the provider, but not the line in which SES names its peer.
func (r Reader) cameByRoute(h *header, index int) bool {
	for i, hop := range hops(h) {
		if i == 0 && isSES(hop.by) {
			if !r.trusts(hop.from) {
				return false
			}
			continue
		}
		if hop.index < index && !r.trusts(hop.by) {
			return false
		}
	}
	return true
}

// trusts reports whether host is one of the provider's servers.
func (r Reader) trusts(host string) bool {
	return slices.ContainsFunc(r.Settings.TrustedHosts, func(known string) bool {
		return host != "" && strings.EqualFold(strings.TrimSuffix(known, "."), host)
	})
}

// isSES reports whether a server is SES receiving mail.
// https://docs.aws.amazon.com/ses/latest/dg/regions.html
func isSES(host string) bool {
	return strings.HasPrefix(host, "inbound-smtp.") && strings.HasSuffix(host, ".amazonaws.com")
}

// hops reads the Received fields, top to bottom.
func hops(h *header) []hop {
	var found []hop
	for i, f := range h.fields {
		if f.name == "received" {
			found = append(found, parseHop(i, f.value))
		}
	}
	return found
}

// parseHop reads one Received field (RFC 5321, section 4.4). What is missing
// stays empty. The name behind "from" is the peer's own claim; the one in the
// comment after it was looked up.
func parseHop(index int, value string) hop {
	h := hop{index: index}
	clauses, date, found := cutLast(value, ";")
	if found {
		if at, err := mail.ParseDate(strings.TrimSpace(date)); err == nil {
			h.at = at
		}
	}
	words := strings.Fields(clauses)
	if len(words) > 1 && strings.EqualFold(words[0], "from") {
		words = words[2:] // its second word is the peer's own
	}
	if len(words) > 0 && strings.HasPrefix(words[0], "(") {
		h.from = hostName(words[0][1:])
	}
	words = strings.Fields(withoutComments(strings.Join(words, " ")))
	for i, word := range words {
		if strings.EqualFold(word, "by") && i+1 < len(words) {
			h.by = hostName(words[i+1])
			break
		}
	}
	return h
}

// hostName gives the first word of text as a host name.
func hostName(text string) string {
	words := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '\t' || r == ')' || r == '[' })
	if len(words) == 0 {
		return ""
	}
	return strings.TrimSuffix(strings.ToLower(words[0]), ".")
}
