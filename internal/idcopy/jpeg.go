package idcopy

import (
	"bytes"
	"encoding/binary"
)

// Markers of a JPEG (ITU-T T.81, table B.1).
const (
	markerSOF0  = 0xc0 // baseline
	markerSOF1  = 0xc1 // extended
	markerSOF2  = 0xc2 // progressive
	markerDHT   = 0xc4
	markerSOF15 = 0xcf // the last of the frames
	markerRST0  = 0xd0
	markerRST7  = 0xd7
	markerEOI   = 0xd9
	markerSOS   = 0xda
	markerDQT   = 0xdb
	markerDNL   = 0xdc // height given after the first scan
	markerDRI   = 0xdd
	markerEXP   = 0xdf // the last of the hierarchical ones
	markerAPP0  = 0xe0
	markerAPP1  = 0xe1
	markerAPP14 = 0xee
	markerAPP15 = 0xef
	markerCOM   = 0xfe
)

// jpegWalk goes along the segments of a JPEG.
type jpegWalk struct {
	rest        []byte // of the file
	lean        []byte
	orientation int
	frame       []byte // payload of the frame header
	progressive bool
	passes      int   // components coded in the scans so far
	data        int64 // bytes of coded pixels
}

// walkJPEG keeps the tables, the frame and the scans of a JPEG, up to its end
// mark. What phones put behind that (films, a second picture) is not looked at.
func (b bounds) walkJPEG(file []byte) (drawing, error) {
	w := &jpegWalk{rest: file[2:], lean: append(make([]byte, 0, len(file)), file[:2]...), orientation: upright}
	for range b.pieces {
		marker, payload, ok := w.segment()
		if !ok {
			return drawing{}, Damaged
		}
		if err := w.take(marker, payload); err != nil {
			return drawing{}, err
		}
		if marker == markerEOI {
			return w.drawing(b.scans)
		}
	}
	return drawing{}, Overbuilt
}

// drawing sums up a walk. Each scan goes over the whole picture, for a few
// bytes if it wants to, so scans are counted; and counted as marks anywhere in
// the bytes, because a decoder that loses its place may find one in a table.
// Each block of 64 pixels takes at least one bit.
func (w *jpegWalk) drawing(scans int) (drawing, error) {
	if bytes.Count(w.lean, []byte{0xff, markerSOS}) > scans {
		return drawing{}, Overbuilt
	}
	return drawing{
		kind: JPEG, lean: w.lean, orientation: w.orientation,
		reach: w.data * 8 * 64, cost: costOf(w.frame, w.progressive),
	}, nil
}

// segment gives the next marker and its payload. Any number of bytes 0xff may
// stand before a marker (T.81, B.1.1.2).
func (w *jpegWalk) segment() (marker byte, payload []byte, ok bool) {
	fill := 0
	for fill < len(w.rest) && w.rest[fill] == 0xff {
		fill++
	}
	if fill == 0 || fill == len(w.rest) {
		return 0, nil, false
	}
	marker, w.rest = w.rest[fill], w.rest[fill+1:]
	if marker == markerEOI {
		return marker, nil, true
	}
	if len(w.rest) < 2 {
		return 0, nil, false
	}
	length := int(binary.BigEndian.Uint16(w.rest))
	if length < 2 || length > len(w.rest) {
		return 0, nil, false
	}
	payload, w.rest = w.rest[2:length], w.rest[length:]
	return marker, payload, true
}

// take keeps a segment, reads it, drops it, or refuses the file for it.
func (w *jpegWalk) take(marker byte, payload []byte) error {
	switch {
	case marker == markerEOI:
		w.lean = append(w.lean, 0xff, markerEOI)
	case marker == markerDHT, marker == markerDQT, marker == markerDRI:
		w.keep(marker, payload)
	case marker >= markerSOF0 && marker <= markerSOF2:
		return w.takeFrame(marker, payload)
	case marker == markerSOS:
		return w.takeScan(payload)
	case marker >= markerAPP0 && marker <= markerAPP15:
		w.takeApplication(marker, payload)
	case marker == markerCOM: // dropped
	case marker >= markerSOF0 && marker <= markerSOF15, marker >= markerDNL && marker <= markerEXP:
		return Unsupported // lossless, arithmetic, hierarchical
	default:
		return Damaged
	}
	return nil
}

// keep writes a segment for the decoder.
func (w *jpegWalk) keep(marker byte, payload []byte) {
	w.lean = append(w.lean, 0xff, marker)
	w.lean = binary.BigEndian.AppendUint16(w.lean, uint16(len(payload)+2))
	w.lean = append(w.lean, payload...)
}

// takeFrame keeps the frame header. A file has one.
func (w *jpegWalk) takeFrame(marker byte, payload []byte) error {
	if w.frame != nil || len(payload) < 6 {
		return Damaged
	}
	w.frame, w.progressive = payload, marker == markerSOF2
	w.keep(marker, payload)
	return nil
}

// takeScan keeps a scan and the coded pixels behind it. Without progression each
// component is coded once (T.81, F.1.1 and A.2); more scans are only work.
func (w *jpegWalk) takeScan(payload []byte) error {
	if w.frame == nil || len(payload) == 0 {
		return Damaged
	}
	w.passes += int(payload[0])
	if !w.progressive && w.passes > int(w.frame[5]) {
		return Overbuilt
	}
	w.keep(markerSOS, payload)
	coded := codedLength(w.rest)
	w.lean = append(w.lean, w.rest[:coded]...)
	w.data += int64(coded)
	w.rest = w.rest[coded:]
	return nil
}

// codedLength gives the length of the coded pixels: up to the first marker that
// is no restart. A byte 0xff of the code itself is followed by a zero.
func codedLength(rest []byte) int {
	for at := 0; ; {
		next := bytes.IndexByte(rest[at:], 0xff)
		if next < 0 || at+next+1 >= len(rest) {
			return len(rest)
		}
		at += next + 1
		follows := rest[at]
		if follows != 0 && (follows < markerRST0 || follows > markerRST7) {
			return at - 1
		}
	}
}

// takeApplication reads the three application segments that say something about
// the pixels, and keeps of them that much: JFIF and Adobe tell which colours the
// components are, EXIF tells which side is up. The first EXIF that asks for a
// turn gets it.
func (w *jpegWalk) takeApplication(marker byte, payload []byte) {
	switch {
	case marker == markerAPP0 && bytes.HasPrefix(payload, []byte("JFIF\x00")):
		w.keep(marker, []byte("JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"))
	case marker == markerAPP14 && len(payload) >= 12 && bytes.HasPrefix(payload, []byte("Adobe")):
		w.keep(marker, payload[:12])
	case marker == markerAPP1 && w.orientation == upright:
		if exif, ok := bytes.CutPrefix(payload, []byte("Exif\x00\x00")); ok {
			w.orientation = orientationOf(exif)
		}
	}
}

// costOf gives the memory that decoding a frame asks for, in bits a pixel: a
// byte for every sample, four more for its coefficient when the picture comes
// in passes, and four bytes a pixel where colours are put together afterwards.
// A header that makes no sense costs nothing; the decoder refuses it.
func costOf(frame []byte, progressive bool) int64 {
	if len(frame) < 9 || len(frame) != 6+3*int(frame[5]) {
		return 0
	}
	area := func(sampling byte) int64 { return int64(sampling>>4) * int64(sampling&15) }
	whole := max(1, area(frame[7]))
	cost := int64(0)
	for at := 7; at < len(frame); at += 3 {
		sample := int64(8)
		if progressive {
			sample += 32
		}
		cost += sample * area(frame[at]) / whole
	}
	if frame[5] > 1 {
		cost += 32
	}
	return cost
}
