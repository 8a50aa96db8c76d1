package cli

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"herald/internal/report"
)

const readme = "../../README.md"

// The README shows what herald really says: the campaign and its plan from an example, the table from the providers'
// facts. UPDATE_GOLDEN=1 writes them anew.
func TestReadmeShowsWhatIsTrue(t *testing.T) {
	messages, err := os.ReadFile("../../examples/announcement/messages.hcl")
	if err != nil {
		t.Fatal(err)
	}
	people, err := os.ReadFile("../../examples/announcement/people.hcl")
	if err != nil {
		t.Fatal(err)
	}
	plan, err := os.ReadFile("../../examples/announcement/plan.txt")
	if err != nil {
		t.Fatal(err)
	}
	section(t, "campaign", "```hcl\n"+string(people)+"\n"+string(messages)+"```\n")
	section(t, "plan", "```\n"+string(plan)+"```\n")
	renewal, err := os.ReadFile("../../examples/renewal/campaign.hcl")
	if err != nil {
		t.Fatal(err)
	}
	section(t, "renewal", "```hcl\n"+from(t, string(renewal), `sequence "renewal"`)+"```\n")
	tests, err := os.ReadFile("../../examples/renewal/renewal.test.hcl")
	if err != nil {
		t.Fatal(err)
	}
	block, _, _ := strings.Cut(from(t, string(tests), `run "who_answers_is_left_alone"`), "\n}\n")
	section(t, "test", "```hcl\n"+block+"\n}\n```\n")
	section(t, "providers", report.NewProviders(newRegistry()).Markdown())
}

// from gives a file's text from a line on that begins so.
func from(t *testing.T, text, line string) string {
	t.Helper()
	_, rest, found := strings.Cut(text, "\n"+line)
	if !found {
		t.Fatalf("no line begins %s", line)
	}
	return line + rest
}

// The providers' page is made from their facts.
func TestProvidersPageIsTrue(t *testing.T) {
	const page = "../../providers/README.md"
	want := report.NewProviders(newRegistry()).Page()
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("providers/README.md is stale; herald providers -docs writes it anew:\n%s", diff)
	}
}

// section compares what stands between two marker lines of the README, or replaces it.
func section(t *testing.T, name, want string) {
	t.Helper()
	page, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	open, closing := "<!-- "+name+" -->\n", "<!-- /"+name+" -->"
	before, rest, found := strings.Cut(string(page), open)
	got, after, closed := strings.Cut(rest, closing)
	if !found || !closed {
		t.Fatalf("README.md has no section %q", name)
	}
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(readme, []byte(before+open+want+closing+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("README.md, section %s, is stale; UPDATE_GOLDEN=1 writes it anew:\n%s", name, diff)
	}
}

// Every example gives the plan that lies beside it.
func TestExamplesGiveTheirPlans(t *testing.T) {
	campaigns, err := filepath.Glob("../../examples/*/*.hcl")
	if err != nil {
		t.Fatal(err)
	}
	dirs := map[string]bool{}
	for _, file := range campaigns {
		dirs[filepath.Dir(file)] = true
	}
	if len(dirs) < 2 {
		t.Fatalf("only %d examples", len(dirs))
	}
	for dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			dir := copyDir(t, dir)
			cmd := exec.Command("herald", "-chdir="+dir, "plan", "-sandbox", "-now=2026-12-01T09:00:00Z") // the day that examples speak of
			cmd.Env = append(os.Environ(), "HEYX_TOKEN=", "DIGITAL99_API_ACCESS_TOKEN=", "AVAAMO_ACCESS_TOKEN=", "MAAX_API_KEY=")
			var problems bytes.Buffer
			cmd.Stderr = &problems
			got, err := cmd.Output()
			if err != nil || problems.Len() > 0 {
				t.Fatalf("%v\n%s", err, problems.String())
			}
			golden := filepath.Join("../../examples", filepath.Base(dir), "plan.txt")
			if os.Getenv("UPDATE_GOLDEN") != "" {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("the plan is another (-want +got); UPDATE_GOLDEN=1 writes it anew:\n%s", diff)
			}
		})
	}
}

// Every example has tests, and passes them.
func TestExamplesPassTheirTests(t *testing.T) {
	dirs, err := filepath.Glob("../../examples/*/*.hcl")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, file := range dirs {
		dir := filepath.Dir(file)
		if seen[dir] {
			continue
		}
		seen[dir] = true
		t.Run(filepath.Base(dir), func(t *testing.T) {
			out, err := exec.Command("herald", "-chdir="+copyDir(t, dir), "test").CombinedOutput()
			if err != nil || !strings.Contains(string(out), "Success!") {
				t.Fatalf("%v\n%s", err, out)
			}
		})
	}
}

// copyDir copies the files of an example, without what runs left there, so that the plan is that of a fresh clone.
func copyDir(t *testing.T, from string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), filepath.Base(from))
	if err := os.Mkdir(to, 0o755); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(from)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.IsDir() || strings.HasPrefix(entry.Name(), "herald.state") {
			continue
		}
		content, err := os.ReadFile(filepath.Join(from, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, entry.Name()), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return to
}
