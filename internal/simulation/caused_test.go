package simulation

import (
	"slices"
	"strings"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// lettersOf says which letters a deed has to cause.
func (w *world) lettersOf(one deed) map[string]int {
	notified := len(w.rules.Profile.Notified())
	c, event := one.after, one.change.Event
	asked := c.Work.Asked == event.Seq
	switch one.kind() {
	case dsr.CaseOpened:
		receipt := believed(c.Trust) && one.change.Sender.Prior == dsr.OwnerID{}
		if !receipt {
			w.met["case not answered"]++
		}
		return map[string]int{"M01": btoi(receipt), "S6": notified}
	case dsr.MessageAdded, dsr.DuplicateLinked:
		more := slices.ContainsFunc(strings.Fields(event.Facts["rights"]), func(right string) bool {
			return !slices.Contains(one.before.Rights, dsr.Right(right))
		})
		w.met["copy asks more than was decided"] += btoi(more && !one.before.State.Undecided())
		unread := one.before.State == dsr.InReview && !one.change.Messages.Zero()
		return map[string]int{"S8": notified * btoi(more || unread)}
	case dsr.DataSubjectMatched, dsr.ConfirmationAsked, dsr.RightsConfirmed:
		return map[string]int{"M03": btoi(asked)}
	case dsr.MailboxConfirmed:
		first := w.rules.Profile.Identity.IDCopy == organisation.CopyOnRequest && asksCopy(c)
		return map[string]int{"S11": notified, "M04": btoi(first && c.Work.Identity != dsr.IdentitySure)}
	case dsr.RequestDisowned:
		return map[string]int{"S9": notified}
	case dsr.CodeAsked:
		return map[string]int{"M10-code": 1}
	case dsr.CaseClosed:
		withdrawn := btoi(c.Work.Outcome == dsr.Withdrawn)
		return map[string]int{"M15": withdrawn, "S12": notified * withdrawn}
	case dsr.ReminderSent, dsr.DeadlinePassed:
		return map[string]int{"S4": notified}
	case dsr.StaffInvited:
		return map[string]int{"S13": 1}
	}
	if files, about := w.lettersOfFiles(one, notified); about {
		return files
	}
	return w.lettersOfDraft(one, notified)
}

// lettersOfFiles does the same for what happens to files, and to letters.
func (w *world) lettersOfFiles(one deed, notified int) (letters map[string]int, about bool) {
	c, facts := one.after, one.change.Event.Facts
	switch one.kind() {
	case dsr.LetterBounced:
		return map[string]int{"S5": w.missing(one)}, true
	case dsr.LetterGivenUp: // but for one that the case has overtaken
		return map[string]int{"S5": btoi(len(one.change.Letters) > 0) * w.missing(one)}, true
	case dsr.IDCopyAsked:
		return map[string]int{"M04": 1}, true
	case dsr.IDCopyInspected:
		return map[string]int{"S14": notified * btoi(c.TakesCopy())}, true
	case dsr.IDCopyRefused:
		ours := slices.Contains([]string{casework.CopyLost, casework.CopyUnread}, facts["reason"])
		unwanted := slices.Contains([]string{"not-asked", "too-many"}, facts["reason"])
		sent := w.enclosure(c.ID, dsr.IDCopyFile, facts["file"])
		told := !ours && !unwanted && sent.Mail == dsr.MailedPart{} && c.TakesCopy()
		return map[string]int{"S14": notified * btoi(ours), "M04-again": btoi(told)}, true
	case dsr.IDCopyDestroyed:
		accepted := facts["reason"] == "accepted" && c.Work.Identity == dsr.IdentitySure
		return map[string]int{"S14": notified * btoi(facts["reason"] == casework.CopyUnseen), "M05": btoi(accepted)}, true
	case dsr.FileRefused:
		return map[string]int{"S15": notified * btoi(c.State.Undecided() && facts["reason"] != "rematch")}, true
	case dsr.PackageFailed:
		return map[string]int{"S15": notified}, true
	case dsr.PackageBuilt:
		return map[string]int{string(c.AnswerKind()): 1}, true
	}
	return nil, false
}

// missing counts who has to hear that a letter did not arrive: all who hear of new
// work, but for whom the letter was for. Of a letter about a letter nobody hears, and
// of an answer that was given in another way since.
func (w *world) missing(one deed) int {
	kind := dsr.LetterKind(one.change.Event.Facts["letter"])
	notified := len(w.rules.Profile.Notified())
	ref := one.change.Moves[0].Letter.Ref
	overtaken := (kind.Answers() || kind == dsr.CodeLetter) && causedBy(ref) <= one.before.Work.Otherwise
	if kind == dsr.LetterNotice || overtaken {
		return 0
	}
	if !kind.ToStaff() {
		return notified
	}
	to := one.change.Moves[0].Letter.To.Staff
	if slices.ContainsFunc(w.rules.Profile.Notified(), func(m organisation.Staff) bool { return m.ActorID() == to }) {
		notified--
	}
	return notified
}

// enclosure gives the row of a file that an event names.
func (w *world) enclosure(id dsr.OwnerID, kind dsr.EnclosureKind, file string) dsr.Enclosure {
	return w.files[dsr.EnclosureRef{Case: id, Kind: kind, ID: w.idOf(file)}].next
}

// lettersOfDraft does the same for what is done with a draft.
func (w *world) lettersOfDraft(one deed, notified int) map[string]int {
	c := one.after
	answer := string(c.AnswerKind())
	others := w.others(c.Work.Drafter, c)
	packed := btoi(c.Work.Proposed == dsr.Answered && len(w.approved[c.ID]) > 0)
	switch one.kind() {
	case dsr.DraftSubmitted:
		wait := w.alone && c.Work.Proposed == dsr.Answered || c.Erases() && !c.Work.Confirmed
		return map[string]int{"S2": max(1, len(others)), "M10-wait": btoi(wait)}
	case dsr.ReviewRenewed:
		return map[string]int{"S2": max(1, len(others))}
	case dsr.DraftSentBack, dsr.ReleaseRefused:
		return map[string]int{"S3": 1}
	case dsr.AnswerApproved:
		if c.State == dsr.Approved {
			return map[string]int{"S10": notified}
		}
		if c.Work.Proposed == dsr.Unlinked && !believed(c.Trust) {
			return nil // whoever has that address may never have asked
		}
		return map[string]int{answer: 1 - packed}
	case dsr.ErasureCarriedOut:
		return map[string]int{answer: 1 - packed}
	case dsr.AnswerRenewed: // another package brings its own letter
		return map[string]int{answer: 1 - btoi(packed == 1 && len(one.change.Enclosures) > 0)}
	}
	return map[string]int{}
}

// btoi counts a truth.
func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
