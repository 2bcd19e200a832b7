package desk

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/deadline"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/web"
)

// copiesBlock is what the page of a case shows about copies of identity
// documents; empty when nobody was asked for one and none came.
type copiesBlock struct {
	Lines []string
	Each  []idCopy
}

// idCopy is one copy: what became of it, and while it is kept a picture on which
// nothing can be read.
type idCopy struct {
	ID      dsr.OwnerID
	Title   string
	Lines   []string
	Blurred string // where that picture is; empty when none is kept
	Look    *form  // asks for the sharp one
}

// shows reports whether there is a picture on the page.
func (b copiesBlock) shows() bool {
	return slices.ContainsFunc(b.Each, func(one idCopy) bool { return one.Blurred != "" })
}

// copyPage is the sharp picture, with the verdicts that it is for.
type copyPage struct {
	frame
	Number  dsr.Number
	Case    string // the way back
	Picture string // in base64; empty when it is too large for a page
	OnFile  []told
	Judge   []form
}

// ofKind gives the files of one kind.
func (on scene) ofKind(kind dsr.EnclosureKind) []file {
	var list []file
	for _, one := range on.files {
		if one.Ref.Kind == kind {
			list = append(list, one)
		}
	}
	return list
}

// seenCopies gives the copies that are there and that the visitor has looked at:
// only on those can their verdict rest.
func (on scene) seenCopies() []file {
	return slices.DeleteFunc(on.ofKind(dsr.IDCopyFile), func(one file) bool {
		return one.State != dsr.Kept || one.SeenBy != on.session.Actor
	})
}

// unseenCopies gives the copies that are there and that the visitor did not look at.
func (on scene) unseenCopies() []file {
	return slices.DeleteFunc(on.ofKind(dsr.IDCopyFile), func(one file) bool {
		return one.State != dsr.Kept || one.SeenBy == on.session.Actor
	})
}

// copies tells what is known about the copies of a case.
func (s *site) copies(on scene) copiesBlock {
	var block copiesBlock
	if !on.c.Work.CopyAsked.IsZero() {
		block.Lines = append(block.Lines, on.say("De klant is om een kopie gevraagd op ", "The customer was asked for a copy on ")+
			s.clock(on.c.Work.CopyAsked, on.language)+".")
	}
	for i, one := range on.ofKind(dsr.IDCopyFile) {
		shown := idCopy{
			ID: one.Ref.ID, Title: on.say("Kopie ", "Copy ") + count(i+1),
			Lines: []string{
				on.say("Binnen op ", "Came in on ") + s.clock(one.Arrived, on.language) + ", " + on.say("per mail.", "by mail."),
				s.copyState(on, one),
			},
		}
		if one.Mail == (dsr.MailedPart{}) {
			shown.Lines[0] = on.say("Binnen op ", "Came in on ") + s.clock(one.Arrived, on.language) + "."
		}
		if on.offers(lookAct + "-" + one.Ref.ID.String()) {
			shown.Blurred = casePath + string(on.c.Number) + "/beeld?kopie=" + one.Ref.ID.String()
		}
		shown.Look = on.beside(lookAct + "-" + one.Ref.ID.String())
		block.Each = append(block.Each, shown)
	}
	return block
}

// copyState says how far a copy has come, and until when it is there.
func (s *site) copyState(on scene, one file) string {
	switch one.State {
	case dsr.Kept:
		return on.say("De kopie ligt klaar. Inzage vernietigt die meteen na uw oordeel, en anders op ",
			"The copy lies ready. Inzage destroys it at once after your verdict, and else on ") + s.clock(one.DueAt, on.language) + "."
	case dsr.TurnedDown:
		return on.say("Inzage bewaarde deze kopie niet. ", "Inzage did not keep this copy. ") + said(on, copyReason(one.Reason))
	case dsr.Condemned:
		return on.say("Inzage vernietigt deze kopie nu. ", "Inzage destroys this copy now. ") + said(on, copyReason(one.Reason))
	case dsr.Destroyed:
		return on.say("Vernietigd op ", "Destroyed on ") + s.clock(one.GoneAt, on.language) + ". " + said(on, copyReason(one.Reason))
	}
	return on.say("Inzage kijkt de kopie nu na. Ververs deze pagina over een minuut.", "Inzage examines the copy now. Refresh this page in a minute.")
}

// said gives a text in the language of the page.
func said(on scene, text deadline.Text) string { return web.In(text, on.language) }

// copyRef names the copy that a visitor asks for.
func copyRef(c dsr.Case, id string) (ref dsr.EnclosureRef, err error) {
	ref = dsr.EnclosureRef{Case: c.ID, Kind: dsr.IDCopyFile}
	if ref.ID, err = dsr.ParseOwnerID(id); err != nil {
		return ref, casework.ErrNotFound
	}
	return ref, nil
}

// blurred gives the picture on which nothing can be read, for the page of a case.
func (s *site) blurred(v visit, c dsr.Case) (web.Answer, error) {
	ref, err := copyRef(c, v.URL.Query().Get("kopie"))
	if err != nil {
		return web.Answer{}, err
	}
	picture, err := s.Handling.BlurredCopy(v.Context(), v.session, ref)
	if _, _, refused := understood(err, nil); refused {
		return s.unknown, nil // for whoever may not see it, it is not there
	}
	if err != nil {
		return web.Answer{}, err
	}
	return web.Answer{Status: http.StatusOK, Page: picture, Header: map[string]string{"Content-Type": "image/jpeg"}}, nil
}

// lookAtCopy shows a copy sharp, with the forms for a verdict beside it. That
// somebody looked is written down before they see it, each time.
func (s *site) lookAtCopy(v visit, c dsr.Case) (web.Answer, error) {
	in, err := typedIn(v.Request)
	var picture []byte
	if err == nil {
		var ref dsr.EnclosureRef
		if ref, err = copyRef(c, in.Get("kopie")); err == nil {
			picture, err = s.Handling.LookAtCopy(v.Context(), v.now, sheetOf(v, c, in), ref)
		}
	}
	if err != nil {
		return s.actRefused(v, c, act{name: lookAct}, in, err)
	}
	s.Log.InfoContext(v.Context(), "act done", "case", c.Number, "act", lookAct)
	on, err := s.enter(v, c)
	if err != nil {
		return web.Answer{}, err
	}
	page := copyPage{
		frame: s.frame(v), Number: c.Number, Case: casePath + string(c.Number) + v.keep, OnFile: s.onFile(on),
	}
	// A page grows by a third on its way, and so does a picture on its page.
	if len(picture) <= maxShown {
		page.Picture = base64.StdEncoding.EncodeToString(picture)
	}
	for _, id := range []string{"identiteit", "twijfel", "kopie-vragen"} {
		if one, offered := on.form(id); offered {
			page.Judge = append(page.Judge, one)
		}
	}
	given, err := s.pages.Render(http.StatusOK, "copy.html", page)
	return showing(given, page.frame, "data:"), err
}

// showing lets one page show pictures from a source; no other page shows any.
func showing(given web.Answer, page frame, source string) web.Answer {
	const name, forms = "Content-Security-Policy", "; form-action "
	sum := sha256.Sum256([]byte(page.Style))
	policy := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
	if given.Header[name] != "" {
		policy = given.Header[name]
	}
	given.Header = map[string]string{name: strings.Replace(policy, forms, "; img-src "+source+forms, 1)}
	return given
}
