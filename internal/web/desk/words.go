package desk

import (
	"strings"

	"polarweb.nl/inzage/internal/deadline"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/web"
)

// evidence is what is known about who sent the first mail, and why it was read
// as a request. The history keeps it in fixed words, which are said here.
type evidence struct {
	Trust     string
	Checks    []check
	Anomalies []string
	Phrases   []phrase
}

// check is one method by which mail servers know each other.
type check struct {
	Name   string
	Result string
}

// phrase is one rule of the recognition that found something.
type phrase struct {
	Right  string
	Rule   string
	Weight string
}

// evidenceOf reads the facts of a case's first event.
func evidenceOf(level dsr.TrustLevel, facts map[string]string, language dsr.Language) evidence {
	found := evidence{Trust: web.In(trustWords(level), language)}
	for _, pair := range strings.Fields(facts["evidence"]) {
		method, result, _ := strings.Cut(pair, "=")
		found.Checks = append(found.Checks, check{Name: strings.ToUpper(web.Line(method)), Result: web.In(resultWords(result), language)})
	}
	for _, word := range strings.Fields(facts["anomalies"]) {
		found.Anomalies = append(found.Anomalies, web.In(anomalyWords(word), language))
	}
	for _, one := range strings.Fields(facts["phrases"]) {
		parts := strings.SplitN(one, ":", 3)
		if len(parts) < 3 {
			continue
		}
		right := web.In(deadline.Text{NL: "Telt mee voor elk recht", EN: "Counts for every right"}, language)
		if parts[0] != "" {
			right = dsr.Right(parts[0]).Name(language)
		}
		found.Phrases = append(found.Phrases, phrase{Right: web.Line(right), Rule: web.Line(parts[1]), Weight: web.Line(parts[2])})
	}
	return found
}

// trustWords says how far the sender's address can be believed.
func trustWords(level dsr.TrustLevel) deadline.Text {
	switch level {
	case dsr.TrustA:
		return deadline.Text{
			NL: "De mail is aantoonbaar verstuurd namens het domein van de afzender. Dat bewijst nog niet wie de persoon is.",
			EN: "The mail was provably sent in the name of the sender's domain. That does not prove who the person is.",
		}
	case dsr.TrustB:
		return deadline.Text{
			NL: "De mail komt waarschijnlijk van het adres van de afzender. Dat bewijst nog niet wie de persoon is.",
			EN: "The mail probably comes from the sender's address. That does not prove who the person is.",
		}
	}
	return deadline.Text{
		NL: "Het is niet zeker dat dit adres echt schreef. Daarom stuurde Inzage geen ontvangstbevestiging.",
		EN: "It is not certain that this address really wrote. So Inzage sent no receipt.",
	}
}

// resultWords says what a check found.
func resultWords(result string) deadline.Text {
	switch strings.ToLower(result) {
	case "pass":
		return deadline.Text{NL: "klopt", EN: "passed"}
	case "fail":
		return deadline.Text{NL: "klopt niet", EN: "failed"}
	}
	return deadline.Text{NL: "zegt niets", EN: "says nothing"}
}

// anomalyWords says what was odd about a mail. A word that is not here stands
// as it is: the mailroom may learn one before the desk does.
func anomalyWords(word string) deadline.Text {
	switch word {
	case "no-from-field", "unreadable-from", "bad-from-syntax", "group-syntax":
		return deadline.Text{NL: "Het afzenderveld is leeg of onleesbaar.", EN: "The sender field is empty or unreadable."}
	case "two-from-fields", "several-senders":
		return deadline.Text{NL: "De mail noemt meer dan één afzender.", EN: "The mail names more than one sender."}
	case "non-ascii-domain", "foreign-script-domain", "non-ascii-address":
		return deadline.Text{NL: "Het adres heeft letters die op andere letters lijken.", EN: "The address has letters that look like other letters."}
	case "quoted-address", "name-with-address":
		return deadline.Text{NL: "De naam of het adres lijkt op een ander adres.", EN: "The name or the address looks like another address."}
	case "reply-to-elsewhere":
		return deadline.Text{NL: "De mail vraagt om antwoord op een ander adres. Inzage doet dat niet.", EN: "The mail asks for an answer elsewhere. Inzage does not do that."}
	case "spam-verdict":
		return deadline.Text{NL: "De spamfilter hield de mail voor spam.", EN: "The spam filter took the mail for spam."}
	case "list-mail":
		return deadline.Text{NL: "De mail kwam via een mailinglijst.", EN: "The mail came through a mailing list."}
	case "no-authentication-results", "other-authentication-results", "other-route", "two-dmarc-results", "dmarc-of-other-domain":
		return deadline.Text{NL: "De mailprovider stond niet in voor de afzender.", EN: "The mail provider did not vouch for the sender."}
	case "missing-separator", "space-before-colon", "long-header-line", "nul", "bare-cr", "control-characters":
		return deadline.Text{NL: "De mail is technisch niet goed gemaakt.", EN: "The mail is not well made."}
	}
	return deadline.Text{NL: web.Line(word), EN: web.Line(word)}
}
