package sqlitefile

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

func TestReadHeader(t *testing.T) {
	dir := t.TempDir()
	whole, err := os.ReadFile(madeTest(t, filepath.Join(dir, "whole")))
	must(t, err)
	for name, tt := range map[string]struct {
		content string
		want    Header
	}{
		"empty":      {"", Header{}},
		"text":       {"id,name\n", Header{Size: 8}},
		"only magic": {string(whole[:16]), Header{Size: 16, SQLite: true}},
		"cut":        {string(whole[:HeaderSize-1]), Header{Size: HeaderSize - 1, SQLite: true, Application: testApplication, Version: 3}},
		"no more":    {string(whole[:HeaderSize]), Header{Size: HeaderSize, SQLite: true, Application: testApplication, Version: 3}},
		"all":        {string(whole), Header{Size: HeaderSize, SQLite: true, Application: testApplication, Version: 3}},
		"other":      {"X" + string(whole[1:]), Header{Size: HeaderSize, Application: testApplication, Version: 3}},
	} {
		path := filepath.Join(dir, name)
		must(t, os.WriteFile(path, []byte(tt.content), 0o600))
		if h, err := ReadHeader(path); err != nil || h != tt.want {
			t.Errorf("%s: %+v, %v; want %+v", name, h, err, tt.want)
		}
	}
	if h, err := ReadHeader(dir); err != nil || h != (Header{Type: fs.ModeDir}) {
		t.Errorf("a directory: %+v, %v", h, err)
	}
	if _, err := ReadHeader(filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
}

// A pipe has no writer here: whoever opened it would wait for ever.
func TestHeaderOfAPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := exec.Command("mkfifo", path).Run(); err != nil {
		t.Skip("no mkfifo here: ", err)
	}
	if h, err := ReadHeader(path); err != nil || h != (Header{Type: fs.ModeNamedPipe}) {
		t.Errorf("%+v, %v", h, err)
	}
}
