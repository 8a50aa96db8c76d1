package release

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// program builds herald as the tests run it where no image is needed.
func program(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "herald")
	if said, err := exec.Command("go", "build", "-o", path, "..").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, said)
	}
	return path
}

// TestPrepare runs prepare.sh beside a changelog of its own. The program is built once: in place of go stands a script that
// hands it over.
func TestPrepare(t *testing.T) {
	herald := program(t)
	script, err := filepath.Abs("prepare.sh")
	if err != nil {
		t.Fatal(err)
	}
	const changelog = `# Changelog

## [Unreleased]

- Not yet.

## [VERSION] - 2026-12-01

### Added

- The first.

## [0.0.9] - 2026-11-01

- Before.

[0.0.9]: https://example.com/0.0.9
`
	for name, c := range map[string]struct {
		version, changelog string
		notes, refused     string
	}{
		"herald's own":         {version(t), changelog, "### Added\n\n- The first.", ""},
		"another":              {"9.9.9", changelog, "", "the tag says 9.9.9 and herald calls itself " + version(t)},
		"a candidate":          {version(t) + "-rc.1", changelog, "", "-rc.1 and herald calls itself"},
		"not in the changelog": {version(t), strings.ReplaceAll(changelog, "[VERSION]", "[7.7.7]"), "", "CHANGELOG.md says nothing under"},
		"the last, no links":   {version(t), "## [VERSION]\n\n- Only.\n\n[VERSION]: https://example.com/v\n", "- Only.", ""},
		"a rehearsal":          {"-", changelog, "- Not yet.", ""},
	} {
		t.Run(name, func(t *testing.T) {
			tree := t.TempDir()
			write(t, tree, "release/prepare.sh", readText(t, script), 0o755)
			write(t, tree, "CHANGELOG.md", strings.ReplaceAll(c.changelog, "VERSION", version(t)), 0o644)
			write(t, tree, "bin/go", "#!/bin/sh\n[ \"$1 $2 $4\" = 'build -o .' ] && [ -z \"$GOOS$GOARCH\" ] && cp "+herald+" \"$3\"\n", 0o755)
			cmd := exec.Command("sh", filepath.Join(tree, "release/prepare.sh"), c.version)
			cmd.Env = append(os.Environ(), "PATH="+tree+"/bin:"+os.Getenv("PATH"), "GOOS=plan9")
			said, err := cmd.CombinedOutput()
			if c.refused != "" {
				if err == nil || !strings.Contains(string(said), c.refused) {
					t.Errorf("it was not refused (%v) or does not say %q:\n%s", err, c.refused, said)
				}
				return
			}
			if err != nil {
				t.Fatalf("%v\n%s", err, said)
			}
			if got := strings.TrimSpace(readText(t, filepath.Join(tree, "release/out/notes.md"))); got != c.notes {
				t.Errorf("the notes are %q, want %q", got, c.notes)
			}
			for _, shell := range []string{"bash", "zsh", "fish", "ps1"} {
				if !strings.Contains(readText(t, filepath.Join(tree, "release/out/completions/herald."+shell)), "--generate-shell-completion") {
					t.Errorf("completions/herald.%s asks nobody what there is", shell)
				}
			}
			if _, err := os.Stat(filepath.Join(tree, "release/out/herald")); err == nil {
				t.Error("the program that was only asked is left where archives are made of")
			}
		})
	}
}

// write makes a file below dir, with its directories.
func write(t *testing.T, dir, name, content string, mode os.FileMode) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), mode); err != nil {
		t.Fatal(err)
	}
}
