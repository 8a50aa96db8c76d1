package cli

import (
	"bufio"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"herald/providers/sandbox"
)

// Whatever goes wrong, a stream stays one: nothing but JSON lines on the standard output, the version first, and nothing on the
// other.
func TestStreamsWhenThingsGoWrong(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, page string
		code       int
		args       string
		last       string // type of the last line
		prepare    func(*stage)
	}{
		{"an error in the files", "json", 1, "plan", "diagnostic", func(g *stage) { g.edit("campaign.hcl", "broken.txt") }},
		{"the same, sending", "json", 1, "apply -auto-approve", "diagnostic", func(g *stage) { g.edit("campaign.hcl", "broken.txt") }},
		{"nobody to ask", "json", 1, "apply", "diagnostic", nil},
		{"no directory", "json", 1, "plan -var-file=nowhere", "diagnostic", nil},
		{"a limit below none", "json", 1, "plan -limit=-3", "diagnostic", nil},
		{"no such plan", "json", 1, "apply nowhere.plan", "diagnostic", nil},
		{"no plan at all", "json", 1, "apply people.csv", "diagnostic", nil},
		{"a policy forbids it", "policies", 4, "plan -sandbox", "change_summary", nil},
		{"a policy forbids sending", "policies", 4, "apply -sandbox -auto-approve", "change_summary", nil},
		{"something to apply", "json", 2, "plan -detailed-exitcode", "change_summary", nil},
		{"a wrong token", "json", 3, "apply -auto-approve", "apply_summary", func(g *stage) { g.env = append(g.env, "HEYX_TOKEN=wrong") }},
		{"a wrong token, watching", "json", 3, "apply -auto-approve -watch", "apply_summary", func(g *stage) { g.env = append(g.env, "HEYX_TOKEN=wrong") }},
		{"a policy forbids it, watching", "policies", 4, "apply -sandbox -auto-approve -watch", "change_summary", nil},
		{"a wrong token, with a sealed plan", "json", 3, "apply x.plan", "apply_summary", func(g *stage) {
			g.run(0, "plan", "-out=x.plan")
			g.env = append(g.env, "HEYX_TOKEN=wrong")
		}},
		{"a sealed plan that was applied", "json", 1, "apply x.plan", "diagnostic", func(g *stage) {
			g.run(0, "plan", "-out=x.plan")
			g.run(0, "apply", "x.plan")
		}},
		{"no token", "json", 1, "apply -auto-approve", "diagnostic", func(g *stage) { g.env = append(g.env, "HEYX_TOKEN=") }},
		{"the ledger is gone", "json", 1, "apply -auto-approve", "diagnostic", lose},
		{"the ledger is gone, planning", "json", 0, "plan", "change_summary", lose},
		{"no tests", "json", 1, "test", "diagnostic", nil},
		{"nowhere to listen", "json", 1, "listen -listen=nowhere:x", "diagnostic", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := newStage(t, tt.page, nil)
			if tt.prepare != nil {
				tt.prepare(g)
			}
			command, rest, _ := strings.Cut(tt.args, " ")
			b := g.begin(0, append([]string{command, "-json"}, strings.Fields(rest)...)...)
			g.ends(b, tt.code)
			if kinds := g.s.lines(t, b.out.String()); kinds[len(kinds)-1] != tt.last {
				t.Errorf("the last line is %q, want %q", kinds[len(kinds)-1], tt.last)
			}
			if b.errs.Len() > 0 {
				t.Errorf("beside the stream: %s", &b.errs)
			}
		})
	}
}

// lose sends, and loses the ledger.
func lose(g *stage) {
	g.run(0, "apply", "-auto-approve", "-limit=1")
	if err := os.Remove(filepath.Join(g.dir, "herald.state")); err != nil {
		g.t.Fatal(err)
	}
}

// An interrupted run, and one that finds the lock held, say so in the stream; the file beside it has the same.
func TestStreamsOfInterruptedRuns(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"-json", "-json-into=run.json"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			g := newSlowStage(t, "interrupted", nil, time.Second)
			b := g.begin(1, "apply", how, "-auto-approve")
			locked := g.begin(0, "apply", "-json", "-auto-approve")
			g.ends(locked, 1)
			g.s.lines(t, locked.out.String())
			if text := locked.out.String(); !strings.Contains(text, "is in use by") || locked.errs.Len() > 0 {
				t.Errorf("of the lock it says: %s%s", text, &locked.errs)
			}
			if err := b.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
			g.ends(b, 3)
			text := b.out.String()
			if how != "-json" {
				text = g.read("run.json")
			}
			kinds := g.s.lines(t, text)
			if !slices.Contains(kinds, "log") || kinds[len(kinds)-1] != "apply_summary" || !strings.Contains(text, `"interrupted":true`) {
				t.Errorf("the stream of an interrupted run: %s", text)
			}
			if b.errs.Len() > 0 {
				t.Errorf("beside the stream: %s", &b.errs)
			}
		})
	}
}

// A reader that goes away does not end a run; a disk that is full is told.
func TestStreamsThatNobodyTakes(t *testing.T) {
	t.Parallel()
	g := newStage(t, "interrupted", nil)
	cmd := exec.CommandContext(t.Context(), "herald", "apply", "-json", "-auto-approve")
	cmd.Dir, cmd.Env = g.dir, g.env
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	out.Close()
	if err := cmd.Wait(); err != nil || g.box.Count("heyx") != 6 {
		t.Errorf("%v, and %d of 6 messages", err, g.box.Count("heyx"))
	}

	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("no /dev/full here")
	}
	defer full.Close()
	cmd = exec.CommandContext(t.Context(), "herald", "plan", "-json")
	var errs strings.Builder
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = g.dir, g.env, full, &errs
	if err := cmd.Run(); cmd.ProcessState.ExitCode() != 1 || !strings.Contains(errs.String(), "not everything could be written") {
		t.Errorf("a full disk: %v, %s", err, &errs)
	}
	cmd = exec.CommandContext(t.Context(), "herald", "show", "-json")
	errs.Reset()
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = g.dir, g.env, full, &errs
	if err := cmd.Run(); cmd.ProcessState.ExitCode() != 1 || !strings.Contains(errs.String(), "no space left") {
		t.Errorf("a full disk: %v, %s", err, &errs)
	}
	cmd = exec.CommandContext(t.Context(), "herald", "plan", "-json-into=/dev/full", "-detailed-exitcode")
	errs.Reset()
	cmd.Dir, cmd.Env, cmd.Stderr = g.dir, g.env, &errs
	if err := cmd.Run(); cmd.ProcessState.ExitCode() != 1 || !strings.Contains(errs.String(), "is not whole") {
		t.Errorf("a full disk: %v, %s", err, &errs)
	}
}

// The file of -json-into has the lines of -json, whatever came of the run, and only its owner reads it. What is no stream is not
// overwritten, and nothing is sent before that is known.
func TestJSONIntoIsTheStream(t *testing.T) {
	t.Parallel()
	for name, faults := range map[string]map[string]sandbox.FaultKind{"well": nil, "in doubt": {"102": sandbox.FaultDropAfter}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code := min(len(faults)*3, 3)
			streamed := newStage(t, "interrupted", maps.Clone(faults))
			want := streamed.stream(code, "apply", "-auto-approve")
			beside := newStage(t, "interrupted", maps.Clone(faults))
			beside.write("run.json", `{"@level":"info","of":"an earlier run"}`+"\n") // 0644
			beside.run(code, "apply", "-auto-approve", "-json-into=run.json")
			if diff := cmp.Diff(want, beside.s.lines(t, beside.read("run.json"))); diff != "" {
				t.Errorf("(-json +json-into):\n%s", diff)
			}
			if info, err := os.Stat(filepath.Join(beside.dir, "run.json")); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%v, %v", info.Mode(), err)
			}
		})
	}
	g := newStage(t, "interrupted", nil)
	people := g.read("people.csv")
	for _, into := range []string{"people.csv", ".", "nowhere/run.json"} {
		b := g.begin(0, "apply", "-auto-approve", "-json-into="+into)
		g.ends(b, 1)
		if !strings.Contains(b.errs.String(), "-json-into") || b.out.Len() > 0 {
			t.Errorf("%s: %s%s", into, &b.out, &b.errs)
		}
	}
	if g.box.Count("heyx") > 0 || g.read("people.csv") != people {
		t.Error("it was not refused in time")
	}
}

// A watching apply is one stream over all its rounds.
func TestStreamOfAWatch(t *testing.T) {
	t.Parallel()
	g := newStage(t, "replies", nil)
	g.env = append(g.env, "TZ=UTC")
	kinds := g.stream(0, "apply", "-auto-approve", "-watch")
	summaries := 0
	for _, kind := range kinds {
		if kind == "apply_summary" {
			summaries++
		}
	}
	if summaries < 2 || kinds[len(kinds)-1] != "log" {
		t.Errorf("%v", kinds)
	}
}
