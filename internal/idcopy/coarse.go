package idcopy

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
)

// A picture is blank when the light of its 64-pixel reduction varies less than
// this, on a scale of 0 to 255 (the variance: a deviation of 4). A card in the
// corner of a scanned white page comes to about 400; the noise of a camera is
// gone at that size. Colour alone does not make a document.
const (
	blankSide     = 64
	blankVariance = 16
)

// The preview is this small, in pixels on its longest side. A whole card is
// then 24 by 15 pixels and a face three or four across: a person sees that
// something like a card is there, and no filter gets its print back.
const (
	previewSide    = 24
	previewQuality = 60
)

// refuseBlank refuses a picture with nothing on it.
func refuseBlank(ctx context.Context, img *image.YCbCr) error {
	coarse, err := reduced(ctx, img, blankSide)
	if err != nil {
		return err
	}
	if variance(coarse.Y) < blankVariance {
		return Blank
	}
	return nil
}

// variance gives the mean square distance from the mean, rounded down.
func variance(light []byte) int {
	sum, squares := 0, 0
	for _, v := range light {
		sum += int(v)
		squares += int(v) * int(v)
	}
	n := len(light)
	return (squares*n - sum*sum) / (n * n)
}

// Blur gives a preview of a picture, as a JPEG of 24 pixels on its longest side.
// It is shown large until a member of staff asks for the picture itself, so that
// an open screen gives nothing away.
func Blur(ctx context.Context, p Picture) ([]byte, error) {
	config, err := jpeg.DecodeConfig(bytes.NewReader(p.JPEG))
	if err == nil && max(config.Width, config.Height) > pictureSide {
		err = errNotAPicture
	}
	if err != nil {
		return nil, fmt.Errorf("blurring a picture: %w", err)
	}
	img, err := guarded(jpeg.Decode, stoppable{ctx, bytes.NewReader(p.JPEG)})
	if err != nil {
		return nil, fmt.Errorf("blurring a picture: %w", err)
	}
	coarse, err := reduced(ctx, img, previewSide)
	if err != nil {
		return nil, err
	}
	var preview bytes.Buffer
	if err := jpeg.Encode(&preview, coarse, &jpeg.Options{Quality: previewQuality}); err != nil {
		return nil, fmt.Errorf("blurring a picture: %w", err)
	}
	return preview.Bytes(), nil
}
