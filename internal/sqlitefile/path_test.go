package sqlitefile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestRealPath(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	must(t, err)
	at := func(name string) string { return filepath.Join(dir, name) }
	must(t, os.Mkdir(at("real"), 0o700))
	must(t, os.WriteFile(at("real/x"), nil, 0o600))
	for name, to := range map[string]string{"dir": "real", "file": "real/x", "twice": "file", "dangling": "real/none", "round": "round"} {
		must(t, os.Symlink(to, at(name)))
	}
	t.Chdir(dir)
	for path, want := range map[string]string{
		"real/x": at("real/x"), at("real/x"): at("real/x"), "real/../real/x": at("real/x"),
		"dir/x": at("real/x"), "file": at("real/x"), "twice": at("real/x"),
		"real/none": at("real/none"), "dir/none": at("real/none"), "dangling": at("dangling"),
		"none/x": at("none/x"), "round": "", "file/x": "",
	} {
		if got, err := RealPath(path); got != want || (err == nil) != (want != "") {
			t.Errorf("%s is %q, %v; want %q", path, got, err, want)
		}
	}
}

func TestExistsAndWritable(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "x")
	must(t, os.WriteFile(file, []byte("abc"), 0o600))
	for path, want := range map[string]struct{ found, asked, writable bool }{
		file: {true, true, true}, dir: {true, true, false}, filepath.Join(dir, "none"): {false, true, false}, filepath.Join(file, "x"): {false, false, false},
	} {
		if found, err := Exists(path); found != want.found || (err == nil) != want.asked {
			t.Errorf("Exists(%s) = %v, %v", path, found, err)
		}
		if _, err := Writable(path); (err == nil) != want.writable {
			t.Errorf("Writable(%s): %v", path, err)
		}
	}
	if info, err := Writable(file); err != nil || info.Size() != 3 {
		t.Errorf("Writable gave %v, %v", info, err)
	}
	if os.Geteuid() == 0 {
		t.Skip("root may write everything")
	}
	must(t, os.Chmod(file, 0o400))
	if _, err := Writable(file); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("of one that is not writable: %v", err)
	}
}
