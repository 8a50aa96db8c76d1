package recipes

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"

	"herald/providers/sandbox"
)

// repository is a campaign under version control, as a team has it, with the vendors that it writes to, a store for its
// ledger, and a key that only the job that applies has.
type repository struct {
	t        *testing.T
	origin   string // the repository that a service clones
	work     string // somebody's clone
	store    string // of ledger.sh
	applied  string // the note of it where there is no store
	folder   string // of the campaign within the repository, "." at first
	release  string // herald, packed as a release
	sha256   string
	vendors  *sandbox.Sandbox
	token    string
	identity *age.X25519Identity
	reviewer *age.X25519Identity // of somebody who may see names, and not send
	people   int
}

const campaign = `provider "heyx" {
  base_url = "%s"

  limits {
    requests    = 5
    per         = "250ms"
    concurrency = 2
  }
}

contacts "people" {
  source = "people.csv"
  key    = "id"
}

conversation "chat" {
  provider   = heyx
  with       = contacts.people
  contact_id = contact.id
}

sequence "%s" {
  conversation = conversation.chat

  message "hello" {
    text = "%s"
  }
}
`

// newRepository makes a campaign whose ledger was begun by hand, as docs/ci.md says: it is in the store, nothing was sent, and the
// campaign names its lineage.
func newRepository(t *testing.T) *repository {
	t.Helper()
	need(t, "git", "tar", "sha256sum")
	vendors, err := sandbox.Start(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { vendors.Close() })
	var keys [2]*age.X25519Identity
	for i := range keys {
		if keys[i], err = age.GenerateX25519Identity(); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	r := &repository{t: t, origin: filepath.Join(dir, "origin"), work: filepath.Join(dir, "launch_2"), store: filepath.Join(dir, "store"),
		folder: ".", release: filepath.Join(dir, "herald.tar.gz"), vendors: vendors, identity: keys[0], reviewer: keys[1]}
	for _, v := range vendors.Vendors() {
		if v.Name == sandbox.HeyX {
			r.token = v.Token
		}
	}
	// A link in place of the binary, which would be packed and unpacked a hundred times.
	if err := os.Symlink(filepath.Join(tools, "herald"), filepath.Join(dir, "herald")); err != nil {
		t.Fatal(err)
	}
	r.sh(dir, "tar", "-czf", r.release, "-C", dir, "herald")
	r.sha256 = strings.Fields(r.sh(dir, "sha256sum", r.release))[0]
	r.sh(dir, "git", "init", "-q", "--bare", "-b", "main", r.origin)
	r.sh(dir, "git", "clone", "-q", r.origin, r.work)
	r.write(".gitignore", "herald.state*\n.herald/\n")
	ledger, err := os.ReadFile("ledger.sh")
	if err != nil {
		t.Fatal(err)
	}
	r.write("ci/ledger.sh", string(ledger))
	r.says("first", "Hello.", 1)
	r.begin(".")
	r.commit("The campaign")
	r.sh(r.work, "git", "push", "-q", "origin", "HEAD:main")
	return r
}

// begin begins the ledger of the campaign in a folder, by hand, and gives it to the store.
func (r *repository) begin(folder string) {
	r.t.Helper()
	r.sh(r.work, "herald", "-chdir="+folder, "apply", "-new-ledger", "-limit=0", "-auto-approve")
	var shown struct{ Lineage string }
	if err := json.Unmarshal([]byte(r.sh(r.work, "herald", "-chdir="+folder, "show", "-json")), &shown); err != nil {
		r.t.Fatal(err)
	}
	r.write(filepath.Join(folder, "settings.hcl"), fmt.Sprintf("herald {\n  lineage = %q\n}\n", shown.Lineage))
	r.folder = folder
	r.sh(r.work, "sh", "ci/ledger.sh", "give")
}

// recipients are the keys that a plan is sealed to.
func (r *repository) recipients() string {
	return r.identity.Recipient().String() + " " + r.reviewer.Recipient().String()
}

// says changes the campaign: what is said in which sequence, to how many.
func (r *repository) says(sequence, text string, people int) {
	r.t.Helper()
	r.people = people
	r.write("campaign.hcl", fmt.Sprintf(campaign, r.address(), sequence, text))
	var rows strings.Builder
	rows.WriteString("id\n")
	for i := range people {
		fmt.Fprintf(&rows, "p%03d\n", i)
	}
	r.write("people.csv", rows.String())
}

func (r *repository) address() string {
	for _, v := range r.vendors.Vendors() {
		if v.Name == sandbox.HeyX {
			return v.URL
		}
	}
	return ""
}

func (r *repository) write(name, text string) {
	r.t.Helper()
	path := filepath.Join(r.work, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		r.t.Fatal(err)
	}
}

func (r *repository) commit(message string) (sha string) {
	r.t.Helper()
	r.sh(r.work, "git", "add", "-A")
	r.sh(r.work, "git", "commit", "-q", "--allow-empty", "-m", message)
	return strings.TrimSpace(r.sh(r.work, "git", "rev-parse", "HEAD"))
}

// push commits to a branch of a pull request, and gives its head.
func (r *repository) push(message string) (head string) {
	r.t.Helper()
	head = r.commit(message)
	r.sh(r.work, "git", "push", "-q", "-f", "origin", "HEAD:refs/heads/change")
	return head
}

// merge merges the branch into main, and gives the merge's commit.
func (r *repository) merge() (sha string) {
	r.t.Helper()
	r.sh(r.work, "git", "checkout", "-q", "-B", "merging", "origin/main")
	r.sh(r.work, "git", "merge", "-q", "--no-ff", "-m", "Merge", "origin/change")
	r.sh(r.work, "git", "push", "-q", "origin", "HEAD:main")
	return strings.TrimSpace(r.sh(r.work, "git", "rev-parse", "HEAD"))
}

// env is what every command here has of the world: no credentials of this machine, no configuration of its git.
func (r *repository) env(more ...string) []string {
	return append([]string{
		"PATH=" + tools + ":" + os.Getenv("PATH"), "HOME=" + filepath.Dir(r.origin), "TMPDIR=" + filepath.Dir(r.origin), "LC_ALL=C.UTF-8",
		"GIT_CONFIG_NOSYSTEM=1", "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com",
	}, more...)
}

// sh runs a command that must go well.
func (r *repository) sh(dir string, args ...string) string {
	r.t.Helper()
	out, err := r.try(dir, args...)
	if err != nil {
		r.t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

func (r *repository) try(dir string, args ...string) (string, error) {
	path := args[0]
	if !filepath.IsAbs(path) && path == "herald" {
		path = filepath.Join(tools, path)
	}
	cmd := exec.Command(path, args[1:]...)
	cmd.Dir = dir
	cmd.Env = r.env("HERALD_DIR="+r.folder, "HERALD_LEDGER_STORE="+r.store, "HERALD_LEDGER_RUN=hand", "HEYX_TOKEN="+r.token)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// onlyOnce fails when somebody got a text twice, or not at all.
func (r *repository) onlyOnce(text string, people int) {
	r.t.Helper()
	got := map[string]int{}
	for _, m := range r.vendors.Messages(sandbox.HeyX) {
		if m.Text == text {
			got[m.To]++
		}
	}
	for who, n := range got {
		if n != 1 {
			r.t.Errorf("%s got %q %d times", who, text, n)
		}
	}
	if len(got) != people {
		r.t.Errorf("%d got %q, and not %d", len(got), text, people)
	}
}

// stored lists the files of the store.
func (r *repository) stored() []string {
	var names []string
	_ = filepath.WalkDir(r.store, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			name, _ := filepath.Rel(r.store, path)
			names = append(names, name)
		}
		return nil
	})
	slices.Sort(names)
	return names
}
