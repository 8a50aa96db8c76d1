package spec

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"herald/internal/addr"
	"herald/internal/table"
)

// decodeSource reads a contacts block. people is what is known of those in the file; of a file that cannot be read
// nothing is, so that no second error follows from the first.
func (c *checker) decodeSource(d declared, root string, header func(string) ([]string, error)) (*Source, *people, hcl.Diagnostics) {
	const what = "a contacts block"
	s := &Source{Name: d.name, Rename: map[string]string{}, Types: map[string]cty.Type{}, DeclRange: d.block.DefRange()}
	diags := shape{
		what: what, attrs: []string{"source", "key", "rename", "types", "where", "on_invalid"}, need: []string{"source", "key"},
	}.body(d.block)
	at := d.block.Body.Attributes
	var columns []string
	if a := at["source"]; a != nil {
		var more hcl.Diagnostics
		columns, more = c.openSource(a, s, root, header)
		diags = append(diags, more...)
	}
	if a := at["rename"]; a != nil {
		diags = append(diags, c.renames(a, s)...)
	}
	p := newPeople()
	p.open = columns == nil || s.separator(columns) != "" // nothing can be said of attributes that stand in one column
	if columns != nil {
		diags = append(diags, s.columns(columns, at["rename"], at["source"])...)
		for _, name := range s.Columns {
			p.attributes[name] = cty.String
		}
	}
	if a := at["types"]; a != nil {
		diags = append(diags, s.types(a, p)...)
	}
	if a := at["key"]; a != nil {
		key, ok, more := c.constantText(a.Expr, "key")
		diags = append(diags, more...)
		s.KeyRange = a.Expr.Range()
		if ok {
			s.Key, p.keys[key] = key, true
			diags = append(diags, s.checkKey(a, p)...)
		}
	}
	p.attributes["key"] = cty.String
	if a := at["on_invalid"]; a != nil {
		word, _, more := c.choice(a.Expr, "on_invalid", "error", "skip")
		diags = append(diags, more...)
		s.Skip = word == "skip"
	}
	if a := at["where"]; a != nil {
		where, more := c.expr(a.Expr, place{what: "where", people: p, want: cty.Bool})
		diags = append(diags, more...)
		s.Where = where
	}
	return s, p, diags
}

// openSource finds the file of a source and reads its header. Columns are nil when they are not known beforehand.
func (c *checker) openSource(a *hclsyntax.Attribute, s *Source, root string, header func(string) ([]string, error)) ([]string, hcl.Diagnostics) {
	file, ok, diags := c.constantText(a.Expr, "source")
	if !ok {
		return nil, diags
	}
	s.File, s.Path = file, file
	if !filepath.IsAbs(file) {
		s.Path = filepath.Join(root, file)
	}
	bad := func(summary, format string, args ...any) ([]string, hcl.Diagnostics) {
		return nil, append(diags, within(problem(a.Expr.Range(), summary, format, args...), a.SrcRange))
	}
	ext := strings.ToLower(filepath.Ext(file))
	if !slices.Contains([]string{".csv", ".tsv", ".jsonl"}, ext) {
		return bad("Unsupported file type", "%s is not read: people stand in files that end in .csv, .tsv or .jsonl.", addr.Quote(file))
	}
	info, err := os.Stat(s.Path)
	switch {
	case err != nil:
		return bad("Source file cannot be read", "%s: %s. The path is relative to the campaign's directory.", addr.Quote(file), reason(err))
	case !info.Mode().IsRegular():
		return bad("Source file cannot be read", "%s is no regular file. It is read more than once, so it must be one.", addr.Quote(file))
	case ext == ".jsonl" || header == nil:
		return nil, diags
	}
	columns, err := header(s.Path)
	if e, ok := errors.AsType[*table.Error](err); ok && e.Line > 0 {
		// The reader names the file by its whole path; here it is called as the campaign calls it.
		pos := hcl.Pos{Line: e.Line, Column: max(e.Column, 1)}
		return nil, append(diags, problem(hcl.Range{Filename: file, Start: pos, End: pos}, e.Summary, "%s", e.Detail))
	}
	if err != nil {
		return bad("Source file cannot be read", "%s: %s.", addr.Quote(file), printable(reason(err)))
	}
	if columns == nil {
		columns = []string{}
	}
	return columns, diags
}

// renames reads rename = { column = "attribute" }.
func (c *checker) renames(a *hclsyntax.Attribute, s *Source) hcl.Diagnostics {
	v, ok, diags := c.constant(a.Expr, place{what: "rename", want: cty.Map(cty.String)})
	if !ok {
		return diags
	}
	for column, to := range v.AsValueMap() {
		if to.AsString() == "" {
			diags = append(diags, problem(a.Expr.Range(), "Empty value", "The new name of column %s is empty.", addr.Quote(column)))
			continue
		}
		s.Rename[column] = to.AsString()
	}
	return diags
}

// columns sets the attributes of every row: the columns of the file after rename.
func (s *Source) columns(columns []string, rename, source *hclsyntax.Attribute) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, column := range slices.Sorted(maps.Keys(s.Rename)) {
		if !slices.Contains(columns, column) {
			diags = append(diags, within(problem(keyRange(rename.Expr, column), "Unknown column",
				"%s has no column %s.%s It has: %s.", addr.Quote(s.File), addr.Quote(column), meant(column, columns), listed(columns)), rename.SrcRange))
		}
	}
	s.Columns = make([]string, 0, len(columns))
	seen := map[string]bool{}
	for _, column := range columns {
		name, at, why := column, source, "the file has it twice"
		if to, ok := s.Rename[column]; ok {
			name = to
		}
		if seen[name] {
			if rename != nil && slices.Contains(slices.Collect(maps.Values(s.Rename)), name) {
				at, why = rename, "rename gives it to one, and another has it"
			}
			diags = append(diags, within(problem(at.Expr.Range(), "Duplicate column",
				"Two columns of %s are named %s: %s. Rename one of them.", addr.Quote(s.File), addr.Quote(name), why), at.SrcRange))
			continue
		}
		seen[name] = true
		s.Columns = append(s.Columns, name)
	}
	return diags
}

// types reads types = { attribute = number }; the attributes are those after rename.
func (s *Source) types(a *hclsyntax.Attribute, p *people) hcl.Diagnostics {
	pairs, diags := hcl.ExprMap(a.Expr)
	if diags.HasErrors() {
		return hcl.Diagnostics{within(problem(a.Expr.Range(), "Invalid types",
			"types gives attributes their types, as in types = { age = number }."), a.SrcRange)}
	}
	seen := map[string]bool{}
	for _, pair := range pairs {
		name := hcl.ExprAsKeyword(pair.Key)
		if name == "" {
			v, more := evaluate(pair.Key, nil)
			if more.HasErrors() || v.IsNull() || v.Type() != cty.String {
				diags = append(diags, problem(pair.Key.Range(), "Invalid types", "This is no attribute's name."))
				continue
			}
			name = v.AsString()
		}
		t, ok := map[string]cty.Type{"string": cty.String, "number": cty.Number, "bool": cty.Bool}[hcl.ExprAsKeyword(pair.Value)]
		switch {
		case seen[name]:
			diags = append(diags, problem(pair.Key.Range(), "Invalid types", "The type of %s is given twice.", addr.Quote(name)))
		case !ok:
			diags = append(diags, problem(pair.Value.Range(), "Invalid types",
				"A type is one of the words string, number and bool, without quotes.%s", meant(hcl.ExprAsKeyword(pair.Value), []string{"string", "number", "bool"})))
		case !p.has(name) || name == "key" && s.Columns != nil && !slices.Contains(s.Columns, "key"):
			diags = append(diags, problem(pair.Key.Range(), "Unknown column",
				"%s has no column %s.%s It has: %s.", addr.Quote(s.File), addr.Quote(name), meant(name, s.Columns), listed(s.Columns)))
		default:
			s.Types[name], p.attributes[name] = t, t
		}
		seen[name] = true
	}
	return diags
}

// separator gives a hint when the only column is named as if another character separated the columns, "" otherwise.
func (s *Source) separator(columns []string) string {
	if len(columns) != 1 {
		return ""
	}
	own, needs := ",", "CSV needs commas"
	if strings.EqualFold(filepath.Ext(s.File), ".tsv") {
		own, needs = "\t", "TSV needs tabs"
	}
	for _, other := range []struct{ sign, name string }{{";", "semicolons"}, {"\t", "tabs"}, {",", "commas"}} {
		if other.sign != own && strings.Contains(columns[0], other.sign) {
			return " The columns seem to be separated by " + other.name + "; " + needs + "."
		}
	}
	return ""
}

// checkKey checks the attribute that identifies people.
func (s *Source) checkKey(a *hclsyntax.Attribute, p *people) hcl.Diagnostics {
	at := a.Expr.Range()
	switch {
	case s.Columns != nil && !slices.Contains(s.Columns, s.Key):
		return hcl.Diagnostics{within(problem(at, "Unknown column", "%s has no column %s to identify people by.%s It has: %s.%s",
			addr.Quote(s.File), addr.Quote(s.Key), meant(s.Key, s.Columns), listed(s.Columns), s.separator(s.Columns)), a.SrcRange)}
	case p.attributes[s.Key] != cty.NilType && p.attributes[s.Key] != cty.String:
		return hcl.Diagnostics{within(problem(at, "Key is not text",
			"Keys are compared byte by byte, so %s cannot be given another type.", addr.Quote(s.Key)), a.SrcRange)}
	case s.Key != "key" && slices.Contains(s.Columns, "key"):
		return hcl.Diagnostics{within(problem(at, "Conflicting key",
			`%s has a column "key", but contact.key is the key, which is %s here. Give the column another name: rename = { key = "..." }.`,
			addr.Quote(s.File), addr.Quote(s.Key)), a.SrcRange)}
	}
	return nil
}

// keyRange finds where a key stands in a literal object, or gives the range of the whole.
func keyRange(e hcl.Expression, name string) hcl.Range {
	pairs, diags := hcl.ExprMap(e)
	if !diags.HasErrors() {
		for _, pair := range pairs {
			if hcl.ExprAsKeyword(pair.Key) == name {
				return pair.Key.Range()
			}
			if v, more := evaluate(pair.Key, nil); !more.HasErrors() && v.Type() == cty.String && v.IsKnown() && !v.IsNull() && v.AsString() == name {
				return pair.Key.Range()
			}
		}
	}
	return e.Range()
}
