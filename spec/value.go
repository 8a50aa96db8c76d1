package spec

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"herald/internal/addr"
)

// envPrefix begins the environment variables that give values to variables.
const envPrefix = "HERALD_VAR_"

var errMismatch = errors.New("the value does not fit the type")

// given is a value that somebody gave to a variable, not yet read: an expression of a variables file, or plain text.
type given struct {
	expr hclsyntax.Expression // nil for text
	text string
	from string    // where it came from, in words and without the value
	at   hcl.Range // of the name in a variables file, of the whole text otherwise
}

// inputs collects the values of variables from all places, and the files they came from.
type inputs struct {
	root      string
	variables map[string]*variable
	given     map[string]given
	files     map[string]*hcl.File
}

// collect takes the values in the order of Terraform; later ones replace earlier ones.
func (in *inputs) collect(env func(string) (string, bool), flags []VarFlag) hcl.Diagnostics {
	var diags hcl.Diagnostics
	if env != nil {
		for name := range in.variables {
			if text, ok := env(envPrefix + name); ok {
				in.given[name] = textGiven(text, "environment variable "+envPrefix+name)
			}
		}
	}
	automatic, err := filepath.Glob(filepath.Join(escapeGlob(in.root), "*.auto.vars"))
	if err != nil {
		automatic = nil
	}
	automatic = slices.DeleteFunc(automatic, func(p string) bool { return strings.HasPrefix(filepath.Base(p), ".") })
	slices.Sort(automatic)
	if own := filepath.Join(in.root, "herald.vars"); exists(own) {
		automatic = append([]string{own}, automatic...)
	}
	for _, path := range automatic {
		diags = append(diags, in.file(path, filepath.Base(path))...)
	}
	for _, f := range flags {
		if f.Name == "" {
			path := f.Value
			if !filepath.IsAbs(path) {
				path = filepath.Join(in.root, path)
			}
			diags = append(diags, in.file(path, f.Value)...)
			continue
		}
		if in.variables[f.Name] == nil {
			diags = append(diags, problem(hcl.Range{}, "Value for undeclared variable",
				"-var gives a value to %s, but no variable block of that name is declared.%s", addr.Quote(f.Name), meant(f.Name, in.names())))
			continue
		}
		in.given[f.Name] = textGiven(f.Value, "flag -var "+f.Name)
	}
	return diags
}

// textGiven is a value that is no part of a file. It is called by where it came from.
func textGiven(text, from string) given {
	return given{text: text, from: from, at: startOf("<" + from + ">")}
}

// exists reports whether something stands at path, readable or not.
func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

func (in *inputs) names() []string {
	var names []string
	for n := range in.variables {
		names = append(names, n)
	}
	return names
}

// file takes the values of one variables file. A value for an undeclared variable is a warning there, since one file
// may serve several campaigns.
func (in *inputs) file(path, shown string) hcl.Diagnostics {
	text, err := readRegular(path)
	if err != nil {
		return hcl.Diagnostics{problem(hcl.Range{}, "Variables file cannot be read",
			"%s: %s. A relative path begins in the campaign's directory.", printable(shown), reason(err))}
	}
	if strings.HasSuffix(shown, ".json") {
		return hcl.Diagnostics{problem(hcl.Range{}, "JSON syntax is not read",
			`%s: variables files are written in HCL's own syntax, as in name = "value".`, printable(shown))}
	}
	file, diags := parse(sourceFile{shown, text})
	in.show(shown, file, diags.HasErrors())
	for _, b := range bodyOf(file).Blocks {
		diags = append(diags, problem(b.DefRange(), "Block in a variables file",
			"A variables file holds values only, as in name = \"value\". Blocks belong into *.hcl files."))
	}
	for _, a := range attributes(bodyOf(file)) {
		if in.variables[a.Name] == nil {
			diags = append(diags, warning(a.NameRange, "Value for undeclared variable",
				"No variable block declares %s, so this value is not used.%s", addr.Quote(a.Name), meant(a.Name, in.names())))
			continue
		}
		in.given[a.Name] = given{expr: a.Expr, from: "variables file " + shown, at: a.NameRange}
	}
	return diags
}

// show adds a variables file to those that diagnostics are printed with, but no secrets: the value of a sensitive
// variable is blank, and so is that of an undeclared one, which may be a secret under a slip of its name. In a file that
// was not understood, nobody can tell what is one, so that it is not shown when any variable is sensitive.
func (in *inputs) show(name string, file *hcl.File, broken bool) {
	if broken && slices.ContainsFunc(slices.Collect(maps.Values(in.variables)), func(v *variable) bool { return v.sensitive }) {
		return
	}
	text := slices.Clone(file.Bytes)
	blank := func(from, to int) {
		for i := max(from, 1); i < len(text) && (i < to || text[i-1] != '\n'); i++ { // with the comment on its last line
			if text[i] != '\n' {
				text[i] = ' '
			}
		}
	}
	body := bodyOf(file)
	for _, a := range attributes(body) {
		if v := in.variables[a.Name]; v == nil || v.sensitive {
			blank(a.EqualsRange.End.Byte, a.SrcRange.End.Byte)
		}
	}
	for _, b := range body.Blocks {
		blank(b.OpenBraceRange.End.Byte, b.CloseBraceRange.Start.Byte)
	}
	in.files[name] = &hcl.File{Bytes: text, Body: file.Body}
}

// resolve gives the value of one variable: what was given last, or the default. With rehearsal, a sensitive variable
// without a value gets a placeholder.
func (in *inputs) resolve(v *variable, funcs *library, rehearsal bool) (cty.Value, hcl.Diagnostics) {
	g, ok := in.given[v.name]
	if !ok {
		switch {
		case v.fallback != cty.NilVal:
			return v.fallback, v.validate(v.fallback, funcs)
		case rehearsal && v.sensitive:
			return placeholder(v.name, v.typ), nil
		}
		return cty.DynamicVal, hcl.Diagnostics{problem(v.declRange, "No value for required variable",
			"Variable %s has no default, so it must be given: with -var '%s=...', in a file named with -var-file, in herald.vars or a *.auto.vars file, or as environment variable %s%s.",
			addr.Quote(v.name), v.name, envPrefix, v.name)}
	}
	at := v.declRange
	switch {
	case v.sensitive:
		at = g.at
	case g.expr != nil:
		at = g.expr.Range()
	}
	value, diags := in.read(v, g)
	if diags.HasErrors() && v.sensitive {
		// What the parser says, and where, may tell the secret.
		return cty.DynamicVal, hcl.Diagnostics{problem(at, "Invalid value for variable",
			"The value of var.%s from %s cannot be read. Why is withheld, since the variable is sensitive. Perhaps text stands there without its double quotes.", v.name, g.from)}
	}
	if diags.HasErrors() {
		for _, d := range diags {
			if d.Summary == "Variables not allowed" { // a word, where most often text was meant
				d.Detail = "The value of var." + v.name + " from " + g.from + " cannot name anything. Text stands in double quotes."
			}
		}
		return cty.DynamicVal, diags
	}
	bad := func(format string, args ...any) (cty.Value, hcl.Diagnostics) {
		return cty.DynamicVal, hcl.Diagnostics{problem(at, "Invalid value for variable",
			"The value of var.%s from %s %s.", v.name, g.from, fmt.Sprintf(format, args...))}
	}
	value, err := v.convert(value)
	switch {
	case err != nil && v.sensitive:
		return bad("does not fit its type, %s", typeexpr.TypeString(v.typ))
	case err != nil:
		return bad("does not fit its type, %s: %s", typeexpr.TypeString(v.typ), err)
	case huge(value):
		return bad("holds a number beyond 1e%d", maxDecimalExponent)
	case value.IsNull() && !v.nullable && v.fallback != cty.NilVal:
		value = v.fallback
	case value.IsNull() && !v.nullable:
		return bad("is null, which nullable = false forbids")
	}
	return value, v.validate(value, funcs)
}

// read evaluates a given value; nothing may be named in it.
func (in *inputs) read(v *variable, g given) (cty.Value, hcl.Diagnostics) {
	if g.expr != nil {
		return literal(g.expr)
	}
	if at := invalidUTF8([]byte(g.text)); at >= 0 {
		return cty.DynamicVal, hcl.Diagnostics{problem(v.declRange, "Invalid character encoding",
			"The value of var.%s from %s is not valid UTF-8.", v.name, g.from)}
	}
	if v.text {
		return cty.StringVal(g.text), nil
	}
	src, name := []byte(g.text), "<"+g.from+">"
	if diags := guardExpression(src, name); diags.HasErrors() {
		return cty.DynamicVal, diags
	}
	if !v.sensitive {
		in.files[name] = &hcl.File{Bytes: src}
	}
	expr, diags := parseExpression(src, name)
	if diags.HasErrors() {
		return cty.DynamicVal, diags
	}
	return literal(expr)
}

// parseExpression calls the parser, and turns a panic of it into a diagnostic.
func parseExpression(src []byte, name string) (e hclsyntax.Expression, diags hcl.Diagnostics) {
	defer func() {
		if r := recover(); r != nil {
			e, diags = nil, hcl.Diagnostics{problem(startOf(name), "Expression cannot be parsed",
				"The parser failed on %s. Look for unbalanced quotes and brackets.", name)}
		}
	}()
	e, diags = hclsyntax.ParseExpression(src, name, hcl.InitialPos)
	if !diags.HasErrors() {
		bind(e)
	}
	return e, clean(diags)
}

// placeholder is a value of a type that stands for a secret nobody has during a rehearsal.
func placeholder(name string, t cty.Type) cty.Value {
	switch {
	case t == cty.Number:
		return cty.Zero
	case t == cty.Bool:
		return cty.False
	case t.IsListType():
		return cty.ListValEmpty(t.ElementType())
	case t.IsSetType():
		return cty.SetValEmpty(t.ElementType())
	case t.IsMapType():
		return cty.MapValEmpty(t.ElementType())
	case t.IsTupleType():
		var items []cty.Value
		for _, it := range t.TupleElementTypes() {
			items = append(items, placeholder(name, it))
		}
		return cty.TupleVal(items)
	case t.IsObjectType():
		attrs := map[string]cty.Value{}
		for a, at := range t.AttributeTypes() {
			attrs[a] = placeholder(name, at)
		}
		return cty.ObjectVal(attrs)
	}
	return cty.StringVal("rehearsal-" + name)
}
