package casework

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"polarweb.nl/inzage/internal/dsr"
)

const (
	// uploadTime is how long an announced file may take to come.
	uploadTime = time.Hour
	// maxFileName is the longest name of a file, in bytes; file systems take no
	// longer one.
	maxFileName = 255
)

// reasonRemoved is why a file is gone that a member of staff took out.
const reasonRemoved = "removed"

// AnnounceFile records that a file is to come of what a system holds for a right.
// It gives where the file has to be uploaded to; parcel seals it when it comes.
func (h Handling) AnnounceFile(
	ctx context.Context, now time.Time, sheet Sheet, system string, right dsr.Right, name string,
) (dsr.EnclosureRef, error) {
	var ref dsr.EnclosureRef
	err := h.act(ctx, now, sheet, func(file *File) (deed, error) {
		if err := h.takesFile(ctx, &file.Case, system, right); err != nil {
			return deed{}, err
		}
		if name = strings.TrimSpace(name); name == "" || len(name) > maxFileName || !utf8.ValidString(name) {
			return deed{}, dsr.NotNowText
		}
		// The id is in the name of the upload: it has to be one that nobody can guess.
		move, err := h.announced(dsr.EnclosureRef{Case: file.Case.ID, Kind: dsr.FoundFile}, now)
		if err != nil {
			return deed{}, err
		}
		next := &move.Next
		ref = next.Ref
		next.System, next.Right, next.DueAt = system, right, now.Add(uploadTime)
		next.Arrived = file.Case.FoundAt(now)
		if next.Sealed, err = file.Key.Seal(h.Random, enclosurePlace(ref), []byte(name)); err != nil {
			return deed{}, fmt.Errorf("sealing the name of a file: %w", err)
		}
		return deed{event: fileEvent(dsr.FileAnnounced, *next), files: []EnclosureMove{move}}, nil
	})
	if err != nil {
		return dsr.EnclosureRef{}, err
	}
	return ref, nil
}

// takesFile checks that a case takes a further file, and lets it take one. Only
// rights that are answered with data are answered with files.
func (h Handling) takesFile(ctx context.Context, c *dsr.Case, system string, right dsr.Right) error {
	if _, known := h.Rules.Profile.System(system); !known {
		return dsr.NotNowTasks
	}
	if !slices.Contains(c.Rights, right) {
		return dsr.NotNowNoRights
	}
	if !slices.Contains(right.Results(), dsr.Found) {
		return dsr.NotNowOutcome
	}
	all, err := h.Enclosures(ctx, c.ID)
	if err != nil {
		return fmt.Errorf("listing the files: %w", err)
	}
	if count, _ := load(*c, all); count >= dsr.MaxFound {
		return dsr.NotNowTooManyFiles
	}
	return c.ChangeFiles()
}

// load counts the files that were found for a case and are not at an end, and
// their bytes as far as these are known.
func load(c dsr.Case, all []dsr.Enclosure) (count int, size int64) {
	for _, one := range all {
		if c.Found(one) && !one.Ended() {
			count, size = count+1, size+one.Size
		}
	}
	return count, size
}

// announced gives a file that is to come or to be made, with an id of its own.
func (p Place) announced(ref dsr.EnclosureRef, now time.Time) (EnclosureMove, error) {
	var err error
	ref.ID, err = dsr.NewOwnerID(p.Random)
	return EnclosureMove{Next: dsr.Enclosure{
		Ref: ref, State: dsr.Announced, Arrived: now, DueAt: now.Add(dispatchGrace),
	}}, err
}

// fileEvent gives the event of a file that was found. Its name is personal data
// and stands in the row alone.
func fileEvent(kind dsr.EventKind, file dsr.Enclosure) dsr.Event {
	return dsr.Event{Kind: kind, Facts: map[string]string{
		"file": file.Ref.ID.String(), "system": file.System, "right": string(file.Right),
	}}
}

// RemoveFile takes a file out of the answer. Nobody can have it from then on;
// parcel removes what lies of it.
func (h Handling) RemoveFile(ctx context.Context, now time.Time, sheet Sheet, ref dsr.EnclosureRef) error {
	return h.act(ctx, now, sheet, func(file *File) (deed, error) {
		if ref.Kind != dsr.FoundFile || ref.Case != file.Case.ID {
			return deed{}, ErrNotFound
		}
		prior, err := h.Enclosure(ctx, ref)
		if err != nil {
			return deed{}, fmt.Errorf("reading a file: %w", err)
		}
		if prior.Ended() {
			return deed{}, dsr.NotNowNotReady
		}
		if err := file.Case.ChangeFiles(); err != nil {
			return deed{}, err
		}
		next := prior
		next.Condemn(reasonRemoved, now)
		return deed{event: fileEvent(dsr.FileRemoved, next), files: []EnclosureMove{{prior, next}}}, nil
	})
}

// settled reports whether every file that was found lies sealed or is at an end:
// an answer that is approved must not get another file afterwards.
func (a Answering) settled(ctx context.Context, c dsr.Case, outcome dsr.Outcome) error {
	if outcome != dsr.Answered {
		return nil
	}
	all, err := a.Enclosures(ctx, c.ID)
	if err != nil {
		return fmt.Errorf("listing the files: %w", err)
	}
	if slices.ContainsFunc(all, func(one dsr.Enclosure) bool { return c.Found(one) && expected(one) }) {
		return dsr.NotNowFiles
	}
	return nil
}

// pending reports whether a file of a kind is to come yet, or to be made.
func pending(all []dsr.Enclosure, kind dsr.EnclosureKind) bool {
	return slices.ContainsFunc(all, func(one dsr.Enclosure) bool {
		return one.Ref.Kind == kind && expected(one)
	})
}

// standing gives the file of a kind that is kept longest, and at least until after
// an instant.
func standing(all []dsr.Enclosure, kind dsr.EnclosureKind, after time.Time) (kept dsr.Enclosure, there bool) {
	for _, one := range all {
		if one.Ref.Kind == kind && one.State == dsr.Kept && one.DueAt.After(after) && (!there || one.DueAt.After(kept.DueAt)) {
			kept, there = one, true
		}
	}
	return kept, there
}

// fileName opens the name of a file; only files that were found have one.
func fileName(key DataKey, file dsr.Enclosure) (string, error) {
	if file.Sealed == nil {
		return "", nil
	}
	name, err := key.Open(enclosurePlace(file.Ref), file.Sealed)
	if err != nil {
		return "", fmt.Errorf("opening the name of file %s: %w", file.Ref.ID, err)
	}
	return string(name), nil
}

// strayed reports whether a file is still here that was found for somebody else.
func strayed(c dsr.Case, one dsr.Enclosure) bool {
	return one.Ref.Kind == dsr.FoundFile && !one.Ended() && !c.Found(one)
}

// NamedFile is a file of a case with its name opened. It is personal data.
type NamedFile struct {
	dsr.Enclosure
	Name string // of what was found; empty for all others
}

// FilesOf lists the files of a case, in the order of arrival. What was found for
// somebody else says so also while it still lies there.
func (h Handling) FilesOf(ctx context.Context, id dsr.OwnerID) ([]NamedFile, error) {
	file, err := h.Cases.File(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("opening case %s: %w", id, err)
	}
	all, err := h.Enclosures(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("listing the files of case %s: %w", file.Case.Number, err)
	}
	var list []NamedFile
	for _, one := range all {
		name, err := fileName(file.Key, one)
		if err != nil {
			return nil, fmt.Errorf("listing the files of case %s: %w", file.Case.Number, err)
		}
		if strayed(file.Case, one) {
			one.Reason = reasonRematch
		}
		list = append(list, NamedFile{one, name})
	}
	return list, nil
}
