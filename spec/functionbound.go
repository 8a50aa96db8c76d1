package spec

import (
	"fmt"
	"math/big"
	"regexp"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
)

// Bounds of what one call may ask for. They are far above what a message needs.
const (
	maxResult  = 16 << 20 // bytes of text
	maxWidth   = 4        // digits of a width or precision in a format
	maxSpaces  = 1000     // of indent
	maxProduct = 100_000  // elements of setproduct
	maxNested  = 200      // levels of JSON
)

// formatHead is what may stand between % and the letter of a verb; formatDigits are its numbers: argument index, width
// and precision.
var (
	formatHead   = regexp.MustCompile(`^[-+ #0-9.\[\]*]*`)
	formatDigits = regexp.MustCompile(`[0-9]+`)
)

// checkFormat bounds widths, precisions and the numbers to be written.
func checkFormat(args []cty.Value) error {
	if len(args) == 0 || args[0].IsNull() || args[0].Type() != cty.String {
		return nil
	}
	numeric := false
	for _, verb := range strings.Split(args[0].AsString(), "%")[1:] {
		head := formatHead.FindString(verb)
		for _, n := range formatDigits.FindAllString(head, -1) {
			if len(strings.TrimLeft(n, "0")) > maxWidth {
				return function.NewArgErrorf(0, "a width has at most %d digits", maxWidth)
			}
		}
		if rest := verb[len(head):]; rest != "" && strings.ContainsRune("bdoxXeEfgG", rune(rest[0])) {
			numeric = true // such a verb reads text as a number
		}
	}
	for i, a := range args[1:] {
		if n, err := convert.Convert(a, cty.Number); numeric && err == nil && huge(n) {
			return function.NewArgErrorf(i+1, "numbers go up to 1e%d", maxDecimalExponent)
		}
		if list, err := convert.Convert(a, cty.List(cty.Number)); numeric && err == nil && huge(list) { // formatlist
			return function.NewArgErrorf(i+1, "numbers go up to 1e%d", maxDecimalExponent)
		}
	}
	return nil
}

func checkIndent(args []cty.Value) error {
	if args[0].IsNull() || args[0].Type() != cty.Number {
		return nil
	}
	n := args[0].AsBigFloat()
	if n.Sign() < 0 || n.Cmp(big.NewFloat(maxSpaces)) > 0 {
		return function.NewArgErrorf(0, "must be from 0 to %d", maxSpaces)
	}
	return nil
}

func checkJoin(args []cty.Value) error {
	if args[0].IsNull() || args[0].Type() != cty.String {
		return nil
	}
	separators := 0
	for _, list := range args[1:] {
		if !list.IsNull() && list.CanIterateElements() {
			separators += list.LengthInt()
		}
	}
	return checkResult(len(args[0].AsString()), separators)
}

// checkResult refuses n pieces of size bytes when they are too much together.
func checkResult(size, n int) error {
	if size > 0 && n > maxResult/size {
		return fmt.Errorf("the result would be longer than %d bytes", maxResult)
	}
	return nil
}

func checkProduct(args []cty.Value) error {
	n := 1
	for _, set := range args {
		if set.IsNull() || !set.CanIterateElements() {
			return nil
		}
		if l := set.LengthInt(); l > 0 {
			if n > maxProduct/l {
				return fmt.Errorf("the product has more than %d elements", maxProduct)
			}
			n *= l
		}
	}
	return nil
}

// checkJSON bounds how deep JSON nests: the reader calls itself once per level.
func checkJSON(args []cty.Value) error {
	if args[0].IsNull() || args[0].Type() != cty.String {
		return nil
	}
	depth, quoted, escaped := 0, false, false
	for _, c := range []byte(args[0].AsString()) {
		switch {
		case escaped:
			escaped = false
		case quoted:
			escaped = c == '\\'
			quoted = c != '"'
		case c == '"':
			quoted = true
		case c == '[' || c == '{':
			if depth++; depth > maxNested {
				return function.NewArgErrorf(0, "nests more than %d levels deep", maxNested)
			}
		case c == ']' || c == '}':
			depth--
		}
	}
	return nil
}
