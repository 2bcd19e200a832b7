package keyring

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/signedlink"
)

// maxKids is how many keys may be in use for one audience: the present one,
// and the one before it for as long as its links live.
const maxKids = 2

// Verifier checks the tokens of signed links. It cannot make any.
type Verifier struct {
	Stage       string            // the installation, as the Minter has it
	StaffKeys   map[string]string // kid → id or ARN of the KMS key, for links of staff
	SubjectKeys map[string]string // kid → id or ARN of the KMS key, for links of data subjects

	VerifyMac VerifyMac
}

// Verify gives the link that token holds, when it is genuine, for this purpose
// and valid now. Every link that is not honoured is signedlink.ErrRefused, with
// the Reason for the log inside. Any other error means that the link could not
// be checked: the page then says "try again later", never "not valid".
//
// Whether the link was used or revoked stands on its LINK row, which every use
// reads after this.
func (v Verifier) Verify(ctx context.Context, token string, purpose dsr.Purpose, now time.Time) (dsr.Link, error) {
	kids, err := v.kids()
	if err != nil {
		return dsr.Link{}, fmt.Errorf("checking a link: %w", err)
	}
	unverified, err := signedlink.Parse(token, kids)
	if err != nil {
		return dsr.Link{}, err
	}
	if err := signedlink.Check(unverified.Link, purpose, now); err != nil {
		return dsr.Link{}, err
	}
	if err := v.checkTag(ctx, unverified); err != nil {
		return dsr.Link{}, err
	}
	return unverified.Link, nil
}

// kids lists the kids in use. A kid that both audiences know would name two
// keys, and more than two of one audience means that an old key was forgotten.
func (v Verifier) kids() ([]string, error) {
	kids := slices.Concat(slices.Sorted(maps.Keys(v.StaffKeys)), slices.Sorted(maps.Keys(v.SubjectKeys)))
	if len(v.StaffKeys) > maxKids || len(v.SubjectKeys) > maxKids {
		return nil, fmt.Errorf("%w: more than %d kids for one audience", ErrKeyring, maxKids)
	}
	for kid, key := range v.StaffKeys {
		if _, both := v.SubjectKeys[kid]; both || slices.Contains(slices.Collect(maps.Values(v.SubjectKeys)), key) {
			return nil, fmt.Errorf("%w: staff and data subjects share a key or a kid", ErrKeyring)
		}
	}
	return kids, nil
}

// checkTag has KMS check the tag. The key is that of the audience the purpose
// is for, and a kid of the other audience is refused without asking KMS: the
// key of the data subjects' links can then never open a staff page.
func (v Verifier) checkTag(ctx context.Context, u signedlink.Unverified) error {
	keys := v.SubjectKeys
	if forStaff(u.Link.Purpose) {
		keys = v.StaffKeys
	}
	key, ok := keys[u.Kid]
	if !ok {
		return signedlink.UnknownKey
	}
	message, err := signedlink.MACInput(v.Stage, u.Kid, u.Claims)
	if err != nil {
		return fmt.Errorf("checking a link: %w", err)
	}
	checked, err := v.VerifyMac(ctx, &kms.VerifyMacInput{
		KeyId: &key, MacAlgorithm: types.MacAlgorithmSpecHmacSha256, Message: message, Mac: u.Tag[:],
	})
	return verdict(checked, err)
}

// verdict reads the answer of KMS. A tag that does not fit comes as an error of
// its own (AWS KMS API Reference, VerifyMac); only that one says anything about
// the link.
func verdict(checked *kms.VerifyMacOutput, err error) error {
	var invalid *types.KMSInvalidMacException
	switch {
	case errors.As(err, &invalid):
		return signedlink.Forged
	case err != nil:
		return fmt.Errorf("asking KMS to check a link: %w", err)
	case !checked.MacValid:
		return signedlink.Forged
	}
	return nil
}
