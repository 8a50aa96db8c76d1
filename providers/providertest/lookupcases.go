package providertest

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"herald/providers"
)

// lookUpCases checks each look-up of the subject: what is asked, and what comes of it, however often.
func (s Subject) lookUpCases(t *testing.T) {
	found := map[string]bool{}
	for _, l := range s.LookUps {
		if found[l.Name] || l.Name == "" {
			t.Errorf("a look-up without a name of its own: %q", l.Name)
		}
		found[l.Name] = true
		t.Run(l.Name, func(t *testing.T) {
			var before providers.Verdict
			for i, prefix := range []string{"", "/a%2Fb/c"} {
				limit := &turns{}
				srv := telling(t, limit, l.Pages)
				f, d := s.finder(t, l, srv.URL+prefix)
				v := f.LookUp(t.Context(), d, limit.take)
				soundVerdict(t, v)
				l.compare(t, v)
				all := srv.arrived()
				if len(all) != len(l.Pages) || int(limit.taken.Load()) != len(l.Pages) {
					t.Errorf("%d requests in %d turns for %d pages", len(all), limit.taken.Load(), len(l.Pages))
				}
				for _, one := range all {
					s.readWith(t, one, prefix+l.Path)
				}
				if i > 0 && v != before {
					t.Errorf("from the same pages once\n%+v\nand once\n%+v", before, v)
				}
				before = v
			}
		})
	}
}

// compare checks a verdict.
func (l LookUp) compare(t *testing.T, v providers.Verdict) {
	t.Helper()
	w := l.Want
	if w.Class == 0 && len(l.Pages) > 0 {
		w.Class = providers.Accepted
	}
	if v.Finding != w.Finding || v.ID != w.ID || v.Status != w.Status || !v.At.Equal(w.At) || v.Class != w.Class || v.After != w.After || !strings.Contains(v.Reason, w.Reason) {
		t.Errorf("got  %+v\nwant %+v", v, w)
	}
}

// readWith checks one request of a look-up: that it changes nothing, goes where it should, and has the token for reading
// and no other.
func (s Subject) readWith(t *testing.T, one seen, path string) {
	t.Helper()
	if at, _, _ := strings.Cut(one.uri, "?"); one.method != http.MethodGet || at != path {
		t.Errorf("%s %s, want GET %s", one.method, one.uri, path)
	}
	reader := s.reader().Name
	for _, setting := range s.Type.Facts.Settings {
		if has := strings.Contains(fmt.Sprint(one.header), secret(setting.Name)); setting.Secret && has != (setting.Name == reader) {
			t.Errorf("%s is read with %s; its header with %s: %v", s.Type.Facts.Type, reader, setting.Name, has)
		}
	}
}

// lookUpTurns checks that no request is made without its turn.
func (s Subject) lookUpTurns(t *testing.T) {
	for _, l := range s.LookUps {
		for _, k := range l.ends() {
			limit := &turns{fails: int32(k + 1)}
			srv := telling(t, limit, l.Pages)
			f, d := s.finder(t, l, srv.URL)
			v := f.LookUp(t.Context(), d, limit.take)
			soundVerdict(t, v)
			if n := len(srv.arrived()); n != k || int(limit.taken.Load()) != k+1 {
				t.Errorf("%s: %d requests and %d turns after turn %d failed", l.Name, n, limit.taken.Load(), k+1)
			}
			if v.Finding != providers.Undecided || !strings.Contains(v.Reason, errTurn.Error()) || (v.Class == 0) != (k == 0) {
				t.Errorf("%s: turn %d failed: %+v", l.Name, k+1, v)
			}
		}
	}
	// What has no place to look into is no reason to ask.
	limit := &turns{}
	srv := telling(t, limit, nil)
	f, d := s.finder(t, s.LookUps[0], srv.URL)
	for _, r := range []providers.Request{{}, {Method: "POST", Path: "/elsewhere", Body: d.Request.Body}, {Method: "POST", Path: d.Request.Path + "/x", Body: []byte(`{}`)}} {
		d.Request = r
		v := f.LookUp(t.Context(), d, limit.take)
		soundVerdict(t, v)
		if v.Finding != providers.Undecided || v.Class != 0 || limit.taken.Load() != 0 {
			t.Errorf("%+v: %d turns, %+v", r, limit.taken.Load(), v)
		}
	}
}

// lookUpConcurrent checks that look-ups at the same time do not mix, nor hold up sends.
func (s Subject) lookUpConcurrent(t *testing.T) {
	l := s.LookUps[0]
	ok, _ := s.documented(providers.Accepted)
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			answer(w, http.StatusOK, l.Pages[0].Header, l.Pages[0].Body)
			return
		}
		answer(w, ok.Status, nil, s.body(ok))
	})
	f, d := s.finder(t, l, srv.URL)
	const workers, each = 8, 5
	limit := &turns{}
	var all sync.WaitGroup
	for i := range workers {
		all.Go(func() {
			for range each {
				if i%4 == 0 {
					if o := f.(providers.Provider).Send(context.Background(), d.Request, providers.NewKey()); o.Class != providers.Accepted {
						t.Errorf("send: %+v", o)
					}
					continue
				}
				l.compare(t, f.LookUp(context.Background(), d, limit.take))
			}
		})
	}
	all.Wait()
	if n := len(srv.arrived()); n != workers*each || int(limit.taken.Load()) != workers*each*3/4 {
		t.Errorf("%d requests and %d turns, want %d and %d", n, limit.taken.Load(), workers*each, workers*each*3/4)
	}
}
