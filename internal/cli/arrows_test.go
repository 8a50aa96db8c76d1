package cli_test

import (
	"encoding/json"
	"io"
	"os/exec"
	"strings"
	"testing"
)

// arrows says what each package may import of herald, and why no more. A package that is missing here is new and
// needs a line.
var arrows = map[string]struct {
	may string
	why string
}{
	"herald":                        {"internal/cli", "main only hands over to the command line"},
	"herald/internal/cli":           {"examples internal/live internal/preview internal/report internal/sealed internal/addr internal/calendar internal/crash internal/inbox internal/listen internal/table internal/testfile executor planner spec state providers providers/heyx providers/avaamo providers/maax providers/chatwoot providers/sandbox", "the command line wires everything, and is the only one who knows all providers"},
	"herald/internal/report":        {"internal/addr executor planner spec state providers", "what is shown is made from the layers below"},
	"herald/internal/preview":       {"internal/report internal/addr providers", "pages are drawn from what is shown; whoever draws decides nothing and asks nobody"},
	"herald/internal/live":          {"internal/preview internal/report providers providers/sandbox", "the sandbox's page draws what arrived as plans do, and decides nothing"},
	"herald/executor":               {"internal/addr internal/crash planner state providers", "the executor carries out requests; it must not know the language"},
	"herald/planner":                {"internal/addr internal/calendar internal/table spec state providers", "the planner reads all three siblings and sends nothing"},
	"herald/spec":                   {"internal/addr internal/calendar internal/table", "the language knows no provider and no ledger: they reach it as data"},
	"herald/state":                  {"internal/addr internal/crash internal/sqlitefile", "the ledger knows sends, not how they came about"},
	"herald/providers":              {"internal/addr", "the contract knows no account of ours"},
	"herald/providers/wire":         {"internal/addr providers", "one HTTP attempt for all providers"},
	"herald/providers/heyx":         {"internal/addr providers providers/wire", "a provider knows its vendor and the contract"},
	"herald/providers/avaamo":       {"internal/addr providers providers/wire", "a provider knows its vendor and the contract"},
	"herald/providers/maax":         {"internal/addr providers providers/wire", "a provider knows its vendor and the contract"},
	"herald/providers/chatwoot":     {"internal/addr providers providers/wire", "a provider knows its vendor and the contract"},
	"herald/internal/example":       {"internal/addr providers providers/wire", "it is a provider like the others, to begin one with"},
	"herald/providers/providertest": {"internal/addr providers", "the suite sees a provider as its callers do"},
	"herald/providers/sandbox":      {"", "one misreading of an API must not hide in client and emulator both"},
	"herald/internal/addr":          {"", "names are a leaf"},
	"herald/internal/calendar":      {"", "wall clocks and windows are a leaf"},
	"herald/internal/testfile":      {"internal/addr internal/calendar spec", "a test file speaks of a campaign in the language's words"},
	"herald/internal/crash":         {"", "points at which tests end the process are a leaf"},
	"herald/internal/inbox":         {"internal/sqlitefile", "whatever vendors call with is kept without being understood"},
	"herald/internal/browsertest":   {"", "tests look at pages with it; it knows no page"},
	"herald/internal/sqlitefile":    {"", "a file of SQLite is found, locked, made and opened by a leaf: it knows no table"},
	"herald/internal/listen":        {"internal/inbox providers", "whoever listens to the world reaches no ledger and no campaign"},
	"herald/internal/sealed":        {"", "the container of a sealed plan takes bytes and gives bytes: it knows no plan"},
	"herald/internal/table":         {"internal/addr", "reading rows is a leaf; it only quotes what it shows"},
	"herald/examples":               {"", "examples are data"},
	"herald/recipes":                {"", "recipes are data, and tested from outside, as CI runs them"},
	"herald/release":                {"", "what is handed out is tested from outside, as those who get it see it"},
}

func TestArrowsOnlyGoDown(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "herald/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	dec := json.NewDecoder(strings.NewReader(string(out)))
	seen := 0
	for {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		seen++
		rule, known := arrows[p.ImportPath]
		if !known {
			t.Errorf("%s has no rule in arrows: say what it may import, and why", p.ImportPath)
			continue
		}
		allowed := map[string]bool{}
		for _, name := range strings.Fields(rule.may) {
			allowed["herald/"+name] = true
		}
		for _, imported := range p.Imports {
			if strings.HasPrefix(imported, "herald") && !allowed[imported] {
				t.Errorf("%s imports %s, and must not: %s", p.ImportPath, imported, rule.why)
			}
		}
	}
	if seen < 10 {
		t.Errorf("go list named only %d packages", seen)
	}
}
