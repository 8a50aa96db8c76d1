package crash_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"herald/providers/sandbox"
	"herald/state"
)

var (
	kills    = flag.Int("kills", 0, "kills per provider and per watched sequence; 0 for a short run")
	seed     = flag.Uint64("seed", 0, "of the random choices; 0 for one of its own")
	verbose  = flag.Bool("runs", false, "log every run")
	provider = flag.String("provider", "", "only this provider")
)

// points are the named instants at which a run is ended.
var points = []string{
	"intent recorded", "request answered", "outcome recorded", "commit begins", "commit ends", "ledger made", "run started", "run ended",
}

func TestMain(m *testing.M) {
	if os.Getenv("HERALD_CRASH_EMULATOR") != "" {
		serveEmulator()
		return
	}
	flag.Parse()
	if err := flag.Set("test.parallel", "8"); err != nil { // they mostly wait
		panic(err)
	}
	os.Exit(runAll(m))
}

func runAll(m *testing.M) int {
	dir, err := os.MkdirTemp("", "herald-crash-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	workshop = dir
	return m.Run()
}

// A campaign is sent by a process that is killed again and again: at random instants, at named points, by SIGTERM, while
// another process wants the same ledger, and while the vendor misbehaves. Whatever happens, nobody gets a message twice,
// nobody is forgotten, and what is in doubt is listed.
func TestCrash(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes for some seconds")
	}
	t.Parallel()
	seed := chosen(t)
	herald := build(t)
	for i, vendor := range vendors() {
		if *provider != "" && *provider != vendor {
			continue
		}
		t.Run(vendor, func(t *testing.T) {
			t.Parallel()
			wanted := *kills
			if wanted == 0 {
				wanted = map[string]int{sandbox.HeyX: 12, sandbox.Digital99: 12, sandbox.Avaamo: 12, sandbox.Chatwoot: 4, sandbox.Maax: 4}[vendor]
			}
			f := figures{Vendor: vendor}
			draw := rand.New(rand.NewPCG(seed, uint64(i)))
			for round := 0; f.Kills < wanted && !t.Failed(); round++ {
				f.round(t, herald, draw, wanted)
			}
			t.Logf("%+v", f)
			if f.Kills < wanted {
				t.Errorf("only %d kills", f.Kills)
			}
			if f.WorstDoubt > 8 {
				t.Errorf("one kill left %d sends in doubt, and 8 is the concurrency", f.WorstDoubt)
			}
		})
	}
}

// chosenSeed is one for all tests of a process.
var chosenSeed = sync.OnceValue(func() uint64 {
	if *seed == 0 {
		return rand.Uint64()
	}
	return *seed
})

// chosen gives the seed, and says which it is.
func chosen(t *testing.T) uint64 {
	t.Helper()
	t.Logf("seed %d: give it with -seed to make the same choices", chosenSeed())
	return chosenSeed()
}

// built is herald with the points at which it can be ended, made once in a directory that main removes.
var built = sync.OnceValues(func() (path string, err error) {
	path = filepath.Join(workshop, "herald")
	if out, err := exec.Command("go", "build", "-tags", "crash", "-o", path, "herald").CombinedOutput(); err != nil {
		return "", fmt.Errorf("building herald: %w\n%s", err, out)
	}
	return path, nil
})

var workshop string

func build(t *testing.T) string {
	t.Helper()
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// drawVendor draws how the vendors behave.
func drawVendor(t *testing.T, vendor string, draw *rand.Rand) emulatorOptions {
	t.Helper()
	o := emulatorOptions{Record: filepath.Join(t.TempDir(), "accepted.jsonl"), Seed: draw.Uint64()}
	switch draw.IntN(3) {
	case 1: // what was accepted becomes visible late; whole answers come only with what is visible
		o.Visible = 4500 * time.Millisecond
		o.Faults = map[sandbox.FaultKind]float64{sandbox.FaultDropAfter: 0.01, sandbox.FaultDropBefore: 0.01, sandbox.FaultThrottle: 0.02}
	case 2:
		o.Faults = map[sandbox.FaultKind]float64{sandbox.FaultDropAfter: 0.01, sandbox.FaultDropBefore: 0.01, sandbox.FaultError: 0.01,
			sandbox.FaultBadJSON: 0.01, sandbox.FaultThrottle: 0.05, sandbox.FaultTruncate: 0.01, sandbox.FaultResetAfter: 0.01}
	}
	if vendor == sandbox.Digital99 || vendor == sandbox.Chatwoot {
		delete(o.Faults, sandbox.FaultThrottle) // it would wait for the next full minute
	}
	return o
}

// round sends one campaign to its end, through at most wanted kills in all.
func (f *figures) round(t *testing.T, herald string, draw *rand.Rand, wanted int) {
	t.Helper()
	people := 300
	if *kills == 0 {
		people = 60
	}
	e := startEmulator(t, drawVendor(t, f.Vendor, draw))
	c := writeCampaign(t, f.Vendor, e.addr, people, script{messages: atOnce})
	for f.Kills < wanted && !t.Failed() {
		if f.interrupted(t, herald, c, e, draw) {
			break
		}
		f.WorstDoubt = max(f.WorstDoubt, left(t, c))
	}
	// To the end, without kills; what is undecided may need to become visible first.
	for range 6 {
		f.Runs++
		out, code := apply(t, herald, c, "")
		if code != 0 && code != 3 {
			t.Fatalf("apply ends with %d:\n%s", code, out)
		}
		if code == 0 || finished(out) {
			break
		}
	}
	e.kill()
	f.compare(t, c, e.received(t))
}

// interrupted runs herald once and ends it in one of the ways; done says that it came to its end before.
func (f *figures) interrupted(t *testing.T, herald string, c campaign, e *emulator, draw *rand.Rand, flags ...string) (done bool) {
	t.Helper()
	f.Runs++
	crash := ""
	if draw.IntN(100) < 40 {
		crash = fmt.Sprintf("%s:%d", points[draw.IntN(len(points))], 1+draw.IntN(30))
	}
	cmd, output := start(t, herald, c, crash, flags...)
	if *verbose {
		t.Logf("run %d: %q", f.Runs, crash)
	}
	instant := time.Duration(20+draw.IntN(400)) * time.Millisecond
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	switch way := draw.IntN(100); {
	case way < 10: // another one wants the ledger too
		time.Sleep(instant / 2)
		other, out := start(t, herald, c, "", flags...)
		if err := other.Wait(); err != nil && strings.Contains(out.String(), "lock") {
			f.Locked++
		}
	case way < 15 && f.Vendor == sandbox.HeyX: // the vendor's machine ends; its emulator would forget what it lists
		time.Sleep(instant)
		e.kill()
		time.Sleep(50 * time.Millisecond)
		e.start(t)
	}
	select {
	case err := <-ended:
		return f.ended(t, err, output)
	case <-time.After(instant):
	}
	if draw.IntN(100) < 15 {
		cmd.Process.Signal(syscall.SIGTERM)
		select {
		case err := <-ended:
			f.Kills++
			if code := exitCode(err); code != 0 && code != 3 && code != 1 && code != -1 {
				t.Errorf("SIGTERM ends with %d:\n%s", code, output)
			}
			return false
		case <-time.After(time.Duration(draw.IntN(1500)) * time.Millisecond):
		}
	}
	cmd.Process.Kill()
	f.Kills++
	<-ended
	return false
}

// ended takes a run that nobody ended from outside: at a point, or because all is done.
func (f *figures) ended(t *testing.T, err error, output *bytes.Buffer) (done bool) {
	t.Helper()
	switch code := exitCode(err); code {
	case -1: // killed itself
		f.Kills++
		return false
	case 0:
		return true
	case 3: // what is in doubt may stay so for ever, and then nothing is left to do
		return finished(output.String())
	default:
		if strings.Contains(output.String(), "is in use by") { // the other one was faster
			f.Locked++
			return false
		}
		if strings.Contains(output.String(), appliedAlready) {
			return true
		}
		t.Fatalf("herald ended with %d:\n%s", code, output)
		return true
	}
}

// finished reports whether a run found nothing that it could do, now or later.
func finished(output string) bool {
	return strings.Contains(output, "Nothing to send") && !strings.Contains(output, "too early")
}

func start(t *testing.T, herald string, c campaign, crash string, flags ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	cmd := command(t, herald, c, append([]string{"apply", "-auto-approve", "-no-color"}, flags...)...)
	cmd.Env = append(os.Environ(), "HERALD_CRASH="+crash)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, &out
}

// command is herald at work on a campaign, for some minutes at most.
func command(t *testing.T, herald string, c campaign, args ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	t.Cleanup(cancel)
	return exec.CommandContext(ctx, herald, append([]string{"-chdir=" + c.dir}, args...)...)
}

func apply(t *testing.T, herald string, c campaign, crash string, flags ...string) (string, int) {
	t.Helper()
	cmd, out := start(t, herald, c, crash, flags...)
	err := cmd.Wait()
	return out.String(), exitCode(err)
}

// exitCode gives how a process ended, -1 for a signal.
func exitCode(err error) int {
	var exit *exec.ExitError
	if err == nil {
		return 0
	}
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	return -2
}

// left counts what a process that was killed left on the wire, before another one opens the ledger.
func left(t *testing.T, c campaign) (n int) {
	t.Helper()
	if _, err := os.Stat(c.ledger()); os.IsNotExist(err) {
		return 0
	}
	db, err := sql.Open("sqlite", "file:"+c.ledger()+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow("SELECT count(*) FROM flights WHERE state = ?", int(state.Sending)).Scan(&n); err != nil {
		t.Fatalf("the ledger after a kill: %v", err)
	}
	return n
}

func key(n int) string { return fmt.Sprintf("p%04d", n) }
