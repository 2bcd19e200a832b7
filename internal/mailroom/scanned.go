package mailroom

// SES writes what its scanners found above the mail it stores, beside its own
// Received line. The developer guide does not list these fields; stored mails
// show them.
const (
	spamField  = "x-ses-spam-verdict"
	virusField = "x-ses-virus-verdict"
)

// scanned completes a receipt whose notice was lost from the lines that SES
// itself wrote: those above the second Received field, and only when the first
// one is SES's. Anything below the sender could have written.
func (h *header) scanned(receipt Receipt) Receipt {
	stamps := hops(h)
	if len(stamps) == 0 || !isSES(stamps[0].by) {
		return receipt
	}
	end := len(h.fields)
	if len(stamps) > 1 {
		end = stamps[1].index
	}
	for _, f := range h.fields[:end] {
		switch {
		case f.name == spamField && receipt.Spam == "":
			receipt.Spam = f.value
		case f.name == virusField && receipt.Virus == "":
			receipt.Virus = f.value
		}
	}
	return receipt
}
