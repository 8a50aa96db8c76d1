package table

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// readAll gives the rows as text and the errors, each as position and summary.
func readAll(in io.Reader, format Format) (rows, problems []string) {
	report := func(err error) bool {
		e := (*Error)(nil)
		if !errors.As(err, &e) {
			problems = append(problems, "no *Error: "+err.Error())
			return true
		}
		problems = append(problems, e.Position()+" "+e.Summary)
		return e.Fatal
	}
	r, err := New(in, "f", format)
	if err != nil {
		report(err)
		return nil, problems
	}
	for {
		row, err := r.Next()
		if err == io.EOF {
			if _, err := r.Next(); err != io.EOF {
				problems = append(problems, "not io.EOF for ever")
			}
			return rows, problems
		}
		if err != nil {
			if report(err) {
				return rows, problems
			}
			continue
		}
		text := fmt.Sprintf("%d", row.Line)
		for i, f := range row.Fields {
			_, column := r.Position(i)
			text += fmt.Sprintf("|%d:%s", column, f)
		}
		for i, m := range row.Members {
			_, column := r.Position(i)
			text += fmt.Sprintf("|%d:%s=%s", column, m.Name, m.Value)
		}
		rows = append(rows, text)
	}
}

func TestRead(t *testing.T) {
	long := strings.Repeat("x", MaxRow)
	for _, tt := range []struct {
		name   string
		format Format
		in     string
		rows   []string
		errs   []string
	}{
		{name: "plain", format: CSV, in: "id,name\nc1,Ada\nc2,\n", rows: []string{"2|1:c1|4:Ada", "3|1:c2|4:"}},
		{name: "mark, CRLF, no last line end", format: CSV, in: "\xEF\xBB\xBFid,name\r\nc1,Ada\r\nc2,Bob", rows: []string{"2|1:c1|4:Ada", "3|1:c2|4:Bob"}},
		{name: "quotes and line breaks inside", format: CSV, in: "id,note\nc1,\"a, \"\"b\"\"\r\nc\"\nc2,d\n",
			rows: []string{"2|1:c1|4:a, \"b\"\nc", "4|1:c2|4:d"}},
		{name: "blank lines", format: CSV, in: "\n\nid\n\nc1\r\n\r\nc2\n\n", rows: []string{"5|1:c1", "7|1:c2"}},
		{name: "only a header", format: CSV, in: "id,name\n"},
		{name: "tabs", format: TSV, in: "id\tname\nc1\t\"A\t,\"\n", rows: []string{"2|1:c1|4:A\t,"}},
		{name: "characters of several bytes", format: CSV, in: "id,name\nc1,Žofie\n", rows: []string{"2|1:c1|4:Žofie"}},

		{name: "empty", format: CSV, in: "", errs: []string{"f:1:1 Empty file"}},
		{name: "empty but for a mark", format: CSV, in: "\xEF\xBB\xBF\n", errs: []string{"f:1:1 Empty file"}},
		{name: "UTF-16", format: CSV, in: "\xFF\xFEi\x00d\x00", errs: []string{"f:1:1 Invalid UTF-8"}},
		{name: "UTF-16 without a mark", format: CSV, in: "i\x00d\x00,\x00n\x00\n\x00c\x001\x00,\x00x\x00\n\x00", errs: []string{"f:1:1 Invalid UTF-8"}},
		{name: "UTF-16, big end first, without a mark", format: TSV, in: "\x00i\x00d\x00\n\x00c\x001\x00\n", errs: []string{"f:1:1 Invalid UTF-8"}},
		{name: "JSONL in UTF-16 without a mark", format: JSONL, in: "{\x00\"\x00i\x00d\x00\"\x00:\x001\x00}\x00", errs: []string{"f:1:1 Invalid UTF-8"}},
		{name: "NUL, and on", format: CSV, in: "id,name\nc1,A\x00a\nc2,\"b\nž\x00\"\nc3,Bob\n", rows: []string{"5|1:c3|4:Bob"}, errs: []string{"f:2:5 NUL character", "f:4:3 NUL character"}},
		{name: "NUL in a header", format: TSV, in: "id\tna\x00me\nc1\tx\n", errs: []string{"f:1:6 NUL character"}},
		{name: "NUL in JSONL, and on", format: JSONL, in: "{\"id\":\"a\x00\"}\n{\"id\":1}\n", rows: []string{"2|2:id=1"}, errs: []string{"f:1:9 NUL character"}},
		{name: "lone CR", format: CSV, in: "id,name\rc1,Ada\rc2,Bob\r", errs: []string{"f:1:8 Unusable line ends"}},
		{name: "lone CR, but for the last", format: CSV, in: "id,name\rc1,Ada\r\n", errs: []string{"f:1:8 Unusable line ends"}},
		{name: "CR in a quoted name", format: CSV, in: "\"i\rd\"\nc1\n", rows: []string{"2|1:c1"}},
		{name: "lone CR in a long file", format: CSV, in: "id\r" + strings.Repeat("c1234567\r", MaxRow/8), errs: []string{"f:1:3 Unusable line ends"}},
		{name: "lone CR in JSONL", format: JSONL, in: "{\"id\":1}\r{\"id\":2}", errs: []string{"f:1:9 Unusable line ends"}},
		{name: "CR at the end", format: CSV, in: "id\r"},
		{name: "CR inside quotes", format: CSV, in: "id\n\"a\rb\"\n", rows: []string{"2|1:a\rb"}},
		{name: "ragged rows, and on", format: CSV, in: "id,name\nc1\nc2,Bob\nc3,x,y\nc4,z\n",
			rows: []string{"3|1:c2|4:Bob", "5|1:c4|4:z"}, errs: []string{"f:2:1 Ragged row", "f:4:1 Ragged row"}},
		{name: "duplicate column", format: CSV, in: "id,name,id\n", errs: []string{"f:1:9 Duplicate column"}},
		{name: "column without a name", format: CSV, in: "id,,x\n", errs: []string{"f:1:4 Column without a name"}},
		{name: "too many columns", format: CSV, in: "a" + strings.Repeat(",a", MaxColumns) + "\n", errs: []string{"f:1:1 Too many columns"}},
		{name: "bad header", format: CSV, in: "id,na\"me\nc1,x\n", errs: []string{"f:1:6 Bare quote"}},
		{name: "invalid UTF-8, and on", format: CSV, in: "id,name\nc1,\xE9va\nc2,Bob\n", rows: []string{"3|1:c2|4:Bob"}, errs: []string{"f:2:4 Invalid UTF-8"}},
		{name: "invalid UTF-8 in a later line of a field", format: CSV, in: "id,name\nc1,\"a\nžb\xFF\"\nc2,Bob\n", rows: []string{"4|1:c2|4:Bob"}, errs: []string{"f:3:4 Invalid UTF-8"}},
		{name: "invalid UTF-8 in the header", format: CSV, in: "id,n\xE9\n", errs: []string{"f:1:5 Invalid UTF-8"}},
		{name: "bare quote, and on", format: CSV, in: "id,name\nc1,a\"b\nc2,Bob\n", rows: []string{"3|1:c2|4:Bob"}, errs: []string{"f:2:5 Bare quote"}},
		{name: "text after a quote", format: CSV, in: "id,name\nc1,\"a\"b\nc2,Bob\n", errs: []string{"f:2:6 Bad quotes"}},
		{name: "quote never closed", format: CSV, in: "id,name\nc1,\"ab\nc2,Bob\n", errs: []string{"f:3:8 Bad quotes"}},
		{name: "quote never closed, and damaged text in it", format: CSV, in: "id,name\nc1,\"a\xE9\nc2,Bob\n", errs: []string{"f:3:8 Bad quotes"}},
		{name: "bare quote behind rows in quotes", format: CSV, in: "id,name\nc1,\"a\nc2,b\",5\"\nc3,Bob\n", errs: []string{"f:3:8 Bare quote"}},
		{name: "the longest row", format: CSV, in: "id\n" + long[1:] + "\nc2\n", rows: []string{"2|1:" + long[1:], "3|1:c2"}},
		{name: "row too long", format: CSV, in: "id\nc1\n" + long + "\n", rows: []string{"2|1:c1"}, errs: []string{"f:3:1 Row too long"}},
		{name: "rows too long by a quote", format: CSV, in: "id,name\n\nc1,\"x\n" + strings.Repeat("c2,x\n", MaxRow/5), errs: []string{"f:3:1 Row too long"}},
		{name: "blank lines are no row", format: CSV, in: "id\n" + strings.Repeat("\n", MaxRow+1) + "c1\n", rows: []string{fmt.Sprint(MaxRow+3) + "|1:c1"}},
		{name: "characters across the buffer's end", format: CSV, in: "id\n" + strings.Repeat("x", 64<<10-1) + "žž\n", rows: []string{"2|1:" + strings.Repeat("x", 64<<10-1) + "žž"}},
		{name: "invalid byte behind the buffer's end", format: CSV, in: "id\n" + strings.Repeat("ž", 50000) + "\xC5\nc1\n", rows: []string{"3|1:c1"}, errs: []string{"f:2:100001 Invalid UTF-8"}},
		{name: "a character cut by the file's end", format: CSV, in: "id\nc\xC5", errs: []string{"f:2:2 Invalid UTF-8"}},

		{name: "objects", format: JSONL, in: "\xEF\xBB\xBF{\"id\": \"c1\", \"n\": 1.10}\r\n\n {\"id\":\"c2\",\"a\":{\"b\":[1,null]}}",
			rows: []string{`1|2:id="c1"|14:n=1.10`, `3|3:id="c2"|13:a={"b":[1,null]}`}},
		{name: "numbers stay exact", format: JSONL, in: `{"n":123456789012345678901234567890.10}`, rows: []string{`1|2:n=123456789012345678901234567890.10`}},
		{name: "empty object", format: JSONL, in: "{}\n", rows: []string{"1"}},
		{name: "empty JSONL", format: JSONL, in: "", errs: []string{"f:1:1 Empty file"}},
		{name: "blank JSONL", format: JSONL, in: " \n\n", errs: []string{"f:1:1 Empty file"}},
		{name: "no object, and on", format: JSONL, in: "[1]\n  \"x\"\n{\"id\":1}\n", rows: []string{"3|2:id=1"}, errs: []string{"f:1:1 Not an object", "f:2:3 Not an object"}},
		{name: "bad JSON, and on", format: JSONL, in: "{\"id\":}\n{\"id\":1\n{id:1}\n{\"a\" 1}\n{\"id\":1}\n", rows: []string{"5|2:id=1"},
			errs: []string{"f:1:7 Bad JSON", "f:2:8 Bad JSON", "f:3:2 Bad JSON", "f:4:6 Bad JSON"}},
		{name: "comma at the end", format: JSONL, in: `{"id":1,}`, errs: []string{"f:1:9 Bad JSON"}},
		{name: "text after the object", format: JSONL, in: "{\"id\":1} {\"id\":2}", errs: []string{"f:1:10 Text after the object"}},
		{name: "duplicate member", format: JSONL, in: `{"id":1,"x":2,"id":3}`, errs: []string{"f:1:15 Duplicate member"}},
		{name: "duplicate member inside", format: JSONL, in: `{"id":1,"x":{"a":{"b":1},"a":2}}`, errs: []string{"f:1:9 Unusable nested value"}},
		{name: "the same name at two levels", format: JSONL, in: `{"x":{"a":[{"a":1},{"a":"a"}],"b":"a"}}`, rows: []string{`1|2:x={"a":[{"a":1},{"a":"a"}],"b":"a"}`}},
		{name: "too deep", format: JSONL, in: `{"x":` + strings.Repeat("[", maxDepth+1) + strings.Repeat("]", maxDepth+1) + "}", errs: []string{"f:1:2 Unusable nested value"}},
		{name: "member without a name", format: JSONL, in: `{"":1}`, errs: []string{"f:1:2 Member without a name"}},
		{name: "invalid UTF-8 in JSONL, and on", format: JSONL, in: "{\"a\":\"\xFF\"}\n{\"a\":1}\n", rows: []string{"2|2:a=1"}, errs: []string{"f:1:7 Invalid UTF-8"}},
		{name: "line too long", format: JSONL, in: `{"a":"` + long + `"}`, errs: []string{"f:1:1 Row too long"}},
		{name: "long line", format: JSONL, in: "{\"a\":\"" + long[:MaxRow/2] + "\"}\n{\"a\":1}", rows: []string{`1|2:a="` + long[:MaxRow/2] + `"`, "2|2:a=1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rows, errs := readAll(strings.NewReader(tt.in), tt.format)
			if !slices.Equal(rows, tt.rows) {
				t.Errorf("rows %.300q, want %.300q", rows, tt.rows)
			}
			if !slices.Equal(errs, tt.errs) {
				t.Errorf("errors %q, want %q", errs, tt.errs)
			}
			rows, errs = readAll(iotest.HalfReader(strings.NewReader(tt.in)), tt.format)
			if !slices.Equal(rows, tt.rows) || !slices.Equal(errs, tt.errs) {
				t.Errorf("read in small pieces: rows %.300q, errors %q", rows, errs)
			}
		})
	}
}

// A character of the file is shown as the project shows all text, whole and with its own escapes.
func TestBadJSONShowsTheCharacter(t *testing.T) {
	for in, want := range map[string]string{
		"{é}":                 `The line is no JSON object: invalid character "é" looking for beginning of object key string.`,
		"{\"a\": \"\x1b\"}":   `The line is no JSON object: invalid character "\u001b" in string literal.`,
		"{'a': 1}":            `The line is no JSON object: invalid character "'" looking for beginning of object key string.`,
		"{\"a\": \"b\rc\"}\n": `The line is no JSON object: invalid character "\r" in string literal.`,
	} {
		r, err := New(strings.NewReader(in), "f", JSONL)
		if err != nil {
			t.Fatal(err)
		}
		_, err = r.Next()
		if e := (*Error)(nil); !errors.As(err, &e) || e.Detail != want {
			t.Errorf("%q: %v, want %s", in, err, want)
		}
	}
}

func TestBrokenDisk(t *testing.T) {
	for format, text := range map[Format]string{CSV: "id\nc1\n", JSONL: "{\"id\":1}\n"} {
		in := io.MultiReader(strings.NewReader(text), iotest.ErrReader(fs.ErrPermission))
		r, err := New(in, "f", format)
		if err == nil {
			for err == nil {
				_, err = r.Next()
			}
		}
		if !errors.Is(err, fs.ErrPermission) {
			t.Errorf("%s: %v", format, err)
		}
	}
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	columns, err := Header(write("a.CSV", "id,\"first name\"\r\nc1,Ada\r\n"))
	if err != nil || !slices.Equal(columns, []string{"id", "first name"}) {
		t.Errorf("header: %q, %v", columns, err)
	}
	if columns, err := Header(write("a.jsonl", "{}")); err != nil || columns != nil {
		t.Errorf("header of JSONL: %q, %v", columns, err)
	}
	for path, want := range map[string]string{
		filepath.Join(dir, "none.csv"): "Unreadable file",
		write("a.xlsx", "x"):           "Unknown kind of file",
		write("empty.csv", ""):         "Empty file",
		write("dir.csv/x.txt"[:3], ""): "Unknown kind of file",
	} {
		_, err := Open(path, "people")
		if e := (*Error)(nil); !errors.As(err, &e) || e.Summary != want || e.File != "people" {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
	}
	if _, err := Open(filepath.Join(dir, "none.csv"), "x"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
	if _, err := Header(dir + "/sub.csv"); err == nil {
		t.Error("no error for a missing file")
	}
	if err := os.Mkdir(filepath.Join(dir, "d.csv"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Header(filepath.Join(dir, "d.csv")); err == nil {
		t.Error("a directory has a header")
	}
}
