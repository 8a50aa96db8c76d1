package cli

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const pullRequestPage = "../../docs/pull-request.md"

// TestPullRequestPage runs the commands of docs/pull-request.md on a git repository of its own, and compares what they say with
// what the page says they do. UPDATE_GOLDEN=1 writes the page anew. On the page
//
//	<!-- file NAME -->     the block below is a file of the first commit
//	<!-- patch ada -->     the block below is what Ada changes
//	ada$ COMMAND, ci$ COMMAND
//	                       a line of a console block: what she or CI runs, each in a clone; what follows is its output
//	<!-- comment -->       to <!-- /comment -->, the Markdown that CI wrote, quoted
func TestPullRequestPage(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and nothing in it runs at once")
	}
	t.Parallel()
	for _, tool := range []string{"git", "sh"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("the page needs %s", tool)
		}
	}
	was, err := os.ReadFile(pullRequestPage)
	if err != nil {
		t.Fatal(err)
	}
	got := newStory(t).play(string(was))
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(pullRequestPage, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(was), got); diff != "" {
		t.Errorf("docs/pull-request.md is stale; UPDATE_GOLDEN=1 writes it anew:\n%s", diff)
	}
}

// story is a page that is played on a repository.
type story struct {
	*testing.T
	root    string
	env     []string
	begun   bool // files are committed, and CI has its clone
	began   time.Time
	digests []string // in the order in which they were first seen
}

func newStory(t *testing.T) *story {
	s := &story{T: t, root: t.TempDir(), began: time.Now()}
	// As inside a git hook, where GIT_DIR names the repository around: the story has one of its own.
	here := slices.DeleteFunc(os.Environ(), func(one string) bool { return strings.HasPrefix(one, "GIT_") })
	s.env = append(here, "HOME="+s.root, "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1", "GIT_TERMINAL_PROMPT=0", "LC_ALL=C",
		"GIT_AUTHOR_NAME=Ada", "GIT_AUTHOR_EMAIL=ada@example.com", "GIT_COMMITTER_NAME=Ada", "GIT_COMMITTER_EMAIL=ada@example.com",
		"GITHUB_RUN_ID=", "CI_JOB_URL=https://ci.example.com/jobs/42", "HEYX_TOKEN=")
	s.must("", "git init -q --bare remote.git && git -C remote.git symbolic-ref HEAD refs/heads/main && mkdir ada ci && git init -q ada/atlas")
	s.must("ada/atlas", "git symbolic-ref HEAD refs/heads/main && git remote add origin ../../remote.git && printf '.herald/\\n*.plan\\ncomment.md\\nplan.txt\\n' > .gitignore")
	return s
}

// play gives the page with what its commands say now.
func (s *story) play(page string) string {
	var out strings.Builder
	lines := strings.SplitAfter(page, "\n")
	next := func() string {
		if len(lines) == 0 {
			return ""
		}
		line := lines[0]
		lines = lines[1:]
		return line
	}
	file := regexp.MustCompile(`^<!-- file (\S+) -->\n$`)
	for len(lines) > 0 {
		line := next()
		out.WriteString(line)
		switch found := file.FindStringSubmatch(line); {
		case found != nil, line == "<!-- patch ada -->\n":
			var block strings.Builder
			out.WriteString(next()) // the fence
			for line = next(); line != "```\n" && line != ""; line = next() {
				block.WriteString(line)
			}
			out.WriteString(block.String() + line)
			if found != nil {
				s.write(found[1], block.String())
			} else {
				s.write("../change.patch", block.String())
				s.must("ada/atlas", "git apply ../change.patch")
			}
		case line == "```console\n":
			for line = next(); line != "```\n" && line != ""; line = next() {
				if who, command, found := strings.Cut(strings.TrimSuffix(line, "\n"), "$ "); found && (who == "ada" || who == "ci") {
					out.WriteString(line + s.say(who, command))
				}
			}
			out.WriteString(line)
		case line == "<!-- comment -->\n":
			for line = next(); line != "<!-- /comment -->\n" && line != ""; line = next() {
			}
			out.WriteString(s.quoted("ci/atlas/comment.md") + line)
		}
	}
	return out.String()
}

func (s *story) write(name, content string) {
	s.Helper()
	if err := os.WriteFile(filepath.Join(s.root, "ada/atlas", name), []byte(content), 0o644); err != nil {
		s.Fatal(err)
	}
}

// must runs what the page does not show.
func (s *story) must(dir, command string) {
	s.Helper()
	if out, err := s.command(dir, command).CombinedOutput(); err != nil {
		s.Fatalf("%s: %v\n%s", command, err, out)
	}
}

func (s *story) command(dir, command string) *exec.Cmd {
	cmd := exec.Command("sh", "-c", command)
	cmd.Dir, cmd.Env = filepath.Join(s.root, dir), s.env
	return cmd
}

// say runs a command of the page, in which digests have the names that the page gives them, and gives what it says.
func (s *story) say(who, command string) string {
	s.Helper()
	if !s.begun {
		s.must("ada/atlas", "git add -A && git commit -q -m 'Announce Atlas 4' && git push -q -u origin main && git clone -q ../../remote.git ../../ci/atlas")
		s.begun = true
	}
	for i, digest := range s.digests {
		command = strings.ReplaceAll(command, fmt.Sprintf("DIGEST-%d", i+1), digest)
	}
	out, err := s.command(who+"/atlas", command).CombinedOutput()
	if err != nil && !bytes.Contains(out, []byte("Error")) {
		s.Fatalf("%s: %v\n%s", command, err, out)
	}
	return s.steady(string(out))
}

// quoted gives a Markdown file as a quotation.
func (s *story) quoted(name string) string {
	s.Helper()
	content, err := os.ReadFile(filepath.Join(s.root, name))
	if err != nil {
		s.Fatal(err)
	}
	var out strings.Builder
	for line := range strings.Lines(s.steady(string(content))) {
		out.WriteString(strings.TrimRight("> "+line, " \n") + "\n")
	}
	return out.String()
}

var (
	sum    = regexp.MustCompile(`\b[0-9a-f]{64}\b`)
	stamp  = regexp.MustCompile(`\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\dZ| UTC)`)
	lasted = regexp.MustCompile(`It took [^.]*\.`)
	whose  = regexp.MustCompile(`\bby \S+@\S+ at\b`)
)

// steady replaces what is another in each run: digests get names, the story begins at nine on the first of December.
func (s *story) steady(text string) string {
	text = sum.ReplaceAllStringFunc(text, func(digest string) string {
		for i, known := range s.digests {
			if known == digest {
				return fmt.Sprintf("DIGEST-%d", i+1)
			}
		}
		s.digests = append(s.digests, digest)
		return fmt.Sprintf("DIGEST-%d", len(s.digests))
	})
	text = stamp.ReplaceAllStringFunc(text, func(at string) string {
		layout := "2006-01-02 15:04 UTC"
		if strings.Contains(at, "T") && strings.HasSuffix(at, "Z") {
			layout = "2006-01-02T15:04:05Z"
		}
		t, err := time.Parse(layout, at)
		if err != nil {
			s.Fatal(err)
		}
		return time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC).Add(t.Sub(s.began).Round(time.Hour)).Format(layout)
	})
	text = whose.ReplaceAllString(text, "by ci@runner at")
	return lasted.ReplaceAllString(text, "It took a second.")
}
