package recipes

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

var workflows = []string{"herald-plan.yml", "herald-apply.yml", "herald-due.yml"}

// rights is what each job may do with its token, and nothing more.
var rights = map[string]string{
	"herald-plan.yml/plan":   "contents: read, pull-requests: write",
	"herald-plan.yml/fork":   "contents: read",
	"herald-apply.yml/find":  "actions: read, contents: read, pull-requests: read",
	"herald-apply.yml/apply": "actions: read, contents: read",
	"herald-due.yml/due":     "contents: read",
}

func TestRulesOfGitHub(t *testing.T) {
	pinned := regexp.MustCompile(`uses: [a-z-]+/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)
	seen := 0
	for _, file := range workflows {
		text, err := os.ReadFile("github/" + file)
		if err != nil {
			t.Fatal(err)
		}
		for n, line := range strings.Split(string(text), "\n") {
			if strings.Contains(line, "uses:") && !pinned.MatchString(line) {
				t.Errorf("%s:%d: an action is pinned by its commit, with the version behind it: %s", file, n+1, line)
			}
		}
		w := loadWorkflow(t, file)
		for on := range w.On {
			switch on {
			case "pull_request", "push", "schedule", "workflow_dispatch":
			default: // above all pull_request_target, which has the rights of main
				t.Errorf("%s runs on %s", file, on)
			}
		}
		if w.Permissions == nil || len(w.Permissions) != 0 {
			t.Errorf("%s: a job that names no rights has %v", file, w.Permissions)
		}
		if w.Defaults.Run.Shell != "bash" {
			t.Errorf("%s: without shell: bash a pipe hides errors", file)
		}
		if c := w.Concurrency; c != nil && !strings.Contains(c.Group, "${{ github.workflow }}") {
			t.Errorf("%s: copies for two campaigns would cancel each other's runs in the group %s", file, c.Group)
		}
		for name, j := range w.Jobs {
			seen++
			jobRules(t, file+"/"+name, j)
		}
	}
	if seen != len(rights) {
		t.Errorf("%d jobs, and rights are known of %d", seen, len(rights))
	}
}

func jobRules(t *testing.T, name string, j job) {
	var has []string
	for _, what := range []string{"actions", "contents", "pull-requests"} {
		if right := j.Permissions[what]; right != "" {
			has = append(has, what+": "+right)
		}
	}
	if got := strings.Join(has, ", "); got != rights[name] || len(has) != len(j.Permissions) {
		t.Errorf("%s has the rights %v, and should have %s", name, j.Permissions, rights[name])
	}
	if j.Timeout == 0 {
		t.Errorf("%s has no timeout", name)
	}
	sends := false
	for i, s := range j.Steps {
		if strings.Contains(s.Run, "${{") {
			t.Errorf("%s, step %d: what comes from outside goes through env, never into a script", name, i)
		}
		if strings.HasPrefix(s.Uses, "actions/checkout@") && s.With["persist-credentials"] != "false" {
			t.Errorf("%s, step %d: the checkout leaves its token behind", name, i)
		}
		for _, value := range s.Env {
			if strings.Contains(value, "secrets.") && j.Environment == "" {
				t.Errorf("%s, step %d: %s outside of an environment", name, i, value)
			}
		}
		if !regexp.MustCompile(`herald .*\bapply -`).MatchString(s.Run) {
			continue
		}
		sends = true
		lines := strings.Split(strings.TrimSpace(s.Run), "\n")
		if last := lines[len(lines)-1]; !strings.HasPrefix(last, "exec herald ") {
			t.Errorf("%s, step %d: without exec a cancelled job's signal goes to the shell: %s", name, i, last)
		}
	}
	if !sends {
		return
	}
	if c := j.Concurrency; c == nil || *c != (concurrency{Group: "herald-ledger", Queue: "max"}) {
		t.Errorf("%s writes the ledger with %v", name, c)
	}
	if j.Environment == "" {
		t.Errorf("%s sends without an environment", name)
	}
	var take, give bool
	for _, s := range j.Steps {
		take = take || s.Run == "sh ci/ledger.sh take" && s.ID == "take"
		give = give || take && s.Run == "sh ci/ledger.sh give" && s.If == "always() && steps.take.outcome == 'success'"
	}
	if !give {
		t.Errorf("%s does not give back what it takes, whatever happens", name)
	}
}

// Where forks and our own branches part, no pull request may be in neither or both.
func TestForksArePartedFromBranches(t *testing.T) {
	jobs := loadWorkflow(t, "herald-plan.yml").Jobs
	for _, from := range []string{"o/r", "stranger/r"} {
		for _, who := range []string{"somebody", "dependabot[bot]"} {
			e := &evaluator{t: t, state: "success", values: map[string]string{"github.repository": "o/r",
				"github.event.pull_request.head.repo.full_name": from, "github.event.pull_request.user.login": who}}
			trusted := from == "o/r" && who == "somebody"
			if e.condition(jobs["plan"].If) != trusted || e.condition(jobs["fork"].If) == trusted {
				t.Errorf("%s of %s is not parted", from, who)
			}
		}
	}
	for _, s := range jobs["fork"].Steps {
		if strings.Contains(s.Uses, "upload") || len(s.Env) > 0 {
			t.Errorf("the job for forks has %v", s)
		}
	}
	if jobs["fork"].RunsOn != "ubuntu-latest" {
		t.Errorf("the job for forks runs on %v", jobs["fork"].RunsOn)
	}
}

// What is kept is kept no longer than it can be applied.
func TestArtifactsEndWithThePlan(t *testing.T) {
	kept := 0
	for _, s := range loadWorkflow(t, "herald-plan.yml").Jobs["plan"].Steps {
		if strings.Contains(s.Uses, "upload-artifact") {
			kept++
			if s.With["retention-days"] != "3" || s.If != "steps.plan.outputs.code == '0'" {
				t.Errorf("it is kept for %s days, if %s", s.With["retention-days"], s.If)
			}
		}
		if strings.Contains(s.Run, "plan -") && !strings.Contains(s.Run, "-valid-for=72h") {
			t.Error("the plan is not valid for three days")
		}
	}
	plan := loadPipeline(t).Jobs["plan"]
	if kept != 1 || plan.Artifacts.Expire != "3 days" || plan.Artifacts.Access != "developer" || plan.Artifacts.When != "on_success" {
		t.Errorf("%d, %v", kept, plan.Artifacts)
	}
}

func TestRulesOfGitLab(t *testing.T) {
	p := loadPipeline(t)
	fork := " && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID != $CI_MERGE_REQUEST_PROJECT_ID"
	if r := p.Jobs["plan fork"].Rules; len(r) != 1 || r[0].If != `$CI_PIPELINE_SOURCE == "merge_request_event"`+fork {
		t.Error(r)
	}
	if r := p.Jobs["plan"].Rules; len(r) != 1 || r[0].If != `$CI_PIPELINE_SOURCE == "merge_request_event"`+strings.Replace(fork, "!=", "==", 1) {
		t.Error(r)
	}
	if r := p.Jobs["apply"].Rules; len(r) != 1 || r[0].When != "manual" || r[0].Allow == nil || *r[0].Allow {
		t.Error(r)
	}
	for _, name := range []string{"plan", "plan fork"} {
		if j := p.Jobs[name]; j.Environment != nil {
			t.Errorf("%s has the variables of %v", name, j.Environment)
		}
	}
	for _, name := range []string{"apply", "due"} {
		j := p.Jobs[name]
		if j.Resource != "herald-ledger" || j.Interrupt == nil || *j.Interrupt || j.Environment["name"] == nil || j.Timeout == "" {
			t.Errorf("%s: %+v", name, j)
		}
		lines := strings.Split(strings.TrimSpace(strings.Join(j.Script, "\n")), "\n")
		if last := lines[len(lines)-1]; !strings.HasPrefix(last, "exec herald ") {
			t.Errorf("%s ends with %s", name, last)
		}
		if !strings.Contains(strings.Join(j.After, "\n"), "ledger.sh give") {
			t.Errorf("%s does not give the ledger back", name)
		}
	}
}
