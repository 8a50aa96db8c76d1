package release

import (
	"bytes"
	"debug/elf"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// mount puts an example where a campaign is mounted, owned by uid, and takes away what was there.
func (im *image) mount(t *testing.T, example string, uid int) (dir string) {
	t.Helper()
	dir = filepath.Join(im.root, im.workdir)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "examples", example))); err != nil {
		t.Fatal(err)
	}
	os.RemoveAll(filepath.Join(dir, ".herald")) // what a rehearsal in the tree itself left
	for _, path := range tree(t, dir) {
		if err := os.Chown(filepath.Join(dir, path), uid, uid); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// options is what docker run can say.
type options struct {
	user int // another than the image's
	env  []string
}

// command gives a herald as the container runs it: in the image's root, as its user, the first process of its own world.
func (im *image) command(o options, args ...string) *exec.Cmd {
	uid := im.uid
	if o.user != 0 {
		uid = o.user
	}
	return &exec.Cmd{
		Path: im.entrypoint[0], Args: append(slices.Clone(im.entrypoint), args...), Dir: im.workdir, Env: append(slices.Clone(im.env), o.env...),
		SysProcAttr: &syscall.SysProcAttr{
			Chroot: im.root, Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}, Cloneflags: syscall.CLONE_NEWPID,
		},
	}
}

// run runs herald to its end and gives all that it said.
func (im *image) run(t *testing.T, o options, args ...string) (said string, code int) {
	t.Helper()
	cmd := im.command(o, args...)
	b, err := cmd.CombinedOutput()
	if failed := (*exec.ExitError)(nil); err != nil && !errors.As(err, &failed) {
		if errors.Is(err, syscall.EPERM) {
			t.Skipf("this machine lets not even root have a world of its own: %v", err)
		}
		t.Fatal(err)
	}
	return string(b), cmd.ProcessState.ExitCode()
}

func TestImage(t *testing.T) {
	im := makeImage(t)
	if im.uid == 0 || im.gid == 0 {
		t.Fatalf("the image runs as %d:%d, which is root", im.uid, im.gid)
	}
	t.Run("holds herald and little else", func(t *testing.T) { im.holds(t) })
	t.Run("is static", func(t *testing.T) { im.static(t) })
	t.Run("plans and applies", func(t *testing.T) { im.applies(t) })
	t.Run("ends at a signal", func(t *testing.T) { im.ends(t) })
	t.Run("knows time zones", func(t *testing.T) { im.zones(t) })
	t.Run("knows who vouches for vendors", func(t *testing.T) { im.trusts(t) })
	t.Run("may run as any user", func(t *testing.T) { im.strangers(t) })
}

func (im *image) holds(t *testing.T) {
	want := []string{".", "campaign", "etc", "etc/ssl", "etc/ssl/certs", "etc/ssl/certs/ca-certificates.crt", "herald", "tmp"}
	if got := tree(t, im.root); !slices.Equal(got, want) {
		t.Errorf("the image holds %q\nwant %q", got, want)
	}
	for path, want := range map[string]struct {
		mode  fs.FileMode
		owner int
	}{
		"herald":   {0o755, 0},
		"etc/ssl":  {fs.ModeDir | 0o755, 0},
		"campaign": {fs.ModeDir | 0o755, im.uid},
		"tmp":      {fs.ModeDir | fs.ModeSticky | 0o777, im.uid},
	} {
		info, err := os.Stat(filepath.Join(im.root, path))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode() != want.mode || int(info.Sys().(*syscall.Stat_t).Uid) != want.owner {
			t.Errorf("/%s is %v of %d, want %v of %d", path, info.Mode(), info.Sys().(*syscall.Stat_t).Uid, want.mode, want.owner)
		}
	}
}

func (im *image) static(t *testing.T) {
	f, err := elf.Open(filepath.Join(im.root, im.entrypoint[0]))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP || p.Type == elf.PT_DYNAMIC {
			t.Errorf("herald has a %v: it would look for libraries that the image does not have", p.Type)
		}
	}
}

// applies shows that a rehearsal works, and that it writes beside the campaign and nowhere else.
func (im *image) applies(t *testing.T) {
	dir := im.mount(t, "announcement", im.uid)
	before := tree(t, im.root)
	said, code := im.run(t, options{}, "plan", "-sandbox")
	if code != 0 || !strings.Contains(said, "Plan: 620 to send, 32 to ask.") {
		t.Fatalf("plan exits with %d:\n%s", code, said)
	}
	if after := tree(t, im.root); !slices.Equal(after, before) {
		t.Errorf("plan left something behind: %q, before %q", after, before)
	}
	said, code = im.run(t, options{}, "apply", "-sandbox", "-auto-approve", "-limit=30")
	if code != 0 || !strings.Contains(said, "Apply complete") {
		t.Fatalf("apply exits with %d:\n%s", code, said)
	}
	said, _ = im.run(t, options{}, "status", "-sandbox")
	if !strings.Contains(said, "by herald@") {
		t.Errorf("the ledger does not say who ran this:\n%s", said)
	}
	for _, path := range tree(t, im.root) {
		if !slices.Contains(before, path) && path != "campaign/.herald" && !strings.HasPrefix(path, "campaign/.herald/") {
			t.Errorf("/%s was written: docs/install.md says that a rehearsal writes only to .herald beside the campaign", path)
		}
	}
	info, err := os.Stat(filepath.Join(dir, ".herald", "sandbox.state"))
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 || int(info.Sys().(*syscall.Stat_t).Uid) != im.uid {
		t.Errorf("the ledger is %v of %d", info.Mode(), info.Sys().(*syscall.Stat_t).Uid)
	}
}

// ends shows what docker stop does: as the first process herald would not even notice a signal that it does not listen to.
func (im *image) ends(t *testing.T) {
	im.mount(t, "announcement", im.uid)
	cmd := im.command(options{}, "apply", "-sandbox", "-auto-approve", "-json")
	var said lines
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		if errors.Is(err, syscall.EPERM) {
			t.Skipf("this machine lets not even root have a world of its own: %v", err)
		}
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for deadline := time.Now().Add(30 * time.Second); said.sent.Load() < 5 && time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
	}
	if said.sent.Load() < 5 {
		t.Error("herald sent nothing within 30 s")
	}
	began := time.Now()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case <-ended:
	case <-time.After(40 * time.Second):
		cmd.Process.Kill()
		t.Fatal("herald went on 40 s after SIGTERM")
	}
	if s := cmd.ProcessState.Sys().(syscall.WaitStatus); s.Signaled() {
		t.Errorf("the signal ended herald, herald did not end itself: %v", s.Signal())
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %s; docker kills after 10 s", took)
	}
	if out := said.said.String(); !strings.Contains(out, `"interrupted":true`) || !strings.Contains(out, `"in_doubt":0`) {
		t.Errorf("the run does not say that it was interrupted with nothing in doubt:\n%s", out[max(0, len(out)-2000):])
	}
}

// lines keeps what a run says, and counts the sends that it reports.
type lines struct {
	said bytes.Buffer // not embedded: its ReadFrom would go past Write
	sent atomic.Int32
}

func (l *lines) Write(b []byte) (int, error) {
	l.sent.Add(int32(bytes.Count(b, []byte(`"send_complete"`))))
	return l.said.Write(b)
}

// zones asks for a moment that differs by zone, in a root that has no file about zones.
func (im *image) zones(t *testing.T) {
	im.mount(t, "renewal", im.uid)
	said, code := im.run(t, options{}, "plan", "-sandbox", "-now=2026-12-01T09:00:00Z")
	for _, due := range []string{"due 2026-12-01 14:00 UTC", "due 2026-12-02 00:00 UTC"} { // nine o'clock in New York, in Tokyo
		if code != 0 || !strings.Contains(said, due) {
			t.Errorf("plan exits with %d and does not say %q:\n%s", code, due, said)
		}
	}
}

// trusts shows that herald reads the certificates where the Dockerfile puts them, and takes nobody who is not in them.
func (im *image) trusts(t *testing.T) {
	dir := im.mount(t, "first-message", im.uid)
	var asked atomic.Int32
	vendor := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"meta":{},"payload":[]}`)
	}))
	vendor.Config.ErrorLog = log.New(io.Discard, "", 0) // it complains of handshakes that end early, as they should here
	vendor.StartTLS()
	defer vendor.Close()
	campaign := fmt.Sprintf("provider \"chatwoot\" {\n  base_url         = %q\n  api_access_token = \"t\"\n  account_id       = 1\n}\n", vendor.URL)
	if err := os.WriteFile(filepath.Join(dir, "campaign.hcl"), []byte(campaign), 0o644); err != nil {
		t.Fatal(err)
	}
	ask := func() string {
		said, _ := im.run(t, options{}, "messages", "-conversation=1", "chatwoot")
		return said
	}
	if said := ask(); asked.Load() != 0 || !strings.Contains(said, "certificate") {
		t.Errorf("a vendor for whom nobody vouches was asked %d times:\n%s", asked.Load(), said)
	}
	bundle := filepath.Join(im.root, "etc/ssl/certs/ca-certificates.crt")
	if old := readText(t, bundle); old != theCertificates {
		t.Fatalf("%s is not what the base image has there: %q", bundle, old)
	}
	authority := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: vendor.Certificate().Raw})
	if err := os.WriteFile(bundle, authority, 0o644); err != nil {
		t.Fatal(err)
	}
	if said := ask(); asked.Load() == 0 {
		t.Errorf("a vendor for whom the image's certificates vouch was not asked:\n%s", said)
	}
}

// strangers shows what docs/install.md says of uids: whoever owns the directory may run herald, another is told why not.
func (im *image) strangers(t *testing.T) {
	const owner = 4242
	im.mount(t, "first-message", owner)
	if said, code := im.run(t, options{user: owner}, "apply", "-sandbox", "-auto-approve"); code != 0 {
		t.Errorf("the owner's apply exits with %d:\n%s", code, said)
	}
	dir := im.mount(t, "first-message", owner)
	said, code := im.run(t, options{}, "apply", "-sandbox", "-auto-approve")
	if code != 1 || !strings.Contains(said, "/campaign") || !strings.Contains(said, "permission denied") {
		t.Errorf("a stranger's apply exits with %d, and should say where it may not write:\n%s", code, said)
	}
	if said, code := im.run(t, options{}, "validate"); code != 0 {
		t.Errorf("a stranger cannot validate what it may read:\n%s", said)
	}
	if got := tree(t, dir); slices.Contains(got, ".herald/sandbox.state") {
		t.Errorf("a stranger wrote %q", got)
	}

	// docker run --read-only without --tmpfs /tmp.
	if err := os.Chmod(filepath.Join(im.root, "tmp"), 0o555); err != nil {
		t.Fatal(err)
	}
	if said, code := im.run(t, options{user: owner}, "apply", "-sandbox", "-auto-approve"); code != 1 || !strings.Contains(said, "/tmp/") {
		t.Errorf("without a /tmp to write to apply exits with %d, and should name it:\n%s", code, said)
	}
}

// tree lists a directory, itself as ".".
func tree(t *testing.T, dir string) (paths []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err == nil {
			path, err = filepath.Rel(dir, path)
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}
