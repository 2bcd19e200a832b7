package file

import "testing"

// ruleFaults lists, for each rule, what makes it speak. The name before the
// colon is that of the rule's function.
func ruleFaults() []fault {
	var faults []fault
	for _, some := range [][]fault{mailFaults(), staffFaults(), timeFaults(), identityFaults(), dataFaults()} {
		faults = append(faults, some...)
	}
	return faults
}

func TestEveryRuleFires(t *testing.T) { expect(t, ruleFaults()) }

// TestRulesAreSilentAboutWhatWasNotRead spoils a value that a rule would look
// at: the fault is told, and no conclusion is drawn from it.
func TestRulesAreSilentAboutWhatWasNotRead(t *testing.T) {
	expect(t, []fault{
		{
			"none beside an unknown means",
			[]string{"access: [mailbox]", "access: [none, nobody]"},
			[]string{`57:20: error: access in identity.rights must be one of none, mailbox, facts, login, id_copy, not "nobody"`},
		},
		{
			"staff mail beside a bad address",
			[]string{"klanten@noorderlicht.example]", "klanten]", "email: anna@noorderlicht.example", "email: info@noorderlicht.example"},
			[]string{`17:42: error: addresses in intake must be a mail address such as info@example.nl, not "klanten"`},
		},
		{
			"approver with an unknown role",
			[]string{"roles: [approver]", "roles: [boss]"},
			[]string{`40:13: error: roles in staff must be one of handler, approver, owner, not "boss"`},
		},
		{
			"a file that keeps no months",
			[]string{"file_months: 12", "file_months: many"},
			[]string{`68:16: error: file_months in retention must be a whole number, not text`},
		},
		{
			"a thread without a sound domain",
			[]string{"    domain: noorderlicht.example", "    domain: noorderlicht"},
			[]string{`26:13: error: domain in sender.thread must be a host name such as mail.example.nl, not "noorderlicht"`},
		},
	})
}

// mxMode turns the base into mx mode, with a mailbox to pass mail on to.
func mxMode(mailbox string) []string {
	return []string{
		"mode: copy", "mode: mx",
		"  provider:\n    authserv_id: mail.host.example\n    mx_hosts: [mx1.host.example]\n", "  human_mailbox: " + mailbox + "\n",
	}
}

// elsewhere moves the mailboxes of staff to another domain than the intake's.
func elsewhere() []string {
	return []string{
		"email: anna@noorderlicht.example", "email: anna@host.example",
		"email: bert@noorderlicht.example", "email: bert@host.example",
	}
}

// mailFaults spoils intake and sender.
func mailFaults() []fault {
	return []fault{
		{
			"copyModeNamesProvider: provider missing",
			[]string{"  provider:\n    authserv_id: mail.host.example\n    mx_hosts: [mx1.host.example]\n", ""},
			[]string{"16:9: error: copy mode needs provider in intake: without it no line in a mail is evidence; " +
				"add provider with authserv_id and mx_hosts"},
		},
		{
			"copyModeNamesProvider: human mailbox given",
			[]string{"  mode: copy", "  mode: copy\n  human_mailbox: kantoor@host.example"},
			[]string{"17:18: warning: human_mailbox does nothing in copy mode: the mail provider keeps the mailbox; " +
				"remove it, or write mode: mx"},
		},
		{
			"mxModeNamesHumanMailbox: sound", append(mxMode("kantoor@host.example"), elsewhere()...), nil,
		},
		{
			"mxModeNamesHumanMailbox: mailbox missing", append(mxMode(`""`), elsewhere()...),
			[]string{"16:9: error: mx mode needs human_mailbox in intake: ordinary mail would go nowhere; " +
				"add human_mailbox with an address at another domain"},
		},
		{
			"mxModeNamesHumanMailbox: provider given",
			append([]string{"mode: copy", "mode: mx\n  human_mailbox: kantoor@host.example"}, elsewhere()...),
			[]string{"19:3: warning: provider does nothing in mx mode: the mail comes to Inzage first; " +
				"remove it, or write mode: copy"},
		},
		{
			"humanMailboxIsElsewhere: mailbox", append(mxMode("kantoor@Noorderlicht.example"), elsewhere()...),
			[]string{"18:18: error: human_mailbox is at noorderlicht.example, whose mail goes to Inzage in mx mode: " +
				"mail passed on would come back; name a mailbox at another domain"},
		},
		{
			"humanMailboxIsElsewhere: staff",
			append(mxMode("kantoor@host.example"), "email: anna@noorderlicht.example", "email: anna@host.example"),
			[]string{"37:12: warning: mail for noorderlicht.example goes to Inzage in mx mode, so this person may never " +
				"get a notice; name an address at another domain"},
		},
		{
			"threadReachesIntake: unknown address",
			[]string{"local_part: info", "local_part: avg"},
			[]string{"24:3: error: answers go to avg@noorderlicht.example, which is not in addresses of intake; " +
				"add it there, or change thread"},
		},
		{
			"fromAddressReachesIntake: unknown address",
			[]string{"from_address: info@noorderlicht.example", "from_address: avg@noorderlicht.example"},
			[]string{"23:17: warning: avg@noorderlicht.example is not in addresses of intake: " +
				"who writes to it does not reach the desk; add it there"},
		},
		{
			"staffMailIsNoIntake: subaddress",
			[]string{"email: anna@noorderlicht.example", "email: Klanten+anna@noorderlicht.example"},
			[]string{"34:12: error: Klanten+anna@noorderlicht.example is an address of intake: " +
				"the desk would answer its own notices; name the person's own mailbox"},
		},
		{
			"defaultLanguageIsOffered: not offered",
			[]string{"offered: [nl, en]", "offered: [en]"},
			[]string{`29:12: error: default in languages is "nl", which is not among those offered; add nl to offered`},
		},
	}
}

// staffFaults spoils the list of staff.
func staffFaults() []fault {
	return []fault{
		{
			"staffIsToldApart: one id",
			[]string{"- id: bert", "- id: anna"},
			[]string{`37:9: error: id "anna" is given to two members of staff; give each their own, for ever`},
		},
		{
			"staffIsToldApart: one mailbox",
			[]string{"email: bert@", "email: Anna@"},
			[]string{"39:12: error: two members of staff share one mailbox: a second signature could come from " +
				"the same person; give each their own"},
		},
		{
			"someoneHandles: no role",
			[]string{"roles: [handler]", "roles: [owner]"},
			[]string{"31:1: error: nobody active in staff has the role handler: no request could be answered; " +
				"add handler to the roles of one person"},
		},
		{
			"someoneHandles: not active",
			[]string{"roles: [handler]\n    active: true", "roles: [handler]\n    active: false"},
			[]string{"31:1: error: nobody active in staff has the role handler: no request could be answered; " +
				"add handler to the roles of one person"},
		},
		{
			"someoneElseApproves: own work",
			[]string{"roles: [handler]", "roles: [handler, owner]", "roles: [approver]", "roles: [handler]"},
			[]string{`32:5: warning: no second person can approve the work of "anna": disclosure and erasure will wait ` +
				`24 hours, with a notice to the person concerned; give another person the role approver`},
		},
		{
			"someoneElseApproves: approver left",
			[]string{"roles: [approver]\n    active: true", "roles: [approver]\n    active: false"},
			[]string{`32:5: warning: no second person can approve the work of "anna": disclosure and erasure will wait ` +
				`24 hours, with a notice to the person concerned; give another person the role approver`},
		},
		{
			"someoneElseApproves: owner signs too", []string{"roles: [approver]", "roles: [owner]"}, nil,
		},
	}
}

// timeFaults spoils terms, days, versions and the colour.
func timeFaults() []fault {
	const month = ": a longer promise can be later than the month of art. 12(3) GDPR"
	return []fault{
		{
			"promiseWithinTheMonth: too long",
			[]string{"promise_days: 28", "promise_days: 29"},
			[]string{"43:17: error: promise_days must be from 1 to 28 days, not 29" + month},
		},
		{
			"promiseWithinTheMonth: none",
			[]string{"promise_days: 28", "promise_days: 0"},
			[]string{"43:17: error: promise_days must be from 1 to 28 days, not 0" + month},
		},
		{"promiseWithinTheMonth: shortest", []string{"promise_days: 28", "promise_days: 1"}, nil},
		{
			"planningCoversGoodFriday: not planned",
			[]string{"roll_good_friday: false", "roll_good_friday: true", "plan_good_friday: true", "plan_good_friday: false"},
			[]string{"45:21: error: plan_good_friday must be true when roll_good_friday is true: " +
				"the term would move past a day that counts as a working day"},
		},
		{
			"planningCoversGoodFriday: rolled",
			[]string{"roll_good_friday: false", "roll_good_friday: true"},
			[]string{"44:21: note: moving the legal term past Good Friday favours the organisation only, and it is " +
				"not certain that the law allows it; write roll_good_friday: false to keep the earlier date"},
		},
		{
			"daysDiffer: decree days",
			[]string{"en: Holiday}", "en: Holiday}\n    - {date: 2027-05-06, nl: Dag, en: Day}"},
			[]string{"48:14: error: decree_days in calendar names 2027-05-06 twice; remove one of the two"},
		},
		{
			"daysDiffer: closed days",
			[]string{"  decree_days:", "  closed_days: [{date: 2027-12-31, nl: a, en: b}, {date: 2027-12-31, nl: c, en: d}]\n  decree_days:"},
			[]string{"46:58: error: closed_days in calendar names 2027-12-31 twice; remove one of the two"},
		},
		{
			"statementsInOrder: same day",
			[]string{"from: 2024-01-01", "from: 2018-05-25"},
			[]string{"53:11: error: statement lists its versions oldest first: 2018-05-25 must be later than 2018-05-25; " +
				"put them in order of date"},
		},
		{
			"statementTextIsFixed: no sum",
			[]string{"from: 2018-05-25\n    sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "from: 2018-05-25"},
			[]string{"49:5: note: this version of the privacy statement has no sha256, so its text is not fixed; " +
				"save the page and add sha256 with the sum that sha256sum prints"},
		},
		{
			"retentionWithinBounds: all three",
			[]string{"file_months: 12", "file_months: 1", "package_days: 30", "package_days: 31", "skeleton_years: 5", "skeleton_years: 11"},
			[]string{
				"68:16: error: file_months must be from 2 to 60, not 1: the person has six weeks to go to court after the answer",
				"69:17: error: package_days must be from 14 to 30, not 31: the link to an answer lives 14 days, and its storage 30",
				"70:19: error: skeleton_years must be from 1 to 10, not 11: the skeleton proves later that the request was answered",
			},
		},
		{
			"retentionWithinBounds: the bounds themselves",
			[]string{"file_months: 12", "file_months: 60", "package_days: 30", "package_days: 14", "skeleton_years: 5", "skeleton_years: 10"},
			nil,
		},
		{
			"skeletonOutlivesFile: shorter",
			[]string{"file_months: 12", "file_months: 13", "skeleton_years: 5", "skeleton_years: 1"},
			[]string{"70:19: error: skeleton_years (1) is shorter than file_months (13): the skeleton is what remains after the file"},
		},
		{"skeletonOutlivesFile: as long", []string{"skeleton_years: 5", "skeleton_years: 1"}, nil},
		{
			"colourIsReadable: too light",
			[]string{`"#1f4e79"`, `"#FFD700"`},
			[]string{"72:11: warning: white letters on #FFD700 have a contrast of 1.4 to 1 and need 4.5; choose a darker colour"},
		},
		// The lightest grey that WCAG's formula lets through, and the next one.
		{"colourIsReadable: just dark enough", []string{`"#1f4e79"`, `"#767676"`}, nil},
		{
			"colourIsReadable: just too light",
			[]string{`"#1f4e79"`, `"#777777"`},
			[]string{"72:11: warning: white letters on #777777 have a contrast of 4.5 to 1 and need 4.5; choose a darker colour"},
		},
	}
}

// identityFaults spoils the policy of proof.
func identityFaults() []fault {
	const never = " may never ask a copy of an identity document; leave out id_copy"
	const stranger = " asks none: a stranger could have someone's data changed; write at least [mailbox]"
	return []fault{
		{
			"noneStandsAlone: beside another",
			[]string{"objection: [mailbox]", "objection: [none, mailbox]"},
			[]string{"63:5: error: objection asks none and something else as well; write [none], or leave none out"},
		},
		{
			"disclosureNeedsProof: both rights",
			[]string{"access: [mailbox]", "access: [none]", "portability: [mailbox]", "portability: [none]"},
			[]string{
				"57:5: error: access gives out personal data and may not ask none; write at least [mailbox]",
				"61:5: error: portability gives out personal data and may not ask none; write at least [mailbox]",
			},
		},
		{
			"changeWithoutProof: all three",
			[]string{
				"rectification: [mailbox]", "rectification: [none]", "erasure: [mailbox]", "erasure: [none]",
				"restriction: [mailbox]", "restriction: [none]",
			},
			[]string{
				"58:5: warning: rectification" + stranger, "59:5: warning: erasure" + stranger, "60:5: warning: restriction" + stranger,
			},
		},
		{
			"neverACopyFor: all three",
			[]string{
				"objection_marketing: [none]", "objection_marketing: [id_copy]",
				"consent_withdrawal: [none]", "consent_withdrawal: [mailbox, id_copy]",
				"minor_report: [none]", "minor_report: [id_copy]",
			},
			[]string{
				"62:5: error: objection_marketing" + never, "64:5: error: consent_withdrawal" + never, "65:5: error: minor_report" + never,
			},
		},
		{
			"regulatorOnCopies: on request",
			[]string{"id_copy: on_doubt", "id_copy: on_request"},
			[]string{"66:12: note: the AP fined DPG Media EUR 525,000 for asking a copy of an identity document as a first step, " +
				"and the court and the Raad van State confirmed the infringement, although the Raad van State halved the fine; " +
				"to ask one only on doubt, change this line to: id_copy: on_doubt"},
		},
	}
}
