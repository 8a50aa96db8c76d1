package executor

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"herald/internal/addr"
	"herald/state"
)

// outside lets work be done outside of the bubble of fake time: the ledger's own goroutines and channels belong to no
// bubble. While somebody waits for it, time inside stands still.
type outside struct {
	calls chan *call
	idle  chan *call
}

type call struct {
	do   func()
	done chan struct{}
}

func newOutside(t *testing.T) *outside {
	const most = 64
	o := &outside{calls: make(chan *call), idle: make(chan *call, most)}
	for range most {
		o.idle <- &call{done: make(chan struct{})}
	}
	var working sync.WaitGroup
	working.Go(func() {
		for c := range o.calls {
			working.Go(func() {
				c.do()
				c.done <- struct{}{}
			})
		}
	})
	t.Cleanup(func() {
		close(o.calls)
		working.Wait()
	})
	return o
}

func (o *outside) run(do func()) {
	c := <-o.idle
	c.do = do
	o.calls <- c
	<-c.done
	c.do = nil
	o.idle <- c
}

var errKilled = errors.New("the process was killed")

// mortalLedger is a real ledger whose process may die: from then on nothing is written, and nobody hears of it.
type mortalLedger struct {
	*outside
	ledger *state.Ledger

	mu     sync.Mutex
	writes int
	dieAt  int  // write at which it dies, 0 for never
	late   bool // that write still reaches the disk
	dead   bool
}

// expect lets the process die at one of its next writes, 0 for none; late lets that write reach the disk.
func (m *mortalLedger) expect(dieAt int, late bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.writes, m.dieAt, m.late = 0, dieAt, late
}

func (m *mortalLedger) isDead() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.dead
}

func (m *mortalLedger) kill() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.dead = true
}

// write does one write unless the process is dead, and reports whether it has survived it.
func (m *mortalLedger) write(do func()) (alive bool) {
	m.mu.Lock()
	m.writes++
	dying := m.writes == m.dieAt
	reaches := !m.dead && (!dying || m.late)
	m.dead = m.dead || dying
	m.mu.Unlock()
	if reaches {
		m.run(do)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return !m.dead
}

func (m *mortalLedger) one(do func() error) (err error) {
	if !m.write(func() { err = do() }) {
		return errKilled
	}
	return err
}

func (m *mortalLedger) Intend(_ context.Context, i state.Intent) error {
	return m.one(func() error { return m.ledger.Intend(context.Background(), i) })
}

func (m *mortalLedger) Record(_ context.Context, r state.Result) error {
	return m.one(func() error { return m.ledger.Record(context.Background(), r) })
}

func (m *mortalLedger) Turn(_ context.Context, r state.Result, i state.Intent) (recorded, intended error) {
	if !m.write(func() { recorded, intended = m.ledger.Turn(context.Background(), r, i) }) {
		return errKilled, errKilled
	}
	return recorded, intended
}

func (m *mortalLedger) Attempted(_ context.Context, account string, at time.Time) error {
	return m.one(func() error { return m.ledger.Attempted(context.Background(), account, at) })
}

func (m *mortalLedger) Place(account, name string) (state.Opened, bool) {
	return m.ledger.Place(account, name)
}

func (m *mortalLedger) Opening(_ context.Context, o state.Opened) (had state.Opened, err error) {
	err = m.one(func() (err error) {
		had, err = m.ledger.Opening(context.Background(), o)
		return err
	})
	return had, err
}

func (m *mortalLedger) Opened(_ context.Context, o state.Opened) error {
	return m.one(func() error { return m.ledger.Opened(context.Background(), o) })
}

func (m *mortalLedger) Alike(_ context.Context, s addr.Send, content, destination state.Hash, since time.Time) (n int, err error) {
	err = m.one(func() (err error) {
		n, err = m.ledger.Alike(context.Background(), s, content, destination, since)
		return err
	})
	return n, err
}

func (m *mortalLedger) CommitLatency() time.Duration { return 2 * ms }
