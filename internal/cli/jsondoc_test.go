package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const jsonPage = "../../docs/json.md"

// spoken is what herald said: lines of streams by their type, documents by their command.
type spoken map[string][]string

// ledgerPlace is where a test's own ledger lies, which nobody needs to read.
var ledgerPlace = regexp.MustCompile(`"ledger":"[^"]*"`)

// documented compares the page about JSON with what herald really said: each example has the shape of something real, and
// each type of line has one. UPDATE_GOLDEN=1 writes them anew.
func documented(t *testing.T, real spoken, types []string) {
	text, err := os.ReadFile(jsonPage)
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	update := os.Getenv("UPDATE_GOLDEN") != ""
	given, replace := examplesOf(t, page, "lines")
	if update {
		before := map[string]string{}
		for line := range strings.Lines(given) {
			var head struct{ Type string }
			if json.Unmarshal([]byte(line), &head) == nil {
				before[head.Type] = line
			}
		}
		var lines []string
		for _, kind := range types {
			lines = append(lines, kept(t, before[kind], real[kind]))
		}
		given = ledgerPlace.ReplaceAllString(strings.Join(lines, ""), `"ledger":"/srv/news/herald.state"`)
		page = replace(given)
	}
	var shown []string
	for line := range strings.Lines(given) {
		var head struct{ Type string }
		if err := json.Unmarshal([]byte(line), &head); err != nil {
			t.Errorf("%v: %s", err, line)
		}
		shown = append(shown, head.Type)
		isReal(t, line, real[head.Type])
	}
	slices.Sort(shown)
	if want := slices.Sorted(slices.Values(types)); !slices.Equal(shown, want) {
		t.Errorf("the page has examples of %v, and herald writes %v", shown, want)
	}
	for _, command := range []string{"herald validate -json", "herald state list -json"} {
		given, replace := examplesOf(t, page, command)
		if update {
			page = replace(kept(t, given, real[command]))
			continue
		}
		isReal(t, given, real[command])
	}
	for _, kind := range types {
		if !strings.Contains(page, "`"+kind+"`") {
			t.Errorf("the page does not say what %s is", kind)
		}
	}
	if lines := strings.Count(page, "\n"); lines > 150 {
		t.Errorf("the page has %d lines", lines)
	}
	if update {
		if err := os.WriteFile(jsonPage, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// examplesOf gives the examples between two markers of the page, and what puts others there.
func examplesOf(t *testing.T, page, name string) (text string, replace func(string) string) {
	t.Helper()
	before, rest, found := strings.Cut(page, "<!-- "+name+" -->\n```json\n")
	text, after, closed := strings.Cut(rest, "```\n<!-- /"+name+" -->")
	if !found || !closed {
		t.Fatalf("the page has no section %q", name)
	}
	return text, func(by string) string {
		return before + "<!-- " + name + " -->\n```json\n" + by + "```\n<!-- /" + name + " -->" + after
	}
}

// kept gives an example that is still right, so that writing the page anew changes only what must change, else a typical one.
func kept(t *testing.T, example string, real []string) string {
	t.Helper()
	if example != "" && slices.ContainsFunc(real, func(one string) bool { return shapeOf(t, one) == shapeOf(t, example) }) {
		return example
	}
	return typical(t, real)
}

// isReal complains about an example that is like nothing that herald said.
func isReal(t *testing.T, example string, real []string) {
	t.Helper()
	want := shapeOf(t, example)
	for _, one := range real {
		if shapeOf(t, one) == want {
			return
		}
	}
	if len(real) > 10 {
		real = real[:10]
	}
	t.Errorf("herald never says\n%sbut\n%s", example, strings.Join(real, ""))
}

// typical gives the shortest of some texts that have the most usual shape.
func typical(t *testing.T, texts []string) string {
	t.Helper()
	shapes := map[string][]string{}
	for _, text := range texts {
		shape := shapeOf(t, text)
		shapes[shape] = append(shapes[shape], text)
	}
	best := ""
	for _, shape := range slices.Sorted(maps.Keys(shapes)) {
		if len(shapes[shape]) > len(shapes[best]) {
			best = shape
		}
	}
	return slices.MinFunc(shapes[best], func(a, b string) int { return len(a) - len(b) })
}

// shapeOf draws a JSON value by its members and types, without values; of a list, the shapes that are in it.
func shapeOf(t *testing.T, text string) string {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader([]byte(text)))
	var value any
	if err := dec.Decode(&value); err != nil {
		t.Errorf("%v: %s", err, text)
	}
	var draw func(any) string
	draw = func(value any) string {
		switch value := value.(type) {
		case map[string]any:
			var b strings.Builder
			for _, name := range slices.Sorted(maps.Keys(value)) {
				fmt.Fprintf(&b, "%s:%s ", name, draw(value[name]))
			}
			return "{" + b.String() + "}"
		case []any:
			shapes := map[string]bool{}
			for _, one := range value {
				shapes[draw(one)] = true
			}
			return fmt.Sprint(slices.Sorted(maps.Keys(shapes)))
		}
		return fmt.Sprintf("%T", value)
	}
	return draw(value)
}

// The page's commands with jq say something.
func TestJSONPageAsksRightly(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("jq"); err != nil {
		t.Skip("no jq here")
	}
	page, err := os.ReadFile(jsonPage)
	if err != nil {
		t.Fatal(err)
	}
	g := newStage(t, "json", nil)
	g.run(0, "plan", "-out=news.plan")
	g.run(0, "apply", "-auto-approve", "-limit=1")
	g.write("policy.hcl", "policy \"small\" {\n  max_sends = 1\n}\n")
	asked := 0
	for line := range strings.Lines(string(page)) {
		if !strings.HasPrefix(line, "    herald ") {
			continue
		}
		asked++
		cmd := exec.CommandContext(t.Context(), "sh", "-c", line)
		cmd.Dir, cmd.Env = g.dir, g.env
		out, err := cmd.CombinedOutput()
		if answer := strings.TrimSpace(string(out)); err != nil || answer == "" || answer == "null" {
			t.Errorf("%s: %v, %s", strings.TrimSpace(line), err, out)
		}
	}
	if asked < 3 {
		t.Errorf("only %d commands", asked)
	}
}
