package casework

import (
	"context"
	"io"

	"polarweb.nl/inzage/internal/dsr"
)

// Original is a file as it arrived: how to read it, and how to make an end of
// it. Repeating the end is fine.
type Original struct {
	Open    func(ctx context.Context) (content io.ReadCloser, size int64, err error)
	Destroy func(ctx context.Context) error
}

// Examined is what may be kept of a copy of an identity document, or why nothing
// may.
type Examined struct {
	Picture []byte // JPEG without any metadata; nil when refused
	Blurred []byte // the same, unreadable, for whoever does not ask for more
	Form    string // the format of the original, by its content
	Refusal string // a fixed word
}

// blurredPath gives where the blurred form of a copy lies.
func blurredPath(path string) string { return path + "-blurred" }

// objectsOf gives every path at which an object of a file may lie.
func objectsOf(e dsr.Enclosure) []string {
	var paths []string
	for _, path := range e.Paths {
		paths = append(paths, path)
		if e.Ref.Kind == dsr.IDCopyFile {
			paths = append(paths, blurredPath(path))
		}
	}
	return paths
}
