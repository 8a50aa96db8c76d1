package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"herald/internal/sealed"
	"herald/providers/sandbox"
)

// planBench is a campaign with a plan of it, vendors that count what reaches them, and a folder for temporary files.
type planBench struct {
	t        *testing.T
	dir, tmp string
	box      *sandbox.Sandbox
	env      []string
	head     map[string]any // plan.json
	steps    string         // of the lane digital99
	heap     int            // KiB that the last run took at most
	ended    time.Duration  // how long it took
}

const badPlanCampaign = `
variable "digital99" {
  type = string
}
provider "digital99" {
  base_url   = var.digital99
  account_id = 7
}
contacts "people" {
  source = "people.csv"
  key    = "id"
}
conversation "desk" {
  provider        = digital99
  with            = contacts.people
  conversation_id = contact.desk
}
sequence "news" {
  conversation = conversation.desk
  message "hello" {
    text = "Hi ${contact.first_name}."
  }
}
`

func newPlanBench(t *testing.T) *planBench {
	t.Helper()
	b := &planBench{t: t, dir: t.TempDir(), tmp: t.TempDir()}
	var err error
	if b.box, err = sandbox.Start(sandbox.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.box.Close() })
	b.env = append(os.Environ(), "TMPDIR="+b.tmp, "NO_COLOR=1", "HOME="+b.tmp, sealed.IdentityVariable+"=")
	for _, v := range b.box.Vendors() {
		if v.Name == "digital99" {
			b.env = append(b.env, "HERALD_VAR_digital99="+v.URL)
		}
		for _, f := range facts() {
			for _, s := range f.Settings {
				if s.Secret && f.Type == v.Name {
					b.env = append(b.env, s.Env+"="+sandboxToken(s, v))
				}
			}
		}
	}
	b.write("campaign.hcl", badPlanCampaign)
	b.write("people.csv", "id,first_name,desk\nc1,Ada,11\nc2,Grace,12\nc3,Alan,13\n")
	b.good("plan", "-out=good.plan")
	f, err := sealed.Open(context.Background(), b.path("good.plan"), sealed.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := json.Unmarshal([]byte(b.entry(f, savedName)), &b.head); err != nil {
		t.Fatal(err)
	}
	b.steps = b.entry(f, "steps/digital99.jsonl")
	return b
}

func (b *planBench) path(name string) string { return filepath.Join(b.dir, name) }

func (b *planBench) write(name, content string) {
	b.t.Helper()
	if err := os.WriteFile(b.path(name), []byte(content), 0o600); err != nil {
		b.t.Fatal(err)
	}
}

func (b *planBench) entry(f *sealed.File, name string) string {
	b.t.Helper()
	r, err := f.Open(name)
	if err != nil {
		b.t.Fatal(err)
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		b.t.Fatal(err)
	}
	return string(text)
}

// run runs herald in the campaign's folder, as people do.
func (b *planBench) run(args ...string) (code int, out, errs string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "herald", args...)
	cmd.Dir, cmd.Env = b.dir, b.env
	var o, e strings.Builder
	cmd.Stdout, cmd.Stderr = &o, &e
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		b.t.Fatal(err)
	}
	done, most := make(chan struct{}), make(chan int)
	go func() { most <- memory(cmd.Process.Pid, done) }()
	_ = cmd.Wait() // its code says all
	close(done)
	b.ended, b.heap = time.Since(begun), <-most
	if ctx.Err() != nil {
		b.t.Fatalf("herald %q does not end", args)
	}
	return cmd.ProcessState.ExitCode(), o.String(), e.String()
}

// memory watches how much a process has had in memory, in KiB. What the system counts for a process that has ended begins
// with what its parent had. Where there is no such file it gives 0.
func memory(pid int, done <-chan struct{}) (most int) {
	for {
		text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		if _, rest, found := strings.Cut(string(text), "VmHWM:"); found {
			var n int
			if _, err := fmt.Sscan(rest, &n); err == nil {
				most = max(most, n)
			}
		}
		select {
		case <-done:
			return most
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func (b *planBench) good(args ...string) string {
	b.t.Helper()
	code, out, errs := b.run(args...)
	if code != 0 {
		b.t.Fatalf("herald %q gives %d: %s%s", args, code, out, errs)
	}
	return out
}

// files gives what lies in the campaign's folder and in that for temporary files.
func (b *planBench) files() string {
	b.t.Helper()
	var all []string
	for _, dir := range []string{b.dir, b.tmp} {
		err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			if info, statErr := d.Info(); statErr == nil && err == nil && !strings.HasSuffix(path, ".lock") { // a lock that is free is none
				all = append(all, fmt.Sprint(path, " ", info.Mode(), " ", info.Size()))
			}
			return err
		})
		if err != nil {
			b.t.Fatal(err)
		}
	}
	return strings.Join(all, "\n")
}

// ways are all that people do with a plan file.
var ways = [][]string{{"apply"}, {"apply", "-json"}, {"show"}, {"show", "-json"}, {"show", "-markdown"}, {"show", "-html=page.html"}}

// refuses checks that a file is refused, whatever is done with it: with a reason, without a trace, and nothing is sent or
// left behind.
func (b *planBench) refuses(file string, want ...string) {
	b.t.Helper()
	for _, way := range ways {
		b.refusesWay(append(way, file), want...)
	}
}

func (b *planBench) refusesWay(args []string, want ...string) {
	b.t.Helper()
	before := b.files()
	code, out, errs := b.run(args...)
	said := out + errs
	if code != 1 {
		b.t.Errorf("herald %q ends with %d: %.2000s", args, code, said)
	}
	for _, w := range append(want, filepath.Base(args[len(args)-1])) {
		if !strings.Contains(said, w) {
			b.t.Errorf("herald %q does not say %q: %.2000s", args, w, said)
		}
	}
	for _, not := range []string{"goroutine ", "panic", "runtime error", ".go:", "\x1b", "\u202e", "\x00"} {
		if strings.Contains(said, not) {
			b.t.Errorf("herald %q says %q: %.2000q", args, not, said)
		}
	}
	if len(said) > 4000 {
		b.t.Errorf("herald %q says %d bytes", args, len(said))
	}
	if after := b.files(); after != before {
		b.t.Errorf("herald %q leaves\n%s\nwhere there was\n%s", args, after, before)
	}
	if n := b.box.Count("digital99"); n != 0 {
		b.t.Fatalf("herald %q sent %d messages", args, n)
	}
	if b.heap > 640<<10 {
		b.t.Errorf("herald %q took %d MiB", args, b.heap>>10)
	}
	if b.ended > 20*time.Second {
		b.t.Errorf("herald %q took %s", args, b.ended)
	}
}

// forge seals a plan with any content, so that the digest fits.
func (b *planBench) forge(name string, parts map[string]string) {
	b.t.Helper()
	from := map[string]io.Reader{}
	for name, content := range parts {
		from[name] = strings.NewReader(content)
	}
	b.forgeFrom(name, from)
}

func (b *planBench) forgeFrom(name string, parts map[string]io.Reader) {
	b.t.Helper()
	w, err := sealed.Create(b.path(name))
	if err != nil {
		b.t.Fatal(err)
	}
	defer w.Abort()
	for name, content := range parts {
		e, err := w.Entry(name)
		if err == nil {
			_, err = io.Copy(e, content)
		}
		if err != nil {
			b.t.Fatal(err)
		}
	}
	if _, err := w.Seal(); err != nil {
		b.t.Fatal(err)
	}
}

// altered gives plan.json with a change; the other parts of it stay as they are.
func (b *planBench) altered(change func(head map[string]any)) string {
	b.t.Helper()
	text, err := json.Marshal(b.head)
	if err != nil {
		b.t.Fatal(err)
	}
	var head map[string]any
	if err := json.Unmarshal(text, &head); err != nil {
		b.t.Fatal(err)
	}
	if change != nil {
		change(head)
	}
	if text, err = json.Marshal(head); err != nil {
		b.t.Fatal(err)
	}
	return string(text)
}

// in gives a member at any depth.
func in(v any, path ...any) any {
	for _, p := range path {
		switch p := p.(type) {
		case string:
			v = v.(map[string]any)[p]
		case int:
			v = v.([]any)[p]
		}
	}
	return v
}

func set(v any, member string, to any) { v.(map[string]any)[member] = to }

// The bench must apply what is right, or all that follows proves nothing.
func TestForgedPlanWithoutChangeIsApplied(t *testing.T) {
	b := newPlanBench(t)
	b.forge("same.plan", map[string]string{savedName: b.altered(nil), "steps/digital99.jsonl": b.steps})
	if out := b.good("show", "same.plan"); !strings.Contains(out, "3 to send") {
		t.Error(out)
	}
	b.forge("more.plan", map[string]string{"steps/digital99.jsonl": b.steps,
		savedName: b.altered(func(h map[string]any) {
			set(in(h, "plan", "Counts"), "skip", 1)
			set(in(h, "plan", "Counts"), "assume", 1)
			set(h, "rests", 1)
		}),
		settledName: `{"sequence":"news","message":"bye","key":"c1","action":"skip","account":"digital99"}` + "\n" +
			`{"sequence":"news","message":"bye","key":"c2","action":"assume"}` + "\n",
		restsName: `{"sequence":"news","message":"bye","key":"c1","on":"hello","fate":"read"}` + "\n"})
	if out := b.good("show", "more.plan"); !strings.Contains(out, "3 to send") {
		t.Error(out)
	}
	if out := b.good("apply", "same.plan"); !strings.Contains(out, "3 sent") {
		t.Error(out)
	}
	if n := b.box.Count("digital99"); n != 3 {
		t.Errorf("%d messages", n)
	}
}
