package table

import (
	"bufio"
	"bytes"
	"errors"
	"unicode/utf8"
)

var errTooLong = errors.New("row too long")

// watch stands between a file and encoding/csv, which checks neither encoding nor length, and lets NUL pass. It hands on one line at a
// time, so that what it saw is always what the reader above it has taken.
type watch struct {
	in      *bufio.Reader
	pending []byte // of the current line, not yet handed on
	line    int    // the line that the next byte from in belongs to
	column  int    // bytes of that line already taken

	begin     int // line on which the current row begins
	used      int // bytes of the current row
	bad       bool
	badLine   int
	badColumn int
	nul       bool
	nulLine   int
	nulColumn int
}

// row tells that a new row begins.
func (w *watch) row() { w.begin, w.used, w.bad, w.nul = w.line, 0, false, false }

func (w *watch) Read(p []byte) (int, error) {
	if len(w.pending) == 0 {
		if err := w.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(p, w.pending)
	w.pending = w.pending[n:]
	return n, nil
}

// fill takes the rest of a line, or as much of it as the buffer holds in whole characters.
func (w *watch) fill() error {
	piece, _ := w.in.Peek(w.in.Buffered())
	end := bytes.IndexByte(piece, '\n') + 1
	if end == 0 {
		var err error
		piece, err = w.in.Peek(w.in.Size())
		end = bytes.IndexByte(piece, '\n') + 1
		switch {
		case end > 0:
		case err != nil: // the file's last line, or nothing more
			if end = len(piece); end == 0 {
				return err
			}
		default:
			end = len(piece) - incomplete(piece)
		}
	}
	piece = piece[:end]
	w.in.Discard(end)
	if w.used == 0 && blank(piece) {
		w.begin = w.line + 1 // csv passes over blank lines; they belong to no row
	} else if w.used += end; w.used > MaxRow {
		return errTooLong
	}
	if !w.bad && !utf8.Valid(piece) {
		w.bad, w.badLine, w.badColumn = true, w.line, w.column+invalidAt(piece)+1
	}
	if i := bytes.IndexByte(piece, 0); i >= 0 && !w.nul {
		w.nul, w.nulLine, w.nulColumn = true, w.line, w.column+i+1
	}
	w.column += end
	if piece[end-1] == '\n' {
		w.line++
		w.column = 0
	}
	w.pending = piece
	return nil
}

func blank(line []byte) bool { return len(line) == 1 && line[0] == '\n' || string(line) == "\r\n" }

// incomplete counts the bytes at the end of b that begin a character without ending it.
func incomplete(b []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		if tail := b[len(b)-n:]; utf8.RuneStart(tail[0]) {
			if utf8.FullRune(tail) {
				return 0
			}
			return n
		}
	}
	return 0
}

// invalidAt gives the index of the first byte that belongs to no character.
func invalidAt(b []byte) int {
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}
