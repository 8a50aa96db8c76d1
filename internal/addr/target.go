package addr

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Target is what a person points at: a whole sequence, one message of it, or one send.
type Target struct {
	Sequence string
	Message  string // "" for a whole sequence
	Key      string
	One      bool // Key counts: a single send (a key may be any string)
}

// String gives the target as Parse reads it.
func (t Target) String() string {
	switch {
	case t.One:
		return Send{Message{t.Sequence, t.Message}, t.Key}.String()
	case t.Message != "":
		return Message{t.Sequence, t.Message}.String()
	}
	return t.Sequence
}

// Send gives the send that t names, and whether it names a single one.
func (t Target) Send() (Send, bool) {
	return Send{Message{t.Sequence, t.Message}, t.Key}, t.One
}

// Covers reports whether s lies within t.
func (t Target) Covers(s Send) bool {
	return t.CoversMessage(s.Message) && (!t.One || t.Key == s.Key)
}

// CoversMessage reports whether some send of m may lie within t.
func (t Target) CoversMessage(m Message) bool {
	return t.Sequence == m.Sequence && (t.Message == "" || t.Message == m.Name)
}

// Parse reads renewal, renewal.offer or renewal.offer["key"].
func Parse(s string) (Target, error) {
	fail := func(why string) (Target, error) {
		return Target{}, fmt.Errorf(`%q is no address: %s; write sequence, sequence.message or sequence.message["key"]`, s, why)
	}
	names, rest, keyed := strings.Cut(s, "[")
	seq, msg, dotted := strings.Cut(names, ".")
	t := Target{Sequence: seq, Message: msg}
	switch {
	case !hclsyntax.ValidIdentifier(seq):
		return fail(fmt.Sprintf("%q is no name", seq))
	case dotted && !hclsyntax.ValidIdentifier(msg):
		return fail(fmt.Sprintf("%q is no name", msg))
	case !keyed:
		return t, nil
	case !dotted:
		return fail("a key follows a message, not a sequence")
	}
	key, n, err := unquote(rest)
	if err != nil {
		return fail(err.Error())
	}
	if rest[n:] != "]" {
		return fail(`a closing "]" must end it`)
	}
	t.Key, t.One = key, true
	return t, nil
}

// ParseSend reads the address of a single send.
func ParseSend(s string) (Send, error) {
	t, err := Parse(s)
	if err != nil {
		return Send{}, err
	}
	send, ok := t.Send()
	if !ok {
		return Send{}, fmt.Errorf(`%q names more than one send; write sequence.message["key"]`, s)
	}
	return send, nil
}
