package idcopy

import "encoding/binary"

// pngSignature begins every PNG (ISO/IEC 15948, 5.2).
const pngSignature = "\x89PNG\r\n\x1a\n"

// pngHeader is the length of the first chunk's payload; its ninth byte is the
// depth, its tenth the colour type, its last the interlacing.
const pngHeader = 13

// deflation is how often deflate can repeat a byte at most: 258 bytes for two
// bits (RFC 1951, 3.2.5).
const deflation = 1032

// walkPNG keeps the chunks of a PNG that make its pixels, up to the end chunk.
// Text, dates, profiles, further frames and a tail are dropped unread; nothing
// compressed in them is ever inflated.
func (b bounds) walkPNG(file []byte) (drawing, error) {
	found := drawing{
		kind: PNG, orientation: upright,
		lean: append(make([]byte, 0, len(file)), pngSignature...),
	}
	var header []byte
	data, rest := int64(0), file[len(pngSignature):]
	for range b.pieces {
		chunk, ok := firstChunk(rest)
		if !ok {
			return drawing{}, Damaged
		}
		rest = rest[len(chunk):]
		name, payload := string(chunk[4:8]), chunk[8:len(chunk)-4]
		switch name {
		case "IHDR":
			header = payload
		case "IDAT":
			data += int64(len(payload))
		case "eXIf":
			found.orientation = orientationOf(payload)
		}
		if makesPixels(name) {
			found.lean = append(found.lean, chunk...)
		} else if isCritical(name) {
			return drawing{}, Unsupported
		}
		if name == "IEND" {
			return found.measured(header, data)
		}
	}
	return drawing{}, Overbuilt
}

// firstChunk cuts the first chunk off: length, name, payload and checksum. The
// decoder compares the checksum.
func firstChunk(rest []byte) (chunk []byte, ok bool) {
	const around = 12
	if len(rest) < around {
		return nil, false
	}
	length := int64(binary.BigEndian.Uint32(rest))
	if length > int64(len(rest)-around) {
		return nil, false
	}
	return rest[:around+length], true
}

// makesPixels says whether the decoder needs a chunk.
func makesPixels(name string) bool {
	switch name {
	case "IHDR", "PLTE", "tRNS", "IDAT", "IEND":
		return true
	}
	return false
}

// isCritical says whether a picture cannot be shown without a chunk: the first
// letter of its name is a capital (ISO/IEC 15948, 5.4).
func isCritical(name string) bool { return name[0]&0x20 == 0 }

// measured adds what the header says about reach and cost. The decoder gives
// every sort of pixel four bytes or fewer, eight at 16 bits a sample, and draws
// an interlaced picture twice. A header that makes no sense reaches nothing; the
// decoder refuses it.
func (d drawing) measured(header []byte, data int64) (drawing, error) {
	if len(header) != pngHeader {
		return drawing{}, Damaged
	}
	depth, interlaced := int64(header[8]), header[12] != 0
	if bits := depth * samplesOf(header[9]); bits > 0 {
		d.reach = data * deflation * 8 / bits
	}
	d.cost = 32
	if depth > 8 {
		d.cost *= 2
	}
	if interlaced {
		d.cost *= 2
	}
	return d, nil
}

// samplesOf gives the samples in a pixel of a colour type (ISO/IEC 15948,
// 11.2.1): grey, colours, palette, grey with alpha, colours with alpha.
func samplesOf(colour byte) int64 {
	switch colour {
	case 0, 3:
		return 1
	case 2:
		return 3
	case 4:
		return 2
	case 6:
		return 4
	}
	return 0
}
