package spec

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// hideLiterals blanks what is written out in a provider block where a secret may stand: the settings that take one, and
// attributes that the type does not have, which may be such a setting with a slip in its name. Errors are printed with
// the lines they are about, and those must not show a token. It is done last, since the text of expressions is read
// before.
func hideLiterals(accounts []account, files map[string]*hcl.File) {
	for _, a := range accounts {
		for _, at := range attributes(a.block.Body) {
			i := slices.IndexFunc(a.schema.Settings, func(s Attribute) bool { return s.Name == at.Name })
			if at.Name == "alias" || i >= 0 && (a.schema.Settings[i].Plain || a.schema.Settings[i].Name == "base_url") {
				continue
			}
			f := files[at.SrcRange.Filename]
			if f == nil || !at.SrcRange.CanSliceBytes(f.Bytes) {
				continue
			}
			text := slices.Clone(f.Bytes)
			// The visitor gives no diagnostics.
			_ = hclsyntax.VisitAll(at.Expr, func(n hclsyntax.Node) hcl.Diagnostics {
				if l, ok := n.(*hclsyntax.LiteralValueExpr); ok && l.SrcRange.CanSliceBytes(text) {
					for i := l.SrcRange.Start.Byte; i < l.SrcRange.End.Byte; i++ {
						if text[i] != '\n' {
							text[i] = '*'
						}
					}
				}
				return nil
			})
			files[at.SrcRange.Filename] = &hcl.File{Bytes: text, Body: f.Body, Nav: f.Nav}
		}
	}
}
