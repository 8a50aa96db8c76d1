package sealed

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// FuzzOpen gives Open bytes as they are, and the same bytes as a zip with the right line before them, as a forger would.
// What is accepted keeps the limits, and is what every zip tool sees.
func FuzzOpen(f *testing.F) {
	seed := filepath.Join(f.TempDir(), "seed.plan")
	for _, parts := range [][]part{small, nil, {{"plan.json", ""}}, {{"a.json", noise(100)}, {"b.jsonl", string(make([]byte, 5000))}}} {
		put(f, seed, parts)
		whole := read(f, seed)
		f.Add(whole)
		f.Add(whole[lineSize:])
	}
	key := newKey(f)
	put(f, seed, small, key.Recipient().String())
	f.Add(read(f, seed))
	limits := Limits{Entries: 4, Entry: 10_000, Total: 20_000}
	f.Fuzz(func(t *testing.T, content []byte) {
		for _, content := range [][]byte{content, lined(content)} {
			in := &counting{ReaderAt: bytes.NewReader(content)}
			opened, err := verify(context.Background(), in, int64(len(content)), Options{Identity: key.String(), Limits: limits})
			if most := 2 * (limits.zip() + 8*blockSize); in.n > most {
				t.Fatalf("%d bytes were read of %d", in.n, len(content))
			}
			if err != nil {
				continue
			}
			var parts []part
			total := int64(0)
			for _, e := range opened.Entries() {
				r, err := opened.Open(e.Name)
				if err != nil {
					t.Fatal(err)
				}
				b, err := io.ReadAll(r)
				total += int64(len(b))
				if int64(len(b)) > e.Size || e.Size > limits.Entry || total > limits.Total || len(parts) == limits.Entries {
					t.Fatalf("%s gave %d bytes, and says %d", e.Name, len(b), e.Size)
				}
				if err != nil {
					return
				}
				parts = append(parts, part{e.Name, string(b)})
			}
			if len(content) > 0 && !hasPrefix(content, ageHead) {
				if err := sameAsZip(content[lineSize:], parts); err != nil {
					t.Fatal(err)
				}
			}
			path := filepath.Join(t.TempDir(), "again.plan")
			put(t, path, parts) // what can be read can be written
			if _, err := os.Stat(path); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// counting counts the bytes that are read.
type counting struct {
	io.ReaderAt
	n int64
}

func (c *counting) ReadAt(p []byte, at int64) (int, error) {
	n, err := c.ReaderAt.ReadAt(p, at)
	c.n += int64(n)
	return n, err
}

// FuzzLine never panics, and takes one line only for a digest.
func FuzzLine(f *testing.F) {
	f.Add([]byte(line("00")))
	f.Add(lined(nil))
	f.Fuzz(func(t *testing.T, head []byte) {
		digest, err := parseLine(head)
		if err == nil && !hasPrefix(head, line(digest)) {
			t.Errorf("%q gives digest %q", head, digest)
		}
	})
}
