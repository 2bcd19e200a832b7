package portal

import (
	"errors"
	"net/http"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/deadline"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/web"
)

// fetchLife is for how long an address gives a file: as long as a browser takes
// to follow it. Whoever has the address has the file.
const fetchLife = time.Minute

// downloadPage asks for the files of an answer with the ticket that the right
// code gave. The ticket stands in the form and nowhere else.
type downloadPage struct {
	form
	Download string
	Ticket   string
	Days     int // for how many days files are kept
}

// downloadPage makes the form for a ticket.
func (s *site) downloadPage(page form, ticket string) downloadPage {
	page.Minutes, page.Other = int(dsr.CodeLife/time.Minute), ""
	return downloadPage{form: page, Download: filesPath, Ticket: ticket, Days: s.Rules.Profile.Retention.PackageDays}
}

// address signs the address of a package.
func (s *site) address(v visit, handout casework.Handout) (string, error) {
	return s.Fetch(v.Context(), casework.Download{
		Path: handout.Path, Name: handout.Name, ContentType: "application/zip", Life: fetchLife,
	})
}

// fetching lets the form of a page lead on to the bucket. Which one that is says
// an address that is signed for this alone: nothing ever lies there.
func (s *site) fetching(v visit, given web.Answer) (web.Answer, error) {
	address, err := s.address(v, casework.Handout{Path: "handout/none", Name: "none"})
	if err != nil {
		return web.Answer{}, err
	}
	return s.pages.Fetching(given, address)
}

// download leads to the files, for the ticket of somebody who gave the right code
// a moment ago. What is not ready yet can be asked for again with the same one.
func (s *site) download(v visit) (web.Answer, error) {
	link, page, err := s.look(v)
	if err != nil {
		return web.Answer{}, err
	}
	ticket := v.PostForm.Get("bewijs")
	handout, err := s.Collecting.Download(v.Context(), v.now, link, ticket)
	switch {
	case errors.Is(err, casework.ErrCode):
		return s.correct(collectPage, page, "nummer", deadline.Text{
			NL: "Het ophalen duurde te lang. Vraag hier een nieuwe code en probeer het dan opnieuw.",
			EN: "The download took too long. Ask for a new code here and then try again.",
		})
	case errors.Is(err, casework.ErrNotReady):
		given, err := s.pages.Render(http.StatusAccepted, "moment."+string(page.Lang)+".html", s.downloadPage(page, ticket))
		if err != nil {
			return web.Answer{}, err
		}
		return s.fetching(v, given)
	case errors.Is(err, dsr.NotNowPackage):
		return s.pages.Render(http.StatusConflict, "gone."+string(page.Lang)+".html", s.downloadPage(page, ""))
	case err != nil:
		return web.Answer{}, err
	}
	address, err := s.address(v, handout)
	if err != nil {
		return web.Answer{}, err
	}
	s.Log.InfoContext(v.Context(), "files handed out", "case", link.Owner.String())
	return redirect(address), nil
}
