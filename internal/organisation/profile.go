// Package organisation holds everything that makes one organisation's privacy
// desk its own: who it is, where its mail comes in, who works there, what it
// promised, which proof it asks, how long it keeps a case and in which systems
// it holds personal data.
//
// An operator writes it once in infra/organisation.yaml; package
// organisation/file reads and lints that file, and the build writes the checked
// profile as organisation.json beside every function. A function reads it back
// with Decode and never looks at YAML. Nothing is stored by this package.
//
// The struct tag `file` belongs to the linter: `optional` marks a key that may
// be left out (its default stands in Defaults), and one more word names the
// form a text must have, such as `address` or `date`.
package organisation

// Profile is the whole organisation file. Its methods are facts that follow
// from the file alone, so that two functions never read one key differently.
type Profile struct {
	Controller Controller         `json:"controller"`
	Authority  Authority          `json:"authority"`
	Intake     Intake             `json:"intake"`
	Sender     Sender             `json:"sender"`
	CasePrefix string             `json:"case_prefix" file:"prefix,optional"`
	Languages  Languages          `json:"languages" file:"optional"`
	Staff      []Staff            `json:"staff"`
	Calendar   Calendar           `json:"calendar" file:"optional"`
	Statement  []StatementVersion `json:"statement"`
	Identity   IdentityPolicy     `json:"identity"`
	Retention  Retention          `json:"retention" file:"optional"`
	Brand      Brand              `json:"brand" file:"optional"`
	DataMap    DataMap            `json:"data_map"`
}

// Controller is the organisation in the sense of art. 4(7) GDPR: the one that
// decides about the personal data and signs every letter.
type Controller struct {
	// Name is the name in the commercial register.
	Name string `json:"name"`
	// TradeName is the name people know; empty means the same as Name.
	TradeName string `json:"trade_name" file:"optional"`
	// Address holds the lines of the postal address, top to bottom.
	Address []string `json:"address"`
	// KVK is the eight-digit number at the chamber of commerce, as text
	// because it may begin with a nought.
	KVK string `json:"kvk" file:"kvk"`
	// Email is where a person reaches the organisation about a letter.
	Email string `json:"email" file:"address"`
	// Website is the address of the public site.
	Website string `json:"website" file:"url"`
	// PrivacyStatementURL is where the statement in force can be read.
	PrivacyStatementURL string `json:"privacy_statement_url" file:"url"`
}

// PublicName is the name people know: the trade name where there is one.
func (c Controller) PublicName() string {
	if c.TradeName != "" {
		return c.TradeName
	}
	return c.Name
}

// Authority is the supervisory authority that answers and refusals name.
type Authority struct {
	Name string `json:"name"`
	// Address holds the lines of the postal address, top to bottom.
	Address []string `json:"address"`
	Website string   `json:"website" file:"url"`
	// ComplaintURL is the page where a complaint is lodged (art. 77 GDPR).
	ComplaintURL string `json:"complaint_url" file:"url"`
}

// Mode says which way the organisation's mail takes to Inzage.
type Mode string

const (
	// ModeCopy means that the mail provider keeps the mailbox and sends Inzage
	// a copy of each mail; ordinary mail needs no passing on.
	ModeCopy Mode = "copy"
	// ModeMX means that the domain's mail comes to Inzage first and that
	// ordinary mail is passed on to the human mailbox.
	ModeMX Mode = "mx"
)

// Words lists the modes that exist, for the linter's suggestions.
func (Mode) Words() []string { return []string{string(ModeCopy), string(ModeMX)} }

// Intake says where requests come in and whose word about a mail is believed.
type Intake struct {
	Mode Mode `json:"mode"`
	// Addresses are all the addresses at which the desk listens.
	Addresses []string `json:"addresses" file:"address"`
	// Provider is believed in copy mode only.
	Provider Provider `json:"provider" file:"optional"`
	// HumanMailbox receives ordinary mail in mx mode, and is empty otherwise.
	HumanMailbox string `json:"human_mailbox" file:"address,optional"`
}

// Provider is the mail provider in front of Inzage in copy mode. Only header
// lines that it added itself are evidence; anyone can write the others.
type Provider struct {
	// AuthservID is the name at the start of the provider's own
	// Authentication-Results line (RFC 8601, section 2.5).
	AuthservID string `json:"authserv_id" file:"domain"`
	// MXHosts are the provider's servers whose Received lines count: the
	// earliest of those is the moment of receipt.
	MXHosts []string `json:"mx_hosts" file:"domain"`
}

// Sender is what a letter of the desk looks like from outside.
type Sender struct {
	FromName    string `json:"from_name"`
	FromAddress string `json:"from_address" file:"address"`
	Thread      Thread `json:"thread"`
}

// Thread is the address to which answers to a letter come back. Each thread
// has a token of its own after a plus sign (subaddressing, RFC 5233).
type Thread struct {
	LocalPart string `json:"local_part" file:"local_part"`
	Domain    string `json:"domain" file:"domain"`
}

// Address is the thread's address without a token: info@polarweb.nl.
func (t Thread) Address() string { return t.LocalPart + "@" + t.Domain }

// Plus is the address of one thread: info+token@polarweb.nl.
func (t Thread) Plus(token string) string { return t.LocalPart + "+" + token + "@" + t.Domain }

// Language is a language in which the desk writes letters and pages.
type Language string

const (
	// Dutch is "nl".
	Dutch Language = "nl"
	// English is "en".
	English Language = "en"
)

// Words lists the languages in which every letter exists.
func (Language) Words() []string { return []string{string(Dutch), string(English)} }

// Languages says which languages people are answered in, and which one is used
// when a request is in none of them.
type Languages struct {
	Default Language   `json:"default"`
	Offered []Language `json:"offered"`
}

// LedgerOrigin names the ledger of one installation, for ever: it stands in every
// checkpoint and in the name of their key.
func (p Profile) LedgerOrigin(stage string) string {
	return p.Sender.Thread.Domain + "/inzage/" + stage
}

// StatementVersion is one version of the privacy statement. A case is judged
// by the version that was in force on its day of receipt.
type StatementVersion struct {
	URL string `json:"url" file:"url"`
	// From is the first day on which the version applied.
	From string `json:"from" file:"date"`
	// SHA256 fixes the text in 64 hexadecimal digits; empty when the text of
	// that time was not kept.
	SHA256 string `json:"sha256" file:"sha256,optional"`
}

// StatementOn gives the statement in force on a day written as 2006-01-02, and
// false for a day before the first version. The order in the file is of no
// importance: dates in this form sort as text.
func (p Profile) StatementOn(date string) (StatementVersion, bool) {
	var found StatementVersion
	for _, version := range p.Statement {
		if version.From <= date && version.From > found.From {
			found = version
		}
	}
	return found, found.From != ""
}

// Retention says how long the desk keeps its own files. No source of law fixes
// these periods; art. 5(1)(e) GDPR asks for no longer than needed.
type Retention struct {
	// FileMonths counts from the closing of a case to the loss of its file.
	FileMonths int `json:"file_months" file:"optional"`
	// PackageDays is how long an answer can be collected.
	PackageDays int `json:"package_days" file:"optional"`
	// SkeletonYears is how long number, rights, dates and outcome remain.
	SkeletonYears int `json:"skeleton_years" file:"optional"`
}

// Brand is the little that makes a page look like the organisation's.
type Brand struct {
	// Colour is used for buttons and headings, written as "#rrggbb".
	Colour string `json:"colour" file:"colour,optional"`
}
