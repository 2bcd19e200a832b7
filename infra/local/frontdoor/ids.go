package frontdoor

import (
	"fmt"
	"io"
)

// Ids of SES are 40 characters of this alphabet. Bytes from fairBytes on are
// thrown away, or the first letters of the alphabet would come up more often.
const (
	idLength   = 40
	idAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789"
	fairBytes  = 256 / len(idAlphabet) * len(idAlphabet)
)

// newIDs makes the id of a mail and that of its notice. Only one session at a
// time may draw, so that a seeded source gives each mail a whole id.
func (d *Door) newIDs() (sesID, noticeID string, err error) {
	d.dice.Lock()
	defer d.dice.Unlock()
	if sesID, err = newSESID(d.options.Rand); err == nil {
		noticeID, err = newNoticeID(d.options.Rand)
	}
	if err != nil {
		return "", "", fmt.Errorf("draw an id: %w", err)
	}
	return sesID, noticeID, nil
}

// newSESID draws the id of a mail.
func newSESID(rand io.Reader) (string, error) {
	id := make([]byte, 0, idLength)
	for len(id) < idLength {
		var draw [1]byte
		if _, err := io.ReadFull(rand, draw[:]); err != nil {
			return "", err
		}
		if int(draw[0]) < fairBytes {
			id = append(id, idAlphabet[int(draw[0])%len(idAlphabet)])
		}
	}
	return string(id), nil
}

// newNoticeID draws an id in the form that SNS uses, a random UUID (RFC 9562 §5.4).
func newNoticeID(rand io.Reader) (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(rand, b[:]); err != nil {
		return "", err
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]), nil
}
