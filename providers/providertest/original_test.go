package providertest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func saying(all ...string) said {
	var statements []Statement
	for _, says := range all {
		statements = append(statements, Statement{Says: says})
	}
	return readSaid(statements)
}

func TestSaid(t *testing.T) {
	s := saying("`Content-Type` is required, and `POST /v1/a.json`", "`a.b_c`, `d`: text", "up to 1,000 characters, 25 rps", "HTTP 401: no token", "2 is for activity")
	for name, want := range map[string]bool{
		"content-type": true, "Content-Type": true, "POST": true, "/v1/a.json": true, "a.b_c": true, "a": true, "b_c": true, "d": true,
		"json": false, "text": false, "required": false, "v1": false, "b": false, "/v1/a": false,
		"25 RPS": true, "1000 characters": true, "1,000 character": true, "401 HTTP": true, "HTTP 401": true, "2 activity": true,
		"25 characters": true, // one statement has both words
		"HTTP 25":       false, "100 characters": false, "401 activity": false, "2 a": false,
	} {
		if got := s.has(name); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

func TestCompare(t *testing.T) {
	all := []documented{{"a", 1}, {"b", 2}, {"HTTP 401", 3}}
	for _, tt := range []struct {
		name   string
		says   []string
		ignore map[string]string
		want   string // part of the one problem; "" for none
	}{
		{"all said", []string{"`a` and `b`", "HTTP 401"}, nil, ""},
		{"one ignored", []string{"`a`", "HTTP 401"}, map[string]string{"b": "of another product"}, ""},
		{"one not said", []string{"`a`", "HTTP 401", "b"}, nil, `x.md: "b" (line 2) is documented, and no statement says it`},
		{"a status not said", []string{"`a` and `b`", "HTTP 403"}, nil, `"HTTP 401" (line 3) is documented`},
		{"ignored and said", []string{"`a` and `b`", "HTTP 401"}, map[string]string{"a": "why"}, `"a" (line 1) is ignored, and a statement says it`},
		{"ignored and gone", []string{"`a` and `b`", "HTTP 401"}, map[string]string{"c": "why"}, "c is ignored, and is not on the page"},
		{"ignored without a reason", []string{"`a`", "HTTP 401"}, map[string]string{"b": " "}, `"b" (line 2) is ignored without a reason`},
	} {
		got := Original{File: "x.md", Ignore: tt.ignore}.compare(all, saying(tt.says...))
		if (len(got) == 0) != (tt.want == "") || len(got) > 1 || len(got) == 1 && !strings.Contains(got[0], tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestOriginalsFolder(t *testing.T) {
	top := t.TempDir()
	inside := filepath.Join(top, "checkout", "providers", "acme")
	if err := os.MkdirAll(inside, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir(inside)
	t.Setenv(originalsVariable, "")
	if got, err := originalsFolder(); err == nil {
		t.Logf("a go.mod stands above the temporary folder: %s", got)
	} else if !strings.Contains(err.Error(), originalsVariable) {
		t.Errorf("without a go.mod: %v", err)
	}
	if err := os.WriteFile(filepath.Join(top, "checkout", "go.mod"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	real, err := filepath.EvalSymlinks(top)
	if err != nil {
		t.Fatal(err)
	}
	want := filepath.Join(real, "shared", "providers", "originals")
	if got, err := originalsFolder(); err != nil || got != want {
		t.Errorf("%s, %v; want %s", got, err, want)
	}
	t.Setenv(originalsVariable, "elsewhere")
	if got, err := originalsFolder(); err != nil || got != "elsewhere" {
		t.Errorf("%s, %v; want elsewhere", got, err)
	}
}

// Without the pages, and without a page to look for, the check is skipped; it is not passed.
func TestOriginalsAbsent(t *testing.T) {
	t.Setenv(originalsVariable, filepath.Join(t.TempDir(), "none"))
	skipped := map[string]bool{}
	for name, s := range map[string]Subject{"no folder": {Originals: []Original{{File: "x.md"}}}, "no pages": {}} {
		t.Run(name, func(t *testing.T) {
			defer func() { skipped[name] = t.Skipped() }()
			s.originals(t)
		})
	}
	if !skipped["no folder"] || !skipped["no pages"] {
		t.Errorf("skipped: %v", skipped)
	}
}

// A page is found where the variable says, and read as it is.
func TestOriginalsThere(t *testing.T) {
	folder := t.TempDir()
	t.Setenv(originalsVariable, folder)
	if err := os.WriteFile(filepath.Join(folder, "x.md"), []byte("`a_b`, 7 days"), 0o644); err != nil {
		t.Fatal(err)
	}
	s := Subject{Originals: []Original{{File: "x.md", Ignore: map[string]string{"7 days": "advice"}}}, Statements: []Statement{{Says: "`a_b`"}}}
	t.Run("page", func(t *testing.T) {
		s.originals(t)
		if t.Skipped() {
			t.Error("skipped")
		}
	})
	if !slices.ContainsFunc(s.checks(), func(c check) bool { return c.name == "originals" }) {
		t.Error("the suite has no such check")
	}
}
