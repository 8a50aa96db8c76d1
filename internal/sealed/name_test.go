package sealed

import (
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

var goodNames = []string{
	"plan.json", "facts.jsonl", "steps/heyx.jsonl", "steps/heyx.second.jsonl", "steps/heyx.a-b_c9.jsonl",
	"steps/heyx.größe.jsonl", "steps/heyx.日本.jsonl", "Plan.json", "steps/con.jsonl",
	"steps/" + strings.Repeat("x", maxName-len("steps/.jsonl")) + ".jsonl",
}

var badNames = []string{
	"", "/", ".", "..", "plan", "plan.txt", ".json", "plan.json.jsonl", "plan.json/", "steps/", "steps", "/abs.json", "//x.json",
	"../x.json", "steps/../plan.json", "steps/../../x.json", "./plan.json", "steps//x.jsonl", "a/b/c.json", "steps/..jsonl",
	`a\b.json`, `..\x.json`, `C:\x.json`, "C:x.json", "plan\x00.json", "plan.json\x00", "plan\n.json", "a b.json", " plan.json",
	"plan.JSON", "steps/a.b.c.jsonl", "steps/.a.jsonl", "steps/a..jsonl", "-a.json", "9a.json", "~/x.json", "$x.json",
	"plan\u202e.json", "plan\u200b.json", "pl\xffan.json", "steps/heyx.gro\u0308ße.jsonl", // decomposed
	"steps/" + strings.Repeat("x", maxName-len("steps/.jsonl")+1) + ".jsonl",
}

// twins are names that one file system or another takes for the same.
var twins = [][2]string{
	{"plan.json", "plan.json"},
	{"plan.json", "Plan.json"},
	{"steps/heyx.a.jsonl", "steps/heyx.A.jsonl"},
	{"steps/heyx.größe.jsonl", "steps/heyx.GRÖSSE.jsonl"},
	{"steps/heyx.a.jsonl", "steps/heyx.\uff41.jsonl"}, // full width
	{"steps/heyx.k.jsonl", "Steps/heyx.K.jsonl"},
}

func TestNames(t *testing.T) {
	dir := t.TempDir()
	for _, name := range goodNames {
		path := filepath.Join(dir, "good")
		put(t, path, []part{{name, "x"}})
		if got, _, err := take(path, Options{}); err != nil || got[0] != (part{name, "x"}) {
			t.Errorf("%q: %v, %v", name, got, err)
		}
	}
	for _, name := range badNames {
		if err := entries(filepath.Join(dir, "bad"), name); err == nil {
			t.Errorf("%q can be written", name)
		}
		if _, _, err := take(file(t, forge(part{name, "x"}).seal()), Options{}); err == nil {
			t.Errorf("%q can be read", name)
		} else if strings.ContainsAny(err.Error(), "\x00\n\u202e\u200b") || !utf8.ValidString(err.Error()) {
			t.Errorf("%q stands in the error as it is", name)
		}
	}
	alone(t, dir, "good")
}

func TestTwins(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.plan")
	for _, two := range twins {
		if err := entries(path, two[0], two[1]); err == nil {
			t.Errorf("%q can be written", two)
		}
		if _, _, err := take(file(t, forge(part{two[0], "x"}, part{two[1], "y"}).seal()), Options{}); err == nil {
			t.Errorf("%q can be read", two)
		}
	}
	refused(t, entries(path, "steps/heyx.a.jsonl", "steps/heyx.A.jsonl"), "heyx.a", "heyx.A", "another alias")
	must(t, entries(path, "steps/heyx.a.jsonl", "steps/heyx.b.jsonl"))
}

// entries begins these entries, and gives up.
func entries(path string, names ...string) error {
	w, err := Create(path)
	if err != nil {
		return err
	}
	defer w.Abort()
	for _, name := range names {
		if _, err := w.Entry(name); err != nil {
			return err
		}
	}
	return nil
}
