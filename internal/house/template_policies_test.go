package house

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"polarweb.nl/inzage/infra/template"
)

// statement is one statement of a policy.
type statement struct {
	holder    string   // the resource that holds the policy
	roles     []string // logical ids, for a managed policy
	sid       string
	allow     bool
	actions   []string
	resources []string
	condition template.Value
	line      int
}

// statements gives every statement of managed policies, and of the policies of
// keys, buckets, queues and topics.
func (s stack) statements() []statement {
	var list []statement
	for _, r := range s.template.Resources() {
		document := r.Properties.Get("PolicyDocument")
		if document.IsZero() {
			document = r.Properties.Get("KeyPolicy")
		}
		for _, v := range document.Get("Statement").Items {
			list = append(list, statement{
				holder: r.LogicalID, roles: ids(texts(r.Properties.Get("Roles"))), sid: plainText(v.Get("Sid")),
				allow: plainText(v.Get("Effect")) == "Allow", actions: texts(v.Get("Action")),
				resources: texts(v.Get("Resource")), condition: v.Get("Condition"), line: v.Line,
			})
		}
	}
	return list
}

// ids takes the logical ids out of references such as ${IntakeRole.Arn}.
func ids(references []string) []string {
	var list []string
	for _, reference := range references {
		id, _, _ := strings.Cut(strings.Trim(reference, "${}"), ".")
		list = append(list, id)
	}
	return list
}

// granted gives what a role may do.
func (s stack) granted(role string) []statement {
	var list []statement
	for _, st := range s.statements() {
		if st.allow && slices.Contains(st.roles, role) {
			list = append(list, st)
		}
	}
	return list
}

// roleOf gives the logical id of a function's role.
func (s stack) roleOf(f template.Function) string {
	return ids([]string{shown(s.properties(f.LogicalID).Get("Role"))})[0]
}

// oneRoleOnePolicyEach checks that every role serves one holder and has one
// managed policy of its own: shared roles grow.
func oneRoleOnePolicyEach(s stack) []finding {
	uses, policies := map[string]int{}, map[string]int{}
	for _, f := range s.functions {
		uses[s.roleOf(f)]++
		for _, event := range s.properties(f.LogicalID).Get("Events").Entries {
			if role := event.Value.Path("Properties", "RoleArn"); !role.IsZero() {
				uses[ids([]string{shown(role)})[0]]++
			} else if plainText(event.Value.Get("Type")) == "ScheduleV2" {
				return []finding{s.at(event.Value.Line, "the schedule %s has no RoleArn: SAM would make a role nobody reviewed", event.Key)}
			}
		}
	}
	var found []finding
	for _, r := range s.resources("AWS::IAM::ManagedPolicy") {
		roles := ids(texts(r.Properties.Get("Roles")))
		for _, role := range roles {
			policies[role]++
		}
		if len(roles) != 1 {
			found = append(found, s.at(r.Line, "%s is held by %d roles, want one", r.LogicalID, len(roles)))
		}
	}
	for _, r := range s.resources("AWS::IAM::Role") {
		if uses[r.LogicalID] != 1 || policies[r.LogicalID] != 1 {
			found = append(found, s.at(r.Line, "%s is used %d times and has %d policies, want one each", r.LogicalID, uses[r.LogicalID], policies[r.LogicalID]))
		}
		if !r.Properties.Get("Policies").IsZero() || !r.Properties.Get("ManagedPolicyArns").IsZero() {
			found = append(found, s.at(r.Line, "%s has an inline or a foreign policy: give it one managed policy here", r.LogicalID))
		}
		delete(uses, r.LogicalID)
	}
	for _, role := range slices.Sorted(maps.Keys(uses)) {
		found = append(found, in("template.yaml", "the role %q is used and is not here: SAM would make one nobody reviewed", role))
	}
	return found
}

// exemptWildcards are the statements whose action ends in a star, by Sid, with
// the reason.
func exemptWildcards() map[string]string {
	return map[string]string{
		"AccountAdministers": "without it nobody could administer the key (docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html)",
		"TLSOnly":            "it denies",
	}
}

// noWildcards finds permissions wider than one action on one thing.
func noWildcards(s stack) []finding {
	var found []finding
	for _, st := range s.statements() {
		for _, action := range st.actions {
			if strings.Contains(action, "*") && exemptWildcards()[st.sid] == "" {
				found = append(found, s.at(st.line, "%s of %s allows %s: name the actions", st.sid, st.holder, action))
			}
			if slices.Contains([]string{"kms:CreateGrant", "kms:PutKeyPolicy", "iam:PassRole"}, action) {
				found = append(found, s.at(st.line, "%s of %s allows %s, by which a role could widen itself", st.sid, st.holder, action))
			}
		}
		if len(st.roles) > 0 && slices.Contains(st.resources, "*") {
			found = append(found, s.at(st.line, "%s of %s reaches every resource: name it", st.sid, st.holder))
		}
	}
	return found
}

// reserved are the actions that make the difference between functions, with
// those that may have them.
func reserved() map[string][]string {
	return map[string][]string{
		"kms:GenerateMac":       {"dispatch"},
		"kms:VerifyMac":         {"portal", "desk"},
		"ses:SendRawEmail":      {"dispatch"},
		"kms:Sign":              {"sweep"},
		"kms:GenerateDataKey":   {"intake", "dispatch", "idcheck", "parcel", "portal", "desk", "sweep"}, // all but intake through S3 or for queues only
		"s3:GetObject":          {"intake", "dispatch", "idcheck", "parcel", "desk", "portal"},
		"s3:PutObject":          {"intake", "idcheck", "parcel", "desk", "portal", "sweep"}, // portal signs uploads, sweep keeps checkpoints
		"s3:DeleteObject":       {"intake", "idcheck", "parcel", "desk", "sweep", "purge"},
		"s3:ListBucket":         {"sweep", "purge", "idcheck", "parcel", "dispatch", "portal", "desk"}, // all but the first two to hear that an object is missing
		"lambda:InvokeFunction": {"sweep"},
		"dynamodb:DeleteItem":   {"desk", "sweep", "purge"}, // desk ends sessions alone
		"dynamodb:Scan":         {},
	}
}

// pageWrites are the rows that pages may write, and nothing else: what somebody
// says with a link never reaches a mail, a number, a sender, and what a data
// subject says never reaches the staff.
func pageWrites() map[string][]string {
	return map[string][]string{
		"portal": {"{ForAllValues:StringLike: {dynamodb:LeadingKeys: CASE#*,LEDGER#PENDING#*}}"},
		"desk": {
			"{ForAllValues:StringLike: {dynamodb:LeadingKeys: CASE#*,LEDGER#PENDING#*,STAFF#*,SESSION#*}}",
			"{ForAllValues:StringLike: {dynamodb:LeadingKeys: MAIL#*}}", // the link to a mail that a person must read, and no new row
		},
	}
}

// writesRows reports whether a statement lets somebody write rows.
func writesRows(st statement) bool {
	return slices.Contains(st.actions, "dynamodb:PutItem") || slices.Contains(st.actions, "dynamodb:UpdateItem")
}

// separatedDuties checks who may mint, check, send, read mail and write.
func separatedDuties(s stack) []finding {
	var found []finding
	for _, f := range s.functions {
		name := folderOf(f)
		for _, st := range s.granted(s.roleOf(f)) {
			for _, action := range st.actions {
				service, _, _ := strings.Cut(action, ":")
				who, ok := reserved()[action]
				switch {
				case ok && !slices.Contains(who, name):
					found = append(found, s.at(st.line, "%s may %s, which is for %v alone", name, action, who))
				case service == "ses" && action != "ses:SendRawEmail":
					found = append(found, s.at(st.line, "%s may %s: letters go by SendRawEmail, whose sender is bound", name, action))
				}
			}
			if rows, page := pageWrites()[name]; page && writesRows(st) && !slices.Contains(rows, shown(st.condition)) {
				found = append(found, s.at(st.line, "%s may write more rows than pages need: want the condition %v, not %s", name, rows, shown(st.condition)))
			}
			if slices.Contains(st.actions, "ses:SendRawEmail") && shown(st.condition) != "{StringLike: {ses:FromAddress: *@${SendingDomain}}}" {
				found = append(found, s.at(st.line, "%s may send under any address: bind ses:FromAddress to SendingDomain", name))
			}
		}
	}
	return found
}

func TestEachRoleServesOneFunctionWithOnePolicy(t *testing.T) {
	holds(
		t, oneRoleOnePolicyEach,
		fault{"Role: !GetAtt SweepRole.Arn", "Role: !GetAtt IntakeRole.Arn", "IntakeRole is used 2 times"},
		fault{"Roles: [!Ref SweepRole]", "Roles: [!Ref SweepRole, !Ref IntakeRole]", "SweepPolicy is held by 2 roles"},
		fault{"            RoleArn: !GetAtt TickRole.Arn\n", "", "has no RoleArn"},
		fault{"      Role: !GetAtt SweepRole.Arn\n", "", `the role "" is used and is not here`},
		fault{
			"  TickRole:\n    Type: AWS::IAM::Role\n    Properties:\n",
			"  TickRole:\n    Type: AWS::IAM::Role\n    Properties:\n      ManagedPolicyArns: [a]\n", "TickRole has an inline or a foreign policy",
		},
	)
}

func TestNoPermissionIsAWildcard(t *testing.T) {
	holds(
		t, noWildcards,
		fault{"Action: dynamodb:Query", "Action: dynamodb:*", "ReadsDueIndex of SweepPolicy allows dynamodb:*"},
		fault{"Action: kms:VerifyMac", `Action: "*"`, "ChecksLinks of PortalPolicy allows *"},
		fault{"Resource: !GetAtt SubjectLinkKey.Arn", `Resource: "*"`, "ChecksLinks of PortalPolicy reaches every resource"},
		fault{"Action: kms:VerifyMac", "Action: [kms:VerifyMac, kms:CreateGrant]", "could widen itself"},
	)
}

func TestDutiesAreSeparated(t *testing.T) {
	holds(
		t, separatedDuties,
		fault{"Action: kms:VerifyMac", "Action: kms:GenerateMac", "portal may kms:GenerateMac, which is for [dispatch] alone"},
		fault{"Action: dynamodb:Query", "Action: s3:GetObject", "sweep may s3:GetObject, which is for [intake dispatch idcheck parcel desk portal] alone"},
		fault{"Action: dynamodb:Query", "Action: ses:SendEmail", "sweep may ses:SendEmail"},
		fault{"[dynamodb:GetItem, dynamodb:Query]", "[dynamodb:GetItem, dynamodb:UpdateItem]", "portal may write more rows than pages need"},
		fault{`["CASE#*", "LEDGER#PENDING#*"]`, `["CASE#*", "STAFF#*"]`, "portal may write more rows than pages need"},
		fault{`            Condition: {StringLike: {"ses:FromAddress": !Sub "*@${SendingDomain}"}}` + "\n", "", "dispatch may send under any address"},
		fault{`"*@${SendingDomain}"`, `"*"`, "dispatch may send under any address"},
	)
}
