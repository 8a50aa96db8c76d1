package planner

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"math"

	"herald/providers"
	"herald/state"
)

// HashVersion is the version of every hash that this herald makes. It is raised when the same message would hash to
// something else than before; hashes of different versions never count as a change, so that an upgrade sends nothing.
const HashVersion = 1

// digest collects what is hashed. Every part is preceded by its length, so that no two lists of parts give the same
// bytes. The first part says what is hashed, so that a content never equals a destination.
type digest struct{ buf []byte }

func (d *digest) begin(what string) {
	d.buf = d.buf[:0]
	d.text(what)
}

func (d *digest) text(s string) {
	d.count(len(s))
	d.buf = append(d.buf, s...)
}

func (d *digest) texts(all []string) {
	d.count(len(all))
	for _, s := range all {
		d.text(s)
	}
}

func (d *digest) count(n int) { d.buf = binary.AppendUvarint(d.buf, uint64(n)) }

// value adds one value of a conversation's address with its type, so that "1" and 1 differ.
func (d *digest) value(v any) {
	switch v := v.(type) {
	case string:
		d.buf = append(d.buf, 's')
		d.text(v)
	case bool:
		d.buf = append(d.buf, 'b', 0)
		if v {
			d.buf[len(d.buf)-1] = 1
		}
	case int64:
		d.buf = append(d.buf, 'i')
		d.buf = binary.BigEndian.AppendUint64(d.buf, uint64(v))
	case float64:
		d.buf = append(d.buf, 'f')
		d.buf = binary.BigEndian.AppendUint64(d.buf, math.Float64bits(v))
	}
}

func (d *digest) sum() state.Hash {
	whole := sha256.Sum256(d.buf)
	h := state.Hash{Version: HashVersion}
	copy(h.Sum[:], whole[:])
	return h
}

// content hashes a message's kind and evaluated fields, before any provider touches them. Options are no content: they
// say how a message travels.
func (d *digest) content(c *providers.Content) state.Hash {
	d.begin("content")
	d.text(string(c.Kind))
	switch c.Kind {
	case providers.KindText:
		d.text(c.Text)
	case providers.KindAttachment:
		d.text(c.Attachment.Type)
		d.text(c.Attachment.URL)
	case providers.KindQuickReplies:
		d.text(c.QuickReplies.Title)
		d.texts(c.QuickReplies.Replies)
	case providers.KindList:
		d.list(&c.List)
	case providers.KindCards:
		d.cards(&c.Cards)
	case providers.KindForm:
		d.form(&c.Form)
	case providers.KindArticles:
		d.articles(&c.Articles)
	case providers.KindNative:
		d.native(c.Native)
	}
	return d.sum()
}

// native adds a JSON value by what it means, so that neither the order of members nor the way a string is escaped
// counts. Numbers count as they are written.
func (d *digest) native(raw json.RawMessage) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if dec.Decode(&v) != nil {
		d.text(string(raw))
		return
	}
	d.json(v)
}

func (d *digest) json(v any) {
	switch v := v.(type) {
	case nil:
		d.buf = append(d.buf, '0')
	case json.Number:
		d.buf = append(d.buf, 'n')
		d.text(v.String())
	case []any:
		d.buf = append(d.buf, 'l')
		d.count(len(v))
		for _, item := range v {
			d.json(item)
		}
	case map[string]any:
		d.buf = append(d.buf, 'o')
		d.count(len(v))
		for _, name := range sortedNames(v) {
			d.text(name)
			d.json(v[name])
		}
	default:
		d.value(v)
	}
}

// destination hashes where a message goes: provider type, account and address, in the order of names.
func (d *digest) destination(provider, identity string, names []string, address providers.Values) state.Hash {
	d.begin("destination")
	d.text(provider)
	d.text(identity)
	for _, name := range names {
		if v, given := address[name]; given {
			d.text(name)
			d.value(v)
		}
	}
	return d.sum()
}

// unique hashes a value of unique_by.
func (d *digest) unique(value string) state.Hash {
	d.begin("unique")
	d.text(value)
	return d.sum()
}

// definition hashes a message's definition.
func (d *digest) definition(source string) state.Hash {
	d.begin("definition")
	d.text(source)
	return d.sum()
}

// condition hashes a message's condition; the zero hash for a message without one.
func (d *digest) condition(source string) state.Hash {
	if source == "" {
		return state.Hash{}
	}
	d.begin("condition")
	d.text(source)
	return d.sum()
}

// ContentHash gives the hash of what a message says.
func ContentHash(c providers.Content) state.Hash { return new(digest).content(&c) }

// DestinationHash gives the hash of where a message goes. Identity is that of the account.
func DestinationHash(provider, identity string, address providers.Values) state.Hash {
	return new(digest).destination(provider, identity, sortedNames(address), address)
}

// UniqueHash gives the hash of a value of unique_by.
func UniqueHash(value string) state.Hash { return new(digest).unique(value) }

// DefinitionHash gives the hash of a message's definition as text.
func DefinitionHash(source string) state.Hash { return new(digest).definition(source) }

// ConditionHash gives the hash of a message's condition as text, zero for "".
func ConditionHash(source string) state.Hash { return new(digest).condition(source) }
