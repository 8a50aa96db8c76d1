package recipes

import (
	"os"
	"path/filepath"
)

// reviewerSees fails unless a reviewer whose key a plan was sealed to sees who gets what, in a clone without the ledger and
// without tokens, as docs/ci.md says, and nobody else does.
func (g *github) reviewerSees(plan []byte, want ...string) {
	g.t.Helper()
	dir := g.clone()
	if err := os.WriteFile(filepath.Join(dir, "herald.plan"), plan, 0o600); err != nil {
		g.t.Fatal(err)
	}
	show := []string{"herald", "-chdir=" + dir, "show", "-sandbox", "-show-contacts", "-html=plan.html", "herald.plan"}
	if out, err := g.try(dir, show...); err == nil {
		g.t.Errorf("without a key it is shown: %s", out)
	}
	g.sh(dir, append([]string{"env", "HERALD_AGE_IDENTITY=" + g.reviewer.String(), filepath.Join(tools, show[0])}, show[1:]...)...)
	page, err := os.ReadFile(filepath.Join(dir, "plan.html"))
	if err != nil {
		g.t.Fatal(err)
	}
	says(g.t, string(page), want...)
}
