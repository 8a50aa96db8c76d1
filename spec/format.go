package spec

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

// Format gives the canonical layout of a campaign file: indents, alignment of equals signs, single spaces. Text with
// syntax errors is not formatted; the errors come back instead. A byte order mark is dropped.
func Format(src []byte, filename string) ([]byte, hcl.Diagnostics) {
	if _, diags := parse(sourceFile{filename, src}); diags.HasErrors() {
		return nil, diags
	}
	return hclwrite.Format(src), nil
}
