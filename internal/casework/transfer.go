package casework

import (
	"context"
	"time"
)

// Upload is one file that a browser may put into the bucket of files, past the
// functions, which take no files.
type Upload struct {
	Path        string        // the one place it may come
	ContentType string        // the one type it may have
	MaxSize     int64         // in bytes; an empty file is refused too
	Life        time.Duration // for how long the form can be sent; real time
	Then        string        // the page that opens afterwards; "" for a plain 201
}

// UploadForm is the form that does it: a POST of multipart/form-data to URL with
// these fields in this order and then the file, in a field called "file". It has
// to hold every one of them and nothing else.
type UploadForm struct {
	URL    string
	Fields []FormField
}

// FormField is one hidden field of a form.
type FormField struct{ Name, Value string }

// Download is one file that a browser may fetch from a bucket.
type Download struct {
	Path        string
	Name        string        // under which the browser keeps it
	ContentType string        // what the browser is told it is
	Life        time.Duration // for how long it can be fetched; real time
}

type (
	// AskUpload gives the form of an upload.
	AskUpload func(ctx context.Context, upload Upload) (UploadForm, error)

	// DownloadLink gives the address of a download. Whoever has it can fetch the
	// file, so it lives for seconds.
	DownloadLink func(ctx context.Context, download Download) (address string, err error)
)
