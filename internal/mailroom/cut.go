package mailroom

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
)

// ErrNoFile is returned for an attached file that a mail does not have.
var ErrNoFile = errors.New("the mail has no such attached file")

// removed stands in a mail in the place of a file that was cut out. It is one
// line in ASCII, so that it fits whatever stood there.
const removed = "Dit bestand is verwijderd. / This file was removed."

// OpenFile streams the n-th attached file of a raw mail, decoded. Files count
// from 1, in the order of Correspondence.Attachments; ErrNoFile.
//
// A file whose encoding breaks off ends there, as it did when it was measured;
// only a stream that fails is an error.
func OpenFile(mail io.Reader, n int) (io.Reader, error) {
	file := opened{src: unbounded(mail)}
	err := walkFiles(file.src, func(at int, one attachedFile) bool {
		if at == n {
			file.content = one.content
		}
		return at == n
	})
	if err == nil && file.content == nil {
		err = ErrNoFile
	}
	if err != nil {
		return nil, fmt.Errorf("opening attached file %d: %w", n, err)
	}
	return file, nil
}

// opened is an attached file that is read while the mail is.
type opened struct {
	src     *source
	content io.Reader
}

// Read passes the file on.
func (o opened) Read(p []byte) (int, error) {
	n, err := o.content.Read(p)
	if err != nil {
		err = cmp.Or(o.src.err, io.EOF)
	}
	return n, err
}

// pictureStart is how much of a file says whether it is a picture.
const pictureStart = 64

// Pictures gives the numbers of the attached files that may be copies of identity
// documents and begin as a picture does, by their content: neither their names nor
// their types are asked. One that was cut out is none any more.
func Pictures(mail io.Reader, picture func(start []byte) bool) ([]int, error) {
	var files []int
	src := unbounded(mail)
	err := walkFiles(src, func(at int, one attachedFile) bool {
		start, _ := one.content.Peek(pictureStart) // a shorter file is shown whole
		shows := picture(start)
		if size, _ := measure(one.content); shows && one.mayBeCopy(size) {
			files = append(files, at)
		}
		return false
	})
	if err != nil {
		return nil, fmt.Errorf("looking for pictures among the attached files: %w", err)
	}
	return files, nil
}

// Cut says which bytes of one mail are removed from it.
type Cut struct {
	spans []span // in the order of the mail; none touches another
}

// span is where the body of one part stands in a mail.
type span struct {
	start, end int64 // its first byte, and the one behind its last
}

// PlanCut finds attached files in a raw mail, by their numbers. Once a mail was
// cut, the same numbers name the same files, and cutting it again changes
// nothing. ErrNoFile when one is not there.
func PlanCut(mail io.Reader, files []int) (Cut, error) {
	var cut Cut
	wanted := slices.Compact(slices.Sorted(slices.Values(files)))
	found := 0
	err := walkFiles(unbounded(mail), func(at int, one attachedFile) bool {
		if slices.Contains(wanted, at) {
			found++
			if one.raw.skip(); one.raw.start < one.raw.end { // an empty file has nothing to remove
				cut.spans = append(cut.spans, span{one.raw.start, one.raw.end})
			}
		}
		return found == len(wanted)
	})
	if err == nil && found != len(wanted) {
		err = ErrNoFile
	}
	if err != nil {
		return Cut{}, fmt.Errorf("looking for attached files: %w", err)
	}
	return cut, nil
}

// Apply gives the mail again with one line in the place of each file. Every
// other byte stays as it is: headers, texts, boundaries and other files.
func (c Cut) Apply(mail io.Reader) io.Reader {
	var pieces []io.Reader
	at := int64(0)
	for _, s := range c.spans {
		pieces = append(pieces, io.LimitReader(mail, s.start-at), strings.NewReader(removed), &omission{mail, s.end - s.start})
		at = s.end
	}
	return io.MultiReader(append(pieces, mail)...)
}

// unbounded reads a mail to its end, however large: a file that goes on behind the
// limit of a mail must be removed whole.
func unbounded(mail io.Reader) *source {
	src := newSource(mail)
	src.left = math.MaxInt64
	return src
}

// walkFiles gives every attached file of a mail to use, until that is enough. It
// walks as Reader.Read does, so that both count alike.
func walkFiles(src *source, use func(n int, one attachedFile) bool) error {
	mail := bufio.NewReader(src)
	h := readHeader(mail)
	if !h.large {
		w := &walker{lines: newLines(h, mail), attached: use}
		w.part(partOf(h.get), 0)
	}
	return src.err
}

// omission is nothing, and takes the place of some bytes of a mail. A mail that
// ends before them is another one than was planned for.
type omission struct {
	mail io.Reader
	left int64
}

// Read skips the bytes and gives none.
func (o *omission) Read([]byte) (int, error) {
	n, err := io.CopyN(io.Discard, o.mail, o.left)
	o.left -= n
	switch {
	case err == nil:
		err = io.EOF
	case errors.Is(err, io.EOF):
		err = io.ErrUnexpectedEOF
	}
	return 0, err
}
