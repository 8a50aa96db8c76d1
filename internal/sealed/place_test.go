//go:build unix

package sealed

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestOpenOfWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	must(t, syscall.Mkfifo(pipe, 0o600))
	for path, want := range map[string]string{
		dir: "it is no file but a folder", pipe: "it is no file but a pipe", os.DevNull: "it is no file but a device",
		filepath.Join(dir, "none"): "none: no such file",
	} {
		done := make(chan error, 1)
		go func() {
			_, _, err := take(path, Options{})
			done <- err
		}()
		select {
		case err := <-done:
			refused(t, err, want)
			if strings.Count(err.Error(), path) != 1 {
				t.Errorf("the path is not there once: %v", err)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("%s: Open waits", path)
		}
	}
	_, _, err := take(filepath.Join(dir, "none"), Options{})
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v is not fs.ErrNotExist", err)
	}
}

func TestLinkIsFollowed(t *testing.T) {
	path, _ := putNew(t, small)
	link := filepath.Join(t.TempDir(), "link")
	must(t, os.Symlink(path, link))
	got, _, err := take(link, Options{})
	must(t, err)
	if !reflect.DeepEqual(got, small) {
		t.Errorf("read %v", got)
	}
	digest := put(t, link, small[:1])
	if _, is, err := take(path, Options{}); err != nil || is != digest {
		t.Errorf("the file behind the link has digest %s, %v", is, err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode().Type() != os.ModeSymlink {
		t.Errorf("the link became %v, %v", info.Mode(), err)
	}
}

func TestCreateWhereItCannot(t *testing.T) {
	dir := t.TempDir()
	pipe, ledger, dangling := filepath.Join(dir, "pipe"), filepath.Join(dir, "herald.state"), filepath.Join(dir, "dangling")
	must(t, syscall.Mkfifo(pipe, 0o600))
	must(t, os.WriteFile(ledger, []byte("SQLite format 3\x00"), 0o600))
	must(t, os.Symlink("nowhere", dangling))
	for path, want := range map[string]string{
		dir: "folder", pipe: "pipe", os.DevNull: "device", filepath.Join(dir, "a", "b.plan"): "there is no folder",
		ledger: "not written over", dangling: "a link to nothing", filepath.Join(ledger, "a.plan"): "",
	} {
		_, err := Create(path)
		refused(t, err, path, want)
	}
	if content := read(t, ledger); string(content) != "SQLite format 3\x00" {
		t.Errorf("the ledger is now %q", content)
	}
	alone(t, dir, "dangling", "herald.state", "pipe")
}

// What may be replaced: an older plan, an encrypted one, a file of no bytes as mktemp makes it.
func TestCreateReplaces(t *testing.T) {
	key := newKey(t).Recipient().String()
	dir := t.TempDir()
	path := filepath.Join(dir, "a.plan")
	must(t, os.WriteFile(path, nil, 0o644))
	for _, recipients := range [][]string{nil, {key}, {key}, nil} {
		put(t, path, small, recipients...)
		info, err := os.Stat(path)
		must(t, err)
		if info.Mode() != 0o600 {
			t.Errorf("its mode is %v", info.Mode())
		}
		alone(t, dir, "a.plan")
	}
}

func TestUntilSealNothingIsReplaced(t *testing.T) {
	path, first := putNew(t, small)
	for _, recipients := range [][]string{nil, {newKey(t).Recipient().String()}} {
		w, err := Create(path)
		must(t, err)
		must(t, w.EncryptTo(recipients))
		e, err := w.Entry("plan.json")
		must(t, err)
		_, err = io.WriteString(e, noise(1<<20))
		must(t, err)
		if _, is, err := take(path, Options{}); err != nil || is != first {
			t.Errorf("digest %s, %v", is, err)
		}
		must(t, w.Abort())
		must(t, w.Abort())
		alone(t, filepath.Dir(path), filepath.Base(path))
		if _, err := w.Entry("plan.json"); !errors.Is(err, errOver) {
			t.Errorf("Entry after Abort gives %v", err)
		}
		if _, err := e.Write([]byte("x")); !errors.Is(err, errOver) {
			t.Errorf("Write after Abort gives %v", err)
		}
		if _, err := w.Seal(); !errors.Is(err, errOver) {
			t.Errorf("Seal after Abort gives %v", err)
		}
	}
	if _, is, err := take(path, Options{}); err != nil || is != first {
		t.Errorf("digest %s, %v", is, err)
	}
}

func TestAfterSeal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.plan")
	w, err := Create(path)
	must(t, err)
	first, err := w.Entry("a.json")
	must(t, err)
	_, err = w.Entry("b.json")
	must(t, err)
	if _, err := first.Write([]byte("x")); err == nil {
		t.Error("an entry can be written to after the next began")
	}
	_, err = w.Seal()
	must(t, err)
	must(t, w.Abort())
	if _, err := w.Seal(); !errors.Is(err, errOver) {
		t.Errorf("a second Seal gives %v", err)
	}
	got, _, err := take(path, Options{})
	must(t, err)
	if !reflect.DeepEqual(got, []part{{"a.json", ""}, {"b.json", ""}}) {
		t.Errorf("read %v", got)
	}
}

// A wrong entry spoils the plan: it must not be sealed without it.
func TestNoSealAfterAnError(t *testing.T) {
	dir := t.TempDir()
	w, err := Create(filepath.Join(dir, "a.plan"))
	must(t, err)
	_, err = w.Entry("../a.json")
	refused(t, err, "entry name")
	_, err = w.Seal()
	refused(t, err, "entry name")
	alone(t, dir)
}

// A disk that takes no more leaves the older plan, and nothing of the new one.
func TestFailedWriteLeavesNothing(t *testing.T) {
	path, first := putNew(t, small)
	fail := func(what string, recipients []string, breakIt func(w *Writer)) {
		w, err := Create(path)
		must(t, err)
		must(t, w.EncryptTo(recipients))
		e, err := w.Entry("plan.json")
		must(t, err)
		breakIt(w)
		_, err = io.WriteString(e, noise(200_000))
		if err == nil {
			_, err = w.Seal()
		}
		refused(t, err, "a.plan: the plan cannot be written")
		if _, err := w.Seal(); err == nil {
			t.Errorf("%s: it is sealed nevertheless", what)
		}
		must(t, w.Abort())
		alone(t, filepath.Dir(path), "a.plan")
		if _, is, err := take(path, Options{}); err != nil || is != first {
			t.Errorf("%s: digest %s, %v", what, is, err)
		}
	}
	key := []string{newKey(t).Recipient().String()}
	fail("plain", nil, func(w *Writer) { _ = w.temp.Close() })
	fail("encrypted, at the end", key, func(w *Writer) { _ = w.temp.Close() })
	fail("encrypted", key, func(w *Writer) { _ = w.spool.file.Close() })
	fail("much content", nil, func(w *Writer) { w.total = maxSize - 10 })
	fail("much content in one", nil, func(w *Writer) { w.open.size = maxSize - 10 })
	fail("a large zip", nil, func(w *Writer) { w.at = maxSize - 10 })
}

// killVariable tells the test binary to write an encrypted plan and wait to be killed.
const killVariable = "HERALD_TEST_SEALED_DIR"

const secretWords = "words that must not be on the disk "

func TestKillLeavesNothingInTheClear(t *testing.T) {
	key := newKey(t)
	if dir := os.Getenv(killVariable); dir != "" {
		w, err := Create(filepath.Join(dir, "a.plan"))
		must(t, err)
		must(t, w.EncryptTo([]string{key.Recipient().String()}))
		e, err := w.Entry("plan.json")
		must(t, err)
		_, err = io.WriteString(e, secretWords+noise(4<<20))
		must(t, err)
		must(t, w.out.Flush())
		onDisk, err := w.spool.file.Stat()
		must(t, err)
		if onDisk.Size() < 1<<20 {
			t.Fatal("nothing is on the disk yet")
		}
		kept := make([]byte, onDisk.Size())
		_, err = w.spool.file.ReadAt(kept, 0)
		must(t, err)
		if bytes.Contains(kept, []byte(secretWords)) || bytes.Contains(kept, []byte(noise(1000))) || !hasPrefix(kept, ageHead) {
			t.Fatal("what lies there until Seal is in the clear")
		}
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	}
	dir := t.TempDir()
	child := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	child.Env = append(os.Environ(), killVariable+"="+dir)
	out, err := child.CombinedOutput()
	var ended *exec.ExitError
	if !errors.As(err, &ended) || ended.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("the writer ended with %v\n%s", err, out)
	}
	files, err := os.ReadDir(dir)
	must(t, err)
	if len(files) != 1 || !strings.HasPrefix(files[0].Name(), ".a.plan.") {
		t.Fatalf("left: %v", files)
	}
	if content := read(t, filepath.Join(dir, files[0].Name())); len(content) != 0 {
		t.Errorf("%d bytes are left", len(content))
	}
}
