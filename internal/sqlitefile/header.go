package sqlitefile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"os"
)

// HeaderSize is the size of an SQLite file's header.
const HeaderSize = 100

// Header is what a file says of itself: https://www.sqlite.org/fileformat2.html, section 1.3.
type Header struct {
	Type        fs.FileMode // 0 for a regular file; of anything else nothing is read
	Size        int         // bytes of the header that are there
	SQLite      bool        // it begins as an SQLite file does
	Application uint32      // PRAGMA application_id
	Version     uint32      // PRAGMA user_version, but for what stands in the log
}

// ReadHeader reads a file's own words before SQLite touches it, so that one that is not ours is left exactly as it is.
func ReadHeader(path string) (h Header, err error) {
	info, err := os.Stat(path) // before it is opened: a pipe would wait for a writer
	if err != nil {
		return h, err
	}
	if h.Type = info.Mode().Type(); h.Type != 0 {
		return h, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return h, err
	}
	defer f.Close()
	header := make([]byte, HeaderSize)
	h.Size, err = io.ReadFull(f, header)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return h, err
	}
	h.SQLite = bytes.HasPrefix(header, []byte("SQLite format 3\x00"))
	h.Version, h.Application = binary.BigEndian.Uint32(header[60:]), binary.BigEndian.Uint32(header[68:])
	return h, nil
}
