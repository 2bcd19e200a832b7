package organisation

// Calendar is what the two clocks of a case need to know of the organisation.
// The national holidays are known to the clocks themselves.
type Calendar struct {
	// TimeZone decides on which day a mail was received.
	TimeZone string `json:"time_zone" file:"zone,optional"`
	// PromiseDays is the organisation's own term in calendar days.
	PromiseDays int `json:"promise_days" file:"optional"`
	// RollGoodFriday lets the legal term move past Good Friday.
	RollGoodFriday bool `json:"roll_good_friday" file:"optional"`
	// PlanGoodFriday keeps the staff's planning clear of Good Friday.
	PlanGoodFriday bool `json:"plan_good_friday" file:"optional"`
	// DecreeDays are extra public holidays by royal decree.
	DecreeDays []NamedDay `json:"decree_days" file:"optional"`
	// ClosedDays are days on which the organisation itself is closed; they
	// move the planning only.
	ClosedDays []NamedDay `json:"closed_days" file:"optional"`
}

// NamedDay is a day with its name in both languages, because a deadline
// explains itself to the reader line by line.
type NamedDay struct {
	Date string `json:"date" file:"date"`
	NL   string `json:"nl"`
	EN   string `json:"en"`
}

// Defaults is a profile with the value of every key that may be left out, and
// nothing else. Each default is the choice that favours the data subject.
func Defaults() Profile {
	return Profile{
		CasePrefix: "AVG",
		Languages:  Languages{Default: Dutch, Offered: []Language{Dutch, English}},
		Calendar: Calendar{
			TimeZone:       "Europe/Amsterdam",
			PromiseDays:    28,
			PlanGoodFriday: true,
		},
		// art. 12(6) GDPR: more proof only where there is reasonable doubt.
		Identity:  IdentityPolicy{IDCopy: CopyOnDoubt},
		Retention: Retention{FileMonths: 12, PackageDays: 30, SkeletonYears: 5},
		Brand:     Brand{Colour: "#1f4e79"},
	}
}
