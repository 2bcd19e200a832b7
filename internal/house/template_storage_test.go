package house

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"polarweb.nl/inzage/infra/template"
)

// table gives a table by its logical id; an empty one when it is not there.
func (s stack) table(id string) template.Table {
	for _, table := range s.tables {
		if table.LogicalID == id {
			return table
		}
	}
	return template.Table{LogicalID: id}
}

// tablesFitTheCode compares keys and indexes with what casestore reads and
// writes. Indexes hold keys alone: what they would copy is personal, or stale.
func tablesFitTheCode(s stack) []finding {
	cases, keys := s.table("CasesTable"), s.table("KeysTable")
	var found []finding
	if (cases.Keys != template.Keys{Hash: "pk", Range: "sk"}) || (keys.Keys != template.Keys{Hash: "pk"}) {
		found = append(found, s.at(cases.Line, "the keys are %+v and %+v, want pk and sk, and pk alone for the keys", cases.Keys, keys.Keys))
	}
	want := map[string]template.Keys{
		s.store.dueIndex: {Hash: "due", Range: "dueAt"}, s.store.openIndex: {Hash: "open", Range: "openBy"},
	}
	for _, index := range cases.Indexes {
		if index.Keys != want[index.Name] {
			found = append(found, s.at(cases.Line, "the index %q has the keys %+v, want %+v as in internal/casestore", index.Name, index.Keys, want[index.Name]))
		}
		if index.Projection != "KEYS_ONLY" {
			found = append(found, s.at(cases.Line, "the index %q copies %s, want KEYS_ONLY", index.Name, index.Projection))
		}
		delete(want, index.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		found = append(found, s.at(cases.Line, "there is no index %q, which internal/casestore reads", name))
	}
	return append(found, attributesFitTheCode(s, cases)...)
}

// attributesFitTheCode checks that key conditions name keys, and that the rows
// have an attribute for every key.
func attributesFitTheCode(s stack, cases template.Table) []finding {
	var found []finding
	var names []string
	for _, attribute := range cases.Attributes {
		names = append(names, attribute.Name)
		tagged := func(word string) bool {
			return word == attribute.Name || strings.Contains(word, `"`+attribute.Name+`,omitempty"`)
		}
		if attribute.Type != "S" || !slices.ContainsFunc(s.store.words, tagged) {
			found = append(found, s.at(cases.Line, "the key %s of type %s is no text that internal/casestore writes", attribute.Name, attribute.Type))
		}
	}
	for _, name := range s.store.queried {
		if !slices.Contains(names, name) {
			found = append(found, in("internal/casestore", "queries by %s, which is a key of no index in template.yaml", name))
		}
	}
	return found
}

// change is one record of the stream, as Lambda filters it.
func change(event, sk string) map[string]any {
	return map[string]any{
		"eventName": event,
		"dynamodb":  map[string]any{"Keys": map[string]any{"pk": map[string]any{"S": "CASE#x"}, "sk": map[string]any{"S": sk}}},
	}
}

// streamReaders are the functions that read the stream, with how the sort keys
// begin that start them.
func streamReaders() map[string]string {
	return map[string]string{"dispatch": "LETTER#", "parcel": "PARCEL#"}
}

// streamCarriesNewWork checks that the stream holds keys only, and that each of
// its readers is started by new rows of its own kind and by nothing else.
func streamCarriesNewWork(s stack) []finding {
	var found []finding
	if cases := s.table("CasesTable"); cases.StreamView != "KEYS_ONLY" {
		found = append(found, s.at(cases.Line, "the stream shows %q, want KEYS_ONLY: readers read the row itself", cases.StreamView))
	}
	for _, f := range s.functions {
		for _, event := range f.Streams {
			prefix, reads := streamReaders()[folderOf(f)]
			if !reads || event.Table != "CasesTable" || !event.ReportBatchItemFailures || event.OnFailure == "" {
				found = append(found, s.at(f.Line, "%s reads the stream of %s: want dispatch and parcel alone, by CasesTable, with ReportBatchItemFailures and a queue for what fails", f.LogicalID, event.Table))
			}
			for _, word := range append(s.store.words, "LETTER#M01#1", "LETTER#S6#12", "PARCEL#package#x") {
				own := strings.HasPrefix(word, prefix)
				for _, name := range []string{"INSERT", "MODIFY", "REMOVE"} {
					if got, want := template.MatchesAny(event.Filters, change(name, word)), own && name == "INSERT"; got != want {
						found = append(found, s.at(f.Line, "the filter of %s passes %s of %q: %t, want %t", event.Event, name, word, got, want))
					}
				}
			}
		}
	}
	return found
}

// keysLeaveNoTrace checks that the table of keys has no history: deleting a
// key has to make what it sealed unreadable everywhere.
func keysLeaveNoTrace(s stack) []finding {
	keys := s.table("KeysTable")
	p := s.properties("KeysTable")
	var found []finding
	if plainText(p.Path("PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled")) == "true" {
		found = append(found, s.at(keys.Line, "KeysTable has point-in-time recovery: its history would undo every erasure"))
	}
	if !p.Get("StreamSpecification").IsZero() || !p.Get("Replicas").IsZero() {
		found = append(found, s.at(keys.Line, "KeysTable has a stream or a replica: keys would live on in it"))
	}
	for _, table := range s.tables {
		p := s.properties(table.LogicalID)
		switch {
		case plainText(p.Path("SSESpecification", "SSEType")) != "KMS" || shown(p.Path("SSESpecification", "KMSMasterKeyId")) != "${DataKey}":
			found = append(found, s.at(table.Line, "%s is not encrypted under DataKey", table.LogicalID))
		case plainText(p.Get("DeletionProtectionEnabled")) != "true":
			found = append(found, s.at(table.Line, "%s can be deleted by a wrong change of the stack: set DeletionProtectionEnabled", table.LogicalID))
		}
	}
	return found
}

// stateOutlivesTheStack checks that nothing that holds state goes with the
// stack unless it says so, and that replacing follows the same rule.
func stateOutlivesTheStack(s stack) []finding {
	want := map[string]string{
		"AWS::DynamoDB::Table": "Retain", "AWS::S3::Bucket": "Retain", "AWS::KMS::Key": "Retain", "AWS::Logs::LogGroup": "Delete",
	}
	var found []finding
	for _, r := range s.template.Resources() {
		if policy := want[r.Type]; policy != "" && r.DeletionPolicy != policy {
			found = append(found, s.at(r.Line, "%s has the DeletionPolicy %q, want %s", r.LogicalID, r.DeletionPolicy, policy))
		}
	}
	text := strings.Split(s.text, "\n")
	for i, line := range text {
		policy, ok := strings.CutPrefix(strings.TrimSpace(line), "DeletionPolicy: ")
		if ok && (i+1 == len(text) || strings.TrimSpace(text[i+1]) != "UpdateReplacePolicy: "+policy) {
			found = append(found, s.at(i+1, "DeletionPolicy: %s needs the same UpdateReplacePolicy on the next line", policy))
		}
	}
	return found
}

func TestKeysAndIndexesAreThoseOfTheCode(t *testing.T) {
	holds(
		t, tablesFitTheCode,
		fault{"{AttributeName: sk, KeyType: RANGE}", "{AttributeName: due, KeyType: RANGE}", "the keys are"},
		fault{"IndexName: due", "IndexName: overdue", `the index "overdue" has the keys`},
		fault{"IndexName: due", "IndexName: overdue", `there is no index "due"`},
		fault{"{AttributeName: openBy, KeyType: RANGE}", "{AttributeName: dueAt, KeyType: RANGE}", `the index "open" has the keys`},
		fault{"Projection: {ProjectionType: KEYS_ONLY}", "Projection: {ProjectionType: ALL}", "copies ALL"},
		fault{"{AttributeName: dueAt, AttributeType: S}", "{AttributeName: dueAt, AttributeType: N}", "the key dueAt of type N"},
		fault{"AttributeName: due,", "AttributeName: late,", "queries by due"},
		fault{"AttributeName: openBy,", "AttributeName: plannedFor,", "the key plannedFor of type S"},
	)
}

func TestStreamStartsEachReaderByItsOwnNewRowsOnly(t *testing.T) {
	const filter = `'{"eventName":["INSERT"],"dynamodb":{"Keys":{"sk":{"S":[{"prefix":"LETTER#"}]}}}}'`
	holds(
		t, streamCarriesNewWork,
		fault{"StreamViewType: KEYS_ONLY", "StreamViewType: NEW_IMAGE", "the stream shows"},
		fault{filter, `'{"eventName":["INSERT"]}'`, `passes INSERT of "CASE"`},
		fault{filter, strings.Replace(filter, `"INSERT"`, `"INSERT","MODIFY"`, 1), `passes MODIFY of "LETTER#M01#1"`},
		fault{filter, strings.Replace(filter, "LETTER#", "LETTER#M", 1), `passes INSERT of "LETTER#S6#12": false`},
		fault{filter, strings.Replace(filter, "LETTER#", "L", 1), `passes INSERT of "LINK#"`},
	)
}

func TestKeysTableHasNoHistory(t *testing.T) {
	holds(
		t, keysLeaveNoTrace,
		fault{
			`TableName: !Sub "${AWS::StackName}-keys"`,
			"PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}\n      StreamSpecification: {StreamViewType: KEYS_ONLY}",
			"KeysTable has point-in-time recovery",
		},
		fault{
			`TableName: !Sub "${AWS::StackName}-keys"`, "StreamSpecification: {StreamViewType: KEYS_ONLY}",
			"KeysTable has a stream",
		},
		fault{"SSEType: KMS, KMSMasterKeyId: !Ref DataKey", "SSEType: AES256", "CasesTable is not encrypted"},
		fault{"DeletionProtectionEnabled: true", "DeletionProtectionEnabled: false", "KeysTable can be deleted"},
	)
}

func TestStateOutlivesTheStack(t *testing.T) {
	holds(
		t, stateOutlivesTheStack,
		fault{"    DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain\n", "", `VaultBucket has the DeletionPolicy ""`},
		fault{"DeletionPolicy: Delete\n", "DeletionPolicy: Retain\n", "PortalLog has the DeletionPolicy"},
		fault{"UpdateReplacePolicy: Retain", "UpdateReplacePolicy: Delete", "needs the same UpdateReplacePolicy"},
	)
}
