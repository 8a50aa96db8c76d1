package spec

import (
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// maxFile bounds a campaign file, a variables file and what file() reads, in bytes. People belong in CSV, which has no
// bound.
const maxFile = 4 << 20

// maxDepth bounds how deep blocks, brackets and operators may stand in each other. The parser and the evaluator call
// themselves once per level, and Go ends the whole program when a stack is full.
const maxDepth = 400

// guardText refuses text that is too large or not UTF-8. It gives nil for what may be looked at further.
func guardText(src []byte, filename string) hcl.Diagnostics {
	if len(src) > maxFile {
		return hcl.Diagnostics{problem(startOf(filename), "File too large",
			"%s has %d bytes; at most %d are read. People belong in a CSV file, read by a contacts block.", filename, len(src), maxFile)}
	}
	if at := invalidUTF8(src); at >= 0 {
		rng := hcl.Range{Filename: filename, Start: positionAt(src, at), End: positionAt(src, at)}
		rng.End.Byte++
		rng.End.Column++
		return hcl.Diagnostics{problem(rng, "Invalid character encoding",
			"This byte (0x%02x) is not valid UTF-8. Save the file as UTF-8.", src[at])}
	}
	return nil
}

// guardConfig refuses a file that the parser should not see. Like its two siblings it gives nil for what may be parsed.
func guardConfig(src []byte, filename string) hcl.Diagnostics {
	if diags := guardText(src, filename); diags != nil {
		return diags
	}
	// The parser reports what is wrong with the tokens, so their own diagnostics are not needed here.
	tokens, _ := hclsyntax.LexConfig(src, filename, hcl.InitialPos)
	return depth(tokens)
}

// guardExpression is guardConfig for a lone expression.
func guardExpression(src []byte, filename string) hcl.Diagnostics {
	if diags := guardText(src, filename); diags != nil {
		return diags
	}
	tokens, _ := hclsyntax.LexExpression(src, filename, hcl.InitialPos)
	return depth(tokens)
}

// guardTemplate is guardConfig for a template without quotes.
func guardTemplate(src []byte, filename string) hcl.Diagnostics {
	if diags := guardText(src, filename); diags != nil {
		return diags
	}
	tokens, _ := hclsyntax.LexTemplate(src, filename, hcl.InitialPos)
	return depth(tokens)
}

// level is one open bracket. A part of it ends at a comma, or at a line break where line breaks end something.
type level struct {
	done  int // height of the tallest finished part
	child int // height of the tallest bracket inside the part at hand
	chain int // operators of the part at hand: a + b + c nests to the left, so each is one level
	lines bool
}

func (l *level) height() int { return max(l.done, l.chain+l.child) }

func (l *level) endPart() { l.done, l.chain, l.child = l.height(), 0, 0 }

// depth bounds the height of the tree that the parser will build.
func depth(tokens hclsyntax.Tokens) hcl.Diagnostics {
	levels := []level{{lines: true}}
	top := &levels[0]
	closeTop := func() {
		h := top.height() + 1
		levels = levels[:len(levels)-1]
		top = &levels[len(levels)-1]
		top.child = max(top.child, h)
	}
	tooDeep := func(t hclsyntax.Token) hcl.Diagnostics {
		return hcl.Diagnostics{problem(t.Range, "Nesting too deep",
			"Brackets, blocks and operators stand in each other more than %d levels deep here. Split it, say with locals.", maxDepth)}
	}
	for _, t := range tokens {
		switch t.Type {
		case hclsyntax.TokenOParen, hclsyntax.TokenOBrack, hclsyntax.TokenOBrace, hclsyntax.TokenTemplateInterp,
			hclsyntax.TokenTemplateControl, hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc:
			if t.Type == hclsyntax.TokenOBrack || t.Type == hclsyntax.TokenTemplateControl {
				top.chain++ // a[0][0] nests to the left, %{ if } to the right
			}
			levels = append(levels, level{lines: t.Type == hclsyntax.TokenOBrace})
			top = &levels[len(levels)-1]
		case hclsyntax.TokenCParen, hclsyntax.TokenCBrack, hclsyntax.TokenCBrace, hclsyntax.TokenTemplateSeqEnd,
			hclsyntax.TokenCQuote, hclsyntax.TokenCHeredoc:
			if len(levels) > 1 { // else the parser reports it
				closeTop()
			}
		case hclsyntax.TokenComma:
			top.endPart()
		case hclsyntax.TokenNewline:
			if top.lines {
				top.endPart()
			}
		case hclsyntax.TokenPlus, hclsyntax.TokenMinus, hclsyntax.TokenStar, hclsyntax.TokenSlash, hclsyntax.TokenPercent,
			hclsyntax.TokenBang, hclsyntax.TokenEqualOp, hclsyntax.TokenNotEqual, hclsyntax.TokenLessThan,
			hclsyntax.TokenLessThanEq, hclsyntax.TokenGreaterThan, hclsyntax.TokenGreaterThanEq, hclsyntax.TokenAnd,
			hclsyntax.TokenOr, hclsyntax.TokenQuestion, hclsyntax.TokenColon:
			top.chain++
		}
		if len(levels) > maxDepth || top.chain+top.child > maxDepth {
			return tooDeep(t)
		}
	}
	for len(levels) > 1 { // what was left open counts as closed at the end
		closeTop()
		if top.height() > maxDepth {
			return tooDeep(tokens[len(tokens)-1])
		}
	}
	return nil
}

// invalidUTF8 gives the offset of the first byte that is not valid UTF-8, or -1.
func invalidUTF8(src []byte) int {
	if utf8.Valid(src) {
		return -1
	}
	for i := 0; i < len(src); {
		r, size := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// positionAt gives line and column of an offset; columns are counted in characters.
func positionAt(src []byte, at int) hcl.Pos {
	pos := hcl.InitialPos
	pos.Byte = at
	for i := 0; i < at; {
		r, size := utf8.DecodeRune(src[i:])
		if pos.Column++; r == '\n' {
			pos.Line, pos.Column = pos.Line+1, 1
		}
		i += size
	}
	return pos
}

// startOf is the beginning of a file, for problems of the file as a whole.
func startOf(filename string) hcl.Range {
	return hcl.Range{Filename: filename, Start: hcl.InitialPos, End: hcl.InitialPos}
}
