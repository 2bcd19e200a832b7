package idcopy

import (
	"bytes"
	"encoding/binary"
	"math"
)

// sketch is a JPEG of our own writing, for what the standard encoder does not
// write: progressive scans, four colours, any number of scans. All components
// have full size; the codes are the simplest there are, of one length.
type sketch struct {
	width, height int
	levels        []func(x, y int) byte // one per component
	progressive   bool
	adobe         []byte // the payload of APP14, when there is one
	repeated      int    // more times the last scan
	restart       int    // blocks between two restart marks, 0 for none
}

// quantum is every entry of the quantisation table.
const quantum = 8

// bytes writes the file.
func (s sketch) bytes() []byte {
	out := []byte{0xff, 0xd8}
	if s.adobe != nil {
		out = segment(out, markerAPP14, s.adobe)
	}
	out = segment(out, markerDQT, append([]byte{0}, bytes.Repeat([]byte{quantum}, 64)...))
	frame := []byte{8, byte(s.height >> 8), byte(s.height), byte(s.width >> 8), byte(s.width), byte(len(s.levels))}
	for i := range s.levels {
		frame = append(frame, byte(i+1), 0x11, 0)
	}
	if s.progressive {
		out = segment(out, markerSOF2, frame)
	} else {
		out = segment(out, markerSOF0, frame)
	}
	out = segment(out, markerDHT, codes(0x00, 4, 12, func(i int) byte { return byte(i) }))
	out = segment(out, markerDHT, codes(0x10, 8, 176, func(i int) byte { return byte(i/11<<4 | i%11) }))
	if s.restart > 0 {
		out = segment(out, markerDRI, []byte{byte(s.restart >> 8), byte(s.restart)})
	}
	return append(s.scans(out), 0xff, markerEOI)
}

// codes writes a Huffman table of symbols with equally long codes.
func codes(class byte, length, count int, symbol func(int) byte) []byte {
	table := make([]byte, 17)
	table[0], table[length] = class, byte(count)
	for i := range count {
		table = append(table, symbol(i))
	}
	return table
}

// scans writes one scan, or the passes of a progressive picture: the light of
// each block in two steps, then the detail of each component in two bands.
func (s sketch) scans(out []byte) []byte {
	components := make([][][64]int, len(s.levels))
	all := make([]int, len(s.levels))
	for i, level := range s.levels {
		components[i], all[i] = s.blocks(level), i
	}
	if !s.progressive {
		for range s.repeated + 1 {
			out = scan{components, all, 0, 63, 0, 0, s.restart}.append(out)
		}
		return out
	}
	out = scan{components, all, 0, 0, 0, 1, s.restart}.append(out)
	out = scan{components, all, 0, 0, 1, 0, s.restart}.append(out)
	for i := range components {
		out = scan{components, []int{i}, 1, 5, 0, 0, s.restart}.append(out)
		out = scan{components, []int{i}, 6, 63, 0, 0, s.restart}.append(out)
	}
	for range s.repeated {
		out = scan{components, []int{0}, 6, 63, 0, 0, s.restart}.append(out)
	}
	return out
}

// blocks gives the quantised coefficients of a component, in zigzag order.
func (s sketch) blocks(level func(x, y int) byte) [][64]int {
	var list [][64]int
	w := waves()
	for top := 0; top < s.height; top += 8 {
		for left := 0; left < s.width; left += 8 {
			var block [64]float64
			for i := range block {
				x, y := min(left+i%8, s.width-1), min(top+i/8, s.height-1)
				block[i] = float64(level(x, y)) - 128
			}
			list = append(list, transformed(block, w))
		}
	}
	return list
}

// transformed is the cosine transform of T.81, A.3.3, quantised: along the rows,
// then along the columns.
func transformed(block [64]float64, waves [64]float64) (coefficients [64]int) {
	var rows, both [64]float64
	for i := range 512 {
		v, u, x := i/64, i/8%8, i%8
		rows[v*8+u] += block[v*8+x] * waves[u*8+x]
	}
	for i := range 512 {
		v, u, y := i/64, i/8%8, i%8
		both[v*8+u] += rows[y*8+u] * waves[v*8+y]
	}
	for i, place := range zigzag() {
		coefficients[i] = int(math.Round(both[place] / quantum))
	}
	return coefficients
}

// waves gives the eight waves that a row of eight pixels is made of.
func waves() (list [64]float64) {
	for i := range list {
		u, x := i/8, i%8
		list[i] = math.Cos(float64(2*x+1)*float64(u)*math.Pi/16) / 2
		if u == 0 {
			list[i] /= math.Sqrt2
		}
	}
	return list
}

// zigzag gives the places of a block by rising frequency (T.81, figure A.6).
func zigzag() []int {
	order := make([]int, 0, 64)
	for diagonal := range 15 {
		for i := range diagonal + 1 {
			row, column := i, diagonal-i
			if diagonal%2 == 1 {
				row, column = column, row
			}
			if row, column = column, row; row < 8 && column < 8 {
				order = append(order, row*8+column)
			}
		}
	}
	return order
}

// scan is one pass over some components, from coefficient first to last.
type scan struct {
	components  [][][64]int
	taken       []int
	first, last int
	high, low   int // bits sent before, bits left for later
	restart     int // blocks between two restart marks, 0 for none
}

// append writes the scan.
func (s scan) append(out []byte) []byte {
	header := []byte{byte(len(s.taken))}
	for _, i := range s.taken {
		header = append(header, byte(i+1), 0)
	}
	out = segment(out, markerSOS, append(header, byte(s.first), byte(s.last), byte(s.high<<4|s.low)))
	w := bitWriter{out: out}
	before := make([]int, len(s.components))
	for n := range s.components[0] {
		if s.restart > 0 && n > 0 && n%s.restart == 0 {
			w.fill()
			w.out = append(w.out, 0xff, markerRST0+byte(n/s.restart-1)%8)
			clear(before)
		}
		for _, i := range s.taken {
			s.block(&w, s.components[i][n], &before[i])
		}
	}
	w.fill()
	return w.out
}

// block codes one block; before is the light of the one before it.
func (s scan) block(w *bitWriter, block [64]int, before *int) {
	from := s.first
	if from == 0 {
		light := block[0] >> s.low
		if s.high > 0 {
			w.write(light&1, 1)
			return
		}
		size, bits := magnitude(light - *before)
		w.write(size, 4)
		w.write(bits, size)
		*before, from = light, 1
	}
	run := 0
	for k := from; k <= s.last; k++ {
		if block[k] == 0 {
			run++
			continue
		}
		for ; run > 15; run -= 16 {
			w.write(15*11, 8)
		}
		size, bits := magnitude(block[k])
		w.write(run*11+size, 8)
		w.write(bits, size)
		run = 0
	}
	if run > 0 && from <= s.last {
		w.write(0, 8)
	}
}

// magnitude gives the length of a number in bits and the bits that tell it from
// the others of that length (T.81, F.1.2.1).
func magnitude(n int) (size, bits int) {
	for abs := max(n, -n); abs > 0; abs >>= 1 {
		size++
	}
	if n < 0 {
		n += 1<<size - 1
	}
	return size, n
}

// bitWriter writes bits, the highest first, and a zero behind each byte 0xff.
type bitWriter struct {
	out         []byte
	held, count int
}

// write adds the lowest bits of a number.
func (w *bitWriter) write(bits, count int) {
	w.held = w.held<<count | bits&(1<<count-1)
	for w.count += count; w.count >= 8; w.count -= 8 {
		b := byte(w.held >> (w.count - 8))
		if w.out = append(w.out, b); b == 0xff {
			w.out = append(w.out, 0)
		}
	}
	w.held &= 1<<w.count - 1
}

// fill fills the last byte up with ones.
func (w *bitWriter) fill() {
	w.write(0x7f, 7)
	w.held, w.count = 0, 0
}

// segment appends a segment.
func segment(out []byte, marker byte, payload []byte) []byte {
	out = append(out, 0xff, marker)
	out = binary.BigEndian.AppendUint16(out, uint16(len(payload)+2))
	return append(out, payload...)
}
