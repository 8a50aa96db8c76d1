package spec

import (
	"bytes"
	"maps"
	"path/filepath"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// What the parts of a campaign are made of.
var (
	accountBlocks = []string{"herald", "variable", "locals", "provider"}
	listBlocks    = []string{"variable", "locals", "contact", "contacts", "audience"}
)

// LoadAccounts reads the campaign in dir as Load does, but only what accounts are made of: the herald, variable, locals and
// provider blocks. What else the files declare may be whatever it is.
func LoadAccounts(dir string, in Inputs) (*Campaign, hcl.Diagnostics) {
	root, err := filepath.Abs(dir)
	if err != nil {
		root = dir
	}
	files, diags := readCampaign(root)
	if diags.HasErrors() {
		return emptyCampaign(root), diags
	}
	in.only = accountBlocks
	c, more := loadFiles(root, files, in)
	return c, append(diags, more...)
}

// LoadLists reads what Lists wrote. The files of people are those in dir, as they are now.
func LoadLists(dir string, text []byte, in Inputs) (*Campaign, hcl.Diagnostics) {
	in.only, in.closed = listBlocks, true
	return loadFiles(dir, []sourceFile{{name: "the plan's lists", text: text}}, in)
}

// Lists writes, as one file of HCL, all that is needed to read certain people again: their blocks as they stand, with the
// values that variables and locals have now. Nothing in it is sensitive.
func (c *Campaign) Lists(refs []Ref) []byte {
	needed := map[Ref]bool{}
	c.need(refs, needed)
	var blocks []*hclsyntax.Block
	var out bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(c.files)) {
		file := c.files[name]
		for _, b := range bodyOf(file).Blocks {
			if len(b.Labels) == 1 && needed[Ref{Kind: RefKind(b.Type), Name: b.Labels[0]}] {
				blocks = append(blocks, b)
				out.Write(b.Range().SliceBytes(file.Bytes))
				out.WriteString("\n\n")
			}
		}
	}
	return append(c.values(blocks), out.Bytes()...)
}

// need gathers all that refs name at any depth, without ranges.
func (c *Campaign) need(refs []Ref, needed map[Ref]bool) {
	for _, r := range refs {
		r.Range = hcl.Range{}
		if needed[r] {
			continue
		}
		needed[r] = true
		if a := c.Audiences[r.Name]; r.Kind == RefAudience && a != nil {
			c.need(a.Include, needed)
			c.need(a.Exclude, needed)
		}
	}
}

// values writes the variables and locals that blocks name, with what they are.
func (c *Campaign) values(blocks []*hclsyntax.Block) []byte {
	named := map[string]map[string]bool{"var": {}, "local": {}}
	for _, b := range blocks {
		// The visitor gives no diagnostics.
		_ = hclsyntax.VisitAll(b.Body, func(n hclsyntax.Node) hcl.Diagnostics {
			if t, ok := n.(*hclsyntax.ScopeTraversalExpr); ok {
				if name, ok := member(t.Traversal); ok && named[t.Traversal.RootName()] != nil {
					named[t.Traversal.RootName()][name] = true
				}
			}
			return nil
		})
	}
	f := hclwrite.NewEmptyFile()
	of := func(root, name string) (cty.Value, bool) {
		v, ok := c.base.Variables[root]
		if !ok || !v.Type().HasAttribute(name) {
			return cty.NilVal, false
		}
		return v.GetAttr(name), true
	}
	for _, name := range slices.Sorted(maps.Keys(named["var"])) {
		if v, ok := of("var", name); ok {
			f.Body().AppendNewBlock("variable", []string{name}).Body().SetAttributeValue("default", v)
		}
	}
	locals := f.Body().AppendNewBlock("locals", nil).Body()
	for _, name := range slices.Sorted(maps.Keys(named["local"])) {
		if v, ok := of("local", name); ok {
			locals.SetAttributeValue(name, v)
		}
	}
	return append(f.Bytes(), '\n')
}

// keep leaves only those blocks that a part of the campaign is made of.
func keep(bodies []*hclsyntax.Body, only []string) {
	if only == nil {
		return
	}
	for _, body := range bodies {
		body.Blocks = slices.DeleteFunc(slices.Clone(body.Blocks), func(b *hclsyntax.Block) bool { return !slices.Contains(only, b.Type) })
	}
}
