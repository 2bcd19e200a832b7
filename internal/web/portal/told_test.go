package portal_test

import (
	"context"
	"net/http"
	"testing"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// toOnFile stands for rows of links that went to the contact on file who was asked
// by this asking.
type toOnFile struct {
	casework.Letters
	asked int
}

// Link says so of every link.
func (l toOnFile) Link(ctx context.Context, owner dsr.OwnerID, id dsr.LinkID) (dsr.Link, error) {
	link, err := l.Letters.Link(ctx, owner, id)
	link.Asked = l.asked
	return link, err
}

// onFileSees gives the status page for a link that went to the contact on file.
func (w *world) onFileSees(language dsr.Language) string {
	w.t.Helper()
	return w.seesAs(7, language)
}

// seesAs gives the status page for a link of an asking.
func (w *world) seesAs(asked int, language dsr.Language) string {
	w.t.Helper()
	w.asking, w.built = asked, nil
	defer func() { w.asking, w.built = 0, nil }()
	return w.open(language)
}

// asked gives a case of which the contact on file was asked by the seventh event.
func asked(c *dsr.Case) { c.Work.Asked = 7 }

// TestLinkOfAnEarlierAskingTellsNothing would fail if whoever was taken for the
// data subject before saw what happened to the one who is now, or the other way
// round.
func TestLinkOfAnEarlierAskingTellsNothing(t *testing.T) {
	w := newWorld(t, asked)
	sender := w.open(dsr.Dutch)
	w.happen(dsr.IDCopyReceived, w.now, nil)
	w.happen(dsr.PackageBuilt, w.now, nil)
	for _, earlier := range []int{0, 3, 8} {
		if got := w.seesAs(earlier, dsr.Dutch); got != sender {
			t.Errorf("a link of asking %d shows more: %s", earlier, got)
		}
	}
	holds(t, w.onFileSees(dsr.Dutch), true, "Wij kregen een kopie", "Bij ons antwoord horen bestanden.")
	w.happen(dsr.DataSubjectMatched, w.now, nil)
	if got := w.onFileSees(dsr.Dutch); got != sender {
		t.Errorf("the one who is matched now sees what was before them: %s", got)
	}
	w.happen(dsr.IDCopyDestroyed, w.now, nil)
	holds(t, w.onFileSees(dsr.Dutch), true, "Wij vernietigden uw kopie.")
}

// TestCopyLinkOfSomebodyAskedBeforeIsOfNoUse matches the case with somebody else
// after the letter went out.
func TestCopyLinkOfSomebodyAskedBeforeIsOfNoUse(t *testing.T) {
	w := newWorld(t, nil)
	first := w.copyAsked()
	w.happen(dsr.IDCopyRefused, w.now, map[string]string{"reason": "pdf"})
	w.now = w.now.AddDate(0, 0, 1)
	w.match()
	second := w.copyAsked()
	got := w.ask(http.MethodGet, at("/mijn/kopie", first))
	if got.Code != http.StatusConflict {
		t.Errorf("the earlier link answers %d", got.Code)
	}
	holds(t, got.Body.String(), true, "Wij hebben nu geen kopie nodig")
	holds(t, got.Body.String(), false, "Wij vroegen", "<form", "<time")
	page := w.copyPage(second, dsr.Dutch)
	holds(t, page, true, "6 maart 2026</time> Wij vroegen u om een kopie")
	holds(t, page, false, "vorige kopie", "5 maart 2026</time> Wij vroegen")
}

// TestContactOnFileSeesWhatTheCaseWaitsFor compares each stand with what the
// sender of the request sees, who must learn nothing from it.
func TestContactOnFileSeesWhatTheCaseWaitsFor(t *testing.T) {
	matched := dsr.Work{RightsConfirmed: true, Match: dsr.Matched, Asked: 7}
	with := func(change func(work *dsr.Work)) dsr.Work {
		work := matched
		change(&work)
		return work
	}
	for name, c := range map[string]struct {
		work           dsr.Work
		came           bool
		dutch, english string
	}{
		"nothing":         {matched, false, "U hoeft nu niets te doen.", "You need not do anything now."},
		"confirmation":    {with(func(w *dsr.Work) { w.AskedAt = received() }), false, "Wij wachten op u: is dit verzoek van u?", "We wait for you: is this request yours?"},
		"a copy":          {with(func(w *dsr.Work) { w.CopyAsked = received() }), false, "Wij wachten op een kopie", "We wait for a copy"},
		"us":              {with(func(w *dsr.Work) { w.CopyAsked = received() }), true, "Wij bekijken uw kopie.", "We look at your copy."},
		"a way to you":    {with(func(w *dsr.Work) { w.Undelivered = []dsr.LetterKind{dsr.CopyLetter} }), false, "hoe wij u kunnen bereiken", "how to reach you"},
		"nothing, judged": {with(func(w *dsr.Work) { w.CopyAsked, w.Identity = received(), dsr.IdentitySure }), false, "U hoeft nu niets te doen.", "You need not do anything now."},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, func(one *dsr.Case) { one.State, one.Work = dsr.Working, c.work })
			sender := w.open(dsr.Dutch)
			if c.came {
				w.happen(dsr.IDCopyReceived, w.now, nil)
			}
			holds(t, w.onFileSees(dsr.Dutch), true, c.dutch)
			holds(t, w.onFileSees(dsr.English), true, c.english)
			holds(t, sender, true, "U hoeft nu niets te doen.")
			if got := w.open(dsr.Dutch); got != sender {
				t.Errorf("the sender's page changed: %s", got)
			}
		})
	}
}

// TestContactOnFileSeesTheDaysOfCopiesAndFiles adds each event that has words.
func TestContactOnFileSeesTheDaysOfCopiesAndFiles(t *testing.T) {
	day := received().AddDate(0, 0, 9)
	for _, c := range []struct {
		kind           dsr.EventKind
		letter         dsr.LetterKind
		dutch, english string
	}{
		{dsr.LetterSent, dsr.ConfirmLetter, "Wij vroegen u of dit verzoek van u is.", "We asked you whether this request is yours."},
		{dsr.LetterSent, dsr.CopyLetter, "Wij vroegen u om een kopie van uw identiteitsbewijs.", "We asked you for a copy of your identity document."},
		{dsr.LetterSent, dsr.CopyAgainLetter, "Wij vroegen u om een nieuwe kopie.", "We asked you for a new copy."},
		{dsr.LetterSent, dsr.AnswerLetter, "Wij stuurden u ons antwoord.", "We sent you our answer."},
		{dsr.LetterSent, dsr.RefusalLetter, "Wij stuurden u ons antwoord.", "We sent you our answer."},
		{dsr.LetterBounced, dsr.AnswerLetter, "Een mail van ons kwam niet aan.", "A mail of ours did not arrive."},
		{dsr.LetterGivenUp, dsr.CopyLetter, "Een mail van ons kwam niet aan.", "A mail of ours did not arrive."},
		{dsr.UndeliveredSettled, "", "zocht uit waarom een mail niet aankwam.", "found out why a mail did not arrive."},
		{dsr.MailboxConfirmed, "", "U bevestigde dat dit verzoek van u is.", "You confirmed that this request is yours."},
		{dsr.RequestDisowned, "", "dat dit verzoek niet van u is.", "that this request is not yours."},
		{dsr.IDCopyReceived, "", "Wij kregen een kopie van uw identiteitsbewijs.", "We received a copy of your identity document."},
		{dsr.IDCopyRefused, "", "Wij konden uw kopie niet gebruiken", "We could not use your copy"},
		{dsr.IDCopyDestroyed, "", "Wij vernietigden uw kopie.", "We destroyed your copy."},
		{dsr.PackageBuilt, "", "staan klaar, tot 13 april 2026.", "are ready, until 13 April 2026."},
		{dsr.PackageEnded, "", "Wij vernietigden de bestanden", "We destroyed the files"},
		{dsr.AnswerCollected, "", "Iemand opende ons antwoord met de code.", "Someone opened our answer with the code."},
		{dsr.FilesHandedOut, "", "Iemand haalde de bestanden op.", "Someone collected the files."},
	} {
		w := newWorld(t, asked)
		w.happen(c.kind, day, map[string]string{"letter": string(c.letter), "to": requesterAddress, "reason": "pdf"})
		dutch, english := w.onFileSees(dsr.Dutch), w.onFileSees(dsr.English)
		holds(t, dutch, true, `<li><time datetime="2026-03-14">14 maart 2026</time> `, c.dutch)
		holds(t, english, true, `<li><time datetime="2026-03-14">14 March 2026</time> `, c.english)
		namesNobody(t, string(c.kind), dutch+english)
		holds(t, w.open(dsr.Dutch)+w.open(dsr.English), false, "2026-03-14")
	}
}

// TestContactOnFileSeesNothingOfTheWork adds the events that are of staff alone.
func TestContactOnFileSeesNothingOfTheWork(t *testing.T) {
	w := newWorld(t, asked)
	want := w.onFileSees(dsr.Dutch)
	for _, kind := range []dsr.EventKind{
		dsr.Viewed, dsr.IDCopyViewed, dsr.IDCopyInspected, dsr.IdentityDoubted, dsr.IdentityConfirmed, dsr.TaskDone, dsr.RightRefused,
		dsr.DraftSubmitted, dsr.DraftSentBack, dsr.ReleaseRefused, dsr.AnswerApproved, dsr.FileAnnounced, dsr.FileSealed,
		dsr.PackageFailed, dsr.ReminderSent, dsr.DeadlinePassed, dsr.CodeAsked, "Unheard",
	} {
		w.happen(kind, w.now.AddDate(0, 0, 5), nil)
	}
	for _, letter := range []dsr.LetterKind{dsr.ReviewNotice, dsr.CopyNotice, dsr.ForwardLetter} {
		w.happen(dsr.LetterSent, w.now.AddDate(0, 0, 5), map[string]string{"letter": string(letter)})
		w.happen(dsr.LetterBounced, w.now.AddDate(0, 0, 5), map[string]string{"letter": string(letter)})
	}
	if got := w.onFileSees(dsr.Dutch); got != want {
		t.Errorf("the page tells of the work: %s", got)
	}
}

// TestFilesAreKeptForLongerThanTheirLink looks at the line beside the stand.
func TestFilesAreKeptForLongerThanTheirLink(t *testing.T) {
	w := newWorld(t, func(c *dsr.Case) { c.State, c.Work.Asked = dsr.Closed, 7 })
	w.happen(dsr.PackageBuilt, received(), nil)
	const nl = "Wij bewaren die tot 4 april 2026. De link in onze mail werkt 14 dagen. Vraag ons daarna om een nieuwe link."
	const en = "We keep them until 4 April 2026. The link in our mail works for 14 days. After that, ask us for a new link."
	holds(t, w.onFileSees(dsr.Dutch), true, nl)
	holds(t, w.onFileSees(dsr.English), true, en)
	holds(t, w.open(dsr.Dutch), false, nl)
	w.happen(dsr.PackageEnded, w.now, nil)
	holds(t, w.onFileSees(dsr.Dutch), false, nl)
}

// TestCopyPageTellsWhatHappened looks after the verdict, when the link has no
// other use.
func TestCopyPageTellsWhatHappened(t *testing.T) {
	w := newWorld(t, nil)
	token := w.copyAsked()
	w.happen(dsr.IDCopyReceived, w.now, nil)
	w.step(dsr.IdentityConfirmed, func(c *dsr.Case) error { return c.JudgeIdentity(dsr.IdentitySure, nil) })
	w.happen(dsr.IDCopyDestroyed, w.now, nil)
	page := w.ask(http.MethodGet, at("/mijn/kopie", token)).Body.String()
	holds(t, page, true, "Wij vroegen u om een kopie van uw identiteitsbewijs.", "Wij kregen een kopie", "Wij vernietigden uw kopie.")
}
