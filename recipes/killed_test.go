package recipes

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"herald/providers/sandbox"
)

// When the job is cancelled, its process gets SIGINT. What was begun is finished, the ledger is given back, and the same job, run
// again, sends the rest.
func TestCancelledJob(t *testing.T) {
	t.Parallel()
	g := newGitHub(t)
	sha := g.reviewed("The news.", 60)
	found := g.find(sha)
	g.midway(func(p *os.Process) { _ = p.Signal(os.Interrupt) }, "cancelled")
	r := g.apply(sha, found)
	r.is(t, "cancelled")
	says(t, r.summary, "cut off", "0 in doubt", "<!-- herald-ledger ")
	if n := g.sent(); n == 60 {
		t.Fatalf("all %d were sent: the signal came to nobody", n)
	}
	g.during = nil
	g.apply(sha, found).is(t, "success")
	g.onlyOnce("The news.", 60)
}

// When herald itself is killed, the job goes on and gives the ledger back, with what the killed process had on the disk.
func TestKilledHerald(t *testing.T) {
	t.Parallel()
	g := newGitHub(t)
	sha := g.reviewed("The news.", 60)
	found := g.find(sha)
	g.midway(func(p *os.Process) { _ = p.Kill() }, "")
	r := g.apply(sha, found)
	r.is(t, "failure")
	says(t, r.log, "gave the ledger back")
	before := g.sent()
	g.during = nil
	again := g.apply(sha, found)
	says(t, again.log, "of this plan went out, or may have gone out, before")
	// What was on the wire, two at most, is in doubt: HeyX cannot be asked, so it is held, and the job says so.
	g.atMostOnce("The news.")
	if before < 6 || g.sent() < 58 {
		t.Errorf("%d, then %d messages", before, g.sent())
	}
	if again.state != "success" {
		says(t, again.log, "exit status 3")
		says(t, again.summary, "in doubt")
	}
}

// midway does something to the process of the next apply when it has sent some, and says how the step then ends; "" for by itself.
func (g *github) midway(do func(*os.Process), ends string) {
	g.during = map[string]func(*os.Process) string{"Apply": func(p *os.Process) string {
		wait(g.t, "some were sent", func() bool { return g.sent() > 5 })
		do(p)
		return ends
	}}
}

func (g *github) atMostOnce(text string) {
	g.t.Helper()
	got := map[string]bool{}
	for _, m := range g.vendors.Messages(sandbox.HeyX) {
		if m.Text == text && got[m.To] {
			g.t.Errorf("%s got %q twice", m.To, text)
		}
		got[m.To] = got[m.To] || m.Text == text
	}
}

// When the machine goes, so does the ledger. The next run finds none, and sends nothing. With the machine's disk back, it goes on.
func TestKilledMachine(t *testing.T) {
	t.Parallel()
	g := newGitHub(t)
	sha := g.reviewed("The news.", 60)
	found := g.find(sha)
	g.midway(func(p *os.Process) { _ = p.Signal(syscall.SIGKILL) }, "gone")
	lost := g.apply(sha, found)
	lost.is(t, "gone")
	before := g.sent()
	if names := strings.Join(g.stored(), " "); !strings.HasPrefix(names, "taken/github-") || strings.Contains(names, " ") {
		t.Fatalf("the store has %s", names)
	}
	g.during = nil
	r := g.apply(sha, found)
	r.is(t, "failure")
	says(t, r.log, "no ledger can be taken", "Nothing was sent by this run")
	says(t, r.summary, "did not begin")
	if g.sent() != before {
		t.Fatalf("without its ledger it sent %d messages", g.sent()-before)
	}
	// Without the store's script, too, herald stops: the ledger of that lineage is not there.
	out, err := g.try(g.work, "herald", "apply", "-auto-approve")
	if err == nil {
		t.Fatal("herald began a new ledger")
	}
	says(t, out, "is missing, and the configuration names its lineage")
	// By hand, on the disk of the machine.
	cmd := "HERALD_LEDGER_RUN=$(basename " + g.store + "/taken/*.state .state) exec sh ci/ledger.sh give"
	says(t, g.sh(lost.dir, "sh", "-c", "PATH="+tools+":$PATH; "+cmd), "gave the ledger back")
	again := g.apply(sha, found)
	says(t, again.log, "of this plan went out, or may have gone out, before")
	g.atMostOnce("The news.")
	if n := 60 - g.sent(); n > 2 {
		t.Errorf("%d were not sent", n)
	}
}

// Two that run at once, though the service should not let them: one has the ledger, the other one stops.
func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	g := newGitHub(t)
	sha := g.reviewed("The news.", 30)
	found := g.find(sha)
	var second ran
	g.during = map[string]func(*os.Process) string{"Apply": func(*os.Process) string {
		g.during = nil
		wait(t, "some were sent", func() bool { return g.sent() > 3 })
		second = g.apply(sha, found)
		return ""
	}}
	g.apply(sha, found).is(t, "success")
	second.is(t, "failure")
	says(t, second.log, "another run has it")
	g.onlyOnce("The news.", 30)
}

// On a disk of its own there is no store: the second one waits for nothing and is refused by the ledger's lock.
func TestTwoAtOnceOnOneDisk(t *testing.T) {
	t.Parallel()
	g := newGitHub(t)
	disk := t.TempDir()
	ledger := filepath.Join(disk, "launch.state")
	g.sh(g.work, "sh", "ci/ledger.sh", "take")
	if err := os.Rename(filepath.Join(g.work, "herald.state"), ledger); err != nil {
		t.Fatal(err)
	}
	settings, err := os.ReadFile(filepath.Join(g.work, "settings.hcl"))
	if err != nil {
		t.Fatal(err)
	}
	g.write("settings.hcl", strings.Replace(string(settings), "}\n", "\n  state \"local\" {\n    path = \""+ledger+"\"\n  }\n}\n", 1))
	g.store = ""
	g.applied = filepath.Join(disk, "applied")
	sha := g.reviewed("The news.", 30)
	found := g.find(sha)
	var second ran
	g.during = map[string]func(*os.Process) string{"Apply": func(*os.Process) string {
		g.during = nil
		wait(t, "some were sent", func() bool { return g.sent() > 3 })
		second = g.apply(sha, found)
		return ""
	}}
	r := g.apply(sha, found)
	r.is(t, "success")
	saysNot(t, r.log, "Take the ledger", "Give the ledger back")
	second.is(t, "failure")
	says(t, second.summary, "github.example/o/launch_2/actions/runs/")
	g.onlyOnce("The news.", 30)
	if b, err := os.ReadFile(g.applied); err != nil || strings.TrimSpace(string(b)) != sha {
		t.Errorf("applied is %q, %v", b, err)
	}
}

// When the machine's disk is gone too, people decide: whoever got it, as the vendor says, goes on an exclude list, then the taken
// ledger may come back. docs/ci.md has the steps.
func TestLostDisk(t *testing.T) {
	t.Parallel()
	g := newGitHub(t)
	sha := g.reviewed("The news.", 30)
	g.midway(func(p *os.Process) { _ = p.Kill() }, "gone")
	g.apply(sha, g.find(sha)).is(t, "gone")
	g.during = nil
	got := "id\n"
	for _, m := range g.vendors.Messages(sandbox.HeyX) {
		if m.Text == "The news." {
			got += m.To + "\n"
		}
	}
	taken := filepath.Join(g.store, g.stored()[0])
	g.sh(g.work, "cp", taken, "herald.state")
	meant := g.sh(g.work, "herald", "plan", "-refresh=false", "-samples=1000000", "-json")
	if n := strings.Count(meant, `"address":"second.hello[\"p`); n != 30 {
		t.Errorf("the plan lists %d people: %s", n, meant)
	}
	g.sh(g.work, "rm", "herald.state")
	g.write("got.csv", got)
	g.write("lists.hcl", "contacts \"got\" {\n  source = \"got.csv\"\n  key    = \"id\"\n}\n\naudience \"rest\" {\n  include = [contacts.people]\n  exclude = [contacts.got]\n}\n")
	text, err := os.ReadFile(filepath.Join(g.work, "campaign.hcl"))
	if err != nil {
		t.Fatal(err)
	}
	g.write("campaign.hcl", strings.Replace(string(text), "with       = contacts.people", "with       = audience.rest", 1))
	if err := os.Rename(taken, filepath.Join(g.store, "herald.state")); err != nil {
		t.Fatal(err)
	}
	head := g.push("Who got it is left out")
	g.plan(head).is(t, "success")
	merge := g.merge()
	g.api.pulls[merge] = pull{7, head}
	g.apply(merge, g.find(merge)).is(t, "success")
	g.onlyOnce("The news.", 30)
}
