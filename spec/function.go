package spec

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"herald/internal/addr"
)

// library is the functions that expressions may call. None reads the clock, the environment or the network; files are
// read only inside the campaign's directory, once each.
type library struct {
	all   map[string]function.Function
	files *folder
}

// newLibrary makes the functions for the campaign in root.
func newLibrary(root string) *library {
	files := &folder{root: root, texts: map[string]string{}, templates: map[string]hclsyntax.Expression{}}
	all := map[string]function.Function{
		// Text.
		"base64decode": base64Decode(), "base64encode": base64Encode(),
		"base64sha256": digest(sha256.New, base64.StdEncoding.EncodeToString), "base64sha512": digest(sha512.New, base64.StdEncoding.EncodeToString),
		"chomp": stdlib.ChompFunc, "endswith": textTest(endsWith), "format": bounded(stdlib.FormatFunc, checkFormat),
		"formatlist": bounded(stdlib.FormatListFunc, checkFormat), "indent": bounded(stdlib.IndentFunc, checkIndent),
		"join": bounded(stdlib.JoinFunc, checkJoin), "lower": stdlib.LowerFunc,
		"md5": digest(md5.New, hex.EncodeToString), "regex": stdlib.RegexFunc,
		"regexall": stdlib.RegexAllFunc, "replace": replace(), "sha1": digest(sha1.New, hex.EncodeToString),
		"sha256": digest(sha256.New, hex.EncodeToString), "sha512": digest(sha512.New, hex.EncodeToString), "split": stdlib.SplitFunc,
		"startswith": textTest(startsWith), "strcontains": textTest(containsText), "strrev": stdlib.ReverseFunc,
		"substr": stdlib.SubstrFunc, "title": stdlib.TitleFunc, "trim": stdlib.TrimFunc, "trimprefix": stdlib.TrimPrefixFunc,
		"trimspace": stdlib.TrimSpaceFunc, "trimsuffix": stdlib.TrimSuffixFunc, "upper": stdlib.UpperFunc, "urlencode": urlEncode(),
		// Numbers.
		"abs": arithmetic(stdlib.AbsoluteFunc), "ceil": arithmetic(stdlib.CeilFunc), "floor": arithmetic(stdlib.FloorFunc),
		"log": arithmetic(stdlib.LogFunc), "max": arithmetic(stdlib.MaxFunc), "min": arithmetic(stdlib.MinFunc),
		"parseint": arithmetic(stdlib.ParseIntFunc), "pow": arithmetic(stdlib.PowFunc), "range": arithmetic(stdlib.RangeFunc),
		"signum": arithmetic(stdlib.SignumFunc), "sum": arithmetic(sum()),
		// Types.
		"tobool": stdlib.MakeToFunc(cty.Bool), "tolist": stdlib.MakeToFunc(cty.List(cty.DynamicPseudoType)),
		"tomap": stdlib.MakeToFunc(cty.Map(cty.DynamicPseudoType)), "tonumber": arithmetic(stdlib.MakeToFunc(cty.Number)),
		"toset": stdlib.MakeToFunc(cty.Set(cty.DynamicPseudoType)), "tostring": stdlib.MakeToFunc(cty.String),
		// Collections.
		"alltrue": allTrue(), "anytrue": anyTrue(), "chunklist": stdlib.ChunklistFunc, "coalesce": coalesce(),
		"coalescelist": stdlib.CoalesceListFunc, "compact": stdlib.CompactFunc, "concat": stdlib.ConcatFunc,
		"contains": stdlib.ContainsFunc, "distinct": stdlib.DistinctFunc, "element": stdlib.ElementFunc,
		"flatten": stdlib.FlattenFunc, "index": indexOf(), "keys": stdlib.KeysFunc, "length": length(), "lookup": lookup(),
		"matchkeys": matchKeys(), "merge": stdlib.MergeFunc, "one": one(), "reverse": stdlib.ReverseListFunc,
		"setintersection": stdlib.SetIntersectionFunc, "setproduct": bounded(stdlib.SetProductFunc, checkProduct),
		"setsubtract": stdlib.SetSubtractFunc, "setunion": stdlib.SetUnionFunc, "slice": stdlib.SliceFunc, "sort": stdlib.SortFunc,
		"transpose": transpose(), "values": stdlib.ValuesFunc, "zipmap": stdlib.ZipmapFunc,
		// Encodings and times.
		"csvdecode": stdlib.CSVDecodeFunc, "formatdate": stdlib.FormatDateFunc, "jsondecode": arithmetic(bounded(stdlib.JSONDecodeFunc, checkJSON)),
		"jsonencode": stdlib.JSONEncodeFunc, "timeadd": stdlib.TimeAddFunc, "timecmp": timeCmp(),
		// Errors.
		"can": can(), "try": try(),
	}
	all["file"] = files.fileFunc()
	all["templatefile"] = files.templateFunc(maps.Clone(all)) // the clone lacks templatefile: templates do not nest
	return &library{all: all, files: files}
}

// check refuses calls of functions that do not exist and calls with too few or too many arguments, before anything is
// evaluated.
func (l *library) check(e hclsyntax.Expression) hcl.Diagnostics {
	return hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
		call, ok := n.(*hclsyntax.FunctionCallExpr)
		if !ok {
			return nil
		}
		f, known := l.all[call.Name]
		if !known {
			return hcl.Diagnostics{within(problem(call.NameRange, "Call to unknown function",
				"There is no function named %s.%s%s", addr.Quote(call.Name), meant(call.Name, slices.Collect(maps.Keys(l.all))), impure(call.Name)), call.Range())}
		}
		least, given := len(f.Params()), len(call.Args)
		switch {
		case call.ExpandFinal:
		case given < least:
			return hcl.Diagnostics{within(problem(call.Range(), "Not enough function arguments",
				"%s takes %s, and %d are given.", call.Name, arguments(f), given), call.Range())}
		case given > least && f.VarParam() == nil:
			return hcl.Diagnostics{within(problem(call.Args[least].Range(), "Too many function arguments",
				"%s takes %s, and %d are given.", call.Name, arguments(f), given), call.Range())}
		}
		return nil
	})
}

// impure explains why a function that Terraform has is missing here.
func impure(name string) string {
	switch name {
	case "timestamp", "plantimestamp", "uuid", "bcrypt", "env", "getenv":
		return " Functions here give the same value every time, so that a plan says what will be sent; pass such a value in as a variable."
	}
	return ""
}

// arguments says how many arguments a function takes.
func arguments(f function.Function) string {
	n := len(f.Params())
	switch {
	case f.VarParam() != nil:
		return fmt.Sprintf("at least %d arguments", n)
	case n == 1:
		return "1 argument"
	}
	return fmt.Sprintf("%d arguments", n)
}

// rewrap makes a function with the parameters of f, and before and after around it. Unknown arguments skip both: the
// function is called again when they are known.
func rewrap(f function.Function, before func([]cty.Value) error, after func(cty.Value) error) function.Function {
	check := func(args []cty.Value) error {
		for _, a := range args {
			if !a.IsWhollyKnown() {
				return nil
			}
		}
		return before(args)
	}
	return function.New(&function.Spec{
		Params:   f.Params(),
		VarParam: f.VarParam(),
		Type: func(args []cty.Value) (cty.Type, error) {
			if err := check(args); err != nil {
				return cty.NilType, err
			}
			return f.ReturnTypeForValues(args)
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			v, err := f.Call(args)
			if err != nil {
				return v, err
			}
			return v, after(v)
		},
	})
}

// bounded makes f refuse arguments that would ask for too much memory.
func bounded(f function.Function, check func(args []cty.Value) error) function.Function {
	return rewrap(f, check, func(cty.Value) error { return nil })
}
