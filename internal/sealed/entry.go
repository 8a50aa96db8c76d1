package sealed

import (
	"hash/crc32"
	"io"
)

// entry is the entry that is being written.
type entry struct {
	w      *Writer
	record record
	size   int64
}

// Write takes content.
func (e *entry) Write(p []byte) (int, error) {
	w := e.w
	if w.over || w.open != e {
		return 0, errOver
	}
	if w.err != nil {
		return 0, w.err
	}
	size, total := e.size+int64(len(p)), w.total+int64(len(p))
	if err := (Limits{}).orDefaults().checkSizes(quote(e.record.name), size, total); err != nil {
		return 0, w.fail(err)
	}
	n, err := w.deflate.Write(p)
	if err != nil {
		return n, w.fail(err)
	}
	e.size, w.total = size, total
	e.record.size = uint32(size)
	e.record.sum = crc32.Update(e.record.sum, crc32.IEEETable, p)
	return n, nil
}

// packed gives where the deflated bytes go.
func (e *entry) packed() io.Writer { return packer{e} }

type packer struct{ e *entry }

func (p packer) Write(b []byte) (int, error) {
	if err := p.e.w.zip(b); err != nil {
		return 0, err
	}
	p.e.record.packed += uint32(len(b))
	return len(b), nil
}
