package spec

import "github.com/hashicorp/hcl/v2"

// What the language has and this version does not. Each gets an error of its own instead of "unsupported", since it is
// no slip of the author.
const (
	laterBlocks   = "policy moved"
	laterSequence = "start until window"
	laterMessage  = "after when"
)

// later is the error for a part of the language that this version does not have.
func later(at hcl.Range, what string) *hcl.Diagnostic {
	return problem(at, "Not supported by this version",
		"%s comes with a later version of herald. Remove it for now, so that nothing is sent otherwise than it says.", what)
}
