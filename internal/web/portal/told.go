package portal

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"polarweb.nl/inzage/internal/deadline"
	"polarweb.nl/inzage/internal/dsr"
)

// yours gives the part of a history that is about the contact on file: what was
// done before they were found was done with nobody, or with somebody else.
func yours(history []dsr.Event) []dsr.Event {
	for i, event := range slices.Backward(history) {
		if event.Kind == dsr.DataSubjectMatched {
			return history[i+1:]
		}
	}
	return history
}

// happenedToYou says what an event means to the contact on file. Who wrote the
// request must not see any of it: it would tell them that somebody is on file.
func (s *site) happenedToYou(event dsr.Event) deadline.Text {
	if mailedCopy(event) { // by whoever wrote the request
		return deadline.Text{}
	}
	switch event.Kind {
	case dsr.LetterSent:
		return letterSent(dsr.LetterKind(event.Facts["letter"]))
	case dsr.LetterBounced, dsr.LetterGivenUp:
		// The names of letters to data subjects begin so; those to staff are nothing
		// to anybody else.
		if strings.HasPrefix(event.Facts["letter"], "M") {
			return deadline.Text{NL: "Een mail van ons kwam niet aan.", EN: "A mail of ours did not arrive."}
		}
	case dsr.PackageBuilt:
		until := s.untilOf(event)
		return deadline.Text{
			NL: "De bestanden bij ons antwoord staan klaar, tot " + until.NL + ".", EN: "The files with our answer are ready, until " + until.EN + ".",
		}
	}
	return yourSentences()[event.Kind]
}

// yourSentences holds the sentence for each kind of event that needs no fact.
func yourSentences() map[dsr.EventKind]deadline.Text {
	return map[dsr.EventKind]deadline.Text{
		dsr.MailboxConfirmed: {NL: "U bevestigde dat dit verzoek van u is.", EN: "You confirmed that this request is yours."},
		dsr.RequestDisowned:  {NL: "U liet weten dat dit verzoek niet van u is.", EN: "You let us know that this request is not yours."},
		dsr.IDCopyReceived:   {NL: "Wij kregen een kopie van uw identiteitsbewijs.", EN: "We received a copy of your identity document."},
		dsr.IDCopyRefused:    {NL: "Wij konden uw kopie niet gebruiken en bewaarden niets.", EN: "We could not use your copy and kept nothing."},
		dsr.IDCopyDestroyed:  {NL: "Wij vernietigden uw kopie.", EN: "We destroyed your copy."},
		dsr.AnswerCollected:  {NL: "Iemand opende ons antwoord met de code.", EN: "Someone opened our answer with the code."},
		dsr.FilesHandedOut:   {NL: "Iemand haalde de bestanden op.", EN: "Someone collected the files."},
		dsr.PackageEnded:     {NL: "Wij vernietigden de bestanden bij ons antwoord.", EN: "We destroyed the files with our answer."},
		dsr.UndeliveredSettled: {
			NL: "Een medewerker zocht uit waarom een mail niet aankwam.", EN: "A member of our staff found out why a mail did not arrive.",
		},
	}
}

// letterSent says that a letter left; nothing about those that say it themselves.
func letterSent(kind dsr.LetterKind) deadline.Text {
	switch kind {
	case dsr.ConfirmLetter:
		return deadline.Text{NL: "Wij vroegen u of dit verzoek van u is.", EN: "We asked you whether this request is yours."}
	case dsr.CopyLetter:
		return deadline.Text{NL: "Wij vroegen u om een kopie van uw identiteitsbewijs.", EN: "We asked you for a copy of your identity document."}
	case dsr.CopyAgainLetter:
		return deadline.Text{NL: "Wij vroegen u om een nieuwe kopie.", EN: "We asked you for a new copy."}
	case dsr.AnswerLetter, dsr.RefusalLetter:
		return deadline.Text{NL: "Wij stuurden u ons antwoord.", EN: "We sent you our answer."}
	}
	return deadline.Text{}
}

// waits says what a case waits for; nothing when that is our own work.
func waits(c dsr.Case, copies copyStand) deadline.Text {
	switch {
	case len(c.Work.Undelivered) > 0:
		return deadline.Text{
			NL: "Een mail van ons kwam niet aan. Een medewerker zoekt uit hoe wij u kunnen bereiken.",
			EN: "A mail of ours did not arrive. A member of our staff finds out how to reach you.",
		}
	case c.Waiting():
		return deadline.Text{
			NL: "Wij wachten op u: is dit verzoek van u? De link staat in onze mail.",
			EN: "We wait for you: is this request yours? The link is in our mail.",
		}
	case c.TakesCopy() && copies.Came.Text == "":
		return deadline.Text{
			NL: "Wij wachten op een kopie van uw identiteitsbewijs. De link staat in onze mail. Liever geen kopie? Daar leest u wat ook kan.",
			EN: "We wait for a copy of your identity document. The link is in our mail. Rather no copy? There you read what else you can do.",
		}
	case c.TakesCopy():
		return deadline.Text{NL: "Wij bekijken uw kopie. U hoeft nu niets te doen.", EN: "We look at your copy. You need not do anything now."}
	}
	return deadline.Text{}
}

// untilOf gives the day until which a package can be collected.
func (s *site) untilOf(built dsr.Event) deadline.Text {
	return s.Rules.Calendar.Day(built.At.AddDate(0, 0, s.Rules.Profile.Retention.PackageDays)).Medium()
}

// collectable says until when files are kept; nothing when there are none, or
// none any more. The link to them dies before they do.
func (s *site) collectable(history []dsr.Event) deadline.Text {
	ready := deadline.Text{}
	rule, _ := dsr.CollectAnswer.Rule()
	days := strconv.Itoa(int(rule.Life / (24 * time.Hour)))
	for _, event := range history {
		switch event.Kind {
		case dsr.PackageBuilt:
			until := s.untilOf(event)
			ready = deadline.Text{
				NL: "Bij ons antwoord horen bestanden. Wij bewaren die tot " + until.NL + ". De link in onze mail werkt " + days +
					" dagen. Vraag ons daarna om een nieuwe link.",
				EN: "Files belong to our answer. We keep them until " + until.EN + ". The link in our mail works for " + days +
					" days. After that, ask us for a new link.",
			}
		case dsr.PackageEnded:
			ready = deadline.Text{}
		}
	}
	return ready
}
