package file

import (
	"strings"
	"testing"
)

func TestKeysAreStrict(t *testing.T) {
	expect(t, []fault{
		{
			"unknown key suggests the nearest",
			[]string{"  address: [Kade 1", "  adress: [Kade 1"},
			[]string{`5:3: error: unknown key "adress" in controller; did you mean "address"?`},
		},
		{
			"unknown key at the top",
			[]string{"brand:", "brnad:"},
			[]string{`71:1: error: unknown key "brnad"; did you mean "brand"?`},
		},
		{
			"unknown right",
			[]string{"    erasure:", "    verwijdering:"},
			[]string{
				`56:3: error: required key "erasure" is missing in identity.rights; add it`,
				`59:5: error: unknown key "verwijdering" in identity.rights; known here: access, rectification, erasure, ` +
					`restriction, portability, objection_marketing, objection, consent_withdrawal, minor_report`,
			},
		},
		{
			"unknown key in an entry of a list",
			[]string{"    name: Bert", "    nmae: Bert"},
			[]string{`38:5: error: unknown key "nmae" in staff; did you mean "name"?`},
		},
		{
			"key given twice",
			[]string{"  name: Noorderlicht BV", "  name: Noorderlicht BV\n  name: Ander"},
			[]string{`5:3: error: key "name" is given twice in controller; keep one of the two`},
		},
		{
			"required key missing",
			[]string{"  kvk: \"01234567\"\n", ""},
			[]string{`3:1: error: required key "kvk" is missing in controller; add it`},
		},
		{
			"required key missing in an entry",
			[]string{"    name: Anna\n", ""},
			[]string{`32:5: error: required key "name" is missing in staff; add it`},
		},
		{
			"required section missing",
			[]string{"controller:", "calendar_2:"},
			[]string{
				`1:1: error: required key "controller" is missing; add it`,
				`3:1: error: unknown key "calendar_2"; did you mean "calendar"?`,
			},
		},
		{
			"merge key",
			[]string{"brand:", "<<: {a: 1}\nbrand:"},
			[]string{`71:1: error: unknown key "<<"; known here: controller, authority, intake, sender, case_prefix, ` +
				`languages, staff, calendar, statement, identity, retention, brand, data_map`},
		},
	})
}

func TestKindsAreStrict(t *testing.T) {
	expect(t, []fault{
		{
			"number for text",
			[]string{`kvk: "01234567"`, "kvk: 01234567"},
			[]string{`6:8: error: kvk in controller must be text, not a number; put it between quotes: "01234567"`},
		},
		{
			"list for text",
			[]string{"  name: Noorderlicht BV", "  name: [Noorderlicht]"},
			[]string{`4:3: error: name in controller must be text, not a list`},
		},
		{
			"text for number",
			[]string{"promise_days: 28", "promise_days: four weeks"},
			[]string{`43:17: error: promise_days in calendar must be a whole number, not text`},
		},
		{
			"fraction for number",
			[]string{"promise_days: 28", "promise_days: 2.5"},
			[]string{`43:17: error: promise_days in calendar must be a whole number, not a number with a fraction`},
		},
		{
			"yes for true",
			[]string{"plan_good_friday: true", "plan_good_friday: yes"},
			[]string{`45:21: error: plan_good_friday in calendar must be true or false, not text`},
		},
		{
			"text for list",
			[]string{"mx_hosts: [mx1.host.example]", "mx_hosts: mx1.host.example"},
			[]string{`20:15: error: mx_hosts in intake.provider must be a list, not text; ` +
				`begin each entry with a dash, or write [one, two]`},
		},
		{
			"text for group",
			[]string{
				"    local_part: info\n    domain: noorderlicht.example\n", "",
				"  thread:", "  thread: info@noorderlicht.example",
			},
			[]string{`24:11: error: thread in sender must be a group of keys, not text`},
		},
		{
			"group for list entry",
			[]string{"offered: [nl, en]", "offered: [nl, {en: true}]"},
			[]string{`30:17: error: offered in languages must be text, not a group of keys`},
		},
		{
			"alias for text",
			[]string{"  from_name: Noorderlicht", "  from_name: *who"},
			[]string{`22:14: error: from_name in sender must be text, not a YAML anchor, alias or tag`},
		},
		{
			"text for a section",
			[]string{
				"  from_name: Noorderlicht\n  from_address: info@noorderlicht.example\n  thread:\n    local_part: info\n" +
					"    domain: noorderlicht.example\n", "", "sender:", "sender: Noorderlicht",
			},
			[]string{`21:9: error: sender must be a group of keys, not text`},
		},
		{
			"key without value",
			[]string{"  name: Noorderlicht BV", "  name:"},
			[]string{`4:3: error: name in controller has no value; give it one`},
		},
		{
			"optional list without value",
			[]string{"    - {date: 2027-05-06, nl: Feestdag, en: Holiday}\n", ""},
			[]string{`46:3: error: decree_days in calendar has no value; write [] for an empty list, or remove the line`},
		},
		{
			"optional key without value",
			[]string{"case_prefix: AVG", "case_prefix:"},
			[]string{`27:1: error: case_prefix has no value; give it one, or remove the line`},
		},
		{
			"colour without quotes",
			[]string{`"#1f4e79"`, "#1f4e79"},
			[]string{`72:3: error: colour in brand has no value; write the colour between quotes, such as "#1f4e79": ` +
				`without them YAML takes it for a comment`},
		},
		{
			"required list empty",
			[]string{"  offered: [nl, en]", "  offered: []"},
			[]string{`30:3: error: offered in languages needs at least one entry`},
		},
		{
			"list names one twice",
			[]string{"klanten@noorderlicht.example", "Info@Noorderlicht.example"},
			[]string{`17:42: error: addresses in intake names "Info@Noorderlicht.example" twice; remove one of the two`},
		},
	})
}

func TestWordsAndFormsAreStrict(t *testing.T) {
	const longest = "a mail address such as info@example.nl"
	expect(t, []fault{
		{
			"wrong word suggests the nearest",
			[]string{"mode: copy", "mode: kopy"},
			[]string{`16:9: error: mode in intake must be one of copy, mx, not "kopy"; did you mean "copy"?`},
		},
		{
			"wrong word with none near",
			[]string{"id_copy: on_doubt", "id_copy: always"},
			[]string{`66:12: error: id_copy in identity must be one of on_doubt, on_request, not "always"`},
		},
		{
			"wrong role",
			[]string{"roles: [handler]", "roles: [handeler]"},
			[]string{`35:13: error: roles in staff must be one of handler, approver, owner, not "handeler"; did you mean "handler"?`},
		},
		{
			"wrong means",
			[]string{"objection: [mailbox]", "objection: [mailbx]"},
			[]string{`63:17: error: objection in identity.rights must be one of none, mailbox, facts, login, id_copy, ` +
				`not "mailbx"; did you mean "mailbox"?`},
		},
		{
			"wrong language",
			[]string{"offered: [nl, en]", "offered: [nl, fr]"},
			[]string{`30:17: error: offered in languages must be one of nl, en, not "fr"`},
		},
		{
			"address",
			[]string{"email: anna@noorderlicht.example", "email: anna@noorderlicht"},
			[]string{`34:12: error: email in staff must be ` + longest + `, not "anna@noorderlicht"`},
		},
		{
			"date that does not exist",
			[]string{"from: 2024-01-01", "from: 2024-02-30"},
			[]string{`53:11: error: from in statement must be a date that exists, written as 2018-05-25, not "2024-02-30"`},
		},
		{
			"colour",
			[]string{`"#1f4e79"`, `"blue"`},
			[]string{`72:11: error: colour in brand must be a colour of six hexadecimal digits such as #1f4e79, not "blue"`},
		},
		{
			"line break in a header",
			[]string{"from_name: Noorderlicht", `from_name: "a\nBcc: x@example.nl"`},
			[]string{`22:14: error: from_name in sender must be one line without control characters, not "a\nBcc: x@example.nl"`},
		},
		{
			"empty text",
			[]string{"    name: Anna", `    name: ""`},
			[]string{`33:11: error: name in staff must be filled in, not ""`},
		},
		{
			"empty text of which the default is not empty",
			[]string{`"#1f4e79"`, `""`},
			[]string{`72:11: error: colour in brand must be filled in, not ""`},
		},
		{
			"space around a text",
			[]string{"    name: Anna", `    name: "Anna "`},
			[]string{`33:11: error: name in staff must be without a space at its begin or end, not "Anna "`},
		},
		{
			"very long text is cut",
			[]string{"    domain: noorderlicht.example", "    domain: " + strings.Repeat("x", 70)},
			[]string{`26:13: error: domain in sender.thread must be a host name such as mail.example.nl, not "` +
				strings.Repeat("x", 60) + `…"`},
		},
	})
}
