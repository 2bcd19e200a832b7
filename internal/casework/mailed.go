package casework

import (
	"crypto/sha256"
	"fmt"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// mailedUntil is up to which event of a case attached pictures are looked at.
// Whoever mails ten thousand pictures a day must not fill a case with rows; what
// is left over goes with the raw mail.
const mailedUntil = 500

// MailedCopyID gives the ID of an attached file as a copy of an identity document.
// The same file of the same mail has the same, so that it is never taken in twice.
func MailedCopyID(mailID string, n int) dsr.OwnerID {
	sum := sha256.Sum256(fmt.Appendf(nil, "mailed copy\x00%s\x00%d", mailID, n))
	return dsr.OwnerID(sum[:])
}

// mailedCopies announces what may be a copy of an identity document among the
// files of a mail. They are due at once: sweep has them looked at, and what is
// kept is cut out of the raw mail. A case that is decided, or of which identity
// was judged, has no use for any.
func mailedCopies(c dsr.Case, enquiry dsr.Enquiry, now time.Time) []EnclosureMove {
	if !takesMailed(c) || c.Seq > mailedUntil {
		return nil
	}
	var moves []EnclosureMove
	for i, file := range enquiry.Letter.Attachments {
		if !file.MayBeCopy {
			continue
		}
		n := i + 1
		moves = append(moves, EnclosureMove{Next: dsr.Enclosure{
			Ref:   dsr.EnclosureRef{Case: c.ID, Kind: dsr.IDCopyFile, ID: MailedCopyID(enquiry.MailID, n)},
			State: dsr.Announced, Mail: dsr.MailedPart{MailID: enquiry.MailID, N: n}, Arrived: now, DueAt: now,
		}})
		if len(moves) == dsr.MaxIDCopies {
			break
		}
	}
	return moves
}

// takesMailed reports whether a case still has a use for a copy that comes by
// mail, asked or not: people send one with their request.
func takesMailed(c dsr.Case) bool {
	return c.State.Undecided() && c.Work.Identity == "" && !c.Work.Disowned
}
