package file

import (
	"fmt"
	"strings"

	"polarweb.nl/inzage/internal/organisation"
)

// rules lists all that shows only between keys. A rule looks at sound values
// alone: a key with a fault of its own was reported already.
func rules() []func(organisation.Profile, *report) {
	return []func(organisation.Profile, *report){
		copyModeNamesProvider, mxModeNamesHumanMailbox, humanMailboxIsElsewhere,
		threadReachesIntake, fromAddressReachesIntake, staffMailIsNoIntake,
		defaultLanguageIsOffered,
		staffIsToldApart, someoneHandles, someoneElseApproves,
		promiseWithinTheMonth, planningCoversGoodFriday, daysDiffer,
		statementsInOrder, statementTextIsFixed,
		retentionWithinBounds, skeletonOutlivesFile, colourIsReadable,
		noneStandsAlone, disclosureNeedsProof, changeWithoutProof,
		neverACopyFor, regulatorOnCopies,
		systemsAreToldApart, systemsFitOneChange, keptDataNamesItsReason,
	}
}

// promiseWithinTheMonth keeps the promise of the privacy statement inside the
// legal term. The shortest month has 28 days, so that a promise of at most 28
// days is never later than the law (art. 12(3) GDPR).
func promiseWithinTheMonth(p organisation.Profile, r *report) {
	const path = "calendar.promise_days"
	if days := p.Calendar.PromiseDays; r.sound(path) && (days < 1 || days > 28) {
		r.fault(path, fmt.Sprintf("promise_days must be from 1 to 28 days, not %d: "+
			"a longer promise can be later than the month of art. 12(3) GDPR", days), "")
	}
}

// planningCoversGoodFriday keeps the two holiday sets nested: a day past which
// the legal term moves is a day on which nobody is planned to work.
func planningCoversGoodFriday(p organisation.Profile, r *report) {
	c := p.Calendar
	if !r.sound("calendar.roll_good_friday", "calendar.plan_good_friday") || !c.RollGoodFriday {
		return
	}
	if !c.PlanGoodFriday {
		r.fault("calendar.plan_good_friday", "plan_good_friday must be true when roll_good_friday is true: "+
			"the term would move past a day that counts as a working day", "")
		return
	}
	r.note("calendar.roll_good_friday", "moving the legal term past Good Friday favours the organisation only, "+
		"and it is not certain that the law allows it", "write roll_good_friday: false to keep the earlier date")
}

// daysDiffer finds a day that stands twice in one of the lists of days.
func daysDiffer(p organisation.Profile, r *report) {
	lists := []struct {
		path string
		days []organisation.NamedDay
	}{{"calendar.decree_days", p.Calendar.DecreeDays}, {"calendar.closed_days", p.Calendar.ClosedDays}}
	for _, list := range lists {
		seen := map[string]bool{}
		for i, day := range list.days {
			path := entry(list.path, i) + ".date"
			if r.sound(path) && seen[day.Date] {
				r.fault(path, fmt.Sprintf("%s names %s twice", label(list.path), day.Date), "remove one of the two")
			}
			seen[day.Date] = true
		}
	}
}

// statementsInOrder wants the versions oldest first, each from a later day:
// two versions on one day would leave open which one binds the organisation.
func statementsInOrder(p organisation.Profile, r *report) {
	for i := 1; i < len(p.Statement); i++ {
		path, before := entry("statement", i)+".from", entry("statement", i-1)+".from"
		if r.sound(path, before) && p.Statement[i].From <= p.Statement[i-1].From {
			r.fault(path, fmt.Sprintf("statement lists its versions oldest first: %s must be later than %s",
				p.Statement[i].From, p.Statement[i-1].From), "put them in order of date")
		}
	}
}

// statementTextIsFixed tells that a version without a sum cannot be proven
// later. Old versions often were not kept, so this is no more than a note.
func statementTextIsFixed(p organisation.Profile, r *report) {
	for i, version := range p.Statement {
		path := entry("statement", i)
		if r.sound(path+".sha256") && version.SHA256 == "" {
			r.note(path, "this version of the privacy statement has no sha256, so its text is not fixed",
				"save the page and add sha256 with the sum that sha256sum prints")
		}
	}
}

// retentionWithinBounds keeps each period between what the procedure needs and
// what can be explained (art. 5(1)(e) GDPR: no longer than necessary).
func retentionWithinBounds(p organisation.Profile, r *report) {
	bounds := []struct {
		key                string
		value, least, most int
		why                string
	}{
		{"file_months", p.Retention.FileMonths, 2, 60, "the person has six weeks to go to court after the answer"},
		{"package_days", p.Retention.PackageDays, 14, 30, "the link to an answer lives 14 days, and its storage 30"},
		{"skeleton_years", p.Retention.SkeletonYears, 1, 10, "the skeleton proves later that the request was answered"},
	}
	for _, b := range bounds {
		path := below("retention", b.key)
		if r.sound(path) && (b.value < b.least || b.value > b.most) {
			r.fault(path, fmt.Sprintf("%s must be from %d to %d, not %d: %s", b.key, b.least, b.most, b.value, b.why), "")
		}
	}
}

// skeletonOutlivesFile refuses a skeleton that is destroyed before the file of
// which it is the remains.
func skeletonOutlivesFile(p organisation.Profile, r *report) {
	if r.sound("retention") && p.Retention.SkeletonYears*12 < p.Retention.FileMonths {
		r.fault("retention.skeleton_years", fmt.Sprintf("skeleton_years (%d) is shorter than file_months (%d): "+
			"the skeleton is what remains after the file", p.Retention.SkeletonYears, p.Retention.FileMonths), "")
	}
}

// defaultLanguageIsOffered refuses a fallback that nobody could have chosen.
func defaultLanguageIsOffered(p organisation.Profile, r *report) {
	if !r.sound("languages") {
		return
	}
	for _, offered := range p.Languages.Offered {
		if offered == p.Languages.Default {
			return
		}
	}
	r.fault("languages.default", fmt.Sprintf("default in languages is %q, which is not among those offered",
		p.Languages.Default), fmt.Sprintf("add %s to offered", p.Languages.Default))
}

// hostOf is the part of an address after the @, in small letters.
func hostOf(address string) string {
	_, host, _ := strings.Cut(strings.ToLower(address), "@")
	return host
}
