package cli

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"herald/internal/addr"
	"herald/internal/report"
	"herald/internal/table"
	"herald/spec"
)

// findPerson looks for a person among the contact blocks, then in the contacts sources by their names: the first one
// counts. The person has every attribute that is known of anybody, null where the person lacks it.
func findPerson(c *spec.Campaign, key string) (cty.Value, error) {
	values := map[string]cty.Value{}
	for _, other := range c.Contacts {
		for name := range other.Attributes {
			values[name] = cty.NullVal(cty.DynamicPseudoType)
		}
	}
	for _, src := range c.Sources {
		for _, name := range src.Columns {
			values[name] = cty.NullVal(cty.DynamicPseudoType)
		}
	}
	if declared := c.Contacts[key]; declared != nil {
		maps.Copy(values, declared.Attributes)
		values["key"] = cty.StringVal(key)
		return cty.ObjectVal(values), nil
	}
	for _, name := range slices.Sorted(maps.Keys(c.Sources)) {
		found, err := findRow(c.Sources[name], key)
		if err != nil {
			return cty.NilVal, err
		}
		if found != nil {
			maps.Copy(values, found)
			values["key"] = cty.StringVal(key)
			return cty.ObjectVal(values), nil
		}
	}
	return cty.NilVal, fmt.Errorf("-contact=%s: nobody has this key: no contact block, and no row of a contacts source", report.Escape(key))
}

// findRow looks for a person in a source; nil when nobody there has the key.
func findRow(src *spec.Source, key string) (map[string]cty.Value, error) {
	in, err := table.Open(src.Path, src.File)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	columns := in.Columns()
	for {
		row, err := in.Next()
		switch bad := (*table.Error)(nil); {
		case err == io.EOF:
			return nil, nil
		case errors.As(err, &bad) && !bad.Fatal:
			continue // somebody else's row; plan says what is wrong with it
		case err != nil:
			return nil, err
		}
		texts := map[string]cty.Value{}
		for i, column := range columns {
			texts[renamed(src, column)] = cty.StringVal(row.Fields[i])
		}
		for _, m := range row.Members {
			t, err := ctyjson.ImpliedType(m.Value)
			if err != nil {
				continue
			}
			if texts[renamed(src, m.Name)], err = ctyjson.Unmarshal(m.Value, t); err != nil {
				return nil, err
			}
		}
		id, has := texts[src.Key]
		if !has || outsize(id) {
			continue
		}
		if text, err := convert.Convert(id, cty.String); err != nil || text.IsNull() || text.AsString() != key {
			continue
		}
		return typed(src, texts, row.Line)
	}
}

func renamed(src *spec.Source, column string) string {
	if to, is := src.Rename[column]; is {
		return to
	}
	return column
}

// typed gives the attributes of a row the types that the source declares. An empty cell of another type than string is
// null.
func typed(src *spec.Source, values map[string]cty.Value, line int) (map[string]cty.Value, error) {
	for name, v := range values {
		t := src.Types[name]
		switch {
		case outsize(v):
			return nil, fmt.Errorf("%s:%d: %s holds a number that is too large to be written out", src.File, line, addr.Quote(name))
		case t == cty.NilType || t == cty.String && v.Type() == cty.String:
			continue
		case src.Columns != nil && v.AsString() == "":
			values[name] = cty.NullVal(t)
			continue
		}
		converted, err := convert.Convert(v, t)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: the attribute %s is to be a value of type %s: %w", src.File, line, addr.Quote(name), t.FriendlyName(), err)
		}
		values[name] = converted
	}
	return values, nil
}
