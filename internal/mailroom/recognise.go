package mailroom

import (
	"polarweb.nl/inzage/internal/dsr"
)

// The scores. A phrase that leaves no doubt has the weight openScore and opens
// a case alone; one that may mean something else has less, and a person sees
// the mail. The law words only strengthen what somebody asks: a newsletter
// about the law asks nothing.
const (
	openScore  = 6
	sure       = openScore
	likely     = 4
	hint       = 3
	maxLaw     = 3
	maxAgainst = 4 // below sure, so that nothing makes a clear request vanish
	maxWords   = 20_000
)

// rule is one reason to recognise a right. Every rule counts once, however
// often its words stand in the mail: a letter does not ask more by repeating
// itself.
type rule struct {
	name   string // stored in clear and shown to staff
	right  dsr.Right
	weight int
	any    []string // patterns; one is enough
}

// understanding is what the words of a mail ask.
type understanding struct {
	rights  []dsr.Right  // those that open a case
	phrases []dsr.Phrase // every rule that matched, in the order of the tables
	maybe   bool         // something was asked, but not clearly enough
}

// recognise looks for requests in the sender's own words. Articles 15 to 22
// GDPR ask for no form, no reason and no article number, so that plain words
// must do.
func recognise(subject, text string) understanding {
	found := append(words(subject), words(text)...)
	cutOff := len(found) > maxWords
	found = found[:min(len(found), maxWords)]
	u := understanding{phrases: matching(found)}
	law, against := general(u.phrases)
	best, opened := 0, false
	for _, right := range append(dsr.Rights(), "") {
		asked := weightOf(u.phrases, right)
		if asked == 0 {
			continue
		}
		score := asked + min(law, maxLaw) - min(against, maxAgainst)
		best = max(best, score)
		if right == "" || score < hint {
			continue
		}
		u.rights = append(u.rights, right)
		opened = opened || score >= openScore
	}
	// A weaker wish beside a clear one counts too, for nobody looks at the mail
	// a second time. Without a clear one, a person decides.
	if !opened {
		u.rights = nil
	}
	u.maybe = !opened && (best > 0 || cutOff)
	return u
}

// weightOf adds up the phrases that ask for one right.
func weightOf(phrases []dsr.Phrase, right dsr.Right) int {
	asked := 0
	for _, p := range phrases {
		if p.Right == right && asks(p) {
			asked += p.Weight
		}
	}
	return asked
}

// matching gives the phrases of every rule that stands in the words. All tables
// are tried on every mail, whatever its language: people mix languages, and
// short mails do not show theirs. The tables are parsed anew for each mail,
// which takes less than a millisecond and leaves nothing to be changed by
// another mail.
func matching(found []string) []dsr.Phrase {
	var phrases []dsr.Phrase
	for _, table := range [][]rule{dutchRules(), englishRules(), otherRules(), lawRules(), againstRules()} {
		for _, r := range table {
			for _, text := range r.any {
				if parsePattern(text).in(found) {
					phrases = append(phrases, dsr.Phrase{Right: r.right, Rule: r.name, Weight: r.weight})
					break
				}
			}
		}
	}
	return phrases
}

// general adds up what strengthens and what weakens every right alike.
func general(phrases []dsr.Phrase) (law, against int) {
	for _, p := range phrases {
		switch {
		case p.Weight < 0:
			against -= p.Weight
		case isLaw(p):
			law += p.Weight
		}
	}
	return law, against
}

// asks reports whether a phrase asks something by itself.
func asks(p dsr.Phrase) bool { return p.Weight > 0 && !isLaw(p) }

// isLaw reports whether a phrase only names the law.
func isLaw(p dsr.Phrase) bool { return p.Right == "" && p.Weight < hint && p.Weight > 0 }
