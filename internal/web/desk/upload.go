package desk

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/web"
)

// formLife is for how long the form of an opened page takes a file at most: as
// long as an announced file is waited for.
const formLife = time.Hour

// uploadPage is where a member of staff uploads one file.
type uploadPage struct {
	frame
	Number dsr.Number
	Case   string // the way back
	Name   string
	System string
	Right  string
	Upload web.UploadView
}

// upload shows the form by which a browser brings a file that was announced
// straight to its bucket. No file passes through the desk.
func (s *site) upload(v visit, c dsr.Case) (web.Answer, error) {
	on, err := s.enter(v, c)
	if err != nil {
		return web.Answer{}, err
	}
	id, back := v.URL.Query().Get("bestand"), casePath+string(c.Number)+v.keep
	at := slices.IndexFunc(on.files, func(one file) bool {
		return one.Ref.Kind == dsr.FoundFile && one.Ref.ID.String() == id && on.awaits(one)
	})
	if at < 0 { // it came, or it is waited for no more: the case says which
		return redirect(back), nil
	}
	one := on.files[at]
	page := uploadPage{
		frame: s.frame(v), Number: c.Number, Case: back, Name: web.Line(one.Name),
		System: s.systemName(one.System, v.language), Right: one.Right.Name(v.language), Upload: s.uploadView(on, back),
	}
	page.Other = other(v, "bestand", id)
	plain := web.Upload{Path: one.Ref.Original(), Max: dsr.MaxFoundBytes, Life: min(formLife, one.DueAt.Sub(v.now)), Done: back}
	scripted := plain
	scripted.Done = ""
	if page.Upload.Plain, err = s.SignUpload(v.Context(), plain); err == nil {
		page.Upload.Scripted, err = s.SignUpload(v.Context(), scripted)
	}
	if err != nil {
		return web.Answer{}, fmt.Errorf("signing an upload for case %s: %w", c.Number, err)
	}
	given, err := s.pages.Render(http.StatusOK, "bring.html", page)
	if err != nil {
		return web.Answer{}, err
	}
	return s.pages.Sending(given, page.Upload.Plain.URL)
}

// awaits reports whether a file is still to come, and may come by this visitor.
func (on scene) awaits(one file) bool {
	return one.State == dsr.Announced && !strayed(one) && on.now.Before(one.DueAt) && on.offers("weghalen-"+one.Ref.ID.String())
}

// uploadView gives the words of the form, and of its script.
func (s *site) uploadView(on scene, back string) web.UploadView {
	most := web.Size(dsr.MaxFoundBytes, on.language)
	view := web.UploadView{
		Lang: on.language, Script: s.scriptPath(), Done: back, Max: dsr.MaxFoundBytes,
		Label:  on.say("Het bestand", "The file"),
		Hint:   on.say("Het mag "+most+" zijn. Inzage bewaart alleen de naam die u koos.", "It may be "+most+". Inzage keeps only the name that you chose."),
		Button: on.say("Verstuur", "Send"),
	}
	for _, one := range []struct{ word, nl, en string }{
		{"none", "Kies eerst een bestand.", "First choose a file."},
		{"empty", "Dit bestand is leeg. Kies een ander.", "This file is empty. Choose another."},
		{"too-large", "Dit bestand is te groot. Het mag " + most + " zijn. Verdeel het over een paar bestanden.", "This file is too large. It may be " + most + ". Split it into a few files."},
		{"under-way", "Het bestand is onderweg.", "The file is on its way."},
		{"expired", "Deze pagina stond te lang open. Ververs de pagina en kies het bestand opnieuw.", "This page was open for too long. Refresh it and choose the file again."},
		{"damaged", "Uw computer kan dit bestand niet lezen. Kies het opnieuw.", "Your computer cannot read this file. Choose it again."},
		{"lost", "Het bestand kwam niet over. Kijk of u internet hebt en verstuur het opnieuw.", "The file did not come across. See whether you are online and send it again."},
	} {
		view.Words = append(view.Words, web.UploadWord{Word: one.word, Says: on.say(one.nl, one.en)})
	}
	return view
}

// scriptPath is where the desk serves the script of that page.
func (s *site) scriptPath() string {
	name, _ := s.pages.Script()
	return listPath + "/" + name
}
