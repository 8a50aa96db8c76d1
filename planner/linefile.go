package planner

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// maxLine bounds one line, in bytes: far above what any vendor takes as a request.
const maxLine = 16 << 20

// lineFile keeps lines on disk. It has no name once it is open: nothing with people's texts is left behind, whatever
// becomes of the process. First everything is written, then it is read.
type lineFile struct {
	file  *os.File
	w     *bufio.Writer
	size  int64
	named bool // the system keeps the name while the file is open
}

func newLineFile() (*lineFile, error) {
	file, err := os.CreateTemp("", "herald-steps-*") // mode 0600
	if err != nil {
		return nil, fmt.Errorf("keeping the plan's steps: %w", err)
	}
	return &lineFile{file: file, w: bufio.NewWriterSize(file, 64<<10), named: os.Remove(file.Name()) != nil}, nil
}

// Write adds bytes that hold their own line ends.
func (l *lineFile) Write(p []byte) (int, error) {
	n, err := l.w.Write(p)
	if l.size += int64(n); err != nil {
		err = fmt.Errorf("keeping the plan's steps: %w", err)
	}
	return n, err
}

// add adds one line, and its end.
func (l *lineFile) add(line []byte) error {
	if len(line) >= maxLine {
		return fmt.Errorf("a step of %d bytes is longer than plans can hold", len(line))
	}
	if _, err := l.Write(line); err != nil {
		return err
	}
	l.size++
	return l.w.WriteByte('\n')
}

// lines reads the file from its beginning; readers are independent of each other. Of nil it gives no lines.
func (l *lineFile) lines() (*lineReader, error) {
	if l == nil {
		return newLineReader(bytes.NewReader(nil)), nil
	}
	if err := l.w.Flush(); err != nil {
		return nil, err
	}
	return newLineReader(io.NewSectionReader(l.file, 0, l.size)), nil
}

// writeTo writes the lines to w, whole.
func (l *lineFile) writeTo(w io.Writer) error {
	if err := l.w.Flush(); err != nil {
		return err
	}
	_, err := io.Copy(w, io.NewSectionReader(l.file, 0, l.size))
	return err
}

// close closes the file, and removes it where the system has kept it.
func (l *lineFile) close() error {
	err := l.file.Close()
	if l.named {
		err = errors.Join(err, os.Remove(l.file.Name()))
	}
	return err
}

// lineReader reads lines one by one.
type lineReader struct {
	r      *bufio.Reader
	long   []byte
	offset int64 // of the next one
}

func newLineReader(r io.Reader) *lineReader { return &lineReader{r: bufio.NewReaderSize(r, 64<<10)} }

// next gives a line, which stays as it is until the next one is read, and where it begins; or io.EOF.
func (l *lineReader) next() ([]byte, int64, error) {
	line, err := l.r.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		l.long = append(l.long[:0], line...)
		for err == bufio.ErrBufferFull && len(l.long) <= maxLine {
			line, err = l.r.ReadSlice('\n')
			l.long = append(l.long, line...)
		}
		line = l.long
	}
	if err == io.EOF && len(line) == 0 {
		return nil, 0, io.EOF
	}
	at := l.offset
	switch {
	case err == io.EOF, err == bufio.ErrBufferFull:
		return nil, 0, damaged(at, err)
	case err != nil: // it says by itself what it is about
		return nil, 0, err
	}
	l.offset += int64(len(line))
	return line, at, nil
}

// damaged says which line cannot be read. What is in it may be hostile and long: of what its reader says that much is shown
// that tells what it is.
func damaged(at int64, err error) error {
	const most = 200
	switch text := err.Error(); {
	case err == io.EOF:
		err = io.ErrUnexpectedEOF
	case err == bufio.ErrBufferFull:
		err = bufio.ErrTooLong
	case len(text) > most:
		err = errors.New(strings.ToValidUTF8(text[:most], "") + "…")
	}
	return fmt.Errorf("the plan's line at byte %d cannot be read: %w", at, err)
}
