package cli

import (
	"context"
	"maps"
	"slices"
	"strings"

	"herald/executor"
	"herald/internal/addr"
	"herald/internal/report"
	"herald/planner"
	"herald/providers"
	"herald/state"
)

// learned is what became of sends, beyond what the ledger says or knows to have not happened.
type learned struct {
	receipts map[addr.Send]state.Receipt
	read     map[addr.Send]bool
	rests    func(planner.Rest) // is told what steps rest on; nil when nobody wants to know
	unread   []report.LaneStop  // accounts that could not be read, and why
	stopped  bool               // by an interrupt
}

// add takes what was read, to what is there.
func (l *learned) add(receipts []state.Receipt, read []addr.Send) {
	for _, r := range receipts {
		if before, there := l.receipts[r.Send]; there {
			r = before.With(r)
		}
		l.receipts[r.Send] = r
	}
	for _, s := range read {
		l.read[s] = true
	}
}

func newLearned() learned {
	return learned{receipts: map[addr.Send]state.Receipt{}, read: map[addr.Send]bool{}}
}

// learn adds to l what the plan needs to know of messages that were sent. It plans once to find that out, and asks only
// when a message that is due otherwise waits for it. With a lock it is recorded; what was recorded must be read again.
func (s *session) learn(ctx context.Context, o planOptions, known *state.View, found map[addr.Send]providers.Finding, l *learned, lock *state.Lock) error {
	if !known.Exists || !s.namesFacts() {
		return nil
	}
	p, _, err := s.make(ctx, o, known, found, *l, func(*planner.Step) error { return nil })
	if err != nil || p == nil || len(p.Wants) == 0 {
		return err // what is wrong with the campaign is said by the plan that follows
	}
	wanted := map[addr.Send]bool{}
	for _, w := range p.Wants {
		wanted[w] = true
	}
	asked := map[addr.Send]bool{}
	err = s.read(ctx, known, l, func(d state.Delivery) bool {
		asked[d.Send] = wanted[d.Send]
		return wanted[d.Send]
	}, lock)
	// Of what has no place at its vendor, or is over there, nothing more will ever be known: nobody waits for that.
	for send := range wanted {
		if !asked[send] {
			l.read[send] = true
		}
	}
	return err
}

// namesFacts reports whether a message of the campaign depends on what became of another one.
func (s *session) namesFacts() bool {
	for _, seq := range s.campaign.Sequences {
		for _, m := range seq.Messages {
			if m.NamesFacts() {
				return true
			}
		}
	}
	return false
}

// read asks the providers what became of those deliveries that are wanted, and adds it to l; with a lock it is recorded.
func (s *session) read(ctx context.Context, known *state.View, l *learned, wanted func(state.Delivery) bool, lock *state.Lock) error {
	lanes, err := s.watchLanes(ctx, known, wanted, l)
	if err != nil || len(lanes) == 0 {
		return err
	}
	o := executor.WatchOptions{Clock: s.env.now, Collect: func(w executor.Watched) error {
		l.add(w.Receipts, w.Read)
		return nil
	}}
	if lock != nil {
		options := s.ledgerOptions(false)
		options.Lock = lock
		ledger, err := state.Open(ctx, s.ledger, options)
		if err != nil {
			return err
		}
		defer ledger.Close()
		o.Ledger = ledger
		o.Collect = func(w executor.Watched) error {
			l.add(w.Receipts, w.Read)
			return ledger.Receive(context.WithoutCancel(ctx), w.Receipts, nil)
		}
		err = s.watch(ctx, lanes, o, l)
		if closed := ledger.Close(); err == nil {
			err = closed
		}
		return err
	}
	return s.watch(ctx, lanes, o, l)
}

// watch asks, and notes who could not be asked.
func (s *session) watch(ctx context.Context, lanes []executor.WatchLane, o executor.WatchOptions, l *learned) error {
	sum, err := executor.Watch(ctx, lanes, o)
	l.stopped = l.stopped || sum.Interrupted
	for _, one := range sum.Lanes {
		if one.Note != "" {
			l.unread = append(l.unread, report.LaneStop{Account: one.Account, Why: one.Note})
		}
		if one.Unread > 0 && !sum.Interrupted {
			l.unread = append(l.unread, report.LaneStop{Account: one.Account, Why: one.Reason, Unsent: one.Unread})
		}
	}
	return err
}

// watchLanes gathers what can be asked about, by account, and notes whom there is no token for.
func (s *session) watchLanes(ctx context.Context, known *state.View, wanted func(state.Delivery) bool, unread *learned) ([]executor.WatchLane, error) {
	var accounts []string
	for _, name := range slices.Sorted(maps.Keys(s.accounts)) {
		if _, can := s.accounts[name].provider.(providers.Watcher); can {
			accounts = append(accounts, name)
		}
	}
	if len(accounts) == 0 {
		return nil, nil
	}
	reader, err := state.OpenReader(ctx, s.ledger)
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	byAccount := map[string][]state.Delivery{}
	for d, err := range reader.Deliveries(ctx, accounts) {
		if err != nil {
			return nil, err
		}
		if wanted(d) {
			byAccount[d.Account] = append(byAccount[d.Account], d)
		}
	}
	var lanes []executor.WatchLane
	for _, name := range slices.Sorted(maps.Keys(byAccount)) {
		if missing := s.accounts[name].facts.MissingSecrets(s.accounts[name].config); len(missing) > 0 {
			unread.unread = append(unread.unread, report.LaneStop{Account: name, Unsent: len(byAccount[name]),
				Why: "no " + missing[0].Name + " is set, so nothing can be read; set it or the environment variable " + missing[0].Env})
			continue
		}
		l, err := s.lane(name, 0, nil, known)
		if err != nil {
			return nil, err
		}
		lanes = append(lanes, executor.WatchLane{Account: name, Provider: l.Provider, Limits: l.Limits, Retry: l.Retry,
			Group: l.Group, LastIntent: l.LastIntent, Settle: l.Settle, Deliveries: byAccount[name]})
	}
	return lanes, nil
}

// tells gives what can become known of the account's messages.
func (a *account) tells() (facts []providers.Fact, told bool) {
	if r, receives := a.provider.(providers.Receiver); receives {
		for _, c := range r.Callbacks() {
			if c.URL != "" && hasToken(c.URL) {
				return a.facts.Tells, true
			}
		}
	}
	if _, can := a.provider.(providers.Watcher); can {
		return a.facts.Tells, false
	}
	return nil, false
}

// hasToken reports whether a URL of callbacks says where the token of a send belongs.
func hasToken(url string) bool { return strings.Contains(url, providers.TokenMark) }
