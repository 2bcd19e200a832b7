package ledger

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxLine is the longest line of an export that is read. A DynamoDB item holds
// 400 KB (service quotas), which base64 makes a third longer.
const maxLine = 1 << 20

// errOrder is returned for a row that does not come after the one before.
var errOrder = errors.New("rows out of order")

// errBadRow is returned for what is not one row as Writer writes it.
var errBadRow = errors.New("not a row of an export")

// LineError says which line of an export is none.
type LineError struct {
	Line int64 // from 1
	Err  error
}

// Error names the line, and nothing of what is on it.
func (e *LineError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

// Unwrap gives the reason.
func (e *LineError) Unwrap() error { return e.Err }

// Writer writes an export. The first row and the last are its own; the caller
// writes the others in the order of the package comment, which the writer
// checks: an exporter's mistake must not look like a forgery later.
type Writer struct {
	out    *bufio.Writer
	last   place
	counts RowCounts
}

// NewWriter begins an export.
func NewWriter(out io.Writer, begin Begin) (*Writer, error) {
	w := &Writer{out: bufio.NewWriter(out)}
	if err := w.line(Row{Begin: &begin}); err != nil {
		return nil, err
	}
	return w, nil
}

// Write writes one row.
func (w *Writer) Write(row Row) error {
	at, ok := row.place()
	switch {
	case !ok || row.Begin != nil || row.End != nil:
		return fmt.Errorf("writing an export: %w", errBadRow)
	case at.compare(w.last) <= 0:
		return fmt.Errorf("writing an export: %w", errOrder)
	}
	if err := w.line(row); err != nil {
		return err
	}
	w.last = at
	w.counts.add(row)
	return nil
}

// Close writes the last row and what is still held back. It does not close
// what is written to.
func (w *Writer) Close() error {
	if err := w.line(Row{End: &w.counts}); err != nil {
		return err
	}
	if err := w.out.Flush(); err != nil {
		return fmt.Errorf("writing an export: %w", err)
	}
	return nil
}

// line writes a row and ends its line.
func (w *Writer) line(row Row) error {
	text, err := encode(row)
	if err != nil {
		return fmt.Errorf("writing an export: %w", err)
	}
	if len(text) >= maxLine {
		return fmt.Errorf("writing an export: a row of %d bytes: %w", len(text), errBadRow)
	}
	if _, err := w.out.Write(append(text, '\n')); err != nil {
		return fmt.Errorf("writing an export: %w", err)
	}
	return nil
}

// encode gives a row its one spelling.
func encode(row Row) ([]byte, error) {
	if row.Pending != nil {
		row.Pending = &PendingLeaf{row.Pending.Hash, row.Pending.At.UTC()}
	}
	if row.Expired != nil {
		row.Expired = &ExpiredLeaf{row.Expired.Hash, row.Expired.At.UTC()}
	}
	return json.Marshal(row)
}

// Reader reads an export, a row at a time.
type Reader struct {
	in   *bufio.Reader
	line int64
}

// NewReader reads from in.
func NewReader(in io.Reader) *Reader { return &Reader{in: bufio.NewReaderSize(in, maxLine)} }

// Line gives the number of the line read last, from 1.
func (r *Reader) Line() int64 { return r.line }

// Next gives the next row; after the last, the error is io.EOF. After a
// *LineError the line after can be read. No other error can be read past.
func (r *Reader) Next() (Row, error) {
	text, err := r.in.ReadSlice('\n')
	if errors.Is(err, io.EOF) && len(text) == 0 {
		return Row{}, io.EOF
	}
	r.line++
	for errors.Is(err, bufio.ErrBufferFull) {
		text, err = nil, r.skip()
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return Row{}, fmt.Errorf("reading line %d of an export: %w", r.line, err)
	}
	row, err := decode(text)
	if err != nil {
		return Row{}, &LineError{r.line, err}
	}
	return row, nil
}

// skip drops more of a line that is too long to be a row.
func (r *Reader) skip() error {
	_, err := r.in.ReadSlice('\n')
	return err
}

// decode reads a line with its end. It encodes again and compares: white space,
// another order of keys, another spelling of a letter or number and fields we
// do not know would otherwise be changes that nobody sees.
func decode(line []byte) (Row, error) {
	text, ended := bytes.CutSuffix(line, []byte("\n"))
	if !ended {
		return Row{}, errBadRow
	}
	var row Row
	if err := json.Unmarshal(text, &row); err != nil {
		return Row{}, errBadRow
	}
	if _, ok := row.place(); !ok {
		return Row{}, errBadRow
	}
	again, err := encode(row)
	if err != nil || !bytes.Equal(again, text) {
		return Row{}, errBadRow
	}
	return row, nil
}
