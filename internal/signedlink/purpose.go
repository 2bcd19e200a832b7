package signedlink

import "polarweb.nl/inzage/internal/dsr"

// purposes holds every purpose at its number in a token. Links in people's
// mailboxes carry these numbers: one is never changed and, once its purpose is
// gone, never given to another. Zero is no purpose, so that empty claims say
// nothing.
func purposes() [17]dsr.Purpose {
	return [...]dsr.Purpose{
		1:  dsr.SignIn,
		2:  dsr.Decide,
		3:  dsr.ApproveRelease,
		4:  dsr.ApproveErasure,
		5:  dsr.ExtendDeadline,
		6:  dsr.Refuse,
		7:  dsr.IdentityVerdict,
		8:  dsr.IsRequest,
		9:  dsr.IsNoRequest,
		10: dsr.ReleaseQuarantine,
		11: dsr.OriginalMail,
		12: dsr.ConfirmMailbox,
		13: dsr.StopErasure,
		14: dsr.FollowCase,
		15: dsr.UploadIDCopy,
		16: dsr.CollectAnswer,
	}
}

// numberOf gives the number of p, or 0 when it has none.
func numberOf(p dsr.Purpose) byte {
	for number, purpose := range purposes() {
		if purpose == p {
			return byte(number)
		}
	}
	return 0
}

// purposeAt gives the purpose with this number, or "" when there is none.
func purposeAt(number byte) dsr.Purpose {
	table := purposes()
	if int(number) >= len(table) {
		return ""
	}
	return table[number]
}
