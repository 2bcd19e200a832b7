package file

import (
	"fmt"
	"strings"
	"testing"
)

// boeken begins the second system of the file that tests spoil.
const boeken = "    - id: boeken\n"

// moreSystems gives so many more entries for the data map.
func moreSystems(n int) string {
	var entries strings.Builder
	for i := range n {
		fmt.Fprintf(&entries, "    - id: s%d\n      name: {nl: Naam, en: Name}\n      holds: {nl: Iets., en: Something.}\n"+
			"      purpose: {nl: Doel., en: Purpose.}\n      basis: contract\n      keeps: {nl: Een jaar., en: A year.}\n      on_erasure: erase\n", i)
	}
	return entries.String()
}

// dataFaults spoils the data map in ways that only show between its keys.
func dataFaults() []fault {
	const why = "      keeps_why: {nl: Zeven jaar (art. 52 AWR)., en: Seven years (art. 52 AWR).}\n"
	return []fault{
		{
			"systemsAreToldApart: one id",
			[]string{"- id: boeken", "- id: klanten"},
			[]string{`82:11: error: id "klanten" is given to two systems; give each its own, for ever`},
		},
		{"systemsFitOneChange: ten", []string{boeken, moreSystems(8) + boeken}, nil},
		{
			"systemsFitOneChange: eleven",
			[]string{boeken, moreSystems(9) + boeken},
			[]string{"74:3: error: systems in data_map has 11 entries, and a case can hold 10; put systems that are looked into together under one id"},
		},
		{
			"keptDataNamesItsReason: reason missing",
			[]string{why, ""},
			[]string{`90:19: error: system "boeken" keeps data after an erasure and does not say why: the person must be ` +
				`told which law asks it, and how long; add keeps_why with nl and en, or write on_erasure: erase`},
		},
		{
			"keptDataNamesItsReason: reason of what is erased",
			[]string{"on_erasure: keep", "on_erasure: erase"},
			[]string{`91:7: warning: keeps_why of system "boeken" does nothing: its data are erased; ` +
				`remove it, or write on_erasure: keep`},
		},
		{"keptDataNamesItsReason: erased without one", []string{"on_erasure: keep", "on_erasure: erase", why, ""}, nil},
	}
}

func TestDataMapIsRequired(t *testing.T) {
	expect(t, []fault{
		{
			"no map",
			[]string{base(t)[strings.Index(base(t), "data_map:"):], ""},
			[]string{`1:1: error: required key "data_map" is missing; add it`},
		},
		{
			"no system",
			[]string{systems(t), "  systems: []\n"},
			[]string{`74:3: error: systems in data_map needs at least one entry`},
		},
		{
			"no word about decisions and transfers",
			[]string{"  automated_decisions: {nl: Geen., en: None.}\n  transfers: {nl: Nergens heen., en: To nowhere.}\n", ""},
			[]string{
				`73:1: error: required key "automated_decisions" is missing in data_map; add it`,
				`73:1: error: required key "transfers" is missing in data_map; add it`,
			},
		},
		{
			"system without what art. 15(1) asks",
			[]string{
				"      purpose: {nl: Om u te helpen., en: To help you.}\n      basis: contract\n" +
					"      keeps: {nl: Twee jaar., en: Two years.}\n      on_erasure: erase\n", "",
			},
			[]string{
				`75:7: error: required key "purpose" is missing in data_map.systems; add it`,
				`75:7: error: required key "basis" is missing in data_map.systems; add it`,
				`75:7: error: required key "keeps" is missing in data_map.systems; add it`,
				`75:7: error: required key "on_erasure" is missing in data_map.systems; add it`,
			},
		},
	})
}

// systems is the list of systems as it stands in the base.
func systems(t *testing.T) string {
	t.Helper()
	text := base(t)
	return text[strings.Index(text, "  systems:\n"):strings.Index(text, "  automated_decisions:")]
}

// TestDataRulesAreSilentAboutWhatWasNotRead spoils what the rules of this file
// look at: the fault is told, and no conclusion is drawn from it.
func TestDataRulesAreSilentAboutWhatWasNotRead(t *testing.T) {
	const form = ` must be a short word of 2 to 20 lower-case letters and digits that begins with a letter, not `
	expect(t, []fault{
		{
			"two ids that are none",
			[]string{"- id: klanten", "- id: K", "- id: boeken", "- id: B"},
			[]string{
				`75:11: error: id in data_map.systems` + form + `"K"`,
				`82:11: error: id in data_map.systems` + form + `"B"`,
			},
		},
		{
			"a reason that is no text in two languages",
			[]string{"keeps_why: {nl: Zeven jaar (art. 52 AWR)., en: Seven years (art. 52 AWR).}", "keeps_why: art. 52 AWR"},
			[]string{`91:18: error: keeps_why in data_map.systems must be a group of keys, not text`},
		},
	})
}

func TestEveryTextStandsInBothLanguages(t *testing.T) {
	expect(t, []fault{
		{
			"no English",
			[]string{"holds: {nl: Uw adres., en: Your address.}", "holds: {nl: Uw adres.}"},
			[]string{`77:7: error: required key "en" is missing in data_map.systems.holds; add it`},
		},
		{
			"empty Dutch",
			[]string{"keeps: {nl: Twee jaar.,", `keeps: {nl: "",`},
			[]string{`80:19: error: nl in data_map.systems.keeps must be filled in, not ""`},
		},
		{
			"half of a text that may be left out",
			[]string{"source: {nl: Uw bank., en: Your bank.}", "source: {en: Your bank.}"},
			[]string{`89:7: error: required key "nl" is missing in data_map.systems.source; add it`},
		},
		{
			"half of the reason to keep",
			[]string{"keeps_why: {nl: Zeven jaar (art. 52 AWR)., en: Seven years (art. 52 AWR).}", "keeps_why: {nl: Zeven jaar.}"},
			[]string{`91:7: error: required key "en" is missing in data_map.systems.keeps_why; add it`},
		},
		{
			"one text for both",
			[]string{"transfers: {nl: Nergens heen., en: To nowhere.}", "transfers: Nergens heen."},
			[]string{`93:14: error: transfers in data_map must be a group of keys, not text`},
		},
	})
}

func TestTextsOfTheDataMapArePlain(t *testing.T) {
	const plain = "plain text of at most 400 characters, without < > { or }"
	const line = "one line without control characters"
	expect(t, []fault{
		{
			"mark-up",
			[]string{"nl: Uw adres.", "nl: Uw <b>adres</b>."},
			[]string{`77:19: error: nl in data_map.systems.holds must be ` + plain + `, not "Uw <b>adres</b>."`},
		},
		{
			"template",
			[]string{"en: To nowhere.", `en: "To {{.Country}}."`},
			[]string{`93:38: error: en in data_map.transfers must be ` + plain + `, not "To {{.Country}}."`},
		},
		{
			"line break",
			[]string{"nl: Geen.", `nl: "Geen.\nOf toch?"`},
			[]string{`92:29: error: nl in data_map.automated_decisions must be ` + line + `, not "Geen.\nOf toch?"`},
		},
		{
			"text that runs the other way",
			[]string{"nl: Klantenbestand", `nl: "Klanten\u202ebestand"`},
			[]string{`76:18: error: nl in data_map.systems.name must be ` + line + `, not "Klanten\u202ebestand"`},
		},
		{
			"too long",
			[]string{"nl: Zeven jaar.,", "nl: " + strings.Repeat("x", 401) + ","},
			[]string{`88:19: error: nl in data_map.systems.keeps must be ` + plain + `, not "` + strings.Repeat("x", 60) + `…"`},
		},
		{"as long as may be", []string{"nl: Zeven jaar.,", "nl: " + strings.Repeat("ë", 400) + ","}, nil},
		{
			"folded over two lines",
			[]string{"      holds: {nl: Uw adres., en: Your address.}", "      holds:\n        nl: >-\n          Uw\n          adres.\n        en: Yours."},
			nil,
		},
	})
}

func TestWordsOfASystemAreStrict(t *testing.T) {
	expect(t, []fault{
		{
			"id",
			[]string{"- id: boeken", "- id: Boek-houding"},
			[]string{`82:11: error: id in data_map.systems must be a short word of 2 to 20 lower-case letters and digits ` +
				`that begins with a letter, not "Boek-houding"`},
		},
		{
			"basis",
			[]string{"basis: contract", "basis: contrat"},
			[]string{`79:14: error: basis in data_map.systems must be one of consent, contract, legal_obligation, ` +
				`vital_interests, public_task, legitimate_interests, not "contrat"; did you mean "contract"?`},
		},
		{
			"on_erasure",
			[]string{"on_erasure: keep", "on_erasure: keeep"},
			[]string{`90:19: error: on_erasure in data_map.systems must be one of erase, keep, not "keeep"; did you mean "keep"?`},
		},
		{
			"blank recipients",
			[]string{"recipients: [Kantoor Kade]", `recipients: ["", " "]`},
			[]string{
				`87:20: error: recipients in data_map.systems must be filled in, not ""`,
				`87:24: error: recipients in data_map.systems must be without a space at its begin or end, not " "`,
			},
		},
		{
			"recipient with mark-up",
			[]string{"recipients: [Kantoor Kade]", `recipients: ["<script>"]`},
			[]string{`87:20: error: recipients in data_map.systems must be plain text of at most 400 characters, ` +
				`without < > { or }, not "<script>"`},
		},
		{
			"recipient named twice",
			[]string{"recipients: [Kantoor Kade]", "recipients: [Kantoor Kade, kantoor kade]"},
			[]string{`87:34: error: recipients in data_map.systems names "kantoor kade" twice; remove one of the two`},
		},
		{"nobody", []string{"recipients: [Kantoor Kade]", "recipients: []"}, nil},
	})
}
