package crash_test

import (
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"herald/internal/addr"
	"herald/providers/sandbox"
	"herald/state"
)

// appliedAlready is what herald says of a plan of which nothing is left to do.
const appliedAlready = "the plan was applied already"

// A sealed plan is applied by a process that is killed again and again, each time by the same command, while somebody decides
// now and then about what is in doubt. Whatever happens, nobody gets a message twice, nobody is forgotten, and no run says
// that all is well while something of the plan is not sent.
func TestCrashSealed(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes for some seconds")
	}
	t.Parallel()
	seed := chosen(t)
	herald := build(t)
	for i, vendor := range []string{sandbox.HeyX, sandbox.Digital99} { // one that cannot be asked, and one that can
		if *provider != "" && *provider != vendor {
			continue
		}
		t.Run(vendor, func(t *testing.T) {
			t.Parallel()
			wanted := *kills
			if wanted == 0 {
				wanted = 8
			}
			f := figures{Vendor: vendor}
			draw := rand.New(rand.NewPCG(seed, uint64(200+i)))
			for f.Kills < wanted && !t.Failed() {
				f.sealed(t, herald, draw, wanted)
			}
			t.Logf("%+v", f)
			if f.WorstDoubt > 8 {
				t.Errorf("one kill left %d sends in doubt, and 8 is the concurrency", f.WorstDoubt)
			}
		})
	}
}

// sealed applies one plan to its end, through at most wanted kills in all.
func (f *figures) sealed(t *testing.T, herald string, draw *rand.Rand, wanted int) {
	t.Helper()
	people := 300
	if *kills == 0 {
		people = 60
	}
	e := startEmulator(t, drawVendor(t, f.Vendor, draw))
	c := writeCampaign(t, f.Vendor, e.addr, people, script{messages: atOnce})
	plan := filepath.Join(t.TempDir(), "sealed.plan")
	must(t, herald, c, "plan", "-out="+plan)
	for f.Kills < wanted && !t.Failed() {
		done := f.interrupted(t, herald, c, e, draw, plan)
		f.WorstDoubt = max(f.WorstDoubt, left(t, c))
		if done {
			break
		}
		if draw.IntN(4) == 0 {
			decide(t, herald, c, e)
		}
	}
	for round := 0; !t.Failed(); round++ { // to the end, without kills
		f.Runs++
		out, code := apply(t, herald, c, "", plan)
		if strings.Contains(out, appliedAlready) {
			if n := unsent(t, c); n > 0 {
				t.Errorf("it is said to be applied, and %d messages are not sent", n)
			}
			break
		}
		if code != 0 && code != 3 {
			t.Fatalf("apply ends with %d:\n%s", code, out)
		}
		if code == 0 {
			if n := unsent(t, c); n > 0 {
				t.Errorf("the run says that all is well, and %d messages are not sent:\n%s", n, out)
			}
			break
		}
		if round == 20 {
			t.Fatalf("it comes to no end:\n%s", out)
		}
		if round > 3 { // look-ups had their time
			decide(t, herald, c, e)
		}
	}
	e.kill()
	f.compare(t, c, e.received(t))
}

// unsent counts what the ledger does not have as sent.
func unsent(t *testing.T, c campaign) (n int) {
	t.Helper()
	view := viewOf(t, c)
	for person := 1; person <= c.people; person++ {
		for _, name := range []string{"one", "two"} {
			if e, _ := view.Entry(addr.Send{Message: addr.Message{Sequence: "crash", Name: name}, Key: key(person)}); e.Now() != state.Sent {
				n++
			}
		}
	}
	return n
}

// decide says of everything in doubt what became of it, as somebody does who sees what the vendor has.
func decide(t *testing.T, herald string, c campaign, e *emulator) {
	t.Helper()
	got := e.received(t)
	for _, r := range viewOf(t, c).Doubt {
		verdict := "unsent"
		if got[r.Send.Name+" "+r.Send.Key] > 0 {
			verdict = "sent"
		}
		must(t, herald, c, "state", "resolve", r.Send.String(), verdict)
	}
}

func viewOf(t *testing.T, c campaign) *state.View {
	t.Helper()
	view, err := state.Read(t.Context(), c.ledger())
	if err != nil {
		t.Fatal(err)
	}
	return view
}

// must runs a command that is to go well.
func must(t *testing.T, herald string, c campaign, args ...string) {
	t.Helper()
	if out, err := command(t, herald, c, args...).CombinedOutput(); err != nil {
		t.Fatalf("herald %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}
