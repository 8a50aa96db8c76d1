package release

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	yaml "github.com/oasdiff/yaml3"
)

// goodCampaign is formatted and valid, with a list of people.
const goodCampaign = `provider "heyx" {
  token   = "not-a-token"
  channel = "viber"
}

contacts "people" {
  source = "people.csv"
  key    = "id"
}

audience "all" {
  include = [contacts.people]
}

conversation "viber" {
  provider   = heyx
  with       = audience.all
  contact_id = contact.viber
}

sequence "hello" {
  conversation = conversation.viber

  message "hi" {
    text = "Hello"
  }
}
`

const people = "id,viber\n1,djE=\n"

var (
	unformatted = strings.Replace(goodCampaign, `key    = "id"`, `key = "id"`, 1)
	invalid     = strings.Replace(goodCampaign, "contact.viber", "contakt.viber", 1)
)

// clone is a git repository with the plain hook in it.
type clone struct {
	t      *testing.T
	dir    string
	herald string
}

// newClone gives a repository in which the campaign stands in a directory, committed.
func newClone(t *testing.T, herald, campaign string) *clone {
	for _, tool := range []string{"git", "bash"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("the hook needs %s, which is not here", tool)
		}
	}
	c := &clone{t: t, dir: t.TempDir(), herald: herald}
	c.git("init", "-q")
	write(t, c.dir, ".git/hooks/pre-commit", readText(t, "../recipes/precommit/pre-commit"), 0o755)
	c.write(filepath.Join(campaign, "main.hcl"), goodCampaign)
	c.write(filepath.Join(campaign, "people.csv"), people)
	c.git("add", "-A")
	c.commits()
	return c
}

func (c *clone) write(name, content string) { write(c.t, c.dir, name, content, 0o644) }

func (c *clone) run(args ...string) (string, error) {
	cmd := exec.Command("git", append([]string{"-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"}, args...)...)
	cmd.Dir = c.dir
	cmd.Env = append(outside(), "HERALD="+c.herald, "GIT_CONFIG_NOSYSTEM=1", "HOME="+c.dir, "LC_ALL=C")
	said, err := cmd.CombinedOutput()
	return string(said), err
}

// outside is this machine's environment without what git tells its hooks: a test that runs within one would commit to the
// repository of herald itself.
func outside() []string {
	return slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "GIT_") })
}

func (c *clone) git(args ...string) {
	c.t.Helper()
	if said, err := c.run(args...); err != nil {
		c.t.Fatalf("git %q: %v\n%s", args, err, said)
	}
}

// commits expects that the hook lets a commit through, in silence.
func (c *clone) commits(args ...string) {
	c.t.Helper()
	if said, err := c.run(append([]string{"commit", "-q", "-m", "x"}, args...)...); err != nil || said != "" {
		c.t.Errorf("the hook refused, or said something: %v\n%s", err, said)
	}
}

// refused expects that the hook stops a commit and says each of words.
func (c *clone) refused(words ...string) string {
	c.t.Helper()
	said, err := c.run("commit", "-q", "-m", "x")
	if err == nil {
		c.t.Errorf("the hook let this through:\n%s", said)
	}
	for _, word := range words {
		if !strings.Contains(said, word) {
			c.t.Errorf("the hook does not say %q:\n%s", word, said)
		}
	}
	return said
}

func TestHook(t *testing.T) {
	herald := program(t)
	for name, try := range map[string]func(*testing.T, *clone){
		"good": func(t *testing.T, c *clone) {
			c.write("spring sale/main.hcl", strings.Replace(goodCampaign, "Hello", "Good day", 1))
			c.git("add", "-A")
			c.commits()
		},
		"unformatted": func(t *testing.T, c *clone) {
			c.write("spring sale/main.hcl", unformatted)
			c.git("add", "-A")
			c.refused("spring sale/main.hcl", "@@ -5,7 +5,7 @@", `-  key = "id"`)
		},
		"invalid": func(t *testing.T, c *clone) {
			c.write("spring sale/main.hcl", invalid)
			c.git("add", "-A")
			said := c.refused("./spring sale/ is not valid as staged", "on main.hcl line 18", "contakt")
			if strings.Contains(said, "is not formatted") {
				t.Errorf("what is wrong is said to be something else too:\n%s", said)
			}
		},
		"staged well, edited badly": func(t *testing.T, c *clone) {
			c.write("spring sale/main.hcl", strings.Replace(goodCampaign, "Hello", "Good day", 1))
			c.git("add", "-A")
			c.write("spring sale/main.hcl", invalid)
			c.commits()
		},
		"staged badly, mended only on the disk": func(t *testing.T, c *clone) {
			c.write("spring sale/main.hcl", invalid)
			c.git("add", "-A")
			c.write("spring sale/main.hcl", goodCampaign)
			c.refused("on main.hcl line 18")
		},
		"commit -a and commit FILE": func(t *testing.T, c *clone) { // git then has another index than the usual one
			c.write("spring sale/main.hcl", strings.Replace(goodCampaign, "Hello", "Good day", 1))
			c.commits("-a")
			c.write("notes.txt", "1")
			c.git("add", "notes.txt")
			c.write("spring sale/main.hcl", invalid)
			if said, err := c.run("commit", "-q", "-m", "x", "spring sale/main.hcl"); err == nil {
				t.Errorf("the hook let this through:\n%s", said)
			}
			c.commits("notes.txt")
		},
		"nothing staged": func(t *testing.T, c *clone) { c.commits("--allow-empty") },
		"elsewhere": func(t *testing.T, c *clone) { // what is wrong there already is not this commit's
			c.write("spring sale/main.hcl", invalid)
			c.git("add", "-A")
			c.git("commit", "-q", "--no-verify", "-m", "x")
			c.write("readme.md", "# Ours\n")
			c.git("add", "-A")
			c.commits()
		},
		"a list deleted": func(t *testing.T, c *clone) {
			c.git("rm", "-q", "spring sale/people.csv")
			c.refused("./spring sale/ is not valid as staged", `"people.csv": no such file`)
		},
		"a file moved away": func(t *testing.T, c *clone) {
			c.git("mv", "spring sale/people.csv", "people.csv")
			c.refused("./spring sale/ is not valid as staged")
		},
		"the whole campaign deleted": func(t *testing.T, c *clone) {
			c.git("rm", "-q", "-r", "spring sale")
			c.commits()
		},
		"a list in a directory below": func(t *testing.T, c *clone) {
			c.write("spring sale/main.hcl", strings.Replace(goodCampaign, "people.csv", "lists/a.csv", 1))
			c.write("spring sale/lists/a.csv", people)
			c.git("add", "-A")
			c.commits()
			c.write("spring sale/lists/a.csv", "name\nAda\n")
			c.git("add", "-A")
			c.refused("./spring sale/ is not valid as staged")
		},
		"a list that git is told to ignore": func(t *testing.T, c *clone) {
			c.git("rm", "-q", "--cached", "spring sale/people.csv")
			c.write(".gitignore", "*.csv\n")
			c.git("add", "-A")
			c.commits()
		},
		"a list that was forgotten": func(t *testing.T, c *clone) {
			c.git("rm", "-q", "--cached", "spring sale/people.csv")
			c.refused(`"people.csv": no such file`)
		},
		"two campaigns, both wrong": func(t *testing.T, c *clone) {
			c.write("spring sale/main.hcl", invalid)
			c.write("-odd [name]*/über/main.hcl", invalid)
			c.git("add", "-A")
			c.refused("./spring sale/ is not valid", "./-odd [name]*/über/ is not valid")
		},
		"at the top": func(t *testing.T, c *clone) {
			c.write("top.hcl", invalid)
			c.write("people.csv", people)
			c.git("add", "-A")
			c.refused("./ is not valid as staged", "on top.hcl line 18")
		},
		"no herald": func(t *testing.T, c *clone) {
			c.herald = "/nowhere/herald"
			c.refused("there is no program /nowhere/herald")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClone(t, herald, "spring sale")
			try(t, c)
			if left, _ := c.run("status", "--porcelain", "--ignored"); strings.Contains(left, "herald") {
				t.Errorf("the hook left something behind:\n%s", left)
			}
		})
	}
}

// hooks reads what https://pre-commit.com reads: https://pre-commit.com/#creating-new-hooks.
func readHooks(t *testing.T) map[string]hook {
	t.Helper()
	var list []hook
	if err := yaml.Unmarshal([]byte(readText(t, "../.pre-commit-hooks.yaml")), &list); err != nil {
		t.Fatal(err)
	}
	byID := map[string]hook{}
	for _, h := range list {
		byID[h.ID] = h
		if h.Language != "golang" || h.Name == "" {
			t.Errorf("%s: pre-commit would not build herald for a hook in %q", h.ID, h.Language)
		}
	}
	return byID
}

type hook struct {
	ID, Name, Description, Language, Entry, Files, Exclude string
	RequireSerial                                          bool `yaml:"require_serial"`
}

// run does what pre-commit does with a hook: it splits the entry as a shell does and hands over the files that match.
func (h hook) run(t *testing.T, herald, dir string, files ...string) (string, error) {
	t.Helper()
	path := filepath.Dir(herald)
	cmd := exec.Command("sh", append([]string{"-c", h.Entry + ` "$@"`, "pre-commit"}, files...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+path+":"+os.Getenv("PATH"))
	said, err := cmd.CombinedOutput()
	return string(said), err
}

func TestPreCommitHooks(t *testing.T) {
	herald, dir, hooks := program(t), t.TempDir(), readHooks(t)
	write(t, dir, "a b/main.hcl", goodCampaign, 0o644)
	write(t, dir, "a b/people.csv", people, 0o644)
	write(t, dir, "bad/main.hcl", invalid, 0o644)
	write(t, dir, "bad/people.csv", people, 0o644)
	write(t, dir, "loose/main.hcl", unformatted, 0o644)
	write(t, dir, "loose/people.csv", people, 0o644)

	validate := hooks["herald-validate"]
	if said, err := validate.run(t, herald, dir, "a b/main.hcl", "a b/main.hcl"); err != nil || said != "" {
		t.Errorf("validate of a good campaign: %v\n%s", err, said)
	}
	said, err := validate.run(t, herald, dir, "bad/main.hcl", "a b/main.hcl", "loose/main.hcl")
	if err == nil || strings.Count(said, "is not valid") != 1 || !strings.Contains(said, "bad is not valid") || !strings.Contains(said, "on main.hcl line 18") {
		t.Errorf("validate of a bad campaign among others: %v\n%s", err, said)
	}
	if !validate.RequireSerial {
		t.Error("pre-commit would check one directory in several processes at once")
	}

	format := hooks["herald-fmt"]
	if said, err := format.run(t, herald, dir, "a b/main.hcl"); err != nil || said != "" {
		t.Errorf("fmt of a formatted file: %v\n%s", err, said)
	}
	said, err = format.run(t, herald, dir, "a b/main.hcl", "loose/main.hcl")
	if err != nil || said != "loose/main.hcl\n" || readText(t, filepath.Join(dir, "loose/main.hcl")) != goodCampaign {
		t.Errorf("fmt of a loose file, which pre-commit stops at because it changed: %v\n%s", err, said)
	}
}

func TestPreCommitSample(t *testing.T) {
	var sample struct {
		Repos []struct {
			Rev   string
			Hooks []struct{ ID, Files string }
		}
	}
	if err := yaml.Unmarshal([]byte(readText(t, "../recipes/precommit/.pre-commit-config.yaml")), &sample); err != nil {
		t.Fatal(err)
	}
	hooks := readHooks(t)
	if len(sample.Repos) != 1 || sample.Repos[0].Rev != "v"+version(t) || len(sample.Repos[0].Hooks) != len(hooks) {
		t.Fatalf("the sample shows other hooks or another version than there are: %+v", sample)
	}
	for _, used := range sample.Repos[0].Hooks {
		for _, files := range []string{used.Files, hooks[used.ID].Files} {
			match := regexp.MustCompile(files)
			if !match.MatchString("campaigns/spring/main.hcl") || !match.MatchString("campaigns/spring/a.auto.vars") || match.MatchString("campaigns/spring/people.csv") {
				t.Errorf("%s: %s takes other files than herald fmt does", used.ID, files)
			}
		}
	}
}
