// Package keyring holds the keys, which is to say: it knows their names. The
// keys themselves never leave AWS KMS, which makes and checks the tags of
// signed links and wraps the data keys under which personal data is sealed.
//
// There are three keys: one for links of staff, one for links of data subjects,
// one for data keys. Minter, Verifier and Sealer are apart, and each takes only
// the KMS calls it makes, so that a function that checks links holds nothing
// that could make one, in code as in IAM.
//
// The calls are fields, filled with the method values of one *kms.Client:
//
//	keyring.Minter{Stage: …, GenerateMac: client.GenerateMac}
//
// The package stores nothing. Wrapped data keys stand in the Keys table, links
// on LINK rows; casestore keeps both.
package keyring

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/kms"
)

// ErrKeyring is returned when the keys were named wrongly: a mistake in the
// deployment, which no visitor can cause or mend.
var ErrKeyring = errors.New("the keyring is not set up well")

// GenerateMac is kms.Client.GenerateMac.
type GenerateMac func(context.Context, *kms.GenerateMacInput, ...func(*kms.Options)) (*kms.GenerateMacOutput, error)

// VerifyMac is kms.Client.VerifyMac.
type VerifyMac func(context.Context, *kms.VerifyMacInput, ...func(*kms.Options)) (*kms.VerifyMacOutput, error)

// GenerateDataKey is kms.Client.GenerateDataKey.
type GenerateDataKey func(context.Context, *kms.GenerateDataKeyInput, ...func(*kms.Options)) (*kms.GenerateDataKeyOutput, error)

// Decrypt is kms.Client.Decrypt.
type Decrypt func(context.Context, *kms.DecryptInput, ...func(*kms.Options)) (*kms.DecryptOutput, error)
