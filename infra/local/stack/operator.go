package stack

import (
	"fmt"
	"os"
	"strings"
)

// tellOperator writes down what infra/inzage needs to speak to this stack, for
// a shell to read. The endpoints are others after each start.
func (s *Stack) tellOperator() error {
	var text strings.Builder
	for _, one := range [][2]string{
		{"AWS_REGION", region},
		{"AWS_ACCESS_KEY_ID", accessKey},
		{"AWS_SECRET_ACCESS_KEY", secretKey},
		{"AWS_ENDPOINT_URL_DYNAMODB", s.db.Endpoint()},
		{"AWS_ENDPOINT_URL_KMS", s.opened.kms},
		{"AWS_ENDPOINT_URL_S3", s.objects.Endpoint()},
		{"INZAGE_CLOCK_URL", s.addresses.Clock},
		{"INZAGE_STAGE", stage},
	} {
		fmt.Fprintf(&text, "export %s='%s'\n", one[0], one[1])
	}
	if err := os.WriteFile(s.path("operator.env"), []byte(text.String()), 0o600); err != nil {
		return fmt.Errorf("writing down the endpoints for the operator: %w", err)
	}
	return nil
}
