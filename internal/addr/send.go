package addr

import (
	"cmp"
	"strings"
)

// Message names one message of a sequence.
type Message struct {
	Sequence string
	Name     string
}

// String gives sequence.message.
func (m Message) String() string { return m.Sequence + "." + m.Name }

// Compare orders by sequence, then by name.
func (m Message) Compare(o Message) int {
	return cmp.Or(strings.Compare(m.Sequence, o.Sequence), strings.Compare(m.Name, o.Name))
}

// Send names one message to one person.
type Send struct {
	Message
	// Key identifies the person; exact bytes, valid UTF-8.
	Key string
}

// String gives sequence.message["key"], the key escaped as an HCL string.
func (s Send) String() string {
	var b strings.Builder
	b.Grow(len(s.Sequence) + len(s.Name) + len(s.Key) + 5)
	b.WriteString(s.Sequence)
	b.WriteByte('.')
	b.WriteString(s.Name)
	b.WriteByte('[')
	quote(&b, s.Key)
	b.WriteByte(']')
	return b.String()
}

// Compare orders by message, then by key bytes.
func (s Send) Compare(o Send) int {
	return cmp.Or(s.Message.Compare(o.Message), strings.Compare(s.Key, o.Key))
}

// Less reports whether s comes before o.
func (s Send) Less(o Send) bool { return s.Compare(o) < 0 }
