package release

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// instruction is one of a Dockerfile's, with its continued lines in one.
type instruction struct {
	line  int
	name  string
	flags map[string][]string // those before the arguments: --from, --mount
	args  string
}

// stage is what stands from one FROM to the next.
type stage struct {
	from, name string
	steps      []instruction
}

// readDockerfile reads the part of the language that ours uses: https://docs.docker.com/reference/dockerfile/.
func readDockerfile(t *testing.T) []stage {
	t.Helper()
	var stages []stage
	var held string
	for i, line := range strings.Split(readText(t, "../Dockerfile"), "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "#") || strings.TrimSpace(line) == "" {
			continue
		}
		if rest, more := strings.CutSuffix(line, `\`); more {
			held += rest
			continue
		}
		in := instruction{line: i + 1, flags: map[string][]string{}}
		in.name, in.args, _ = strings.Cut(strings.TrimSpace(held+line), " ")
		held = ""
		for in.args = strings.TrimSpace(in.args); strings.HasPrefix(in.args, "--"); in.args = strings.TrimSpace(in.args) {
			var flag string
			flag, in.args, _ = strings.Cut(in.args, " ")
			name, value, _ := strings.Cut(flag[2:], "=")
			in.flags[name] = append(in.flags[name], value)
		}
		if in.name == "FROM" {
			from, name, _ := strings.Cut(in.args, " AS ")
			stages = append(stages, stage{from: from, name: name})
			continue
		}
		if len(stages) == 0 {
			t.Fatalf("Dockerfile:%d: %s stands before the first FROM", in.line, in.name)
		}
		last := &stages[len(stages)-1]
		last.steps = append(last.steps, in)
	}
	return stages
}

func TestTheBaseIsPinned(t *testing.T) {
	pinned := regexp.MustCompile(`^\S+:\d+\.\d+\.\d+\S*@sha256:[0-9a-f]{64}$`)
	known := map[string]bool{"scratch": true}
	outside := 0
	for _, s := range readDockerfile(t) {
		if !known[s.from] {
			outside++
			if !pinned.MatchString(s.from) {
				t.Errorf("the image %s is named without its whole version and its digest", s.from)
			}
		}
		known[s.name] = true
	}
	if outside == 0 {
		t.Error("the Dockerfile builds on no image of others: this test reads it wrongly")
	}
}

// The Go that builds the image must be one that go.mod takes: there it is the version, with no download of another.
func TestTheBaseCanBuildUs(t *testing.T) {
	at := func(pattern, file string) []string {
		m := regexp.MustCompile(pattern).FindStringSubmatch(readText(t, file))
		if m == nil {
			t.Fatalf("%s holds no %s", file, pattern)
		}
		return strings.Split(m[1], ".")
	}
	image, module := at(`FROM .*golang:(\d+\.\d+)\.`, "../Dockerfile"), at(`(?m)^go (\d+\.\d+)`, "../go.mod")
	if strings.Join(image, ".") != strings.Join(module, ".") {
		t.Errorf("the Dockerfile builds with Go %s and go.mod says %s: raise both together", strings.Join(image, "."), strings.Join(module, "."))
	}
}

func readText(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
