package spec

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"herald/internal/addr"
)

// declared is one named block.
type declared struct {
	name  string
	block *hclsyntax.Block
}

// structure is a campaign after the first pass: every block in its place, no expression evaluated.
type structure struct {
	settings      *hclsyntax.Block // nil when there is none
	variables     []declared
	locals        []*hclsyntax.Attribute
	providers     []declared // by type; aliases are told apart later
	contacts      []declared
	sources       []declared
	audiences     []declared
	conversations []declared
	sequences     []declared
	policies      []declared
	moves         []*hclsyntax.Block
}

// topLevel gives the shapes of the blocks that may stand at the top of a file; bodies are checked by those who read them.
func topLevel() map[string]shape {
	return map[string]shape{
		"herald":       {what: "a herald block"},
		"variable":     {what: "a variable block", labels: []string{"NAME"}},
		"locals":       {what: "a locals block", open: true},
		"provider":     {what: "a provider block", labels: []string{"TYPE"}},
		"contact":      {what: "a contact block", labels: []string{"KEY"}, free: true, open: true},
		"contacts":     {what: "a contacts block", labels: []string{"NAME"}},
		"audience":     {what: "an audience block", labels: []string{"NAME"}},
		"conversation": {what: "a conversation block", labels: []string{"NAME"}},
		"sequence":     {what: "a sequence block", labels: []string{"NAME"}},
		"policy":       {what: "a policy block", labels: []string{"NAME"}},
		"moved":        {what: "a moved block"},
	}
}

// arrange is the first pass: it sorts the blocks of all files by what they declare.
func arrange(bodies []*hclsyntax.Body) (*structure, hcl.Diagnostics) {
	var diags hcl.Diagnostics
	s := &structure{}
	shapes := topLevel()
	var types []string
	for t := range shapes {
		types = append(types, t)
	}
	first := map[[2]string]hcl.Range{}
	isNew := func(b *hclsyntax.Block, name string) bool {
		key := [2]string{b.Type, name}
		if f, twice := first[key]; twice {
			what := b.Type
			if name != "" {
				what += " " + addr.Quote(name)
			}
			diags = append(diags, duplicate(b.DefRange(), f, what))
			return false
		}
		first[key] = b.DefRange()
		return true
	}
	local := map[string]hcl.Range{}
	for _, body := range bodies {
		for _, a := range attributes(body) {
			diags = append(diags, problem(a.NameRange, "Unsupported argument",
				"%s stands outside every block. Named values belong into locals { ... }.", addr.Quote(a.Name)))
		}
		for _, b := range body.Blocks {
			shape, known := shapes[b.Type]
			if !known {
				diags = append(diags, unknownBlock(b, types))
				continue
			}
			if d := shape.labelled(b); d.HasErrors() {
				diags = append(diags, d...)
				continue
			}
			name := ""
			if len(b.Labels) > 0 {
				name = b.Labels[0]
			}
			if b.Type != "locals" && b.Type != "provider" && b.Type != "moved" && !isNew(b, name) {
				continue
			}
			d := declared{name, b}
			switch b.Type {
			case "herald":
				s.settings = b
			case "variable":
				s.variables = append(s.variables, d)
			case "locals":
				diags = append(diags, shape.body(b)...)
				for _, a := range attributes(b.Body) {
					if f, twice := local[a.Name]; twice {
						diags = append(diags, duplicate(a.NameRange, f, "local."+a.Name))
						continue
					}
					local[a.Name] = a.NameRange
					s.locals = append(s.locals, a)
				}
			case "provider":
				s.providers = append(s.providers, d)
			case "contact":
				s.contacts = append(s.contacts, d)
			case "contacts":
				s.sources = append(s.sources, d)
			case "audience":
				s.audiences = append(s.audiences, d)
			case "conversation":
				s.conversations = append(s.conversations, d)
			case "sequence":
				s.sequences = append(s.sequences, d)
			case "policy":
				s.policies = append(s.policies, d)
			case "moved":
				s.moves = append(s.moves, b)
			}
		}
	}
	return s, diags
}

// unknownBlock is the error for a block that the language does not have.
func unknownBlock(b *hclsyntax.Block, types []string) *hcl.Diagnostic {
	if b.Type == "message" {
		return problem(b.TypeRange, "Unsupported block type", "A message block stands inside a sequence block.")
	}
	hint := meant(b.Type, types)
	if hint == "" {
		hint = " There are " + listed(sorted(types)) + "."
	}
	return problem(b.TypeRange, "Unsupported block type", "There is no block named %s.%s", addr.Quote(b.Type), hint)
}
