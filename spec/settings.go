package spec

import (
	"path/filepath"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"herald/internal/addr"
)

// defaultState is the ledger's file, relative to the campaign's directory.
const defaultState = "herald.state"

// decodeSettings reads the herald block; b may be nil. Its values are literal, since they must hold before anything
// else is evaluated.
func decodeSettings(b *hclsyntax.Block, root string) (Settings, hcl.Diagnostics) {
	s := Settings{StatePath: filepath.Join(root, defaultState)}
	if b == nil {
		return s, nil
	}
	diags := shape{what: "a herald block", attrs: []string{"required_version", "lineage"}, blocks: []string{"state"}}.body(b)
	if a := b.Body.Attributes["lineage"]; a != nil {
		text, d := literalText(a.Expr)
		diags = append(diags, d...)
		s.Lineage, s.LineageRange = text, a.Expr.Range()
		if text == "" && !d.HasErrors() {
			diags = append(diags, problem(a.Expr.Range(), "Empty value", "A lineage names one ledger. Leave it out to accept any."))
		}
	}
	st := block(b.Body, "state")
	if st == nil {
		return s, diags
	}
	kind := shape{what: "a state block", labels: []string{"local"}, attrs: []string{"path"}}
	if d := kind.labelled(st); d.HasErrors() {
		return s, append(diags, d...)
	}
	if st.Labels[0] != "local" {
		return s, append(diags, within(problem(st.LabelRanges[0], "Unknown state type",
			`There is no state type %s; the ledger is a local file: write state "local" { ... }.`, addr.Quote(st.Labels[0])), st.DefRange()))
	}
	diags = append(diags, kind.body(st)...)
	if a := st.Body.Attributes["path"]; a != nil {
		text, d := literalText(a.Expr)
		diags = append(diags, d...)
		switch {
		case d.HasErrors():
		case text == "":
			diags = append(diags, problem(a.Expr.Range(), "Empty value", "The path of the ledger is empty. Leave it out for %s.", defaultState))
		case filepath.IsAbs(text):
			s.StatePath = filepath.Clean(text)
		default:
			s.StatePath = filepath.Join(root, text)
		}
	}
	return s, diags
}

// checkVersion checks required_version. It comes before all other checks: what a campaign for another version says
// would be judged by the wrong rules.
func checkVersion(b *hclsyntax.Block, running string) hcl.Diagnostics {
	if b == nil || b.Body.Attributes["required_version"] == nil {
		return nil
	}
	expr := b.Body.Attributes["required_version"].Expr
	if v, diags := evaluate(expr, nil); !diags.HasErrors() && !v.IsKnown() {
		return nil // a syntax error stands there and was reported
	}
	text, diags := literalText(expr)
	if diags.HasErrors() {
		return diags
	}
	constraints, err := version.NewConstraint(text)
	if err != nil {
		return hcl.Diagnostics{problem(expr.Range(), "Invalid version constraint",
			`%s is no version constraint; write one as in ">= 0.1.0" or "~> 1.2".`, addr.Quote(text))}
	}
	v, err := version.NewVersion(running)
	if err != nil {
		return hcl.Diagnostics{warning(expr.Range(), "Version not known",
			"This build of herald does not know its version (%s), so %s was not checked.", addr.Quote(running), addr.Quote(text))}
	}
	// A pre-release counts as its release: people who build from source would otherwise meet no constraint at all.
	if !constraints.Check(v.Core()) {
		return hcl.Diagnostics{problem(expr.Range(), "Unsupported herald version",
			"This campaign asks for herald %s, and this is %s. Use a version that fits, or change required_version.", text, v)}
	}
	return nil
}

// literalText reads a string that may name nothing.
func literalText(e hclsyntax.Expression) (string, hcl.Diagnostics) {
	v, diags := literal(e)
	if diags.HasErrors() {
		return "", diags
	}
	v, diags = fit(v, cty.String, false, e.Range())
	if diags.HasErrors() {
		return "", diags
	}
	return v.AsString(), nil
}

// literal evaluates an expression without names and functions.
func literal(e hclsyntax.Expression) (cty.Value, hcl.Diagnostics) {
	if diags := checkLiterals(e); diags.HasErrors() {
		return cty.DynamicVal, diags
	}
	v, diags := evaluate(e, nil)
	if !diags.HasErrors() && !v.IsWhollyKnown() { // what a syntax error left behind
		diags = append(diags, problem(e.Range(), "Value not known", "This expression was not understood, so it has no value."))
	}
	return v, diags
}
