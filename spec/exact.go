package spec

import (
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"golang.org/x/text/unicode/norm"
)

// exact refuses the name in contact["..."] when the expression language has rewritten it. It composes every string to
// Unicode's form NFC, while keys and columns are exact bytes, so that another person could be meant, or nobody.
func (c *checker) exact(t hcl.Traversal) hcl.Diagnostics {
	if len(t) < 2 {
		return nil
	}
	i, ok := t[1].(hcl.TraverseIndex)
	if !ok || i.Key.Type() != cty.String {
		return nil
	}
	f := c.files[i.SrcRange.Filename]
	if f == nil || !i.SrcRange.CanSliceBytes(f.Bytes) {
		return nil
	}
	if text := quoted(string(i.SrcRange.SliceBytes(f.Bytes)), i.SrcRange.Filename); !norm.NFC.IsNormalString(text) {
		return hcl.Diagnostics{decomposed(i.SrcRange, text)}
	}
	return nil
}

// quoted gives what the quoted text in an index stands for, without composing it. The label of a block is the one place
// where the parser does so; what cannot be a label is given as it is written.
func quoted(index, filename string) string {
	inner := strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(index, "["), "]"))
	file, diags := parseConfig([]byte("x "+inner+" {}\n"), filename)
	if diags.HasErrors() {
		return index
	}
	if blocks := bodyOf(file).Blocks; len(blocks) == 1 && len(blocks[0].Labels) == 1 {
		return blocks[0].Labels[0]
	}
	return index
}

// decomposed is the error for a name that is not in form NFC. The two spellings look alike, so both are shown escaped.
func decomposed(at hcl.Range, name string) *hcl.Diagnostic {
	return problem(at, "Name not in Unicode form NFC",
		"Keys are compared byte by byte, and this name spells a character in parts (%s) where form NFC has %s, which looks the same but is another key. Write the name in NFC; in a list of people that has it in parts, convert the list as well.",
		escaped(name), escaped(norm.NFC.String(name)))
}

// escaped quotes a name with everything beyond ASCII as \u escapes.
func escaped(name string) string { return strconv.QuoteToASCII(name) }
