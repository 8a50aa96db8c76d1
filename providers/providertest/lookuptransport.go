package providertest

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"herald/providers"
)

// lookUpTransport checks connections and answers that end early, in the place of the first and the last page: nothing is asked again,
// and nothing follows.
func (s Subject) lookUpTransport(t *testing.T) {
	for _, l := range s.LookUps {
		for _, k := range l.ends() {
			page := l.Pages[k]
			for name, text := range map[string]string{
				"a reset":     "",
				"half a page": fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(page.Body)+1, page.Body),
				"status 999":  fmt.Sprintf("HTTP/1.1 999 What\r\nContent-Length: %d\r\n\r\n%s", len(page.Body), page.Body),
			} {
				var n atomic.Int32
				srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
					if i := int(n.Add(1)) - 1; i < k {
						answer(w, http.StatusOK, l.Pages[i].Header, l.Pages[i].Body)
						return
					}
					raw(w, text, text == "")
				})
				limit := &turns{}
				f, d := s.finder(t, l, srv.URL)
				v := f.LookUp(t.Context(), d, limit.take)
				srv.Close()
				soundVerdict(t, v)
				if v.Finding != providers.Undecided || v.Class != providers.Unknown || int(n.Load()) != k+1 || int(limit.taken.Load()) != k+1 {
					t.Errorf("%s: page %d is %s: %d requests in %d turns, %+v", l.Name, k+1, name, n.Load(), limit.taken.Load(), v)
				}
			}
		}
	}
	limit := &turns{}
	f, d := s.finder(t, s.LookUps[0], nobody)
	v := f.LookUp(t.Context(), d, limit.take)
	soundVerdict(t, v)
	if v.Finding != providers.Undecided || v.Class != providers.NotSent || limit.taken.Load() != 1 {
		t.Errorf("no connection: %d turns, %+v", limit.taken.Load(), v)
	}
}

// lookUpInterrupts checks an end from outside, and an answer that does not come.
func (s Subject) lookUpInterrupts(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	for _, tt := range []struct {
		when    string
		class   providers.Class
		request int
	}{{"while waiting for a page", providers.Unknown, 1}, {"before", providers.NotSent, 0}} {
		f, d := s.finder(t, s.LookUps[0], srv.URL)
		v := f.LookUp(ctx, d, (&turns{}).take)
		soundVerdict(t, v)
		if n := len(srv.arrived()); v.Finding != providers.Undecided || v.Class != tt.class || n != tt.request {
			t.Errorf("interrupted %s: %d requests, %+v", tt.when, n, v)
		}
	}
	const long = 10 * time.Second
	waiting, enough := context.WithTimeout(t.Context(), long)
	defer enough()
	f, d := s.finder(t, s.LookUps[0], srv.URL, func(a *providers.Account) { a.Timeout = 50 * time.Millisecond })
	begun := time.Now()
	v := f.LookUp(waiting, d, (&turns{}).take)
	soundVerdict(t, v)
	if v.Finding != providers.Undecided || v.Class != providers.Unknown && v.Class != providers.NotSent || time.Since(begun) >= long {
		t.Errorf("no answer within the timeout: after %v %+v", time.Since(begun), v)
	}
	if n := len(srv.arrived()); n > 1 {
		t.Errorf("no answer within the timeout, and %d requests", n)
	}
}
