package spec

import "github.com/hashicorp/hcl/v2"

// Scope gives the campaign's variables, locals and functions, for expressions of files that speak about it, such as its
// tests. What is added to it is not seen by the campaign.
func (c *Campaign) Scope() *hcl.EvalContext { return c.base.NewChild() }

// NamesFacts reports whether the message depends on what became of an earlier one.
func (m *Message) NamesFacts() bool {
	names := func(e *Expr) bool { return e != nil && len(e.Facts()) > 0 }
	for _, e := range m.Content.Fields {
		if names(e) {
			return true
		}
	}
	for _, e := range m.Options {
		if names(e) {
			return true
		}
	}
	return names(m.When)
}
