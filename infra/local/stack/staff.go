package stack

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"polarweb.nl/inzage/infra/local/clock"
	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
	"polarweb.nl/inzage/internal/stepup"
)

// secretsFile stands in for the telephones of the staff.
const secretsFile = "staff.json"

// Member is a member of staff, with what their telephone would hold. Who left
// before they had a secret has none.
type Member struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Email   string `json:"email"`
	Secret  string `json:"secret"`
	OTPAuth string `json:"otpauth"`
}

// Staff gives the members of staff in the order of the organisation file.
func (s *Stack) Staff() ([]Member, error) {
	staff := []Member{}
	for _, one := range s.profile.Staff {
		member := Member{ID: one.ID, Name: one.Name, Email: one.Email}
		if secret := s.secrets[one.ID]; secret != nil {
			address, err := stepup.URL(s.profile.Controller.PublicName(), one.ID, secret)
			if err != nil {
				return nil, err
			}
			member.Secret, member.OTPAuth = stepup.Text(secret), address
		}
		staff = append(staff, member)
	}
	return staff, nil
}

// Code gives the code that a member's telephone shows at the stack's time.
func (s *Stack) Code(id string) (string, error) {
	code, err := stepup.CodeAt(s.secrets[id], stepup.StepAt(s.clock.Now()))
	if err != nil {
		return "", fmt.Errorf("the code of %s: %w", id, err)
	}
	return code, nil
}

// codeRows are the codes on the clock page: a telephone keeps real time, and
// the clock here runs ahead of it.
func (s *Stack) codeRows() ([]clock.Row, error) {
	var rows []clock.Row
	for _, one := range s.profile.Staff {
		if !one.Active {
			continue
		}
		code, err := s.Code(one.ID)
		if err != nil {
			return nil, err
		}
		rows = append(rows, clock.Row{Name: fmt.Sprintf("Code van %s · code of %s", one.ID, one.ID), Value: code})
	}
	return rows, nil
}

// openSecrets reads the secrets of the staff and draws those that are missing.
// They are on disk before any of them is used, so that a stack that is killed
// while it enrols people finds the same secrets again.
func (s *Stack) openSecrets(context.Context) error {
	texts := map[string]string{}
	content, err := os.ReadFile(s.path(secretsFile))
	if err == nil {
		err = json.Unmarshal(content, &texts)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("reading %s, without which new secrets are made: %w", s.path(secretsFile), err)
	}
	s.secrets = map[string][]byte{}
	for id, text := range texts {
		if s.secrets[id], err = stepup.ParseText(text); err != nil {
			return fmt.Errorf("reading %s, without which new secrets are made: %s: %w", s.path(secretsFile), id, err)
		}
	}
	for _, one := range s.profile.Staff {
		if s.secrets[one.ID] != nil || !one.Active {
			continue
		}
		if s.secrets[one.ID], err = stepup.NewSecret(rand.Reader); err != nil {
			return err
		}
		texts[one.ID] = stepup.Text(s.secrets[one.ID])
	}
	return s.saveSecrets(texts)
}

// saveSecrets replaces the file as a whole, for its owner's eyes alone.
func (s *Stack) saveSecrets(texts map[string]string) error {
	content, err := json.MarshalIndent(texts, "", "  ")
	if err != nil {
		return fmt.Errorf("writing the secrets of the staff: %w", err)
	}
	path := s.path(secretsFile)
	if err := os.WriteFile(path+".new", append(content, '\n'), 0o600); err != nil {
		return fmt.Errorf("writing the secrets of the staff: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("writing the secrets of the staff: %w", err)
	}
	return nil
}

// staffStore is what enrolling needs of a store.
type staffStore struct {
	staff  casework.Staff
	enrol  casework.Enrol
	remove casework.Remove
}

// enrolStaff enrols everybody who works here, by the act that the operator's
// command performs, and under the same key as the functions.
func (s *Stack) enrolStaff(ctx context.Context) error {
	store, err := s.keyedStore()
	if err != nil {
		return err
	}
	return s.enrolAll(ctx, staffStore{staff: store, enrol: store.Enrol, remove: store.Remove})
}

// enrolAll enrols everybody who works here in a store.
func (s *Stack) enrolAll(ctx context.Context, store staffStore) error {
	rules, err := casework.NewRules(s.profile)
	if err != nil {
		return err
	}
	enrolling := casework.Enrolling{Rules: rules, Store: store.enrol}
	for _, one := range s.profile.Staff {
		if !one.Active {
			continue
		}
		if err := s.enrol(ctx, store, enrolling, one); err != nil {
			return err
		}
	}
	return nil
}

// enrol makes sure that a member is enrolled with the secret of the state
// folder. A database that outlived its folder may hold another one, which no
// telephone knows any more.
func (s *Stack) enrol(ctx context.Context, store staffStore, enrolling casework.Enrolling, one organisation.Staff) error {
	actor := dsr.ActorID(one.ActorID())
	stored, err := store.staff.Secret(ctx, actor)
	if err == nil && bytes.Equal(stored, s.secrets[one.ID]) {
		return nil
	}
	if err != nil && !errors.Is(err, casework.ErrNotFound) && !errors.Is(err, casework.ErrSealed) {
		return fmt.Errorf("reading %s: %w", one.ID, err)
	}
	if err := store.remove(ctx, actor); err != nil {
		return fmt.Errorf("removing %s: %w", one.ID, err)
	}
	return enrolling.Enrol(ctx, s.clock.Now().UTC(), one.ID, s.secrets[one.ID])
}
