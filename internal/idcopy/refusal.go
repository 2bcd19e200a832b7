package idcopy

import "errors"

// Refusal is the one word that says why a copy is not read. It is an error, and
// pages choose their sentence by it: what the sender can do next differs.
type Refusal string

// Files of a kind that is not read. A PDF or HEIC can be turned into a JPEG by
// others; the rest is a matter of sending a photo.
const (
	PDF     Refusal = "pdf"
	HEIC    Refusal = "heic" // what an iPhone writes by itself
	AVIF    Refusal = "avif"
	GIF     Refusal = "gif"
	WebP    Refusal = "webp"
	TIFF    Refusal = "tiff"
	SVG     Refusal = "svg"
	Zip     Refusal = "zip" // documents of office programs are zips as well
	Text    Refusal = "text"
	Unknown Refusal = "unknown"
)

// Files of a kind that is read, and still refused.
const (
	Empty         Refusal = "empty"           // no bytes at all
	TooLarge      Refusal = "too-large"       // over MaxBytes
	TooManyPixels Refusal = "too-many-pixels" // over 40 million, or 12,000 on a side, or 512 MiB decoded
	TooSmall      Refusal = "too-small"       // under 300 by 180: no document is readable on it
	Blank         Refusal = "blank"           // one even colour
	Damaged       Refusal = "damaged"         // cut off, or not what its first bytes say
	Overbuilt     Refusal = "overbuilt"       // more scans or pieces than any camera or program writes
	Unsupported   Refusal = "unsupported"     // a rare sort of JPEG or PNG, such as 12 bits a colour
)

// Error says that a copy was refused and why; it never holds anything of the
// copy itself.
func (r Refusal) Error() string { return "the copy is refused: " + string(r) }

// Refusals lists every word, so that a page can be tested to know them all.
func Refusals() []Refusal {
	return []Refusal{
		PDF, HEIC, AVIF, GIF, WebP, TIFF, SVG, Zip, Text, Unknown,
		Empty, TooLarge, TooManyPixels, TooSmall, Blank, Damaged, Overbuilt, Unsupported,
	}
}

// Faults, which are not the sender's: trying again may help.
var (
	errOtherSize    = errors.New("another number was read")
	errNotAPicture  = errors.New("not a picture that Inspect made")
	errDecoderBroke = errors.New("the decoder broke off")
)
