package planner

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"time"
	"unicode/utf8"

	"herald/internal/addr"
	"herald/providers"
	"herald/state"
)

// stepLine is a step as saved plans hold it, one JSON object a line. Names are part of the plan's format: they are
// never changed, only added to with a new FormatVersion.
type stepLine struct {
	Sequence    string       `json:"sequence"`
	Message     string       `json:"message"`
	Key         string       `json:"key"`
	Action      Action       `json:"action"`
	Reason      string       `json:"reason,omitempty"`
	Account     string       `json:"account"`
	Content     state.Hash   `json:"content"`
	Destination state.Hash   `json:"destination"`
	Unique      state.Hash   `json:"unique,omitzero"`
	Definition  state.Hash   `json:"definition"`
	Person      PersonHashes `json:"person,omitzero"`
	Needs       Need         `json:"needs,omitzero"`
	Leads       bool         `json:"leads,omitempty"`
	FromDoubt   bool         `json:"from_doubt,omitempty"`
	NotAfter    time.Time    `json:"not_after,omitzero"`
	Condition   state.Hash   `json:"condition,omitzero"`
	Request     requestLine  `json:"request"`
}

// requestLine is a request with its body at the end, where it can be taken as it stands.
type requestLine struct {
	Method  string             `json:"method"`
	Path    string             `json:"path"`
	Place   string             `json:"place,omitempty"`
	Awaited bool               `json:"awaited,omitempty"`
	Opening *providers.Opening `json:"opening,omitempty"`
	Body    json.RawMessage    `json:"body,omitempty"`
}

// appendLine adds the step's line, without a line end. It is written by hand, since every send passes here and the
// request's body must stay byte for byte what the provider rendered; a test holds it against stepLine.
func appendLine(b []byte, s *Step) []byte {
	b = appendString(append(b, `{"sequence":`...), s.Send.Sequence)
	b = appendString(append(b, `,"message":`...), s.Send.Name)
	b = appendString(append(b, `,"key":`...), s.Send.Key)
	b = appendString(append(b, `,"action":`...), string(s.Action))
	if s.Reason != "" {
		b = appendString(append(b, `,"reason":`...), s.Reason)
	}
	b = appendString(append(b, `,"account":`...), s.Account)
	b = appendHash(append(b, `,"content":`...), s.Content)
	b = appendHash(append(b, `,"destination":`...), s.Destination)
	if !s.Unique.IsZero() {
		b = appendHash(append(b, `,"unique":`...), s.Unique)
	}
	b = appendHash(append(b, `,"definition":`...), s.Definition)
	if !s.Person.IsZero() {
		b = appendPerson(append(b, `,"person":`...), s.Person)
	}
	if s.Needs != (Need{}) {
		b = appendString(append(b, `,"needs":{"message":`...), s.Needs.Message)
		b = appendString(append(b, `,"account":`...), s.Needs.Account)
		b = append(b, '}')
	}
	if s.Leads {
		b = append(b, `,"leads":true`...)
	}
	if s.FromDoubt {
		b = append(b, `,"from_doubt":true`...)
	}
	if !s.NotAfter.IsZero() {
		b = append(s.NotAfter.AppendFormat(append(b, `,"not_after":"`...), time.RFC3339Nano), '"')
	}
	if !s.Condition.IsZero() {
		b = appendHash(append(b, `,"condition":`...), s.Condition)
	}
	return append(appendRequest(append(b, `,"request":`...), &s.Request), '}')
}

func appendRequest(b []byte, r *providers.Request) []byte {
	b = appendString(append(b, `{"method":`...), r.Method)
	b = appendString(append(b, `,"path":`...), r.Path)
	if r.Place != "" {
		b = appendString(append(b, `,"place":`...), r.Place)
	}
	if r.Awaited {
		b = append(b, `,"awaited":true`...)
	}
	if r.Opening != nil {
		b = appendString(append(b, `,"opening":{"name":`...), r.Opening.Name)
		b = append(appendBody(append(b, `,"body":`...), r.Opening.Body), '}')
	}
	if len(r.Body) > 0 {
		b = appendBody(append(b, `,"body":`...), r.Body)
	}
	return append(b, '}')
}

// appendBody adds a request's body. A line break in it would end the line, so such a body is written without.
func appendBody(b []byte, body json.RawMessage) []byte {
	if len(body) == 0 {
		return append(b, "null"...)
	}
	if bytes.IndexByte(body, '\n') < 0 {
		return append(b, body...)
	}
	var compact bytes.Buffer
	if json.Compact(&compact, body) != nil {
		return append(b, "null"...)
	}
	return append(b, compact.Bytes()...)
}

func appendHash(b []byte, h state.Hash) []byte {
	b = append(b, '"')
	if !h.IsZero() {
		b = strconv.AppendUint(b, uint64(h.Version), 10)
		b = append(b, ':')
		b = hex.AppendEncode(b, h.Sum[:])
	}
	return append(b, '"')
}

// appendString adds a JSON string.
func appendString(b []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < 0x20 || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			var buf bytes.Buffer
			enc := json.NewEncoder(&buf)
			enc.SetEscapeHTML(false)
			if enc.Encode(s) != nil {
				return append(b, `""`...)
			}
			return append(b, bytes.TrimSuffix(buf.Bytes(), []byte("\n"))...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

// parseLine reads what appendLine wrote.
func parseLine(line []byte) (Step, error) {
	if s, ok := scanLine(bytes.TrimSuffix(line, []byte("\n"))); ok {
		return s, nil
	}
	var l stepLine
	if err := json.Unmarshal(line, &l); err != nil {
		return Step{}, err
	}
	return l.step(), nil
}

func (l *stepLine) step() Step {
	return Step{
		Send:   addr.Send{Message: addr.Message{Sequence: l.Sequence, Name: l.Message}, Key: l.Key},
		Action: l.Action, Reason: l.Reason, Account: l.Account,
		Content: l.Content, Destination: l.Destination, Unique: l.Unique, Definition: l.Definition, Person: l.Person,
		Request: l.Request.request(), Needs: l.Needs, Leads: l.Leads, FromDoubt: l.FromDoubt, NotAfter: l.NotAfter, Condition: l.Condition,
	}
}

func (l *requestLine) request() providers.Request {
	return providers.Request{Method: l.Method, Path: l.Path, Body: l.Body, Place: l.Place, Opening: l.Opening, Awaited: l.Awaited}
}
