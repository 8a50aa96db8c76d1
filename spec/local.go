package spec

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// local is one named expression.
type local struct {
	name   string
	attr   *hclsyntax.Attribute
	value  cty.Value
	secret bool // made from something sensitive
	mark   mark
}

// mark says how far a walk along references has come.
type mark int

const (
	unseen mark = iota
	open
	done
)

// maxLocal bounds the text of one local, in bytes: locals that double each other would fill the memory in thirty lines.
const maxLocal = 4 << 20

// evaluateLocals gives every local its value, in the order in which they need each other.
func (c *checker) evaluateLocals(order []*local) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, l := range order {
		diags = append(diags, c.evaluateLocal(l, nil)...)
	}
	return diags
}

// evaluateLocal evaluates what l names, then l. path holds the locals that are being evaluated.
func (c *checker) evaluateLocal(l *local, path []*local) hcl.Diagnostics {
	if l.mark != unseen {
		return nil
	}
	l.mark = open
	path = append(path, l)
	defer func() { l.mark = done }()

	var diags hcl.Diagnostics
	for _, t := range l.attr.Expr.Variables() {
		name, _ := member(t)
		next := c.locals[name]
		if t.RootName() != "local" || next == nil {
			continue
		}
		if next.mark == open {
			diags = append(diags, within(problem(t.SourceRange(), "Cycle in locals",
				"These locals need each other: %s. Break the circle at one of them.", circle(path, next)), l.attr.SrcRange))
			continue
		}
		diags = append(diags, c.evaluateLocal(next, path)...)
	}
	p := place{what: "a local", secrets: true, want: cty.DynamicPseudoType, null: true}
	u, more := c.references(l.attr.Expr, p)
	l.secret = u.secret
	diags = append(diags, more...)
	more = append(checkLiterals(l.attr.Expr), c.library.check(l.attr.Expr)...)
	diags = append(diags, more...)
	if diags.HasErrors() {
		return diags
	}
	v, more := evaluate(l.attr.Expr, c.contextFor(u))
	if u.secret {
		more = withhold(more)
	}
	diags = append(diags, more...)
	switch {
	case more.HasErrors():
	case huge(v):
		diags = append(diags, problem(l.attr.Expr.Range(), "Number out of range",
			"local.%s holds a number beyond 1e%d.", l.name, maxDecimalExponent))
	case textSize(v) > maxLocal:
		diags = append(diags, problem(l.attr.Expr.Range(), "Value too large",
			"local.%s holds more than %d bytes of text.", l.name, maxLocal))
	default:
		l.value = v
	}
	return diags
}

// circle writes the way from a local back to itself.
func circle(path []*local, to *local) string {
	var names []string
	for i := len(path) - 1; i >= 0; i-- {
		names = append([]string{"local." + path[i].name}, names...)
		if path[i] == to {
			break
		}
	}
	return strings.Join(append(names, "local."+to.name), " → ")
}

// textSize counts the bytes of all strings in v.
func textSize(v cty.Value) int {
	n := 0
	// The walk's own error is never used: the callback gives none.
	_ = cty.Walk(v, func(_ cty.Path, v cty.Value) (bool, error) {
		if v.Type() == cty.String && v.IsKnown() && !v.IsNull() {
			n += len(v.AsString())
		}
		return true, nil
	})
	return n
}
