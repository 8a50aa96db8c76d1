package planner

import (
	"slices"

	"herald/state"
)

// PersonHashes is what exclude lists may know a person by beside the key: hashes of plain e-mail addresses and phone
// numbers, several where several sources know the person by different ones. They go with the steps of a plan, so that
// whoever opts out before it is carried out is recognised without reading the people again.
type PersonHashes struct {
	Emails []state.Hash `json:"emails,omitempty"`
	Phones []state.Hash `json:"phones,omitempty"`
}

// IsZero reports whether there is nothing beside the key.
func (h PersonHashes) IsZero() bool { return len(h.Emails) == 0 && len(h.Phones) == 0 }

// contact hashes an e-mail address or a phone number in its plain form. Plans that are kept hold these hashes.
func (d *digest) contact(attribute, plain string) state.Hash {
	d.begin(attribute)
	d.text(plain)
	return d.sum()
}

// traces is by what else than the key the people of one list may be excluded. Where several sources are read, one may
// know a person by another address than the one whose row counts, so what all of them say is kept.
type traces struct {
	byEmail, byPhone bool
	emails, phones   seenAs
}

// seenAs holds for each person the first hash, and those who have more of them.
type seenAs struct {
	first map[sum128]state.Hash
	more  map[sum128][]state.Hash
}

// newTraces prepares for the exclusions of a list that go by e-mail or phone, nil for none.
func newTraces(by []*exclusion) *traces {
	if len(by) == 0 {
		return nil
	}
	t := &traces{}
	for _, x := range by {
		t.byEmail, t.byPhone = t.byEmail || x.byEmail, t.byPhone || x.byPhone
	}
	return t
}

// note keeps what one of several sources says of a person.
func (t *traces) note(pp *people, p *Person) {
	who := pp.hash.sum(p.Key)
	if email := plainEmail(p.email); t.byEmail && email != "" {
		t.emails.add(who, pp.digest.contact(attrEmail, email))
	}
	if phone := plainPhone(p.phone); t.byPhone && phone != "" {
		t.phones.add(who, pp.digest.contact(attrPhone, phone))
	}
}

func (s *seenAs) add(who sum128, h state.Hash) {
	if s.first == nil {
		s.first, s.more = map[sum128]state.Hash{}, map[sum128][]state.Hash{}
	}
	switch first, met := s.first[who]; {
	case !met:
		s.first[who] = h
	case first != h && !slices.Contains(s.more[who], h):
		s.more[who] = append(s.more[who], h)
	}
}

// all gives every hash of a person, that of the row at hand among them.
func (s *seenAs) all(who sum128, own state.Hash) []state.Hash {
	var all []state.Hash
	add := func(h state.Hash) {
		if !h.IsZero() && !slices.Contains(all, h) {
			all = append(all, h)
		}
	}
	add(own)
	add(s.first[who])
	for _, h := range s.more[who] {
		add(h)
	}
	return all
}

// hashes gives what p may be excluded by beside the key.
func (pp *people) hashes(p *Person) (h PersonHashes) {
	t := pp.traces
	if t == nil {
		return h
	}
	who := pp.hash.sum(p.Key)
	own := func(attribute, plain string) state.Hash {
		if plain == "" {
			return state.Hash{}
		}
		return pp.digest.contact(attribute, plain)
	}
	if t.byEmail {
		h.Emails = t.emails.all(who, own(attrEmail, plainEmail(p.email)))
	}
	if t.byPhone {
		h.Phones = t.phones.all(who, own(attrPhone, plainPhone(p.phone)))
	}
	return h
}

// appendPerson adds the hashes as JSON.
func appendPerson(b []byte, h PersonHashes) []byte {
	b = append(b, '{')
	if len(h.Emails) > 0 {
		b = appendHashes(append(b, `"emails":`...), h.Emails)
	}
	if len(h.Phones) > 0 {
		if len(h.Emails) > 0 {
			b = append(b, ',')
		}
		b = appendHashes(append(b, `"phones":`...), h.Phones)
	}
	return append(b, '}')
}

func appendHashes(b []byte, hashes []state.Hash) []byte {
	for i, h := range hashes {
		b = appendHash(append(b, "[,"[min(i, 1)]), h)
	}
	return append(b, ']')
}

// person reads what appendPerson writes.
func (c *cursor) person(prefix string) (h PersonHashes) {
	c.skip(prefix)
	c.skip(`{`)
	if c.at(`"emails":`) {
		h.Emails = c.hashes(`"emails":`)
		if c.at(`,`) {
			c.skip(`,`)
			h.Phones = c.hashes(`"phones":`)
		}
	} else {
		h.Phones = c.hashes(`"phones":`)
	}
	c.skip(`}`)
	return h
}

func (c *cursor) hashes(prefix string) []state.Hash {
	c.skip(prefix)
	var all []state.Hash
	for open := `[`; !c.lost && !c.at(`]`); open = `,` {
		all = append(all, c.hash(open))
	}
	c.skip(`]`)
	return all
}
