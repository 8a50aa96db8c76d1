package table

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// What encoding/csv writes is read back the same, whatever stands in the fields.
func TestWrittenIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(2, 5).Draw(t, "width")
		header := []string{"a", "b", "c", "d", "e"}[:width]
		// A field's \r\n is read back as \n, and a lone \r before the end of the file is dropped: both are csv's.
		// NUL is no text.
		field := rapid.Custom(func(t *rapid.T) string {
			return strings.NewReplacer("\r", "", "\x00", "").Replace(rapid.String().Draw(t, "field"))
		})
		want := rapid.SliceOfN(rapid.SliceOfN(field, width, width), 0, 20).Draw(t, "rows")
		tabs := rapid.Bool().Draw(t, "tabs")

		var file bytes.Buffer
		w := csv.NewWriter(&file)
		w.UseCRLF = rapid.Bool().Draw(t, "crlf")
		format := CSV
		if tabs {
			w.Comma, format = '\t', TSV
		}
		if err := w.WriteAll(append([][]string{header}, want...)); err != nil {
			t.Fatal(err)
		}
		r, err := New(&file, "f", format)
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range want {
			got, err := r.Next()
			if err != nil {
				t.Fatalf("row %d: %v", i, err)
			}
			if !reflect.DeepEqual(got.Fields, row) {
				t.Fatalf("row %d: %q, want %q", i, got.Fields, row)
			}
		}
		if _, err := r.Next(); err != io.EOF {
			t.Fatalf("after the last row: %v", err)
		}
	})
}

func TestObjectsAreRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(rapid.MapOf(rapid.StringN(1, -1, -1), rapid.String()), 1, 10).Draw(t, "objects")
		var file bytes.Buffer
		enc := json.NewEncoder(&file)
		for _, o := range want {
			if err := enc.Encode(o); err != nil {
				t.Fatal(err)
			}
		}
		r, err := New(&file, "f", JSONL)
		if err != nil {
			t.Fatal(err)
		}
		for i, o := range want {
			row, err := r.Next()
			if err != nil {
				t.Fatalf("line %d: %v", i+1, err)
			}
			got := map[string]string{}
			for _, m := range row.Members {
				var s string
				if err := json.Unmarshal(m.Value, &s); err != nil {
					t.Fatal(err)
				}
				got[m.Name] = s
			}
			if !reflect.DeepEqual(got, o) {
				t.Fatalf("line %d: %q, want %q", i+1, got, o)
			}
		}
	})
}

// Whatever the bytes: no panic, an end, and rows that keep what the package promises.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"id,name\nc1,\"a\"\"b\"\n", "\xEF\xBB\xBFid\r\n\r\nc1", "a\tb\n\"x\ty\"\t\n", "{\"a\":1}\n", "{\"a\":{\"a\":[]}} x", "\"", "a\n\"\xff\n\""} {
		for i := range 3 {
			f.Add([]byte(s), byte(i))
		}
	}
	f.Fuzz(func(t *testing.T, in []byte, kind byte) {
		format := []Format{CSV, TSV, JSONL}[kind%3]
		r, err := New(bytes.NewReader(in), "f", format)
		for rounds := 0; ; rounds++ {
			if rounds > len(in)+2 {
				t.Fatal("it never ends")
			}
			if e := (*Error)(nil); errors.As(err, &e) {
				if e.Line < 1 || e.Column < 1 || e.Summary == "" || e.Detail == "" {
					t.Fatalf("without a position or words: %#v", e)
				}
				if e.Fatal {
					return
				}
			} else if err == io.EOF {
				return
			} else if err != nil {
				t.Fatalf("no *Error: %v", err)
			}
			var row Row
			row, err = r.Next()
			if err != nil {
				continue
			}
			if format != JSONL && len(row.Fields) != len(r.Columns()) {
				t.Fatalf("%d fields for %d columns", len(row.Fields), len(r.Columns()))
			}
			for i, field := range row.Fields {
				line, column := r.Position(i)
				if !utf8.ValidString(field) || line < row.Line || column < 1 {
					t.Fatalf("field %d: %q at %d:%d", i, field, line, column)
				}
			}
			for _, m := range row.Members {
				if !json.Valid(m.Value) {
					t.Fatalf("member %q: %s", m.Name, m.Value)
				}
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	var file bytes.Buffer
	file.WriteString("id,first_name,email,plan\n")
	for file.Len() < 1<<20 {
		file.WriteString("c0000001,Ada,ada@example.com,gold\n")
	}
	rows := bytes.Count(file.Bytes(), []byte("\n")) - 1
	for b.Loop() {
		r, err := New(bytes.NewReader(file.Bytes()), "f", CSV)
		if err != nil {
			b.Fatal(err)
		}
		for err == nil {
			_, err = r.Next()
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*rows), "ns/row")
}
