package casework

import (
	"cmp"
	"context"
	"encoding/hex"
	"fmt"
	"slices"

	"polarweb.nl/inzage/internal/dsr"
)

// Answering makes a case's answer out of what is stored.
type Answering struct {
	Place
	Rules      Rules
	ReadTasks  ReadTasks
	ReadBody   ReadBody
	Enclosures EnclosuresOf
}

// compile gives the answer that a case has with an outcome, as it stands now.
func (a Answering) compile(ctx context.Context, file File, outcome dsr.Outcome) (dsr.Answer, error) {
	c := file.Case
	answer := dsr.Answer{Number: c.Number, Outcome: outcome, Language: c.Language, Rights: c.Rights}
	if outcome == dsr.Unlinked {
		answer.To = c.Requester.Address
		return answer, nil
	}
	answer.Decisions, answer.Reasons = c.Work.Decisions, c.Reasons
	if contacts := c.OnFile.Contacts; len(contacts) > 0 {
		answer.To = contacts[0].Address
		answer.CodeTo = contacts[codeContact(c)-1].Address
	}
	found, err := a.found(ctx, file)
	if err != nil {
		return dsr.Answer{}, err
	}
	for _, finding := range found {
		if c.Grants(finding.Right) {
			answer.Found = append(answer.Found, finding)
		}
	}
	answer.Files, err = a.files(ctx, file)
	return answer, err
}

// codeContact gives the contact on file to whom the one-time code goes, counted
// from 1: another one than the letter when there is one, so that a mailbox that
// was taken over is not enough. One that is new on file may be the intruder's
// own and counts for nothing.
func codeContact(c dsr.Case) int {
	if contacts := c.OnFile.Contacts; len(contacts) > 1 && !contacts[1].Fresh(c.Dates.ReceiptDay) {
		return 2
	}
	return 1
}

// answerHash gives what stands for an answer wherever it is compared, under the
// key of its case: nobody without the key can try out what it says.
func answerHash(key DataKey, answer dsr.Answer) ([32]byte, error) {
	plain, err := answer.Hash()
	if err != nil {
		return [32]byte{}, err
	}
	return key.Hash("answer", hex.EncodeToString(plain[:])), nil
}

// found opens what was found for the rights of a case, in the order of rights
// and then of systems.
func (a Answering) found(ctx context.Context, file File) ([]dsr.Finding, error) {
	tasks, err := a.ReadTasks(ctx, file.Case.ID)
	if err != nil {
		return nil, fmt.Errorf("reading the tasks: %w", err)
	}
	var found []dsr.Finding
	for _, right := range file.Case.Rights {
		for _, task := range tasks {
			if task.Right != right || task.Result == "" {
				continue // of another right, or to be looked into anew
			}
			text, err := a.text(ctx, file, task)
			if err != nil {
				return nil, fmt.Errorf("opening what was found in %s: %w", task.System, err)
			}
			found = append(found, dsr.Finding{System: task.System, Right: right, Result: task.Result, Text: text})
		}
	}
	return found, nil
}

// text opens the text of a task.
func (a Answering) text(ctx context.Context, file File, task dsr.Task) (string, error) {
	var plain []byte
	var err error
	switch {
	case task.Body != nil:
		plain, err = a.ReadBody.open(ctx, file.Key, *task.Body)
	case task.Sealed != nil:
		plain, err = file.Key.Open(taskPlace(file.Case.ID, task.System, task.Right), task.Sealed)
	}
	return string(plain), err
}

// files gives the files of an answer: what was found for this person and the
// rights that are granted, and lies sealed.
func (a Answering) files(ctx context.Context, file File) ([]dsr.AnswerFile, error) {
	all, err := a.Enclosures(ctx, file.Case.ID)
	if err != nil {
		return nil, fmt.Errorf("listing the files: %w", err)
	}
	slices.SortStableFunc(all, func(a, b dsr.Enclosure) int { return cmp.Compare(a.System, b.System) })
	var files []dsr.AnswerFile
	for _, right := range file.Case.Rights {
		for _, one := range all {
			if !file.Case.Found(one) || one.State != dsr.Kept || one.Right != right || !file.Case.Grants(right) {
				continue
			}
			name, err := fileName(file.Key, one)
			if err != nil {
				return nil, err
			}
			files = append(files, dsr.AnswerFile{
				ID: one.Ref.ID, System: one.System, Right: right, Name: name, Size: one.Size, SHA256: one.SHA256,
			})
		}
	}
	return files, nil
}

// whole reports what an answer still lacks: every system has to be looked into
// for every right that is granted, and it has to fit on a page and in a package.
func (a Answering) whole(answer dsr.Answer) error {
	if err := packable(answer.Files); err != nil {
		return err
	}
	if err := consistent(answer); err != nil {
		return err
	}
	size := 0
	for _, finding := range answer.Found {
		size += escaped(finding.Text)
	}
	if size > dsr.MaxAnswer {
		return dsr.NotNowText
	}
	for _, decision := range answer.Decisions {
		if decision.Result == dsr.Refused {
			continue
		}
		// art. 12(4) GDPR: what is not erased is refused, and that takes a reason.
		if decision.Result == dsr.Granted && slices.ContainsFunc(answer.Found, func(f dsr.Finding) bool {
			return f.Right == decision.Right && f.Result == dsr.ToKeep
		}) {
			return dsr.NotNowKept
		}
		for _, system := range a.Rules.Profile.DataMap.Systems {
			if !slices.ContainsFunc(answer.Found, func(f dsr.Finding) bool {
				return f.System == system.ID && f.Right == decision.Right
			}) {
				return dsr.NotNowTasks
			}
		}
	}
	return nil
}

// consistent reports whether an answer says one thing: what a file is from cannot
// hold nothing.
func consistent(answer dsr.Answer) error {
	for _, file := range answer.Files {
		if slices.ContainsFunc(answer.Found, func(f dsr.Finding) bool {
			return f.System == file.System && f.Right == file.Right && f.Result == dsr.NothingFound
		}) {
			return dsr.NotNowContradicted
		}
	}
	return nil
}

// packable reports whether files fit in one package.
func packable(files []dsr.AnswerFile) error {
	var size int64
	for _, file := range files {
		size += file.Size
	}
	if len(files) > dsr.MaxFound || size > dsr.MaxPackage {
		return dsr.NotNowTooManyFiles
	}
	return nil
}

// escaped gives how long a text is on a page, where some characters take five.
func escaped(text string) int {
	const long = 4 // as in "&#34;"
	size := len(text)
	for _, c := range []byte(text) {
		switch c {
		case '<', '>', '&', '"', '\'':
			size += long
		}
	}
	return size
}
