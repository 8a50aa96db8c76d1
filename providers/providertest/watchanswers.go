package providertest

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"herald/providers"
)

// watchAnswers checks answers that are no page, in the place of each page: their class is told, no redirect is followed,
// and nothing is reported that was not on the pages before.
func (s Subject) watchAnswers(t *testing.T) {
	elsewhere := answering(t, 200, nil, "{}")
	to := map[string]string{"Location": elsewhere.URL}
	for i, w := range s.Watches {
		for _, tt := range []struct {
			status int
			header map[string]string
			class  providers.Class
			after  time.Duration // 0 for any
		}{
			{301, to, providers.AccountError, 0}, {302, to, providers.AccountError, 0}, {307, to, providers.AccountError, 0}, {308, to, providers.AccountError, 0},
			{401, nil, providers.AccountError, 0}, {403, nil, providers.AccountError, 0},
			{429, map[string]string{"Retry-After": "7"}, providers.Throttled, 7 * time.Second}, {429, nil, providers.Throttled, 0},
			{500, nil, providers.Unknown, 0}, {502, nil, providers.Unknown, 0}, {503, map[string]string{"Retry-After": "7"}, providers.Unknown, 0},
		} {
			if i > 0 && tt.status != 500 && tt.status != 429 {
				continue
			}
			for k := range len(w.Pages) {
				limit := &turns{}
				pages := append(w.Pages[:k:k], Answer{Status: tt.status, Header: tt.header, Body: s.Wrap(tt.status, "A text that no page lists.")})
				srv := replaying(t, limit, pages)
				all, o := w.watch(t.Context(), t, s.watcher(t, w, srv.URL), limit.take)
				srv.Close()
				if o.Class != tt.class || tt.after != 0 && o.After != tt.after {
					t.Errorf("%s: page %d is a %d %v: %+v", w.Name, k+1, tt.status, tt.header, o)
				}
				if reader := s.reader().Name; (tt.status == 401 || tt.status == 403) && !strings.Contains(o.Reason, reader) {
					t.Errorf("%s: a %d, and the reason does not name %s: %+v", w.Name, tt.status, reader, o)
				}
				if n := len(srv.arrived()); tt.class != providers.Unknown && n != k+1 || n < k+1 {
					t.Errorf("%s: page %d is a %d: %d requests", w.Name, k+1, tt.status, n)
				}
				w.part(t, all)
			}
		}
	}
	if n := len(elsewhere.arrived()); n != 0 {
		t.Errorf("%d requests went to where a redirect pointed", n)
	}
}

// notPages are answers with status 200 that are no page.
func (s Subject) notPages() []string {
	good := s.Watches[0].Pages[0].Body
	return []string{"", " ", "null", "true", "7", `"x"`, "{}", "<html>OK</html>", good[:len(good)-1], good[1:], good + good, "[" + good + "]",
		s.Wrap(200, "A text that no page lists."), strings.Repeat("[", 20000), strings.ReplaceAll(good, `":`, `"`)}
}

// teller gives a function that makes the first call of the subject against one answer, and checks what holds of every
// one.
func (s Subject) teller(t *testing.T) func(failer, Answer) ([]providers.Report, providers.Outcome) {
	t.Helper()
	var told atomic.Pointer[Answer] // set before a call, read within it
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		a := told.Load()
		answer(w, a.Status, a.Header, a.Body)
	})
	w := s.Watches[0]
	p := s.watcher(t, w, srv.URL)
	return func(t failer, a Answer) ([]providers.Report, providers.Outcome) {
		t.Helper()
		told.Store(&a)
		limit := &turns{}
		all, o := w.watch(context.Background(), t, p, limit.take)
		if n := len(srv.arrived()); n != int(limit.taken.Load()) || n < 1 || n > 100 {
			t.Errorf("%d requests in %d turns", n, limit.taken.Load())
		}
		if a.Status/100 != 2 && len(all) > 0 {
			t.Errorf("%d %q: %+v", a.Status, a.Body, all)
		}
		return all, o
	}
}

// watchGarbage checks that nothing follows from what is no page.
func (s Subject) watchGarbage(t *testing.T) {
	tell := s.teller(t)
	header := s.Watches[0].Pages[0].Header
	for _, body := range s.notPages() {
		if all, o := tell(t, Answer{Status: 200, Header: header, Body: body}); len(all) > 0 || o.Class != providers.Unknown {
			t.Errorf("%.60q of %d bytes: %+v, %+v", body, len(body), all, o)
		}
	}
	good := s.Watches[0].Pages[0].Body
	all, o := tell(t, Answer{Status: 200, Header: header, Body: good + strings.Repeat(" ", 2<<20)})
	s.Watches[0].compare(t, all, o)
}

// watchAnyPage checks that whatever comes, calls end and what they report is sound.
func (s Subject) watchAnyPage(t *testing.T) {
	tell := s.teller(t)
	good, no := s.Watches[0].Pages[0].Body, s.notPages()
	rapid.Check(t, func(t *rapid.T) {
		a := Answer{Status: rapid.OneOf(rapid.Just(200), rapid.IntRange(200, 599)).Draw(t, "status"), Header: s.Watches[0].Pages[0].Header}
		if rapid.Bool().Draw(t, "a page with something else in its place") {
			from := rapid.IntRange(0, len(good)).Draw(t, "from")
			to := rapid.IntRange(from, min(len(good), from+30)).Draw(t, "to")
			a.Body = good[:from] + rapid.SampledFrom([]string{"", "null", "[]", "{}", `""`, "-1", "1e999", "true", `"x"`}).Draw(t, "with") + good[to:]
			tell(t, a)
			return
		}
		a.Body = rapid.OneOf(
			rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
			rapid.Map(rapid.String(), func(text string) string { return s.Wrap(a.Status, text) }),
			rapid.SampledFrom(no),
		).Draw(t, "body")
		if all, _ := tell(t, a); len(all) > 0 {
			t.Errorf("%d %.60q: %+v", a.Status, a.Body, all)
		}
	})
}

// watchTransport checks connections and answers that end early, in the place of each page: nothing is reported that was
// not on the pages before.
func (s Subject) watchTransport(t *testing.T) {
	for _, w := range s.Watches {
		for k, page := range w.Pages {
			for name, text := range map[string]string{
				"a reset":     "",
				"half a page": fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(page.Body)+1, page.Body),
				"status 999":  fmt.Sprintf("HTTP/1.1 999 What\r\nContent-Length: %d\r\n\r\n%s", len(page.Body), page.Body),
			} {
				var n atomic.Int32
				srv := serve(t, func(out http.ResponseWriter, r *http.Request) {
					if i := int(n.Add(1)) - 1; i < k {
						answer(out, max(w.Pages[i].Status, http.StatusOK), w.Pages[i].Header, w.Pages[i].Body)
						return
					}
					raw(out, text, text == "")
				})
				limit := &turns{}
				all, o := w.watch(t.Context(), t, s.watcher(t, w, srv.URL), limit.take)
				srv.Close()
				if o.Class != providers.Unknown || n.Load() > limit.taken.Load() || len(w.Sends) == 1 && k == 0 && n.Load() != 1 {
					t.Errorf("%s: page %d is %s: %d requests in %d turns, %+v", w.Name, k+1, name, n.Load(), limit.taken.Load(), o)
				}
				w.part(t, all)
			}
		}
	}
	limit := &turns{}
	all, o := s.Watches[0].watch(t.Context(), t, s.watcher(t, s.Watches[0], nobody), limit.take)
	if len(all) > 0 || o.Class != providers.NotSent || limit.taken.Load() != 1 {
		t.Errorf("no connection: %d turns, %+v", limit.taken.Load(), o)
	}
}

// watchInterrupts checks an end from outside, and an answer that does not come.
func (s Subject) watchInterrupts(t *testing.T) {
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
		for _, w := range s.Watches {
			if tt.request > 0 && w.Name != s.Watches[0].Name {
				continue // the context ends with the first
			}
			all, o := w.watch(ctx, t, s.watcher(t, w, srv.URL), (&turns{}).take)
			if n := len(srv.arrived()); len(all) > 0 || len(w.Pages) > 0 && (o.Class != tt.class || n != tt.request) {
				t.Errorf("%s: interrupted %s: %d requests, %+v", w.Name, tt.when, n, o)
			}
		}
	}
	const long = 10 * time.Second
	waiting, enough := context.WithTimeout(t.Context(), long)
	defer enough()
	begun := time.Now()
	p := s.watcher(t, s.Watches[0], srv.URL, func(a *providers.Account) { a.Timeout = 50 * time.Millisecond })
	all, o := s.Watches[0].watch(waiting, t, p, (&turns{}).take)
	if len(all) > 0 || o.Class != providers.Unknown && o.Class != providers.NotSent || time.Since(begun) >= long {
		t.Errorf("no answer within the timeout: after %v %+v", time.Since(begun), o)
	}
}
