package state

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// fullEnv tells the test binary, run as a child, how its disk is to become full.
const fullEnv = "HERALD_TEST_FULL_DISK"

// When the disk is full nothing more is taken, what was acknowledged is there, and with some space the next run goes on.
func TestFullDisk(t *testing.T) {
	how := os.Getenv(fullEnv)
	if how != "" {
		fillDisk(t, how)
		return
	}
	exe, err := os.Executable()
	must(t, err)
	run := func(t *testing.T, how string, attr *syscall.SysProcAttr) {
		cmd := exec.Command(exe, "-test.run=^TestFullDisk$", "-test.v")
		cmd.Env, cmd.SysProcAttr = append(os.Environ(), fullEnv+"="+how), attr
		out, err := cmd.CombinedOutput()
		switch {
		case errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOSPC) || strings.Contains(string(out), "--- SKIP"):
			t.Skipf("not allowed here: %v %s", err, out)
		case err != nil || !strings.Contains(string(out), "--- PASS: TestFullDisk"):
			t.Errorf("%v\n%s", err, out)
		}
	}
	t.Run("limit of file sizes", func(t *testing.T) { run(t, "limit", nil) })
	t.Run("small disk", func(t *testing.T) {
		run(t, "disk", &syscall.SysProcAttr{
			Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
			UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
		})
	})
}

// fillDisk writes a ledger until there is no room for it, and then with room again.
func fillDisk(t *testing.T, how string) {
	dir := t.TempDir()
	path := filepath.Join(dir, "herald.state")
	var makeRoom func()
	says := "free some space"
	if how == "disk" {
		if err := syscall.Mount("herald", dir, "tmpfs", 0, "size=1m"); err != nil {
			t.Skip(err)
		}
		t.Cleanup(func() { must(t, syscall.Unmount(dir, 0)) })
		ballast := filepath.Join(dir, "ballast")
		must(t, os.WriteFile(ballast, make([]byte, 400<<10), 0o600))
		makeRoom = func() { must(t, os.Remove(ballast)) }
	}
	o := Options{Create: true, Marker: filepath.Join(dir, "seen")}
	l := openTest(t, path, o)
	run := startTest(t, l)
	if how == "limit" {
		signal.Ignore(syscall.SIGXFSZ) // the write gives an error instead
		var was syscall.Rlimit
		must(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &was))
		must(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 300 << 10, Max: was.Max}))
		makeRoom = func() { must(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &was)) }
		says = "ulimit -f"
	}
	acknowledged := map[string]State{}
	var last string
	var err error
	for n := 0; err == nil && n < 2000; n++ {
		last = fmt.Sprintf("c%04d", n)
		if err = l.Intend(t.Context(), intentOf(last)); err == nil {
			acknowledged[last] = Sending
			if err = l.Record(t.Context(), Result{Send: sendOf(last), State: Sent}); err == nil {
				acknowledged[last] = Sent
			}
		}
	}
	wantError(t, err, path, says, "Nothing is sent that cannot be recorded")
	// Now nothing is taken any more, whatever it is, and whether or not there is room again.
	makeRoom()
	for _, err := range []error{
		l.Intend(t.Context(), intentOf("new")),
		l.Record(t.Context(), Result{Send: sendOf(last), State: Sent}),
		l.Resolve(t.Context(), []Decision{{Send: sendOf(last), Sent: true}}),
		l.Attempted(t.Context(), "heyx", run.Started),
		l.EndRun(t.Context(), run),
	} {
		wantError(t, err, "Nothing is sent that cannot be recorded")
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}

	l = openTest(t, path, o) // the same command again
	got := recordsTest(t, path)
	for key, state := range acknowledged {
		if state == Sending {
			state = InDoubt
		}
		if r := got[sendOf(key)]; r.State != state && key != last {
			t.Errorf("%s was acknowledged as %s and is %s", key, state, r.State)
		}
	}
	if r, there := got[sendOf(last)]; there && r.State != InDoubt && r.State != Sent {
		t.Errorf("%s was not acknowledged and is %s", last, r.State)
	}
	if len(got) < len(acknowledged) || len(got) > len(acknowledged)+1 {
		t.Errorf("%d records, %d acknowledged", len(got), len(acknowledged))
	}
	startTest(t, l)
	sendTest(t, l, "new")
}
