package sealed

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestRoundTrip(t *testing.T) {
	dir, key := t.TempDir(), newKey(t)
	words := rapid.StringMatching(`[a-z][a-z0-9_-]{0,8}`)
	rapid.Check(t, func(t *rapid.T) {
		seen := map[string]bool{}
		var parts []part
		for range rapid.IntRange(0, 6).Draw(t, "entries") {
			name := "steps/" + words.Draw(t, "type") + "." + words.Draw(t, "alias") + ".jsonl"
			if seen[name] {
				continue
			}
			seen[name] = true
			unit := rapid.StringN(0, 50, -1).Draw(t, "unit")
			parts = append(parts, part{name, strings.Repeat(unit, rapid.IntRange(0, 5000).Draw(t, "times"))})
		}
		plain, encrypted := filepath.Join(dir, "plain"), filepath.Join(dir, "encrypted")
		digest := write(t, plain, parts)
		if again := write(t, encrypted, parts, key.Recipient().String()); again != digest {
			t.Fatalf("encrypted, the digest is %s, and plain %s", again, digest)
		}
		for path, o := range map[string]Options{plain: {}, encrypted: {Identity: key.String()}} {
			got, is, err := take(path, o)
			if err != nil {
				t.Fatal(err)
			}
			if is != digest || !reflect.DeepEqual(got, parts) {
				t.Fatalf("%s: digest %s, want %s; %s", path, is, digest, cmp.Diff(parts, got, cmp.AllowUnexported(part{})))
			}
		}
	})
}

// write is put in pieces of odd sizes, for a property.
func write(t *rapid.T, path string, parts []part, recipients ...string) string {
	w, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	if err := w.EncryptTo(recipients); err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		e, err := w.Entry(p.name)
		if err != nil {
			t.Fatal(err)
		}
		for rest := p.content; rest != ""; {
			n := min(len(rest), rapid.IntRange(1, 1<<16).Draw(t, "piece"))
			if _, err := io.WriteString(e, rest[:n]); err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
	}
	digest, err := w.Seal()
	if err != nil {
		t.Fatal(err)
	}
	return digest
}

// The digest of a plan that is made again is the same, or an approved one would be one no longer.
func TestSameEntriesSameBytes(t *testing.T) {
	a, first := putNew(t, small)
	b, second := putNew(t, small)
	if first != second || !bytes.Equal(read(t, a), read(t, b)) {
		t.Error("the same entries gave other bytes")
	}
	if !strings.HasPrefix(string(read(t, a)), "HERALD-PLAN 1 "+first+"\nPK\x03\x04") {
		t.Errorf("the file begins with %q", read(t, a)[:100])
	}
	swapped := []part{small[1], small[0], small[2]}
	if _, third := putNew(t, swapped); third == first {
		t.Error("another order has the same digest")
	}
}

// Other tools must see what herald sees.
func TestEveryZipToolReadsIt(t *testing.T) {
	parts := append([]part{{"steps/heyx.größe.jsonl", "é"}}, small...)
	path, _ := putNew(t, parts)
	must(t, sameAsZip(read(t, path)[lineSize:], parts))
}

// sameAsZip compares with what the standard library reads.
func sameAsZip(content []byte, parts []part) error {
	r, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return err
	}
	var got []part
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			return err
		}
		b, err := io.ReadAll(in)
		if err != nil {
			return err
		}
		if f.Mode() != 0o666 && f.Mode() != 0 || f.Comment != "" || f.NonUTF8 {
			return fmt.Errorf("%s has mode %s, comment %q", f.Name, f.Mode(), f.Comment)
		}
		got = append(got, part{f.Name, string(b)})
	}
	if !reflect.DeepEqual(got, parts) {
		return fmt.Errorf("archive/zip reads something else: %s", cmp.Diff(parts, got, cmp.AllowUnexported(part{})))
	}
	return nil
}

func TestEntriesAreReadAtTheSameTime(t *testing.T) {
	var parts []part
	for i := range 8 {
		parts = append(parts, part{fmt.Sprintf("steps/l%d.jsonl", i), strings.Repeat(fmt.Sprintf("line %d\n", i), 60_000)})
	}
	path, _ := putNew(t, parts)
	f, err := Open(context.Background(), path, Options{})
	must(t, err)
	defer f.Close()
	var wg sync.WaitGroup
	for _, p := range parts {
		wg.Go(func() {
			if got, err := takeOne(f, p.name); err != nil || got != p.content {
				t.Errorf("%s: %d bytes of %d, %v", p.name, len(got), len(p.content), err)
			}
		})
	}
	wg.Wait()
	if _, err := f.Open("steps/none.jsonl"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an entry that is not there gives %v", err)
	}
}

// What deflates best must not be taken for a lie, nor what deflates not at all be too large.
func TestExtremeContents(t *testing.T) {
	parts := []part{{"zeros.json", strings.Repeat("\x00", 20<<20)}, {"noise.json", noise(3 << 20)}}
	path, _ := putNew(t, parts)
	got, _, err := take(path, Options{})
	must(t, err)
	if !reflect.DeepEqual(got, parts) {
		t.Error("they came back changed")
	}
}

// A file of each version of the container that was ever written must stay readable.
func TestOldFilesAreRead(t *testing.T) {
	got, digest, err := take("testdata/1.plan", Options{})
	must(t, err)
	if !reflect.DeepEqual(got, small) || digest != "66a35a080cae480dc7cd19172ecb03ddc983694f2ee727be39ccb8d879405d48" {
		t.Errorf("digest %s; %s", digest, cmp.Diff(small, got, cmp.AllowUnexported(part{})))
	}
}
