package crash_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"herald/providers/sandbox"
	"herald/state"
)

// step is the delay between the messages of a sequence that is watched. It is more than a watch sleeps at least, so that
// messages can come too early.
const step = 1500 * time.Millisecond

// variant is one way in which a sequence over time reaches people.
type variant struct {
	name, vendor string
	says         script
	answers      bool // people answer, and the second message is for those who did not
	opens        bool // each conversation is opened
	asked        bool // the vendor can be asked about what is in doubt, and always tells
}

// inTurn is three messages that follow each other with a delay; the second one has a condition, "" for none.
func inTurn(condition string) string {
	return fmt.Sprintf(`
  message "one" {
    text = "one ${contact.id}"
  }
  message "two" {
    after = "%[1]s"
    %[2]s
    text = "two ${contact.id}"
  }
  message "three" {
    after = "%[1]s"
    text  = "three ${contact.id}"
  }
`, step, condition)
}

func variants() []variant {
	unlessReplied := inTurn("when = !messages.one.replied")
	return []variant{
		{name: "heyx", vendor: sandbox.HeyX, says: script{messages: inTurn("")}},
		{name: "digital99", vendor: sandbox.Digital99, says: script{messages: unlessReplied}, answers: true, asked: true},
		{name: "digital99-opened", vendor: sandbox.Digital99, answers: true, opens: true, asked: true, says: script{
			setting: "inbox_id = 4", address: "contact_info {\n    identifier = contact.id\n  }", messages: unlessReplied}},
	}
}

// openingPoints are the named instants that only a run passes that opens conversations.
var openingPoints = []string{"opening recorded", "opened at provider", "place recorded"}

// A sequence over time is watched by a process that is killed again and again, or by two that share its ledger. Whatever
// happens, nobody gets a message twice, too early, out of order, or after an answer that was there when it became due;
// nobody is forgotten, and nobody's conversation is opened twice.
func TestCrashWatch(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes for some seconds")
	}
	t.Parallel()
	seed := chosen(t)
	herald := build(t)
	for i, v := range variants() {
		if *provider != "" && *provider != v.vendor {
			continue
		}
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			f := watched{variant: v, wanted: *kills, people: 150}
			if f.wanted == 0 {
				f.wanted, f.people = 10, 30
			}
			draw := rand.New(rand.NewPCG(seed, uint64(100+i)))
			for f.Kills < f.wanted && !t.Failed() {
				f.round(t, herald, draw)
			}
			t.Logf("%s: %+v", v.name, f.watchFigures)
			if f.Kills < f.wanted {
				t.Errorf("only %d kills", f.Kills)
			}
			if f.WorstDoubt > 8 {
				t.Errorf("one kill left %d sends in doubt, and 8 is the concurrency", f.WorstDoubt)
			}
			if f.answers && f.Answered == 0 && *kills > 0 {
				t.Error("nobody answered in time, so nothing is shown about conditions")
			}
		})
	}
}

// watched is many kills of one variant.
type watched struct {
	variant
	wanted, people int
	watchFigures
}

// round sends one campaign to its end, through at most the wanted kills in all.
func (f *watched) round(t *testing.T, herald string, draw *rand.Rand) {
	t.Helper()
	o := drawVendor(t, f.vendor, draw)
	o.Answers = f.answers && o.Visible == 0 // an answer cannot be seen before what it answers
	e := startEmulator(t, o)
	c := writeCampaign(t, f.vendor, e.addr, f.people, f.says)
	for f.Kills < f.wanted && !t.Failed() {
		done := f.interrupted(t, herald, c, e, draw)
		f.WorstDoubt = max(f.WorstDoubt, left(t, c))
		if done {
			break
		}
	}
	for range 6 { // to the end, without kills; lanes may stop, and look-ups may come to nothing
		f.Runs++
		out, code := apply(t, herald, c, "", "-watch")
		if f.over(t, c, code, out) {
			break
		}
	}
	talks := e.talks(t, f.vendor)
	e.kill()
	f.compare(t, c, newVendorRecord(e.record(t), talks))
}

// watcher is one process that watches.
type watcher struct {
	cmd    *exec.Cmd
	output *bytes.Buffer
	ended  chan error
	killed bool // from outside
}

func startWatcher(t *testing.T, herald string, c campaign, crash string) *watcher {
	t.Helper()
	w := watcher{ended: make(chan error, 1)}
	w.cmd, w.output = start(t, herald, c, crash, "-watch")
	go func() { w.ended <- w.cmd.Wait() }()
	return &w
}

// interrupted lets one or two processes watch, and ends them in one of the ways; done says that one came to its end before.
func (f *watched) interrupted(t *testing.T, herald string, c campaign, e *emulator, draw *rand.Rand) (done bool) {
	t.Helper()
	point, crash := "", ""
	if draw.IntN(100) < 40 {
		all := points
		if f.opens {
			all = slices.Concat(openingPoints, openingPoints, openingPoints, points) // those are passed only at the beginning
		}
		point = all[draw.IntN(len(all))]
		passage := 1 + draw.IntN(15)
		if strings.HasPrefix(point, "run ") || point == "ledger made" {
			passage = 1 + draw.IntN(2)
		}
		crash = fmt.Sprintf("%s:%d", point, passage)
	}
	watchers := []*watcher{startWatcher(t, herald, c, crash)}
	if draw.IntN(100) < 15 { // they take turns
		f.Pairs++
		watchers = append(watchers, startWatcher(t, herald, c, ""))
	}
	f.Runs += len(watchers)
	instant := time.Duration(20+draw.IntN(400)) * time.Millisecond
	if point != "" || draw.IntN(100) < 40 { // far enough for the point, and for what becomes due
		instant = step/2 + time.Duration(draw.Int64N(int64(step)))
	}
	end := time.After(instant)
	if draw.IntN(100) < 5 && f.vendor == sandbox.HeyX { // the vendor's machine ends; its emulator would forget what it lists
		time.Sleep(instant / 2)
		e.kill()
		time.Sleep(50 * time.Millisecond)
		e.start(t)
	}
	gently := draw.IntN(100) < 15
	wait := time.Duration(draw.IntN(1500)) * time.Millisecond
	for _, w := range watchers {
		var err error
		select {
		case err = <-w.ended:
		case <-end:
			end = time.After(0) // the other one ends now, too
			err = w.end(gently, wait)
		}
		if *verbose {
			t.Logf("run %d: %q, after %s: %v", f.Runs, crash, instant, err)
		}
		switch code := exitCode(err); {
		case code == -1:
			f.Kills++
			if !w.killed {
				f.AtPoints++
				if slices.Contains(openingPoints, point) {
					f.Opening++
				}
			}
		case w.killed: // it ended by a SIGTERM in its own way
			f.Kills++
			if code != 0 && code != 1 && code != 3 {
				t.Errorf("SIGTERM ends with %d:\n%s", code, w.output)
			}
		default:
			done = f.over(t, c, code, w.output.String()) || done
		}
	}
	return done
}

// end kills a process; gently, it gets a SIGTERM first and some time.
func (w *watcher) end(gently bool, wait time.Duration) error {
	w.killed = true
	if gently {
		w.cmd.Process.Signal(syscall.SIGTERM)
		select {
		case err := <-w.ended:
			return err
		case <-time.After(wait):
		}
	}
	w.cmd.Process.Kill()
	return <-w.ended
}

// over takes a watch that ended by itself, and reports whether nothing is left to do. It must not end as long as a message
// is still to come, unless it says that a lane stopped.
func (f *watched) over(t *testing.T, c campaign, code int, output string) bool {
	t.Helper()
	if code != 0 && code != 3 {
		t.Fatalf("apply -watch ends with %d:\n%s", code, output)
	}
	view, err := state.Read(t.Context(), c.ledger())
	if err != nil {
		t.Fatal(err)
	}
	toCome, doubt := f.pending(view)
	if toCome > 0 && (code == 0 || !strings.Contains(output, "stopped")) {
		f.Lost += toCome
		t.Errorf("apply -watch ended with %d although %d messages are still to come:\n%s", code, toCome, output)
	}
	return toCome == 0 && (doubt == 0 || !f.asked)
}
