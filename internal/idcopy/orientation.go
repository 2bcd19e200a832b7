package idcopy

import (
	"encoding/binary"
	"image"
)

// upright is the orientation of a picture that needs no turning.
const upright = 1

// Sizes and values of a TIFF (TIFF 6.0, section 2) as EXIF uses it.
const (
	tiffHeader     = 8
	tiffEntry      = 12
	tiffShort      = 3      // the type of a 16-bit number
	orientationTag = 0x0112 // Exif 3.0, 4.6.5
)

// orientationOf finds the orientation in an EXIF block, and upright in one that
// is broken, hostile or silent about it. It reads the first directory and
// follows no other offset, so that its work is at most the length of the block.
func orientationOf(exif []byte) int {
	order := byteOrder(exif)
	if order == nil {
		return upright
	}
	offset := uint64(order.Uint32(exif[4:]))
	if offset+2 > uint64(len(exif)) {
		return upright
	}
	directory := exif[offset:]
	count := int(order.Uint16(directory))
	entries := directory[2:]
	for range count {
		if len(entries) < tiffEntry {
			return upright
		}
		if order.Uint16(entries) == orientationTag {
			return orientationIn(entries[:tiffEntry], order)
		}
		entries = entries[tiffEntry:]
	}
	return upright
}

// byteOrder reads the header of a TIFF; nil when it is none.
func byteOrder(exif []byte) binary.ByteOrder {
	if len(exif) < tiffHeader {
		return nil
	}
	switch string(exif[:4]) {
	case "II*\x00":
		return binary.LittleEndian
	case "MM\x00*":
		return binary.BigEndian
	}
	return nil
}

// orientationIn reads the entry of the orientation: one short number, 1 to 8.
func orientationIn(entry []byte, order binary.ByteOrder) int {
	value := int(order.Uint16(entry[8:]))
	if order.Uint16(entry[2:]) != tiffShort || order.Uint32(entry[4:]) != 1 || value < 1 || value > 8 {
		return upright
	}
	return value
}

// turned gives a picture with its right side up. The orientation names where
// the first row and column of the stored pixels belong (Exif 3.0, 4.6.5).
func turned(img *image.YCbCr, orientation int) *image.YCbCr {
	if orientation == upright {
		return img
	}
	size := img.Bounds().Size()
	if orientation >= 5 {
		size.X, size.Y = size.Y, size.X
	}
	out := image.NewYCbCr(image.Rectangle{Max: size}, image.YCbCrSubsampleRatio444)
	for y := range size.Y {
		for x := range size.X {
			from := stored(image.Pt(x, y), img.Rect.Max, orientation)
			at, source := out.YOffset(x, y), img.YOffset(from.X, from.Y)
			out.Y[at], out.Cb[at], out.Cr[at] = img.Y[source], img.Cb[source], img.Cr[source]
		}
	}
	return out
}

// stored gives the place of a pixel in the stored picture, of which size is the
// size: a row there may be a column here, and either may run backwards.
func stored(shown, size image.Point, orientation int) image.Point {
	from := shown
	if orientation >= 5 {
		from.X, from.Y = from.Y, from.X
	}
	switch orientation {
	case 2, 3, 7, 8:
		from.X = size.X - 1 - from.X
	}
	switch orientation {
	case 3, 4, 6, 7:
		from.Y = size.Y - 1 - from.Y
	}
	return from
}
