package recipes

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// pipeline is what these tests know of a .gitlab-ci.yml.
type pipeline struct {
	Variables map[string]string
	Jobs      map[string]gitlabJob
}

type gitlabJob struct {
	Extends     string         `yaml:"extends"`
	Stage       string         `yaml:"stage"`
	Image       string         `yaml:"image"`
	Rules       []gitlabRule   `yaml:"rules"`
	Tags        []string       `yaml:"tags"`
	Environment map[string]any `yaml:"environment"`
	Resource    string         `yaml:"resource_group"`
	Interrupt   *bool          `yaml:"interruptible"`
	Timeout     string         `yaml:"timeout"`
	Before      []string       `yaml:"before_script"`
	Script      []string       `yaml:"script"`
	After       []string       `yaml:"after_script"`
	Artifacts   struct {
		When   string   `yaml:"when"`
		Paths  []string `yaml:"paths"`
		Expire string   `yaml:"expire_in"`
		Access string   `yaml:"access"`
	} `yaml:"artifacts"`
}

type gitlabRule struct {
	If    string `yaml:"if"`
	When  string `yaml:"when"`
	Allow *bool  `yaml:"allow_failure"`
}

// loadPipeline reads the recipe. What is no job (stages, variables, workflow) is left out.
func loadPipeline(t *testing.T) pipeline {
	t.Helper()
	var all map[string]any
	load(t, "gitlab/.gitlab-ci.yml", &all)
	p := pipeline{Variables: loadKey[map[string]string](t, "gitlab/.gitlab-ci.yml", "variables"), Jobs: map[string]gitlabJob{}}
	for name := range all {
		switch name {
		case "variables", "stages", "workflow", "default":
			continue
		}
		p.Jobs[name] = loadKey[gitlabJob](t, "gitlab/.gitlab-ci.yml", name)
	}
	return p
}

// gitlab runs jobs of the recipe in a repository as a runner of GitLab's does.
type gitlab struct {
	*repository
	api    *gitlabAPI
	jobs   int
	during func(*os.Process) string
}

func newGitLab(t *testing.T) *gitlab {
	t.Helper()
	need(t, "curl", "jq")
	return &gitlab{repository: newRepository(t), api: newGitLabAPI(t)}
}

// job runs a job's scripts for a commit.
func (g *gitlab) job(name, sha string, fork bool) ran {
	g.t.Helper()
	p := loadPipeline(g.t)
	j, ok := p.Jobs[name]
	if !ok || j.Extends != ".herald" {
		g.t.Fatalf("there is no job %s", name)
	}
	g.jobs++
	number := 500 + g.jobs
	out := ran{state: "success", dir: filepath.Join(g.t.TempDir(), filepath.Base(g.work)), temp: g.t.TempDir()}
	g.sh(out.temp, "git", "clone", "-q", g.origin, out.dir)
	g.sh(out.dir, "git", "checkout", "-q", "--detach", sha)
	// The image has no package manager here: its tools are on this machine.
	if err := os.WriteFile(filepath.Join(out.temp, "apk"), []byte("#!/bin/sh\n"), 0o755); err != nil {
		g.t.Fatal(err)
	}
	env := g.repository.env("HERALD_URL=file://"+g.release, "HERALD_SHA256="+g.sha256, "HERALD_LEDGER_STORE="+g.store, "HERALD_APPLIED="+g.applied,
		"HERALD_RECIPIENT="+g.recipients(), "HERALD_DIR="+g.folder, "CI=true", "GITLAB_CI=true", "CI_API_V4_URL="+g.api.url, "CI_PROJECT_ID=5",
		"CI_MERGE_REQUEST_PROJECT_ID=5", "CI_MERGE_REQUEST_IID=7", "CI_COMMIT_SHA="+sha, "CI_JOB_ID="+strconv.Itoa(number), "CI_JOB_NAME="+name,
		"CI_JOB_URL=https://gitlab.example/o/r/-/jobs/"+strconv.Itoa(number), "CI_PROJECT_DIR="+out.dir, "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA=")
	env[0] = "PATH=" + out.temp + ":" + strings.TrimPrefix(env[0], "PATH=")
	if !fork {
		env = append(env, "HERALD_BOT_TOKEN="+projectToken)
	}
	if name := j.Environment["name"]; name != nil {
		env = append(env, fmt.Sprintf("CI_ENVIRONMENT_NAME=%v", name))
	}
	switch j.Environment["name"] {
	case "herald":
		env = append(env, "HERALD_AGE_IDENTITY="+g.identity.String(), "HEYX_TOKEN="+g.token)
	case "herald-due":
		env = append(env, "HEYX_TOKEN="+g.token)
	}
	before := append(append([]string{}, p.Jobs[j.Extends].Before...), j.Before...)
	state := g.shell(&out, "script", append(before, j.Script...), env)
	if state == "gone" {
		out.state = state
		return out
	}
	out.state = state
	// A second shell, with nothing of the first one's variables. What it ends with means nothing.
	if len(j.After) > 0 {
		during := g.during
		g.during = nil
		g.shell(&out, "after_script", j.After, append(env, "CI_JOB_STATUS="+strings.Replace(state, "failure", "failed", 1)))
		g.during = during
	}
	if (j.Artifacts.When == "on_success" && state == "success") || j.Artifacts.When == "always" {
		for _, path := range j.Artifacts.Paths {
			if err := g.api.keep(number, filepath.Join(out.dir, path)); err != nil {
				g.t.Fatal(err)
			}
		}
	}
	return out
}

func (g *gitlab) shell(out *ran, what string, script []string, env []string) string {
	cmd := exec.Command("sh", "-e", "-c", strings.Join(script, "\n"))
	cmd.Dir, cmd.Env = out.dir, env
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		g.t.Fatal(err)
	}
	state := ""
	if g.during != nil {
		state = g.during(cmd.Process)
	}
	err := cmd.Wait()
	out.log += fmt.Sprintf("== %s\n%s== %v\n", what, log.String(), err)
	switch {
	case state != "":
		return state
	case err != nil:
		return "failure"
	}
	return "success"
}

// reviewed makes a merge request that is planned and merged, and gives the merge.
func (g *gitlab) reviewed(text string, people int) (sha string) {
	g.t.Helper()
	g.says("second", text, people)
	head := g.push(text)
	g.job("plan", head, false).is(g.t, "success")
	sha = g.merge()
	g.api.merges[sha] = pull{7, head}
	return sha
}

func (g *gitlab) sent() int { return g.vendors.Count("heyx") }
