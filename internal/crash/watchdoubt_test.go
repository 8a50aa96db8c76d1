package crash_test

import (
	"path/filepath"
	"slices"
	"testing"

	"herald/providers/sandbox"
)

// A watch that begins with a send in doubt, and nothing else to do, goes on with what its look-up shows: what was found
// lets the next message become due, what is absent is sent.
func TestCrashWatchDoubt(t *testing.T) {
	if testing.Short() {
		t.Skip("waits until what was accepted must be visible")
	}
	t.Parallel()
	herald := build(t)
	for name, crash := range map[string]string{
		"found":  "request answered:1",
		"absent": "intent recorded:2", // the first one has shown that the vendor keeps keys
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := startEmulator(t, emulatorOptions{Record: filepath.Join(t.TempDir(), "accepted.jsonl")})
			c := writeCampaign(t, sandbox.Digital99, e.addr, 1, script{messages: inTurn("")})
			if out, code := apply(t, herald, c, crash, "-watch"); code != -1 {
				t.Fatalf("it was to be killed, and ended with %d:\n%s", code, out)
			}
			if n := left(t, c); n != 1 {
				t.Fatalf("%d sends are in doubt", n)
			}
			out, code := apply(t, herald, c, "", "-watch")
			var texts []string
			for _, a := range e.record(t) {
				texts = append(texts, a.Text)
			}
			if want := []string{"one p0001", "two p0001", "three p0001"}; code != 0 || !slices.Equal(texts, want) {
				t.Errorf("apply -watch ended with %d, and %q arrived, want %q:\n%s", code, texts, want, out)
			}
		})
	}
}

// A watch whose sends all fell into doubt, and whose vendor cannot be asked, ends and says so: nothing waits any more.
func TestCrashWatchEnds(t *testing.T) {
	if *kills == 0 {
		t.Skip("waits for more than a minute; give -kills")
	}
	t.Parallel()
	herald := build(t)
	e := startEmulator(t, emulatorOptions{Record: filepath.Join(t.TempDir(), "accepted.jsonl"),
		Faults: map[sandbox.FaultKind]float64{sandbox.FaultDropAfter: 1}})
	c := writeCampaign(t, sandbox.HeyX, e.addr, 2, script{messages: inTurn("")})
	if out, code := apply(t, herald, c, "", "-watch"); code != 3 { // it is killed after two minutes
		t.Errorf("apply -watch ended with %d:\n%s", code, out)
	}
	if n := len(e.record(t)); n != 2 {
		t.Errorf("%d messages arrived, want the first one of each person", n)
	}
}
