package cli

import (
	"context"
	"errors"
	"flag"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"herald/providers/sandbox"
)

func TestMain(m *testing.M) {
	if os.Getenv("HERALD_TEST_EMULATOR") != "" {
		serveEmulator()
		return
	}
	// The pages mostly wait: for a delay to pass, for a vendor to hang. More of them at once than there are processors.
	if f := flag.Lookup("test.parallel"); f.Value.String() == f.DefValue {
		f.Value.Set("8")
	}
	testscript.Main(m, map[string]func(){
		"herald": func() { os.Exit(Main(os.Args, os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestScripts runs the pages in testdata/script. Each is a story that can be read without knowing Go:
//
//	emulate [KIND:PERSON...]   start emulators of the vendors; KIND is drop (accepted, then cut off), error
//	                           (accepted, then 500), hang (accepted, then silence), cut (nothing accepted),
//	                           throttle (429 once), broken (accepted, then half an answer).
//	                           "slow" makes every answer take half a second.
//	                           $HEYX and $DIGITAL99 are their addresses; the tokens are in the environment.
//	received VENDOR N          the emulator accepted exactly N messages
//	reached VENDOR N           wait until it accepted at least N
//	answers VENDOR PLACE TEXT  the person in that conversation writes
//	fails VENDOR PLACE         the vendor cannot deliver its last message there
//	opened VENDOR N            exactly N conversations were opened there, and none twice for anybody
//	token NAME ADDRESS         $NAME is the key that the request of this send carried
//	port NAME                  $NAME is a port of this machine that nobody listens on
//	calls CODE URL BODY [SECRET]
//	                           a vendor calls, and gets this answer; with a secret it signs as Chatwoot does
//	mode FILE MODE             the file has these permissions, say 600
//	absent FILE                there is no such file
//	terminate                  send SIGTERM to what runs in the background
//	exits CODE herald ...      herald ends with this exit code
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       os.Getenv("UPDATE_GOLDEN") != "",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			for _, name := range []string{"HEYX_TOKEN", "DIGITAL99_API_ACCESS_TOKEN", "CHATWOOT_API_ACCESS_TOKEN", "CI_JOB_URL"} {
				env.Setenv(name, "")
			}
			env.Values[emulatorKey{}] = &emulators{}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"emulate":   emulate,
			"received":  received,
			"reached":   reached,
			"answers":   answers,
			"fails":     fails,
			"opened":    opens,
			"token":     tokenOf,
			"port":      port,
			"calls":     callsUs,
			"mode":      mode,
			"absent":    absent,
			"exits":     exits,
			"terminate": terminate,
		},
	})
}

type emulatorKey struct{}

// emulators holds those that a page started.
type emulators struct{ box *sandbox.Sandbox }

// running gives the emulators that the page started.
func running(ts *testscript.TestScript) *sandbox.Sandbox {
	box := ts.Value(emulatorKey{}).(*emulators).box
	if box == nil {
		ts.Fatalf("start the emulators first: emulate")
	}
	return box
}

func emulate(ts *testscript.TestScript, neg bool, args []string) {
	kinds := map[string]sandbox.FaultKind{
		"drop": sandbox.FaultDropAfter, "error": sandbox.FaultError, "hang": sandbox.FaultHang,
		"cut": sandbox.FaultDropBefore, "throttle": sandbox.FaultThrottle, "broken": sandbox.FaultBadJSON,
	}
	faults := map[string]sandbox.FaultKind{}
	latency := time.Duration(0)
	for _, arg := range args {
		if arg == "slow" {
			latency = 500 * time.Millisecond
			continue
		}
		kind, person, found := strings.Cut(arg, ":")
		if _, known := kinds[kind]; !found || !known {
			ts.Fatalf("emulate takes KIND:PERSON, not %q", arg)
		}
		faults[person] = kinds[kind]
	}
	fault := make(chan map[string]sandbox.FaultKind, 1)
	fault <- faults
	box, err := sandbox.Start(sandbox.Options{Latency: latency, Fault: func(_ string, _ int, r *http.Request) sandbox.Fault {
		left := <-fault
		defer func() { fault <- left }()
		for person, kind := range left {
			if strings.Contains(r.URL.Path, "/"+person+"/") || strings.HasSuffix(r.URL.Path, "/"+person) {
				delete(left, person) // each fault happens once: what is sent again goes well
				return sandbox.Fault{Kind: kind, RetryAfter: 1}
			}
		}
		return sandbox.Fault{}
	}})
	ts.Check(err)
	ts.Defer(func() { box.Close() })
	ts.Value(emulatorKey{}).(*emulators).box = box
	for _, v := range box.Vendors() {
		ts.Setenv(strings.ToUpper(v.Name), v.URL)
		for _, t := range facts() {
			if t.Type != v.Name {
				continue
			}
			for _, s := range t.Settings {
				if s.Secret {
					ts.Setenv(s.Env, sandboxToken(s, v))
				}
			}
		}
	}
}

func received(ts *testscript.TestScript, neg bool, args []string) {
	vendor, want := vendorAndCount(ts, args)
	if got := running(ts).Count(vendor); (got == want) == neg {
		ts.Fatalf("%s received %d messages, want %d", vendor, got, want)
	}
}

func reached(ts *testscript.TestScript, neg bool, args []string) {
	vendor, want := vendorAndCount(ts, args)
	box := running(ts)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for box.Count(vendor) < want {
		select {
		case <-ctx.Done():
			ts.Fatalf("%s received only %d messages in 30 s, want %d", vendor, box.Count(vendor), want)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func vendorAndCount(ts *testscript.TestScript, args []string) (vendor string, n int) {
	if len(args) != 2 {
		ts.Fatalf("give a vendor and a number")
	}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	return args[0], n
}

func mode(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("give a file and its permissions")
	}
	want, err := strconv.ParseUint(args[1], 8, 32)
	ts.Check(err)
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	if got := info.Mode().Perm(); got != os.FileMode(want) {
		ts.Fatalf("%s has mode %o, want %o", args[0], got, want)
	}
}

func absent(ts *testscript.TestScript, neg bool, args []string) {
	for _, name := range args {
		if matches, _ := filepath.Glob(ts.MkAbs(name)); len(matches) > 0 {
			ts.Fatalf("%s is there", name)
		}
	}
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 || neg {
		ts.Fatalf("give an exit code and a command")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func terminate(ts *testscript.TestScript, neg bool, args []string) {
	for _, cmd := range ts.BackgroundCmds() {
		ts.Check(cmd.Process.Signal(syscall.SIGTERM))
	}
}
