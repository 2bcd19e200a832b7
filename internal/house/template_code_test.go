package house

import (
	"slices"
	"strings"
	"testing"
)

// besideTheCode are the statements of roles that no call in main.go shows, by
// Sid, with the reason each is needed.
func besideTheCode() map[string]string {
	return map[string]string{
		"SealsLargeText":       "S3 asks KMS for a data key in the name of who stores (SSE-KMS)",
		"SealsFiles":           "S3 and SQS ask KMS for a data key in the function's name",
		"SealsUploads":         "S3 asks KMS for a data key in the name of who signed the upload",
		"SealsCheckpoints":     "S3 asks KMS for a data key in the name of who stores (SSE-KMS)",
		"TellsWhatIsMissing":   "S3 says that an object is missing only to who may list",
		"WritesLog":            "Lambda writes the log in the function's name",
		"ReadsNotices":         "Lambda polls the queue in the function's name",
		"ReadsEvents":          "Lambda polls the queue in the function's name",
		"ReadsStream":          "Lambda reads the stream in the function's name",
		"FindsStream":          "Lambda reads the stream in the function's name",
		"OpensQueue":           "SQS and DynamoDB open what lies encrypted in them in the function's name",
		"ReadsTables":          "DynamoDB opens what lies encrypted in it in the function's name",
		"UsesDataKeyForQueues": "SQS encrypts what fails in the function's name",
		"ReportsFailures":      "Lambda sends what failed to the queue in the function's name",
	}
}

// writesOf gives the kinds of writes in the transactions of a function. Removing
// rows in one is for functions that remove rows at all: purge and sweep.
func writesOf(operations, writes []string) []string {
	if slices.Contains(operations, "dynamodb.DeleteItem") {
		return writes
	}
	return slices.DeleteFunc(slices.Clone(writes), func(kind string) bool { return kind == "Delete" })
}

// actionsOf gives the IAM actions that one operation needs.
func actionsOf(operation string, writes []string) []string {
	service, verb, _ := strings.Cut(operation, ".")
	switch operation {
	case "s3.ListObjectsV2":
		return []string{"s3:ListBucket"}
	case "s3.CreateMultipartUpload", "s3.UploadPart", "s3.CompleteMultipartUpload", "s3.PresignPostObject":
		// docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions
		return []string{"s3:PutObject"}
	case "s3.PresignGetObject":
		return []string{"s3:GetObject"}
	case "lambda.Invoke":
		return []string{"lambda:InvokeFunction"}
	case "dynamodb.TransactWriteItems":
		// docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
		actions := []string{}
		for _, kind := range writes {
			name := "dynamodb:" + kind + "Item"
			if kind == "ConditionCheck" {
				name = "dynamodb:ConditionCheckItem"
			}
			actions = append(actions, name)
		}
		return actions
	}
	return []string{service + ":" + verb}
}

// permissionsMatch compares what each function calls with what its role allows,
// both ways.
func permissionsMatch(s stack) []finding {
	var found []finding
	for _, f := range s.functions {
		needed := map[string]string{}
		writes := writesOf(s.wirings[folderOf(f)].operations, s.store.writes)
		for _, operation := range s.wirings[folderOf(f)].operations {
			for _, action := range actionsOf(operation, writes) {
				needed[action] = operation
			}
		}
		allowed := map[string]bool{}
		for _, st := range s.granted(s.roleOf(f)) {
			for _, action := range st.actions {
				if besideTheCode()[st.sid] != "" {
					continue
				}
				allowed[action] = true
				if needed[action] == "" {
					found = append(found, s.at(st.line, "%s allows %s, and functions/%s/main.go hands out no such call: take it back", st.sid, action, folderOf(f)))
				}
			}
		}
		for _, operation := range s.wirings[folderOf(f)].operations {
			for _, action := range actionsOf(operation, writes) {
				if !allowed[action] {
					found = append(found, in("functions/"+folderOf(f)+"/main.go", "hands out %s, for which %s lacks %s: take the call out or add the permission", operation, s.roleOf(f), action))
					allowed[action] = true
				}
			}
		}
	}
	return found
}

// namesBesideTheCode checks that each statement taken out of that comparison
// still exists.
func namesBesideTheCode(s stack) []finding {
	var found []finding
	for sid := range besideTheCode() {
		if !slices.ContainsFunc(s.statements(), func(st statement) bool { return st.sid == sid }) {
			found = append(found, in("template.yaml", "no statement is called %s any more: take it out of besideTheCode in internal/house", sid))
		}
	}
	return found
}

// linkKeysCarryTheirKid checks that link keys are given as kid=key, each kid
// for one key wherever it stands, and each key of its own audience.
func linkKeysCarryTheirKid(s stack) []finding {
	owner := map[string]string{"INZAGE_STAFF_LINK_KEY": "${StaffLinkKey.Arn}", "INZAGE_SUBJECT_LINK_KEY": "${SubjectLinkKey.Arn}"}
	given := map[string]string{}
	var found []finding
	for _, f := range s.functions {
		for _, entry := range f.Environment {
			want, ok := owner[entry.Key]
			if !ok {
				continue
			}
			kid, key, _ := strings.Cut(shown(entry.Value), "=")
			if kid == "" || key != want {
				found = append(found, s.at(entry.Value.Line, "%s of %s is %q, want kid=%s", entry.Key, f.LogicalID, shown(entry.Value), want))
			}
			if before := given[kid]; before != "" && before != entry.Key {
				found = append(found, s.at(entry.Value.Line, "the kid %s stands for %s and %s: one kid, one key", kid, before, entry.Key))
			}
			if before := given[entry.Key]; before != "" && before != kid {
				found = append(found, s.at(entry.Value.Line, "%s has the kid %s here and %s elsewhere: what one function mints the other could not check", entry.Key, kid, before))
			}
			given[kid], given[entry.Key] = entry.Key, kid
		}
	}
	for _, id := range []string{"StaffLinkKey", "SubjectLinkKey"} {
		if p := s.properties(id); plainText(p.Get("KeySpec")) != "HMAC_256" || plainText(p.Get("KeyUsage")) != "GENERATE_VERIFY_MAC" {
			found = append(found, in("template.yaml", "%s is no HMAC_256 key", id))
		}
	}
	return found
}

func TestRolesAllowWhatTheCodeCallsAndNoMore(t *testing.T) {
	holds(
		t, permissionsMatch,
		fault{"Action: kms:VerifyMac", "Action: kms:Verify", "portal/main.go: hands out kms.VerifyMac, for which PortalRole lacks kms:VerifyMac"},
		fault{"Action: kms:VerifyMac", "Action: [kms:VerifyMac, kms:Sign]", "ChecksLinks allows kms:Sign"},
		fault{"Action: s3:ListBucket", "Action: s3:ListObjects", "SweepRole lacks s3:ListBucket"},
		fault{"Action: lambda:InvokeFunction\n            Resource: [", "Action: lambda:Invoke\n            Resource: [", "SweepRole lacks lambda:InvokeFunction"},
		fault{
			"- Sid: RecordsLetters\n            Effect: Allow\n            Action: [dynamodb:GetItem, dynamodb:PutItem, dynamodb:UpdateItem]",
			"- Sid: RecordsLetters\n            Effect: Allow\n            Action: [dynamodb:GetItem, dynamodb:PutItem]",
			"FeedbackRole lacks dynamodb:UpdateItem",
		},
		fault{"Sid: ReadsTables", "Sid: ReadsAnything", "ReadsAnything allows kms:Decrypt"},
	)
}

func TestStatementsBesideTheCodeExist(t *testing.T) {
	holds(t, namesBesideTheCode, fault{"Sid: FindsStream", "Sid: LooksForStream", "no statement is called FindsStream"})
}

func TestLinkKeysAreGivenByKid(t *testing.T) {
	holds(
		t, linkKeysCarryTheirKid,
		fault{`"d1=${SubjectLinkKey.Arn}"`, `"${SubjectLinkKey.Arn}"`, `INZAGE_SUBJECT_LINK_KEY of PortalFunction is "${SubjectLinkKey.Arn}"`},
		fault{`"s1=${StaffLinkKey.Arn}"`, `"s1=${SubjectLinkKey.Arn}"`, "INZAGE_STAFF_LINK_KEY of DispatchFunction"},
		fault{`"s1=${StaffLinkKey.Arn}"`, `"d1=${StaffLinkKey.Arn}"`, "one kid, one key"},
		fault{
			"INZAGE_SUBJECT_LINK_KEY: !Sub \"d1=${SubjectLinkKey.Arn}\"\n          INZAGE_STAGE: !Ref Stage\n          INZAGE_BASE_URL: !Ref PublicBaseURL\n      Events:",
			"INZAGE_SUBJECT_LINK_KEY: !Sub \"d2=${SubjectLinkKey.Arn}\"\n          INZAGE_STAGE: !Ref Stage\n          INZAGE_BASE_URL: !Ref PublicBaseURL\n      Events:",
			"could not check",
		},
		fault{"KeySpec: HMAC_256", "KeySpec: HMAC_512", "StaffLinkKey is no HMAC_256 key"},
	)
}
