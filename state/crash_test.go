package state

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// crashEnv names the ledger that the test binary, run as a child, writes until it is killed; crashRound tells rounds
// apart.
const (
	crashEnv   = "HERALD_TEST_CRASH_LEDGER"
	crashRound = "HERALD_TEST_CRASH_ROUND"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(crashEnv); path != "" {
		if err := writeUntilKilled(path, os.Getenv(crashRound)); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// writeUntilKilled makes attempts and prints, each on a line of its own and unbuffered: "try KEY" before an intent,
// "open KEY" when it was acknowledged, "done KEY STATE" when its outcome was. Half of its workers hand an outcome in
// together with their next intent.
func writeUntilKilled(path, round string) error {
	ctx := context.Background()
	l, err := Open(ctx, path, Options{Version: "0.1.0", Create: true})
	if err != nil {
		return err
	}
	_, err = l.StartRun(ctx, Run{Who: "child", Command: "crash"}, definitionsTest(), nil, nil)
	if err != nil {
		return err
	}
	errs := make(chan error)
	for w := range crashWorkers {
		go func() {
			open := false
			for n := 0; ; n++ {
				key := fmt.Sprintf("r%s-%d-%d", round, w, n)
				if !open {
					fmt.Println("try", key)
					if err := l.Intend(ctx, crashIntent(key)); err != nil {
						errs <- err
						return
					}
				}
				fmt.Println("open", key)
				r := Result{Send: sendOf(key), State: []State{Sent, Refused, InDoubt, Untried, Sent}[n%5]}
				var err error
				if open = w%2 == 0; open {
					next := fmt.Sprintf("r%s-%d-%d", round, w, n+1)
					fmt.Println("try", next)
					err = errors.Join(l.Turn(ctx, r, crashIntent(next)))
				} else {
					err = l.Record(ctx, r)
				}
				if err != nil {
					errs <- err
					return
				}
				fmt.Println("done", key, uint8(r.State))
			}
		}()
	}
	return <-errs
}

// crashWorkers is how many intents a child has open at most.
const crashWorkers = 8

func crashIntent(key string) Intent {
	i := intentOf(key)
	i.Unique = Hash{Version: 1, Sum: personOf(key)}
	return i
}

// told is what a child said about one send.
type told struct {
	opened, done bool
	state        State
}

// However a process is killed, the ledger opens, holds all that was acknowledged, and nothing that was not tried.
func TestKill(t *testing.T) {
	path := pathTest(t)
	said := map[string]*told{}
	rnd := rand.New(rand.NewPCG(rand.Uint64(), 0))
	for round := range 6 {
		runChild(t, path, round, 1+rnd.IntN(3000), said)

		// As it lies, with the lock free and the log beside it.
		checkKilled(t, path, said)
		open := 0
		for s, r := range recordsTest(t, path) {
			if r.Reason == stopped && strings.HasPrefix(s.Key, fmt.Sprintf("r%d-", round)) {
				open++
			}
		}
		if open > crashWorkers {
			t.Fatalf("%d are in doubt, with %d workers", open, crashWorkers)
		}
		l := openTest(t, path, Options{})
		var verdict string
		must(t, l.conn.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&verdict))
		if verdict != "ok" {
			t.Fatalf("SQLite finds %s", verdict)
		}
		must(t, l.Close())
		checkKilled(t, path, said)
		if files := filesTest(t, strings.TrimSuffix(path, "/herald.state")); len(files) != 2 {
			t.Fatalf("files after a clean close: %v", files)
		}
	}
}

// runChild runs a child, kills it after so many lines, and takes in all that it said.
func runChild(t *testing.T, path string, round, lines int, said map[string]*told) {
	t.Helper()
	exe, err := os.Executable()
	must(t, err)
	cmd := exec.Command(exe, "-test.run=^$")
	cmd.Env = append(os.Environ(), crashEnv+"="+path, crashRound+"="+strconv.Itoa(round))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	heard := 0
	for in := bufio.NewReader(out); ; {
		line, err := in.ReadString('\n')
		if err == io.EOF {
			break // what stands before it, without an end, was cut in the middle
		}
		must(t, err)
		words := strings.Fields(line)
		if len(words) < 2 || words[0] == "error" {
			t.Fatalf("the child says %q", line)
		}
		key := words[1]
		switch words[0] {
		case "try":
			said[key] = &told{}
		case "open":
			said[key].opened = true
		case "done":
			state, err := strconv.Atoi(words[2])
			must(t, err)
			said[key].done, said[key].state = true, State(state)
		}
		if heard++; heard == lines {
			must(t, cmd.Process.Kill())
		}
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("the child ended by itself")
	}
}

func checkKilled(t *testing.T, path string, said map[string]*told) {
	t.Helper()
	got := recordsTest(t, path)
	v, err := Read(t.Context(), path)
	must(t, err)
	for key, s := range said {
		r, there := got[sendOf(key)]
		e, _ := v.Entry(sendOf(key))
		if e.Now() != r.State {
			t.Fatalf("%s: the view says %s, the record %s", key, e.Now(), r.State)
		}
		n, err := strconv.Atoi(key[strings.LastIndex(key, "-")+1:])
		must(t, err)
		meant := []State{Sent, Refused, InDoubt, Untried, Sent}[n%5]
		switch {
		case s.done && r.State != s.state:
			t.Fatalf("%s was acknowledged as %s and is %s", key, s.state, r.State)
		case s.opened && r.State != InDoubt && r.State != meant:
			t.Fatalf("%s was open and is %s", key, r.State)
		case !s.opened && there && r.State != InDoubt && r.State != meant:
			t.Fatalf("%s was tried and is %s", key, r.State)
		}
		if r.State == Sent && !v.UniqueUsed(sendOf("another"), Hash{Version: 1, Sum: personOf(key)}) {
			t.Fatalf("%s is sent, and its unique value is free", key)
		}
		delete(got, sendOf(key))
	}
	for s := range got {
		t.Fatalf("%s was never tried", s)
	}
}
