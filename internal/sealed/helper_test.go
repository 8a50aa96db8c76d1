package sealed

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// part is an entry with its content.
type part struct{ name, content string }

// small is a plan with two lanes.
var small = []part{
	{"steps/heyx.jsonl", strings.Repeat(`{"address":"renewal.offer[\"c1\"]"}`+"\n", 20)},
	{"steps/maax.second.jsonl", ""},
	{"plan.json", `{"format":1}`},
}

// put writes a file and gives its digest.
func put(tb testing.TB, path string, parts []part, recipients ...string) string {
	tb.Helper()
	w, err := Create(path)
	must(tb, err)
	defer w.Abort()
	must(tb, w.EncryptTo(recipients))
	for _, p := range parts {
		e, err := w.Entry(p.name)
		must(tb, err)
		_, err = io.WriteString(e, p.content)
		must(tb, err)
	}
	digest, err := w.Seal()
	must(tb, err)
	return digest
}

// putNew writes a file into a folder of its own.
func putNew(tb testing.TB, parts []part, recipients ...string) (path, digest string) {
	tb.Helper()
	path = filepath.Join(tb.TempDir(), "a.plan")
	return path, put(tb, path, parts, recipients...)
}

// take reads all that is in a file, in order.
func take(path string, o Options) (parts []part, digest string, err error) {
	f, err := Open(context.Background(), path, o)
	if err != nil {
		return nil, "", err
	}
	defer f.Close()
	parts, err = takeAll(f)
	return parts, f.Digest, err
}

// takeBytes is take of what would be in a file, for tests that do it thousands of times.
func takeBytes(content []byte, o Options) ([]part, error) {
	f, err := verify(context.Background(), bytes.NewReader(content), int64(len(content)), o)
	if err != nil {
		return nil, err
	}
	return takeAll(f)
}

func takeAll(f *File) (parts []part, err error) {
	for _, e := range f.Entries() {
		content, err := takeOne(f, e.Name)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part{e.Name, content})
	}
	return parts, nil
}

func takeOne(f *File, name string) (string, error) {
	r, err := f.Open(name)
	if err != nil {
		return "", err
	}
	defer r.Close()
	var b bytes.Buffer
	_, err = io.Copy(&b, r)
	return b.String(), err
}

// file writes bytes as they are.
func file(tb testing.TB, content []byte) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "a.plan")
	must(tb, os.WriteFile(path, content, 0o600))
	return path
}

// lined puts the right line before a zip, as whoever forges a plan would.
func lined(zip []byte) []byte {
	sum := sha256.Sum256(zip)
	return append([]byte(line(hex.EncodeToString(sum[:]))), zip...)
}

func read(tb testing.TB, path string) []byte {
	tb.Helper()
	b, err := os.ReadFile(path)
	must(tb, err)
	return b
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// refused checks that an error says all of want.
func refused(tb testing.TB, err error, want ...string) {
	tb.Helper()
	if err == nil {
		tb.Fatalf("no error, want one with %q", want)
	}
	for _, w := range want {
		if !strings.Contains(err.Error(), w) {
			tb.Errorf("the error lacks %q:\n%v", w, err)
		}
	}
}

// alone checks that a folder has these files and no other.
func alone(tb testing.TB, dir string, want ...string) {
	tb.Helper()
	files, err := os.ReadDir(dir)
	must(tb, err)
	var is []string
	for _, f := range files {
		is = append(is, f.Name())
	}
	if strings.Join(is, " ") != strings.Join(want, " ") {
		tb.Errorf("the folder has %q, want %q", is, want)
	}
}
