package spec

import (
	"encoding/base64"
	"hash"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// textFunc makes a function from one string to another; param names its parameter in errors.
func textFunc(param string, f func(string) (string, error)) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: param, Type: cty.String}},
		Type:   function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			s, err := f(args[0].AsString())
			if err != nil {
				return cty.NilVal, function.NewArgError(0, err)
			}
			return cty.StringVal(s), nil
		},
	})
}

func base64Encode() function.Function {
	return textFunc("str", func(s string) (string, error) { return base64.StdEncoding.EncodeToString([]byte(s)), nil })
}

func base64Decode() function.Function {
	return textFunc("str", func(s string) (string, error) {
		b, err := base64.StdEncoding.DecodeString(s)
		if err != nil {
			return "", errBase64
		}
		if !utf8.Valid(b) {
			return "", errNotText
		}
		return string(b), nil
	})
}

// digest makes a function that writes the digest of a text. The weak ones are there for vendors who ask for them.
func digest(algorithm func() hash.Hash, write func([]byte) string) function.Function {
	return textFunc("str", func(s string) (string, error) {
		h := algorithm()
		h.Write([]byte(s)) // never fails
		return write(h.Sum(nil)), nil
	})
}

func urlEncode() function.Function {
	return textFunc("str", func(s string) (string, error) { return url.QueryEscape(s), nil })
}

// textTest makes a function that asks something of two strings.
func textTest(test func(s, part string) bool) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "str", Type: cty.String}, {Name: "part", Type: cty.String}},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			return cty.BoolVal(test(args[0].AsString(), args[1].AsString())), nil
		},
	})
}

func startsWith(s, part string) bool   { return strings.HasPrefix(s, part) }
func endsWith(s, part string) bool     { return strings.HasSuffix(s, part) }
func containsText(s, part string) bool { return strings.Contains(s, part) }

// replace is Terraform's: the searched text between slashes is a regular expression.
func replace() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "str", Type: cty.String}, {Name: "substr", Type: cty.String}, {Name: "replace", Type: cty.String}},
		Type:   function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			s, old, with := args[0].AsString(), args[1].AsString(), args[2].AsString()
			if len(old) > 1 && old[0] == '/' && old[len(old)-1] == '/' {
				re, err := regexp.Compile(old[1 : len(old)-1])
				if err != nil {
					return cty.NilVal, function.NewArgError(1, err)
				}
				if err := checkResult(len(with), len(s)+1); err != nil {
					return cty.NilVal, err
				}
				return cty.StringVal(re.ReplaceAllString(s, with)), nil
			}
			if err := checkResult(len(with), strings.Count(s, old)); err != nil {
				return cty.NilVal, err
			}
			return cty.StringVal(strings.ReplaceAll(s, old, with)), nil
		},
	})
}

// timeCmp compares two instants, not their texts: -1, 0 or 1.
func timeCmp() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "a", Type: cty.String}, {Name: "b", Type: cty.String}},
		Type:   function.StaticReturnType(cty.Number),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			var at [2]time.Time
			for i, a := range args {
				t, err := time.Parse(time.RFC3339, a.AsString())
				if err != nil {
					return cty.NilVal, function.NewArgErrorf(i, "not a time in RFC 3339, as in 2026-12-01T09:00:00Z")
				}
				at[i] = t
			}
			return cty.NumberIntVal(int64(at[0].Compare(at[1]))), nil
		},
	})
}
