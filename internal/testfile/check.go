package testfile

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// Check says whether an assertion holds, with what happened as its variables. When it does not, message is what the file
// says to that. The diagnostics are about a condition that cannot be evaluated, or is no bool.
func (a Assert) Check(ctx *hcl.EvalContext) (holds bool, message string, diags hcl.Diagnostics) {
	v, diags := a.Condition.Value(ctx)
	if diags.HasErrors() {
		return false, "", diags
	}
	v, err := convert.Convert(v, cty.Bool)
	if err != nil || v.IsNull() || !v.IsKnown() {
		return false, "", hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Invalid condition",
			Detail: "A condition is true or false; this one is neither.", Subject: a.Condition.Range().Ptr()}}
	}
	if v.True() {
		return true, "", nil
	}
	text, diags := a.Message.Value(ctx)
	if diags.HasErrors() {
		return false, "", diags
	}
	if text, err = convert.Convert(text, cty.String); err != nil || text.IsNull() || !text.IsKnown() {
		return false, "", hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Invalid error message",
			Detail: "error_message is a string.", Subject: a.Message.Range().Ptr()}}
	}
	return false, text.AsString(), nil
}
