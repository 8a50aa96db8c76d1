package crash_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
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
	Answers bool // some people answer the first message of their sequence
}

// accepted is one line of the record: a message that a vendor took, or an answer that a person gave to one.
type accepted struct {
	Vendor, Text string
	To           string    // the conversation
	At           time.Time // when the request arrived; when the answer could be read
	Answer       bool
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
	write := func(a accepted) {
		line, err := json.Marshal(a)
		if err != nil {
			panic(err)
		}
		mu.Lock()
		defer mu.Unlock()
		if _, err := record.Write(append(line, '\n')); err != nil {
			panic(err)
		}
	}
	var running atomic.Pointer[sandbox.Sandbox]
	options := sandbox.Options{Listen: o.Listen, NoLimits: true, Tokens: tokens(), ReadTokens: map[string]string{sandbox.Avaamo: "reads"},
		Observe: func(m sandbox.Message) {
			write(accepted{Vendor: m.Vendor, Text: m.Text, To: m.To, At: m.At})
			if after, answers := answersAfter(o, m.Text); answers {
				time.AfterFunc(after, func() {
					if err := running.Load().Write(m.Vendor, fmt.Sprintf("%d/%s", m.Account, m.To), "yes"); err != nil {
						panic(err)
					}
					write(accepted{Vendor: m.Vendor, Text: m.Text, To: m.To, At: time.Now(), Answer: true})
				})
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
	running.Store(box)
	fmt.Println(box.Addr())
	bufio.NewReader(os.Stdin).ReadString(0)
}

// answersAfter says whether the person who got this text answers, and how long after: a third of those who get the first
// message of a sequence, some of them before the next one is due and some after.
func answersAfter(o emulatorOptions, text string) (after time.Duration, answers bool) {
	to, first := strings.CutPrefix(text, "one p")
	if !o.Answers || !first {
		return 0, false
	}
	n, err := strconv.ParseUint(to, 10, 64)
	if err != nil {
		panic(err)
	}
	draw := rand.New(rand.NewPCG(o.Seed, n))
	return time.Duration(draw.Int64N(int64(2 * step))), draw.IntN(3) == 0
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
	counts := map[string]int{}
	for _, a := range e.record(tb) {
		if !a.Answer {
			counts[a.Text]++
		}
	}
	return counts
}

// record gives what happened at the vendors, in order.
func (e *emulator) record(tb testing.TB) (all []accepted) {
	tb.Helper()
	f, err := os.Open(e.Record)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var a accepted
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			tb.Fatal(err)
		}
		all = append(all, a)
	}
	return all
}

// talks tells of the conversations that were opened with a vendor. The emulator must be alive.
func (e *emulator) talks(tb testing.TB, vendor string) (all []sandbox.Talks) {
	tb.Helper()
	answer, err := http.Get("http://" + e.addr + "/talks.json?vendor=" + vendor)
	if err != nil {
		tb.Fatal(err)
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(&all); err != nil {
		tb.Fatal(err)
	}
	return all
}
