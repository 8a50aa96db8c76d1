package cli

import (
	"bytes"
	"fmt"
	"io"

	"herald/internal/report"
)

// Bounds of what a plan file may ask for while it is read. What is held whole grows with messages and not with people: of
// 1,000 messages that are due at once, with 500 letters each, it has 9 MB and 200,000 values.
const (
	maxSaved  = 64 << 20 // bytes of the part that is held whole
	maxValues = 1 << 20  // values in it: each becomes a struct, however few bytes it has
	maxStep   = 16 << 20 // bytes of one line of the others
)

// bounded refuses what is held whole if it is more than that, when it is written as when it is read.
func bounded(size int64, text []byte) error {
	switch {
	case size > maxSaved:
		return fmt.Errorf("its %s has more than %d MiB; plan fewer messages at once, with -target", savedName, maxSaved>>20)
	case values(text) > maxValues:
		return fmt.Errorf("its %s has more than %s; plan fewer messages at once, with -target", savedName, report.Count(maxValues, "value"))
	}
	return nil
}

// values counts about how many values a text of JSON has.
func values(text []byte) (n int) {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted
		case quoted && c == '\\':
			i++
		case !quoted && (c == ',' || c == '{' || c == '['):
			n++
		}
	}
	return n
}

// lines passes an entry's lines on, and stops as soon as there are more than the plan says, or one that none can be.
type lines struct {
	in   io.Reader
	left int // lines
	line int // bytes of the one that is read
	name string
	over string // what it has when there are more
}

func (l *lines) Read(p []byte) (int, error) {
	n, err := l.in.Read(p)
	for rest := p[:n]; len(rest) > 0; {
		end := bytes.IndexByte(rest, '\n') + 1
		if end == 0 {
			end = len(rest)
		}
		if l.line += end; l.line > maxStep {
			return 0, unlike("a step in %s is longer than %d MiB", l.name, maxStep>>20)
		}
		if rest[end-1] == '\n' {
			l.line, l.left = 0, l.left-1
		}
		rest = rest[end:]
	}
	if l.left < 0 {
		return 0, unlike("%s has "+l.over, l.name)
	}
	return n, err
}
