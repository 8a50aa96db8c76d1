package executor

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"herald/internal/addr"
	"herald/providers"
	"herald/state"
)

// fakeWatcher reads each place in one request, unless the place has something in its way.
type fakeWatcher struct {
	noProvider
	trouble func(place string, call int) providers.Outcome // asked one at a time; nil: none
	takes   time.Duration                                  // of one request

	mu      sync.Mutex
	calls   map[string]int // requests for a place
	asked   []int          // deliveries of each call
	arrived []time.Time
	wrong   []string
}

func (f *fakeWatcher) Watch(ctx context.Context, sends []providers.Delivery, turn func(context.Context) error, report func(providers.Report)) providers.Outcome {
	f.mu.Lock()
	f.asked = append(f.asked, len(sends))
	f.mu.Unlock()
	done := map[string]bool{}
	for i, d := range sends {
		if !done[d.Place] {
			if err := turn(ctx); err != nil {
				return providers.Outcome{Class: providers.NotSent, Reason: err.Error()}
			}
			if done[d.Place] = true; sleep(ctx, f.takes) != nil {
				return providers.Outcome{Class: providers.Unknown, Reason: "cut off"}
			}
			if out := f.visit(d.Place); out.Class != providers.Accepted {
				return out
			}
		}
		if d.Ended.Sub(d.Begun) != time.Second || d.ID == "" {
			f.wrong = append(f.wrong, fmt.Sprintf("asked about %+v", d))
		}
		switch d.ID {
		case "read":
			report(providers.Report{Send: i, Delivered: d.Ended, Read: d.Ended.Add(time.Minute)})
		case "replied":
			report(providers.Report{Send: i, Replied: d.Ended, Reply: "yes", Vendor: []byte("{}")})
		case "failed":
			report(providers.Report{Send: i, Failed: d.Ended, Reason: "no number"})
		case "nothing":
			report(providers.Report{Send: i})
		case "unseen":
			report(providers.Report{Send: i, Unseen: true})
		}
	}
	return providers.Outcome{Class: providers.Accepted, Note: "a note"}
}

func (f *fakeWatcher) visit(place string) providers.Outcome {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.calls == nil {
		f.calls = map[string]int{}
	}
	f.calls[place]++
	out := accepted
	if f.trouble != nil {
		out = f.trouble(place, f.calls[place])
	}
	if out.Class != providers.NotSent {
		f.arrived = append(f.arrived, time.Now())
	}
	return out
}

// delivered makes deliveries, so many to each place in turn.
func delivered(account string, places, each int) (all []state.Delivery) {
	for e := range each {
		for p := range places {
			s := addr.Send{Message: addr.Message{Sequence: "s", Name: fmt.Sprint("m", e)}, Key: fmt.Sprint("p", p)}
			begun := time.Unix(int64(1000*e+p), 0)
			all = append(all, state.Delivery{
				Send: s, Account: account, Place: fmt.Sprint("place ", p), ProviderID: []string{"sent", "read", "replied", "failed", "nothing"}[(p+e)%5],
				Begun: begun, Ended: begun.Add(time.Second),
			})
		}
	}
	return all
}

func watchLane(f providers.Provider, deliveries []state.Delivery) WatchLane {
	return WatchLane{
		Account: deliveries[0].Account, Provider: f, Limits: Limits{Concurrency: 4},
		Retry: Retry{MaxAttempts: 3, MinBackoff: time.Second, MaxBackoff: time.Second}, Deliveries: deliveries,
	}
}

// collected gathers what a watch brings, and what is wrong about it.
type collected struct {
	receipts map[addr.Send]state.Receipt
	read     map[addr.Send]bool
	wrong    []string
	most     int // sends in one part
}

func newCollected() *collected {
	return &collected{receipts: map[addr.Send]state.Receipt{}, read: map[addr.Send]bool{}}
}

func (c *collected) collect(w Watched) error {
	if len(w.Read)+len(w.Receipts) == 0 || w.Account == "" {
		c.wrong = append(c.wrong, "an empty part")
	}
	for _, r := range w.Receipts {
		if r.IsZero() {
			c.wrong = append(c.wrong, r.Send.String()+" has an empty receipt")
		}
		c.receipts[r.Send] = r
	}
	for _, s := range w.Read {
		if c.read[s] {
			c.wrong = append(c.wrong, s.String()+" was read twice")
		}
		c.read[s] = true
	}
	c.most = max(c.most, len(w.Read))
	return nil
}

// against holds what was collected against what there was.
func (c *collected) against(l WatchedLane, f *fakeWatcher, deliveries []state.Delivery) (wrong []string) {
	wrong = append(c.wrong, f.wrong...)
	for _, d := range deliveries {
		r, got := c.receipts[d.Send]
		want := state.Receipt{Send: d.Send}
		switch d.ProviderID {
		case "read":
			want.Delivered, want.Read = d.Ended, d.Ended.Add(time.Minute)
		case "replied":
			want.Replied, want.Reply, want.Vendor = d.Ended, "yes", []byte("{}")
		case "failed":
			want.Failed, want.Reason = d.Ended, "no number"
		}
		if got && fmt.Sprint(r) != fmt.Sprint(want) || c.read[d.Send] && got == want.IsZero() {
			wrong = append(wrong, fmt.Sprintf("%s: receipt %+v, want %+v, read: %t", d.Send, r, want, c.read[d.Send]))
		}
	}
	if l.Read != len(c.read) || l.Read+l.Unread != len(deliveries) || l.Unread > 0 != (l.Reason != "") {
		wrong = append(wrong, fmt.Sprintf("%+v, but %d of %d were read", l, len(c.read), len(deliveries)))
	}
	return wrong
}

func TestWatch(t *testing.T) {
	always := func(places ...string) func(out providers.Outcome) func(string, int) providers.Outcome {
		return func(out providers.Outcome) func(string, int) providers.Outcome {
			return func(place string, _ int) providers.Outcome {
				if len(places) == 0 || slices.Contains(places, place) {
					return out
				}
				return accepted
			}
		}
	}
	once := func(out providers.Outcome) func(string, int) providers.Outcome {
		return func(place string, call int) providers.Outcome {
			if call == 1 && strings.HasSuffix(place, "5") {
				return out
			}
			return accepted
		}
	}
	for _, tt := range []struct {
		name          string
		trouble       func(string, int) providers.Outcome
		places, each  int
		read          int
		cause         Cause
		reason        string
		atMost        int // requests
		longest, soon time.Duration
		takes         time.Duration // of a request
	}{
		{name: "nothing in the way", places: 700, each: 1, read: 700, atMost: 700},
		{name: "places stay together", places: 100, each: 7, read: 700, atMost: 100},
		{name: "one place", places: 1, each: 600, read: 600, atMost: 1},
		{name: "throttled", trouble: once(throttled), places: 100, each: 1, read: 100, atMost: 1200, longest: 5 * time.Minute},
		{name: "throttled for ever at first", trouble: func(_ string, call int) providers.Outcome {
			if call < 9 {
				return throttled
			}
			return accepted
		}, places: 3, each: 2, read: 6, atMost: 100, longest: 5 * time.Minute},
		{name: "a bad moment", trouble: once(unknown), places: 100, each: 1, read: 100, atMost: 600, longest: 5 * time.Minute},
		{name: "a bad place", trouble: always("place 7")(broken), places: 200, each: 2, read: 398, reason: "it broke", atMost: 900, longest: time.Minute},
		{name: "a place that is not there", trouble: always("place 7", "place 9")(refused), places: 200, each: 2, read: 396, reason: "no such person", atMost: 900},
		{name: "one place, and that is bad", trouble: always()(broken), places: 1, each: 3, reason: "it broke", atMost: 3, soon: 2 * time.Second, longest: 3 * time.Second},
		{name: "down", trouble: always()(unknown), places: 1000, each: 1, cause: CauseUnreachable, reason: "bad gateway", atMost: 20, soon: 2 * time.Second, longest: 5 * time.Second, takes: 100 * ms},
		{name: "not connected", trouble: always()(notSent), places: 1000, each: 1, cause: CauseUnreachable, reason: "connection refused", atMost: 20, longest: 5 * time.Second},
		{name: "turned away", trouble: always()(accountError), places: 1000, each: 1, cause: CauseAccount, reason: "bad token", atMost: 4},
		{name: "no class", trouble: always("place 1")(providers.Outcome{Reason: "odd"}), places: 50, each: 1, read: 49, reason: "the provider gave no class", atMost: 200, longest: time.Minute},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, c := &fakeWatcher{trouble: tt.trouble, takes: tt.takes}, newCollected()
				all := delivered("x", tt.places, tt.each)
				begun := time.Now()
				got, err := Watch(t.Context(), []WatchLane{watchLane(f, all)}, WatchOptions{Collect: c.collect})
				if err != nil {
					t.Fatal(err)
				}
				l := got.Lanes[0]
				for _, w := range c.against(l, f, all) {
					t.Error(w)
				}
				took := time.Since(begun)
				if l.Read != tt.read || l.Reason != tt.reason || len(f.arrived) > tt.atMost || took > tt.longest || took < tt.soon || got.Interrupted {
					t.Errorf("%+v after %s and %d requests", l, took, len(f.arrived))
				}
				var stop *Stop
				if errors.As(l.Stop, &stop); (stop != nil) != (tt.cause != "") || stop != nil && stop.Cause != tt.cause {
					t.Errorf("stopped: %v", l.Stop)
				}
				if tt.read > 0 && (l.Note != "a note" || l.LastRequest.IsZero()) {
					t.Errorf("%+v", l)
				}
				if c.most > mostAtOnce && tt.places > 1 {
					t.Errorf("%d sends in one part", c.most)
				}
			})
		})
	}
}

// Reading keeps to the limits of the group, the ledger is told of every request, and one lane leaves others alone.
func TestWatchLanes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ledger := newLedger()
		f, away, c := &fakeWatcher{takes: 100 * ms}, &fakeWatcher{trouble: func(string, int) providers.Outcome { return accountError }}, newCollected()
		lanes := []WatchLane{
			watchLane(f, delivered("x", 60, 1)), watchLane(f, delivered("y", 60, 1)[30:]),
			watchLane(away, delivered("z", 9, 1)), watchLane(noProvider{}, delivered("w", 9, 1)),
		}
		for i := range lanes {
			lanes[i].Limits.Requests, lanes[i].Limits.Per, lanes[i].Group, lanes[i].LastIntent = 5, time.Second, lanes[i].Account, time.Now()
		}
		lanes[1].Group = "x"
		for i := range lanes[1].Deliveries {
			lanes[1].Deliveries[i].Send.Sequence = "other"
		}
		begun := time.Now()
		var stopped []string
		got, err := Watch(t.Context(), lanes, WatchOptions{Ledger: ledger, Clock: shifted(year), Collect: c.collect, Observe: func(e Event) {
			if s, ok := e.(LaneStopped); ok {
				stopped = append(stopped, s.Why.Error())
			}
		}})
		if err != nil || got.Lanes[0].Read != 60 || got.Lanes[1].Read != 30 || got.Lanes[2].Read+got.Lanes[3].Read != 0 {
			t.Errorf("%+v, %v", got, err)
		}
		want := `z: what became of its messages was not read to the end: the provider turned the account away: "bad token". Check the account's token and settings, then run the same command again`
		if len(stopped) != 1 || stopped[0] != want || got.Lanes[2].Stop == nil || got.Lanes[3].Stop != nil {
			t.Errorf("stopped: %q", stopped)
		}
		if got.Lanes[3].Reason != "this provider cannot be asked what became of a message" || got.Lanes[3].Unread != 9 {
			t.Errorf("%+v", got.Lanes[3])
		}
		if worst := worstWindow(f.arrived, time.Second); worst > 5 || f.arrived[0].Sub(begun) < time.Second || time.Since(begun) > 21*time.Second {
			t.Errorf("%d in one window, all in %s", worst, time.Since(begun))
		}
		if len(ledger.asks) != len(f.arrived)+len(away.arrived) || ledger.asks[0].Sub(begun) < year {
			t.Errorf("the ledger knows of %d of %d requests, the first one at %s", len(ledger.asks), len(f.arrived)+len(away.arrived), ledger.asks[0])
		}
	})
}

// What was read before an interrupt was collected.
func TestInterruptedWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, c := &fakeWatcher{takes: time.Second}, newCollected()
		all := delivered("x", 60, 1)
		lane := watchLane(f, all)
		lane.Limits.Concurrency = 1
		begun := time.Now()
		got, err := Watch(timeout(t, 45*time.Second+ms), []WatchLane{lane}, WatchOptions{Collect: c.collect})
		for _, w := range c.against(got.Lanes[0], f, all) {
			t.Error(w)
		}
		if err != nil || !got.Interrupted || time.Since(begun) != 45*time.Second+ms || got.Lanes[0].Reason != "interrupted" || len(c.receipts) < 20 {
			t.Errorf("%+v, %v, %d receipts", got, err, len(c.receipts))
		}
	})
}

// An error of whoever collects, or of the ledger, ends the reading.
func TestWatchThatFails(t *testing.T) {
	all := delivered("x", 500, 1)
	n := 0
	_, err := Watch(t.Context(), []WatchLane{watchLane(&fakeWatcher{}, all)}, WatchOptions{Collect: func(Watched) error {
		n++
		return errFull
	}})
	if !errors.Is(err, errFull) || n != 1 {
		t.Errorf("%v after %d parts", err, n)
	}
	ledger := newLedger()
	ledger.fail = func(int) error { return errFull }
	f := &fakeWatcher{}
	got, err := Watch(t.Context(), []WatchLane{watchLane(f, all)}, WatchOptions{Ledger: ledger, Collect: newCollected().collect})
	if !errors.Is(err, errFull) || len(f.arrived) > 0 || got.Interrupted || got.Lanes[0].Unread != 500 {
		t.Errorf("%v, %+v", err, got)
	}
	if _, err := Watch(t.Context(), nil, WatchOptions{}); err == nil {
		t.Error("nobody collects, and nobody minds")
	}
	twice := watchLane(f, all)
	if _, err := Watch(t.Context(), []WatchLane{twice, twice}, WatchOptions{Collect: newCollected().collect}); err == nil {
		t.Error("two lanes of one account")
	}
}

// A watcher that reports what it was not asked about, or says nothing at all, does no harm.
func TestStrangeReports(t *testing.T) {
	c := newCollected()
	got, err := Watch(t.Context(), []WatchLane{watchLane(strange{}, delivered("x", 3, 1))}, WatchOptions{Collect: c.collect})
	if err != nil || len(c.receipts) != 0 || got.Lanes[0].Read != 0 || got.Lanes[0].Reason != "no token" {
		t.Errorf("%+v, %v, %v", got, err, c.receipts)
	}
}

type strange struct{ noProvider }

func (strange) Watch(_ context.Context, sends []providers.Delivery, _ func(context.Context) error, report func(providers.Report)) providers.Outcome {
	report(providers.Report{Send: -1, Read: time.Now()})
	report(providers.Report{Send: len(sends), Read: time.Now()})
	return providers.Outcome{Class: providers.Throttled, Reason: "no token"}
}

// Whatever is in the way of whom: each delivery is read once or not at all, none is read without having been, what is
// collected is true, and the reading ends.
func TestAnyWatch(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		seed := rapid.Uint64().Draw(rt, "seed")
		places, each := rapid.IntRange(1, 120).Draw(rt, "places"), rapid.IntRange(1, 5).Draw(rt, "each")
		faults := rapid.SliceOfNDistinct(rapid.IntRange(0, places-1), 0, 10, rapid.ID).Draw(rt, "faulty")
		classes := []providers.Outcome{throttled, notSent, unknown, refused, {}}
		if rapid.IntRange(0, 5).Draw(rt, "account") == 0 {
			classes = append(classes, accountError)
		}
		script := map[string][]providers.Outcome{}
		for _, p := range faults {
			script[fmt.Sprint("place ", p)] = rapid.SliceOfN(rapid.SampledFrom(classes), 1, 8).Draw(rt, "outcomes")
		}
		limits := Limits{Concurrency: rapid.IntRange(0, 5).Draw(rt, "concurrency"), Requests: rapid.SampledFrom([]int{0, 7}).Draw(rt, "requests"), Per: time.Second}
		cut := time.Duration(rapid.SampledFrom([]int{0, 0, 3, 20}).Draw(rt, "cut")) * time.Second
		var wrong []string
		synctest.Test(t, func(t *testing.T) {
			f, c := &fakeWatcher{takes: 50 * ms}, newCollected()
			f.trouble = func(place string, call int) providers.Outcome {
				if call <= len(script[place]) {
					return script[place][call-1]
				}
				return accepted
			}
			all := delivered("x", places, each)
			rand.New(rand.NewPCG(seed, 1)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
			lane := watchLane(f, all)
			lane.Limits = limits
			ctx := t.Context()
			if cut > 0 {
				ctx = timeout(t, cut)
			}
			got, err := Watch(ctx, []WatchLane{lane}, WatchOptions{Collect: c.collect})
			wrong = c.against(got.Lanes[0], f, all)
			l := got.Lanes[0]
			if err != nil || got.Interrupted && cut == 0 {
				wrong = append(wrong, fmt.Sprintf("%v, %+v", err, got))
			}
			if l.Unread > each*len(script) && l.Stop == nil && !got.Interrupted {
				wrong = append(wrong, fmt.Sprintf("%+v, though only %d places had anything in their way", l, len(script)))
			}
			if worst := worstWindow(f.arrived, time.Second); limits.Requests > 0 && worst > limits.Requests {
				wrong = append(wrong, fmt.Sprintf("%d requests in one window", worst))
			}
		})
		if len(wrong) > 0 {
			rt.Fatalf("%s", strings.Join(wrong, "\n"))
		}
	})
}

// What the vendor does not show yet is not read, so that nobody takes silence for an answer; once it must be visible, it is.
func TestWatchUnseen(t *testing.T) {
	now := time.Now()
	deliveries := delivered("x", 3, 1)
	for i := range deliveries {
		deliveries[i].ProviderID = "unseen"
		deliveries[i].Ended = now.Add(-time.Duration(i) * time.Minute)
		deliveries[i].Begun = deliveries[i].Ended.Add(-time.Second)
	}
	lane := watchLane(&fakeWatcher{}, deliveries)
	lane.Settle = 90 * time.Second
	var read []addr.Send
	sum, err := Watch(context.Background(), []WatchLane{lane}, WatchOptions{Collect: func(w Watched) error {
		read = append(read, w.Read...)
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	if len(read) != 1 || read[0] != deliveries[2].Send {
		t.Errorf("read %v, want only what is two minutes old", read)
	}
	if l := sum.Lanes[0]; l.Read != 1 || l.Unread != 2 || !strings.Contains(l.Reason, "does not show") {
		t.Errorf("%+v", l)
	}
}
