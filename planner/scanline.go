package planner

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"time"

	"herald/providers"
	"herald/state"
)

// scanLine reads a line just as appendLine writes it, members in their order and no escapes in its strings: nearly every
// line, at a tenth of what a JSON decoder takes, and every send passes here. It is false for any other line, which the
// decoder then reads. The body is taken as it stands: where it matters, a digest vouches for it.
func scanLine(line []byte) (s Step, ok bool) {
	c := cursor{rest: line}
	s.Send.Sequence = c.text(`{"sequence":`)
	s.Send.Name = c.text(`,"message":`)
	s.Send.Key = c.text(`,"key":`)
	s.Action = Action(c.text(`,"action":`))
	if c.at(`,"reason":`) {
		s.Reason = c.text(`,"reason":`)
	}
	s.Account = c.text(`,"account":`)
	s.Content = c.hash(`,"content":`)
	s.Destination = c.hash(`,"destination":`)
	if c.at(`,"unique":`) {
		s.Unique = c.hash(`,"unique":`)
	}
	s.Definition = c.hash(`,"definition":`)
	if c.at(`,"person":`) {
		s.Person = c.person(`,"person":`)
	}
	if c.at(`,"needs":`) {
		s.Needs.Message = c.text(`,"needs":{"message":`)
		s.Needs.Account = c.text(`,"account":`)
		c.skip(`}`)
	}
	if c.at(`,"leads":true`) {
		c.skip(`,"leads":true`)
		s.Leads = true
	}
	if c.at(`,"from_doubt":true`) {
		c.skip(`,"from_doubt":true`)
		s.FromDoubt = true
	}
	if c.at(`,"not_after":`) {
		s.NotAfter = c.time(`,"not_after":`)
	}
	if c.at(`,"condition":`) {
		s.Condition = c.hash(`,"condition":`)
	}
	c.request(&s.Request)
	c.skip(`}}`)
	return s, !c.lost && len(c.rest) == 0
}

// request takes a request, as far as its last two braces.
func (c *cursor) request(r *providers.Request) {
	r.Method = c.text(`,"request":{"method":`)
	r.Path = c.text(`,"path":`)
	if c.at(`,"place":`) {
		r.Place = c.text(`,"place":`)
	}
	if c.at(`,"awaited":true`) {
		c.skip(`,"awaited":true`)
		r.Awaited = true
	}
	if c.at(`,"opening":`) {
		r.Opening = &providers.Opening{Name: c.text(`,"opening":{"name":`)}
		c.skip(`,"body":`)
		r.Opening.Body = c.object()
		c.skip(`}`)
	}
	if c.at(`,"body":`) {
		c.skip(`,"body":`)
		end := len(c.rest) - 2
		if c.lost = c.lost || end < 1; c.lost {
			return
		}
		r.Body = json.RawMessage(bytes.Clone(c.rest[:end]))
		c.rest = c.rest[end:]
	}
}

// cursor walks over a line; once lost it stays so.
type cursor struct {
	rest []byte
	lost bool
}

func (c *cursor) at(prefix string) bool {
	return len(c.rest) >= len(prefix) && string(c.rest[:len(prefix)]) == prefix
}

func (c *cursor) skip(prefix string) {
	if c.lost = c.lost || !c.at(prefix); !c.lost {
		c.rest = c.rest[len(prefix):]
	}
}

// raw gives what stands between the quotes after prefix.
func (c *cursor) raw(prefix string) []byte {
	c.skip(prefix)
	c.skip(`"`)
	end := bytes.IndexByte(c.rest, '"')
	if c.lost = c.lost || end < 0 || bytes.IndexByte(c.rest[:max(end, 0)], '\\') >= 0; c.lost {
		return nil
	}
	raw := c.rest[:end]
	c.rest = c.rest[end+1:]
	return raw
}

func (c *cursor) text(prefix string) string { return string(c.raw(prefix)) }

func (c *cursor) time(prefix string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, string(c.raw(prefix)))
	c.lost = c.lost || err != nil
	return t
}

// object gives the JSON object that comes next. It finds its end and checks no more than that.
func (c *cursor) object() json.RawMessage {
	depth, quoted := 0, false
	for i := 0; i < len(c.rest) && !c.lost; i++ {
		switch b := c.rest[i]; {
		case quoted && b == '\\':
			i++
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '{':
			depth++
		case b == '}':
			depth--
		}
		if depth == 0 {
			if c.rest[0] != '{' {
				break
			}
			whole := json.RawMessage(bytes.Clone(c.rest[:i+1]))
			c.rest = c.rest[i+1:]
			return whole
		}
	}
	c.lost = true
	return nil
}

func (c *cursor) hash(prefix string) (h state.Hash) {
	raw := c.raw(prefix)
	if len(raw) == 0 {
		return h
	}
	version, sum, found := bytes.Cut(raw, []byte(":"))
	n, err := strconv.ParseUint(string(version), 10, 8)
	if c.lost = c.lost || !found || err != nil || n == 0 || hex.DecodedLen(len(sum)) != len(h.Sum); c.lost {
		return h
	}
	if _, err := hex.Decode(h.Sum[:], sum); err != nil {
		c.lost = true
	}
	h.Version = uint8(n)
	return h
}
