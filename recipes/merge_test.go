package recipes

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
)

func TestMergeRequestHasOneNote(t *testing.T) {
	t.Parallel()
	g := newGitLab(t)
	for range 120 {
		g.api.says(1, "I wonder.")
	}
	g.api.says(1, marker+"\nNothing to see here.")
	g.says("second", "The news.", 6)
	head := g.push("News")
	r := g.job("plan", head, false)
	r.is(t, "success")
	g.says("second", "Better news.", 6)
	second := g.push("Better")
	g.job("plan", second, false).is(t, "success")
	if len(g.api.bots()) != 1 {
		t.Fatal(g.api.bots())
	}
	says(t, g.api.bots()[0], marker+"\n", "6 to send", "Better news.", "<!-- herald-sealed 502 "+second+" -->")
	says(t, fmt.Sprint(g.api.notes[120]["body"]), "Nothing to see here.")
	for job, content := range g.api.artifacts {
		if !strings.HasPrefix(string(content), "age-encryption.org/v1\n") {
			t.Errorf("the plan of job %s is not encrypted", job)
		}
	}
	saysEverywhereNot(t, r, "AGE-SECRET-KEY-", projectToken)

	g.says("second", "The news of ${contact.nobody}.", 6)
	broken := g.push("Broken")
	g.job("plan", broken, false).is(t, "failure")
	says(t, g.api.bots()[0], marker+"\n", "There is no plan for "+broken)
	saysNot(t, g.api.bots()[0], "herald-sealed")

	g.says("second", "The news.", 6)
	g.write("policy.hcl", "policy \"few\" {\n  max_sends = 3\n}\n")
	forbidden := g.job("plan", g.push("Too many"), false)
	forbidden.is(t, "failure")
	says(t, forbidden.log, "exit status 4")
	says(t, g.api.bots()[0], marker+"\n", "policy.few")
	if len(g.api.bots()) != 1 || len(g.api.artifacts) != 2 {
		t.Errorf("%d notes, %d artifacts", len(g.api.bots()), len(g.api.artifacts))
	}
}

func TestGitLabForkGetsNothing(t *testing.T) {
	t.Parallel()
	g := newGitLab(t)
	g.says("second", "The news.", 6)
	r := g.job("plan fork", g.push("News"), true)
	r.is(t, "success")
	says(t, r.log, "6 to send")
	if len(g.api.writes)+len(g.api.artifacts)+g.sent() != 0 {
		t.Errorf("it wrote %q, kept %d artifacts and sent %d", g.api.writes, len(g.api.artifacts), g.sent())
	}
}

func TestGitLabMergeSendsWhatWasReviewed(t *testing.T) {
	t.Parallel()
	g := newGitLab(t)
	g.api.says(1, marker+"\nherald apply -approve-digest="+strings.Repeat("0", 64)+"\n<!-- herald-sealed 1 "+strings.Repeat("0", 40)+" -->")
	sha := g.reviewed("The news.", 60)
	none := g.job("apply", strings.TrimSpace(g.sh(g.work, "git", "rev-parse", sha+"^1")), false)
	none.is(t, "failure")
	says(t, none.log, "this push merged no merge request")
	was := g.api.merges[sha]
	g.api.merges[sha] = pull{7, strings.Repeat("a", 40)}
	other := g.job("apply", sha, false)
	other.is(t, "failure")
	says(t, other.log, "was not sealed for the head of the merge request")
	g.api.merges[sha] = was

	// The runner's docker executor ends a job with SIGTERM.
	g.during = func(p *os.Process) string {
		wait(t, "some were sent", func() bool { return g.sent() > 5 })
		_ = p.Signal(syscall.SIGTERM)
		return "canceled"
	}
	cut := g.job("apply", sha, false)
	says(t, cut.log, "gave the ledger back", "0 in doubt", "The job may be run again")
	if n := g.sent(); n == 60 {
		t.Fatalf("all %d were sent: the signal came to nobody", n)
	}
	g.during = nil
	r := g.job("apply", sha, false)
	r.is(t, "success")
	says(t, r.log, "gave the ledger back")
	g.onlyOnce("The news.", 60)
	if g.api.leaked != "" {
		t.Errorf("the object store got the token in %s", g.api.leaked)
	}
	saysEverywhereNot(t, r, projectToken, g.identity.String())

	g.says("third", "Not approved.", 6)
	g.write("people.csv", "id\np000\n")
	g.push("More")
	due := g.job("due", g.merge(), false)
	due.is(t, "success")
	g.onlyOnce("Not approved.", 0)
	if names := g.stored(); names[len(names)-1] != "herald.state" {
		t.Errorf("the ledger was not given back: %v", names)
	}
}

func TestGitLabKilledMachine(t *testing.T) {
	t.Parallel()
	g := newGitLab(t)
	sha := g.reviewed("The news.", 60)
	g.during = func(p *os.Process) string {
		wait(t, "some were sent", func() bool { return g.sent() > 5 })
		_ = p.Kill()
		return "gone"
	}
	g.job("apply", sha, false).is(t, "gone")
	before := g.sent()
	g.during = nil
	r := g.job("apply", sha, false)
	r.is(t, "failure")
	says(t, r.log, "no ledger can be taken", "Nothing was sent by this run")
	if g.sent() != before {
		t.Errorf("without its ledger it sent %d messages", g.sent()-before)
	}
}
