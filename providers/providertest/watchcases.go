package providertest

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"herald/providers"
)

// watchCases checks each call of the subject: what is asked, and what is reported.
func (s Subject) watchCases(t *testing.T) {
	names := map[string]bool{}
	for _, w := range s.Watches {
		if names[w.Name] || w.Name == "" {
			t.Errorf("a call without a name of its own: %q", w.Name)
		}
		names[w.Name] = true
		t.Run(w.Name, func(t *testing.T) {
			for _, prefix := range []string{"", "/a%2Fb/c"} {
				limit := &turns{}
				srv := telling(t, limit, w.Pages)
				p := s.watcher(t, w, srv.URL+prefix)
				all, o := w.watch(t.Context(), t, p, limit.take)
				w.compare(t, all, o)
				got := srv.arrived()
				if len(got) != len(w.Pages) || int(limit.taken.Load()) != len(w.Pages) {
					t.Errorf("%d requests in %d turns for %d pages", len(got), limit.taken.Load(), len(w.Pages))
				}
				for i, one := range got {
					path := one.uri
					if w.Asks != nil && i < len(w.Asks) {
						path = prefix + w.Asks[i]
						if one.uri != path {
							t.Errorf("request %d\nasks %s\nwant %s", i+1, one.uri, path)
						}
					}
					path, _, _ = strings.Cut(path, "?")
					s.readWith(t, one, path)
				}
			}
		})
	}
}

// watchTells checks that what is reported is what Facts.Tells says, and that each fact of it is reported by some call;
// also that nothing is asked where nothing is to be found out.
func (s Subject) watchTells(t *testing.T) {
	told := map[providers.Fact]bool{}
	for _, w := range s.Watches {
		for _, r := range w.Want {
			told[providers.FactDelivered] = told[providers.FactDelivered] || !r.Delivered.IsZero()
			told[providers.FactRead] = told[providers.FactRead] || !r.Read.IsZero()
			told[providers.FactFailed] = told[providers.FactFailed] || !r.Failed.IsZero()
			told[providers.FactReplied] = told[providers.FactReplied] || !r.Replied.IsZero()
		}
	}
	for fact, reported := range told {
		if listed := slices.Contains(s.Type.Facts.Tells, fact); listed != reported {
			t.Errorf("%s is in Facts.Tells: %v; a call reports it: %v", fact, listed, reported)
		}
	}
	limit := &turns{}
	w := s.Watches[0]
	srv := replaying(t, limit, w.Pages)
	p := s.watcher(t, w, srv.URL)
	for _, sends := range [][]providers.Delivery{nil, {{}}, {{Place: "../x"}}, {{ID: w.Sends[0].ID}}} {
		w.Sends = sends
		if all, o := w.watch(t.Context(), t, p, limit.take); len(all) > 0 || o.Class != providers.Accepted || limit.taken.Load() > 0 {
			t.Errorf("%+v: %d turns, %+v, %+v", sends, limit.taken.Load(), all, o)
		}
	}
}

// watchTurns checks that no request is made without its turn.
func (s Subject) watchTurns(t *testing.T) {
	for _, w := range s.Watches {
		for k := range len(w.Pages) {
			limit := &turns{fails: int32(k + 1)}
			srv := telling(t, limit, w.Pages)
			all, o := w.watch(t.Context(), t, s.watcher(t, w, srv.URL), limit.take)
			srv.Close()
			if n := len(srv.arrived()); n != k || int(limit.taken.Load()) != k+1 {
				t.Errorf("%s: %d requests and %d turns after turn %d failed", w.Name, n, limit.taken.Load(), k+1)
			}
			if o.Class != providers.NotSent || !strings.Contains(o.Reason, errTurn.Error()) {
				t.Errorf("%s: turn %d failed: %+v", w.Name, k+1, o)
			}
			w.part(t, all)
		}
	}
}

// watchConcurrent checks that calls at the same time do not mix, nor hold up sends.
func (s Subject) watchConcurrent(t *testing.T) {
	w := s.Watches[0]
	ok, _ := s.documented(providers.Accepted)
	srv := serve(t, func(out http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			answer(out, http.StatusOK, w.Pages[0].Header, w.Pages[0].Body)
			return
		}
		answer(out, ok.Status, nil, s.body(ok))
	})
	p := s.watcher(t, w, srv.URL)
	request := s.first(t, p.(providers.Provider))
	const workers, each = 8, 5
	limit := &turns{}
	var all sync.WaitGroup
	for i := range workers {
		all.Go(func() {
			for range each {
				if i%4 == 0 {
					if o := p.(providers.Provider).Send(context.Background(), request, providers.NewKey()); o.Class != providers.Accepted {
						t.Errorf("send: %+v", o)
					}
					continue
				}
				reports, o := w.watch(context.Background(), t, p, limit.take)
				w.compare(t, reports, o)
			}
		})
	}
	all.Wait()
	if n := len(srv.arrived()); n != workers*each || int(limit.taken.Load()) != workers*each*3/4 {
		t.Errorf("%d requests and %d turns, want %d and %d", n, limit.taken.Load(), workers*each, workers*each*3/4)
	}
}
