package planner

import (
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"herald/internal/addr"
	"herald/internal/table"
	"herald/spec"
)

// people streams who a campaign speaks of. One is made per plan; it is not safe for concurrent use.
type people struct {
	ctx      context.Context
	campaign *spec.Campaign
	scope    *spec.Scope
	found    *findings
	hash     hasher
	formats  *formats
	digest   digest
	exclude  map[string]*exclusion // by audience
	list     *spec.Audience        // whose exclude lists are being read; nil while those are read who may get messages
	out      set                   // keys of the list at hand that an audience in it excludes
	ever     set                   // keys of all lists that were counted as excluded
	still    func(key string)      // takes a key whose person is there and cannot be used
	unknown  int                   // rows that were left out before they had a key
	known    []string              // attributes that the stream's people have, for expressions that want all of them
	traces   *traces               // what exclude lists may know the people of the list at hand by; nil when by keys only
	dropped  int                   // who did not meet a condition
	warned   map[hcl.Range]bool    // of attributes that nobody has
	err      error                 // that ends everything
	rows     int
}

func newPeople(ctx context.Context, c *spec.Campaign, found *findings) *people {
	return &people{still: func(string) {}, out: set{}, ever: set{}, ctx: ctx, campaign: c, scope: c.NewScope(), found: found, hash: newHasher(), formats: newFormats(),
		exclude: map[string]*exclusion{}, warned: map[hcl.Range]bool{}}
}

// stopped looks now and then whether the caller has given up.
func (pp *people) stopped() bool {
	if pp.rows++; pp.rows%1024 == 0 && pp.err == nil {
		pp.err = pp.ctx.Err()
	}
	return pp.err != nil
}

// begin starts another list of people. still takes the keys of those who are in it and cannot be used.
func (pp *people) begin(refs []spec.Ref, still func(key string)) {
	pp.foresee(refs)
	pp.found.begin()
	pp.dropped, pp.unknown, pp.still = 0, 0, still
}

// stream gives everybody in refs: in their order, and the first of those who have the same key. Suppression wins:
// whoever is excluded by an audience at any depth is nobody in the whole list, however else it names the person.
func (pp *people) stream(refs []spec.Ref, u *uses) iter.Seq[*Person] {
	if len(refs) == 1 {
		return pp.ref(refs[0], u)
	}
	return func(yield func(*Person) bool) {
		out := pp.exclusions(refs)
		if pp.err != nil {
			return
		}
		seen := map[sum128]origin{}
		for i, ref := range refs {
			for p := range pp.ref(ref, u) {
				o := origin{ref: int32(i), email: pp.short(plainEmail(p.email)), phone: pp.short(plainPhone(p.phone))}
				key := pp.hash.sum(p.Key)
				if first, again := seen[key]; again {
					pp.overlap(key, ref, p, first, o)
					continue
				}
				seen[key] = o
				if pp.excluded(out, p) {
					continue
				}
				if !yield(p) {
					return
				}
			}
			if pp.err != nil {
				return
			}
		}
	}
}

// origin is what is remembered of a person for noticing that another source says something else.
type origin struct {
	ref          int32
	email, phone uint32 // of the plain value; 0 for none
}

func (pp *people) short(s string) uint32 {
	if s == "" {
		return 0
	}
	return uint32(pp.hash.sum(s)[0]) | 1
}

func (pp *people) overlap(key sum128, ref spec.Ref, p *Person, first, o origin) {
	if pp.list == nil {
		pp.found.overlaps.add(key)
	}
	differ := func(a, b uint32) bool { return a != 0 && b != 0 && a != b }
	if differ(first.email, o.email) || differ(first.phone, o.phone) {
		pp.found.ofPerson(hcl.DiagWarning, "Another e-mail address or phone number under the same key",
			"A person found here was found before under the same key, with another e-mail address or phone number. The first one counts. If they are different people, give them different keys.",
			ref.Range, p.Key, p.who)
	}
}

func (pp *people) ref(ref spec.Ref, u *uses) iter.Seq[*Person] {
	switch ref.Kind {
	case spec.RefContact:
		return pp.contact(pp.campaign.Contacts[ref.Name], u)
	case spec.RefContacts:
		return pp.source(pp.campaign.Sources[ref.Name], u)
	}
	return pp.audience(pp.campaign.Audiences[ref.Name], u)
}

// contact gives one declared person.
func (pp *people) contact(c *spec.Contact, u *uses) iter.Seq[*Person] {
	return func(yield func(*Person) bool) {
		p := &Person{Key: c.Key, At: c.DeclRange, decl: c}
		values := make(map[string]cty.Value, len(u.names))
		set := func(name string) {
			values[name] = cty.NullVal(cty.DynamicPseudoType)
			if v, ok := c.Attributes[name]; ok {
				values[name] = v
			}
		}
		for name := range c.Attributes {
			u.met[name] = true
		}
		for name := range u.names {
			set(name)
		}
		if u.whole {
			for _, name := range pp.known {
				set(name)
			}
		}
		if _, ok := values["key"]; ok {
			values["key"] = cty.StringVal(c.Key)
		}
		p.email, p.phone = asText(orNull(c.Attributes[attrEmail])), asText(orNull(c.Attributes[attrPhone]))
		p.contact = cty.ObjectVal(values)
		pp.scope.Set(p.contact)
		yield(p)
	}
}

func orNull(v cty.Value) cty.Value {
	if v == cty.NilVal {
		return cty.NullVal(cty.String)
	}
	return v
}

// audience gives the members of an audience.
func (pp *people) audience(a *spec.Audience, u *uses) iter.Seq[*Person] {
	return func(yield func(*Person) bool) {
		out := pp.exclusion(a)
		if pp.err != nil {
			return
		}
		own := []*exclusion{out}
		for p := range pp.stream(a.Include, u) {
			if !pp.where(a.Where, p) || pp.excluded(own, p) {
				continue
			}
			if !pp.uniqueBy(a, p) {
				continue
			}
			if !yield(p) {
				return
			}
		}
	}
}

// where evaluates a condition for the person in scope.
func (pp *people) where(e *spec.Expr, p *Person) bool {
	if e == nil {
		return true
	}
	v, diags := e.Value(pp.scope)
	if diags.HasErrors() {
		pp.unusable(p, diags)
		return false
	}
	if v.Type() == cty.Bool && v.IsKnown() && !v.IsNull() && v.True() {
		return true
	}
	pp.dropped++
	return false
}

// absent warns of attributes that an expression names and that nobody had who was read, in files whose attributes are
// not known beforehand. With a slip in its name an attribute is null for everybody, and a condition quietly false.
func (pp *people) absent(u *uses) {
	if u.read == 0 || pp.err != nil {
		return
	}
	for _, name := range sortedNames(u.named) {
		at := u.named[name].AttributeRange(name)
		if name == "key" || u.met[name] || pp.warned[at] {
			continue
		}
		pp.warned[at] = true
		pp.found.add(hcl.Diagnostics{{Severity: hcl.DiagWarning, Summary: "No person has the attribute", Subject: at.Ptr(),
			Detail: "Nobody who was read has the attribute " + addr.Quote(name) + ", so it is null for everyone." + meant(name, sortedNames(u.met))}})
	}
}

// uniqueBy notes the person's value. One audience within another cannot both have one: the ledger keeps one value.
func (pp *people) uniqueBy(a *spec.Audience, p *Person) bool {
	if a.UniqueBy == nil {
		return true
	}
	v, diags := a.UniqueBy.Value(pp.scope)
	if diags.HasErrors() {
		pp.unusable(p, diags)
		return false
	}
	if text := asText(v); text != "" {
		p.audience, p.unique = a.Name, pp.digest.unique(text)
	}
	return true
}

// unusable takes a person for whom an expression has no value: an error, or left out where the source says so.
func (pp *people) unusable(p *Person, diags hcl.Diagnostics) {
	pp.still(p.Key)
	if p.skip && pp.list == nil {
		pp.found.leftOut(LeftInvalid, p.Source, func() string { return p.who() + ": " + explain(diags) })
		return
	}
	for _, d := range diags {
		if d.Severity == hcl.DiagError {
			pp.found.ofPerson(d.Severity, d.Summary, d.Detail+pp.neverSkipped(p.skip), subject(d), p.Key, p.who)
		}
	}
}

func subject(d *hcl.Diagnostic) hcl.Range {
	if d.Subject == nil {
		return hcl.Range{}
	}
	return *d.Subject
}

func explain(diags hcl.Diagnostics) string {
	for _, d := range diags {
		if d.Severity == hcl.DiagError {
			return d.Summary + ": " + strings.ReplaceAll(d.Detail, "\n", " ")
		}
	}
	return ""
}

// invalid takes what is wrong with a row: an error, or left out where the source says so.
func (pp *people) invalid(skip bool, source, summary, detail string, at hcl.Range) {
	if skip && pp.list == nil {
		pp.found.leftOut(LeftInvalid, source, func() string { return place(at) + ": " + summary + ": " + detail })
		return
	}
	pp.found.inFile(summary, detail+pp.neverSkipped(skip), source, at)
}

// neverSkipped says why on_invalid = "skip" does not help here: a row left out of an exclude list is a person who opted
// out and is written to.
func (pp *people) neverSkipped(skip bool) string {
	if !skip || pp.list == nil {
		return ""
	}
	return " The file is an exclude list of audience." + pp.list.Name + ", and an exclude list is never skipped, whatever on_invalid says: " +
		"who is left out of it would be written to. Mend the file."
}

// fatal takes an error after which a file cannot be read on. on_invalid = "skip" is about people, not about files.
func (pp *people) fatal(src *spec.Source, err error) {
	e := (*table.Error)(nil)
	if !errors.As(err, &e) {
		pp.err = err
		return
	}
	if e.Line == 0 {
		pp.found.inFile(e.Summary, src.File+": "+e.Detail, src.Name, src.DeclRange)
		return
	}
	at := hcl.Pos{Line: e.Line, Column: max(e.Column, 1)}
	pp.found.inFile(e.Summary, e.Detail, src.Name, hcl.Range{Filename: e.File, Start: at, End: at})
}

// verify checks the formats of those attributes that the plan uses. False says that the person cannot be used.
func (pp *people) verify(p *Person, checked []string) bool {
	good := true
	for _, name := range checked {
		value := p.attribute(name)
		summary, remedy := pp.formats.check(name, value)
		if summary == "" {
			continue
		}
		pp.invalid(p.skip, p.Source, summary, addr.Quote(clip(value))+" cannot be the "+name+" of "+addr.Quote(clip(p.Key))+". "+remedy, p.locate(name))
		if good = false; p.skip {
			break // a person is left out once
		}
	}
	if !good {
		pp.still(p.Key)
	}
	return good
}

// checked lists the attributes whose format matters to a plan that uses u.
func (u *uses) checked() []string {
	var names []string
	for _, name := range []string{attrEmail, attrPhone, attrLocale, attrTimezone} {
		if u.whole || u.names[name] {
			names = append(names, name)
		}
	}
	return names
}

// keyAttributes notes the key attribute of every source that refs read, those of exclude lists too: with another one they
// would exclude nobody.
func (pp *people) keyAttributes(refs []spec.Ref, sources map[string]string) {
	seen := map[string]bool{}
	var walk func([]spec.Ref)
	walk = func(refs []spec.Ref) {
		for _, ref := range refs {
			switch {
			case ref.Kind == spec.RefContacts:
				sources[ref.Name] = pp.campaign.Sources[ref.Name].Key
			case ref.Kind == spec.RefAudience && !seen[ref.Name]:
				seen[ref.Name] = true
				walk(pp.campaign.Audiences[ref.Name].Include)
				walk(pp.campaign.Audiences[ref.Name].Exclude)
			}
		}
	}
	walk(refs)
}

// survey walks refs, adds what their own expressions use, and gives the attributes that are known beforehand.
func (pp *people) survey(refs []spec.Ref, u *uses) (known []string) {
	names := map[string]bool{"key": true}
	var walk func([]spec.Ref)
	walk = func(refs []spec.Ref) {
		u.email = u.email || len(refs) > 1
		u.phone = u.phone || len(refs) > 1
		for _, ref := range refs {
			switch ref.Kind {
			case spec.RefContact:
				for name := range pp.campaign.Contacts[ref.Name].Attributes {
					names[name] = true
				}
			case spec.RefContacts:
				src := pp.campaign.Sources[ref.Name]
				u.add(src.Where)
				for _, name := range src.Columns {
					names[name] = true
				}
			case spec.RefAudience:
				a := pp.campaign.Audiences[ref.Name]
				u.add(a.Where)
				u.add(a.UniqueBy)
				if len(a.Exclude) > 0 {
					u.excludeBy(a)
				}
				walk(a.Include)
			}
		}
	}
	walk(refs)
	return slices.Sorted(maps.Keys(names))
}

// excludeBy asks for what an audience's exclude lists are compared by; its format is checked, since a misspelt number
// would not be recognised.
func (u *uses) excludeBy(a *spec.Audience) {
	if slices.Contains(a.ExcludeBy, attrEmail) {
		u.email, u.names[attrEmail] = true, true
	}
	if slices.Contains(a.ExcludeBy, attrPhone) {
		u.phone, u.names[attrPhone] = true, true
	}
}
