package recipes

import (
	"strings"
	"testing"

	"herald/providers/sandbox"
)

// reviewed makes a pull request that is planned and merged, and gives the merge.
func (g *github) reviewed(text string, people int) (sha string) {
	g.t.Helper()
	g.says("second", text, people)
	head := g.push(text)
	g.plan(head).is(g.t, "success")
	sha = g.merge()
	g.api.pulls[sha] = pull{7, head}
	return sha
}

// find runs the job that looks for what was reviewed.
func (g *github) find(sha string) ran {
	g.t.Helper()
	return g.job("herald-apply.yml", "find", event{sha: sha})
}

// apply runs the job that sends, after an approval.
func (g *github) apply(sha string, found ran) ran {
	g.t.Helper()
	return g.job("herald-apply.yml", "apply", event{sha: sha, outputs: found.outputs})
}

// sent is how many messages the vendor took in.
func (g *github) sent() int { return g.vendors.Count(sandbox.HeyX) }

func TestMergeSendsWhatWasReviewed(t *testing.T) {
	t.Parallel()
	g := newGitHub(t)
	g.api.says("mallory", "User", marker+"\nherald apply -approve-digest="+strings.Repeat("0", 64))
	sha := g.reviewed("The news.", 12)
	found := g.find(sha)
	found.is(t, "success")
	says(t, found.summary, "/o/launch_2/pull/7", found.outputs["digest"])
	r := g.apply(sha, found)
	r.is(t, "success")
	says(t, r.summary, "Everything was sent.", "12 sent", "<!-- herald-ledger launch&#95;2 -->\n", "| second.hello | 12 |", "run 2 by ")
	g.onlyOnce("The news.", 12)
	if names := strings.Join(g.stored(), " "); names != "applied before/github-1003-1.state herald.state" {
		t.Errorf("the store has %s", names)
	}
	saysEverywhereNot(t, r, g.identity.String(), g.token)
	saysNot(t, r.log+r.summary, "p000")
	// The same once more, as by a hand that runs the job again.
	again := g.apply(sha, found)
	again.is(t, "failure")
	says(t, again.summary, "the plan was applied already")
	g.onlyOnce("The news.", 12)
}

func TestMergeWithoutPlanSendsNothing(t *testing.T) {
	t.Parallel()
	g := newGitHub(t)
	sha := g.reviewed("The news.", 6)
	digest := strings.TrimPrefix(g.api.artifacts[0].name, "herald-plan-")
	for what, spoil := range map[string]func() (want string){
		"pushed without a plan": func() string {
			g.api.pulls[sha] = pull{7, strings.Repeat("a", 40)}
			return "was not sealed for " + strings.Repeat("a", 40)
		},
		"expired":    func() string { g.api.artifacts[0].expired = true; return "more than three days old" },
		"no comment": func() string { g.api.comments = nil; return "shows no plan" },
		"only a stranger's comment": func() string {
			g.api.comments = nil
			g.api.says("mallory", "User", marker+"\nherald apply -approve-digest="+digest)
			return "shows no plan"
		},
	} {
		t.Run(what, func(t *testing.T) {
			g.t = t
			comments, artifacts, was := g.api.comments, append([]artifact{}, g.api.artifacts...), g.api.pulls[sha]
			want := spoil()
			r := g.find(sha)
			r.is(t, "failure")
			says(t, r.summary, want)
			g.api.comments, g.api.artifacts, g.api.pulls[sha] = comments, artifacts, was
		})
	}
	g.t = t
	r := g.find(strings.Repeat("b", 40))
	r.is(t, "success")
	says(t, r.summary, "merged no pull request")
	if got := g.job("herald-apply.yml", "apply", event{sha: sha, outputs: r.outputs}); got.state != "skipped" {
		t.Errorf("it was a %s", got.state)
	}
	if g.sent() != 0 {
		t.Errorf("%d messages were sent", g.sent())
	}
}

func TestForgedArtifactIsRefused(t *testing.T) {
	t.Parallel()
	g := newGitHub(t)
	sha := g.reviewed("The news.", 6)
	found := g.find(sha)
	g.says("third", "Something else.", 6)
	g.plan(g.push("Something else")).is(t, "success")
	g.api.artifacts[0].content = g.api.artifacts[1].content
	r := g.apply(sha, found)
	r.is(t, "failure")
	says(t, r.summary, "not the plan that was approved")
	if g.sent() != 0 {
		t.Errorf("%d messages were sent", g.sent())
	}
}

func TestLedgerMovedOn(t *testing.T) {
	t.Parallel()
	g := newGitHub(t)
	sha := g.reviewed("The news.", 6)
	g.runByHand("Between.")
	r := g.apply(sha, g.find(sha))
	r.is(t, "failure")
	says(t, r.summary, "the ledger moved on since the plan was made", "open a pull request that is planned anew")
	g.onlyOnce("The news.", 0)
	if names := g.stored(); names[len(names)-1] != "herald.state" {
		t.Errorf("the ledger was not given back: %v", names)
	}
}

// runByHand sends one message, with the ledger of the store, as a scheduled run does.
func (g *github) runByHand(text string) {
	g.t.Helper()
	g.says("between", text, 1)
	g.sh(g.work, "sh", "ci/ledger.sh", "take")
	g.sh(g.work, "herald", "apply", "-auto-approve")
	g.sh(g.work, "sh", "ci/ledger.sh", "give")
}

// What is refused makes the run fail with 3, and says what to do.
func TestNotEverythingSent(t *testing.T) {
	t.Parallel()
	g := newGitHub(t)
	sha := g.reviewed("The news.", 6)
	found := g.find(sha)
	g.token = "a token that was revoked"
	r := g.apply(sha, found)
	r.is(t, "failure")
	says(t, r.summary, "not everything was sent", "6 unsent", "<!-- herald-ledger launch&#95;2 -->\n", "**0 sent.**")
	says(t, r.log, "exit status 3")
	saysNot(t, r.log+r.summary, g.token)
}

// What the clock sends is of the commit that was approved, not of what was merged since.
func TestDue(t *testing.T) {
	t.Parallel()
	g := newGitHub(t)
	early := g.job("herald-due.yml", "due", event{sha: strings.TrimSpace(g.sh(g.work, "git", "rev-parse", "HEAD"))})
	early.is(t, "failure")
	says(t, early.log, "no plan was carried out yet")
	sha := g.reviewed("The news.", 6)
	g.apply(sha, g.find(sha)).is(t, "success")
	g.says("third", "Not approved.", 6)
	g.write("people.csv", "id\np000\np001\np002\np003\np004\np005\np999\n")
	g.push("More")
	unapproved := g.merge()
	r := g.job("herald-due.yml", "due", event{sha: unapproved})
	r.is(t, "success")
	saysNot(t, r.log, "Not approved.")
	says(t, r.summary, "<!-- herald-ledger launch&#95;2 -->\n", "| second.hello | 6 |")
	g.onlyOnce("Not approved.", 0)
	g.onlyOnce("The news.", 6)
	if names := g.stored(); names[len(names)-1] != "herald.state" {
		t.Errorf("the ledger was not given back: %v", names)
	}
}
