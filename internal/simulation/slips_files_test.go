package simulation

import (
	"context"
	"io"
	"strings"
	"time"

	"polarweb.nl/inzage/internal/archive"
	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

// mistakesWithCopies are those with copies of identity documents.
func mistakesWithCopies() []mistake {
	const verdict = "no copy outlives its verdict by a day"
	return []mistake{
		{"copies stay after the verdict", copiesStay(), verdict},
		{"a condemned copy does not fall due", design{twists: twistsOf(undue(dsr.Condemned), partConfirming, partHandling)}, verdict},
		{"the row of a file is stored on any condition", design{flaws: caseworktest.Flaws{NoEnclosureCondition: true}}, verdict},
		{"a path is used before it is written down", design{twists: twistsOf(twist{write: unwritten}, partInspecting)}, verdict},
		{"the blurred picture is forgotten", keeping(blurred), verdict},
		{"all copies of a case lie at one path", design{ports: samePath}, "what is kept lies where its row says"},
		{"a copy comes after the verdict and is kept", lateComer(), "nothing is kept of a copy that nobody wants"},
		{"a mailed copy stays in its mail", design{ports: uncut}, "a mailed copy is cut out of its mail"},
		// Where the rules of the bucket are a second net, these cannot be seen.
		{"the original of a refused copy stays", keeping(refusedOriginal), "no upload lies open for a day"},
		{"nobody looks for uploads", design{without: nets{originals: true}}, "no upload lies open for a day"},
		{"nobody looks once more at what ended", design{without: nets{lastLook: true}}, "nothing lies there of what is at an end"},
	}
}

// mistakesWithFiles are those with the files of answers.
func mistakesWithFiles() []mistake {
	return []mistake{
		{"a package holds what lies there", design{ports: packAll}, "a package holds what was approved and nothing else"},
		{"an answer does not wait for its package", hurried(), "an answer with files waits for its package"},
		{"a handout has no end", design{twists: twistsOf(undue(dsr.Kept, dsr.HandoutFile), partPacking)}, "a handout is gone within two hours"},
		{"a ticket is good for ever", design{linkRows: everGood}, "files are handed out for a quarter of an hour"},
	}
}

// twistsOf makes one mistake in several parts.
func twistsOf(made twist, parts ...part) map[part]twist {
	twists := map[part]twist{}
	for _, one := range parts {
		twists[one] = made
	}
	return twists
}

// undue stores files that come to a state, of some kinds or all, as if there were
// nothing left to do about them.
func undue(state dsr.EnclosureState, kinds ...dsr.EnclosureKind) twist {
	return twist{write: func(_ dsr.Case, change *casework.Change) {
		for i, move := range change.Enclosures {
			of := len(kinds) == 0 || move.Next.Ref.Kind == kinds[0]
			if of && move.Next.State == state {
				change.Enclosures[i].Next.DueAt = time.Time{}
			}
		}
	}}
}

// copiesStay lets a verdict leave the copies as they are.
func copiesStay() design {
	return design{twists: twistsOf(twist{write: func(_ dsr.Case, change *casework.Change) {
		if kind := change.Event.Kind; kind == dsr.IdentityConfirmed || kind == dsr.IdentityDoubted {
			change.Enclosures = nil
		}
	}}, partHandling)}
}

// unwritten forgets the path of each attempt that begins.
func unwritten(_ dsr.Case, change *casework.Change) {
	for i, move := range change.Enclosures {
		if paths := move.Next.Paths; move.Next.State == dsr.Arriving {
			change.Enclosures[i].Next.Paths = paths[:len(paths)-1]
		}
	}
}

// keeping is a design in which idcheck and the desk keep some objects that they
// should remove.
func keeping(keeps func(w *world, r *run, path string) bool) design {
	return design{ports: func(w *world) {
		w.idcheck.Inspecting.Files = sticky{w.bucket(), w, keeps}
		w.desk.handling.Files = sticky{w.bucket(), w, keeps}
	}}
}

// sticky is a bucket in which some objects stay.
type sticky struct {
	bucket
	w     *world
	keeps func(w *world, r *run, path string) bool
}

// RemoveFile implements casework.Files.
func (s sticky) RemoveFile(ctx context.Context, path string) error {
	if s.keeps(s.w, ctx.Value(runKey{}).(*run), path) {
		return nil
	}
	return s.bucket.RemoveFile(ctx, path)
}

// blurred keeps the pictures on which nothing can be read.
func blurred(_ *world, _ *run, path string) bool { return strings.HasSuffix(path, "-blurred") }

// refusedOriginal keeps the originals of copies that were refused.
func refusedOriginal(w *world, _ *run, path string) bool {
	ref, err := dsr.ParseOriginal(path)
	return err == nil && w.files[ref].next.State == dsr.TurnedDown
}

// samePath lets idcheck draw the same path for every copy of a case.
func samePath(w *world) { w.idcheck.Inspecting.Random = noughts{} }

// noughts is no randomness at all.
type noughts struct{}

// Read implements io.Reader.
func (noughts) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// lateComer takes every case for one that waits for a copy.
func lateComer() design {
	return design{twists: twistsOf(twist{
		read: func(c *dsr.Case) {
			c.State = dsr.Working
			c.Work = dsr.Work{RightsConfirmed: true, Match: dsr.Matched, Confirmed: true, CopyAsked: c.Opened}
		},
		write: func(before dsr.Case, change *casework.Change) {
			change.File.Case.State, change.File.Case.Work = before.State, before.Work
		},
	}, partInspecting)}
}

// uncut stores no mail without the files that were cut out of it.
func uncut(w *world) { w.idcheck.Raw = whole{w.bucket()} }

// whole is a bucket in which mails stay as they came.
type whole struct{ bucket }

// Replace implements casework.RawMail.
func (whole) Replace(context.Context, string, io.Reader) error { return nil }

// packAll packs every file that lies there for a case, and not those of the answer.
func packAll(w *world) {
	pack := archive.Archive{Profile: w.rules.Profile}.Pack
	w.parcel.Packing.Pack = func(to io.Writer, answer dsr.Answer, made time.Time, open casework.OpenAnswerFile) error {
		all, err := w.memory.EnclosuresOf(context.Background(), w.known(answer.Number).ID)
		if err != nil {
			return err
		}
		answer.Files = nil
		for _, file := range all {
			if file.Ref.Kind == dsr.FoundFile && file.State == dsr.Kept {
				answer.Files = append(answer.Files, dsr.AnswerFile{
					ID: file.Ref.ID, System: file.System, Right: file.Right, Name: "x", Size: file.Size, SHA256: file.SHA256,
				})
			}
		}
		return pack(to, answer, made, open)
	}
}

// hurried sends the letter with an answer beside the package that it leads to.
func hurried() design {
	return design{twists: twistsOf(twist{write: func(_ dsr.Case, change *casework.Change) {
		c := change.File.Case
		for _, move := range change.Enclosures {
			if move.Next.Ref.Kind != dsr.PackageFile {
				continue
			}
			change.Letters = append(change.Letters, dsr.Letter{
				Ref:      dsr.LetterRef{OwnerKind: dsr.OwnedByCase, Case: c.ID, Kind: c.AnswerKind(), N: (c.Seq-1)*1000 + 1},
				Language: c.Language, To: dsr.Addressee{Contact: 1}, Purpose: dsr.CollectAnswer,
				State: dsr.LetterWaiting, Queued: change.At, DueAt: change.At,
			})
		}
	}}, partReviewing, partHandling)}
}

// everGood shows each ticket as one of this moment.
func everGood(link *dsr.Link) {
	if !link.TicketUntil.IsZero() {
		link.TicketUntil = link.TicketUntil.Add(30 * day)
	}
}
