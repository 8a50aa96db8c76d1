package executor

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"herald/internal/addr"
	"herald/providers"
	"herald/state"
)

// WatchLane is one provider account and the sends of it that are to be asked about.
type WatchLane struct {
	Account  string // unique within a call
	Provider providers.Provider
	Limits   Limits
	Retry    Retry // throttled requests are not counted
	// Group and LastIntent are as in Lane.
	Group      string
	LastIntent time.Time
	// Settle is the time after a send's end within which it may be that the provider does not show it yet: as long as it
	// does not, the send counts as unread. Not negative.
	Settle     time.Duration
	Deliveries []state.Delivery // all of this account, in any order
}

// WatchOptions is what reading receipts needs beside its lanes.
type WatchOptions struct {
	// Ledger is told of every request, so that the next run keeps to the limits too; nil tells nobody.
	Ledger AttemptLedger
	// Clock is as in Options: it stamps what the ledger is told.
	Clock func() time.Time
	// Collect is given what was read, in parts, one call at a time. It must not be nil. Its error ends the reading.
	Collect func(Watched) error
	// Observe is told of Throttled and LaneStopped; it may be nil.
	Observe func(Event)
}

// Watched is what one part of the reading brought: never nothing.
type Watched struct {
	Account  string
	Receipts []state.Receipt // none of which is zero; one of a send may come again, and then says no less
	Read     []addr.Send     // of these all was read that there is: what no receipt tells has not happened
}

// WatchedLane is what the reading of one lane came to.
type WatchedLane struct {
	Account  string
	Read     int    // deliveries of which all was read
	Unread   int    // the others
	Receipts int    // handed to Collect
	Reason   string // why some were not read, the first one; not yet escaped
	Note     string // what the provider says beside what it read, the last one; not yet escaped
	Stop     error  // a *Stop, or nil when the lane was not stopped by itself
	// LastRequest is when the last request began, zero when none was made: the LastIntent of what follows.
	LastRequest time.Time
}

// WatchSummary is what Watch came to.
type WatchSummary struct {
	Lanes       []WatchedLane // in the order in which they were given
	Interrupted bool          // by the context, before all were read
}

// Watch asks the providers what became of what they accepted, within the limits of the lanes and side by side.
// Cancelling ctx ends it at once; what was collected stays so.
//
// The error is nil unless Collect gave one, the ledger could not be written or the arguments make no sense; the summary
// is right all the same. A provider that cannot be asked, gives no answer or turns the account away is none: the lanes
// tell.
func Watch(ctx context.Context, lanes []WatchLane, o WatchOptions) (WatchSummary, error) {
	if o.Collect == nil {
		return WatchSummary{}, errors.New("executor: what is read has nobody to collect it")
	}
	common := make([]Lane, len(lanes))
	for i, l := range lanes {
		common[i] = Lane{Account: l.Account, Provider: l.Provider, Limits: l.Limits, Retry: l.Retry, Group: l.Group, LastIntent: l.LastIntent, Settle: l.Settle}
	}
	if err := checkLanes(common); err != nil {
		return WatchSummary{}, err
	}
	work, halt := context.WithCancelCause(ctx)
	defer halt(nil)
	r := &run{ctx: ctx, last: context.WithoutCancel(ctx), attempts: o.Ledger, clock: o.Clock, events: newSink(o.Observe), halt: halt}
	var collecting sync.Mutex
	var failed error
	collect := func(part Watched) error {
		collecting.Lock()
		defer collecting.Unlock()
		if failed == nil {
			failed = o.Collect(part)
		}
		return failed
	}
	s := WatchSummary{Lanes: make([]WatchedLane, len(lanes))}
	var g errgroup.Group
	for i, l := range r.open(work, common) {
		g.Go(newReading(l, lanes[i].Deliveries, &s.Lanes[i], collect).work)
	}
	err := g.Wait()
	cause := context.Cause(work)
	s.Interrupted = cause != nil && cause != errLedger
	switch {
	case failed != nil:
		err = failed
	case err != nil:
		err = r.failed()
	}
	return s, err
}

// receipt makes what the ledger keeps of a report.
func receipt(of addr.Send, r providers.Report) state.Receipt {
	return state.Receipt{
		Send: of, Delivered: r.Delivered, Read: r.Read, Failed: r.Failed, Reason: r.Reason,
		Replied: r.Replied, Reply: r.Reply, Vendor: r.Vendor,
	}
}

// delivery makes what a provider is asked about.
func delivery(d state.Delivery) providers.Delivery {
	return providers.Delivery{Place: d.Place, ID: d.ProviderID, Begun: d.Begun, Ended: d.Ended}
}
