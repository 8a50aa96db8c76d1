package spec

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"herald/internal/addr"
)

// folder reads files of the campaign's directory for functions. Each is read once, so that everyone gets the same text
// even when somebody saves the file during a run, and so that a text per person costs no system call per person.
type folder struct {
	root string

	mu        sync.Mutex
	texts     map[string]string
	templates map[string]hclsyntax.Expression
}

// text gives the contents of a file. Names lead nowhere outside the directory, symbolic links included.
func (f *folder) text(name string) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	name = filepath.Clean(name)
	if t, ok := f.texts[name]; ok {
		return t, nil
	}
	fail := func(why string) (string, error) {
		return "", fmt.Errorf("cannot read %s: %s", addr.Quote(name), why)
	}
	root, err := os.OpenRoot(f.root)
	if err != nil {
		return fail(reason(err))
	}
	defer root.Close()
	info, err := root.Stat(name) // before Open, which would wait for a pipe's other end
	switch {
	case errors.Is(err, os.ErrNotExist):
		return fail("there is no such file in the campaign's directory")
	case err != nil && strings.Contains(err.Error(), "escapes"):
		return fail("it lies outside the campaign's directory, where files are not read from")
	case err != nil:
		return fail(reason(err))
	case !info.Mode().IsRegular():
		return fail("it is no regular file")
	}
	file, err := root.Open(name)
	if err != nil {
		return fail(reason(err))
	}
	defer file.Close()
	b, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	switch {
	case err != nil:
		return fail(reason(err))
	case len(b) > maxFile:
		return fail(fmt.Sprintf("it has more than %d bytes", maxFile))
	case invalidUTF8(b) >= 0:
		return fail("it is not text in UTF-8")
	}
	f.texts[name] = string(unixLines(b))
	return f.texts[name], nil
}

// template gives the parsed template of a file.
func (f *folder) template(name string) (hclsyntax.Expression, error) {
	text, err := f.text(name)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if t, ok := f.templates[name]; ok {
		return t, nil
	}
	diags := guardTemplate([]byte(text), name)
	var t hclsyntax.Expression
	if !diags.HasErrors() {
		t, diags = parseTemplate([]byte(text), name)
	}
	if diags.HasErrors() {
		return nil, first(diags)
	}
	f.templates[name] = t
	return t, nil
}

// parseTemplate calls the parser, and turns a panic of it into a diagnostic.
func parseTemplate(src []byte, name string) (t hclsyntax.Expression, diags hcl.Diagnostics) {
	defer func() {
		if r := recover(); r != nil {
			t, diags = nil, hcl.Diagnostics{problem(startOf(name), "Template cannot be parsed", "The parser failed on this template.")}
		}
	}()
	t, diags = hclsyntax.ParseTemplate(src, name, hcl.InitialPos)
	if !diags.HasErrors() {
		bind(t)
	}
	return t, clean(diags)
}

// first makes an error from the first of several diagnostics.
func first(diags hcl.Diagnostics) error {
	for _, d := range diags {
		if d.Severity == hcl.DiagError && d.Subject != nil {
			return fmt.Errorf("%s: %s: %s", d.Subject, d.Summary, strings.TrimSuffix(d.Detail, "."))
		}
	}
	return diags
}

// fileFunc is file(path).
func (f *folder) fileFunc() function.Function {
	return textFunc("path", f.text)
}

// templateFunc is templatefile(path, vars). The template may use vars and funcs.
func (f *folder) templateFunc(funcs map[string]function.Function) function.Function {
	lib := &library{all: funcs}
	return function.New(&function.Spec{
		Params: []function.Parameter{
			{Name: "path", Type: cty.String},
			{Name: "vars", Type: cty.DynamicPseudoType, AllowUnknown: true, AllowDynamicType: true},
		},
		Type: function.StaticReturnType(cty.DynamicPseudoType),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			t, err := f.template(args[0].AsString())
			if err != nil {
				return cty.NilVal, function.NewArgError(0, err)
			}
			if diags := append(checkLiterals(t), lib.check(t)...); diags.HasErrors() {
				return cty.NilVal, function.NewArgError(0, first(diags))
			}
			vars := args[1]
			if !vars.IsKnown() {
				return cty.DynamicVal, nil
			}
			if !vars.Type().IsObjectType() && !vars.Type().IsMapType() {
				return cty.NilVal, function.NewArgErrorf(1, "must be an object or a map")
			}
			values := vars.AsValueMap()
			for _, r := range t.Variables() {
				if _, ok := values[r.RootName()]; !ok {
					return cty.NilVal, function.NewArgErrorf(1, "the template names %s, which is not given (%s)", addr.Quote(r.RootName()), r.SourceRange())
				}
			}
			v, diags := evaluate(t, &hcl.EvalContext{Variables: values, Functions: funcs})
			if diags.HasErrors() {
				return cty.NilVal, function.NewArgError(0, first(diags))
			}
			return v, nil
		},
	})
}
