package dsr

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
)

// Answer is all that a case's answer says and to whom it goes. What the second
// person approves is this, and what the data subject gets is this: its hash is
// kept with the case and compared at every step. It is personal data.
type Answer struct {
	Number    Number           `json:"number"`
	Outcome   Outcome          `json:"outcome"`
	Language  Language         `json:"language"`
	Rights    []Right          `json:"rights"`
	Decisions []Decision       `json:"decisions"`
	Reasons   map[Right]string `json:"reasons"`
	To        string           `json:"to"`      // where the letter goes
	CodeTo    string           `json:"code_to"` // where its one-time code goes
	Found     []Finding        `json:"found"`   // in the order of rights, then of systems
	Files     []AnswerFile     `json:"files"`   // in the order of rights, of systems, then of arrival
}

// AnswerFile is one file of an answer, as it lies sealed.
type AnswerFile struct {
	ID     OwnerID `json:"id"`
	System string  `json:"system"`
	Right  Right   `json:"right"`
	Name   string  `json:"name"` // as staff named it; personal data
	Size   int64   `json:"size"` // in bytes
	SHA256 string  `json:"sha256"`
}

// Finding is what one system holds, or what was done there, for one right.
type Finding struct {
	System string     `json:"system"`
	Right  Right      `json:"right"`
	Result TaskResult `json:"result"`
	Text   string     `json:"text"`
}

// MaxAnswer is the longest answer that is shown on a page, in bytes of text. A
// function answers with 6 MB at most, and a page grows on its way
// (docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
const MaxAnswer = 2 << 20

// Hash gives what stands for an answer wherever it is compared. An empty list
// and none are one answer.
func (a Answer) Hash() ([32]byte, error) {
	if len(a.Rights) == 0 {
		a.Rights = nil
	}
	if len(a.Reasons) == 0 {
		a.Reasons = nil
	}
	if len(a.Decisions) == 0 {
		a.Decisions = nil
	}
	if len(a.Found) == 0 {
		a.Found = nil
	}
	if len(a.Files) == 0 {
		a.Files = nil
	}
	text, err := json.Marshal(a)
	if err != nil {
		return [32]byte{}, fmt.Errorf("writing down the answer: %w", err)
	}
	return sha256.Sum256(text), nil
}
