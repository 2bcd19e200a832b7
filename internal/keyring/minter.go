package keyring

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/signedlink"
)

// Minter makes the tokens of signed links. Only dispatch has one.
type Minter struct {
	Stage      string // the installation; links of another one are refused
	StaffKid   string // the kid that names StaffKey in tokens
	StaffKey   string // id or ARN of the KMS key for links of staff
	SubjectKid string // the kid that names SubjectKey in tokens
	SubjectKey string // id or ARN of the KMS key for links of data subjects

	GenerateMac GenerateMac
}

// Mint gives the token of link, under the key of the audience its purpose is
// for. The same link gives the same token, so that a letter sent again holds
// the link it held before.
func (m Minter) Mint(ctx context.Context, link dsr.Link) (string, error) {
	claims, err := signedlink.Claims(link)
	if err != nil {
		return "", fmt.Errorf("minting a link: %w", err)
	}
	kid, key, err := m.signer(link.Purpose)
	if err != nil {
		return "", fmt.Errorf("minting a link: %w", err)
	}
	tag, err := m.tag(ctx, kid, key, claims)
	if err != nil {
		return "", fmt.Errorf("minting a link: %w", err)
	}
	return signedlink.Encode(kid, claims, tag), nil
}

// signer chooses the key for links of this purpose. Two audiences under one
// key, or under one kid, would let the links of one pass for the other's.
func (m Minter) signer(purpose dsr.Purpose) (kid, key string, err error) {
	if m.StaffKid == m.SubjectKid || m.StaffKey == m.SubjectKey {
		return "", "", fmt.Errorf("%w: staff and data subjects share a key or a kid", ErrKeyring)
	}
	kid, key = m.SubjectKid, m.SubjectKey
	if forStaff(purpose) {
		kid, key = m.StaffKid, m.StaffKey
	}
	if key == "" {
		return "", "", fmt.Errorf("%w: no key for %s links", ErrKeyring, purpose)
	}
	return kid, key, nil
}

// tag has KMS make the tag of claims.
func (m Minter) tag(ctx context.Context, kid, key string, claims [signedlink.ClaimsSize]byte) ([signedlink.TagSize]byte, error) {
	var none [signedlink.TagSize]byte
	message, err := signedlink.MACInput(m.Stage, kid, claims)
	if err != nil {
		return none, err
	}
	made, err := m.GenerateMac(ctx, &kms.GenerateMacInput{
		KeyId: &key, MacAlgorithm: types.MacAlgorithmSpecHmacSha256, Message: message,
	})
	if err != nil {
		return none, fmt.Errorf("asking KMS for a tag: %w", err)
	}
	if len(made.Mac) != signedlink.TagSize {
		return none, fmt.Errorf("%w: KMS gave a tag of %d bytes", ErrKeyring, len(made.Mac))
	}
	return [signedlink.TagSize]byte(made.Mac), nil
}

// forStaff reports whether links of this purpose are for staff.
func forStaff(purpose dsr.Purpose) bool {
	rule, _ := purpose.Rule()
	return rule.Staff
}
