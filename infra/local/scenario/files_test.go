package scenario

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"polarweb.nl/inzage/infra/local/story"
	"polarweb.nl/inzage/infra/local/visitor"
	"polarweb.nl/inzage/internal/dsr"
)

// fileDeeds gives what people do with files in the scripts.
func fileDeeds() map[string]deed {
	return map[string]deed{
		"openupload": openUpload, "upload": upload, "sendcopy": sendCopy, "look": look,
		"announce": announce, "bring": bring, "download": download, "openmail": openMail,
	}
}

// chosen gives a file of the script as somebody chooses it.
func chosen(ts *testscript.TestScript, name string) visitor.File {
	return visitor.File{Name: name, Content: []byte(ts.ReadFile(name))}
}

// openUpload is the command openupload.
func openUpload(_ *testscript.TestScript, w *world, args []string) (*visitor.Page, error) {
	if len(args) != 2 {
		return nil, errUsage
	}
	link, err := w.cast.Link(args[0], args[1], dsr.UploadIDCopy)
	if err != nil {
		return nil, err
	}
	w.opened, err = (&visitor.Visitor{}).Open(link)
	return w.opened, saidYes(w.opened, err)
}

// upload is the command upload.
func upload(ts *testscript.TestScript, w *world, args []string) (*visitor.Page, error) {
	key := ""
	if len(args) == 3 && args[0] == "-key" {
		key, args = args[1], args[2:]
	}
	if len(args) != 1 || w.opened == nil {
		return nil, errUsage
	}
	form, err := w.opened.Upload()
	if err != nil {
		return w.opened, fmt.Errorf("%w: %w", story.ErrSaidNo, err)
	}
	if key != "" {
		form.Values.Set("key", key) // as only a program can: no field of the form shows it
	}
	if err := form.Attach("file", chosen(ts, args[0])); err != nil {
		return nil, err
	}
	return w.cast.Send(&visitor.Visitor{}, form)
}

// sendCopy is the command sendcopy.
func sendCopy(ts *testscript.TestScript, w *world, args []string) (*visitor.Page, error) {
	if len(args) != 3 {
		return nil, errUsage
	}
	return w.cast.SendCopy(args[0], dsr.Number(args[1]), chosen(ts, args[2]))
}

// look is the command look. What may be judged by is named $COPY from then on.
func look(ts *testscript.TestScript, w *world, args []string) (*visitor.Page, error) {
	if len(args) != 2 {
		return nil, errUsage
	}
	page, err := w.cast.LookAt(context.Background(), dsr.Number(args[1]), args[0])
	if err != nil {
		return page, err
	}
	if form, err := page.Form("/identiteit"); err == nil && len(form.Choices["kopie"]) > 0 {
		ts.Setenv("COPY", form.Choices["kopie"][0])
	}
	picture, err := story.Sharp(page)
	if err == nil && strings.Contains(string(picture), story.HiddenInCopy) {
		err = errors.New("the picture holds what stood behind it")
	}
	return page, err
}

// announce is the command announce.
func announce(_ *testscript.TestScript, w *world, args []string) (*visitor.Page, error) {
	if len(args) != 5 {
		return nil, errUsage
	}
	return w.cast.Announce(context.Background(), dsr.Number(args[1]), args[0], args[2], dsr.Right(args[3]), args[4])
}

// bring is the command bring.
func bring(ts *testscript.TestScript, w *world, args []string) (*visitor.Page, error) {
	if len(args) != 4 {
		return nil, errUsage
	}
	all, err := w.enclosures(args[1])
	if err != nil {
		return nil, err
	}
	for _, one := range all {
		if one.System == args[2] && one.State == dsr.Announced {
			return w.cast.Bring(context.Background(), dsr.Number(args[1]), args[0], one.Ref, []byte(ts.ReadFile(args[3])))
		}
	}
	return nil, fmt.Errorf("%w: no file of %s is waited for", story.ErrSaidNo, args[2])
}

// download is the command download. It prints the page with the answer, and then
// the names in the archive.
func download(ts *testscript.TestScript, w *world, args []string) (*visitor.Page, error) {
	if len(args) != 3 {
		return nil, errUsage
	}
	page, err := w.cast.Collect(context.Background(), args[0], args[1], dsr.Number(args[2]))
	if err != nil {
		return page, err
	}
	got, err := w.cast.Download(page)
	if err != nil || got.Status != http.StatusOK {
		return got, saidYes(got, err)
	}
	files, err := story.Unpack([]byte(got.Source))
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintln(ts.Stdout(), name)
	}
	return page, err
}

// openMail is the command openmail.
func openMail(_ *testscript.TestScript, w *world, args []string) (*visitor.Page, error) {
	if len(args) != 1 {
		return nil, errUsage
	}
	return w.cast.OpenMail(context.Background(), args[0])
}

// enclosures gives the files of the case with a number.
func (w *world) enclosures(number string) ([]dsr.Enclosure, error) {
	c, err := w.caseOf(number)
	if err != nil {
		return nil, err
	}
	return w.stack.Store().EnclosuresOf(context.Background(), c.ID)
}

// filesOf is the command files: what became of each file of a case.
func filesOf(ts *testscript.TestScript, w *world, args []string) error {
	all, err := w.enclosures(args[0])
	out := ts.Stdout()
	for _, one := range all {
		words := []string{string(one.Ref.Kind), string(one.State), one.System, one.Form, one.Reason}
		fmt.Fprintln(out, strings.Join(strings.Fields(strings.Join(words, " ")), " "))
	}
	return err
}

// drawPicture is the command picture.
func drawPicture(ts *testscript.TestScript, _ *world, args []string) error {
	picture, err := story.SampleCopy()
	if err != nil {
		return err
	}
	if len(args) == 2 {
		size, err := strconv.Atoi(args[1])
		if err != nil {
			return err
		}
		picture = append(picture, make([]byte, max(0, size-len(picture)))...)
	}
	return os.WriteFile(ts.MkAbs(args[0]), picture, 0o600)
}

// drawBomb is the command bomb: a small file that says of itself to be a picture
// of 900 million pixels (PNG specification, section 11.2.2).
func drawBomb(ts *testscript.TestScript, _ *world, args []string) error {
	header := []byte{0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30, 8, 6, 0, 0, 0}
	file := []byte("\x89PNG\r\n\x1a\n")
	for _, chunk := range [][]byte{append([]byte("IHDR"), header...), []byte("IEND")} {
		file = binary.BigEndian.AppendUint32(file, uint32(len(chunk)-4))
		file = binary.BigEndian.AppendUint32(append(file, chunk...), crc32.ChecksumIEEE(chunk))
	}
	return os.WriteFile(ts.MkAbs(args[0]), file, 0o600)
}

// attach is the command attach: it puts a file into a mail of plain text.
func attach(ts *testscript.TestScript, _ *world, args []string) error {
	header, text, found := strings.Cut(ts.ReadFile(args[0]), "\n\n")
	if !found || len(args) != 3 {
		return errUsage
	}
	var lines strings.Builder
	for line := range slices.Chunk([]byte(base64.StdEncoding.EncodeToString([]byte(ts.ReadFile(args[1])))), 76) {
		lines.Write(append(line, '\n'))
	}
	mail := fmt.Sprintf("%s\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"b\"\n\n--b\n"+
		"Content-Type: text/plain; charset=utf-8\n\n%s\n--b\nContent-Type: %s; name=\"%s\"\n"+
		"Content-Disposition: attachment; filename=\"%s\"\nContent-Transfer-Encoding: base64\n\n%s--b--\n",
		header, text, args[2], args[1], args[1], lines.String())
	return os.WriteFile(ts.MkAbs(args[0]), []byte(mail), 0o600)
}
