package idcheck

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/idcopy"
	"polarweb.nl/inzage/internal/mailroom"
)

// maxMail is the largest mail in bytes: SES takes in 40 MB and no more
// (docs.aws.amazon.com/ses/latest/dg/quotas.html).
const maxMail = 42 << 20

// mailed is a copy that came as an attached file of a mail.
type mailed struct {
	Handler
	copied dsr.Enclosure
	now    time.Time
}

// original gives how the file is read, and how it is cut out of its mail.
func (m mailed) original() casework.Original {
	return casework.Original{Open: m.open, Destroy: m.cut}
}

// open streams the file out of the mail. Its size is known when it was read.
func (m mailed) open(ctx context.Context) (io.ReadCloser, int64, error) {
	raw, err := m.Raw.Open(ctx, m.copied.Mail.MailID)
	if err != nil {
		return nil, 0, fmt.Errorf("opening its mail: %w", err)
	}
	file, err := mailroom.OpenFile(raw, m.copied.Mail.N)
	if errors.Is(err, mailroom.ErrNoFile) {
		err = casework.ErrNotFound
	}
	if err != nil {
		raw.Close()
		return nil, 0, fmt.Errorf("looking for it in its mail: %w", err)
	}
	return struct {
		io.Reader
		io.Closer
	}{file, raw}, -1, nil
}

// cut removes the file from the mail as it arrived when it is a picture, and with it
// every other picture there that nobody has still to look at: also what was refused,
// and what nobody asked for, is of somebody's identity. What is no picture stays.
//
// S3 knows no transaction: whoever cuts another file out at the same moment may put
// this one back by what they read before. So the mail is read again after each cut,
// until there is nothing to cut; whoever stores last has then read last.
func (m mailed) cut(ctx context.Context) error {
	for {
		// What sweep removes meanwhile must not be put back.
		arrived, err := m.MailOf(ctx, m.copied.Mail.MailID)
		if err != nil && !errors.Is(err, casework.ErrNotFound) {
			return fmt.Errorf("asking whether its mail is kept: %w", err)
		}
		if err == nil && arrived.Past(m.now) {
			return nil
		}
		mail, err := m.read(ctx)
		if errors.Is(err, casework.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		left, err := m.without(ctx, mail)
		if err != nil || bytes.Equal(left, mail) {
			return err
		}
		if err := m.Raw.Replace(ctx, m.copied.Mail.MailID, bytes.NewReader(left)); err != nil {
			return fmt.Errorf("cutting it out of its mail: %w", err)
		}
	}
}

// read gives the mail whole. It is held in memory: what is cut must be what was
// looked at.
func (m mailed) read(ctx context.Context) ([]byte, error) {
	raw, err := m.Raw.Open(ctx, m.copied.Mail.MailID)
	if err != nil {
		return nil, fmt.Errorf("opening its mail: %w", err)
	}
	defer raw.Close()
	mail, err := io.ReadAll(io.LimitReader(raw, maxMail+1)) // 42 MiB of the function's 1,769
	if err == nil && len(mail) > maxMail {
		err = io.ErrShortBuffer
	}
	if err != nil {
		return nil, fmt.Errorf("reading its mail: %w", err)
	}
	return mail, nil
}

// without gives the mail without its pictures.
func (m mailed) without(ctx context.Context, mail []byte) ([]byte, error) {
	files, err := m.pictures(ctx, mail)
	if err != nil {
		return nil, err
	}
	cut, err := mailroom.PlanCut(bytes.NewReader(mail), files)
	if err != nil {
		return nil, fmt.Errorf("looking for it in its mail: %w", err)
	}
	left, err := io.ReadAll(cut.Apply(bytes.NewReader(mail)))
	if err != nil {
		return nil, fmt.Errorf("leaving it out of its mail: %w", err)
	}
	return left, nil
}

// pictures gives which files of the mail are cut out, by their numbers: what turned
// out to be a picture when it was looked at, and what begins like one. The latter
// holds those that are not looked at, because nobody wanted them or too many came.
func (m mailed) pictures(ctx context.Context, mail []byte) ([]int, error) {
	files, err := mailroom.Pictures(bytes.NewReader(mail), idcopy.Readable)
	if err != nil {
		return nil, fmt.Errorf("looking for it in its mail: %w", err)
	}
	all, err := m.Inspecting.Enclosures(ctx, m.copied.Ref.Case)
	if err != nil {
		return nil, fmt.Errorf("listing the files of its mail: %w", err)
	}
	for _, one := range all {
		if one.Mail.MailID != m.copied.Mail.MailID {
			continue
		}
		switch waits := one.State == dsr.Announced || one.State == dsr.Arriving; {
		case waits:
			files = slices.DeleteFunc(files, func(n int) bool { return n == one.Mail.N })
		case one.Form != "":
			files = append(files, one.Mail.N)
		}
	}
	return files, nil
}
