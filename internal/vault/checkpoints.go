package vault

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Checkpoints keeps signed checkpoints of the ledger where nobody takes them
// back before their term is over (S3 Object Lock, set on the bucket).
type Checkpoints struct {
	Bucket    string
	PutObject func(context.Context, *s3.PutObjectInput, ...func(*s3.Options)) (*s3.PutObjectOutput, error)
}

// Keep stores a checkpoint under its number. The same one twice is two versions
// of one object: a locked bucket keeps every version.
func (c Checkpoints) Keep(ctx context.Context, number int64, signed string) error {
	name := fmt.Sprintf("checkpoint/%08d", number)
	_, err := c.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &c.Bucket, Key: &name, Body: strings.NewReader(signed),
		ContentType: aws.String("text/plain; charset=utf-8"),
	})
	if err != nil {
		return fmt.Errorf("keeping checkpoint %d: %w", number, err)
	}
	return nil
}
