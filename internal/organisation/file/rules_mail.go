package file

import (
	"fmt"
	"slices"
	"strings"

	"polarweb.nl/inzage/internal/organisation"
)

// copyModeNamesProvider wants a provider in copy mode, since its header lines
// are the only evidence there about a mail, and warns for a human mailbox,
// which copy mode never uses.
func copyModeNamesProvider(p organisation.Profile, r *report) {
	if p.Intake.Mode != organisation.ModeCopy {
		return
	}
	if r.sound("intake.provider") && p.Intake.Provider.AuthservID == "" {
		r.fault("intake.mode", "copy mode needs provider in intake: without it no line in a mail is evidence",
			"add provider with authserv_id and mx_hosts")
	}
	if r.sound("intake.human_mailbox") && p.Intake.HumanMailbox != "" {
		r.warn("intake.human_mailbox", "human_mailbox does nothing in copy mode: the mail provider keeps the mailbox",
			"remove it, or write mode: mx")
	}
}

// mxModeNamesHumanMailbox wants the mailbox to which ordinary mail goes on in
// mx mode, and warns for a provider, which is never believed there.
func mxModeNamesHumanMailbox(p organisation.Profile, r *report) {
	if p.Intake.Mode != organisation.ModeMX {
		return
	}
	if r.sound("intake.human_mailbox") && p.Intake.HumanMailbox == "" {
		r.fault("intake.mode", "mx mode needs human_mailbox in intake: ordinary mail would go nowhere",
			"add human_mailbox with an address at another domain")
	}
	if r.sound("intake.provider") && p.Intake.Provider.AuthservID != "" {
		r.warn("intake.provider", "provider does nothing in mx mode: the mail comes to Inzage first",
			"remove it, or write mode: copy")
	}
}

// humanMailboxIsElsewhere refuses mailboxes that come back to Inzage in mx
// mode: there all mail for the domains of the intake goes to Inzage.
func humanMailboxIsElsewhere(p organisation.Profile, r *report) {
	if p.Intake.Mode != organisation.ModeMX || !r.sound("intake.addresses") {
		return
	}
	ours := func(address string) bool {
		return slices.ContainsFunc(p.Intake.Addresses, func(a string) bool { return hostOf(a) == hostOf(address) })
	}
	if mailbox := p.Intake.HumanMailbox; mailbox != "" && r.sound("intake.human_mailbox") && ours(mailbox) {
		r.fault("intake.human_mailbox", fmt.Sprintf("human_mailbox is at %s, whose mail goes to Inzage in mx mode: "+
			"mail passed on would come back", hostOf(mailbox)), "name a mailbox at another domain")
	}
	for i, member := range p.Staff {
		path := entry("staff", i) + ".email"
		if r.sound(path) && member.Active && ours(member.Email) {
			r.warn(path, fmt.Sprintf("mail for %s goes to Inzage in mx mode, so this person may never get a notice",
				hostOf(member.Email)), "name an address at another domain")
		}
	}
}

// threadReachesIntake refuses a thread address at which the desk does not
// listen: every answer to a letter would be lost.
func threadReachesIntake(p organisation.Profile, r *report) {
	address := p.Sender.Thread.Address()
	if r.sound("sender.thread", "intake.addresses") && !listens(p, address) {
		r.fault("sender.thread", fmt.Sprintf("answers go to %s, which is not in addresses of intake", address),
			"add it there, or change thread")
	}
}

// fromAddressReachesIntake warns for a From address at which the desk does not
// listen. Most programs answer to Reply-To, but a person may type it over.
func fromAddressReachesIntake(p organisation.Profile, r *report) {
	if r.sound("sender.from_address", "intake.addresses") && !listens(p, p.Sender.FromAddress) {
		r.warn("sender.from_address", fmt.Sprintf("%s is not in addresses of intake: "+
			"who writes to it does not reach the desk", p.Sender.FromAddress), "add it there")
	}
}

// staffMailIsNoIntake refuses an intake address as the address of a member of
// staff: the desk's own notices would come in as requests.
func staffMailIsNoIntake(p organisation.Profile, r *report) {
	if !r.sound("intake.addresses") {
		return
	}
	for i, member := range p.Staff {
		path := entry("staff", i) + ".email"
		if r.sound(path) && listens(p, member.Email) {
			r.fault(path, fmt.Sprintf("%s is an address of intake: the desk would answer its own notices", member.Email),
				"name the person's own mailbox")
		}
	}
}

// listens says whether mail to an address comes in at the desk. A plus and
// what follows it do not change the mailbox (RFC 5233).
func listens(p organisation.Profile, address string) bool {
	local, host, _ := strings.Cut(address, "@")
	local, _, _ = strings.Cut(local, "+")
	return slices.ContainsFunc(p.Intake.Addresses, func(a string) bool {
		return strings.EqualFold(a, local+"@"+host)
	})
}
