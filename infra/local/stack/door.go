package stack

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"polarweb.nl/inzage/infra/local/frontdoor"
	"polarweb.nl/inzage/internal/organisation"
)

// startDoor takes in mail by SMTP. In copy mode it plays the mail provider too,
// whose lines above the mail are the evidence about its sender.
func (s *Stack) startDoor(ctx context.Context) error {
	bucket, err := s.reference("MailBucket", "")
	if err != nil {
		return err
	}
	topic, err := s.reference("MailTopic", "")
	if err != nil {
		return err
	}
	objects, done := s.bucketClient()
	s.onStop(done)
	door, err := frontdoor.Start(ctx, frontdoor.Options{
		Address: s.options.SMTP, Recipients: s.profile.Intake.Addresses, Bucket: bucket, TopicARN: topic,
		Store: func(ctx context.Context, key string, raw []byte) error {
			_, err := objects.PutObject(ctx, &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: bytes.NewReader(raw)})
			return err
		},
		Notify: func(body string) error {
			_, err := s.queues["IntakeQueue"].Send(body)
			return err
		},
		Clock: s.clock.Now, Rand: rand.Reader, Copy: s.provider(), Duplicates: s.options.Duplicates,
		OnError: func(err error) { s.options.Log("A mail was not taken in: %v", err) },
	})
	if err != nil {
		return fmt.Errorf("the address %s is not free (%w): stop what uses it, or give another one with -smtp", s.options.SMTP, err)
	}
	s.door = door
	s.addresses.SMTP = door.Address()
	s.onStop(func() { _ = door.Stop(context.Background()) })
	return loopbackOnly("-smtp", s.options.SMTP, door.Address())
}

// provider is the mail provider of the organisation file; nil in mx mode.
func (s *Stack) provider() *frontdoor.Provider {
	intake := s.profile.Intake
	if intake.Mode != organisation.ModeCopy {
		return nil
	}
	provider := &frontdoor.Provider{AuthservID: intake.Provider.AuthservID}
	if len(intake.Provider.MXHosts) > 0 {
		provider.MXHost = intake.Provider.MXHosts[0]
	}
	return provider
}
