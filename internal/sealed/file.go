package sealed

import (
	"compress/flate"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
)

// File is a sealed file that was verified. Its methods may be called at the same time.
type File struct {
	Digest string // of line and zip, the same whether the file is encrypted or not

	path    string
	file    *os.File
	pinned  *pinned
	records []record
}

// Entry is one named stream of a file.
type Entry struct {
	Name string
	Size int64 // bytes of its content
}

// Entries gives all, in the order in which they were written.
func (f *File) Entries() []Entry {
	all := make([]Entry, len(f.records))
	for i, r := range f.records {
		all[i] = Entry{Name: r.name, Size: int64(r.size)}
	}
	return all
}

// Open gives the content of an entry. That it is whole is known at io.EOF. Without such an entry the error is
// fs.ErrNotExist.
func (f *File) Open(name string) (io.ReadCloser, error) {
	for _, r := range f.records {
		if r.name == name {
			at := lineSize + r.data()
			c := f.pinned.cursor(at, at+int64(r.packed))
			return &content{path: f.path, record: r, cursor: c, inflate: flate.NewReader(c), left: int64(r.size)}, nil
		}
	}
	return nil, fmt.Errorf("%s: it has no entry %s: %w", f.path, quote(name), fs.ErrNotExist)
}

// Close ends the reading of all entries.
func (f *File) Close() error { return f.file.Close() }

// content reads an entry. It gives no byte more than the entry is said to have.
type content struct {
	path    string
	record  record
	cursor  *cursor
	inflate io.ReadCloser
	left    int64
	sum     uint32
	err     error
}

func (c *content) Read(p []byte) (int, error) {
	if c.err != nil || len(p) == 0 {
		return 0, c.err
	}
	n, err := c.inflate.Read(p)
	if int64(n) > c.left {
		n, err = int(c.left), foreign("the entry %s is longer than it says", quote(c.record.name))
	}
	c.left -= int64(n)
	c.sum = crc32.Update(c.sum, crc32.IEEETable, p[:n])
	switch err {
	case nil:
		return n, nil
	case io.EOF:
		c.err = c.whole()
	default:
		c.err = fmt.Errorf("%s: entry %s: %w", c.path, quote(c.record.name), err)
	}
	return n, c.err
}

// whole gives io.EOF when nothing was missing and nothing was left.
func (c *content) whole() error {
	if c.left == 0 && c.sum == c.record.sum && c.cursor.at == c.cursor.end {
		return io.EOF
	}
	return fmt.Errorf("%s: %w", c.path, foreign("the entry %s is not what its header says", quote(c.record.name)))
}

func (c *content) Close() error {
	if c.err == nil {
		c.err = fs.ErrClosed
	}
	return nil
}
