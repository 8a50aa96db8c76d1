package planner

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"herald/spec"
)

// The bounds of what stands out in one group. A file may have another locale in every row, and a reviewer reads few
// messages: whoever writes in more than eight languages looks at each of them before planning.
const (
	maxLocales = 8
	maxLacking = 8 // attributes that somebody is without
)

// standouts finds those of a group's sends that a reviewer must see beside the first ones, as they go by in plan order.
// The first of those that stand out for the same reason is kept.
type standouts struct {
	varies            bool // the text is not the same for everyone
	longest, shortest *standout
	lacking           []string    // attributes that the message names and that nobody was without yet, sorted
	lacked            int         // those that somebody was without
	locales           []string    // that were met
	others            []*standout // that are here to stay
}

// standout is one send that stands out.
type standout struct {
	place   int // among the group's sends, from 0
	sample  Sample
	length  int
	reasons []string // beside its length
}

func newStandouts(r *message) *standouts {
	return &standouts{varies: len(r.varying) > 0, lacking: namedOf(r.msg)}
}

// namedOf lists the attributes of contact that a message's content and options name, sorted. Of an expression that takes
// contact as a whole nobody can say which ones it reads.
func namedOf(m *spec.Message) []string {
	names := map[string]bool{}
	for _, part := range []map[string]*spec.Expr{m.Content.Fields, m.Options} {
		for _, e := range part {
			of, _ := e.Attributes()
			for _, name := range of {
				names[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// look takes the next of the group's sends: the one at place, to p, whose message is rendered. The sample is asked for
// only when it is kept.
func (o *standouts) look(place int, r *message, p *Person, sample func() Sample) {
	var at *standout
	keep := func() *standout {
		if at == nil {
			at = &standout{place: place, sample: sample()}
		}
		return at
	}
	if o.varies {
		n := readLength(&r.content)
		if o.longest == nil || n > o.longest.length {
			o.longest = keep()
		}
		if o.shortest == nil || n < o.shortest.length {
			o.shortest = keep()
		}
		if at != nil {
			at.length = n
		}
	}
	for i := 0; i < len(o.lacking) && o.lacked < maxLacking; {
		if !p.lacks(o.lacking[i]) {
			i++
			continue
		}
		keep().reasons = append(keep().reasons, "without "+o.lacking[i])
		o.lacking = slices.Delete(o.lacking, i, i+1)
		o.lacked++
	}
	if len(o.locales) < maxLocales {
		if l := p.plain(attrLocale); l != "" && !slices.ContainsFunc(o.locales, func(met string) bool { return strings.EqualFold(met, l) }) && likeLocale(l) {
			keep().reasons = append(keep().reasons, "in "+l)
			o.locales = append(o.locales, l)
		}
	}
	if at != nil && len(at.reasons) > 0 {
		o.others = append(o.others, at)
	}
}

// join gives a group's samples: the first ones, of which some may stand out, and behind them the others that do. Where all
// texts have the same length none is the longest.
func (o *standouts) join(first []Sample) []Sample {
	all := slices.Clone(o.others)
	by := map[*standout][]string{}
	if o.longest != nil && o.longest.length > o.shortest.length {
		all = append(all, o.longest, o.shortest)
		by[o.longest] = []string{"the longest"}
		by[o.shortest] = []string{"the shortest"}
	}
	slices.SortFunc(all, func(a, b *standout) int { return cmp.Compare(a.place, b.place) })
	samples := first
	for _, at := range slices.Compact(all) {
		why := strings.Join(append(by[at], at.reasons...), ", ")
		if at.place < len(first) {
			samples[at.place].Why = why
			continue
		}
		at.sample.Why = why
		samples = append(samples, at.sample)
	}
	return samples
}

// lacks reports whether the person at hand has nothing under an attribute that the plan uses.
func (p *Person) lacks(name string) bool {
	var v cty.Value
	switch {
	case p.row != nil:
		v = p.row.values[name]
	case p.contact.Type().HasAttribute(name):
		v = p.contact.GetAttr(name)
	}
	return v == cty.NilVal || v.IsNull() || v.Type() == cty.String && v.IsKnown() && v.AsString() == ""
}

// plain gives the text that the source has under an attribute, also under one that the plan does not use and nobody has
// checked; "" when it has none, or no text.
func (p *Person) plain(name string) string {
	if p.decl != nil {
		return asText(orNull(p.decl.Attributes[name]))
	}
	i, ok := p.row.at[name]
	switch {
	case !ok:
		return ""
	case p.row.names != nil:
		return p.row.row.Fields[i]
	}
	if raw := p.row.row.Members[i].Value; len(raw) > 0 && raw[0] == '"' {
		return jsonText(raw)
	}
	return ""
}

// likeLocale reports whether a text has the form of a language tag: letters, then groups of letters and digits, with
// hyphens between. The longest tag that everybody must be able to store has 35 characters (RFC 5646, 4.4.1).
func likeLocale(s string) bool {
	if len(s) < 2 || len(s) > 35 {
		return false
	}
	for i, part := range strings.Split(s, "-") {
		if len(part) == 0 || len(part) > 8 {
			return false
		}
		for _, c := range []byte(part) {
			digit := c >= '0' && c <= '9'
			letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
			if !letter && (i == 0 || !digit) {
				return false
			}
		}
	}
	return true
}
