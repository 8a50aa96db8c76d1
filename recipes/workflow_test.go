package recipes

import (
	"os"
	"testing"

	"github.com/oasdiff/yaml3"
)

// workflow is what these tests know of a workflow of GitHub's.
type workflow struct {
	On          map[string]any    `yaml:"on"`
	Env         map[string]string `yaml:"env"`
	Permissions map[string]string `yaml:"permissions"`
	Concurrency *concurrency      `yaml:"concurrency"`
	Defaults    struct {
		Run struct {
			Shell string `yaml:"shell"`
		} `yaml:"run"`
	} `yaml:"defaults"`
	Jobs map[string]job `yaml:"jobs"`
}

type concurrency struct {
	Group  string `yaml:"group"`
	Cancel bool   `yaml:"cancel-in-progress"`
	Queue  string `yaml:"queue"`
}

type job struct {
	If          string            `yaml:"if"`
	Needs       string            `yaml:"needs"`
	RunsOn      any               `yaml:"runs-on"`
	Timeout     int               `yaml:"timeout-minutes"`
	Environment string            `yaml:"environment"`
	Concurrency *concurrency      `yaml:"concurrency"`
	Permissions map[string]string `yaml:"permissions"`
	Outputs     map[string]string `yaml:"outputs"`
	Steps       []step            `yaml:"steps"`
}

type step struct {
	ID       string            `yaml:"id"`
	Name     string            `yaml:"name"`
	If       string            `yaml:"if"`
	Uses     string            `yaml:"uses"`
	With     map[string]string `yaml:"with"`
	Env      map[string]string `yaml:"env"`
	Run      string            `yaml:"run"`
	Continue bool              `yaml:"continue-on-error"`
}

func load(t *testing.T, path string, into any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

func loadWorkflow(t *testing.T, name string) workflow {
	t.Helper()
	var w workflow
	load(t, "github/"+name, &w)
	return w
}

// loadKey reads one key of a file.
func loadKey[T any](t *testing.T, path, key string) (one T) {
	t.Helper()
	var all map[string]yaml.Node
	load(t, path, &all)
	node := all[key]
	if err := node.Decode(&one); err != nil {
		t.Fatalf("%s: %s: %v", path, key, err)
	}
	return one
}
