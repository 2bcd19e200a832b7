package idcopy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
)

// drawing is what a walk along the pieces of a file found, before decoding.
type drawing struct {
	kind        Kind
	lean        []byte // the file with only the pieces that make pixels
	orientation int    // 1 to 8, as in EXIF
	reach       int64  // most pixels that its bytes can describe
	cost        int64  // bits of memory that decoding asks for, per pixel
}

// decoder is a decoder of the standard library.
type decoder struct {
	config func(io.Reader) (image.Config, error)
	image  func(io.Reader) (image.Image, error)
}

// decoderOf gives the decoder of a kind.
func decoderOf(kind Kind) decoder {
	if kind == PNG {
		return decoder{png.DecodeConfig, png.Decode}
	}
	return decoder{jpeg.DecodeConfig, jpeg.Decode}
}

// examined walks along the file and refuses one that asks too much. The size is
// the decoder's own reading of it, since it is the decoder that will allocate.
func (b bounds) examined(kind Kind, file []byte) (drawing, error) {
	walk := b.walkJPEG
	if kind == PNG {
		walk = b.walkPNG
	}
	found, err := walk(file)
	if err != nil {
		return drawing{}, err
	}
	config, err := decoderOf(kind).config(bytes.NewReader(found.lean))
	if err != nil {
		return drawing{}, refusedBy(err)
	}
	return found, b.allow(found, config)
}

// allow refuses sizes outside the bounds, and sizes that the bytes of the file
// cannot fill: those cost memory first and turn out cut off later.
func (b bounds) allow(found drawing, config image.Config) error {
	long, short := max(config.Width, config.Height), min(config.Width, config.Height)
	pixels := int64(config.Width) * int64(config.Height)
	switch {
	case long > b.side, pixels > b.pixels, pixels*found.cost/8 > b.memory:
		return TooManyPixels
	case long < b.long, short < b.short:
		return TooSmall
	case pixels > found.reach:
		return Damaged
	}
	return nil
}

// decoded gives the pixels. What ends it early is the context, or else the file.
func (d drawing) decoded(ctx context.Context) (image.RGBA64Image, error) {
	img, err := guarded(decoderOf(d.kind).image, stoppable{ctx, bytes.NewReader(d.lean)})
	switch {
	case err == nil:
		return img, nil
	case ctx.Err() != nil:
		return nil, fmt.Errorf("decoding the copy: %w", ctx.Err())
	}
	return nil, refusedBy(err)
}

// guarded makes an error of a decoder that breaks off, or that gives an image of
// which rows cannot be read fast. Its caller has to go on and destroy the
// original, whatever is in it.
func guarded(decode func(io.Reader) (image.Image, error), r io.Reader) (img image.RGBA64Image, err error) {
	defer func() {
		if recover() != nil {
			img, err = nil, errDecoderBroke
		}
	}()
	decoded, err := decode(r)
	if err != nil {
		return nil, err
	}
	img, ok := decoded.(image.RGBA64Image)
	if !ok {
		return nil, errDecoderBroke
	}
	return img, nil
}

// refusedBy turns what a decoder says of a file into a refusal. Its words are
// left out: they add nothing that the sender could act on.
func refusedBy(err error) Refusal {
	if _, ok := errors.AsType[jpeg.UnsupportedError](err); ok {
		return Unsupported
	}
	if _, ok := errors.AsType[png.UnsupportedError](err); ok {
		return Unsupported
	}
	return Damaged
}
