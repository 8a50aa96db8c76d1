package table

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"herald/internal/addr"
)

// Member is one member of a JSONL line's object.
type Member struct {
	Name  string
	Value json.RawMessage // one JSON value, exactly as it stands in the file
}

// maxDepth bounds how deep a value may be nested.
const maxDepth = 64

// lines reads JSONL.
type lines struct {
	file  string
	in    *bufio.Reader
	line  int // of the row last read
	long  []byte
	found bool // a row
	done  bool

	members []Member
	places  []int // columns of the members' names
}

func newLines(in *bufio.Reader, file string) (*lines, error) {
	return &lines{file: file, in: in}, nil
}

func (l *lines) columns() []string { return nil }

func (l *lines) position(i int) (line, column int) { return l.line, l.places[i] }

func (l *lines) next() (Row, error) {
	for !l.done {
		text, err := l.read()
		if err != nil {
			l.done = true
			return Row{}, err
		}
		if i := invalidAtFast(text); i >= 0 {
			l.found = true
			return Row{}, invalidUTF8(l.file, l.line, i+1)
		}
		if i := bytes.IndexByte(text, 0); i >= 0 {
			l.found = true
			return Row{}, nulCharacter(l.file, l.line, i+1)
		}
		if len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		l.found = true
		if err := l.parse(text); err != nil {
			return Row{}, err
		}
		return Row{Line: l.line, Members: l.members}, nil
	}
	return Row{}, io.EOF
}

// read gives the next line, without its end. Its error is final.
func (l *lines) read() ([]byte, error) {
	text, err := l.in.ReadSlice('\n')
	l.line++
	if err == bufio.ErrBufferFull {
		l.long = append(l.long[:0], text...)
		for err == bufio.ErrBufferFull && len(l.long) <= MaxRow {
			text, err = l.in.ReadSlice('\n')
			l.long = append(l.long, text...)
		}
		if len(l.long) > MaxRow {
			return nil, &Error{File: l.file, Line: l.line, Column: 1, Summary: "Row too long", Fatal: true,
				Detail: fmt.Sprintf("The line is longer than %d bytes. JSONL has one small object on each line.", MaxRow)}
		}
		text = l.long
	}
	switch {
	case err == io.EOF && len(text) == 0 && !l.found:
		return nil, empty(l.file, "JSONL has one JSON object a line; a CSV file with only a header holds nobody.")
	case err == io.EOF && len(text) == 0:
		return nil, io.EOF
	case err != nil && err != io.EOF:
		return nil, unreadable(l.file, l.line, err)
	}
	return bytes.TrimSuffix(bytes.TrimSuffix(text, []byte("\n")), []byte("\r")), nil
}

// parse reads one line's object into l.members.
func (l *lines) parse(text []byte) *Error {
	l.members, l.places = l.members[:0], l.places[:0]
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	open, err := dec.Token()
	if err != nil {
		return l.bad(text)
	}
	if open != json.Delim('{') {
		return l.at(bytes.IndexFunc(text, notSpace), "Not an object", `Each line is one JSON object, as {"id": "c1", "email": "ada@example.com"}.`)
	}
	for dec.More() {
		name, place, e := l.name(text, dec)
		if e != nil {
			return e
		}
		if name == "" {
			return l.at(place, "Member without a name", "Each member of the object needs a name.")
		}
		if slices.ContainsFunc(l.members, func(m Member) bool { return m.Name == name }) {
			return l.at(place, "Duplicate member", "The object has two members named "+addr.Quote(name)+"; which one counts is not clear.")
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return l.bad(text)
		}
		if len(value) > 0 && (value[0] == '{' || value[0] == '[') {
			if why := nested(value); why != "" {
				return l.at(place, "Unusable nested value", "The member "+addr.Quote(name)+" "+why)
			}
		}
		if len(l.members) == MaxColumns {
			return l.at(place, "Too many columns", fmt.Sprintf("The object has more than %d members.", MaxColumns))
		}
		l.members = append(l.members, Member{name, value})
		l.places = append(l.places, place+1)
	}
	if _, err := dec.Token(); err != nil { // the closing brace
		return l.bad(text)
	}
	if rest := text[dec.InputOffset():]; len(bytes.TrimSpace(rest)) > 0 {
		return l.at(len(text)-len(rest)+bytes.IndexFunc(rest, notSpace), "Text after the object", "A line holds one JSON object and nothing else.")
	}
	return nil
}

// name reads a member's name and tells where it begins.
func (l *lines) name(text []byte, dec *json.Decoder) (name string, place int, e *Error) {
	before := int(dec.InputOffset())
	token, err := dec.Token()
	if err != nil {
		return "", 0, l.bad(text)
	}
	place = before
	if i := bytes.IndexByte(text[before:], '"'); i >= 0 {
		place += i
	}
	name, _ = token.(string)
	return name, place, nil
}

func (l *lines) at(i int, summary, detail string) *Error {
	return &Error{File: l.file, Line: l.line, Column: i + 1, Summary: summary, Detail: detail}
}

// bad says where a line's JSON goes wrong. The decoder's own offsets are not those of the line, so it is read again.
func (l *lines) bad(text []byte) *Error {
	var whole json.RawMessage
	err := json.Unmarshal(text, &whole)
	why, i := "unexpected end of JSON input", len(text)
	// The offset counts the guilty byte, except at the end, where there is none.
	if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) && syntax.Error() != why {
		why, i = syntax.Error(), max(int(syntax.Offset)-1, 0)
		// The decoder names a byte where a character may have several, and escapes in Go's way.
		if _, rest, ok := strings.Cut(strings.TrimPrefix(why, "invalid character '"), "' "); ok {
			r, _ := utf8.DecodeRune(text[i:])
			why = "invalid character " + addr.Quote(string(r)) + " " + rest
		}
	}
	e := l.at(i, "Bad JSON", "The line is no JSON object: "+why+".")
	e.Err = err
	return e
}

func notSpace(r rune) bool { return r != ' ' && r != '\t' && r != '\r' && r != '\n' }

func invalidAtFast(b []byte) int {
	if utf8.Valid(b) {
		return -1
	}
	return invalidAt(b)
}

// nested says what is wrong with a nested value: two members of one name, or too many levels. "" is fine.
func nested(value json.RawMessage) string {
	type level struct {
		names  map[string]bool // of an object
		inName bool
	}
	dec := json.NewDecoder(bytes.NewReader(value))
	dec.UseNumber()
	var open []level
	for {
		token, err := dec.Token()
		if err != nil {
			return "" // it was read whole before, so this is its end
		}
		if delim, ok := token.(json.Delim); ok && (delim == '}' || delim == ']') {
			open = open[:len(open)-1]
			if len(open) == 0 {
				return ""
			}
			continue
		}
		if len(open) > 0 {
			if top := &open[len(open)-1]; top.names != nil {
				if top.inName {
					name := token.(string)
					if top.names[name] {
						return "has inside it two members named " + addr.Quote(name) + "."
					}
					top.names[name] = true
				}
				top.inName = !top.inName
			}
		}
		switch token {
		case json.Delim('{'):
			open = append(open, level{names: map[string]bool{}, inName: true})
		case json.Delim('['):
			open = append(open, level{})
		}
		if len(open) > maxDepth {
			return fmt.Sprintf("is nested more than %d levels deep.", maxDepth)
		}
	}
}
