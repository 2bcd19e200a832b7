package house

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"polarweb.nl/inzage/infra/template"
)

// queuesLoseNothing checks the queues: encrypted, kept for two weeks, read one
// message at a time with room for a slow try, and never a message dropped.
func queuesLoseNothing(s stack) []finding {
	const twoWeeks = 14 * 24 * 3600
	byID := map[string]template.Queue{}
	var found []finding
	for _, q := range s.queues {
		byID[q.LogicalID] = q
		if shown(s.properties(q.LogicalID).Get("KmsMasterKeyId")) != "${DataKey}" {
			found = append(found, s.at(q.Line, "%s is not encrypted under DataKey", q.LogicalID))
		}
		if q.RetentionSeconds != twoWeeks {
			found = append(found, s.at(q.Line, "%s keeps messages for %d s, want 14 days: the longest SQS has", q.LogicalID, q.RetentionSeconds))
		}
	}
	for _, f := range s.functions {
		for _, event := range f.Queues {
			q := byID[event.Queue]
			if event.BatchSize != 1 || !event.ReportBatchItemFailures {
				found = append(found, s.at(f.Line, "%s takes %d messages of %s at a time, want 1 and ReportBatchItemFailures", f.LogicalID, event.BatchSize, q.LogicalID))
			}
			// docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
			if q.VisibilitySeconds != 6*f.TimeoutSeconds {
				found = append(found, s.at(q.Line, "%s hides a message for %d s, want 6 times the %d s of %s", q.LogicalID, q.VisibilitySeconds, f.TimeoutSeconds, f.LogicalID))
			}
			if q.DeadLetter == "" || byID[q.DeadLetter].DeadLetter != "" {
				found = append(found, s.at(q.Line, "%s needs a queue of its own for what cannot be read", q.LogicalID))
			}
		}
	}
	return found
}

// drivenFunctionsReport checks that what sweep drives leaves what failed in a
// queue: an asynchronous invocation that fails is gone otherwise.
func drivenFunctionsReport(s stack) []finding {
	var found []finding
	for _, st := range s.granted("SweepRole") {
		if !slices.Contains(st.actions, "lambda:InvokeFunction") {
			continue
		}
		for _, id := range ids(st.resources) {
			to := s.properties(id).Path("EventInvokeConfig", "DestinationConfig", "OnFailure", "Destination")
			if to.IsZero() {
				found = append(found, s.at(st.line, "%s is driven by sweep and has no queue for what fails", id))
			}
		}
	}
	return found
}

// accessLogHoldsNoLink checks that no field of the access log can hold the
// token of a link, or who opened it.
func accessLogHoldsNoLink(s stack) []finding {
	allowed := []string{"requestId", "requestTime", "routeKey", "status", "responseLength", "httpMethod", "integrationErrorMessage"}
	var found []finding
	for _, r := range s.resources("AWS::Serverless::HttpApi") {
		format := r.Properties.Path("AccessLogSettings", "Format")
		fields := regexp.MustCompile(`\$context\.([\w.]+)`).FindAllStringSubmatch(shown(format), -1)
		if len(fields) == 0 {
			found = append(found, s.at(r.Line, "%s has no access log", r.LogicalID))
		}
		for _, field := range fields {
			if !slices.Contains(allowed, field[1]) {
				found = append(found, s.at(format.Line, "the access log holds %s: it may hold %s only", field[0], strings.Join(allowed, ", ")))
			}
		}
		if throttle := r.Properties.Get("DefaultRouteSettings"); throttle.Get("ThrottlingRateLimit").IsZero() || throttle.Get("ThrottlingBurstLimit").IsZero() {
			found = append(found, s.at(r.Line, "%s has no throttle", r.LogicalID))
		}
	}
	return found
}

// nothingStandsBeforeTheAPI checks that no part of AWS that logs addresses with
// their query stands between a visitor and the pages: the query holds the token.
func nothingStandsBeforeTheAPI(s stack) []finding {
	var found []finding
	for _, kind := range []string{
		"AWS::CloudFront::Distribution", "AWS::WAFv2::WebACL", "AWS::ElasticLoadBalancingV2::LoadBalancer",
		"AWS::Lambda::Url", "AWS::Serverless::Api",
	} {
		for _, r := range s.resources(kind) {
			found = append(found, s.at(r.Line, "%s is a %s, whose logs hold the query of links", r.LogicalID, kind))
		}
	}
	return found
}

// logsAreShortAndEncrypted checks the log groups, and that each function writes
// into its own alone.
func logsAreShortAndEncrypted(s stack) []finding {
	var found []finding
	names := map[string]string{}
	for _, r := range s.resources("AWS::Logs::LogGroup") {
		names[r.LogicalID] = shown(r.Properties.Get("LogGroupName"))
		if plainText(r.Properties.Get("RetentionInDays")) != "30" || shown(r.Properties.Get("KmsKeyId")) != "${DataKey.Arn}" {
			found = append(found, s.at(r.Line, "%s must be kept for 30 days and encrypted under DataKey", r.LogicalID))
		}
	}
	for _, f := range s.functions {
		group := ids([]string{shown(s.properties(f.LogicalID).Path("LoggingConfig", "LogGroup"))})[0]
		if want := "/inzage/${AWS::StackName}/" + folderOf(f); names[group] != want {
			found = append(found, s.at(f.Line, "%s writes to the log group %q, want %q", f.LogicalID, names[group], want))
		}
		for _, st := range s.granted(s.roleOf(f)) {
			for _, action := range st.actions {
				if strings.HasPrefix(action, "logs:") && !slices.Equal(st.resources, []string{"${" + group + ".Arn}:*"}) {
					found = append(found, s.at(st.line, "%s may write to %v, want its own log group %s", f.LogicalID, st.resources, group))
				}
			}
		}
	}
	return found
}

// waivable are the rules a resource may be excused from, each with whether the
// resource keeps it.
func waivable(r template.Resource) map[string]bool {
	switch r.Type {
	case "AWS::S3::Bucket":
		return map[string]bool{"S3_VERSIONING": plainText(r.Properties.Path("VersioningConfiguration", "Status")) == "Enabled"}
	case "AWS::DynamoDB::Table":
		return map[string]bool{"DYNAMODB_PITR": plainText(r.Properties.Path("PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled")) == "true"}
	case "AWS::KMS::Key":
		return map[string]bool{"KMS_ROTATION": plainText(r.Properties.Get("EnableKeyRotation")) == "true"}
	}
	return nil
}

// waiversHaveReasons checks that every rule is kept or waived with a reason,
// and that nothing is waived that is kept.
func waiversHaveReasons(s stack) []finding {
	var found []finding
	for _, r := range s.template.Resources() {
		rules := waivable(r)
		waivers := r.Metadata.Path("inzage", "waive")
		for rule, kept := range rules {
			if waived := !waivers.Get(rule).IsZero(); kept == waived {
				found = append(found, s.at(r.Line, "%s: the rule %s is kept: %t, waived: %t; want one of the two", r.LogicalID, rule, kept, waived))
			}
		}
		for _, waiver := range waivers.Entries {
			if _, known := rules[waiver.Key]; !known {
				found = append(found, s.at(waiver.Value.Line, "%s waives %s, which is no rule for it", r.LogicalID, waiver.Key))
			}
			if len(strings.Fields(plainText(waiver.Value))) < 4 {
				found = append(found, s.at(waiver.Value.Line, "%s waives %s without a reason in words", r.LogicalID, waiver.Key))
			}
		}
	}
	return found
}

// bucketsAreClosed checks that no object can be public, unencrypted or carried
// in clear.
func bucketsAreClosed(s stack) []finding {
	denied := map[string]bool{}
	for _, r := range s.resources("AWS::S3::BucketPolicy") {
		for _, v := range r.Properties.Path("PolicyDocument", "Statement").Items {
			if plainText(v.Get("Effect")) == "Deny" && shown(v.Get("Condition")) == "{Bool: {aws:SecureTransport: false}}" && shown(v.Get("Principal")) == "*" {
				denied[ids(texts(r.Properties.Get("Bucket")))[0]] = true
			}
		}
	}
	var found []finding
	for _, r := range s.resources("AWS::S3::Bucket") {
		for _, block := range []string{"BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"} {
			if plainText(r.Properties.Path("PublicAccessBlockConfiguration", block)) != "true" {
				found = append(found, s.at(r.Line, "%s lacks %s", r.LogicalID, block))
			}
		}
		rules := r.Properties.Path("BucketEncryption", "ServerSideEncryptionConfiguration").Items
		if len(rules) != 1 || shown(rules[0].Path("ServerSideEncryptionByDefault", "KMSMasterKeyID")) != "${DataKey.Arn}" {
			found = append(found, s.at(r.Line, "%s is not encrypted under DataKey", r.LogicalID))
		}
		if !denied[r.LogicalID] {
			found = append(found, s.at(r.Line, "%s does not refuse plain HTTP", r.LogicalID))
		}
	}
	return found
}

func TestQueuesLoseNothing(t *testing.T) {
	holds(
		t, queuesLoseNothing,
		fault{"BatchSize: 1\n", "BatchSize: 2\n", "FeedbackFunction takes 2 messages"},
		fault{"            BatchSize: 1\n            FunctionResponseTypes: [ReportBatchItemFailures]\n", "            BatchSize: 1\n", "want 1 and ReportBatchItemFailures"},
		fault{"VisibilityTimeout: 360", "VisibilityTimeout: 60", "IntakeQueue hides a message for 60 s, want 6 times the 60 s"},
		fault{"    Timeout: 60\n", "    Timeout: 30\n", "want 6 times the 30 s"},
		fault{"MessageRetentionPeriod: 1209600", "MessageRetentionPeriod: 345600", "StreamDeadLetters keeps messages"},
		fault{"KmsMasterKeyId: !Ref DataKey", "SqsManagedSseEnabled: true", "DrivenDeadLetters is not encrypted"},
		fault{"      RedrivePolicy: {deadLetterTargetArn: !GetAtt IntakeDeadLetters.Arn, maxReceiveCount: 5}\n", "", "IntakeQueue needs a queue of its own"},
	)
}

func TestWhatSweepDrivesReportsItsFailures(t *testing.T) {
	holds(t, drivenFunctionsReport, fault{"EventInvokeConfig:", "Ignored:", "DispatchFunction is driven by sweep"})
}

func TestL7AccessLogHoldsNoLink(t *testing.T) {
	holds(
		t, accessLogHoldsNoLink,
		fault{"$context.routeKey", "$context.path", "the access log holds $context.path"},
		fault{"$context.status", "$context.identity.sourceIp", "the access log holds $context.identity.sourceIp"},
		fault{"AccessLogSettings:", "Ignored:", "Api has no access log"},
		fault{"ThrottlingBurstLimit: 100", "Other: 100", "Api has no throttle"},
	)
}

func TestL8NothingThatLogsLinksStandsBeforeTheAPI(t *testing.T) {
	holds(
		t, nothingStandsBeforeTheAPI,
		fault{"Type: AWS::Serverless::HttpApi", "Type: AWS::Serverless::Api", "Api is a AWS::Serverless::Api"},
		fault{"Type: AWS::SNS::TopicPolicy", "Type: AWS::CloudFront::Distribution", "AWS::CloudFront::Distribution"},
	)
}

func TestLogsAreShortAndEncrypted(t *testing.T) {
	holds(
		t, logsAreShortAndEncrypted,
		fault{"RetentionInDays: 30", "RetentionInDays: 365", "ApiLog must be kept for 30 days"},
		fault{"KmsKeyId: !GetAtt DataKey.Arn", "Other: x", "ApiLog must be kept for 30 days and encrypted"},
		fault{"LogGroup: !Ref SweepLog", "LogGroup: !Ref PortalLog", "SweepFunction writes to the log group"},
		fault{`"${SweepLog.Arn}:*"`, `"${PortalLog.Arn}:*"`, "SweepFunction may write to"},
	)
}

func TestRulesAreKeptOrWaivedWithAReason(t *testing.T) {
	holds(
		t, waiversHaveReasons,
		fault{"versions would undo erasure", "no", "VaultBucket waives S3_VERSIONING without a reason"},
		fault{"{waive: {S3_VERSIONING: versions would undo erasure}}", "{}", "MailBucket: the rule S3_VERSIONING is kept: false, waived: false"},
		fault{"PointInTimeRecoveryEnabled: true", "PointInTimeRecoveryEnabled: false", "CasesTable: the rule DYNAMODB_PITR"},
		fault{"EnableKeyRotation: true", "EnableKeyRotation: false", "DataKey: the rule KMS_ROTATION"},
		fault{"waive: {DYNAMODB_PITR:", "waive: {DYNAMODB_BACKUP:", "KeysTable waives DYNAMODB_BACKUP, which is no rule"},
		fault{"      BucketName: !Sub \"${AWS::StackName}-mail", "      VersioningConfiguration: {Status: Enabled}\n      BucketName: !Sub \"${AWS::StackName}-mail", "is kept: true, waived: true"},
	)
}

func TestBucketsAreClosed(t *testing.T) {
	holds(
		t, bucketsAreClosed,
		fault{"BlockPublicPolicy: true", "BlockPublicPolicy: false", "VaultBucket lacks BlockPublicPolicy"},
		fault{"KMSMasterKeyID: !GetAtt DataKey.Arn", "KMSMasterKeyID: alias/aws/s3", "MailBucket is not encrypted"},
		fault{`{"aws:SecureTransport": false}`, `{"aws:SecureTransport": true}`, "MailBucket does not refuse plain HTTP"},
	)
}
