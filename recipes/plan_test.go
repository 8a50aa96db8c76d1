package recipes

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const marker = "<!-- herald-plan launch&#95;2 -->"

// plan runs the checks of a pull request of this repository.
func (g *github) plan(head string) ran {
	g.t.Helper()
	return g.job("herald-plan.yml", "plan", event{head: head, sha: head})
}

func TestPullRequestHasOneComment(t *testing.T) {
	t.Parallel()
	g := newGitHub(t)
	for range 120 { // more than a page
		g.api.says("somebody", "User", "I wonder.")
	}
	g.api.says("mallory", "User", marker+"\nNothing to see here. herald apply -approve-digest="+strings.Repeat("0", 64))
	g.api.says("other[bot]", "Bot", marker+"\nNor here.")
	g.says("second", "The news.", 6)
	head := g.push("News")
	r := g.plan(head)
	r.is(t, "success")
	bots := g.api.bots()
	if len(bots) != 1 {
		t.Fatalf("%d comments", len(bots))
	}
	says(t, bots[0], marker+"\n", "6 to send", "The news.", "Planned for "+head, "-approve-digest=")
	saysNot(t, bots[0], "p000")

	g.says("second", "Better news.", 6)
	second := g.push("Better")
	g.plan(second).is(t, "success")
	bots = g.api.bots()
	if len(bots) != 1 {
		t.Fatalf("%d comments", len(bots))
	}
	says(t, bots[0], "Better news.", "Planned for "+second)
	saysNot(t, bots[0], head)
	says(t, g.api.comments[120]["body"].(string), "Nothing to see here.")
	says(t, g.api.comments[121]["body"].(string), "Nor here.")
	if want := []string{"POST /repos/o/launch_2/issues/7/comments", "PATCH /repos/o/launch_2/issues/comments/123"}; strings.Join(g.api.writes, "\n") != strings.Join(want, "\n") {
		t.Errorf("it wrote %q", g.api.writes)
	}
	if len(g.api.artifacts) != 2 {
		t.Fatalf("%d artifacts", len(g.api.artifacts))
	}
	for _, a := range g.api.artifacts {
		if !strings.HasPrefix(string(a.content), "age-encryption.org/v1\n") {
			t.Errorf("%s is not encrypted: %q", a.name, a.content[:20])
		}
	}
	says(t, bots[0], strings.TrimPrefix(g.api.artifacts[1].name, "herald-plan-"))
	g.reviewerSees(g.api.artifacts[1].content, "p000", "Better news.")
	// The job has no key that opens what it sealed, and leaves its token nowhere.
	saysEverywhereNot(t, r, "AGE-SECRET-KEY-", botToken)
	if n := g.vendors.Requests("heyx"); n != 0 {
		t.Errorf("planning sent %d requests to the vendor", n)
	}
}

// saysEverywhereNot looks for secrets in what a job leaves.
func saysEverywhereNot(t *testing.T, r ran, secrets ...string) {
	t.Helper()
	saysNot(t, r.log+r.summary, secrets...)
	for _, dir := range []string{r.dir, r.temp} {
		_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.Contains(path, ".script-") || filepath.Base(path) == "herald" {
				return nil
			}
			if b, err := os.ReadFile(path); err == nil {
				for _, s := range secrets {
					if strings.Contains(string(b), s) {
						t.Errorf("%s holds %s", path, s)
					}
				}
			}
			return nil
		})
	}
}

func TestPullRequestWithErrors(t *testing.T) {
	t.Parallel()
	g := newGitHub(t)
	g.says("second", "The news.", 6)
	g.plan(g.push("News")).is(t, "success")
	g.says("second", "The news of ${contact.nobody}.", 6)
	head := g.push("Broken")
	r := g.plan(head)
	r.is(t, "failure")
	says(t, r.log, "::error ", "file=campaign.hcl,line=")
	if len(g.api.bots()) != 1 {
		t.Fatal(g.api.bots())
	}
	says(t, g.api.bots()[0], marker+"\n", "There is no plan for "+head, "/actions/runs/")
	saysNot(t, g.api.bots()[0], "to send")
	if len(g.api.artifacts) != 1 {
		t.Error("something was kept of a campaign with errors")
	}
}

func TestPullRequestThatIsNotFormatted(t *testing.T) {
	t.Parallel()
	g := newGitHub(t)
	g.write("more.hcl", "locals {\na=1\n}\n")
	r := g.plan(g.push("Untidy"))
	r.is(t, "failure")
	says(t, r.log, "more.hcl", "a = 1")
}

func TestForbiddenPlanIsShownAndFails(t *testing.T) {
	t.Parallel()
	g := newGitHub(t)
	g.says("second", "The news.", 6)
	g.write("policy.hcl", "policy \"few\" {\n  max_sends = 3\n}\n")
	head := g.push("Too many")
	r := g.plan(head)
	r.is(t, "failure")
	if len(g.api.bots()) != 1 || len(g.api.artifacts) != 0 {
		t.Fatalf("%d comments, %d artifacts", len(g.api.bots()), len(g.api.artifacts))
	}
	says(t, g.api.bots()[0], marker+"\n", "policy.few", "Planned for "+head)
	says(t, r.log, "::error title=herald::A policy forbids this plan.")
}

func TestForkGetsNothing(t *testing.T) {
	t.Parallel()
	g := newGitHub(t)
	g.says("second", "The news.", 6)
	on := event{head: g.push("News"), fork: true}
	on.sha = on.head
	if r := g.job("herald-plan.yml", "plan", on); r.state != "skipped" {
		t.Fatalf("the job with rights ran: %s", r.log)
	}
	r := g.job("herald-plan.yml", "fork", on)
	r.is(t, "success")
	says(t, r.summary, marker+"\n", "6 to send", "A rehearsal", "The news.")
	if len(g.api.writes)+len(g.api.artifacts) != 0 {
		t.Errorf("it wrote %q, and kept %d artifacts", g.api.writes, len(g.api.artifacts))
	}
	if names := g.stored(); strings.Join(names, " ") != "herald.state" {
		t.Errorf("the store has %v", names)
	}
	if n := g.vendors.Requests("heyx"); n != 0 {
		t.Errorf("%d requests to the vendor", n)
	}
}

// While a run has the ledger, or if it was killed with it, nothing can be planned, and it says so.
func TestPlanWithoutLedger(t *testing.T) {
	t.Parallel()
	g := newGitHub(t)
	g.says("second", "The news.", 6)
	head := g.push("News")
	if err := os.Rename(filepath.Join(g.store, "herald.state"), filepath.Join(g.store, "away")); err != nil {
		t.Fatal(err)
	}
	r := g.plan(head)
	r.is(t, "failure")
	says(t, r.log, "no ledger can be read", "Plan again when it is there")
	says(t, g.api.bots()[0], "There is no plan for "+head)
}
