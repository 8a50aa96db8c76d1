package providertest

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"herald/providers"
)

// faults checks every way in which an attempt goes wrong: alone, at each place, and after one another. With -v it prints
// what each was taken for.
func (s Subject) faults(t *testing.T) {
	var table strings.Builder
	for _, f := range s.faultTable() {
		t.Run(f.name, func(t *testing.T) {
			fmt.Fprintf(&table, "\n  %-50s %v", f.name, s.fails(t, f, 100*time.Millisecond))
		})
	}
	t.Logf("what a fault is taken for:%s", table.String())
	t.Run("cut anywhere", s.cutAnywhere)
	t.Run("closed between requests", s.closedBetween)
	t.Run("after one another", s.mixedFaults)
}

// fails makes attempts that meet a fault, several on one account, and gives their class. A slow fault ends with the time
// that the account has.
func (s Subject) fails(t *testing.T, f fault, within time.Duration) (class providers.Class) {
	base := nobody
	srv := &lineServer{}
	if f.open != nil || f.play != nil {
		srv = lines(t, f.open, f.play)
		base = srv.URL
	}
	a := s.account(base)
	times := 3
	switch {
	case f.class == providers.Throttled:
		times = 20 // a storm
	case f.slow:
		times, a.Timeout = 1, within
	}
	p := s.opened(t, a)
	r := s.first(t, p)
	for range times {
		o := p.Send(t.Context(), r, providers.NewKey())
		read := int(srv.read.Swap(0))
		if f.slow && read == 0 && within < 5*time.Second {
			// On a slow machine the time may be up before the request arrived, so it is tried with more until it does.
			if o.Class != providers.Unknown && o.Class != providers.NotSent {
				t.Errorf("nothing arrived in time: %+v", o)
			}
			return s.fails(t, f, 4*within)
		}
		f.deserves(t, o, read)
		class = o.Class
	}
	return class
}

// deserves checks the class of an attempt of which the vendor read so many requests.
func (f fault) deserves(t failer, o providers.Outcome, read int) {
	t.Helper()
	switch {
	case o.Class != f.class && (f.or == 0 || o.Class != f.or):
		t.Errorf("%s: it is %v: %+v", f.name, f.class, o)
	case f.taken && o.Class != providers.Accepted && o.Class != providers.Unknown:
		t.Errorf("%s: the vendor may have taken it: %+v", f.name, o)
	case (o.Class == providers.Accepted) != (o.Reason == ""):
		t.Errorf("%s: the reason is %q", f.name, o.Reason)
	case o.After < 0 || o.After > 24*time.Hour || o.After != 0 && o.Class != providers.Throttled:
		t.Errorf("%s: waits %v", f.name, o.After)
	case f.after != 0 && (o.After > f.after || o.After < f.after-10*time.Second):
		t.Errorf("%s: waits %v, not %v", f.name, o.After, f.after)
	case f.play == nil && read != 0, f.play != nil && read != 1:
		t.Errorf("%s: the vendor read %d requests of one Send", f.name, read)
	}
}

// cutAnywhere checks that a success which ends early, at whatever byte, is none.
func (s Subject) cutAnywhere(t *testing.T) {
	ok, _ := s.documented(providers.Accepted)
	body := s.body(ok)
	without := fmt.Sprintf("HTTP/1.0 %d OK\r\n\r\n%s", ok.Status, body)
	for _, whole := range []string{reply(ok.Status, "", body), without} {
		var n atomic.Int32 // set before a Send, read within it
		srv := lines(t, nil, func(l *line) bool { l.write(whole[:n.Load()]); return false })
		p := s.opened(t, s.account(srv.URL))
		r := s.first(t, p)
		for i := range whole {
			n.Store(int32(i))
			if o := p.Send(t.Context(), r, providers.NewKey()); o.Class != providers.Unknown {
				t.Fatalf("%q: %+v", whole[:i], o)
			}
		}
		if got := int(srv.read.Load()); got != len(whole) {
			t.Errorf("%d requests for %d Sends", got, len(whole))
		}
		n.Store(int32(len(whole)))
		if o := p.Send(t.Context(), r, providers.NewKey()); o.Class != providers.Accepted {
			t.Errorf("%q: %+v", whole, o)
		}
	}
}

// closedBetween checks connections that the vendor closes after an answer without saying so. A request that follows goes
// over another one, or it meets the end of the first: then nobody knows, and it is not made again.
func (s Subject) closedBetween(t *testing.T) {
	ok, _ := s.documented(providers.Accepted)
	good := reply(ok.Status, "", s.body(ok))
	srv := lines(t, nil, lastly(good))
	p := s.opened(t, s.account(srv.URL))
	r := s.first(t, p)
	for i := range 20 {
		before := srv.read.Load()
		o := p.Send(t.Context(), r, providers.NewKey())
		read := srv.read.Load() - before
		if o.Class != providers.Accepted && o.Class != providers.Unknown || o.Class == providers.Accepted && read != 1 || read > 1 {
			t.Errorf("Send %d: %d requests, %+v", i+1, read, o)
		}
		time.Sleep(time.Duration(i) * time.Millisecond / 4) // from too early to notice to late enough
	}
}

// mixedFaults checks that what an attempt meets does not show in the next one, which may have the same connection.
func (s Subject) mixedFaults(t *testing.T) {
	var some []fault
	for _, f := range s.faultTable() {
		if f.play != nil && !f.slow {
			some = append(some, f)
		}
	}
	var now atomic.Pointer[fault] // set before a Send, read within it
	srv := lines(t, nil, func(l *line) bool { return now.Load().play(l) })
	p := s.opened(t, s.account(srv.URL))
	r := s.first(t, p)
	rapid.Check(t, func(t *rapid.T) {
		for _, i := range rapid.SliceOfN(rapid.IntRange(0, len(some)-1), 1, 5).Draw(t, "faults") {
			now.Store(&some[i])
			before := srv.read.Load()
			o := p.Send(context.Background(), r, providers.NewKey())
			some[i].deserves(t, o, int(srv.read.Load()-before))
		}
	})
}
