package desk_test

import (
	"html"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/web/desk"
)

// badInput is one form that is filled in wrongly.
type badInput struct {
	name   string
	stage  func(w *world, c clerk) string // gives the page with the form
	form   string
	in     fields
	status int
	place  string // of the field that the summary leads to
	says   string
}

// stages give the page on which a form stands.
func atOnce(_ *world, c clerk) string { return c.see("").Body.String() }

// confirmed is when the contact on file said yes.
func confirmed(w *world, c clerk) string {
	c.settle(plain())
	w.confirm(true)
	return c.see("").Body.String()
}

// halfProven is when what was shown is enough for erasure and not for access.
func halfProven(w *world, c clerk) string {
	c.settle(plain())
	w.confirm(true)
	c.does("identiteit", fields{"code": "app"})
	return c.see("").Body.String()
}

// accessOnly is when the contact on file said yes to a request that asks more.
func accessOnly(w *world, c clerk) string {
	c.does("rechten", fields{"recht": "access"})
	c.does("klant", fields{"klantnummer": "K", "adres1": requesterAddress, "sinds1": "2020-01-02"})
	w.confirm(true)
	return c.see("").Body.String()
}

// agreed is when an erasure is approved and not carried out.
func agreed(w *world, c clerk) string {
	c.gather(plain())
	c.submit()
	w.reviewer().decides("akkoord", "")
	return c.see("").Body.String()
}

// takingBack is agreed, after the page to which taking it back leads.
func takingBack(w *world, c clerk) string {
	c.gather(plain())
	before := c.see("").Body.String()
	return agreed(w, c) + before
}

// leaving is when the letter with the answer is on its way.
func leaving(w *world, c clerk) string {
	agreed(w, c)
	c.does("uitgevoerd", fields{"code": "app"})
	w.mail()
	return c.see("").Body.String()
}

// proven is when somebody is sure who this is.
func proven(_ *world, c clerk) string {
	c.prove(plain())
	return c.see("").Body.String()
}

// looking is the form of one system.
func looking(_ *world, c clerk) string {
	c.settle(plain())
	return c.see("/zoeken?systeem=klanten&recht=access").Body.String()
}

// adding is the form that announces a file of one system.
func adding(_ *world, c clerk) string {
	c.settle(plain())
	return c.see("/bestand?systeem=klanten&recht=access").Body.String()
}

// undelivered is when a letter to the contact on file came back.
func undelivered(w *world, c clerk) string {
	c.settle(plain())
	w.mail()
	w.report(w.last(dsr.ConfirmLetter), dsr.LetterReturned)
	return c.see("").Body.String()
}

// previewed is the page from which an answer is submitted.
func previewed(_ *world, c clerk) string {
	c.gather(plain())
	return c.see("/voorbeeld?uitkomst=answered").Body.String()
}

// badInputs lists them, of every act of a handler.
func badInputs() []badInput {
	long := strings.Repeat("x", dsr.MaxReason+1)
	const unprocessable = http.StatusUnprocessableEntity
	return []badInput{
		{"no right", atOnce, "rechten", fields{}, unprocessable, "rechten-recht-access", "minstens één recht"},
		{"unknown right", atOnce, "rechten", fields{"recht": "everything"}, unprocessable, "rechten-recht-access", "minstens één recht"},
		{"no customer number", atOnce, "klant", fields{"adres1": "a@b.example", "sinds1": "2020-01-01"}, unprocessable, "klant-klantnummer", "Vul het klantnummer in"},
		{"no contact", atOnce, "klant", fields{"klantnummer": "K"}, unprocessable, "klant-adres1", "Controleer de adressen"},
		{"contact without a day", atOnce, "klant", fields{"klantnummer": "K", "adres2": "a@b.example"}, unprocessable, "klant-sinds2", "sinds welke dag"},
		{"day without a contact", atOnce, "klant", fields{"klantnummer": "K", "sinds3": "2020-01-01"}, unprocessable, "klant-adres3", "Vul het adres bij deze datum in"},
		{"day that is none", atOnce, "klant", fields{"klantnummer": "K", "adres1": "a@b.example", "sinds1": "31-2-2020"}, unprocessable, "klant-sinds1", "sinds welke dag"},
		{"day in the future", atOnce, "klant", fields{"klantnummer": "K", "adres1": "a@b.example", "sinds1": "2030-01-01"}, unprocessable, "klant-adres1", "niet in de toekomst"},
		{"header in an address", atOnce, "klant", fields{"klantnummer": "K", "adres1": "a@b.example\r\nBcc: c@d.example", "sinds1": "2020-01-01"}, unprocessable, "klant-adres1", "Controleer de adressen"},
		{"one mailbox twice", atOnce, "klant", fields{"klantnummer": "K", "adres1": "a@b.example", "sinds1": "2020-01-01", "adres2": "A+x@b.example", "sinds2": "2020-01-01"}, unprocessable, "klant-adres1", "staat er één keer"},
		{"endless number", atOnce, "klant", fields{"klantnummer": strings.Repeat("K", 201), "adres1": "a@b.example", "sinds1": "2020-01-01"}, unprocessable, "klant-klantnummer", "te lang"},
		{"nothing looked for", atOnce, "niemand", fields{"gezocht": " "}, unprocessable, "niemand-gezocht", "De tekst ontbreekt"},
		{"too much looked for", atOnce, "niemand", fields{"gezocht": long}, unprocessable, "niemand-gezocht", "te lang"},
		{"no proof", accessOnly, "identiteit", fields{"code": "app"}, unprocessable, "identiteit-feit1", "niet genoeg bewijs"},
		{"one fact", confirmed, "identiteit", fields{"feit1": "last-order", "oordeel1": "klopt", "code": "app"}, unprocessable, "identiteit-feit1", "niet genoeg bewijs"},
		{"one fact twice", confirmed, "identiteit", fields{"feit1": "last-order", "oordeel1": "klopt", "feit2": "last-order", "oordeel2": "klopt", "code": "app"}, unprocessable, "identiteit-feit1", "verschillende feiten"},
		{"a wrong fact", confirmed, "identiteit", fields{"feit1": "last-order", "oordeel1": "klopt", "feit2": "phone-number", "oordeel2": "klopt-niet", "login": "ja", "code": "app"}, unprocessable, "identiteit-feit1", "niet genoeg bewijs"},
		{"fact without a verdict", confirmed, "identiteit", fields{"feit2": "last-order", "code": "app"}, unprocessable, "identiteit-oordeel2-klopt", "Kies of dit feit klopt"},
		{"verdict without a fact", confirmed, "identiteit", fields{"oordeel1": "klopt", "code": "app"}, unprocessable, "identiteit-feit1", "Kies welk feit"},
		{"invented fact", confirmed, "identiteit", fields{"feit1": "shoe-size", "oordeel1": "klopt", "feit2": "last-order", "oordeel2": "klopt", "code": "app"}, unprocessable, "identiteit-feit1", "niet genoeg bewijs"},
		{"sure without a code", confirmed, "identiteit", fields{"login": "ja"}, unprocessable, "identiteit-code", "Typ de 6 cijfers"},
		{"sure with a wrong code", confirmed, "identiteit", fields{"login": "ja", "code": "wrong"}, unprocessable, "identiteit-code", "Wacht op de volgende code"},
		{"sure with letters", confirmed, "identiteit", fields{"login": "ja", "code": "abcdef"}, unprocessable, "identiteit-code", "Typ de 6 cijfers"},
		{"doubt without a reason", confirmed, "twijfel", fields{"code": "app"}, unprocessable, "twijfel-reden", "Leg uit waarom"},
		{"doubt without a code", confirmed, "twijfel", fields{"reden": "x"}, unprocessable, "twijfel-code", "Typ de 6 cijfers"},
		{"no outcome of looking", looking, "zoeken-klanten-access", fields{"tekst": "x"}, unprocessable, "zoeken-klanten-access-uitkomst-found", "Kies wat eruit kwam"},
		{"outcome of another right", looking, "zoeken-klanten-access", fields{"uitkomst": "to-erase"}, unprocessable, "zoeken-klanten-access-uitkomst-found", "uitkomst die bij dit recht hoort"},
		{"found without a text", looking, "zoeken-klanten-access", fields{"uitkomst": "found"}, unprocessable, "zoeken-klanten-access-tekst", "De tekst ontbreekt"},
		{"nothing with a text", looking, "zoeken-klanten-access", fields{"uitkomst": "nothing-found", "tekst": "x"}, unprocessable, "zoeken-klanten-access-tekst", "hoort hier niet"},
		{"more than a text can hold", looking, "zoeken-klanten-access", fields{"uitkomst": "found", "tekst": strings.Repeat("x", dsr.MaxTask+1)}, unprocessable, "zoeken-klanten-access-tekst", "te lang"},
		{"no decision", proven, "besluit-access", fields{}, unprocessable, "besluit-access-uitkomst-granted", "Kies uw besluit"},
		{"invented decision", proven, "besluit-access", fields{"uitkomst": "maybe"}, unprocessable, "besluit-access-uitkomst-granted", "Kies een uitkomst"},
		{"refused without a code", proven, "besluit-access", fields{"uitkomst": "refused", "grond": "others", "reden": "x"}, unprocessable, "besluit-access-code", "Typ de 6 cijfers"},
		{"refused without a ground", proven, "besluit-access", fields{"uitkomst": "refused", "reden": "x", "code": "app"}, unprocessable, "besluit-access-grond", "Kies bij deels of afwijzen een reden"},
		{"ground of another right", proven, "besluit-access", fields{"uitkomst": "refused", "grond": "legal-duty", "reden": "x", "code": "app"}, unprocessable, "besluit-access-grond", "reden uit de wet"},
		{"granted with a ground", proven, "besluit-access", fields{"uitkomst": "granted", "grond": "others"}, unprocessable, "besluit-access-grond", "Kies geen reden als u toewijst"},
		{"refused without a reason", proven, "besluit-access", fields{"uitkomst": "partly", "grond": "others", "code": "app"}, unprocessable, "besluit-access-reden", "Leg uit waarom"},
		{"refused at too much length", proven, "besluit-access", fields{"uitkomst": "partly", "grond": "others", "reden": long, "code": "app"}, unprocessable, "besluit-access-reden", "4.000 tekens"},
		{"granted beyond what is proven", halfProven, "besluit-access", fields{"uitkomst": "granted"}, unprocessable, "besluit-access-uitkomst-granted", "niet genoeg bewijs"},
		{"all refused for others", proven, "besluit-access", fields{"uitkomst": "refused", "grond": "others", "reden": "x", "code": "app"}, unprocessable, "besluit-access-grond", "gelden alleen bij deels"},
		{"taken back without a word", agreed, "terugnemen", fields{"code": "app"}, unprocessable, "terugnemen-reden", "Leg uit waarom"},
		{"taken back without a code", agreed, "terugnemen", fields{"reden": "x"}, unprocessable, "terugnemen-code", "Typ de 6 cijfers"},
		{"delivered without a word", leaving, "anders-bezorgd", fields{"reden": " ", "code": "app"}, unprocessable, "anders-bezorgd-reden", "Leg uit"},
		{"delivered at too much length", leaving, "anders-bezorgd", fields{"reden": long, "code": "app"}, unprocessable, "anders-bezorgd-reden", "4.000 tekens"},
		{"delivered without a code", leaving, "anders-bezorgd", fields{"reden": "x"}, unprocessable, "anders-bezorgd-code", "Typ de 6 cijfers"},
		{"file without a name", adding, "bestand-klanten-access", fields{"naam": " "}, unprocessable, "bestand-klanten-access-naam", "De tekst ontbreekt"},
		{"file with an endless name", adding, "bestand-klanten-access", fields{"naam": strings.Repeat("x", 256)}, unprocessable, "bestand-klanten-access-naam", "te lang"},
		{"letter seen to without a word", undelivered, "niet-aangekomen", fields{"reden": " "}, unprocessable, "niet-aangekomen-reden", "Leg uit waarom"},
		{"letter seen to at too much length", undelivered, "niet-aangekomen", fields{"reden": long}, unprocessable, "niet-aangekomen-reden", "4.000 tekens"},
		{"copy asked without a code", confirmed, "kopie-vragen", fields{}, unprocessable, "kopie-vragen-code", "Typ de 6 cijfers"},
		{"nobody looked for others", previewed, "indienen", fields{"code": "app"}, unprocessable, "indienen-anderen-ja", "gegevens van anderen"},
		{"submitted without a code", previewed, "indienen", fields{"anderen": "ja"}, unprocessable, "indienen-code", "Typ de 6 cijfers"},
		{"another draft", previewed, "indienen", fields{"anderen": "ja", "hash": strings.Repeat("ab", 32), "code": "app"}, http.StatusConflict, "indienen", "Het verzoek is veranderd"},
		{"no draft", previewed, "indienen", fields{"anderen": "ja", "hash": "", "code": "app"}, http.StatusConflict, "indienen", "Het verzoek is veranderd"},
		{"older page", atOnce, "niemand", fields{"gezocht": "x", "rev": "7"}, http.StatusConflict, "niemand", "Het verzoek is veranderd"},
		{"page of no case", atOnce, "niemand", fields{"gezocht": "x", "rev": "x"}, http.StatusConflict, "niemand", "Het verzoek is veranderd"},
	}
}

// TestMistakeComesBackWithWhatWasTyped: the page says what is wrong, leads to
// the field, keeps everything but the code, and nothing has happened.
func TestMistakeComesBackWithWhatWasTyped(t *testing.T) {
	for _, one := range badInputs() {
		t.Run(one.name, func(t *testing.T) {
			w, c := newOffice(t)
			page := one.stage(w, c)
			if one.in["code"] == "wrong" {
				one.in["code"] = w.wrong()
			}
			before := w.stored()
			got := c.typed(c.form(page, one.form), one.in)
			if got.Code != one.status || w.stored().Rev != before.Rev {
				t.Errorf("answers %d, want %d; rev %d, want %d", got.Code, one.status, w.stored().Rev, before.Rev)
			}
			back := got.Body.String()
			holds(t, back, true, "<title>Fout: ", `href="#`+one.place+`"`, `id="`+one.place+`"`)
			holds(t, html.UnescapeString(back), true, one.says)
			holds(t, back, false, "hreflang") // the other language would lose what was typed
			c.keeps(back, one)
		})
	}
}

// keeps checks that a form came back with what was typed in it.
func (c clerk) keeps(page string, one badInput) {
	c.w.t.Helper()
	back := c.form(page, one.form)
	for name, value := range one.in {
		switch given := back.fields[name]; {
		case name == "code":
			if strings.Join(given, "") != "" {
				c.w.t.Errorf("the code stands there again: %q", given)
			}
		case name == "rev" || name == "hash" || one.status == http.StatusConflict && name == "anderen":
			// These are of the page as it is now.
		case len(back.choices[name]) > 0:
			if slices.Contains(back.choices[name], value) && !slices.Contains(given, value) {
				c.w.t.Errorf("%s was %q and came back as %q", name, value, given)
			}
		case strings.ReplaceAll(strings.Join(given, ""), "\n", "") != strings.NewReplacer("\n", "", "\r", "").Replace(value):
			c.w.t.Errorf("%s was %.50q and came back as %.50q", name, value, given)
		}
	}
}

// TestNothingIsChosenBeforehand holds for every form of every stage: whoever
// submits it as it is, decides nothing.
func TestNothingIsChosenBeforehand(t *testing.T) {
	seen := map[string]bool{}
	for _, one := range everyStage(t, testProfile(), nil) {
		if one.status != http.StatusOK {
			continue
		}
		for _, form := range formsOf(one.page) {
			seen[form.id] = true
			for name, values := range form.fields {
				free := !slices.Contains([]string{"rev", "hash", "recht", "systeem", "kopie", "bestand", "brief", "mail", "uitkomst", "t", "taal", "key", "life", "success_action_redirect"}, name)
				if len(form.choices[name]) > 0 && strings.Join(values, "") != "" || free && strings.Join(values, "") != "" {
					t.Errorf("%s: the form %s comes with %s = %q", one.name, form.id, name, values)
				}
			}
		}
	}
	for _, id := range []string{
		"rechten", "klant", "niemand", "vraag-opnieuw", "identiteit", "twijfel", "zoeken-klanten-access", "besluit-access",
		"indienen", "akkoord", "akkoord-opnieuw", "uitgevoerd", "terugnemen", "antwoord-opnieuw", "anders-bezorgd",
		"bestand-klanten-access", "niet-aangekomen", "kopie-vragen", "kopie-aacaaaaaaaaaaaaaaaaaaagmai",
	} {
		if !seen[id] {
			t.Errorf("the form %s was never seen", id)
		}
	}
}

func TestFormsAreThereOnlyWhileTheirActIsPossible(t *testing.T) {
	w, anouk := newOffice(t)
	want := func(stage string, forms ...string) {
		t.Helper()
		got := idsOf(anouk.see("").Body.String())
		if !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(forms))) {
			t.Errorf("%s: the forms are %v, want %v", stage, got, forms)
		}
	}
	want("received", "rechten", "klant", "niemand")
	anouk.settle(plain())
	want("waiting", "rechten", "klant", "niemand", "vraag-opnieuw", "twijfel")
	w.confirm(true)
	want("confirmed", "rechten", "klant", "niemand", "identiteit", "twijfel", "kopie-vragen")
	anouk.prove(plain())
	want("proven", "zoeken-klanten-access", "bestand-klanten-access", "rechten", "klant", "niemand", "identiteit", "twijfel", "besluit-access", "besluit-erasure")
	anouk.gather(plain())
	want("gathered", "rechten", "klant", "niemand", "identiteit", "twijfel")
	anouk.submit()
	want("in review", "rechten", "klant", "niemand", "identiteit", "twijfel", "akkoord-opnieuw")
	bram := w.reviewer()
	if got := idsOf(bram.see("").Body.String()); len(got) > 0 {
		t.Errorf("who only approves gets the forms %v", got)
	}
	bram.decides("akkoord", "")
	want("approved", "uitgevoerd", "terugnemen")
	anouk.does("uitgevoerd", fields{"code": "app"})
	want("answering", "antwoord-opnieuw", "anders-bezorgd")
	anouk.does("anders-bezorgd", fields{"reden": "Per post.", "code": "app"})
	want("closed", "antwoord-opnieuw") // its link leads to more than it says
}

func TestRightsThatNobodyMayRefuseOfferNoRefusal(t *testing.T) {
	w := newWorld(t, func(c *dsr.Case, _ *dsr.Correspondence) { c.Rights = []dsr.Right{dsr.ObjectionMarketing} })
	anouk := w.handlerIn()
	anouk.does("rechten", fields{"recht": "objection_marketing"})
	anouk.does("klant", fields{"klantnummer": "K", "adres1": requesterAddress, "sinds1": "2020-01-02"})
	holds(t, wordsOf(anouk.see("").Body.String()), true, "Voor dit verzoek vraagt ons beleid geen bewijs.")
	anouk.does("identiteit", fields{"code": "app"})
	page := anouk.see("").Body.String()
	blank := anouk.form(page, "besluit-objection_marketing")
	if got := blank.choices["uitkomst"]; !slices.Equal(got, []string{"granted"}) || slices.Contains(blank.names, "grond") {
		t.Errorf("the form offers %v and asks %v", got, blank.names)
	}
	anouk.does("besluit-objection_marketing", fields{"uitkomst": "granted"})
}

func TestDecideFormOffersTheGroundsOfItsRightAlone(t *testing.T) {
	_, anouk := newOffice(t)
	anouk.prove(plain())
	page := anouk.see("").Body.String()
	for _, right := range []dsr.Right{dsr.Access, dsr.Erasure} {
		want := []string{""}
		for _, ground := range right.Grounds() {
			want = append(want, string(ground))
		}
		if got := anouk.form(page, "besluit-"+string(right)).choices["grond"]; !slices.Equal(got, want) {
			t.Errorf("%s offers %v, want %v", right, got, want)
		}
	}
}

func TestDaysAreReadAsPeopleWriteThem(t *testing.T) {
	for typed, want := range map[string]dsr.Day{
		"2020-03-31": "2020-03-31", "31-3-2020": "2020-03-31", "1-3-2020": "2020-03-01", " 01-03-2020 ": "2020-03-01", "29-2-2024": "2024-02-29",
		"31-2-2020": "", "2020-3-31": "", "3/31/2020": "", "31-03-20": "", "": "", "morgen": "", "001-3-2020": "", "1-13-2020": "", "--2020": "", "-1-3-2020": "",
	} {
		if got, ok := desk.ParseDay(typed); got != want || ok != (want != "") {
			t.Errorf("%q is read as %q, %t", typed, got, ok)
		}
	}
}

// TestFreshContactAndOtherSenderAreSaid: both are what somebody who took over an
// account looks like.
func TestFreshContactAndOtherSenderAreSaid(t *testing.T) {
	w, anouk := newOffice(t)
	anouk.does("rechten", fields{"recht": "erasure"})
	anouk.does("klant", fields{"klantnummer": "K", "adres1": "anders@example.com", "sinds1": received().AddDate(0, 0, -29).Format(time.DateOnly)})
	const elsewhere, exactly = "Het verzoek kwam van een ander adres", "Het verzoek kwam van precies een adres"
	holds(t, anouk.see("").Body.String(), true, `<dd class="late"><p><bdi>`+elsewhere)
	page := wordsOf(anouk.see("").Body.String())
	holds(t, page, true, "Dit adres is nieuw", "Het verzoek kwam van een ander adres dan in het dossier staat.", "(29 dagen)")
	w.confirm(true)
	got := anouk.typed(anouk.form(anouk.see("").Body.String(), "identiteit"), fields{"code": "app"})
	holds(t, wordsOf(got.Body.String()), true, "Het adres staat nog geen 30 dagen in het dossier.")
	anouk.does("klant", fields{"klantnummer": "K", "adres1": strings.ToUpper(requesterAddress), "sinds1": "2020-01-02"})
	holds(t, anouk.see("").Body.String(), true, `<dd><p><bdi>`+exactly)
	page = wordsOf(anouk.see("").Body.String())
	holds(t, page, true, "Het verzoek kwam van precies een adres uit het dossier.")
	holds(t, page, false, "Dit adres is nieuw")
}

func TestDisownedCaseSaysStopFirst(t *testing.T) {
	w, anouk := newOffice(t)
	anouk.settle(plain())
	w.confirm(false)
	page := anouk.see("").Body.String()
	holds(t, page, true, `<section class="now late" aria-labelledby="nu">`)
	holds(t, wordsOf(page), true, "Stop. De klant zei: dit was ik niet.", "De klant zei: dit was ik niet. Alles staat stil.")
	holds(t, wordsOf(w.open(anouk.cookie, "/bureau").Body.String()), true, "Stop. De klant zei: dit was ik niet.")
	if got := anouk.see("/voorbeeld?uitkomst=answered"); got.Code != http.StatusConflict {
		t.Errorf("a preview of an answer answers %d", got.Code)
	}
}
