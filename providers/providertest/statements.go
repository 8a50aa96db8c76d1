package providertest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// statements checks that each statement of the vendor's pages is held by a case that exists.
func (s Subject) statements(t *testing.T) {
	cases := s.cases()
	for _, name := range s.Also {
		if err := tested(name); err != "" {
			t.Errorf("Also has %q: %s", name, err)
		}
	}
	said := map[string]bool{}
	for _, one := range s.Statements {
		says := strings.ToLower(strings.Join(strings.Fields(one.Says), " "))
		switch {
		case says == "" || one.Page == "":
			t.Errorf("a statement without words or page: %+v", one)
		case said[says]:
			t.Errorf("said twice: %q", one.Says)
		}
		said[says] = true
		switch n := cases[one.By]; {
		case n == 0:
			t.Errorf("%q is held by %q, and no case, check or test has that name", one.Says, one.By)
		case n > 1:
			t.Errorf("%q is held by %q, and %d cases have that name; give the one that holds it a name of its own", one.Says, one.By, n)
		}
	}
	t.Logf("%d statements", len(s.Statements))
}

// cases counts the names that hold statements: the subject's cases, those made from its facts, the suite's own checks, and
// the tests elsewhere that Also names and that are there.
func (s Subject) cases() map[string]int {
	names := map[string]int{}
	for _, c := range s.checks() {
		names[c.name]++
	}
	for _, g := range s.Golden {
		names[g.Name]++
	}
	for _, w := range s.Wrong {
		names[w.Name]++
	}
	for _, a := range s.Answers {
		names[a.Name]++
	}
	for _, a := range s.Type.Facts.Answers {
		names[documentedName(a)]++
	}
	for _, l := range s.List {
		names[l.Name]++
	}
	for _, w := range s.Watches {
		names[w.Name]++
	}
	for _, o := range s.Openings {
		names[o.Name]++
	}
	for _, name := range s.Also {
		if tested(name) == "" {
			names[name]++
		}
	}
	delete(names, "")
	return names
}

var testName = regexp.MustCompile(`^(?:([a-z0-9_]+)\.)?((?:Test|Fuzz|Example)[A-Za-z0-9_]*)$`)

// tested says why a name is that of no test: in the folder in which tests run, or in one beside it. "" when it is one.
func tested(name string) string {
	part := testName.FindStringSubmatch(name)
	if part == nil {
		return "write the name of a test, as in TestLimits, or sandbox.TestLimits for one in a folder beside"
	}
	dir := "."
	if part[1] != "" {
		dir = filepath.Join("..", part[1])
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*_test.go"))
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err == nil && strings.Contains(string(text), "\nfunc "+part[2]+"(") {
			return ""
		}
	}
	return "no file " + filepath.Join(dir, "*_test.go") + " has such a test"
}
