package portal

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/web"
)

const (
	// formLife is for how long the form of an opened page takes a file: as long
	// as it takes to black out a document and make a photo of it.
	formLife = time.Hour
	// tooMany is the word for a copy beyond dsr.MaxIDCopies.
	tooMany = "too-many"
)

// copyPage asks for a copy of an identity document. It names nobody: what is
// asked and why, what to black out, what becomes of the copy.
type copyPage struct {
	form
	Promise  web.Day
	Copy     copyStand
	Upload   web.UploadView
	Hours    int // for how long the form takes a file
	Keep     int // for how many days a copy nobody looks at is kept
	Timeline []moment
}

// copyStand is what became of the copies that came in since the last question.
type copyStand struct {
	Came    web.Day // the latest that lies ready, or is being looked at
	Refused string  // why the latest could not be used, in words
	Full    bool    // no more are taken
}

// copyStandOf reads it from the history. A copy that came by mail is of whoever wrote
// the request, who may be somebody else.
func (s *site) copyStandOf(history []dsr.Event, language dsr.Language) copyStand {
	var stand copyStand
	for _, event := range history {
		switch {
		case mailedCopy(event):
		case event.Kind == dsr.MailboxConfirmed, event.Kind == dsr.IDCopyAsked, event.Kind == dsr.IDCopyDestroyed:
			stand = copyStand{}
		case event.Kind == dsr.IDCopyReceived:
			on := s.Rules.Calendar.Day(event.At)
			stand = copyStand{Came: web.Written(on, on.Long(), language)}
		case event.Kind == dsr.IDCopyRefused:
			reason := event.Facts["reason"]
			stand = copyStand{Refused: web.In(refusedWords(reason), language), Full: reason == tooMany}
		}
	}
	return stand
}

// mailedCopy reports whether an event is about a copy that came by mail.
func mailedCopy(event dsr.Event) bool { return event.Facts["mailed"] == "true" }

// askCopy shows how to send a copy, and the lighter ways instead. The two forms
// on it are signed by the function itself: opening the page writes nothing.
func (s *site) askCopy(v visit) (web.Answer, error) {
	link, err := s.verify(v, dsr.UploadIDCopy)
	if err != nil {
		return web.Answer{}, err
	}
	status, err := s.Following.Status(v.Context(), link)
	if err != nil {
		return web.Answer{}, err
	}
	page := s.copyPage(v, status)
	_, ref, err := s.Uploading.Look(v.Context(), link)
	var notNow dsr.NotNow
	switch {
	case errors.As(err, &notNow):
		return s.pages.Render(http.StatusConflict, "nocopy."+string(page.Lang)+".html", page)
	case err != nil:
		return web.Answer{}, err
	case page.Copy.Full:
		return s.pages.Render(http.StatusOK, "copy."+string(page.Lang)+".html", page)
	}
	if err := s.signForms(v.Context(), ref, &page); err != nil {
		return web.Answer{}, fmt.Errorf("signing an upload for case %s: %w", status.Case.Number, err)
	}
	given, err := s.pages.Render(http.StatusOK, "copy."+string(page.Lang)+".html", page)
	if err != nil {
		return web.Answer{}, err
	}
	return s.pages.Sending(given, page.Upload.Plain.URL)
}

// copyPage makes the page about a copy, but for its forms. A link of whoever was
// asked before somebody else tells nothing of what happened since.
func (s *site) copyPage(v visit, status casework.Status) copyPage {
	page := copyPage{
		form:  s.form(v, status.Case, path(dsr.UploadIDCopy)),
		Hours: int(formLife / time.Hour), Keep: int(dsr.CopyLife / (24 * time.Hour)),
	}
	page.Promise = web.Long(status.Case.Dates.PromiseDue, page.Lang)
	if status.OnFile {
		page.Copy = s.copyStandOf(yours(status.History), page.Lang)
		page.Timeline = s.timeline(status.History, page.Lang, true)
	}
	return page
}

// signForms signs the form that works without a script, and the one that the
// script posts in its place. They are for one file at one place.
func (s *site) signForms(ctx context.Context, ref dsr.EnclosureRef, page *copyPage) error {
	upload := web.Upload{Path: ref.Original(), Max: dsr.MaxIDCopyBytes, Life: formLife, Done: receivedPath}
	plain, err := s.SignUpload(ctx, upload)
	if err != nil {
		return err
	}
	upload.Done = ""
	scripted, err := s.SignUpload(ctx, upload)
	if err != nil {
		return err
	}
	page.Upload = s.uploadView(page.Lang)
	page.Upload.Plain, page.Upload.Scripted = plain, scripted
	return nil
}

// uploadView gives the words of the form.
func (s *site) uploadView(language dsr.Language) web.UploadView {
	view := web.UploadView{
		Lang: language, Script: s.scriptPath(), Done: receivedPath, Max: dsr.MaxIDCopyBytes, Pictures: true, Words: spoken(language),
		Label:  "Foto van uw document",
		Hint:   "Een JPG of PNG. Hij mag 10 MB zijn. Stuur geen pdf.",
		Tick:   "Op mijn kopie zijn de foto, het BSN, het documentnummer, de lange regels en de handtekening zwart.",
		Button: "Stuur de kopie",
	}
	if language == dsr.English {
		view.Label = "Photo of your document"
		view.Hint = "A JPG or PNG. It may be 10 MB. Do not send a PDF."
		view.Tick = "On my copy the photo, the BSN, the document number, the long lines and the signature are black."
		view.Button = "Send the copy"
	}
	return view
}
