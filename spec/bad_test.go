package spec

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// marker is the comment on a guilty line: # ERROR: Summary, # WARNING: Summary; several follow one another.
var marker = regexp.MustCompile(`# (ERROR|WARNING): ([^#\n]+)`)

// Every file in testdata/bad is a campaign with something wrong. The markers on its lines are all that may be reported,
// and all of it must be: the summary at the line where the subject begins.
func TestBad(t *testing.T) {
	paths, err := filepath.Glob("testdata/bad/*")
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) < 60 {
		t.Fatalf("%d files in testdata/bad, fewer than 60", len(paths))
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)), func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			dir := write(t, string(text))
			c, diags := Load(dir, testInputs())
			want := expected(t, dir)
			var got []string
			for _, d := range diags {
				at := "nowhere"
				if d.Subject != nil {
					at = fmt.Sprintf("%s:%d", d.Subject.Filename, d.Subject.Start.Line)
				}
				severity := map[bool]string{true: "ERROR", false: "WARNING"}[d.Severity == 1]
				got = append(got, fmt.Sprintf("%s %s: %s", at, severity, d.Summary))
				if d.Detail == "" {
					t.Errorf("%s has no detail", d.Summary)
				}
				if d.Expression != nil || d.EvalContext != nil {
					t.Errorf("%s carries values", d.Summary)
				}
			}
			slices.Sort(got)
			slices.Sort(want)
			if len(want) == 0 {
				t.Error("no marker in the file")
			}
			if !slices.Equal(got, want) {
				t.Errorf("got\n  %s\nwant\n  %s\n%s", strings.Join(got, "\n  "), strings.Join(want, "\n  "), printed(c, diags))
			}
		})
	}
}

// expected collects the markers of all files in a directory.
func expected(t *testing.T, dir string) []string {
	var want []string
	paths, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if info, err := os.Stat(path); err != nil || info.IsDir() {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			for _, m := range marker.FindAllStringSubmatch(line, -1) {
				want = append(want, fmt.Sprintf("%s:%d %s: %s", filepath.Base(path), i+1, m[1], strings.TrimSpace(m[2])))
			}
		}
	}
	return want
}
