package recipes

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"filippo.io/age"
)

// tools is a directory for PATH: herald, built from this tree, and a stand-in for age-keygen.
var tools string

func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == "age-keygen" {
		os.Exit(keygen(os.Args[1:]))
	}
	os.Exit(run(m))
}

func run(m *testing.M) int {
	var err error
	if tools, err = os.MkdirTemp("", "herald-recipes-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(tools)
	build := exec.Command("go", "build", "-o", filepath.Join(tools, "herald"), "..")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "building herald:", err)
		return 1
	}
	self, err := os.Executable()
	if err == nil {
		err = os.Symlink(self, filepath.Join(tools, "age-keygen"))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// keygen does what the recipes need of age-keygen: a new key on standard output, or in the file of -o.
func keygen(args []string) int {
	key, err := age.GenerateX25519Identity()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	text := fmt.Sprintf("# created: now\n# public key: %s\n%s\n", key.Recipient(), key)
	fmt.Fprintln(os.Stderr, "Public key:", key.Recipient())
	if len(args) == 2 && args[0] == "-o" {
		if err := os.WriteFile(args[1], []byte(text), 0o600); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return 0
	}
	fmt.Print(text)
	return 0
}

// need skips a test where a tool of the recipes is not on this machine.
func need(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("%s is not on this machine, and the recipe needs it: what it does is not tested here", name)
		}
	}
}
