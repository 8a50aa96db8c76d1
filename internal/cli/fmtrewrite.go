package cli

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

// canonical gives src, which has no syntax errors, as terraform fmt lays it out. Beside blanks that is three rewrites:
// labels stand in quotes, an argument that is one interpolation and nothing else loses its quotes, and old ways to write
// the type of a variable become today's. They change no value. Where terraform fmt would lose a label or break an
// expression, what was written stays.
func canonical(src []byte, name string) []byte {
	read, diags := hclsyntax.ParseConfig(src, name, hcl.InitialPos)
	f, more := hclwrite.ParseConfig(src, name, hcl.InitialPos)
	if diags.HasErrors() || more.HasErrors() {
		return hclwrite.Format(src)
	}
	rewrite(f.Body(), read.Body.(*hclsyntax.Body), "", 0)
	return f.Bytes()
}

// rewrite rewrites a body that stands in a block of that type, so many blocks deep; read is the same body.
func rewrite(body *hclwrite.Body, read *hclsyntax.Body, block string, depth int) {
	for name, a := range body.Attributes() {
		tokens := a.Expr().BuildTokens(nil)
		if block == "variable" && depth == 1 && name == "type" {
			body.SetAttributeRaw(name, todaysType(tokens))
		} else {
			body.SetAttributeRaw(name, unwrapped(tokens))
		}
	}
	for i, b := range body.Blocks() {
		b.SetLabels(read.Blocks[i].Labels) // b's own lack those with a $ or a %
		rewrite(b.Body(), read.Blocks[i].Body, b.Type(), depth+1)
	}
}

// unwrapped takes "${ and }" off an expression that is one interpolation. Any other one comes back as it is.
func unwrapped(tokens hclwrite.Tokens) hclwrite.Tokens {
	n := len(tokens)
	if n < 5 || !are(tokens[:2], hclsyntax.TokenOQuote, hclsyntax.TokenTemplateInterp) ||
		!are(tokens[n-2:], hclsyntax.TokenTemplateSeqEnd, hclsyntax.TokenCQuote) {
		return tokens
	}
	inside := tokens[2 : n-2]
	quotes := 0 // that are open: what stands in them belongs to the expression
	for _, t := range inside {
		switch t.Type {
		case hclsyntax.TokenOQuote:
			quotes++
		case hclsyntax.TokenCQuote:
			quotes--
		case hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateSeqEnd, hclsyntax.TokenQuotedLit:
			if quotes == 0 {
				return tokens // text, or a second interpolation
			}
		}
	}
	bare := withoutOuterNewlines(inside)
	for _, way := range []hclwrite.Tokens{inParens(bare), parens(bare)} {
		if stands(way) {
			return way
		}
	}
	return tokens
}

// inParens puts an expression of several lines in parentheses, unless it begins and ends with one: outside of brackets a
// line break ends an argument.
func inParens(tokens hclwrite.Tokens) hclwrite.Tokens {
	n := len(tokens)
	if n == 0 || !contains(tokens, hclsyntax.TokenNewline) || tokens[0].Type == hclsyntax.TokenOParen && tokens[n-1].Type == hclsyntax.TokenCParen {
		return tokens
	}
	return parens(tokens)
}

func parens(tokens hclwrite.Tokens) hclwrite.Tokens {
	all := hclwrite.Tokens{{Type: hclsyntax.TokenOParen, Bytes: []byte("(")}}
	return append(append(all, tokens...), &hclwrite.Token{Type: hclsyntax.TokenCParen, Bytes: []byte(")")})
}

// stands reports whether tokens are an argument's whole expression. A comment that ends a line, or a parenthesis that
// closes before the last one, may leave a part of it behind.
func stands(tokens hclwrite.Tokens) bool {
	_, diags := hclsyntax.ParseConfig(append(append([]byte("x = "), tokens.Bytes()...), '\n'), "", hcl.InitialPos)
	return !diags.HasErrors()
}

func withoutOuterNewlines(tokens hclwrite.Tokens) hclwrite.Tokens {
	for len(tokens) > 0 && tokens[0].Type == hclsyntax.TokenNewline {
		tokens = tokens[1:]
	}
	for len(tokens) > 0 && tokens[len(tokens)-1].Type == hclsyntax.TokenNewline {
		tokens = tokens[:len(tokens)-1]
	}
	return tokens
}

// todaysType writes the type of a variable as it is written today: a collection says of what, and nothing is in quotes.
// What was in quotes held text, whatever it held.
func todaysType(tokens hclwrite.Tokens) hclwrite.Tokens {
	switch {
	case are(tokens, hclsyntax.TokenIdent):
		switch word := string(tokens[0].Bytes); word {
		case "list", "map", "set":
			return collection(word, "any")
		}
	case are(tokens, hclsyntax.TokenOQuote, hclsyntax.TokenQuotedLit, hclsyntax.TokenCQuote):
		switch word := string(tokens[1].Bytes); word {
		case "string":
			return hclwrite.Tokens{ident(word)}
		case "list", "map":
			return collection(word, "string")
		}
	}
	return tokens
}

func collection(of, element string) hclwrite.Tokens {
	return hclwrite.Tokens{
		ident(of), {Type: hclsyntax.TokenOParen, Bytes: []byte("(")}, ident(element), {Type: hclsyntax.TokenCParen, Bytes: []byte(")")},
	}
}

func ident(word string) *hclwrite.Token {
	return &hclwrite.Token{Type: hclsyntax.TokenIdent, Bytes: []byte(word)}
}

// are reports whether tokens are of those types, one by one.
func are(tokens hclwrite.Tokens, types ...hclsyntax.TokenType) bool {
	if len(tokens) != len(types) {
		return false
	}
	for i, t := range tokens {
		if t.Type != types[i] {
			return false
		}
	}
	return true
}

func contains(tokens hclwrite.Tokens, what hclsyntax.TokenType) bool {
	for _, t := range tokens {
		if t.Type == what {
			return true
		}
	}
	return false
}
