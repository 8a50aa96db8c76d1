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
		cases[name] = true
	}
	said, held := map[string]bool{}, 0
	for _, one := range s.Statements {
		says := strings.ToLower(strings.Join(strings.Fields(one.Says), " "))
		switch {
		case says == "" || one.Page == "":
			t.Errorf("a statement without words or page: %+v", one)
		case said[says]:
			t.Errorf("said twice: %q", one.Says)
		}
		said[says] = true
		if cases[one.By] {
			held++
		} else {
			t.Errorf("%q is held by %q, and no case, check or test has that name", one.Says, one.By)
		}
	}
	t.Logf("%d statements, %d held by tests", len(s.Statements), held)
}

// cases are the names that hold statements: the subject's cases, those made from its facts, and the suite's own checks.
func (s Subject) cases() map[string]bool {
	names := map[string]bool{}
	for _, c := range s.checks() {
		names[c.name] = true
	}
	for _, g := range s.Golden {
		names[g.Name] = true
	}
	for _, w := range s.Wrong {
		names[w.Name] = true
	}
	for _, a := range s.Answers {
		names[a.Name] = true
	}
	for _, a := range s.Type.Facts.Answers {
		names[documentedName(a)] = true
	}
	for _, l := range s.List {
		names[l.Name] = true
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
