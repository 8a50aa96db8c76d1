//go:build unix

package state

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Whatever the umask allows, nobody else may read who was written to.
func TestModes(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0))
	dir := t.TempDir()
	path := filepath.Join(dir, "herald.state")
	l := openTest(t, path, Options{Create: true, Marker: filepath.Join(dir, ".herald", "ledger")})
	startTest(t, l)
	must(t, l.Intend(t.Context(), intentOf("c1")))
	must(t, Copy(t.Context(), path, filepath.Join(dir, "copy")))
	for name, want := range map[string]os.FileMode{
		"herald.state": 0o600, "herald.state-wal": 0o600, "herald.state-shm": 0o600, "herald.state.lock": 0o600,
		".herald": 0o700, ".herald/ledger": 0o600, "copy": 0o600,
	} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
		} else if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", name, got, want)
		}
	}
}

func TestNotWritable(t *testing.T) {
	if os.Getuid() == 0 {
		asNobody(t) // root may write everything
		return
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "herald.state")
	must(t, openTest(t, path, Options{Create: true}).Close())
	must(t, os.Chmod(path, 0o400))
	_, err := Open(t.Context(), path, Options{})
	wantError(t, err, path, "cannot be written")
	must(t, os.Chmod(path, 0o000))
	_, err = Open(t.Context(), path, Options{})
	wantError(t, err, path, "able to write the file and its directory")
	_, err = Read(t.Context(), path)
	wantError(t, err, path, "able to write the file")
	must(t, os.Chmod(path, 0o600))
	must(t, os.Chmod(dir, 0o500))
	defer os.Chmod(dir, 0o700)
	// The file and its lock may be written, but SQLite can put no log beside it.
	_, err = Open(t.Context(), path, Options{})
	wantError(t, err, path, "the user that runs herald must be able to write")
	if _, err := Read(t.Context(), path); err != nil {
		t.Errorf("it cannot even be read: %v", err)
	}
	_, err = Open(t.Context(), filepath.Join(dir, "other.state"), Options{Create: true})
	wantError(t, err, "other.state", "able to write the file and its directory")
}

// asNobody runs the calling test again, in a process of an unprivileged user.
func asNobody(t *testing.T) {
	t.Helper()
	const nobody = 65534
	dir, err := os.MkdirTemp("", "herald-nobody-")
	must(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	binary, err := os.ReadFile(os.Args[0])
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, "test"), binary, 0o755))
	must(t, os.Chown(dir, nobody, nobody))
	cmd := exec.Command(filepath.Join(dir, "test"), "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "TMPDIR="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("as nobody: %v\n%s", err, out)
	}
}
