package mailroom

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"mime"
	"path"
	"slices"
	"strings"
)

// part is what the header of one part says about it.
type part struct {
	mediaType  string
	params     map[string]string
	encoding   string
	attachment bool
	inline     bool // shown within the text, which names it by its Content-ID, and no file by any name
	filename   string
}

// partOf reads the fields of a part. get gives the first value of a field, for
// the mail's own header and for the headers of its parts alike.
func partOf(get func(name string) string) part {
	p := part{encoding: strings.ToLower(strings.TrimSpace(get("content-transfer-encoding")))}
	p.mediaType, p.params = mediaType(get("content-type"))
	if p.mediaType == "" {
		p.mediaType = "text/plain" // RFC 2045, section 5.2
	}
	disposition, more := mediaType(get("content-disposition"))
	p.attachment = disposition == "attachment"
	p.filename = fileName(more["filename"])
	if p.filename == "" {
		p.filename = fileName(p.params["name"])
	}
	p.inline = disposition == "inline" && p.filename == "" && get("content-id") != ""
	return p
}

// mediaType reads a Content-Type or a Content-Disposition. The standard
// library refuses what many programs write (a doubled parameter, a missing
// quote); then the parts between semicolons are taken as they are.
func mediaType(value string) (string, map[string]string) {
	if kind, params, err := mime.ParseMediaType(value); err == nil {
		return kind, params
	}
	pieces := strings.Split(value, ";")
	params := make(map[string]string, len(pieces))
	for _, piece := range pieces[1:] {
		name, text, _ := strings.Cut(piece, "=")
		name = strings.ToLower(strings.TrimSpace(name))
		if _, twice := params[name]; !twice {
			params[name] = strings.Trim(strings.TrimSpace(text), `"`)
		}
	}
	return strings.ToLower(strings.TrimSpace(pieces[0])), params
}

// maxFileName bounds a file name in bytes; longer ones only push other things
// off a page.
const maxFileName = 120

// fileName makes a name fit to be shown: its last path element, without
// characters that hide what it is ("fdp.exe" written backwards).
func fileName(raw string) string {
	name := oneLine(decodeWords(raw), 4*maxFileName)
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	if name == "." || name == "/" || name == ".." {
		return ""
	}
	return cut(name, maxFileName)
}

// isText reports whether the part is the letter itself and not a file. A text
// with a name is a file that happens to be text.
func (p part) isText() bool {
	if p.attachment || p.filename != "" {
		return false
	}
	switch p.mediaType {
	case "text/plain", "text/html", "text/enriched", "text/richtext", "text", "plain/text":
		return true
	}
	return false
}

// encrypted reports whether the part can only be read with a key that nobody
// here has (RFC 1847, RFC 8551).
func (p part) encrypted() bool {
	switch p.mediaType {
	case "multipart/encrypted", "application/pgp-encrypted":
		return true
	case "application/pkcs7-mime", "application/x-pkcs7-mime":
		return true // also when only signed: the text stands inside the envelope
	}
	return false
}

// What is smaller shows no document that anybody can read: a sign of a mail
// program, or a logo below a signature.
const (
	smallestCopy   = 4 << 10
	smallestInline = 32 << 10
)

// mayBeCopy reports whether a file of a size may be a copy of an identity document,
// or hold one: a picture of any sort, a PDF, and whatever can have a picture in it,
// by its declared type or by the ending of its name, and not so small that it can
// only be a logo. Programs that do not know a file say that it is bytes. Being wrong
// this way costs a look; being wrong the other way leaves a copy where it came.
func (p part) mayBeCopy(size int64) bool {
	if size < smallestCopy || p.inline && size < smallestInline {
		return false
	}
	ending := strings.ToLower(path.Ext(p.filename))
	if slices.Contains(pictureEndings(), ending) || slices.Contains(holderEndings(), ending) {
		return true
	}
	kind, sort, _ := strings.Cut(p.mediaType, "/")
	switch {
	case kind == "image", kind == "message": // a mail in the mail has files of its own
		return true
	case sort == "octet-stream":
		return ending == "" || ending == "."
	}
	return slices.ContainsFunc(mediaOfHolders(), func(word string) bool { return strings.Contains(sort, word) })
}

// pictureEndings are those of the names of pictures, and of PDF.
func pictureEndings() []string {
	return []string{
		".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".heic", ".heif", ".avif", ".webp", ".tif", ".tiff", ".gif", ".bmp", ".pdf",
	}
}

// holderEndings are those of the names of files that can have pictures in them: of
// office programs, archives, and mails.
func holderEndings() []string {
	return []string{
		".doc", ".docx", ".docm", ".dot", ".dotx", ".odt", ".rtf", ".pages", ".ppt", ".pptx", ".pptm", ".pps", ".ppsx", ".odp", ".key",
		".xls", ".xlsx", ".xlsm", ".ods", ".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".eml", ".msg", ".dat",
	}
}

// mediaOfHolders are words in the media types of such files. The last is what Outlook
// wraps all files of a mail in, as winmail.dat.
func mediaOfHolders() []string {
	return []string{
		"pdf", "msword", "officedocument", "ms-word", "ms-excel", "ms-powerpoint", "ms-outlook", "opendocument", "rtf", "iwork",
		"zip", "7z", "rar", "x-tar", "x-bzip", "x-xz", "ms-tnef",
	}
}

// measure gives size and hash of a file without keeping it. A file whose
// encoding breaks off is measured as far as it goes.
func measure(content io.Reader) (int64, string) {
	sum := sha256.New()
	size, _ := io.Copy(sum, content) // a stream that failed is remembered by source
	return size, hex.EncodeToString(sum.Sum(nil))
}
