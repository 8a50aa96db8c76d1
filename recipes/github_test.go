package recipes

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// github runs jobs of the recipes in a repository as a runner of GitHub's does.
type github struct {
	*repository
	api    *githubAPI
	runs   int
	during map[string]func(*os.Process) string // by step: called when it has begun; says whether the job is cancelled or gone by that
}

func newGitHub(t *testing.T) *github {
	t.Helper()
	need(t, "bash", "curl", "jq")
	return &github{repository: newRepository(t), api: newGitHubAPI(t)}
}

// repositoryName ends as the workspace does, which is named after it.
const repositoryName = "o/launch_2"

// event is what a run is about.
type event struct {
	head    string // of the pull request
	sha     string // what is checked out
	fork    bool
	outputs map[string]string // of the job before
}

// ran is what came of a job.
type ran struct {
	state   string // success, failure, cancelled, or gone with its machine
	log     string
	summary string
	outputs map[string]string
	dir     string // its workspace
	temp    string
}

// job runs the steps of a job, one behind the other.
func (g *github) job(file, name string, on event) ran {
	g.t.Helper()
	w := loadWorkflow(g.t, file)
	j, ok := w.Jobs[name]
	if !ok {
		g.t.Fatalf("%s has no job %s", file, name)
	}
	g.runs++
	// The workspace is named as the repository is.
	out := ran{state: "success", dir: filepath.Join(g.t.TempDir(), filepath.Base(g.work)), temp: g.t.TempDir()}
	token, from := botToken, repositoryName
	if on.fork {
		token, from = readToken, "stranger/r"
	}
	e := &evaluator{t: g.t, state: "success", values: map[string]string{
		"github.repository": repositoryName, "github.ref": "refs/heads/main", "github.token": token, "github.event.pull_request.number": "7",
		"github.event.pull_request.head.sha": on.head, "github.event.pull_request.head.repo.full_name": from,
		"github.event.pull_request.user.login": "somebody", "runner.temp": out.temp,
	}}
	for key, value := range on.outputs {
		e.values["needs."+j.Needs+".outputs."+key] = value
	}
	if !on.fork {
		e.values["secrets.HEYX_TOKEN"] = g.token
	}
	if j.Environment == "herald" {
		e.values["secrets.HERALD_AGE_IDENTITY"] = g.identity.String()
	}
	if j.If != "" && !e.condition(j.If) {
		out.state = "skipped"
		return out
	}
	env := maps.Clone(w.Env)
	maps.Copy(env, map[string]string{
		"HERALD_URL": "file://" + g.release, "HERALD_SHA256": g.sha256, "HERALD_LEDGER_STORE": g.store, "HERALD_APPLIED": g.applied, "HERALD_DIR": g.folder, "HERALD_RECIPIENT": g.recipients(),
		"CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_API_URL": g.api.url, "GITHUB_SERVER_URL": "https://github.example", "GITHUB_REPOSITORY": repositoryName,
		"GITHUB_RUN_ID": strconv.Itoa(1000 + g.runs), "GITHUB_RUN_ATTEMPT": "1", "GITHUB_SHA": on.sha, "GITHUB_REF_NAME": "main",
		"GITHUB_WORKSPACE": out.dir, "RUNNER_TEMP": out.temp,
	})
	for key, value := range env {
		e.values["env."+key] = value
	}
	for i, s := range j.Steps {
		if !e.condition(s.If) {
			e.values["steps."+s.ID+".outcome"] = "skipped"
			continue
		}
		outcome := "success"
		switch action, _, _ := strings.Cut(s.Uses, "@"); action {
		case "actions/checkout":
			g.sh(out.temp, "git", "clone", "-q", g.origin, out.dir)
			g.sh(out.dir, "git", "checkout", "-q", "--detach", on.sha)
		case "actions/upload-artifact":
			g.api.upload(g.t, e.expand(s.With["name"]), on.head, filepath.Join(out.dir, e.expand(s.With["path"])))
		case "actions/download-artifact":
			outcome = g.download(e, s)
		case "":
			outcome = g.step(i, s, env, e, &out)
		default:
			g.t.Fatalf("these tests do not know the action %s", s.Uses)
		}
		e.values["steps."+s.ID+".outcome"] = outcome
		switch {
		case outcome == "gone":
			out.state = outcome
			return out
		case outcome == "cancelled" || outcome == "failure" && !s.Continue && e.state == "success":
			e.state = outcome
		}
	}
	out.state = e.state
	out.outputs = map[string]string{}
	for key, value := range j.Outputs {
		out.outputs[key] = e.expand(value)
	}
	return out
}

func (g *github) download(e *evaluator, s step) string {
	for _, a := range g.api.artifacts {
		if strconv.Itoa(a.id) == e.expand(s.With["artifact-ids"]) && !a.expired {
			dir := e.expand(s.With["path"])
			if err := os.MkdirAll(dir, 0o755); err != nil {
				g.t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "herald.plan"), a.content, 0o644); err != nil {
				g.t.Fatal(err)
			}
			return "success"
		}
	}
	return "failure"
}

// step runs the script of a step with the shell that GitHub takes for "shell: bash".
func (g *github) step(i int, s step, env map[string]string, e *evaluator, out *ran) string {
	file := func(name string) string { return filepath.Join(out.temp, fmt.Sprintf(".%s-%d", name, i)) }
	script := file("script")
	if strings.Contains(s.Run, "${{") {
		g.t.Errorf("step %s: an expression within a script", s.Name)
	}
	for name, text := range map[string]string{script: s.Run, file("output"): "", file("path"): "", file("summary"): ""} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			g.t.Fatal(err)
		}
	}
	all := g.repository.env("GITHUB_OUTPUT="+file("output"), "GITHUB_PATH="+file("path"), "GITHUB_STEP_SUMMARY="+file("summary"))
	if path := e.values["path"]; path != "" {
		all[0] = "PATH=" + path + ":" + strings.TrimPrefix(all[0], "PATH=")
	}
	for key, value := range env {
		all = append(all, key+"="+value)
	}
	for key, value := range s.Env {
		all = append(all, key+"="+e.expand(value))
	}
	cmd := exec.Command("bash", "--noprofile", "--norc", "-eo", "pipefail", script)
	cmd.Dir, cmd.Env = out.dir, all
	if _, err := os.Stat(out.dir); err != nil { // a job that checks nothing out
		cmd.Dir = out.temp
	}
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		g.t.Fatal(err)
	}
	outcome := ""
	if act := g.during[s.Name]; act != nil {
		outcome = act(cmd.Process)
	}
	err := cmd.Wait()
	out.log += fmt.Sprintf("== %s\n%s== %v\n", s.Name, log.String(), err)
	if outcome == "gone" {
		return outcome
	}
	g.read(file("output"), file("path"), file("summary"), s, e, out)
	switch {
	case outcome != "":
		return outcome
	case err != nil:
		return "failure"
	}
	return "success"
}

func (g *github) read(output, path, summary string, s step, e *evaluator, out *ran) {
	text := func(name string) string {
		b, err := os.ReadFile(name)
		if err != nil {
			g.t.Fatal(err)
		}
		return string(b)
	}
	for line := range strings.Lines(text(output)) {
		key, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		e.values["steps."+s.ID+".outputs."+key] = value
	}
	if p := strings.TrimSpace(text(path)); p != "" {
		e.values["path"] = p
	}
	out.summary += text(summary)
}

// is fails unless the job ended so.
func (r ran) is(t *testing.T, state string) {
	t.Helper()
	if r.state != state {
		t.Fatalf("the job is a %s, and not a %s:\n%s\n%s", r.state, state, r.log, r.summary)
	}
}

// says fails unless a text has all of these.
func says(t *testing.T, text string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("%q is not in:\n%s", w, text)
		}
	}
}

// saysNot fails if a text has any of these.
func saysNot(t *testing.T, text string, unwanted ...string) {
	t.Helper()
	for _, w := range unwanted {
		if strings.Contains(text, w) {
			t.Errorf("%q is in:\n%s", w, text)
		}
	}
}

// wait waits until something is so.
func wait(t *testing.T, what string, is func() bool) {
	t.Helper()
	for range 6000 {
		if is() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("after a minute it is not so: %s", what)
}
