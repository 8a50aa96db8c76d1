package recipes

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// ledger runs ledger.sh in a directory, as a run of that name.
func (r *repository) ledger(dir, run, what string, env ...string) (string, error) {
	r.t.Helper()
	script, err := filepath.Abs("ledger.sh")
	if err != nil {
		r.t.Fatal(err)
	}
	cmd := exec.Command("sh", script, what)
	cmd.Dir = dir
	cmd.Env = r.env(append([]string{"HERALD_LEDGER_STORE=" + r.store, "HERALD_LEDGER_RUN=" + run, "HERALD_DIR=" + dir}, env...)...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// clone gives a directory with the campaign and no ledger.
func (r *repository) clone() string {
	r.t.Helper()
	dir := filepath.Join(r.t.TempDir(), "clone")
	r.sh(r.t.TempDir(), "git", "clone", "-q", r.origin, dir)
	return dir
}

// Of many that take the ledger at the same time one gets it.
func TestOneTakes(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	var got, lost int
	var mu sync.Mutex
	var all sync.WaitGroup
	for i := range 8 {
		dir := r.clone()
		all.Go(func() {
			out, err := r.ledger(dir, "run"+string(rune('a'+i)), "take")
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				got++
			} else if strings.Contains(out, "no ledger can be taken") {
				lost++
			}
		})
	}
	all.Wait()
	if got != 1 || lost != 7 {
		t.Errorf("%d took it, and %d were told why not", got, lost)
	}
}

// The small commands of an object store, one of which fails.
func TestObjectStore(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	bin := t.TempDir()
	for name, text := range map[string]string{
		"cp-object": "#!/bin/sh\nshift\n[ ! -e " + bin + "/down ] || exit 1\nmkdir -p \"$(dirname \"$2\")\" && cp \"$1\" \"$2\"\n",
		"mv-object": "#!/bin/sh\n[ ! -e " + bin + "/down ] || exit 1\nmkdir -p \"$(dirname \"$2\")\" && cp \"$1\" \"$2\" && rm \"$1\"\n",
	} {
		if err := os.WriteFile(filepath.Join(bin, name), []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	env := []string{"HERALD_LEDGER_COPY=" + bin + "/cp-object --only-show-errors", "HERALD_LEDGER_MOVE=" + bin + "/mv-object"}
	dir := r.clone()
	if out, err := r.ledger(dir, "one", "take", env...); err != nil {
		t.Fatal(out)
	}
	if got := strings.Join(r.stored(), " "); got != "taken/one.state" {
		t.Errorf("the store has %s", got)
	}
	down := filepath.Join(bin, "down")
	if err := os.WriteFile(down, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := r.ledger(dir, "one", "give", env...); err == nil {
		t.Errorf("it gave the ledger to a store that is down: %s", out)
	}
	if _, err := os.Stat(filepath.Join(dir, "herald.state")); err != nil {
		t.Error("it deleted what it could not give back")
	}
	_ = os.Remove(down)
	if out, err := r.ledger(dir, "one", "give", env...); err != nil {
		t.Error(out)
	}
	if got := strings.Join(r.stored(), " "); got != "before/one.state herald.state" {
		t.Errorf("the store has %s", got)
	}
}

// A ledger that somebody put into the store meanwhile is not written over.
func TestGiveWritesOverNothing(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	dir := r.clone()
	if out, err := r.ledger(dir, "one", "take"); err != nil {
		t.Fatal(out)
	}
	other := filepath.Join(r.store, "herald.state")
	if err := os.WriteFile(other, []byte("another"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := r.ledger(dir, "one", "give")
	if err == nil {
		t.Error("it gave the ledger back")
	}
	says(t, out, "conflict/one.state", "before anything is sent")
	if b, _ := os.ReadFile(other); string(b) != "another" {
		t.Error("the ledger in the store was written over")
	}
	if got := strings.Join(r.stored(), " "); got != "conflict/one.state herald.state taken/one.state" {
		t.Errorf("the store has %s", got)
	}
}

func TestLedgerScriptRefuses(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	dir := r.clone()
	for what, want := range map[string]string{"give": "there is no ledger", "steal": "say take", "": "say take"} {
		out, err := r.ledger(dir, "one", what)
		if err == nil {
			t.Errorf("%s went well", what)
		}
		says(t, out, want)
	}
	if out, err := r.ledger(dir, "../one", "take"); err == nil || !strings.Contains(out, "use letters") {
		t.Error(out)
	}
	if err := os.WriteFile(filepath.Join(dir, "herald.state"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := r.ledger(dir, "one", "take"); err == nil || !strings.Contains(out, "did not give it back") {
		t.Error(out)
	}
	if got := strings.Join(r.stored(), " "); got != "herald.state" {
		t.Errorf("the store has %s", got)
	}
}
