package mailroom

import (
	"slices"
	"strings"

	"polarweb.nl/inzage/internal/dsr"
)

// The verdict words, those of SES.
const (
	pass   = "PASS"
	fail   = "FAIL"
	gray   = "GRAY"
	broken = "PROCESSING_FAILED"
)

// evidence is what a believed server found out about the sender.
type evidence struct {
	spf, dkim, dmarc string
	aligned          bool // SPF or DKIM passed for the domain that From names
}

// trust judges how far the sender's address can be believed. The mail itself
// has no say: only SES, or the provider in front of it, is asked.
func (r Reader) trust(h *header, from sender, receipt Receipt) dsr.Trust {
	var found evidence
	anomalies := slices.Clone(from.anomalies)
	if r.Settings.Copy {
		var anomaly string
		found, anomaly = r.providerEvidence(h, domainOf(from.address))
		if anomaly != "" {
			anomalies = append(anomalies, anomaly)
		}
	} else {
		found = sesEvidence(h, domainOf(from.address), receipt)
	}
	if verdict(receipt.Spam) == fail {
		anomalies = append(anomalies, "spam-verdict")
	}
	if onList(h) {
		// RFC 3834, section 2: no automatic answers to lists.
		anomalies = append(anomalies, "list-mail")
	}
	return dsr.Trust{
		Level: level(found, from.address != "" && !slices.ContainsFunc(anomalies, serious)),
		SPF:   found.spf, DKIM: found.dkim, DMARC: found.dmarc,
		Anomalies: anomalies,
	}
}

// serious reports anomalies that put a mail at level C.
func serious(anomaly string) bool { return !harmless(anomaly) }

// level turns evidence into a level. DMARC alone looks at From; SPF and DKIM
// pass for whatever domain the sender likes, so that without DMARC they count
// only when that domain is the one in From, and never against a DMARC failure.
func level(found evidence, clean bool) dsr.TrustLevel {
	switch {
	case !clean:
		return dsr.TrustC
	case found.dmarc == pass:
		return dsr.TrustA
	case found.dmarc == gray && found.aligned:
		return dsr.TrustB
	}
	return dsr.TrustC
}

// providerEvidence reads the provider's own Authentication-Results. Anyone can
// write such a line with the provider's name in it, so it counts only when it
// stands above every other one and the mail came by the provider's route.
func (r Reader) providerEvidence(h *header, domain string) (evidence, string) {
	none := evidence{spf: gray, dkim: gray, dmarc: gray}
	index, value := topResults(h)
	if index < 0 {
		return none, "no-authentication-results"
	}
	found := parseAuthResults(value)
	if r.Settings.AuthservID == "" || !strings.EqualFold(found.authserv, r.Settings.AuthservID) {
		return none, "other-authentication-results"
	}
	if !r.cameByRoute(h, index) {
		return none, "other-route"
	}
	return found.evidence(domain)
}

// topResults finds the topmost Authentication-Results below the one that SES
// itself puts on every mail it takes in: SES saw only the provider.
func topResults(h *header) (int, string) {
	for i, f := range h.fields {
		if f.name == "authentication-results" && parseAuthResults(f.value).authserv != "amazonses.com" {
			return i, f.value
		}
	}
	return -1, ""
}

// evidence reads the three methods for the domain that From names. A pass for
// another domain says only that somebody sent the mail through his own server,
// which spammers do as well (RFC 7489, section 3.1).
func (a authResults) evidence(domain string) (evidence, string) {
	found := evidence{spf: gray, dkim: gray, dmarc: gray}
	anomaly := ""
	for _, m := range a.of("spf") {
		found.spf = methodVerdict(m.result)
		if found.spf == pass && aligned(domainOf("@"+m.props["smtp.mailfrom"]), domain) {
			found.aligned = true
		}
	}
	for _, m := range a.of("dkim") {
		if v := methodVerdict(m.result); found.dkim != pass {
			found.dkim = v
		}
		signer := strings.ToLower(m.props["header.d"])
		if signer == "" {
			signer = domainOf(m.props["header.i"])
		}
		if methodVerdict(m.result) == pass && aligned(signer, domain) {
			found.aligned = true
		}
	}
	for i, m := range a.of("dmarc") {
		if i > 0 {
			anomaly = "two-dmarc-results"
		}
		found.dmarc = methodVerdict(m.result)
		if of := m.props["header.from"]; of != "" && domainOf("@"+of) != domain {
			anomaly = "dmarc-of-other-domain"
		}
	}
	return found, anomaly
}

// sesEvidence reads the verdicts of SES, which name no domains: the envelope
// sender and the signatures of the mail say for whom SPF and DKIM can have
// passed. With two signatures it is unknown which one did; then all must fit.
func sesEvidence(h *header, domain string, receipt Receipt) evidence {
	found := evidence{spf: verdict(receipt.SPF), dkim: verdict(receipt.DKIM), dmarc: verdict(receipt.DMARC)}
	envelope := domainOf(strings.Trim(h.get("return-path"), "<> "))
	signatures := h.all("dkim-signature")
	signed := len(signatures) > 0
	for _, signature := range signatures {
		signed = signed && aligned(signingDomain(signature), domain)
	}
	found.aligned = found.spf == pass && aligned(envelope, domain) || found.dkim == pass && signed
	return found
}

// signingDomain gives the d= tag of a DKIM signature (RFC 6376, section 3.5).
func signingDomain(signature string) string {
	for tag := range strings.SplitSeq(signature, ";") {
		name, value, _ := strings.Cut(tag, "=")
		if strings.TrimSpace(name) == "d" {
			return strings.ToLower(strings.TrimSpace(value))
		}
	}
	return ""
}

// aligned reports whether two domains are the same or one stands under the
// other (RFC 7489, section 3.1, relaxed). A bare top-level domain aligns with
// nothing.
func aligned(a, b string) bool {
	if !strings.Contains(a, ".") || !strings.Contains(b, ".") {
		return false
	}
	return a == b || strings.HasSuffix(a, "."+b) || strings.HasSuffix(b, "."+a)
}

// verdict reads a verdict of SES; what it does not know is GRAY.
func verdict(word string) string {
	switch v := strings.ToUpper(strings.TrimSpace(word)); v {
	case pass, fail, broken:
		return v
	}
	return gray
}

// methodVerdict turns a result of RFC 8601, section 2.7, into a word of SES.
func methodVerdict(result string) string {
	switch result {
	case "pass":
		return pass
	case "fail", "softfail", "hardfail", "policy":
		return fail
	case "temperror", "permerror":
		return broken
	}
	return gray
}
