package spec

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"herald/internal/addr"
)

// decodeConversation reads a conversation block. Without a usable provider its address cannot be judged, and is not.
func (c *checker) decodeConversation(d declared, accounts map[string]account, w crowd) (*Conversation, hcl.Diagnostics) {
	out := &Conversation{Name: d.name, Address: map[string]*Expr{}, DeclRange: d.block.DefRange()}
	s := shape{what: "a conversation block", attrs: []string{"provider", "with"}, need: []string{"provider", "with"}}
	var diags hcl.Diagnostics
	at := d.block.Body.Attributes
	var acc account
	if a := at["provider"]; a != nil {
		var more hcl.Diagnostics
		acc, more = c.providerRef(a, accounts)
		diags = append(diags, more...)
	}
	if acc.Account != nil {
		out.Account = acc.Account
		own, nested, order := addressBlocks(acc.schema.Address)
		address := addressShape("", own)
		s.what = "a conversation on " + acc.Type
		s.attrs, s.need = append(s.attrs, address.attrs...), append(s.need, address.need...)
		s.blocks, s.elsewhere = order, nestedPlaces(nested, order)
	} else {
		s.any = true
	}
	diags = append(diags, s.body(d.block)...)
	if a := at["with"]; a != nil {
		refs, more := c.refs(a)
		diags = append(diags, more...)
		out.With = refs
	}
	if acc.Account != nil {
		address, blocks, more := c.decodeAddress(d.block, acc, w.of(out.With))
		diags = append(diags, more...)
		out.Address, out.Blocks = address, blocks
	}
	return out, diags
}

// providerRef reads provider = heyx or heyx.alias. The account is empty when there is none.
func (c *checker) providerRef(a *hclsyntax.Attribute, accounts map[string]account) (account, hcl.Diagnostics) {
	at := a.Expr.Range()
	t, diags := hcl.AbsTraversalForExpr(a.Expr)
	if diags.HasErrors() {
		hint := ""
		if text, more := literalText(a.Expr); !more.HasErrors() && accounts[text].Account != nil {
			hint = " Write provider = " + text + "."
		}
		return account{}, hcl.Diagnostics{within(problem(at, "Wrong kind of reference",
			"provider names a provider block: its type, or type.alias, without quotes.%s", hint), a.SrcRange)}
	}
	name := t.RootName()
	for _, step := range t[1:] {
		next, ok := step.(hcl.TraverseAttr)
		if !ok {
			return account{}, hcl.Diagnostics{within(problem(at, "Wrong kind of reference", "provider names a provider block: its type, or type.alias."), a.SrcRange)}
		}
		name += "." + next.Name
	}
	if acc, ok := accounts[name]; ok {
		return acc, nil
	}
	switch t.RootName() {
	case "var", "local", "contact", "contacts", "audience", "conversation", "sequence":
		return account{}, hcl.Diagnostics{within(problem(at, "Wrong kind of reference",
			"provider names a provider block, as in heyx or heyx.alias; %s is none.", source(t)), a.SrcRange)}
	}
	detail := "No provider block declares " + addr.Quote(name) + "." + meant(name, c.names.accounts)
	if len(c.names.accounts) > 0 {
		detail += " There are: " + listed(sorted(c.names.accounts)) + "."
	}
	return account{}, hcl.Diagnostics{within(problem(at, "Reference to undeclared name", "%s", detail), a.SrcRange)}
}

// conversationRef reads conversation = conversation.x, and gives nil when it names none.
func (c *checker) conversationRef(a *hclsyntax.Attribute, all map[string]*Conversation) (*Conversation, hcl.Diagnostics) {
	at := a.Expr.Range()
	t, diags := hcl.AbsTraversalForExpr(a.Expr)
	if diags.HasErrors() || t.RootName() != "conversation" || len(t) != 2 {
		what := "This"
		if !diags.HasErrors() {
			what = source(t)
			if t.RootName() == "messages" {
				return nil, hcl.Diagnostics{noMessages(at, "conversation")}
			}
		}
		return nil, hcl.Diagnostics{within(problem(at, "Wrong kind of reference",
			"conversation names a conversation block, as in conversation.x, without quotes. %s does not.", what), a.SrcRange)}
	}
	name, _ := key(t)
	if found := all[name]; found != nil {
		return found, nil
	}
	return nil, hcl.Diagnostics{within(problem(at, "Reference to undeclared name",
		"No conversation block declares %s.%s", addr.Quote(name), meant(name, c.names.conversations)), a.SrcRange)}
}
