package casestore

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"polarweb.nl/inzage/internal/dsr"
)

// sessionRow is a stay at the desk as stored. The id in the cookie is not in it
// and does not follow from its key.
type sessionRow struct {
	Actor    string `dynamodbav:"actor"`
	Enrolled string `dynamodbav:"enrolled"`
	Expires  string `dynamodbav:"expires"`
	Link     string `dynamodbav:"link"`
	Purpose  string `dynamodbav:"purpose"`
	Owner    string `dynamodbav:"owner"`
	Due      string `dynamodbav:"due,omitempty"`
	DueAt    string `dynamodbav:"dueAt,omitempty"`
}

// session gives the stored session.
func (row sessionRow) session(hash [32]byte) (dsr.Session, error) {
	actor, err := dsr.ParseActorID(row.Actor)
	if err != nil {
		return dsr.Session{}, fmt.Errorf("its actor: %w", err)
	}
	link, err := dsr.ParseLinkID(row.Link)
	if err != nil {
		return dsr.Session{}, fmt.Errorf("its link: %w", err)
	}
	owner, err := dsr.ParseOwnerID(row.Owner)
	if err != nil {
		return dsr.Session{}, fmt.Errorf("its owner: %w", err)
	}
	return dsr.Session{
		Hash: hash, Actor: actor, Enrolled: unstamp(row.Enrolled), Expires: unstamp(row.Expires),
		Link: link, Purpose: dsr.Purpose(row.Purpose), Owner: owner,
	}, nil
}

// OpenSession implements casework.Sessions.
func (s *Store) OpenSession(ctx context.Context, session dsr.Session) error {
	at := sessionKey(session.Hash)
	row := sessionRow{
		Actor: session.Actor.String(), Enrolled: stamp(session.Enrolled), Expires: stamp(session.Expires),
		Link: session.Link.String(), Purpose: string(session.Purpose), Owner: session.Owner.String(),
	}
	row.Due, row.DueAt = dueOf(session.Expires)
	attributes, err := item(at, row)
	if err != nil {
		return writing(at, err)
	}
	_, err = s.API.PutItem(ctx, &dynamodb.PutItemInput{TableName: &s.Cases, Item: attributes})
	if err != nil {
		return writing(at, err)
	}
	return nil
}

// Session implements casework.Sessions.
func (s *Store) Session(ctx context.Context, hash [32]byte) (dsr.Session, error) {
	var row sessionRow
	if err := s.get(ctx, s.Cases, sessionKey(hash), &row); err != nil {
		return dsr.Session{}, err
	}
	session, err := row.session(hash)
	if err != nil {
		return dsr.Session{}, reading(sessionKey(hash), err)
	}
	return session, nil
}

// EndSession implements casework.Sessions.
func (s *Store) EndSession(ctx context.Context, hash [32]byte) error {
	return s.delete(ctx, s.Cases, sessionKey(hash))
}
