package spec

import (
	"errors"
	"slices"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

var (
	errBase64   = errors.New("not valid Base64")
	errNotText  = errors.New("the decoded bytes are not text in UTF-8")
	errNotFound = errors.New("not found")
)

// anyFunc makes a function whose type follows from its value. Unknown arguments give an unknown result.
func anyFunc(params []string, rest string, impl func(args []cty.Value) (cty.Value, error)) function.Function {
	spec := &function.Spec{
		Type: func(args []cty.Value) (cty.Type, error) { return cty.DynamicPseudoType, nil },
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			for _, a := range args {
				if !a.IsWhollyKnown() {
					return cty.DynamicVal, nil
				}
			}
			return impl(args)
		},
	}
	param := func(name string) function.Parameter {
		return function.Parameter{Name: name, Type: cty.DynamicPseudoType, AllowNull: true, AllowUnknown: true, AllowDynamicType: true}
	}
	for _, p := range params {
		spec.Params = append(spec.Params, param(p))
	}
	if rest != "" {
		p := param(rest)
		spec.VarParam = &p
	}
	return function.New(spec)
}

// elements gives the elements of a list, set or tuple.
func elements(v cty.Value, arg int) ([]cty.Value, error) {
	t := v.Type()
	if v.IsNull() || !t.IsListType() && !t.IsSetType() && !t.IsTupleType() {
		return nil, function.NewArgErrorf(arg, "must be a list, set or tuple")
	}
	return v.AsValueSlice(), nil
}

// length is Terraform's: of collections the elements, of text the characters as people see them.
func length() function.Function {
	return anyFunc([]string{"value"}, "", func(args []cty.Value) (cty.Value, error) {
		v := args[0]
		switch t := v.Type(); {
		case v.IsNull():
			return cty.NilVal, function.NewArgErrorf(0, "must not be null")
		case t == cty.String:
			return stdlib.Strlen(v)
		case t.IsObjectType():
			return cty.NumberIntVal(int64(len(t.AttributeTypes()))), nil
		case v.CanIterateElements():
			return cty.NumberIntVal(int64(v.LengthInt())), nil
		}
		return cty.NilVal, function.NewArgErrorf(0, "must be text, a list, a set, a map or an object")
	})
}

// coalesce is Terraform's: the first argument that is neither null nor "".
func coalesce() function.Function {
	return anyFunc(nil, "values", func(args []cty.Value) (cty.Value, error) {
		var types []cty.Type
		for _, a := range args {
			types = append(types, a.Type())
		}
		to, _ := convert.UnifyUnsafe(types)
		if to == cty.NilType {
			return cty.NilVal, errors.New("all arguments must have one type")
		}
		for _, a := range args {
			v, err := convert.Convert(a, to)
			if err != nil {
				return cty.NilVal, err
			}
			if v.IsNull() || v.Type() == cty.String && v.AsString() == "" {
				continue
			}
			return v, nil
		}
		return cty.NilVal, errors.New("every argument is null or empty text")
	})
}

// indexOf is Terraform's: where a value stands in a list.
func indexOf() function.Function {
	return anyFunc([]string{"list", "value"}, "", func(args []cty.Value) (cty.Value, error) {
		if args[0].IsNull() || args[0].Type().IsSetType() {
			return cty.NilVal, function.NewArgErrorf(0, "must be a list or tuple")
		}
		items, err := elements(args[0], 0)
		if err != nil {
			return cty.NilVal, err
		}
		for i, item := range items {
			if same(item, args[1]) {
				return cty.NumberIntVal(int64(i)), nil
			}
		}
		return cty.NilVal, function.NewArgError(1, errNotFound)
	})
}

// same reports whether two known values are equal as == has it.
func same(a, b cty.Value) bool {
	eq, err := stdlib.Equal(a, b)
	return err == nil && eq.IsKnown() && !eq.IsNull() && eq.True()
}

// lookup is Terraform's: one value of a map or object, or the fallback.
func lookup() function.Function {
	return anyFunc([]string{"map", "key"}, "default", func(args []cty.Value) (cty.Value, error) {
		m, k := args[0], args[1]
		if len(args) > 3 {
			return cty.NilVal, errors.New("takes at most 3 arguments")
		}
		if m.IsNull() || !m.Type().IsMapType() && !m.Type().IsObjectType() {
			return cty.NilVal, function.NewArgErrorf(0, "must be a map or an object")
		}
		if k.IsNull() || k.Type() != cty.String {
			return cty.NilVal, function.NewArgErrorf(1, "must be text")
		}
		if v, ok := m.AsValueMap()[cty.NormalizeString(k.AsString())]; ok {
			return v, nil
		}
		if len(args) == 3 {
			return args[2], nil
		}
		return cty.NilVal, function.NewArgErrorf(1, "not among the keys, and there is no default")
	})
}

// one is Terraform's: the only element, null for an empty list, an error for more.
func one() function.Function {
	return anyFunc([]string{"list"}, "", func(args []cty.Value) (cty.Value, error) {
		items, err := elements(args[0], 0)
		switch {
		case err != nil:
			return cty.NilVal, err
		case len(items) == 0:
			return cty.NullVal(cty.DynamicPseudoType), nil
		case len(items) > 1:
			return cty.NilVal, function.NewArgErrorf(0, "must have no element or one")
		}
		return items[0], nil
	})
}

func sum() function.Function {
	return anyFunc([]string{"list"}, "", func(args []cty.Value) (cty.Value, error) {
		items, err := elements(args[0], 0)
		if err != nil {
			return cty.NilVal, err
		}
		if len(items) == 0 {
			return cty.NilVal, function.NewArgErrorf(0, "must have at least one element")
		}
		total := cty.Zero
		for _, item := range items {
			n, err := convert.Convert(item, cty.Number)
			if err != nil || n.IsNull() || huge(n) {
				return cty.NilVal, function.NewArgErrorf(0, "every element must be a number")
			}
			total = total.Add(n)
		}
		return total, nil
	})
}

// bools reads a list of bools; null counts as false, as in Terraform.
func bools(v cty.Value) ([]bool, error) {
	items, err := elements(v, 0)
	if err != nil {
		return nil, err
	}
	var out []bool
	for _, item := range items {
		b, err := convert.Convert(item, cty.Bool)
		if err != nil {
			return nil, function.NewArgErrorf(0, "every element must be a bool")
		}
		out = append(out, !b.IsNull() && b.True())
	}
	return out, nil
}

func allTrue() function.Function {
	return anyFunc([]string{"list"}, "", func(args []cty.Value) (cty.Value, error) {
		b, err := bools(args[0])
		return cty.BoolVal(!slices.Contains(b, false)), err
	})
}

func anyTrue() function.Function {
	return anyFunc([]string{"list"}, "", func(args []cty.Value) (cty.Value, error) {
		b, err := bools(args[0])
		return cty.BoolVal(slices.Contains(b, true)), err
	})
}

// matchKeys is Terraform's: the values whose key, at the same place of the second list, is in the third.
func matchKeys() function.Function {
	return anyFunc([]string{"values", "keys", "search"}, "", func(args []cty.Value) (cty.Value, error) {
		var lists [3][]cty.Value
		for i, a := range args {
			items, err := elements(a, i)
			if err != nil {
				return cty.NilVal, err
			}
			lists[i] = items
		}
		if len(lists[0]) != len(lists[1]) {
			return cty.NilVal, function.NewArgErrorf(1, "must be as long as the list of values")
		}
		found := []cty.Value{}
		for i, v := range lists[0] {
			if slices.ContainsFunc(lists[2], func(s cty.Value) bool { return same(s, lists[1][i]) }) {
				found = append(found, v)
			}
		}
		return cty.TupleVal(found), nil
	})
}

// transpose is Terraform's: it swaps keys and values of a map of lists of text.
func transpose() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "map", Type: cty.Map(cty.List(cty.String))}},
		Type:   function.StaticReturnType(cty.Map(cty.List(cty.String))),
		Impl: func(args []cty.Value, t cty.Type) (cty.Value, error) {
			if !args[0].IsWhollyKnown() {
				return cty.UnknownVal(t), nil
			}
			out := map[string][]cty.Value{}
			for it := args[0].ElementIterator(); it.Next(); { // in order of keys
				k, list := it.Element()
				if list.IsNull() {
					return cty.NilVal, function.NewArgErrorf(0, "a list is null")
				}
				for _, item := range list.AsValueSlice() {
					if item.IsNull() || !utf8.ValidString(item.AsString()) {
						return cty.NilVal, function.NewArgErrorf(0, "an element of a list is null")
					}
					out[item.AsString()] = append(out[item.AsString()], k)
				}
			}
			if len(out) == 0 {
				return cty.MapValEmpty(cty.List(cty.String)), nil
			}
			lists := make(map[string]cty.Value, len(out))
			for k, items := range out {
				lists[k] = cty.ListVal(items)
			}
			return cty.MapVal(lists), nil
		},
	})
}
