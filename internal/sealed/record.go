package sealed

import (
	"encoding/binary"
	"unicode/utf8"
)

// The parts of a zip and their fixed sizes, without names; https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT,
// sections 4.3.7, 4.3.9, 4.3.12 and 4.3.16.
const (
	localMark      = 0x04034b50
	descriptorMark = 0x08074b50
	centralMark    = 0x02014b50
	endMark        = 0x06054b50

	localSize      = 30
	descriptorSize = 16
	centralSize    = 46
	endSize        = 22
)

// What each entry says of itself.
const (
	needs       = 20     // the zip version that has deflate
	sizesAfter  = 1 << 3 // flag: sizes stand behind the data, since the file is streamed
	nameIsUTF8  = 1 << 11
	deflate     = 8
	noTime      = 0
	noDate      = 1<<5 | 1 // 1980-01-01, the first that there is
	nothingElse = 0
)

// record is what a zip knows of one entry.
type record struct {
	name         string
	sum          uint32 // CRC-32 of the content
	packed, size uint32 // bytes deflated, and of the content
	offset       uint32 // of the local header in the zip
}

func (r record) flags() uint16 {
	for i := range len(r.name) {
		if r.name[i] >= utf8.RuneSelf {
			return sizesAfter | nameIsUTF8
		}
	}
	return sizesAfter
}

// data gives where the deflated bytes begin, and next where the next entry does.
func (r record) data() int64 { return int64(r.offset) + localSize + int64(len(r.name)) }
func (r record) next() int64 { return r.data() + int64(r.packed) + descriptorSize }

var order = binary.LittleEndian

// local is what stands before the data.
func (r record) local() []byte {
	b := order.AppendUint32(nil, localMark)
	b = r.appendKind(b)
	b = append(b, make([]byte, 12)...) // sum and sizes: they stand behind the data
	b = order.AppendUint16(b, uint16(len(r.name)))
	b = order.AppendUint16(b, nothingElse)
	return append(b, r.name...)
}

// descriptor is what stands behind the data.
func (r record) descriptor() []byte {
	return r.appendSizes(order.AppendUint32(nil, descriptorMark))
}

// central is the entry in the directory at the end.
func (r record) central() []byte {
	b := order.AppendUint32(nil, centralMark)
	b = order.AppendUint16(b, needs) // made by
	b = r.appendKind(b)
	b = r.appendSizes(b)
	b = order.AppendUint16(b, uint16(len(r.name)))
	b = append(b, make([]byte, 12)...) // extra field, comment, disk, attributes
	b = order.AppendUint32(b, r.offset)
	return append(b, r.name...)
}

func (r record) appendKind(b []byte) []byte {
	for _, v := range []uint16{needs, r.flags(), deflate, noTime, noDate} {
		b = order.AppendUint16(b, v)
	}
	return b
}

func (r record) appendSizes(b []byte) []byte {
	for _, v := range []uint32{r.sum, r.packed, r.size} {
		b = order.AppendUint32(b, v)
	}
	return b
}

// parseCentral reads what differs from record to record. It looks at nothing else: the caller compares with central().
func parseCentral(b []byte) (r record, ok bool) {
	if len(b) < centralSize {
		return r, false
	}
	n := int(order.Uint16(b[28:]))
	if n > maxName || len(b) < centralSize+n {
		return r, false
	}
	return record{
		name: string(b[centralSize : centralSize+n]),
		sum:  order.Uint32(b[16:]), packed: order.Uint32(b[20:]), size: order.Uint32(b[24:]), offset: order.Uint32(b[42:]),
	}, true
}

// end is the last part of a zip: how many entries, and where their directory is.
type end struct {
	entries      uint16
	size, offset uint32
}

func (e end) bytes() []byte {
	b := order.AppendUint32(nil, endMark)
	for _, v := range []uint16{0, 0, e.entries, e.entries} { // one disk
		b = order.AppendUint16(b, v)
	}
	b = order.AppendUint32(b, e.size)
	b = order.AppendUint32(b, e.offset)
	return order.AppendUint16(b, nothingElse) // no comment
}

// parseEnd reads the numbers, as parseCentral does.
func parseEnd(b []byte) end {
	return end{entries: order.Uint16(b[10:]), size: order.Uint32(b[12:]), offset: order.Uint32(b[16:])}
}
