package spec

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"herald/internal/addr"
)

// record writes the definition of a message as text: one line per content field, nested block and option, in fixed
// order, its delay and its condition, then what they name. A value that is the same for everyone stands as its JSON, an expression per person as it
// is written, and below it the values of the variables and locals and the texts of the files that it names. A file whose
// name depends on the person cannot be folded in.
func (s *scripts) record(m *Message) string {
	var b strings.Builder
	b.WriteString(m.Content.Kind + "\n")
	folded := map[string]string{}
	field := func(prefix, name string, x *Expr) {
		fmt.Fprintf(&b, "%s%s = %s\n", prefix, name, s.text(x, folded))
	}
	paths := slices.Concat(slices.Collect(maps.Keys(m.Content.Fields)), slices.Collect(maps.Keys(m.Content.Blocks)))
	slices.SortFunc(paths, comparePaths)
	for _, path := range paths {
		if x := m.Content.Fields[path]; x != nil {
			field("", path, x)
			continue
		}
		b.WriteString(path + "\n") // a nested block, which may hold nothing
	}
	for _, name := range slices.Sorted(maps.Keys(m.Options)) {
		field("option ", name, m.Options[name])
	}
	if m.After != 0 {
		fmt.Fprintf(&b, "after = %s\n", FormatDuration(m.After))
	}
	if m.When != nil {
		field("", "when", m.When)
	}
	return b.String() + with(folded)
}

// text writes the value of an expression that is the same for everyone, or the expression as it is written, with what it
// names added to folded.
func (s *scripts) text(x *Expr, folded map[string]string) string {
	if !x.perPerson {
		return asJSON(x.value)
	}
	s.fold(x.expr, folded)
	return s.written(bare(x.expr))
}

// bare takes off what says nothing: the quotes of "${x}", which the canonical layout takes off too, and parentheses.
func bare(e hclsyntax.Expression) hclsyntax.Expression {
	for {
		switch in := e.(type) {
		case *hclsyntax.TemplateWrapExpr:
			e = in.Wrapped
		case *hclsyntax.ParenthesesExpr:
			e = in.Expression
		default:
			return e
		}
	}
}

// with writes what expressions name, one per line.
func with(folded map[string]string) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(folded)) {
		fmt.Fprintf(&b, "with %s = %s\n", name, folded[name])
	}
	return b.String()
}

// comparePaths orders paths of content, item[2] before item[10].
func comparePaths(a, b string) int {
	number := func(s string) string { return s[:len(s)-len(strings.TrimLeft(s, "0123456789"))] }
	for a != "" && b != "" {
		x, y := number(a), number(b)
		switch {
		case x != "" && y != "":
			if c := cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y)); c != 0 { // no index begins with 0 but 0
				return c
			}
			a, b = a[len(x):], b[len(y):]
		case a[0] != b[0]:
			return cmp.Compare(a[0], b[0])
		default:
			a, b = a[1:], b[1:]
		}
	}
	return cmp.Compare(len(a), len(b))
}

// written gives the text of an expression as it stands in its file.
func (s *scripts) written(e hclsyntax.Expression) string {
	if f := s.files[e.Range().Filename]; f != nil && e.Range().CanSliceBytes(f.Bytes) {
		return strings.TrimSpace(string(e.Range().SliceBytes(f.Bytes)))
	}
	return ""
}

// fold adds the values of what an expression names.
func (s *scripts) fold(e hclsyntax.Expression, to map[string]string) {
	for _, t := range e.Variables() {
		name, _ := member(t)
		switch t.RootName() {
		case "var":
			to["var."+name] = asJSON(s.variables[name].Value)
		case "local":
			to["local."+name] = asJSON(s.locals[name].value)
		}
	}
	// The visitor gives no diagnostics.
	_ = hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
		call, ok := n.(*hclsyntax.FunctionCallExpr)
		if !ok || call.Name != "file" && call.Name != "templatefile" || len(call.Args) == 0 {
			return nil
		}
		u, diags := s.references(call.Args[0], place{what: "a file's name"})
		if diags.HasErrors() {
			return nil // the name depends on the person
		}
		path, diags := evaluate(call.Args[0], s.contextFor(u))
		if diags.HasErrors() || path.Type() != cty.String || !path.IsKnown() || path.IsNull() {
			return nil
		}
		if text, err := s.library.files.text(path.AsString()); err == nil {
			to["file("+addr.Quote(path.AsString())+")"] = asJSON(cty.StringVal(text))
		}
		return nil
	})
}

// asJSON writes a value as JSON with sorted keys; what is not known, because of an error elsewhere, is null.
func asJSON(v cty.Value) string {
	if !v.IsWhollyKnown() {
		return "null"
	}
	b, err := json.Marshal(ctyjson.SimpleJSONValue{Value: v})
	if err != nil {
		return "null"
	}
	return string(b)
}
