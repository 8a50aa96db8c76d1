package planner

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"herald/internal/addr"
	"herald/spec"
	"herald/state"
)

// courses is a campaign of sequences of messages, all to the people c0, c1, ... of one file. A message says its name, or
// what stands behind an equals sign.
func courses(t testing.TB, people int, sequences map[string][]string) *spec.Campaign {
	t.Helper()
	var b strings.Builder
	b.WriteString("-- main.hcl --\nprovider \"chat\" {\n}\n" + csvSource + "conversation \"chat\" {\n  provider = chat\n  with = contacts.people\n  to = contact.key\n}\n")
	for _, name := range sortedNames(sequences) {
		fmt.Fprintf(&b, "sequence %q {\n  conversation = conversation.chat\n", name)
		for _, m := range sequences[name] {
			name, text, other := strings.Cut(m, "=")
			if !other {
				text = name
			}
			fmt.Fprintf(&b, "  message %q {\n    text = %q\n  }\n", name, text)
		}
		b.WriteString("}\n")
	}
	b.WriteString("-- people.csv --\nid\n")
	for i := range people {
		fmt.Fprintf(&b, "c%d\n", i)
	}
	return campaign(t, b.String())
}

// policy gives one that sets nothing yet.
func policy(name string, sequences ...string) *spec.Policy {
	return &spec.Policy{Name: name, Sequences: sequences, MaxSends: -1, MaxFailureRate: -1}
}

// recordAt gives the ledger as it is when a plan's sends came out as given at that time.
func recordAt(ledger records, m made, at time.Time, outcome func(Step) state.State) *state.View {
	for _, s := range m.steps {
		if !s.Action.Sends() {
			continue
		}
		if o := outcome(s); o != state.Untried {
			ledger[s.Send] = state.Record{Send: s.Send, State: o, Account: s.Account, Content: s.Content, Destination: s.Destination, At: at}
		}
	}
	return ledgerOf(ledger)
}

// ledgerFile is a ledger on disk, which knows what a view made of records does not: outlines, and what was replaced.
type ledgerFile struct {
	t testing.TB
	*state.Ledger
}

func newLedgerFile(t testing.TB) ledgerFile {
	t.Helper()
	l, err := state.Open(context.Background(), filepath.Join(t.TempDir(), "herald.state"), state.Options{Version: "0.1.0", Create: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return ledgerFile{t, l}
}

// apply carries a plan out, and gives what the ledger says then.
func (l ledgerFile) apply(m made, at time.Time, outcome func(Step) state.State) *state.View {
	l.t.Helper()
	ctx := context.Background()
	check := func(err error) {
		l.t.Helper()
		if err != nil {
			l.t.Fatal(err)
		}
	}
	for _, move := range m.Moves {
		n, err := l.Move(ctx, move.From, move.To, "ada", at)
		if check(err); n != move.Sends {
			l.t.Fatalf("%d sends of %s moved, and the plan says %d", n, move.From, move.Sends)
		}
	}
	run := state.Run{Who: "ada", Command: "apply", Version: "0.1.0", Started: at}
	var err error
	run.ID, err = l.StartRun(ctx, run, m.Definitions, m.KeyAttributes, m.Outlines)
	check(err)
	for _, s := range m.steps {
		if o := outcome(s); s.Action.Sends() && o != state.Untried {
			check(l.Intend(ctx, state.Intent{Send: s.Send, Account: s.Account, Content: s.Content, Destination: s.Destination,
				Definition: s.Definition, Attempt: 1, At: at, FromDoubt: s.FromDoubt}))
			check(l.Record(ctx, state.Result{Send: s.Send, State: o, At: at}))
		}
	}
	run.Ended, run.Finished = at, true
	check(l.EndRun(ctx, run))
	v, err := l.View(ctx)
	check(err)
	return v
}

// only lets the sends to some people through.
func only(keys ...string) func(Step) state.State {
	return func(s Step) state.State {
		for _, key := range keys {
			if s.Send.Key == key {
				return state.Sent
			}
		}
		return state.Untried
	}
}

func sendOf(sequence, name, key string) addr.Send {
	return addr.Send{Message: addr.Message{Sequence: sequence, Name: name}, Key: key}
}

func forbidden(m made) []string {
	out := []string{}
	for _, f := range m.Forbidden {
		out = append(out, f.Summary+": "+f.Detail)
	}
	return out
}
