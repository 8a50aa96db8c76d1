package spec

import (
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// decodeCondition reads after and when.
func (s *scripts) decodeCondition(b *hclsyntax.Block, m *Message, people *people) hcl.Diagnostics {
	var diags hcl.Diagnostics
	if a := b.Body.Attributes["after"]; a != nil {
		after, more := s.delay(a, people.standing)
		diags = append(diags, more...)
		m.After = after
	}
	if a := b.Body.Attributes["when"]; a != nil {
		when, more := s.expr(a.Expr, place{what: "when", people: people, want: cty.Bool})
		diags = append(diags, more...)
		m.When = when
	}
	return diags
}

// delay reads how long a message waits after the one before it.
func (s *scripts) delay(a *hclsyntax.Attribute, at *standing) (time.Duration, hcl.Diagnostics) {
	if at.at == 0 {
		return 0, hcl.Diagnostics{within(problem(a.NameRange, "Nothing to wait after",
			"after counts from the message before it, and this is the first message of sequence %s. When a sequence begins is said by its start.", at.sequence), a.SrcRange)}
	}
	text, ok, diags := s.constantText(a.Expr, "after")
	if !ok {
		return 0, diags
	}
	t, err := ParseDuration(text)
	switch {
	case err != nil:
		return 0, append(diags, within(problem(a.Expr.Range(), "Invalid duration", "after: %s.", err), a.SrcRange))
	case t <= 0:
		return 0, append(diags, within(problem(a.Expr.Range(), "Invalid value",
			"after must be longer than nothing. Leave it out for a message that follows at once."), a.SrcRange))
	}
	return t, diags
}

// condition writes the condition of a message as record does, apart from how it is laid out: blanks, line breaks and
// comments do not make it another one.
func (s *scripts) condition(m *Message) string {
	if m.When == nil {
		return ""
	}
	folded := map[string]string{}
	text := s.text(m.When, folded)
	if m.When.perPerson {
		text = plainLayout(text)
	}
	return text + "\n" + with(folded)
}

// plainLayout writes an expression on one line, without comments, with the blanks that herald fmt would put. Text in
// quotes stays, and so does an expression with a heredoc or with braces, in which line breaks count.
func plainLayout(text string) string {
	tokens, diags := hclsyntax.LexExpression([]byte(text), "", hcl.InitialPos)
	if diags.HasErrors() {
		return text
	}
	var b strings.Builder
	quoted := []bool{false} // for each open quote and each interpolation in it
	for _, t := range tokens {
		switch t.Type {
		case hclsyntax.TokenOHeredoc, hclsyntax.TokenOBrace:
			return text
		case hclsyntax.TokenComment, hclsyntax.TokenNewline:
			continue
		case hclsyntax.TokenOQuote:
			quoted = append(quoted, true)
		case hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
			quoted = append(quoted, false)
		case hclsyntax.TokenCQuote, hclsyntax.TokenTemplateSeqEnd:
			quoted = quoted[:max(len(quoted)-1, 1)]
		}
		b.Write(t.Bytes)
		if !quoted[len(quoted)-1] {
			b.WriteByte(' ')
		}
	}
	return strings.TrimSpace(string(hclwrite.Format([]byte(b.String()))))
}
