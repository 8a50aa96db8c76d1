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
		return false, "", explain(a.Condition, ctx, diags)
	}
	holding, err := convert.Convert(v, cty.Bool)
	if err != nil || holding.IsNull() || !holding.IsKnown() {
		what := v.Type().FriendlyName()
		if v.IsNull() {
			what = "null"
		}
		return false, "", hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Invalid condition", Subject: a.Condition.Range().Ptr(),
			Detail: "A condition is true or false; this one is " + what + ". Compare it with something, as in run.sent == 3."}}
	}
	if holding.True() {
		return true, "", nil
	}
	text, diags := a.Message.Value(ctx)
	if diags.HasErrors() {
		diags = explain(a.Message, ctx, diags)
		for _, d := range diags {
			d.Detail = unsaid + d.Detail
		}
		return false, "", diags
	}
	if text, err = convert.Convert(text, cty.String); err != nil || text.IsNull() || !text.IsKnown() {
		return false, "", hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Invalid error message", Subject: a.Message.Range().Ptr(),
			Detail: unsaid + "It is a string that is not null."}}
	}
	return false, text.AsString(), nil
}

// unsaid begins what is said when there is no message: that the condition does not hold must not be lost.
const unsaid = "The condition does not hold, and its error_message cannot be made. "
