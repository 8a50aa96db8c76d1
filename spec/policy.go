package spec

import (
	"math"
	"slices"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"herald/internal/addr"
)

// The rules of a policy. The block must have at least one.
const (
	ruleMaxSends       = "max_sends"
	ruleMaxPerContact  = "max_per_contact"
	ruleMaxFailureRate = "max_failure_rate"
	ruleCanary         = "canary"
)

// decodePolicy reads a policy block.
func (c *checker) decodePolicy(d declared, sequences *sequenceNames) (*Policy, hcl.Diagnostics) {
	out := &Policy{Name: d.name, MaxSends: -1, MaxFailureRate: -1, DeclRange: d.block.DefRange(), Ranges: map[string]hcl.Range{}}
	rules := []string{ruleMaxSends, ruleMaxPerContact, ruleMaxFailureRate, ruleCanary}
	diags := shape{
		what: "a policy block", attrs: []string{"sequences", ruleMaxSends, ruleMaxFailureRate}, blocks: []string{ruleMaxPerContact, ruleCanary},
		elsewhere: map[string]string{
			"count": "max_per_contact { count = ... }", "per": "max_per_contact { per = ... }",
			"size": "canary { size = ... }", "hold": "canary { hold = ... }",
		},
	}.body(d.block)
	for _, a := range attributes(d.block.Body) {
		out.Ranges[a.Name] = a.Expr.Range()
	}
	n := numbers{c: c, body: d.block.Body, what: "a policy block"}
	n.whole(ruleMaxSends, &out.MaxSends, 0, math.MaxInt32)
	diags = append(diags, n.diags...)
	if a := d.block.Body.Attributes["sequences"]; a != nil {
		names, more := sequences.refs(a)
		diags = append(diags, more...)
		out.Sequences = names
	}
	if a := d.block.Body.Attributes[ruleMaxFailureRate]; a != nil {
		rate, more := c.share(a)
		diags = append(diags, more...)
		out.MaxFailureRate = rate
	}
	if b := block(d.block.Body, ruleMaxPerContact); b != nil {
		out.Ranges[ruleMaxPerContact] = b.DefRange()
		out.MaxPerContact = &PerContact{}
		diags = append(diags, c.pair(b, "count", &out.MaxPerContact.Count, "per", &out.MaxPerContact.Per)...)
	}
	if b := block(d.block.Body, ruleCanary); b != nil {
		out.Ranges[ruleCanary] = b.DefRange()
		out.Canary = &Canary{}
		diags = append(diags, c.pair(b, "size", &out.Canary.Size, "hold", &out.Canary.Hold)...)
	}
	if !slices.ContainsFunc(rules, func(r string) bool { return d.block.Body.Attributes[r] != nil || block(d.block.Body, r) != nil }) {
		diags = append(diags, problem(d.block.DefRange(), "Policy without rules",
			"This policy forbids nothing. Give it %s, or remove it.", listed(rules)))
	}
	return out, diags
}

// pair reads a block of a number of people or messages, at least 1, and a time of at least a second.
func (c *checker) pair(b *hclsyntax.Block, number string, n *int, length string, t *time.Duration) hcl.Diagnostics {
	d := numbers{c: c, body: b.Body, what: article(b.Type + " block")}
	sh := shape{what: d.what, attrs: []string{number, length}, need: []string{number, length}}
	d.diags = append(sh.labelled(b), sh.body(b)...)
	d.count(number, n, math.MaxInt32)
	d.duration(length, t, time.Second)
	return d.diags
}

// share reads a number between 0 and 1. It gives -1 when there is none. Text is refused, though it could be converted:
// "5%" could not, and "5" would not be what it seems.
func (c *checker) share(a *hclsyntax.Attribute) (float64, hcl.Diagnostics) {
	v, ok, diags := c.constant(a.Expr, place{what: a.Name, want: cty.DynamicPseudoType})
	if !ok {
		return -1, diags
	}
	wrong := func(summary, format string, args ...any) (float64, hcl.Diagnostics) {
		return -1, append(diags, within(problem(a.Expr.Range(), summary, format, args...), a.SrcRange))
	}
	if v.Type() != cty.Number {
		return wrong("Wrong type of value", "%s is a number between 0 and 1 without quotes, as in 0.05 for 5 %%, not %s.", a.Name, article(v.Type().FriendlyName()))
	}
	rate, _ := v.AsBigFloat().Float64()
	switch {
	case rate < 0:
		return wrong("Invalid value", "%s is a number between 0 and 1, as in 0.05 for 5 %%.", a.Name)
	case rate > 1:
		return wrong("Invalid value", "%s is a number between 0 and 1, and %g would be %g %%. For %[2]g %% write %[4]g.", a.Name, rate, 100*rate, rate/100)
	}
	return rate, diags
}

// sequenceNames is what policies and moved blocks can name.
type sequenceNames struct {
	all      []string
	messages map[string][]string // of each sequence
}

func declaredNames(sequences []*Sequence) *sequenceNames {
	out := &sequenceNames{messages: map[string][]string{}}
	for _, s := range sequences {
		out.all = append(out.all, s.Name)
		out.messages[s.Name] = nil
		for _, m := range s.Messages {
			out.messages[s.Name] = append(out.messages[s.Name], m.Name)
		}
	}
	return out
}

// refs reads sequences = [renewal, welcome], or one of them alone.
func (s *sequenceNames) refs(a *hclsyntax.Attribute) ([]string, hcl.Diagnostics) {
	items := []hcl.Expression{a.Expr}
	if list, more := hcl.ExprList(a.Expr); !more.HasErrors() {
		items = list
	}
	if len(items) == 0 {
		return nil, hcl.Diagnostics{within(problem(a.Expr.Range(), "Empty list",
			"%s names none. Leave it out for all of them.", a.Name), a.SrcRange)}
	}
	var names []string
	var diags hcl.Diagnostics
	for _, item := range items {
		name, more := s.ref(item, a)
		switch {
		case more.HasErrors():
			diags = append(diags, more...)
		case slices.Contains(names, name):
			diags = append(diags, within(problem(item.Range(), "Sequence named twice",
				"%s stands in this list already. Remove one of the two.", name), a.SrcRange))
		default:
			names = append(names, name)
		}
	}
	return sorted(names), diags
}

// ref reads the bare name of a sequence.
func (s *sequenceNames) ref(e hcl.Expression, a *hclsyntax.Attribute) (string, hcl.Diagnostics) {
	t, diags := hcl.AbsTraversalForExpr(e)
	if diags.HasErrors() || len(t) > 1 {
		hint := ""
		if len(t) == 2 && t.RootName() == "sequence" {
			if name, ok := key(t); ok {
				hint = " Write " + name + "."
			}
		}
		return "", hcl.Diagnostics{within(problem(e.Range(), "Wrong kind of reference",
			"%s takes the bare names of sequences, without quotes, as in [renewal, welcome].%s", a.Name, hint), a.SrcRange)}
	}
	if _, known := s.messages[t.RootName()]; known {
		return t.RootName(), nil
	}
	detail := "No sequence block declares " + addr.Quote(t.RootName()) + "." + meant(t.RootName(), s.all)
	return "", hcl.Diagnostics{within(problem(e.Range(), "Reference to undeclared name", "%s", detail), a.SrcRange)}
}
