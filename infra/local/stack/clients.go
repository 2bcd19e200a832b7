package stack

import (
	"crypto/rand"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"polarweb.nl/inzage/internal/casestore"
	"polarweb.nl/inzage/internal/keyring"
)

// The stack's own clients of what it serves. What a function may do, and with
// which permissions, is not shown by them.

// bucketClient gives a client of the object store, and what closes it. A
// connection that was opened and never used would hold up the end of the object
// store for ten seconds.
func (s *Stack) bucketClient() (objects *s3.Client, done func()) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: atOnce}}
	return s3.New(s3.Options{
		Region: region, Credentials: signing(), BaseEndpoint: aws.String(s.objects.Endpoint()), UsePathStyle: true,
		HTTPClient: client,
	}), client.CloseIdleConnections
}

// keyClient is a client of KMS.
func (s *Stack) keyClient() *awskms.Client {
	return awskms.New(awskms.Options{Region: region, Credentials: signing(), BaseEndpoint: aws.String(s.opened.kms)})
}

// keyedStore is a store that can open what it reads, where Store cannot.
func (s *Stack) keyedStore() (*casestore.Store, error) {
	keysTable, err := s.reference("KeysTable", "")
	if err != nil {
		return nil, err
	}
	dataKey, err := s.reference("DataKey", "Arn")
	if err != nil {
		return nil, err
	}
	client := s.keyClient()
	return &casestore.Store{
		API: s.store.API, Cases: s.store.Cases, Keys: keysTable, Random: rand.Reader,
		Sealer: keyring.Sealer{Key: dataKey, GenerateDataKey: client.GenerateDataKey, Decrypt: client.Decrypt},
	}, nil
}
