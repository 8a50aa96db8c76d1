package executor

import (
	"context"
	"path/filepath"
	"testing"

	"herald/internal/addr"
	"herald/providers"
	"herald/state"
)

// With the ledger as it is on disk: what a run came to is what the next process reads.
func TestWithTheRealLedger(t *testing.T) {
	path := filepath.Join(t.TempDir(), "herald.state")
	ledger, err := state.Open(t.Context(), path, state.Options{Version: "test", Create: true})
	if err != nil {
		t.Fatal(err)
	}
	run, err := ledger.StartRun(t.Context(), state.Run{Who: "test"}, nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	steps := crowd("heyx", 300)
	p := &scripted{func(s addr.Send) providers.Outcome {
		switch s.Key[len(s.Key)-1] {
		case '3':
			return refused
		case '7':
			return unknown
		}
		return accepted
	}}
	lane := laneOf(p, steps...)
	lane.Limits = Limits{Concurrency: 64}
	got, err := Run(t.Context(), []Lane{lane}, Options{Ledger: ledger})
	if err != nil {
		t.Fatal(err)
	}
	c := got.Counts()
	if c != (Counts{Sent: 240, Refused: 30, InDoubt: 30}) {
		t.Errorf("%+v", c)
	}
	if err := ledger.EndRun(t.Context(), state.Run{ID: run, Sent: c.Sent, Refused: c.Refused, InDoubt: c.InDoubt, Finished: true}); err != nil {
		t.Fatal(err)
	}
	if err := ledger.Close(); err != nil {
		t.Fatal(err)
	}
	view, err := state.Read(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	var read Counts
	for _, s := range steps {
		e, ok := view.Entry(s.Send)
		switch {
		case !ok:
			t.Errorf("%s is not in the ledger", s.Send)
		case e.Now() == state.Sent:
			read.Sent++
		case e.Now() == state.Refused:
			read.Refused++
		case e.Now() == state.InDoubt:
			read.InDoubt++
		}
	}
	if read != c {
		t.Errorf("the ledger has %+v", read)
	}
	if view.LastIntent("heyx").IsZero() {
		t.Error("the last intent is not known")
	}
}

// scripted answers by address and checks nothing.
type scripted struct {
	answer func(addr.Send) providers.Outcome
}

func (p *scripted) Render(providers.Message) (providers.Request, []providers.Problem) {
	return providers.Request{}, nil
}
func (p *scripted) Close() {}
func (p *scripted) Send(_ context.Context, r providers.Request, _ providers.Key) providers.Outcome {
	s, err := addr.ParseSend(r.Path)
	if err != nil {
		return providers.Outcome{Class: providers.AccountError, Reason: err.Error()}
	}
	return p.answer(s)
}
