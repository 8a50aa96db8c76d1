package cli

import (
	"strings"

	"github.com/zclconf/go-cty/cty"

	"herald/internal/addr"
)

// hiddenValue stands for what must not be shown.
const hiddenValue = "(sensitive value)"

// hidden reports whether anything in v is sensitive. What is unknown is so, too: in a console only sensitive values are.
func hidden(v cty.Value) bool { return v.ContainsMarked() || !v.IsWhollyKnown() }

// literal writes a value as the language does, what is in it one item a line, each indented by that many blanks.
func literal(v cty.Value, indent int) string {
	switch t := v.Type(); {
	case v.IsMarked() || !v.IsKnown():
		return hiddenValue
	case v.IsNull():
		return "null"
	case t == cty.String:
		return addr.Quote(v.AsString())
	case t == cty.Number:
		return v.AsBigFloat().Text('f', -1)
	case t == cty.Bool:
		if v.True() {
			return "true"
		}
		return "false"
	case t.IsObjectType():
		return items(v, indent, "{", "}")
	case t.IsMapType():
		return items(v, indent, "tomap({", "})")
	case t.IsListType():
		return items(v, indent, "tolist([", "])")
	case t.IsSetType():
		return items(v, indent, "toset([", "])")
	}
	return items(v, indent, "[", "]")
}

// items writes what is in v between two brackets.
func items(v cty.Value, indent int, open, closing string) string {
	var b strings.Builder
	b.WriteString(open)
	begin := "\n" + strings.Repeat(" ", indent)
	for it := v.ElementIterator(); it.Next(); {
		name, item := it.Element()
		b.WriteString(begin + "  ")
		if v.Type().IsObjectType() || v.Type().IsMapType() {
			b.WriteString(literal(name, 0) + " = " + literal(item, indent+2))
		} else {
			b.WriteString(literal(item, indent+2) + ",")
		}
	}
	if b.Len() > len(open) {
		b.WriteString(begin)
	}
	return b.String() + closing
}
