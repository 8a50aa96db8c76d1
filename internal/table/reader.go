package table

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
)

// The bounds of one row. They are far above what tables of people hold, and keep a file that is no table, or whose
// quote is never closed, from filling the memory.
const (
	MaxRow     = 1 << 20 // bytes of one row, line breaks inside quotes included
	MaxColumns = 4096
)

// Row is one row. It is valid until the next call to Next.
type Row struct {
	Line    int      // where it begins, from 1
	Fields  []string // of CSV and TSV, in the order of Columns
	Members []Member // of JSONL, in the order of the line
}

// Reader reads one file, row by row. It is not safe for concurrent use.
type Reader struct {
	file   string
	closer io.Closer
	rows   rows
}

// rows is one format's way of reading.
type rows interface {
	columns() []string
	next() (Row, error)
	position(i int) (line, column int)
}

// Header reads the column names of a CSV or TSV file. For JSONL, whose objects differ, it gives nil.
func Header(path string) ([]string, error) {
	if f, ok := FormatOf(path); ok && f == JSONL {
		return nil, nil
	}
	r, err := Open(path, path)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return r.Columns(), nil
}

// Open opens a file and reads its header; name stands for the file in errors. Every error is an *Error.
func Open(path, name string) (*Reader, error) {
	format, ok := FormatOf(path)
	if !ok {
		return nil, &Error{File: name, Summary: "Unknown kind of file", Fatal: true,
			Detail: "The name of a file of people ends in .csv, .tsv or .jsonl."}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, unreadable(name, 0, err)
	}
	r, err := New(f, name, format)
	if err != nil {
		f.Close()
		return nil, err
	}
	r.closer = f
	return r, nil
}

// New reads from src, whose header it takes at once; name stands for it in errors. Every error is an *Error.
func New(src io.Reader, name string, format Format) (*Reader, error) {
	in := bufio.NewReaderSize(src, 64<<10)
	if err := skipMark(in, name); err != nil {
		return nil, err
	}
	if err := refuseLoneCR(in, name); err != nil {
		return nil, err
	}
	r := &Reader{file: name}
	var err error
	if format == JSONL {
		r.rows, err = newLines(in, name)
	} else {
		r.rows, err = newFields(in, name, format)
	}
	if err != nil {
		return nil, err
	}
	return r, nil
}

// Columns gives the column names of CSV and TSV, in order; nil for JSONL.
func (r *Reader) Columns() []string { return r.rows.columns() }

// Next gives the next row, io.EOF after the last one, or an *Error. After an error that is not Fatal it may be called
// again and goes on behind the bad row.
func (r *Reader) Next() (Row, error) { return r.rows.next() }

// Position tells where the i-th field or member of the last row begins.
func (r *Reader) Position(i int) (line, column int) { return r.rows.position(i) }

// Close closes the file.
func (r *Reader) Close() error {
	if r.closer == nil {
		return nil
	}
	return r.closer.Close()
}

// skipMark passes over a UTF-8 byte order mark and refuses UTF-16, with a mark or without.
func skipMark(in *bufio.Reader, name string) error {
	head, err := in.Peek(64)
	switch {
	case bytes.HasPrefix(head, []byte{0xEF, 0xBB, 0xBF}):
		in.Discard(3)
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}), bytes.HasPrefix(head, []byte{0xFE, 0xFF}), wide(head):
		return &Error{File: name, Line: 1, Column: 1, Summary: "Invalid UTF-8", Fatal: true,
			Detail: "The file begins as UTF-16 text does. Save it as UTF-8 (in a spreadsheet: \"CSV UTF-8\")."}
	case err != nil && err != io.EOF:
		return unreadable(name, 0, err)
	}
	return nil
}

// wide reports whether text looks like UTF-16: in a header most characters are ASCII, so that every other byte is NUL.
func wide(head []byte) bool {
	var nul [2]int // at even and at odd places
	for i, c := range head {
		if c == 0 {
			nul[i%2]++
		}
	}
	return min(nul[0], nul[1]) == 0 && 3*max(nul[0], nul[1]) > len(head)
}

// refuseLoneCR refuses text whose lines end in carriage returns alone: all of it would be one line. One in quotes, or
// here and there, is no line end.
func refuseLoneCR(in *bufio.Reader, name string) error {
	begin, _ := in.Peek(in.Size()) // what is wrong with the disk comes up again in reading
	i := bytes.IndexByte(begin, '\r')
	if i < 0 || i == len(begin)-1 || begin[i+1] == '\n' || bytes.IndexByte(begin[:i], '\n') >= 0 || bytes.Count(begin[:i], []byte{'"'})%2 != 0 ||
		bytes.Count(begin, []byte{'\r'})-bytes.Count(begin, []byte("\r\n")) < bytes.Count(begin, []byte{'\n'}) {
		return nil
	}
	return &Error{File: name, Line: 1, Column: i + 1, Summary: "Unusable line ends", Fatal: true,
		Detail: "The lines end in a lone carriage return (CR), as old Macs wrote them, so the whole file is one line. Save it with LF or CRLF line ends."}
}

func unreadable(name string, line int, err error) *Error {
	why := err
	if p := (*fs.PathError)(nil); errors.As(err, &p) {
		why = p.Err // the path is already in the position
	}
	return &Error{File: name, Line: line, Summary: "Unreadable file", Fatal: true, Err: err,
		Detail: "The file cannot be read: " + why.Error() + "."}
}

func empty(name, how string) *Error {
	return &Error{File: name, Line: 1, Column: 1, Summary: "Empty file", Fatal: true,
		Detail: "There is nothing in the file, as after an export that failed. " + how}
}
