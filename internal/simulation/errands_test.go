package simulation

import (
	"context"
	"slices"
	"strconv"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// The errands of a handler.
const (
	doRights   = "confirm rights"
	doMatch    = "match"
	doNobody   = "match nobody"
	doAsk      = "ask again"
	doJudge    = "judge identity"
	doDoubt    = "doubt identity"
	doLook     = "look into"
	doDecide   = "decide"
	doSubmit   = "submit"
	doUnlinked = "submit unlinked"
	doCarryOut = "carry out"
	doTakeBack = "take back"
	doDeliver  = "deliver otherwise"
	doAnswer   = "renew answer"
	doReview   = "renew review"
	doApprove  = "approve from the dossier"
	doSettle   = "settle what did not arrive"
	doAskCopy  = "ask a copy"
	doAnnounce = "announce a file"
	doRemove   = "remove a file"
)

// errands lists them: somebody who does not know what to do does any.
func errands() []string {
	return []string{
		doRights, doMatch, doNobody, doAsk, doJudge, doDoubt, doLook, doDecide,
		doSubmit, doUnlinked, doCarryOut, doTakeBack, doDeliver, doAnswer, doReview, doApprove,
		doSettle, doAskCopy, doAnnounce, doRemove,
	}
}

// next gives what is to be done with a case as it stands on a page; nothing when
// it waits for somebody else.
func (s *staffer) next(on casework.Dossier) string {
	c := on.Case
	if !s.w.careless() && s.w.calls[c.Number] && c.Discloses() {
		return doAnswer
	}
	if len(c.Work.Undelivered) > 0 && s.w.chance(0.3) {
		return doSettle
	}
	switch c.State {
	case dsr.Approved:
		if s.w.chance(0.15) && last(on, dsr.ApprovalTakenBack).Kind == "" {
			return doTakeBack
		}
		return doCarryOut
	case dsr.InReview:
		if unwarned(on) {
			return doSubmit
		}
		asked := last(on, dsr.DraftSubmitted, dsr.ReviewRenewed)
		if s.w.now.Sub(asked.At) > 6*time.Hour && !s.w.now.Before(c.Work.NotBefore) {
			return doReview
		}
		return ""
	case dsr.Answering:
		if last(on, dsr.LetterBounced, dsr.AnswerApproved, dsr.AnswerRenewed, dsr.ErasureCarriedOut).Kind == dsr.LetterBounced {
			if s.w.chance(0.6) {
				return doDeliver
			}
			return doAnswer
		}
		if s.w.slip(0.3) { // they came to the counter
			return doDeliver
		}
		return ""
	case dsr.Closed:
		return ""
	}
	return s.nextUndecided(on)
}

// nextUndecided does the same for a case that is still worked on.
func (s *staffer) nextUndecided(on casework.Dossier) string {
	work := on.Case.Work
	switch {
	case !work.RightsConfirmed:
		return doRights
	case work.Match == "" || work.Disowned && s.w.slip(0.5):
		return doMatch
	case work.Disowned && s.w.catchesUp():
		return doUnlinked
	case work.Disowned:
		return ""
	case work.Match == dsr.Nobody:
		return doUnlinked
	case s.w.asks(on.Case) && !work.Confirmed:
		return s.whileWaiting(on.Case)
	case work.Identity == dsr.IdentityDoubtful && asksCopy(on.Case) && s.w.chance(0.6):
		return doAskCopy
	case work.Identity == dsr.IdentityDoubtful && s.w.chance(0.5):
		return doUnlinked
	case work.Identity == dsr.IdentitySure && s.w.slip(0.02):
		return doDoubt
	case work.Identity != dsr.IdentitySure:
		return s.nextProof(on.Case)
	}
	return s.nextDecision(on)
}

// nextDecision does the same for a case of which it is known whose it is.
func (s *staffer) nextDecision(on casework.Dossier) string {
	if right, left := undecided(on); left {
		if s.w.unproven(on.Case, right) && s.w.chance(0.5) {
			return doJudge
		}
		return doDecide
	}
	if s.w.grantsUnproven(on.Case) && s.w.chance(0.5) {
		return doJudge
	}
	if _, missing := s.missing(on); missing {
		return doLook
	}
	if _, takes := s.gathers(on); takes && s.w.chance(0.75) {
		return doAnnounce
	}
	if s.w.slip(0.05) {
		return doRemove
	}
	// What came back is changed before it is submitted again.
	back := last(on, dsr.DraftSentBack, dsr.ApprovalTakenBack, dsr.RightGranted, dsr.RightPartlyGranted, dsr.RightRefused)
	if back.Kind == dsr.DraftSentBack || back.Kind == dsr.ApprovalTakenBack {
		return doDecide
	}
	return doSubmit
}

// whileWaiting gives what a handler does until the contact on file says
// something: ask again when that takes long, and end it when nothing ever comes.
func (s *staffer) whileWaiting(c dsr.Case) string {
	switch waited := s.w.now.Sub(c.Work.AskedAt); {
	case !s.w.careless() && s.w.now.Sub(s.w.workFrom) > 24*time.Hour:
		return doUnlinked
	case waited > 6*time.Hour && (s.w.chance(0.3) || !s.w.careless()):
		return doAsk
	case s.w.slip(0.25):
		return doUnlinked
	}
	return ""
}

// asks reports whether the policy wants to hear the contact on file.
func (w *world) asks(c dsr.Case) bool {
	needed, err := w.rules.Identity.Needed(c.Rights)
	return err != nil || len(needed) > 0
}

// last gives the event that happened last of some kinds, as far as a page says.
// Of letters that came back only those with an answer count.
func last(on casework.Dossier, kinds ...dsr.EventKind) dsr.Event {
	for _, event := range slices.Backward(on.History) {
		answers := event.Kind != dsr.LetterBounced || dsr.LetterKind(event.Facts["letter"]).Answers()
		if slices.Contains(kinds, event.Kind) && answers {
			return event
		}
	}
	return dsr.Event{}
}

// unwarned reports whether the letter never came that tells how to stop what
// waits. Nobody can agree on it then; it is submitted anew.
func unwarned(on casework.Dossier) bool {
	return slices.ContainsFunc(on.History, func(event dsr.Event) bool {
		lost := event.Kind == dsr.LetterBounced || event.Kind == dsr.LetterGivenUp
		return lost && event.Facts["letter"] == string(dsr.WaitLetter) && event.Facts["n"] == strconv.Itoa(on.Case.Work.Warned)
	})
}

// coded lists the errands that ask a code. Deciding does only to refuse.
func coded(name string) bool {
	return slices.Contains([]string{
		doAskCopy, doAsk, doJudge, doDoubt, doDecide, doSubmit, doUnlinked, doCarryOut, doTakeBack,
		doDeliver, doAnswer, doReview, doApprove,
	}, name)
}

// run does an errand from a page: with the case, and the Rev, that stood on it.
func (s *staffer) run(p *person, on casework.Dossier, name string) error {
	sheet := casework.Sheet{Case: on.Case.ID, Rev: on.Case.Rev}
	var seen [32]byte
	s.copied, s.file = dsr.OwnerID{}, dsr.EnclosureRef{}
	switch name {
	case doSubmit, doUnlinked:
		var err error
		if seen, err = s.preview(p, on, name); err != nil {
			return err
		}
	case doJudge:
		s.copied = s.study(p, on)
	case doRemove:
		s.file = s.someFile(p, on)
	}
	do := s.errand(on, name, seen)
	if coded(name) {
		sheet.Code = s.code(p)
	}
	shown := claim{act: name, sheet: &sheet}
	if name == doApprove {
		shown.link, shown.seen = s.link.ID, on.Case.Work.Draft
	}
	err := s.onPage(p, shown, func(ctx context.Context, now time.Time, form claim, session dsr.Session) error {
		form.sheet.Session = session
		return do(ctx, now, form)
	})
	switch {
	case err != nil:
	case name == doAnswer:
		delete(s.w.calls, on.Case.Number)
	case name == doAnnounce:
		s.deliver(s.file)
	}
	return err
}

// preview looks at the draft that will be submitted.
func (s *staffer) preview(p *person, on casework.Dossier, name string) (seen [32]byte, err error) {
	err = s.onPage(p, claim{act: "preview"}, func(ctx context.Context, now time.Time, _ claim, _ dsr.Session) error {
		draft, err := s.w.desk.handling.Draft(ctx, now, on.Case.ID, outcomeOf(name))
		seen = draft.Hash
		return err
	})
	if err == nil {
		p.pause()
	}
	return seen, err
}

// outcomeOf gives what is proposed by submitting.
func outcomeOf(name string) dsr.Outcome {
	if name == doUnlinked {
		return dsr.Unlinked
	}
	return dsr.Answered
}

// errand gives what a button of a page does. What is typed is drawn here, once:
// who presses twice sends the same form twice.
func (s *staffer) errand(on casework.Dossier, name string, seen [32]byte) func(context.Context, time.Time, claim) error {
	h, c := s.w.desk.handling, on.Case
	rights, decision, looked, proof := s.fewer(on), s.decision(on), s.looked(on), s.proof()
	onFile, matched := s.w.onFile(c.Requester.Address)
	from, _ := s.gathers(on)
	file := s.file
	return func(ctx context.Context, now time.Time, form claim) error {
		sheet := *form.sheet
		switch name {
		case doRights:
			return h.ConfirmRights(ctx, now, sheet, rights)
		case doMatch:
			if matched {
				return h.MatchDataSubject(ctx, now, sheet, onFile)
			}
			return h.MatchNobody(ctx, now, sheet, c.Requester.Address)
		case doNobody:
			return h.MatchNobody(ctx, now, sheet, c.Requester.Address)
		case doAsk:
			return h.AskAgain(ctx, now, sheet)
		case doJudge:
			return h.JudgeIdentity(ctx, now, sheet, proof)
		case doDoubt:
			return h.DoubtIdentity(ctx, now, sheet, "De stem klonk anders.")
		case doLook:
			return h.LookInto(ctx, now, sheet, looked)
		case doDecide:
			return h.Decide(ctx, now, sheet, decision, "Dit moeten wij bewaren.")
		case doSubmit, doUnlinked:
			return h.Submit(ctx, now, sheet, casework.Proposal{Outcome: outcomeOf(name), Seen: seen, ThirdParties: true})
		case doCarryOut:
			return h.CarryOut(ctx, now, sheet)
		case doTakeBack:
			return h.TakeBack(ctx, now, sheet, "Dit moet toch blijven.")
		case doDeliver:
			return h.DeliverOtherwise(ctx, now, sheet, "Met de post, aangetekend.")
		case doAnswer:
			return h.RenewAnswer(ctx, now, sheet)
		case doReview:
			return h.RenewReview(ctx, now, sheet)
		case doSettle:
			return h.SettleUndelivered(ctx, now, sheet, "Gebeld, en het adres klopt.", c.Work.Undelivered...)
		case doAskCopy:
			return h.AskCopy(ctx, now, sheet)
		case doAnnounce:
			ref, err := h.AnnounceFile(ctx, now, sheet, from.system, from.right, "bestand.txt")
			s.file = ref
			return err
		case doRemove:
			return h.RemoveFile(ctx, now, sheet, file)
		default:
			return s.w.desk.reviewing.Approve(ctx, now, sheet, form.seen)
		}
	}
}
