package testfile

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"herald/internal/addr"
)

// happenings reads what happens before a run.
func (r reader) happenings(in runShape, out *Run) {
	for _, x := range in.Replies {
		reply := Reply{Happening: r.happening(x)}
		if x.Text == nil {
			r.problem(x.Range, "Reply without text", "Say what is answered: text = \"...\".")
		} else {
			reply.Text = *x.Text
		}
		r.unwanted(x.Reason, x.Range, "reason", "reply")
		out.Replies = append(out.Replies, reply)
	}
	for _, x := range in.Reads {
		r.unwanted(x.Text, x.Range, "text", "read")
		r.unwanted(x.Reason, x.Range, "reason", "read")
		out.Reads = append(out.Reads, r.happening(x))
	}
	for _, x := range in.Failures {
		failure := Failure{Happening: r.happening(x), Reason: "not delivered"}
		if x.Reason != nil {
			failure.Reason = *x.Reason
		}
		r.unwanted(x.Text, x.Range, "text", "failure")
		out.Failures = append(out.Failures, failure)
	}
}

// faults reads how vendors misbehave during a run.
func (r reader) faults(in runShape, out *Run) {
	for _, x := range in.Faults {
		fault := Fault{Provider: x.Provider, Kind: x.Kind, Count: 1, Range: x.Range}
		if x.Count != nil {
			fault.Count = *x.Count
		}
		if fault.Count < 1 {
			r.problem(x.Range, "Invalid count", "count is how many requests go wrong, 1 or more.")
		}
		if !slices.Contains(FaultKinds, x.Kind) {
			r.problem(x.Range, "Unknown kind of fault", "kind is one of %s.%s", strings.Join(FaultKinds, ", "), meant(x.Kind, FaultKinds))
		}
		out.Faults = append(out.Faults, fault)
	}
}

// asserts reads what must be true after a run.
func (r reader) asserts(in runShape, out *Run) {
	for _, x := range in.Asserts {
		r.needed(x.Condition, x.Range, "condition")
		r.needed(x.Message, x.Range, "error_message")
		out.Asserts = append(out.Asserts, Assert(x))
	}
}

func (r reader) unwanted(value *string, at hcl.Range, attribute, block string) {
	if value != nil {
		r.problem(at, "Unsupported argument", "A %s block has no %s.", block, attribute)
	}
}

// needed reports whether an argument is there that must be: the decoder lets expressions be absent.
func (r reader) needed(e hcl.Expression, at hcl.Range, name string) bool {
	if !given(e) {
		r.problem(at, "Missing required argument", "The argument %q is required, but no definition was found.", name)
	}
	return given(e)
}

// happening reads the send that something happens to.
func (r reader) happening(in toShape) Happening {
	out := Happening{Range: in.Range}
	if !r.needed(in.To, in.Range, "to") {
		return out
	}
	out.Range = in.To.Range()
	text := ""
	if t, diags := hcl.AbsTraversalForExpr(in.To); !diags.HasErrors() {
		text = hclTraversal(t)
	}
	target, err := addr.Parse(text)
	send, one := target.Send()
	if err != nil || !one {
		r.problem(in.To.Range(), "No address of a send", "to names one message to one person, as in renewal.offer[\"ada\"].")
		return out
	}
	out.To = send
	return out
}

// hclTraversal writes a traversal as an address is written.
func hclTraversal(t hcl.Traversal) string {
	var b strings.Builder
	for _, step := range t {
		switch s := step.(type) {
		case hcl.TraverseRoot:
			b.WriteString(s.Name)
		case hcl.TraverseAttr:
			b.WriteString("." + s.Name)
		case hcl.TraverseIndex:
			if s.Key.Type().FriendlyName() != "string" {
				return ""
			}
			b.WriteString("[" + addr.Quote(s.Key.AsString()) + "]")
		}
	}
	return b.String()
}
