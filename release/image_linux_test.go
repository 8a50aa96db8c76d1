package release

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// image is the tree that the Dockerfile makes, and what else it says of a container.
type image struct {
	root, workdir string
	uid, gid      int
	env           []string
	entrypoint    []string
}

// theCertificates is what the base image holds at the place from which the Dockerfile takes them; each test that needs
// others writes its own over it.
const theCertificates = "# none\n"

// makeImage carries out the Dockerfile's last stage and all that it takes from.
func makeImage(t *testing.T) *image {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can run a program in a root of its own")
	}
	if testing.Short() {
		t.Skip("building takes a minute on a machine that has not built before")
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	b := &builder{dir: dir, stages: readDockerfile(t), done: map[string]bool{}}
	im := &image{root: filepath.Join(dir, "root")}
	mkdir(t, im.root, 0, 0o755)
	b.build(t, im, b.stages[len(b.stages)-1])
	return im
}

// builder keeps what one build has made.
type builder struct {
	dir    string
	stages []stage
	done   map[string]bool
}

func (b *builder) stage(name string) (stage, bool) {
	i := slices.IndexFunc(b.stages, func(s stage) bool { return s.name == name && name != "" })
	if i < 0 {
		return stage{}, false
	}
	return b.stages[i], true
}

// build makes a stage that begins with nothing.
func (b *builder) build(t *testing.T, im *image, s stage) {
	t.Helper()
	if base, ok := b.stage(s.from); ok {
		b.build(t, im, base)
	} else if s.from != "scratch" {
		t.Fatalf("the image builds on %s, so it holds more than herald", s.from)
	}
	for _, in := range s.steps {
		switch in.name {
		case "LABEL", "ARG":
		case "COPY":
			b.copy(t, im, in)
		case "ENV":
			im.env = append(im.env, strings.Fields(in.args)...)
		case "USER":
			uid, gid, _ := strings.Cut(in.args, ":")
			im.uid, im.gid = number(t, uid), number(t, gid)
		case "WORKDIR":
			im.workdir = in.args
		case "ENTRYPOINT":
			if err := json.Unmarshal([]byte(in.args), &im.entrypoint); err != nil {
				t.Fatalf("Dockerfile:%d: a shell would stand before herald and keep signals from it: %v", in.line, err)
			}
		default:
			t.Fatalf("Dockerfile:%d: this test does not know %s", in.line, in.name)
		}
	}
}

// copy carries out COPY --from=STAGE.
func (b *builder) copy(t *testing.T, im *image, in instruction) {
	t.Helper()
	words := strings.Fields(in.args)
	if len(in.flags["from"]) != 1 || len(words) != 2 {
		t.Fatalf("Dockerfile:%d: only COPY --from=STAGE A B reaches the image, never the tree itself", in.line)
	}
	from, _ := b.stage(in.flags["from"][0])
	out := b.run(t, from)
	source := filepath.Join(out, strings.TrimPrefix(words[0], "/out"))
	into := filepath.Join(im.root, words[1])
	owner := 0
	for _, chown := range in.flags["chown"] {
		uid, _, _ := strings.Cut(chown, ":")
		owner = number(t, uid)
	}
	err := filepath.WalkDir(source, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := filepath.Join(into, strings.TrimPrefix(path, source))
		info, err := d.Info()
		if err != nil {
			return err
		}
		if d.IsDir() {
			if _, err := os.Stat(to); err == nil {
				return nil
			}
			if err := os.MkdirAll(to, 0o755); err != nil {
				return err
			}
		} else {
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
				return err
			}
			if err := os.WriteFile(to, content, 0o600); err != nil {
				return err
			}
		}
		if err := os.Chown(to, owner, owner); err != nil {
			return err
		}
		return os.Chmod(to, info.Mode())
	})
	if err != nil {
		t.Fatalf("Dockerfile:%d: %v", in.line, err)
	}
}

// run carries out the commands of a stage that makes things, in a copy of the tree, and gives where /out then is.
func (b *builder) run(t *testing.T, s stage) (out string) {
	t.Helper()
	out = filepath.Join(b.dir, "out-"+s.name)
	if b.done[s.name] {
		return out
	}
	b.done[s.name] = true
	certificates := filepath.Join(b.dir, "ca-certificates.crt")
	if err := os.WriteFile(certificates, []byte(theCertificates), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, in := range s.steps {
		if in.name != "RUN" {
			continue
		}
		where := b.dir
		for _, mount := range in.flags["mount"] {
			switch {
			case mount == "type=bind,target=.":
				where = copyTree(t)
			case !strings.HasPrefix(mount, "type=cache,target=/"):
				t.Fatalf("Dockerfile:%d: this test does not know the mount %s", in.line, mount)
			}
		}
		script := strings.NewReplacer("/out", out, "/etc/ssl/certs/ca-certificates.crt", certificates).Replace(in.args)
		cmd := exec.Command("sh", "-c", script)
		cmd.Dir = where
		cmd.Env = append(os.Environ(), "TARGETOS="+runtime.GOOS, "TARGETARCH="+runtime.GOARCH)
		if said, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("Dockerfile:%d: %s: %v\n%s", in.line, script, err, said)
		}
	}
	return out
}

// copyTree gives what docker sends to a build: the tree without what .dockerignore names.
func copyTree(t *testing.T) string {
	t.Helper()
	top, anywhere := map[string]bool{}, map[string]bool{}
	for _, line := range strings.Split(readText(t, "../.dockerignore"), "\n") {
		name, deep := strings.CutPrefix(line, "**/")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.ContainsAny(name, "/*?[!\\"):
			t.Fatalf(".dockerignore: %s: this test understands only NAME and **/NAME", line)
		case deep:
			anywhere[name] = true
		default:
			top[name] = true
		}
	}
	dir := t.TempDir()
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := strings.TrimPrefix(path, "..")
		switch {
		case to == "":
			return nil
		case top[to[1:]] || anywhere[d.Name()]:
			if d.IsDir() {
				return filepath.SkipDir
			}
			return nil
		case d.IsDir():
			return os.Mkdir(dir+to, 0o755)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(dir+to, content, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func mkdir(t *testing.T, path string, owner int, mode fs.FileMode) {
	t.Helper()
	if err := os.MkdirAll(path, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(path, owner, owner); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func number(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(fmt.Errorf("a user or group must be a number, so that it can be seen not to be root: %w", err))
	}
	return n
}
