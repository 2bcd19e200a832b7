package simulation

import (
	"fmt"
	"slices"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// invariantsOfFiles lists what must hold for the files of answers.
func invariantsOfFiles() []invariant {
	return []invariant{
		{"a package holds what was approved and nothing else", packagesAreApproved},
		{"what is fetched is what was approved", fetchedIsApproved},
		{"files are handed out for a quarter of an hour", handedOutInTime},
		{"a handout is gone within two hours", handoutsGo},
		{"a package ends with its days", packagesEnd},
		{"an answer with files waits for its package", answersWaitForPackages},
	}
}

// packagesAreApproved lets a package be unreadable whose file is purged in the very
// moment: it goes with the file.
func packagesAreApproved(w *world) error {
	for _, one := range w.packed {
		if one.fetched || one.bad != nil && w.standing(one.id).State == dsr.Purged {
			continue
		}
		w.met["package built"]++
		if err := w.isApproved(one); err != nil {
			return err
		}
	}
	return nil
}

// isApproved compares the files in a package with those that somebody agreed on, by
// what was uploaded.
func (w *world) isApproved(one bundle) error {
	number := w.standing(one.id).Number
	if one.bad != nil {
		return fmt.Errorf("a package of case %s is no package: %w", number, one.bad)
	}
	if !slices.Equal(one.hashes, w.approved[one.id]) {
		return fmt.Errorf("a package of case %s has %d files that are not the %d approved ones", number, len(one.hashes), len(w.approved[one.id]))
	}
	return nil
}

// fetchedIsApproved lets a package be gone whose file is purged in the very moment.
func fetchedIsApproved(w *world) error {
	for _, one := range w.packed {
		if !one.fetched || one.bad != nil && w.standing(one.id).State == dsr.Purged {
			continue
		}
		if err := w.isApproved(one); err != nil {
			return fmt.Errorf("run %d: %w", one.by.number, err)
		}
	}
	return nil
}

// handedOutInTime holds for whoever asked for an address with a link: its answer was
// shown with that link a moment ago. The history tells of it.
func handedOutInTime(w *world) error {
	for _, one := range w.packed {
		if !one.fetched {
			continue
		}
		var shown time.Time
		told := false
		for _, done := range w.of(one.id) {
			if done.change.At.After(one.by.asked) {
				break
			}
			if done.kind() == dsr.AnswerCollected && done.by.shown.link == one.by.shown.link {
				shown = done.change.At
			}
			told = told || done.kind() == dsr.FilesHandedOut
		}
		if late := one.by.asked.Sub(shown); !told || late >= 15*time.Minute {
			return fmt.Errorf("run %d handed out the files of case %s %s after it was shown; told %t",
				one.by.number, w.standing(one.id).Number, late, told)
		}
	}
	return nil
}

func handoutsGo(w *world) error {
	for _, path := range w.inFolder("handout/") {
		if one := w.stock[path]; w.outlived(one, w.by(one.at, 2*time.Hour)) {
			return fmt.Errorf("a handout of %s lies open", one.at)
		}
	}
	return nil
}

func packagesEnd(w *world) error {
	days := time.Duration(w.rules.Profile.Retention.PackageDays) * day
	for _, path := range w.inFolder("package/") {
		if one := w.stock[path]; w.outlived(one, w.by(one.at.Add(days), day)) {
			return fmt.Errorf("%s, of %s, is kept", path, one.at)
		}
	}
	return nil
}

func answersWaitForPackages(w *world) error {
	return w.answers(func(one posted, done []deed) error {
		c := w.standing(one.letter.Case)
		built := slices.ContainsFunc(done, func(one deed) bool { return one.kind() == dsr.PackageBuilt })
		if len(w.approved[c.ID]) > 0 && c.Work.Proposed == dsr.Answered && !built {
			return fmt.Errorf("it left before its package was built")
		}
		return nil
	})
}
