package spec

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"herald/internal/addr"
)

// names holds every declared name, by kind. It is complete before the first expression is looked at.
type names struct {
	variables, locals, contacts, sources, audiences, conversations, accounts []string

	people map[Ref]bool // contacts, sources and audiences again, by kind and name, without ranges
}

// uses is what an expression names.
type uses struct {
	person     bool     // contact
	whole      bool     // contact as a whole
	attributes []string // of contact
	variables  []string
	locals     []string
	facts      []FactRef
	secret     bool // a sensitive variable, or a local made from one
}

// member gives the name after the first dot of a traversal, as in var.x.
func member(t hcl.Traversal) (string, bool) {
	if len(t) < 2 {
		return "", false
	}
	a, ok := t[1].(hcl.TraverseAttr)
	return a.Name, ok
}

// key gives what follows the first name of a traversal, as in contact.x or contact["x"].
func key(t hcl.Traversal) (string, bool) {
	if name, ok := member(t); ok {
		return name, true
	}
	if len(t) < 2 {
		return "", false
	}
	i, ok := t[1].(hcl.TraverseIndex)
	if !ok || i.Key.Type() != cty.String || i.Key.IsNull() || !i.Key.IsKnown() {
		return "", false
	}
	return i.Key.AsString(), true
}

// references checks every name that an expression uses, and says what they are.
func (c *checker) references(e hclsyntax.Expression, p place) (uses, hcl.Diagnostics) {
	var u uses
	var diags hcl.Diagnostics
	for _, t := range e.Variables() {
		diags = append(diags, c.reference(t, p, &u)...)
	}
	u.attributes = sorted(u.attributes)
	u.variables = sorted(u.variables)
	u.locals = sorted(u.locals)
	u.facts = sortedFacts(u.facts)
	return u, diags
}

func (c *checker) reference(t hcl.Traversal, p place, u *uses) hcl.Diagnostics {
	at := t.SourceRange()
	switch root := t.RootName(); root {
	case "var":
		return c.variableRef(t, p, u)
	case "local":
		return c.localRef(t, p, u)
	case "path":
		if name, ok := member(t); !ok || name != "root" || len(t) > 2 {
			return undeclared(at, "There is only path.root, the campaign's directory.")
		}
	case "contact":
		return c.personRef(t, p, u)
	case "messages":
		return c.factRef(t, p, u)
	case "contacts", "audience", "conversation", "sequence", "message", "provider":
		return hcl.Diagnostics{problem(at, "Wrong kind of reference",
			"%s names %s block, which has no value. Here stands a value: text, a number, var.x, local.x%s.", source(t), article(root), c.orContact(p))}
	default:
		if i := slices.IndexFunc(c.names.accounts, func(a string) bool { return a == root || strings.HasPrefix(a, root+".") }); i >= 0 {
			return hcl.Diagnostics{problem(at, "Wrong kind of reference",
				"%s names a provider block, which has no value. Only provider = %s in a conversation takes it.", source(t), root)}
		}
		roots := []string{"var", "local", "path"}
		if p.people != nil {
			roots = append(roots, "contact")
			if p.people.standing != nil {
				roots = append(roots, "messages")
			}
		}
		detail := addr.Quote(root) + " is no name that an expression knows." + meant(root, roots)
		if len(t) == 1 {
			detail += " Text stands in double quotes."
		}
		return undeclared(at, detail)
	}
	return nil
}

// orContact ends a list of what may stand somewhere.
func (c *checker) orContact(p place) string {
	if p.people == nil {
		return ""
	}
	return " or contact.x"
}

func undeclared(at hcl.Range, detail string) hcl.Diagnostics {
	return hcl.Diagnostics{problem(at, "Reference to undeclared name", "%s", detail)}
}

func (c *checker) variableRef(t hcl.Traversal, p place, u *uses) hcl.Diagnostics {
	name, ok := member(t)
	if !ok {
		return undeclared(t.SourceRange(), "var must be followed by a variable's name, as in var.region.")
	}
	v := c.variables[name]
	if v == nil {
		return undeclared(t.SourceRange(), "No variable block declares "+addr.Quote(name)+"."+meant(name, c.names.variables))
	}
	u.variables = append(u.variables, name)
	return c.secret(v.Sensitive, t, p, u)
}

func (c *checker) localRef(t hcl.Traversal, p place, u *uses) hcl.Diagnostics {
	name, ok := member(t)
	if !ok {
		return undeclared(t.SourceRange(), "local must be followed by a name, as in local.greeting.")
	}
	l := c.locals[name]
	if l == nil {
		return undeclared(t.SourceRange(), "No locals block declares "+addr.Quote(name)+"."+meant(name, c.names.locals))
	}
	u.locals = append(u.locals, name)
	return c.secret(l.secret, t, p, u)
}

// secret refuses a sensitive value wherever it could reach a plan or a person.
func (c *checker) secret(sensitive bool, t hcl.Traversal, p place, u *uses) hcl.Diagnostics {
	if !sensitive {
		return nil
	}
	u.secret = true
	if p.secrets {
		return nil
	}
	return hcl.Diagnostics{problem(t.SourceRange(), "Sensitive value in the wrong place",
		"%s is sensitive, or made from something sensitive. Such values may stand only where a provider block takes a token, and in its base_url, so that none reaches a plan or a person: every other setting, limits and retry are part of plans or requests.", source(t))}
}

func (c *checker) personRef(t hcl.Traversal, p place, u *uses) hcl.Diagnostics {
	if p.people == nil {
		return hcl.Diagnostics{problem(t.SourceRange(), "No person at hand",
			"contact is the person at hand, and %s is the same for everyone.", p.what)}
	}
	u.person = true
	name, ok := key(t)
	if !ok {
		u.whole = true
		return nil
	}
	u.attributes = append(u.attributes, name)
	if diags := c.exact(t); diags.HasErrors() {
		return diags
	}
	return p.people.check(name, t.SourceRange())
}

// source writes a traversal as the campaign does.
func source(t hcl.Traversal) string {
	var b strings.Builder
	for _, step := range t {
		switch s := step.(type) {
		case hcl.TraverseRoot:
			b.WriteString(s.Name)
		case hcl.TraverseAttr:
			b.WriteString("." + s.Name)
		case hcl.TraverseIndex:
			if s.Key.Type() == cty.String {
				b.WriteString("[" + addr.Quote(s.Key.AsString()) + "]")
				continue
			}
			b.WriteString("[...]")
		}
	}
	return b.String()
}

// sorted gives the distinct names in order.
func sorted(names []string) []string {
	out := slices.Clone(names)
	slices.Sort(out)
	return slices.Compact(out)
}
