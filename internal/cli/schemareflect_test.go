package cli

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// same compares a schema with the Go type whose JSON it describes, both ways, and all that is below them.
func (s *schemaSet) same(t *testing.T, p place, of reflect.Type) {
	t.Helper()
	p, schema := s.at(p)
	where := p.file + "#" + p.pointer
	if of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	if of.String() == "time.Time" {
		if schema["type"] != "string" || schema["format"] != "date-time" {
			t.Errorf("%s is a time", where)
		}
		return
	}
	wants := map[reflect.Kind]string{
		reflect.String: "string", reflect.Bool: "boolean", reflect.Int: "integer", reflect.Int64: "integer", reflect.Float64: "number",
		reflect.Slice: "array", reflect.Struct: "object",
	}
	want, known := wants[of.Kind()]
	if !known || schema["type"] != want {
		t.Errorf("%s has type %v, and %v is %q", where, schema["type"], of, want)
		return
	}
	switch of.Kind() {
	case reflect.Slice:
		s.same(t, place{p.file, p.pointer + "/items"}, of.Elem())
	case reflect.Struct:
		fields := map[string]reflect.Type{}
		var required []string
		jsonFields(of, fields, &required)
		properties, _ := schema["properties"].(map[string]any)
		if diff := cmp.Diff(slices.Sorted(maps.Keys(fields)), slices.Sorted(maps.Keys(properties))); diff != "" {
			t.Errorf("%s (-%v +schema):\n%s", where, of, diff)
		}
		if diff := cmp.Diff(slices.Sorted(slices.Values(required)), sortedTexts(schema["required"])); diff != "" {
			t.Errorf("%s, required (-%v +schema):\n%s", where, of, diff)
		}
		for name, field := range fields {
			if _, has := properties[name]; has {
				s.same(t, place{p.file, p.pointer + "/properties/" + name}, field)
			}
		}
	}
}

// jsonFields lists the members of a struct's JSON, and those that are always there.
func jsonFields(of reflect.Type, fields map[string]reflect.Type, required *[]string) {
	for field := range of.Fields() {
		tag, tagged := field.Tag.Lookup("json")
		if field.Anonymous && !tagged {
			jsonFields(field.Type, fields, required)
			continue
		}
		name, options, _ := strings.Cut(tag, ",")
		if !tagged || name == "-" {
			continue
		}
		fields[name] = field.Type
		if !strings.Contains(options, "omit") {
			*required = append(*required, name)
		}
	}
}

// sortedTexts gives a list of JSON as sorted strings.
func sortedTexts(list any) []string {
	all, _ := list.([]any)
	out := make([]string, len(all))
	for i, one := range all {
		out[i] = one.(string)
	}
	slices.Sort(out)
	return out
}

// constants lists the values of the string constants of a type, as a package declares them.
func constants(t *testing.T, dir, name string) (values []string) {
	t.Helper()
	for _, file := range goFiles(t, dir) {
		for _, d := range file.Decls {
			group, is := d.(*ast.GenDecl)
			if !is || group.Tok != gotoken.CONST {
				continue
			}
			for _, spec := range group.Specs {
				one := spec.(*ast.ValueSpec)
				if of, is := one.Type.(*ast.Ident); !is || of.Name != name {
					continue
				}
				for _, v := range one.Values {
					text, err := strconv.Unquote(v.(*ast.BasicLit).Value)
					if err != nil {
						t.Fatal(err)
					}
					values = append(values, text)
				}
			}
		}
	}
	if len(values) == 0 {
		t.Fatalf("%s has no constants of type %s", dir, name)
	}
	slices.Sort(values)
	return values
}

// goFiles parses a package without its tests.
func goFiles(t *testing.T, dir string) (files []*ast.File) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(gotoken.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}
