package report

import (
	"strings"
	"testing"
	"time"

	"herald/planner"
)

// A sealed plan says until when it can be applied; one that is forbidden does not say so. A warning stays on its line.
func TestSavedPlanText(t *testing.T) {
	saved := planner.Saved{
		Herald: "1.2.3", Created: time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC), NotAfter: time.Date(2026, 12, 4, 9, 0, 0, 0, time.UTC),
		Sandbox: true, Warnings: []planner.Warning{{Summary: "One thing\x1b[2J\nand another"}, {Summary: "Never known", Place: "a.hcl:3", Detail: "It is always false."}},
	}
	text := func() string {
		var b strings.Builder
		NewSavedPlan(&saved, "abcd").Text(&b, Style{})
		return b.String()
	}
	want := `Nothing to send.

Warning: One thing\u001b[2J\nand another

Warning: Never known (a.hcl:3)
It is always false.

Sealed plan abcd
  made 2026-12-01 09:00 UTC by herald 1.2.3`
	if got := text(); got != want+", to be applied until 2026-12-04 09:00 UTC, in the sandbox only.\n" {
		t.Errorf("got\n%s", got)
	}
	saved.Sandbox = false
	if got := text(); got != want+", to be applied until 2026-12-04 09:00 UTC.\n" {
		t.Errorf("got\n%s", got)
	}
	saved.Plan.Forbidden = []planner.Forbidden{{Summary: "Too many", Detail: "Far too many."}}
	if got := text(); !strings.HasSuffix(got, "by herald 1.2.3; it is forbidden, and cannot be applied.\n") || strings.Contains(got, "until") {
		t.Errorf("got\n%s", got)
	}
}
