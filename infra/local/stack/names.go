package stack

import (
	"fmt"

	"polarweb.nl/inzage/infra/template"
)

// names gives the values the template is evaluated with.
func (s *Stack) names() template.Values {
	_, domain := splitAddress(s.profile.Sender.FromAddress)
	return template.Values{
		Parameters: map[string]string{
			"PublicBaseURL": s.base(),
			"Stage":         stage,
			"SendingDomain": domain,
		},
		Region: region, AccountID: account, StackName: stackName,
		Resource: s.reference,
	}
}

// base gives the address links begin with; before the pages have an address
// there is none, and nothing that needs it is evaluated yet.
func (s *Stack) base() string {
	if s.addresses.Portal == "" {
		return "http://127.0.0.1:0"
	}
	return s.addresses.Portal[:len(s.addresses.Portal)-len(portalPath)]
}

// naming is how CloudFormation answers Ref: for most types by the name that a
// property gives.
func naming() map[string]string {
	return map[string]string{
		"AWS::DynamoDB::Table":       "TableName",
		"AWS::S3::Bucket":            "BucketName",
		"AWS::Serverless::Function":  "FunctionName",
		"AWS::SES::ConfigurationSet": "Name",
	}
}

// reference answers a Ref (attribute "") or a GetAtt of the template.
func (s *Stack) reference(logicalID, attribute string) (string, error) {
	resource, ok := s.template.Resource(logicalID)
	if !ok {
		return "", fmt.Errorf("the template has no resource %s", logicalID)
	}
	if property, ok := naming()[resource.Type]; ok && attribute == "" {
		return s.template.ResolveText(resource.Properties.Get(property), s.names())
	}
	switch {
	case resource.Type == "AWS::KMS::Key" && attribute == "":
		return logicalID, nil
	case resource.Type == "AWS::KMS::Key" && attribute == "Arn":
		return fmt.Sprintf("arn:aws:kms:%s:%s:key/%s", region, account, logicalID), nil
	case resource.Type == "AWS::SNS::Topic" && attribute == "":
		return fmt.Sprintf("arn:aws:sns:%s:%s:%s-%s", region, account, stackName, logicalID), nil
	}
	return "", fmt.Errorf("the local stack has no answer to %s %s.%s", resource.Type, logicalID, attribute)
}
