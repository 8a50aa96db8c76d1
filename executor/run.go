package executor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/go-multierror"
	"golang.org/x/sync/errgroup"
)

// Options is what a run needs beside its lanes.
type Options struct {
	Ledger Ledger
	// Drain, once closed, ends new work: what is in flight is finished and recorded, all else stays unsent. It may be nil.
	Drain <-chan struct{}
	// Clock says what time it is in the ledger and in the plan: it stamps intents and outcomes and is compared with
	// planner.Step.NotAfter. With nil it is time.Now. Waiting, limits and Lane.LastIntent go by the machine's clock always:
	// a stamp is the machine's instant moved by what the two differ just then.
	Clock func() time.Time
	// Observe is told what happens; it may be nil. Calls come one at a time, from many goroutines, in the order of
	// what they tell of each send. A send waits for them, so they must be quick.
	Observe func(Event)
}

// run is one call of Run.
type run struct {
	ctx      context.Context // cancelled: what is in flight is cut off
	work     context.Context // cancelled: nothing new begins
	last     context.Context // never cancelled: what an interrupt must not keep from the ledger
	ledger   Ledger          // nil for look-ups that are not recorded
	answers  DoubtLedger     // the same, nil when it cannot record look-ups
	attempts AttemptLedger   // the same, nil when it cannot record what belongs to no send
	places   PlaceLedger     // the same, nil when it keeps no conversations
	clock    clock
	order    *order
	events   *sink
	halt     context.CancelCauseFunc // ends work

	mu       sync.Mutex
	failures *multierror.Error
	more     int // failures beyond those kept
}

var (
	errDrained = errors.New("interrupted")
	errLedger  = errors.New("the ledger cannot be written")
)

// maxFailures is how many failed ledger writes an error spells out; the others say the same.
const maxFailures = 20

// Run carries the steps of all lanes out and returns when nothing is in flight or waits for its look-up any more.
// Cancelling ctx cuts off what is in flight: it is recorded as in doubt, or goes back where nothing left.
//
// The summary is right whatever the error. The error is nil unless the ledger could not be written or the arguments
// make no run; a failed send, a stopped lane or an interrupt is none, Summary tells of them.
func Run(ctx context.Context, lanes []Lane, o Options) (Summary, error) {
	lanes = slices.Clone(lanes) // check fills in what was left out
	if err := check(lanes, o); err != nil {
		return Summary{}, err
	}
	work, halt := context.WithCancelCause(ctx)
	defer halt(nil)
	r := &run{ctx: ctx, last: context.WithoutCancel(ctx), clock: o.Clock, events: newSink(o.Observe), halt: halt}
	r.keep(o.Ledger)
	running := r.open(work, lanes)

	select {
	case <-o.Drain:
		halt(errDrained)
	default:
		go func() {
			select {
			case <-o.Drain:
				halt(errDrained)
			case <-work.Done():
			}
		}()
	}

	var g errgroup.Group
	for _, l := range running {
		g.Go(l.carry)
	}
	err := g.Wait()

	cause := context.Cause(work)
	s := Summary{Interrupted: cause != nil && cause != errLedger}
	for _, l := range running {
		s.Lanes = append(s.Lanes, l.summary())
	}
	if err != nil {
		err = r.failed()
	}
	return s, err
}

// keep takes the ledger, and what it can beside the least.
func (r *run) keep(ledger Ledger) {
	r.ledger = ledger
	r.answers, _ = ledger.(DoubtLedger)
	r.attempts, _ = ledger.(AttemptLedger)
	r.places, _ = ledger.(PlaceLedger)
}

// check finds what makes no run, and fills in what lanes left out.
func check(lanes []Lane, o Options) error {
	if o.Ledger == nil {
		return errors.New("executor: a run needs a ledger")
	}
	return checkLanes(lanes)
}

func checkLanes(lanes []Lane) error {
	seen := make(map[string]bool, len(lanes))
	for i := range lanes {
		if seen[lanes[i].Account] {
			return fmt.Errorf("executor: two lanes of the account %s", lanes[i].Account)
		}
		seen[lanes[i].Account] = true
		if err := lanes[i].check(); err != nil {
			return fmt.Errorf("executor: %w", err)
		}
	}
	return nil
}

// open makes the running lanes and their limiters.
func (r *run) open(work context.Context, lanes []Lane) []*lane {
	r.work = work
	limiters := newLimiters(lanes)
	running := make([]*lane, len(lanes))
	for i := range lanes {
		l := &lane{Lane: lanes[i], run: r, limiter: limiters[i], breaker: breaker{stopAfter: lanes[i].Limits.StopAfter}}
		l.work, l.halt = context.WithCancel(work)
		l.marked.Store(l.Marked)
		l.asker = newAsker(l)
		running[i] = l
	}
	r.order = newOrder(running)
	return running
}

// fail keeps an error of the ledger and ends all new work.
func (r *run) fail(err error) {
	r.mu.Lock()
	if r.more > 0 || r.failures != nil && r.failures.Len() == maxFailures {
		r.more++
	} else {
		r.failures = multierror.Append(r.failures, err)
	}
	r.mu.Unlock()
	r.halt(errLedger)
}

// failed gives what fail kept.
func (r *run) failed() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.more > 0 {
		return fmt.Errorf("%w\nand %d more sends whose ledger rows could not be written", r.failures.ErrorOrNil(), r.more)
	}
	return r.failures.ErrorOrNil()
}
