package file

import (
	"fmt"

	"polarweb.nl/inzage/internal/organisation"
)

// systemsAreToldApart refuses one id for two systems, which would be one line
// in the list of a case: what was found in one would hide the other.
func systemsAreToldApart(p organisation.Profile, r *report) {
	seen := map[string]bool{}
	for i, system := range p.DataMap.Systems {
		path := entry("data_map.systems", i) + ".id"
		if r.sound(path) && seen[system.ID] {
			r.fault(path, fmt.Sprintf("id %q is given to two systems", system.ID), "give each its own, for ever")
		}
		seen[system.ID] = true
	}
}

// maxSystems is how many systems a case can walk past for all nine rights when
// its list begins anew. That is one transaction, which holds a hundred rows
// (docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html),
// some of them the case's own.
const maxSystems = 10

// systemsFitOneChange refuses a list of systems that a case could not begin anew:
// matching it with another person would fail for good.
func systemsFitOneChange(p organisation.Profile, r *report) {
	if n := len(p.DataMap.Systems); r.sound("data_map.systems") && n > maxSystems {
		r.fault("data_map.systems", fmt.Sprintf("systems in data_map has %d entries, and a case can hold %d", n, maxSystems),
			"put systems that are looked into together under one id")
	}
}

// keptDataNamesItsReason wants the law and the period wherever an erasure does
// not erase, because the person must be told them (art. 12(4) and 17(3) GDPR),
// and warns for a reason that nobody will ever read.
func keptDataNamesItsReason(p organisation.Profile, r *report) {
	for i, system := range p.DataMap.Systems {
		path := entry("data_map.systems", i)
		if !r.sound(path+".on_erasure", path+".keeps_why") {
			continue
		}
		given := system.KeepsWhy != organisation.Text{}
		switch {
		case system.OnErasure == organisation.OnErasureKeep && !given:
			r.fault(path+".on_erasure", fmt.Sprintf("system %q keeps data after an erasure and does not say why: "+
				"the person must be told which law asks it, and how long", system.ID),
				"add keeps_why with nl and en, or write on_erasure: erase")
		case system.OnErasure == organisation.OnErasureErase && given:
			r.warn(path+".keeps_why", fmt.Sprintf("keeps_why of system %q does nothing: its data are erased", system.ID),
				"remove it, or write on_erasure: keep")
		}
	}
}
