package release

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	yaml "github.com/oasdiff/yaml3"
)

// releaser is what these tests read of goreleaser's configuration: https://goreleaser.com/customization/.
type releaser struct {
	Version int
	Before  struct{ Hooks []string }
	Builds  []struct {
		ID, Main, Binary     string
		Env, Flags           []string
		Goos, Goarch         []string
		ModTimestamp         string `yaml:"mod_timestamp"`
		Ldflags, Tags, Hooks any
	}
	Archives []struct {
		IDs   []string
		Files []yaml.Node
	}
	Changelog struct{ Disable bool }
	Release   struct{ Header string }
	Dockers   []struct {
		IDs, Flags, Images, Platforms []string
		Dockerfile, Disable           string
	} `yaml:"dockers_v2"`
}

func readReleaser(t *testing.T) (r releaser) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(readText(t, "../.goreleaser.yaml")), &r); err != nil {
		t.Fatal(err)
	}
	if r.Version != 2 || len(r.Builds) != 1 || len(r.Archives) != 1 || len(r.Dockers) != 1 {
		t.Fatalf("the configuration has another shape than these tests read: %+v", r)
	}
	return r
}

func TestReleaseIsBuiltAsTheImageIs(t *testing.T) {
	build := readReleaser(t).Builds[0]
	var run string
	for _, s := range readDockerfile(t) {
		for _, in := range s.steps {
			if in.name == "RUN" && strings.Contains(in.args, "go build") {
				run = in.args
			}
		}
	}
	for _, word := range []string{"CGO_ENABLED=0", "-trimpath"} {
		if !slices.Contains(append(build.Env, build.Flags...), word) || !strings.Contains(run, word) {
			t.Errorf("%s stands not in both, .goreleaser.yaml and the Dockerfile", word)
		}
	}
	if build.ModTimestamp != "{{ .CommitTimestamp }}" {
		t.Errorf("mod_timestamp is %q: two releases of one commit would differ", build.ModTimestamp)
	}
	if slices.Contains(build.Goos, "windows") {
		t.Error("herald cannot keep a ledger on Windows: it must not be released there before it can")
	}
}

func TestReleaseShipsWhatThereIs(t *testing.T) {
	r := readReleaser(t)
	var shipped []string
	for _, file := range r.Archives[0].Files {
		var entry struct{ Src, Dst string }
		if file.Decode(&entry.Src) != nil {
			if err := file.Decode(&entry); err != nil {
				t.Fatal(err)
			}
		}
		shipped = append(shipped, entry.Src)
		if strings.HasPrefix(entry.Src, "release/out/") {
			continue // prepare.sh makes it: TestPrepare
		}
		if found, err := filepath.Glob(filepath.Join("..", entry.Src)); err != nil || len(found) == 0 {
			t.Errorf("%s is shipped, and is not there", entry.Src)
		}
	}
	for _, want := range []string{"LICENSE", "README.md", "CHANGELOG.md", "release/out/completions/*"} {
		if !slices.Contains(shipped, want) {
			t.Errorf("%s is not shipped", want)
		}
	}
	if !r.Changelog.Disable || !strings.Contains(r.Release.Header, `"release/out/notes.md"`) {
		t.Error("what is published is not what prepare.sh takes from CHANGELOG.md")
	}
}

func TestReleaseImageIsOurs(t *testing.T) {
	d := readReleaser(t).Dockers[0]
	target := strings.TrimPrefix(d.Flags[0], "--target=")
	stages := readDockerfile(t)
	i := slices.IndexFunc(stages, func(s stage) bool { return s.name == target })
	if i < 0 || d.Dockerfile != "Dockerfile" {
		t.Fatalf("%s has no stage %s", d.Dockerfile, target)
	}
	// goreleaser lays each platform's binary under the platform's name and gives nothing else of the tree.
	if last := stages[len(stages)-1]; stages[i].from != last.from {
		t.Errorf("the released image builds on %s and the other on %s: they must be alike but for the binary", stages[i].from, last.from)
	}
	for _, in := range stages[i].steps {
		if in.name == "COPY" && in.args != "$TARGETPLATFORM/herald /herald" {
			t.Errorf("Dockerfile:%d: COPY %s: goreleaser's build does not have that", in.line, in.args)
		}
	}
	for _, platform := range d.Platforms {
		system, machine, _ := strings.Cut(platform, "/")
		build := readReleaser(t).Builds[0]
		if !slices.Contains(build.Goos, system) || !slices.Contains(build.Goarch, machine) {
			t.Errorf("the image is to be made for %s, for which nothing is built", platform)
		}
	}
	if !strings.Contains(d.Disable, `isEnvSet "HERALD_IMAGE"`) {
		t.Error("without a name the image must be left out, or no release could be made without docker")
	}
}

// What prepare.sh is given must be the tag's version, and nothing but in a rehearsal.
func TestReleaseIsPreparedFirst(t *testing.T) {
	hooks := readReleaser(t).Before.Hooks
	if len(hooks) == 0 || hooks[0] != "sh release/prepare.sh {{ if .IsSnapshot }}-{{ else }}{{ .Version }}{{ end }}" {
		t.Errorf("the hooks are %q: the first must compare the tag with herald's version", hooks)
	}
	if _, err := os.Stat("prepare.sh"); err != nil {
		t.Error(err)
	}
}

// version is what herald calls itself.
func version(t *testing.T) string {
	t.Helper()
	m := regexp.MustCompile(`(?m)^const Version = "([^"]+)"$`).FindStringSubmatch(readText(t, "../internal/cli/version.go"))
	if m == nil {
		t.Fatal("internal/cli/version.go says no Version")
	}
	return m[1]
}
