package cli

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	"herald/providers"
	"herald/providers/sandbox"
)

// facts lists what is known of every provider.
func facts() []providers.Facts {
	var all []providers.Facts
	r := newRegistry()
	for _, name := range r.Names() {
		t, _ := r.Type(name)
		all = append(all, t.Facts)
	}
	return all
}

// emulatorOptions says how an emulator in a process of its own behaves.
type emulatorOptions struct {
	Latency  time.Duration
	NoLimits bool
	Forget   bool
	Throttle float64 // share of requests that are answered with 429
}

// emulatorState is what such an emulator tells: where it is, then what it saw.
type emulatorState struct {
	Vendors []sandbox.Vendor
	Count   int // messages accepted
	Worst   int // requests in the worst sliding second
}

// serveEmulator is the other process: it prints where it listens, then, at each line it is sent, what it saw, and ends
// with its input.
func serveEmulator() {
	var o emulatorOptions
	if err := json.Unmarshal([]byte(os.Getenv("HERALD_TEST_EMULATOR")), &o); err != nil {
		panic(err)
	}
	options := sandbox.Options{Latency: o.Latency, NoLimits: o.NoLimits, Forget: o.Forget}
	if o.Throttle > 0 {
		options.Fault = sandbox.Faults(1, map[sandbox.FaultKind]float64{sandbox.FaultThrottle: o.Throttle})
	}
	box, err := sandbox.Start(options)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	defer box.Close()
	out := json.NewEncoder(os.Stdout)
	out.Encode(emulatorState{Vendors: box.Vendors()})
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		out.Encode(emulatorState{Count: box.Count(sandbox.HeyX), Worst: box.Worst(sandbox.HeyX, time.Second)})
	}
}

// emulatorProcess is an emulator in another process.
type emulatorProcess struct {
	emulatorState
	in  io.WriteCloser
	out *json.Decoder
}

func startEmulator(tb testing.TB, o emulatorOptions) *emulatorProcess {
	tb.Helper()
	options, err := json.Marshal(o)
	if err != nil {
		tb.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "HERALD_TEST_EMULATOR="+string(options))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		in.Close()
		cmd.Wait()
	})
	p := &emulatorProcess{in: in, out: json.NewDecoder(out)}
	if err := p.out.Decode(&p.emulatorState); err != nil {
		tb.Fatal(err)
	}
	return p
}

// vendor gives where one vendor's emulator is.
func (p *emulatorProcess) vendor(name string) sandbox.Vendor {
	for _, v := range p.Vendors {
		if v.Name == name {
			return v
		}
	}
	panic("no vendor " + name)
}

// seen asks what the emulator saw so far.
func (p *emulatorProcess) seen(tb testing.TB) emulatorState {
	tb.Helper()
	if _, err := p.in.Write([]byte("\n")); err != nil {
		tb.Fatal(err)
	}
	var s emulatorState
	if err := p.out.Decode(&s); err != nil {
		tb.Fatal(err)
	}
	return s
}
