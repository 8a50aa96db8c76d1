package crash_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"herald/providers/sandbox"
)

// emulatorOptions says how the vendors behave, in a process of their own.
type emulatorOptions struct {
	Listen  string
	Record  string // file to which every accepted message is appended before it is answered
	Seed    uint64
	Visible time.Duration // messages appear in lists up to that much after they were accepted
	Faults  map[sandbox.FaultKind]float64
}

// accepted is one line of the record.
type accepted struct {
	Vendor, Text string
}

// serveEmulator is the other process. What it accepted is in the file before the answer leaves, so that it can be killed,
// too. It ends with its input.
func serveEmulator() {
	var o emulatorOptions
	if err := json.Unmarshal([]byte(os.Getenv("HERALD_CRASH_EMULATOR")), &o); err != nil {
		panic(err)
	}
	record, err := os.OpenFile(o.Record, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err)
	}
	var mu sync.Mutex
	options := sandbox.Options{Listen: o.Listen, NoLimits: true, Tokens: tokens(), ReadTokens: map[string]string{sandbox.Avaamo: "reads"},
		Observe: func(m sandbox.Message) {
			line, err := json.Marshal(accepted{m.Vendor, m.Text})
			if err != nil {
				panic(err)
			}
			mu.Lock()
			defer mu.Unlock()
			if _, err := record.Write(append(line, '\n')); err != nil {
				panic(err)
			}
		},
	}
	if o.Visible > 0 {
		draw := rand.New(rand.NewPCG(o.Seed, 1))
		options.VisibleAfter = func(string, int) time.Duration {
			mu.Lock()
			defer mu.Unlock()
			return rand.N(o.Visible) * time.Duration(draw.IntN(2)) // half of them at once
		}
	}
	if len(o.Faults) > 0 {
		faults := sandbox.Faults(o.Seed, o.Faults)
		options.Fault = func(vendor string, n int, r *http.Request) sandbox.Fault {
			if r.Method != http.MethodPost {
				return sandbox.Fault{} // look-ups are answered
			}
			return faults(vendor, n, r)
		}
	}
	box, err := sandbox.Start(options)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	defer box.Close()
	fmt.Println(box.Addr())
	bufio.NewReader(os.Stdin).ReadString(0)
}

// tokens fixes the credentials, so that an emulator that is started again knows herald.
func tokens() map[string]string {
	all := map[string]string{}
	for _, name := range vendors() {
		all[name] = "writes"
	}
	return all
}

func vendors() []string {
	return []string{sandbox.HeyX, sandbox.Digital99, sandbox.Chatwoot, sandbox.Avaamo, sandbox.Maax}
}

// emulator is the process with the vendors.
type emulator struct {
	emulatorOptions
	cmd  *exec.Cmd
	addr string
}

func startEmulator(tb testing.TB, o emulatorOptions) *emulator {
	tb.Helper()
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	e := &emulator{emulatorOptions: o}
	e.start(tb)
	e.Listen = e.addr // from now on the same address
	tb.Cleanup(func() { e.kill() })
	return e
}

func (e *emulator) start(tb testing.TB) {
	tb.Helper()
	options, err := json.Marshal(e.emulatorOptions)
	if err != nil {
		tb.Fatal(err)
	}
	e.cmd = exec.Command(os.Args[0])
	e.cmd.Env = append(os.Environ(), "HERALD_CRASH_EMULATOR="+string(options))
	e.cmd.Stderr = os.Stderr
	if _, err := e.cmd.StdinPipe(); err != nil {
		tb.Fatal(err)
	}
	out, err := e.cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := e.cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	if _, err := fmt.Fscanln(out, &e.addr); err != nil {
		tb.Fatal("the emulator did not start: ", err)
	}
}

// kill ends the emulator at once, as a vendor's machine may end.
func (e *emulator) kill() {
	e.cmd.Process.Kill()
	e.cmd.Wait()
}

// received counts what the vendors accepted, by its text.
func (e *emulator) received(tb testing.TB) map[string]int {
	tb.Helper()
	f, err := os.Open(e.Record)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	counts := map[string]int{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var a accepted
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			tb.Fatal(err)
		}
		counts[a.Text]++
	}
	return counts
}
