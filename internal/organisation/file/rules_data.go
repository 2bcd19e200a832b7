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
