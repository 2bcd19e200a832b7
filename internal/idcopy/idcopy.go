// Package idcopy looks at the copy of an identity document that somebody sent
// and makes of it a picture that holds nothing but pixels: upright, at most
// 2,000 pixels long, written anew. Place, camera, thumbnail, colour profile,
// hidden frames and whatever hung behind the image stay behind in the original,
// which the caller destroys in every outcome.
//
// Inspect gives a Picture, or a Refusal that a page can explain, or another
// error, which is a fault of ours. Blur makes of a Picture the preview that
// staff see until they ask for more. Neither says anything about the document:
// a person looks at it. The package stores nothing and starts nothing.
//
// The bytes are hostile until proven otherwise. What a file is, how large it
// gets and how much work it asks is read from its structure first, without
// decoding; only then one decoder sees it, without its metadata. Decoding takes
// at most 512 MiB and everything else together at most 64 MiB. A context ends
// the work at the next 4 KiB of the file or the next row of pixels; one scan of
// a progressive picture, its last step and the writing run through.
package idcopy

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"io"
)

// MaxBytes is the size of the largest file looked at, for the upload's policy.
const MaxBytes = 10 << 20

// quality is that of the written JPEG: small print stays readable, and a copy
// of an identity document stays below 1 MB.
const quality = 85

// Kind is the format a copy came in, by its content.
type Kind string

// The formats that are read.
const (
	JPEG Kind = "jpeg"
	PNG  Kind = "png"
)

// Picture is a copy as it may be kept until the verdict.
type Picture struct {
	JPEG          []byte // baseline, without any metadata
	Width, Height int    // of JPEG, in pixels
	Kind          Kind   // of the original
}

// bounds are what a file must keep to, so that no file costs more than a good
// one does. All but bytes are checked before anything is decoded.
type bounds struct {
	bytes  int64 // of the file
	pixels int64
	memory int64 // bytes the decoder will ask for
	side   int   // pixels on the longest side
	long   int   // least pixels on the longer side
	short  int   // least pixels on the shorter side
	scans  int   // passes of a JPEG over its picture
	pieces int   // segments of a JPEG or chunks of a PNG
}

// shipped are the bounds in use. Cameras write 12 to 40 million pixels, at most
// 14 scans and some dozens of segments; a PNG in pieces of 8 KiB has 1,280.
func shipped() bounds {
	return bounds{
		bytes: MaxBytes, pixels: 40e6, memory: 512 << 20,
		side: 12_000, long: 300, short: 180,
		scans: 32, pieces: 16_384,
	}
}

// Inspect reads a copy to its end and makes a picture of it. The size is the
// one that the store announced, negative when it announced none. The same bytes
// give the same picture.
func Inspect(ctx context.Context, r io.Reader, size int64) (Picture, error) {
	return shipped().inspect(ctx, r, size)
}

// inspect is Inspect within these bounds.
func (b bounds) inspect(ctx context.Context, r io.Reader, size int64) (Picture, error) {
	file, err := b.read(stoppable{ctx, r}, size)
	if err != nil {
		return Picture{}, err
	}
	kind, err := kindOf(file)
	if err != nil {
		return Picture{}, err
	}
	drawing, err := b.examined(kind, file)
	if err != nil {
		return Picture{}, err
	}
	decoded, err := drawing.decoded(ctx)
	if err != nil {
		return Picture{}, err
	}
	small, err := reduced(ctx, decoded, pictureSide)
	if err != nil {
		return Picture{}, err
	}
	if err := refuseBlank(ctx, small); err != nil {
		return Picture{}, err
	}
	return written(turned(small, drawing.orientation), kind)
}

// read gives the whole file, after refusing one that says it is too large. A
// file of another size than announced is not the one the store spoke of.
func (b bounds) read(r io.Reader, size int64) ([]byte, error) {
	if size > b.bytes {
		return nil, TooLarge
	}
	most := size
	if size < 0 {
		most = b.bytes
	}
	var file bytes.Buffer
	if size > 0 {
		file.Grow(int(size) + bytes.MinRead)
	}
	n, err := file.ReadFrom(io.LimitReader(r, most+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("reading the copy: %w", err)
	case size >= 0 && n != size:
		return nil, fmt.Errorf("reading the copy: %d bytes announced: %w", size, errOtherSize)
	case n > b.bytes:
		return nil, TooLarge
	case n == 0:
		return nil, Empty
	}
	return file.Bytes(), nil
}

// written encodes the picture. The encoder writes tables and pixels, no more.
func written(img *image.YCbCr, kind Kind) (Picture, error) {
	var file bytes.Buffer
	if err := jpeg.Encode(&file, img, &jpeg.Options{Quality: quality}); err != nil {
		return Picture{}, fmt.Errorf("writing the picture: %w", err)
	}
	size := img.Bounds().Size()
	return Picture{JPEG: file.Bytes(), Width: size.X, Height: size.Y, Kind: kind}, nil
}

// stoppable is a reader that ends when its context does, so that a decoder,
// which knows no context, stops at its next read.
type stoppable struct {
	ctx context.Context
	r   io.Reader
}

// Read fails with the context's error once it has one.
func (s stoppable) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.Read(p)
}
