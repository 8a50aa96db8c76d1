package spec

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

func TestFileNames(t *testing.T) {
	dir := write(t, "-- b.hcl --\n-- a.hcl --\n-- .hidden.hcl --\n-- a.test.hcl --\n-- c.hcl.json --\n-- d.hcl/x --\n-- e.txt --\n")
	got, err := FileNames(dir)
	if err != nil || !slices.Equal(got, []string{"a.hcl", "b.hcl"}) {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := FileNames(filepath.Join(dir, "none")); err == nil {
		t.Error("a directory that is not there has names")
	}
}

func TestDirectories(t *testing.T) {
	empty := t.TempDir()
	pipe := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(pipe, "x.hcl"), 0o600); err != nil {
		t.Fatal(err)
	}
	large := t.TempDir()
	if err := os.WriteFile(filepath.Join(large, "x.hcl"), []byte(strings.Repeat("#", maxFile+1)), 0o600); err != nil {
		t.Fatal(err)
	}
	for dir, summary := range map[string]string{
		empty:                          "No campaign files",
		filepath.Join(empty, "none"):   "Campaign directory cannot be read",
		filepath.Join(pipe, "x.hcl"):   "Campaign directory cannot be read",
		pipe:                           "Campaign file cannot be read",
		large:                          "File too large",
		write(t, "-- a.hcl.json --\n"): "JSON syntax is not read",
	} {
		c, diags := Load(dir, testInputs())
		if len(diags) == 0 || diags[0].Summary != summary || !diags.HasErrors() || c == nil {
			t.Errorf("%s: %v", summary, diags)
		}
	}
}

// The same blocks in any order and in any number of files are the same campaign.
func TestOrderOfBlocks(t *testing.T) {
	blocks := strings.SplitAfter(campaign, "\n}\n")
	slices.Reverse(blocks)
	var files strings.Builder
	for i, b := range blocks {
		files.WriteString("-- " + string(rune('a'+i)) + ".hcl --\n" + b)
	}
	c := load(t, files.String()+"-- hello.txt --\nHello\n-- people.jsonl --\n")
	one := whole(t)
	for i, s := range one.Sequences {
		for j, m := range s.Messages {
			if got := c.Sequences[i].Messages[j]; got.Source != m.Source || got.Name != m.Name {
				t.Errorf("%s.%s:\n%s\nwant\n%s", s.Name, m.Name, got.Source, m.Source)
			}
		}
	}
}

func TestFormat(t *testing.T) {
	got, diags := Format([]byte("locals {\n a=1\n   long =   \"x\"\n}\n"), "x.hcl")
	if want := "locals {\n  a    = 1\n  long = \"x\"\n}\n"; diags.HasErrors() || string(got) != want {
		t.Errorf("%q, %v", got, diags)
	}
	if again, _ := Format(got, "x.hcl"); string(again) != string(got) {
		t.Errorf("formatted twice: %q", again)
	}
	if got, diags := Format([]byte("locals {"), "x.hcl"); !diags.HasErrors() || got != nil {
		t.Errorf("broken text is formatted: %q", got)
	}
	if got, diags := Format([]byte(strings.Repeat("a {", 10000)), "x.hcl"); !diags.HasErrors() || got != nil {
		t.Error("deep text is formatted")
	}
}

// The depth of every kind of nesting is bounded, and what is merely long is not.
func TestDepth(t *testing.T) {
	many := func(s string) string { return strings.Repeat(s, 2000) }
	for _, deep := range []string{
		"a = " + many("(") + "1" + many(")"), "a = " + many("["), "a = " + many("{a="), many("a {\n"), "a = " + many("-") + "1",
		"a = 1" + many(" + 1"), "a = b" + many("[b]"), "a = " + many("b ? 1 : ") + "2", "a = \"" + many("${\""),
		"a = \"" + many("%{ if true }"), "a = " + many("!(") + "1", "a = [\n" + many("1 +\n") + "1]",
	} {
		if diags := guardConfig([]byte(deep), "x"); !diags.HasErrors() || diags[0].Summary != "Nesting too deep" {
			t.Errorf("%.20s: %v", deep, diags)
		}
	}
	for _, long := range []string{
		many("a = 1 + 1\n"), "a = [" + many("1 + 1,") + "]", "a = {" + many("b = 1\n") + "}", "a = \"" + many("${b} ") + "\"",
		"a = f(" + many("[1],") + "1)", many("a {\n}\n"), many("# (((([[[[\n"), many(")"),
	} {
		if diags := guardConfig([]byte(long), "x"); diags.HasErrors() {
			t.Errorf("%.20s: %v", long, diags)
		}
	}
}
