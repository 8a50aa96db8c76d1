package cli

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"herald/internal/report"
)

// answer evaluates one expression and prints what came of it. False says that it failed.
func (s *consoleSession) answer(line string) bool {
	const name = "<console>"
	var v cty.Value
	expr, diags := parseExpression([]byte(line), name)
	if !diags.HasErrors() {
		v, diags = s.value(expr)
	}
	for _, d := range diags {
		d.Expression, d.EvalContext = nil, nil // printers would show every value that it names
	}
	if s.json {
		s.document(v, diags)
	} else {
		report.Diagnostics(s.env.err, s.env.style(s.env.err), diags, map[string]*hcl.File{name: {Bytes: []byte(line)}})
		if !diags.HasErrors() {
			fmt.Fprintln(s.env.out, literal(v, 0))
		}
	}
	return !diags.HasErrors()
}

// document prints the answer as one line of JSON.
func (s *consoleSession) document(v cty.Value, diags hcl.Diagnostics) {
	var answer struct {
		Value     json.RawMessage `json:"value,omitempty"`
		Sensitive bool            `json:"sensitive,omitempty"` // something in the value is, and none of it is shown
		Error     string          `json:"error,omitempty"`
	}
	var err error
	switch {
	case diags.HasErrors():
		err = diags
	case hidden(v):
		answer.Sensitive = true
	default:
		answer.Value, err = ctyjson.SimpleJSONValue{Value: v}.MarshalJSON()
	}
	if err != nil {
		answer.Error = err.Error()
	}
	var text, line bytes.Buffer
	if report.Document(&text, answer) == nil && json.Compact(&line, text.Bytes()) == nil {
		fmt.Fprintln(s.env.out, line.String())
	}
}

// maxNesting bounds brackets within brackets: types that are nested deeper take minutes to compare.
const maxNesting = 200

// parseExpression reads one line.
func parseExpression(src []byte, name string) (hclsyntax.Expression, hcl.Diagnostics) {
	tokens, _ := hclsyntax.LexExpression(src, name, hcl.InitialPos) // what is wrong is said by the parser
	depth := 0
	for _, t := range tokens {
		switch t.Type {
		case hclsyntax.TokenOParen, hclsyntax.TokenOBrack, hclsyntax.TokenOBrace, hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
			depth++
		case hclsyntax.TokenCParen, hclsyntax.TokenCBrack, hclsyntax.TokenCBrace, hclsyntax.TokenTemplateSeqEnd:
			depth--
		}
		if depth > maxNesting {
			return nil, hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Expression too deep", Subject: t.Range.Ptr(),
				Detail: fmt.Sprintf("Brackets are nested more than %d deep. Write it in smaller parts.", maxNesting)}}
		}
	}
	return hclsyntax.ParseExpression(src, name, hcl.InitialPos)
}

// value evaluates an expression. A panic of the evaluator becomes a diagnostic, since what is typed must not end the
// program.
func (s *consoleSession) value(expr hclsyntax.Expression) (v cty.Value, diags hcl.Diagnostics) {
	wrong := func(at hcl.Range, summary, detail string) hcl.Diagnostics {
		return hcl.Diagnostics{{Severity: hcl.DiagError, Summary: summary, Detail: detail, Subject: &at}}
	}
	tooLarge := func(at hcl.Range) hcl.Diagnostics {
		return wrong(at, "Number out of range", fmt.Sprintf("Numbers go up to 2 to the power of %d here.", maxExponent))
	}
	defer func() {
		if r := recover(); r != nil {
			diags = wrong(expr.Range(), "Expression cannot be evaluated", "The expression language failed on this expression. Write it in another way, in smaller parts.")
		}
	}()
	for _, t := range expr.Variables() {
		if _, known := s.scope.Variables["contact"]; t.RootName() == "contact" && !known {
			return v, wrong(t.SourceRange(), "No person at hand", "contact is a person here only after herald console -contact=KEY.")
		}
	}
	diags = hclsyntax.VisitAll(expr, func(n hclsyntax.Node) hcl.Diagnostics {
		if l, is := n.(*hclsyntax.LiteralValueExpr); is && outsize(l.Val) {
			return tooLarge(l.SrcRange)
		}
		return nil
	})
	if diags.HasErrors() {
		return v, diags
	}
	v, diags = expr.Value(s.scope)
	if !diags.HasErrors() && outsize(v) {
		return v, tooLarge(expr.Range())
	}
	return v, diags
}

// maxExponent bounds numbers, as powers of two: written out, a larger one could fill the memory.
const maxExponent = 4096

// outsize reports whether v is a number beyond the bound, or has one anywhere in it.
func outsize(v cty.Value) bool {
	found := false
	// The walk's own error is never used: the callback gives none.
	_ = cty.Walk(v, func(_ cty.Path, v cty.Value) (bool, error) {
		if v, _ := v.Unmark(); v.Type() == cty.Number && v.IsKnown() && !v.IsNull() {
			f := v.AsBigFloat()
			e := f.MantExp(nil)
			found = found || f.IsInf() || e > maxExponent || e < -maxExponent
		}
		return !found, nil
	})
	return found
}
