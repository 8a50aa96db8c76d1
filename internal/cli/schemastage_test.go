package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"herald/providers/sandbox"
)

// stage is a campaign in a directory of its own, and emulators of the vendors. All that herald says there as JSON is checked
// against the published schemas.
type stage struct {
	t   *testing.T
	s   *schemaSet
	dir string
	env []string
	box *sandbox.Sandbox
}

// newStage takes the campaign of a page of testdata/script. What is sent to a conversation in faults goes wrong once, so.
func newStage(t *testing.T, page string, faults map[string]sandbox.FaultKind) *stage {
	t.Helper()
	return newSlowStage(t, page, faults, 0)
}

// newSlowStage has vendors that take their time.
func newSlowStage(t *testing.T, page string, faults map[string]sandbox.FaultKind, latency time.Duration) *stage {
	t.Helper()
	files, err := txtar.ParseFile(filepath.Join("testdata/script", page+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	g := &stage{t: t, s: publishedSchemas(t), dir: t.TempDir()}
	for _, f := range files.Files {
		if err := os.WriteFile(filepath.Join(g.dir, f.Name), f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	left := make(chan map[string]sandbox.FaultKind, 1)
	left <- faults
	g.box, err = sandbox.Start(sandbox.Options{Latency: latency, Fault: func(_ string, _ int, r *http.Request) sandbox.Fault {
		faults := <-left
		defer func() { left <- faults }()
		for place, kind := range faults {
			if strings.HasSuffix(r.URL.Path, "/"+place) || strings.Contains(r.URL.Path, "/"+place+"/") {
				delete(faults, place)
				return sandbox.Fault{Kind: kind}
			}
		}
		return sandbox.Fault{}
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.box.Close() })
	g.env = append(os.Environ(), "GITHUB_RUN_ID=", "CI_JOB_URL=")
	for _, v := range g.box.Vendors() {
		g.env = append(g.env, "HERALD_VAR_"+v.Name+"="+v.URL)
		for _, f := range facts() {
			for _, setting := range f.Settings {
				if f.Type == v.Name && setting.Secret {
					g.env = append(g.env, setting.Env+"="+sandboxToken(setting, v))
				}
			}
		}
	}
	return g
}

// edit replaces a file, by another of the page.
func (g *stage) edit(name, by string) {
	g.t.Helper()
	text, err := os.ReadFile(filepath.Join(g.dir, by))
	if err != nil {
		g.t.Fatal(err)
	}
	g.write(name, string(text))
}

func (g *stage) write(name, text string) {
	g.t.Helper()
	if err := os.WriteFile(filepath.Join(g.dir, name), []byte(text), 0o644); err != nil {
		g.t.Fatal(err)
	}
}

// run runs herald, which must end with that exit code, and gives what it printed.
func (g *stage) run(code int, args ...string) string {
	g.t.Helper()
	cmd := exec.CommandContext(g.t.Context(), "herald", args...)
	cmd.Dir, cmd.Env = g.dir, g.env
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	got := 0
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		g.t.Fatal(err)
	}
	if got != code {
		g.t.Fatalf("herald %s: exit code %d, want %d\n%s%s", strings.Join(args, " "), got, code, &out, &errs)
	}
	return out.String()
}

// stream runs a command that has -json, whose every line is checked, and gives the types of lines.
func (g *stage) stream(code int, args ...string) []string {
	g.t.Helper()
	return g.s.lines(g.t, g.run(code, append(args[:1:1], append([]string{"-json"}, args[1:]...)...)...))
}

// sealed plans, as people and as machines see it, and shows the sealed plan.
func (g *stage) sealed(code int, args ...string) {
	g.t.Helper()
	g.stream(code, append([]string{"plan", "-out=x.plan"}, args...)...)
	g.s.check(g.t, "plan.schema.json", []byte(g.run(0, "show", "-json", "x.plan")))
}

// document notes what a command says as one document.
func (g *stage) document(code int, args ...string) {
	g.t.Helper()
	text := g.run(code, append(args, "-json")...)
	var line bytes.Buffer
	if err := json.Compact(&line, []byte(text)); err != nil {
		g.t.Errorf("%v: %s", err, text)
	}
	g.s.heard("herald "+strings.Join(args, " ")+" -json", line.String()+"\n")
}

// ledger shows the ledger, whole and as its status.
func (g *stage) ledger(args ...string) {
	g.t.Helper()
	g.s.check(g.t, "ledger.schema.json", []byte(g.run(0, append([]string{"show", "-json"}, args...)...)))
	status := map[string]any{}
	if err := json.Unmarshal([]byte(g.run(0, append([]string{"status", "-json"}, args...)...)), &status); err != nil {
		g.t.Fatal(err)
	}
	status["runs"] = []any{} // the same, but for these
	text, err := json.Marshal(status)
	if err != nil {
		g.t.Fatal(err)
	}
	g.s.check(g.t, "ledger.schema.json", text)
}

func (g *stage) read(name string) string {
	g.t.Helper()
	text, err := os.ReadFile(filepath.Join(g.dir, name))
	if err != nil {
		g.t.Fatal(err)
	}
	return string(text)
}

// begun is herald while it runs.
type begun struct {
	*exec.Cmd
	out, errs bytes.Buffer
}

// begin starts herald, and waits until heyx has accepted that many messages.
func (g *stage) begin(accepted int, args ...string) *begun {
	g.t.Helper()
	b := &begun{Cmd: exec.CommandContext(g.t.Context(), "herald", args...)}
	b.Dir, b.Env, b.Stdout, b.Stderr = g.dir, g.env, &b.out, &b.errs
	if err := b.Start(); err != nil {
		g.t.Fatal(err)
	}
	g.accepted(accepted)
	return b
}

// accepted waits until heyx has accepted that many messages.
func (g *stage) accepted(n int) {
	g.t.Helper()
	for range 1000 {
		if g.box.Count("heyx") >= n {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	g.t.Fatalf("heyx accepted only %d messages", g.box.Count("heyx"))
}

// ends waits for the end, which must have that exit code.
func (g *stage) ends(b *begun, code int) {
	g.t.Helper()
	err := b.Wait()
	exit := (*exec.ExitError)(nil)
	if err != nil && !errors.As(err, &exit) {
		g.t.Fatal(err)
	}
	if got := b.ProcessState.ExitCode(); got != code {
		g.t.Fatalf("exit code %d, want %d\n%s%s", got, code, &b.out, &b.errs)
	}
}
