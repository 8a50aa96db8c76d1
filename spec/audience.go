package spec

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"golang.org/x/text/unicode/norm"

	"herald/internal/addr"
)

// refs reads a list of contact.x, contacts.x and audience.x, or one of them alone.
func (c *checker) refs(a *hclsyntax.Attribute) ([]Ref, hcl.Diagnostics) {
	items := []hcl.Expression{a.Expr}
	if list, more := hcl.ExprList(a.Expr); !more.HasErrors() {
		items = list
	}
	if len(items) == 0 {
		return nil, hcl.Diagnostics{within(problem(a.Expr.Range(), "Empty list",
			"%s names nobody. Name a contact, contacts or audience, or remove the line.", a.Name), a.SrcRange)}
	}
	var diags hcl.Diagnostics
	var refs []Ref
	for _, item := range items {
		r, more := c.ref(item, a)
		diags = append(diags, more...)
		if r.Kind != "" {
			refs = append(refs, r)
		}
	}
	return refs, diags
}

// ref reads one reference to people.
func (c *checker) ref(e hcl.Expression, a *hclsyntax.Attribute) (Ref, hcl.Diagnostics) {
	wrong := func(format string, args ...any) (Ref, hcl.Diagnostics) {
		return Ref{}, hcl.Diagnostics{within(problem(e.Range(), "Wrong kind of reference", format, args...), a.SrcRange)}
	}
	t, diags := hcl.AbsTraversalForExpr(e)
	if diags.HasErrors() {
		return wrong("%s takes people: contact.x, contacts.x or audience.x, without quotes.", a.Name)
	}
	root := t.RootName()
	kinds := map[string][]string{"contact": c.names.contacts, "contacts": c.names.sources, "audience": c.names.audiences}
	known, ok := kinds[root]
	if !ok {
		hint := meant(root, []string{"contact", "contacts", "audience"})
		if root == "messages" {
			return Ref{}, hcl.Diagnostics{noMessages(e.Range(), a.Name)}
		}
		return wrong("%s takes people: contact.x, contacts.x or audience.x. %s is none of them.%s", a.Name, source(t), hint)
	}
	name, ok := key(t)
	if !ok || len(t) > 2 {
		return wrong("%s takes people: %s must be followed by one name, as in %s.x.", a.Name, root, root)
	}
	if diags := c.exact(t); diags.HasErrors() {
		return Ref{}, diags
	}
	if root == "contact" && !norm.NFC.IsNormalString(name) { // contact.x keeps its bytes
		return Ref{}, hcl.Diagnostics{decomposed(e.Range(), name)}
	}
	if c.names.people[Ref{Kind: RefKind(root), Name: name}] {
		return Ref{RefKind(root), name, e.Range()}, nil
	}
	detail := "No " + root + " block declares " + addr.Quote(name) + "." + meant(name, known)
	for _, other := range []string{"contact", "contacts", "audience"} {
		if c.names.people[Ref{Kind: RefKind(other), Name: name}] {
			detail += " There is " + article(other) + " block of that name: write " + other + "." + name + "."
		}
	}
	return Ref{}, hcl.Diagnostics{within(problem(e.Range(), "Reference to undeclared name", "%s", detail), a.SrcRange)}
}

// audience is an audience block while its references are followed.
type audience struct {
	*Audience
	block *hclsyntax.Block
	mark  mark
}

// declareAudience reads the sets of an audience; its expressions come when the sets' people are known.
func (c *checker) declareAudience(d declared) (*audience, hcl.Diagnostics) {
	a := &audience{Audience: &Audience{Name: d.name, ExcludeBy: []string{"key"}, DeclRange: d.block.DefRange()}, block: d.block}
	diags := shape{
		what: "an audience block", attrs: []string{"include", "exclude", "exclude_by", "where", "unique_by"}, need: []string{"include"},
	}.body(d.block)
	for name, to := range map[string]*[]Ref{"include": &a.Include, "exclude": &a.Exclude} {
		if at := d.block.Body.Attributes[name]; at != nil {
			refs, more := c.refs(at)
			diags = append(diags, more...)
			*to = refs
		}
	}
	return a, diags
}

// crowd knows the people behind every reference.
type crowd struct {
	contacts  map[string]*people
	sources   map[string]*people
	audiences map[string]*people
}

// of gives the union of the people behind refs. Without any, nothing is known, and an error was reported already.
func (w crowd) of(refs []Ref) *people {
	p := newPeople()
	p.open = len(refs) == 0
	for _, r := range refs {
		one := map[RefKind]map[string]*people{RefContact: w.contacts, RefContacts: w.sources, RefAudience: w.audiences}[r.Kind][r.Name]
		if one == nil {
			p.open = true // part of a cycle, which is reported as such
			continue
		}
		p.add(one)
	}
	return p
}

// gather finds the people of an audience, those it names first, and reports cycles with their path.
func (w crowd) gather(a *audience, all map[string]*audience, path []*audience) hcl.Diagnostics {
	if a.mark != unseen {
		return nil
	}
	a.mark = open
	path = append(path, a)
	defer func() { a.mark = done }()
	var diags hcl.Diagnostics
	for _, r := range append(append([]Ref{}, a.Include...), a.Exclude...) {
		next := all[r.Name]
		if r.Kind != RefAudience || next == nil {
			continue
		}
		if next.mark == open {
			var names []string
			for i := len(path) - 1; i >= 0; i-- {
				names = append([]string{"audience." + path[i].Name}, names...)
				if path[i] == next {
					break
				}
			}
			diags = append(diags, within(problem(r.Range, "Cycle in audiences", "These audiences are made from each other: %s. Break the circle at one of them.",
				strings.Join(append(names, "audience."+next.Name), " → ")), a.DeclRange))
			continue
		}
		diags = append(diags, w.gather(next, all, path)...)
	}
	w.audiences[a.Name] = w.of(a.Include)
	return diags
}

// decodeAudience reads what needs the people of the audience.
func (c *checker) decodeAudience(a *audience, w crowd) hcl.Diagnostics {
	p := w.audiences[a.Name]
	var diags hcl.Diagnostics
	at := a.block.Body.Attributes
	if by := at["exclude_by"]; by != nil {
		diags = append(diags, c.excludeBy(by, a, p, w)...)
	}
	if e := at["where"]; e != nil {
		where, more := c.expr(e.Expr, place{what: "where", people: p, want: cty.Bool})
		diags = append(diags, more...)
		a.Where = where
	}
	if e := at["unique_by"]; e != nil {
		unique, more := c.expr(e.Expr, place{what: "unique_by", people: p, want: cty.String, null: true})
		diags = append(diags, more...)
		if unique != nil && !unique.perPerson {
			diags = append(diags, within(problem(e.Expr.Range(), "Value is the same for everyone",
				"unique_by lets one person per value through, so it must differ from person to person, as in unique_by = contact.phone."), e.SrcRange))
		}
		a.UniqueBy = unique
	}
	return diags
}

// excludeBy reads the attributes by which people on the exclude lists are recognised.
func (c *checker) excludeBy(by *hclsyntax.Attribute, a *audience, in *people, w crowd) hcl.Diagnostics {
	v, ok, diags := c.constant(by.Expr, place{what: "exclude_by", want: cty.List(cty.String)})
	if !ok {
		return diags
	}
	whole := Expr{expr: by.Expr}
	out := w.of(a.Exclude)
	var names []string
	for i, item := range v.AsValueSlice() {
		name, at := item.AsString(), whole.At(i)
		switch {
		case name != "key" && name != "email" && name != "phone":
			diags = append(diags, notAChoice(at, "exclude_by", name, []string{"key", "email", "phone"}))
		case !in.has(name):
			diags = append(diags, in.check(name, at)...)
		case len(a.Exclude) > 0 && !out.has(name):
			diags = append(diags, out.checkOf("Nobody to be excluded, that is in "+listed(written(a.Exclude))+", has", name, at)...)
		default:
			names = append(names, name)
		}
	}
	switch {
	case v.LengthInt() == 0:
		diags = append(diags, problem(by.Expr.Range(), "Empty list", `exclude_by names nothing to compare. Leave it out for ["key"].`))
	case a.block.Body.Attributes["exclude"] == nil:
		diags = append(diags, problem(by.NameRange, "Missing required argument", "exclude_by says how the people of exclude are recognised, and there is no exclude."))
	case len(names) > 0:
		a.ExcludeBy = names
		diags = append(diags, w.recognisable(a, by)...)
	}
	return diags
}

// recognisable refuses an exclude list none of whose people could be recognised: it would exclude nobody.
func (w crowd) recognisable(a *audience, by *hclsyntax.Attribute) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, r := range a.Exclude {
		if p := w.of([]Ref{r}); !slices.ContainsFunc(a.ExcludeBy, p.has) {
			diags = append(diags, within(problem(r.Range, "Exclude list excludes nobody",
				"The people of %s are to be recognised by %s, which they do not have. Add what they do have to exclude_by.",
				r.written(), strings.Join(a.ExcludeBy, " or ")), by.SrcRange))
		}
	}
	return diags
}

// written gives references as the campaign has them.
func written(refs []Ref) []string {
	var out []string
	for _, r := range refs {
		out = append(out, r.written())
	}
	return out
}

func (r Ref) written() string {
	if hclsyntax.ValidIdentifier(r.Name) {
		return string(r.Kind) + "." + r.Name
	}
	return string(r.Kind) + "[" + addr.Quote(r.Name) + "]"
}
