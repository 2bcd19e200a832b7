package organisation

// DataMap says where the organisation holds personal data, and what the law
// wants told about it. From it come the list that staff walk through for each
// case, the information of art. 15(1) and (2) GDPR in every answer to a request
// for access, and the split between what is erased and what must stay. It is
// also the core of the record of processing (art. 30 GDPR).
type DataMap struct {
	// Systems are all the places to look in, in the order in which staff look.
	Systems []System `json:"systems"`
	// AutomatedDecisions says whether a computer decides about people on its
	// own, also when it does not (art. 15(1)(h) and 22 GDPR).
	AutomatedDecisions Text `json:"automated_decisions"`
	// Transfers says whether data leave the European Economic Area and under
	// which safeguard, also when they do not (art. 15(2) GDPR).
	Transfers Text `json:"transfers"`
}

// System is one place in which the organisation holds personal data: a
// program, a mailbox or a cabinet. All its texts but the name are whole
// sentences that speak to the data subject.
type System struct {
	// ID is a short lower-case word. It stands in the keys of tables, so it
	// never changes and is never given to another system.
	ID string `json:"id" file:"id"`
	// Name is what staff and data subjects call the system; no sentence.
	Name Text `json:"name"`
	// Holds names the categories of personal data (art. 15(1)(b) GDPR).
	Holds Text `json:"holds"`
	// Purpose says what they are for (art. 15(1)(a) GDPR).
	Purpose Text `json:"purpose"`
	// Basis is the ground on which they may be held (art. 6(1) GDPR).
	Basis Basis `json:"basis"`
	// Recipients are those who get the data, by name: categories would not do
	// (art. 15(1)(c) GDPR; Court of Justice, C-154/21). Empty means nobody.
	Recipients []string `json:"recipients" file:"plain,optional"`
	// Keeps is the period, or how it is decided (art. 15(1)(d) GDPR).
	Keeps Text `json:"keeps"`
	// Source says where data come from that the person did not give; empty when
	// all of it comes from the person (art. 15(1)(g) GDPR).
	Source Text `json:"source" file:"optional"`
	// OnErasure is what a granted erasure does here, unless staff decide
	// otherwise in the case at hand.
	OnErasure OnErasure `json:"on_erasure"`
	// KeepsWhy tells the person which law makes the data stay, and how long.
	// The linter wants it exactly where OnErasure is keep (art. 17(3) GDPR).
	KeepsWhy Text `json:"keeps_why" file:"optional"`
}

// Text is one text in both languages in which letters exist.
type Text struct {
	NL string `json:"nl" file:"plain"`
	EN string `json:"en" file:"plain"`
}

// In gives the text in a language: English only for "en", Dutch for all else,
// so that a letter never has a gap where a text should be.
func (t Text) In(language Language) string {
	if language == English {
		return t.EN
	}
	return t.NL
}

// Basis is one of the six grounds of art. 6(1) GDPR on which personal data may
// be held.
type Basis string

const (
	// BasisConsent is letter a: the person said yes and may take it back.
	BasisConsent Basis = "consent"
	// BasisContract is letter b: no contract could be carried out without.
	BasisContract Basis = "contract"
	// BasisLegalObligation is letter c: a law demands it.
	BasisLegalObligation Basis = "legal_obligation"
	// BasisVitalInterests is letter d: a life depends on it.
	BasisVitalInterests Basis = "vital_interests"
	// BasisPublicTask is letter e: a task laid down in law.
	BasisPublicTask Basis = "public_task"
	// BasisLegitimateInterests is letter f: an interest that outweighs the
	// person's. Purpose says which interest it is.
	BasisLegitimateInterests Basis = "legitimate_interests"
)

// Words lists the grounds that exist, in the order of the law.
func (Basis) Words() []string {
	return []string{
		string(BasisConsent), string(BasisContract), string(BasisLegalObligation),
		string(BasisVitalInterests), string(BasisPublicTask), string(BasisLegitimateInterests),
	}
}

// In names the ground in plain words, with its article. It is empty for a word
// that the linter would have refused.
func (b Basis) In(language Language) string { return b.plain().In(language) }

// plain holds the words for each ground; they fit behind "the ground is".
func (b Basis) plain() Text {
	switch b {
	case BasisConsent:
		return Text{"uw toestemming (art. 6 lid 1 onder a AVG)", "your consent (art. 6(1)(a) GDPR)"}
	case BasisContract:
		return Text{"een overeenkomst met u (art. 6 lid 1 onder b AVG)", "a contract with you (art. 6(1)(b) GDPR)"}
	case BasisLegalObligation:
		return Text{"een wettelijke plicht (art. 6 lid 1 onder c AVG)", "a legal obligation (art. 6(1)(c) GDPR)"}
	case BasisVitalInterests:
		return Text{
			"bescherming van iemands leven of gezondheid (art. 6 lid 1 onder d AVG)",
			"protection of someone's life or health (art. 6(1)(d) GDPR)",
		}
	case BasisPublicTask:
		return Text{"een taak van algemeen belang (art. 6 lid 1 onder e AVG)", "a task in the public interest (art. 6(1)(e) GDPR)"}
	case BasisLegitimateInterests:
		return Text{"ons gerechtvaardigd belang (art. 6 lid 1 onder f AVG)", "our legitimate interests (art. 6(1)(f) GDPR)"}
	}
	return Text{}
}

// OnErasure says what a granted erasure does to the data in a system.
type OnErasure string

const (
	// OnErasureErase removes the data.
	OnErasureErase OnErasure = "erase"
	// OnErasureKeep leaves them, for the reason in KeepsWhy.
	OnErasureKeep OnErasure = "keep"
)

// Words lists what exists.
func (OnErasure) Words() []string { return []string{string(OnErasureErase), string(OnErasureKeep)} }

// System finds a system by its id. A case may name one that has since left the
// file: its caller must not take false for "nothing found there".
func (p Profile) System(id string) (System, bool) {
	for _, system := range p.DataMap.Systems {
		if system.ID == id {
			return system, true
		}
	}
	return System{}, false
}
