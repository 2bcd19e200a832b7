package dsr

import "slices"

// Right is one right a data subject can invoke. One case can hold several, and
// each gets its own decision.
type Right string

// The rights Inzage handles, with the article of the GDPR that gives each.
const (
	Access             Right = "access"              // art. 15
	Rectification      Right = "rectification"       // art. 16
	Erasure            Right = "erasure"             // art. 17
	Restriction        Right = "restriction"         // art. 18
	Portability        Right = "portability"         // art. 20
	ObjectionMarketing Right = "objection_marketing" // art. 21(2): can never be refused
	Objection          Right = "objection"           // art. 21(1)
	ConsentWithdrawal  Right = "consent_withdrawal"  // art. 7(3)
	MinorReport        Right = "minor_report"        // art. 3 of the privacy statement, not of the GDPR
)

// Rights lists every right in the order letters and pages name them.
func Rights() []Right {
	return []Right{
		Access, Rectification, Erasure, Restriction, Portability,
		ObjectionMarketing, Objection, ConsentWithdrawal, MinorReport,
	}
}

// Known reports whether r is one of Rights.
func (r Right) Known() bool { return slices.Contains(Rights(), r) }

// MergeRights gives the rights of a and b, each once, in the order of Rights.
// Merging keeps the first request's rights when a second mail asks for more.
func MergeRights(a, b []Right) []Right {
	var merged []Right
	for _, r := range Rights() {
		if slices.Contains(a, r) || slices.Contains(b, r) {
			merged = append(merged, r)
		}
	}
	return merged
}

// Name gives the right in words that a data subject knows, for pages.
func (r Right) Name(language Language) string {
	names, ok := map[Right][2]string{
		Access:             {"Inzage in uw gegevens", "Access to your data"},
		Rectification:      {"Verbetering van uw gegevens", "Correction of your data"},
		Erasure:            {"Verwijdering van uw gegevens", "Erasure of your data"},
		Restriction:        {"Uw gegevens tijdelijk niet gebruiken", "Not using your data for a while"},
		Portability:        {"Uw gegevens meenemen", "Taking your data with you"},
		ObjectionMarketing: {"Geen reclame meer", "No more advertising"},
		Objection:          {"Bezwaar tegen het gebruik van uw gegevens", "Objection to the use of your data"},
		ConsentWithdrawal:  {"Uw toestemming intrekken", "Withdrawing your consent"},
		MinorReport:        {"Een melding over een kind", "A report about a child"},
	}[r]
	switch {
	case !ok:
		return string(r)
	case language == English:
		return names[1]
	}
	return names[0]
}
