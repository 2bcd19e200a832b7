package frontdoor

import (
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// verdictField is the line of a mail that steers its verdicts.
const verdictField = "X-Local-Verdicts"

// verdictSet is what SES says about a mail, each PASS, FAIL, GRAY or
// PROCESSING_FAILED.
type verdictSet struct{ spf, dkim, dmarc, spam, virus string }

// errVerdicts refuses a steering line with a spelling mistake, which would
// otherwise make a test pass for the wrong reason.
var errVerdicts = errors.New(verdictField + " is not understood")

// readVerdicts gives PASS for everything that the mail does not say otherwise.
func readVerdicts(fields []events.SimpleEmailHeader) (verdictSet, error) {
	v := verdictSet{"PASS", "PASS", "PASS", "PASS", "PASS"}
	place := map[string]*string{"spf": &v.spf, "dkim": &v.dkim, "dmarc": &v.dmarc, "spam": &v.spam, "virus": &v.virus}
	for _, line := range all(fields, verdictField) {
		for word := range strings.SplitSeq(line, ",") {
			name, verdict, _ := strings.Cut(strings.TrimSpace(word), "=")
			if place[name] == nil || result(verdict) == "" {
				return verdictSet{}, fmt.Errorf("%w: %d characters", errVerdicts, len(line))
			}
			*place[name] = verdict
		}
	}
	return v, nil
}

// ofCopy is what SES says about a copy that the provider sent on. SES judges
// the provider, which passes; who wrote the mail only the provider's own
// Authentication-Results can tell.
func (v verdictSet) ofCopy() verdictSet {
	v.spf, v.dkim, v.dmarc = "PASS", "PASS", "PASS"
	return v
}
