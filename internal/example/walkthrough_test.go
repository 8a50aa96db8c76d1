package example

import (
	"context"
	"encoding/json"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// The copy that herald/providers/providertest tells newcomers to make builds, passes the suite, and is a provider of the
// program once the registry names it. The copy lies in a temporary folder, and an overlay shows it to the go command at
// its place, so that nothing is written into the tree. All modules are there already, since this test was built with them.
func TestWalkThrough(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, "providers/acme")); err == nil {
		t.Skip("somebody has walked here already: there is a providers/acme")
	}
	w := walk{root: root, temp: t.TempDir(), overlay: map[string]string{}}
	w.copy(t)
	w.register(t)
	w.write(t)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()

	// In two steps, since the folder in which "go test" would run the test does not exist. "go vet" could not enter it
	// either; it has looked at the template where it is.
	w.run(ctx, t, root, "go", "test", "-c", "-vet=off", w.flag(), "-o", w.at("acme.test"), "./providers/acme")
	out := w.run(ctx, t, w.temp, w.at("acme.test"), "-test.v", "-test.timeout=60s", "-test.run=^(TestConformance|TestToken)$")
	for _, line := range []string{"--- PASS: TestConformance/acme/kinds/text/carries", "--- PASS: TestConformance/acme/kinds/native/refuses", "--- PASS: TestConformance/acme/statements", "9 statements"} {
		if !strings.Contains(out, line) {
			t.Errorf("the copy's test does not say %q:\n%s", line, out)
		}
	}

	w.run(ctx, t, root, "go", "build", w.flag(), "-o", w.at("herald"), ".")
	campaign := `
		provider "acme" {}
		contact "ada" { acme_id = "17" }
		conversation "chat" {
		  provider = acme
		  with     = contact.ada
		  to       = contact.acme_id
		}
		sequence "hello" {
		  conversation = conversation.chat
		  message "first" { text = "Hi there" }
		}`
	folder := filepath.Join(w.temp, "campaign")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "main.hcl"), []byte(campaign), 0o644); err != nil {
		t.Fatal(err)
	}
	if out := w.run(ctx, t, folder, w.at("herald"), "plan"); !strings.Contains(out, "hello.first") || !strings.Contains(out, "1 to send") {
		t.Errorf("the program plans:\n%s", out)
	}
}

// walk is the way from the template to a provider of the program.
type walk struct {
	root, temp string
	overlay    map[string]string // from where a file would be to where it is
}

func (w walk) at(name string) string { return filepath.Join(w.temp, name) }

func (w walk) flag() string { return "-overlay=" + w.at("overlay.json") }

// copy makes the copy as the documentation says: what to leave out, what to call the test, and which words to replace
// are read from there.
func (w walk) copy(t *testing.T) {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(w.root, "providers/providertest/doc.go"))
	if err != nil {
		t.Fatal(err)
	}
	command := func(pattern string) []string {
		found := regexp.MustCompile(`(?m)^//\t` + pattern + `$`).FindStringSubmatch(string(page))
		if found == nil {
			t.Fatalf("providertest's documentation has no command like %s", pattern)
		}
		return found[1:]
	}
	command(`cp -r internal/example providers/acme`)
	command(`go test \./providers/acme`)
	removed := command(`rm providers/acme/(\S+)`)[0]
	moved := command(`mv providers/acme/(\S+) providers/acme/(\S+)`)
	var words []string
	for _, s := range regexp.MustCompile(`s/(\w+)/(\w+)/g`).FindAllStringSubmatch(command(`sed -i '(.*)' providers/acme/\*\.go`)[0], -1) {
		words = append(words, s[1], s[2])
	}
	replace := strings.NewReplacer(words...)

	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 7 {
		t.Fatalf("files %v, %v", files, err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		switch name {
		case removed:
			continue
		case moved[0]:
			name = moved[1]
		}
		text = []byte(replace.Replace(string(text)))
		if formatted, err := format.Source(text); err != nil || string(formatted) != string(text) {
			t.Errorf("%s is not formatted once its words are replaced: %v", name, err)
		}
		if strings.Contains(strings.ToLower(string(text)), "example") {
			t.Errorf("%s still speaks of the example", name)
		}
		w.add(t, filepath.Join("providers/acme", name), string(text))
	}
}

// register names the copy in the registry.
func (w walk) register(t *testing.T) {
	t.Helper()
	const name = "internal/cli/wire.go"
	text, err := os.ReadFile(filepath.Join(w.root, name))
	if err != nil {
		t.Fatal(err)
	}
	wired := string(text)
	for old, with := range map[string]string{
		"\t\"herald/providers\"\n": "\t\"herald/providers\"\n\t\"herald/providers/acme\"\n",
		"providers.NewRegistry(":   "providers.NewRegistry(acme.Type(), ",
	} {
		if strings.Count(wired, old) != 1 {
			t.Fatalf("%s has not one %q", name, old)
		}
		wired = strings.Replace(wired, old, with, 1)
	}
	w.add(t, name, wired)
}

// add puts a file at a place of the tree, as far as the go command can see.
func (w walk) add(t *testing.T, place, text string) {
	t.Helper()
	file := w.at(filepath.Base(place))
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	w.overlay[filepath.Join(w.root, place)] = file
}

func (w walk) write(t *testing.T) {
	t.Helper()
	text, err := json.Marshal(map[string]any{"Replace": w.overlay})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(w.at("overlay.json"), text, 0o644); err != nil {
		t.Fatal(err)
	}
}

// run runs a program to its end, without a network to fetch modules from.
func (w walk) run(ctx context.Context, t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOPROXY=off", "PWD="+dir)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}
