package planner

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"herald/internal/addr"
	"herald/state"
)

// Settled is a message that is settled without a request: skipped, since its condition is false, or taken as sent.
type Settled struct {
	Send       addr.Send
	Action     Action     // Skip or Assume
	Account    string     // of Skip, as what follows
	Condition  state.Hash // that was false
	Definition state.Hash
}

// settledLine is what is settled, as saved plans hold it, one JSON object a line. See stepLine for its names.
type settledLine struct {
	Sequence   string     `json:"sequence"`
	Message    string     `json:"message"`
	Key        string     `json:"key"`
	Action     Action     `json:"action"`
	Account    string     `json:"account,omitempty"`
	Condition  state.Hash `json:"condition,omitzero"`
	Definition state.Hash `json:"definition,omitzero"`
}

// restLine is a Rest as saved plans hold it.
type restLine struct {
	Sequence string `json:"sequence"`
	Message  string `json:"message"`
	Key      string `json:"key"`
	On       string `json:"on"`
	Fate     string `json:"fate"`
}

func appendSend(b []byte, s addr.Send) []byte {
	b = appendString(append(b, `{"sequence":`...), s.Sequence)
	b = appendString(append(b, `,"message":`...), s.Name)
	return appendString(append(b, `,"key":`...), s.Key)
}

// appendLine adds the line, without a line end, by hand as steps are; a test holds it against settledLine.
func (s *Settled) appendLine(b []byte) []byte {
	b = appendString(append(appendSend(b, s.Send), `,"action":`...), string(s.Action))
	if s.Account != "" {
		b = appendString(append(b, `,"account":`...), s.Account)
	}
	if !s.Condition.IsZero() {
		b = appendHash(append(b, `,"condition":`...), s.Condition)
	}
	if !s.Definition.IsZero() {
		b = appendHash(append(b, `,"definition":`...), s.Definition)
	}
	return append(b, '}')
}

// appendLine adds the line, without a line end; a test holds it against restLine.
func (r *Rest) appendLine(b []byte) []byte {
	b = appendString(append(appendSend(b, r.Send), `,"on":`...), r.Message)
	return append(appendString(append(b, `,"fate":`...), r.Fate), '}')
}

func (c *cursor) send() (s addr.Send) {
	s.Sequence = c.text(`{"sequence":`)
	s.Name = c.text(`,"message":`)
	s.Key = c.text(`,"key":`)
	return s
}

// parseSettled reads a line: just as it was written, as nearly every one is, or whatever else JSON allows.
func parseSettled(line []byte) (s Settled, err error) {
	c := cursor{rest: bytes.TrimSuffix(line, []byte("\n"))}
	s.Send, s.Action = c.send(), Action(c.text(`,"action":`))
	if c.at(`,"account":`) {
		s.Account = c.text(`,"account":`)
	}
	if c.at(`,"condition":`) {
		s.Condition = c.hash(`,"condition":`)
	}
	if c.at(`,"definition":`) {
		s.Definition = c.hash(`,"definition":`)
	}
	if c.skip(`}`); !c.lost && len(c.rest) == 0 {
		return s, nil
	}
	var l settledLine
	err = strictly(line, &l)
	return Settled{Send: addr.Send{Message: addr.Message{Sequence: l.Sequence, Name: l.Message}, Key: l.Key},
		Action: l.Action, Account: l.Account, Condition: l.Condition, Definition: l.Definition}, err
}

// parseRest reads a line in the same two ways.
func parseRest(line []byte) (r Rest, err error) {
	c := cursor{rest: bytes.TrimSuffix(line, []byte("\n"))}
	r.Send, r.Message, r.Fate = c.send(), c.text(`,"on":`), c.text(`,"fate":`)
	if c.skip(`}`); !c.lost && len(c.rest) == 0 {
		return r, nil
	}
	var l restLine
	err = strictly(line, &l)
	return Rest{Send: addr.Send{Message: addr.Message{Sequence: l.Sequence, Name: l.Message}, Key: l.Key}, Message: l.On, Fate: l.Fate}, err
}

// strictly reads one JSON object that has no other members than v.
func strictly(line []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return err
	}
	if _, err := dec.Token(); err != io.EOF {
		return errors.New("it is more than one JSON object")
	}
	return nil
}
