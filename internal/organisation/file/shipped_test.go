package file

import (
	"bytes"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/organisation"
)

// shipped is the organisation file of this repository.
const shipped = "../../../infra/organisation.yaml"

// everyKey calls visit for every key that can stand in a profile, with the
// path it has in this one; only the first entry of a list is entered.
func everyKey(value reflect.Value, path string, visit func(path string, value reflect.Value, k key)) {
	switch value.Kind() {
	case reflect.Struct:
		for i, k := range keysOf(value.Type()) {
			at := below(path, k.name)
			visit(at, value.Field(i), k)
			everyKey(value.Field(i), at, visit)
		}
	case reflect.Slice:
		if value.Len() > 0 {
			everyKey(value.Index(0), entry(path, 0), visit)
		}
	}
}

func TestShippedFileHasNoErrors(t *testing.T) {
	profile, findings, err := Read(shipped)
	if err != nil {
		t.Fatal(err)
	}
	// Both are told on purpose: the owner decides about them.
	var got []string
	for _, finding := range findings {
		got = append(got, string(finding.Severity)+": "+strings.Fields(finding.Sentence)[0])
	}
	if diff := cmp.Diff([]string{"note: this", "note: the"}, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	if len(profile.Notified()) == 0 || profile.Intake.Mode != organisation.ModeCopy {
		t.Errorf("%d notified, mode %q", len(profile.Notified()), profile.Intake.Mode)
	}
}

// TestShippedIdentityFollowsTheStatement keeps the policy that was decided for
// PolarWeb: a copy with inzage, a click for most rights, nothing for the rest.
func TestShippedIdentityFollowsTheStatement(t *testing.T) {
	profile, _, err := Read(shipped)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]organisation.Means{
		"access": {"mailbox", "id_copy"}, "rectification": {"mailbox"}, "erasure": {"mailbox"},
		"restriction": {"mailbox"}, "portability": {"mailbox"}, "objection_marketing": {"none"},
		"objection": {"mailbox"}, "consent_withdrawal": {"none"}, "minor_report": {"none"},
	}
	if diff := cmp.Diff(want, profile.Identity.Rights); diff != "" {
		t.Errorf("means (-want +got):\n%s", diff)
	}
	if profile.Identity.IDCopy != organisation.CopyOnRequest {
		t.Errorf("id_copy = %s; the statement asks a copy with the request", profile.Identity.IDCopy)
	}
}

func TestEveryKeyStandsInTheShippedFileWithItsMeaning(t *testing.T) {
	text, err := os.ReadFile(shipped)
	if err != nil {
		t.Fatal(err)
	}
	r, profile := newReport(shipped), organisation.Profile{}
	decoder{r}.section(rootOf(text, r), reflect.ValueOf(&profile).Elem(), "")
	// An optional key of an entry may stand in another entry than the first.
	stands := map[string]bool{}
	for path := range r.places {
		stands[withoutIndexes(path)] = true
	}
	lines := strings.Split(string(text), "\n")
	everyKey(reflect.ValueOf(profile), "", func(path string, value reflect.Value, k key) {
		at := r.at(path)
		switch {
		case !stands[withoutIndexes(path)]:
			t.Errorf("%s does not stand in the shipped file", path)
		case k.form == "plain" && value.Kind() == reflect.String:
			// nl and en of one text: the key above them has the comment.
		case strings.Contains(path, "["):
			// Keys of an entry are explained once, above their list.
			list := r.at(path[:strings.Index(path, "[")])
			if !strings.Contains(commentAbove(lines, list.line), "#   "+k.name+" ") {
				t.Errorf("%s is not explained above its list", path)
			}
		case !strings.HasPrefix(strings.TrimSpace(lines[at.line-2]), "#"):
			t.Errorf("%s (line %d) has no comment above it", path, at.line)
		}
	})
	for _, right := range organisation.Rights() {
		at := r.places["identity.rights."+right]
		if !strings.HasPrefix(strings.TrimSpace(lines[at.line-2]), "#") {
			t.Errorf("right %s (line %d) has no comment above it", right, at.line)
		}
	}
}

// commentAbove gives the lines of comment that stand right above a line.
func commentAbove(lines []string, line int) string {
	from := line - 1
	for from > 0 && strings.HasPrefix(strings.TrimSpace(lines[from-1]), "#") {
		from--
	}
	return strings.Join(lines[from:line-1], "\n")
}

func TestShippedDefaultsAreTheDefaults(t *testing.T) {
	profile, _, err := Read(shipped)
	if err != nil {
		t.Fatal(err)
	}
	// The comments of the shipped file name the default of each key, and the
	// values beside them are those defaults. id_copy alone differs, on purpose.
	d := organisation.Defaults()
	want := []any{d.CasePrefix, d.Languages, d.Calendar, d.Retention, d.Brand}
	got := []any{profile.CasePrefix, profile.Languages, profile.Calendar, profile.Retention, profile.Brand}
	for i := range want {
		if diff := cmp.Diff(want[i], got[i]); diff != "" {
			t.Errorf("default and shipped value differ (-default +shipped):\n%s", diff)
		}
	}
}

// text is a text whose languages differ.
func text(dutch string) organisation.Text { return organisation.Text{NL: dutch, EN: "EN " + dutch} }

// whole is a profile in which no field has the zero value.
func whole() organisation.Profile {
	day := organisation.NamedDay{Date: "2027-05-06", NL: "Dag", EN: "Day"}
	rights := map[string][]organisation.Means{}
	for _, right := range organisation.Rights() {
		rights[right] = []organisation.Means{organisation.MeansMailbox, organisation.MeansFacts}
	}
	return organisation.Profile{
		Controller: organisation.Controller{
			Name: "Een BV", TradeName: "Een", Address: []string{"Kade 1", "1011 AB Amsterdam"}, KVK: "01234567",
			Email: "info@een.example", Website: "https://een.example", PrivacyStatementURL: "https://een.example/privacy",
		},
		Authority: organisation.Authority{
			Name: "AP", Address: []string{"Postbus 1"}, Website: "https://ap.example", ComplaintURL: "https://ap.example/klacht",
		},
		Intake: organisation.Intake{
			Mode: organisation.ModeCopy, Addresses: []string{"info@een.example"}, HumanMailbox: "kantoor@twee.example",
			Provider: organisation.Provider{AuthservID: "mx.host.example", MXHosts: []string{"mx1.host.example"}},
		},
		Sender: organisation.Sender{
			FromName: "Een & co", FromAddress: "info@een.example",
			Thread: organisation.Thread{LocalPart: "info", Domain: "een.example"},
		},
		CasePrefix: "EEN",
		Languages:  organisation.Languages{Default: organisation.English, Offered: []organisation.Language{organisation.English}},
		Staff: []organisation.Staff{
			{ID: "anna", Name: "Anna", Email: "anna@een.example", Roles: []organisation.Role{organisation.RoleHandler}, Active: true},
			{ID: "olga", Name: "Olga", Email: "olga@een.example", Roles: []organisation.Role{organisation.RoleOwner}, Active: true},
		},
		Calendar: organisation.Calendar{
			TimeZone: "Europe/Brussels", PromiseDays: 21, RollGoodFriday: true, PlanGoodFriday: true,
			DecreeDays: []organisation.NamedDay{day}, ClosedDays: []organisation.NamedDay{day},
		},
		Statement: []organisation.StatementVersion{{URL: "https://een.example/p", From: "2020-02-29", SHA256: strings.Repeat("0f", 32)}},
		Identity:  organisation.IdentityPolicy{Rights: rights, IDCopy: organisation.CopyOnRequest},
		Retention: organisation.Retention{FileMonths: 6, PackageDays: 20, SkeletonYears: 7},
		Brand:     organisation.Brand{Colour: "#005500"},
		DataMap: organisation.DataMap{
			Systems: []organisation.System{{
				ID: "boeken", Name: text("Boeken"), Holds: text("Facturen."), Purpose: text("De belasting."),
				Basis: organisation.BasisLegalObligation, Recipients: []string{"Kantoor Kade", "Belastingdienst"},
				Keeps: text("Zeven jaar."), Source: text("De bank."),
				OnErasure: organisation.OnErasureKeep, KeepsWhy: text("De wet."),
			}},
			AutomatedDecisions: text("Geen."), Transfers: text("Geen land."),
		},
	}
}

// TestEveryFieldIsSettableFromTheFile reads the JSON of a whole profile as the
// YAML it also is: what was written must come back.
func TestEveryFieldIsSettableFromTheFile(t *testing.T) {
	want := whole()
	everyKey(reflect.ValueOf(want), "", func(path string, value reflect.Value, _ key) {
		if value.IsZero() {
			t.Errorf("%s has the zero value, so this test would not see it", path)
		}
	})
	var text bytes.Buffer
	if err := want.Encode(&text); err != nil {
		t.Fatal(err)
	}
	got, findings := Parse("o.json", text.Bytes())
	for _, finding := range findings {
		if finding.Severity == Error {
			t.Error(finding)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("profile (-written +read):\n%s", diff)
	}
}

func TestLeftOutKeysHaveTheirDefaults(t *testing.T) {
	text := edited(t, "case_prefix: AVG\n", "", "languages:\n  default: nl\n  offered: [nl, en]\n", "",
		"  id_copy: on_doubt\n", "", "retention:\n  file_months: 12\n  package_days: 30\n  skeleton_years: 5\n", "",
		"brand:\n  colour: \"#1f4e79\"\n", "", "  promise_days: 28\n  roll_good_friday: false\n", "")
	got, findings := Parse("o.yaml", []byte(text))
	if len(findings) > 0 {
		t.Fatalf("findings: %v", findings)
	}
	want, defaults := got, organisation.Defaults()
	want.CasePrefix, want.Languages = defaults.CasePrefix, defaults.Languages
	want.Retention, want.Brand = defaults.Retention, defaults.Brand
	want.Identity.IDCopy = defaults.Identity.IDCopy
	want.Calendar = defaults.Calendar
	want.Calendar.DecreeDays = []organisation.NamedDay{{Date: "2027-05-06", NL: "Feestdag", EN: "Holiday"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("profile (-want +got):\n%s", diff)
	}
}
