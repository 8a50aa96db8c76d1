package providertest

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"herald/providers"
)

// lookUpAnswers checks answers that are no page, in the place of the first and the last page: their class is told, and
// nothing follows from them for the message, whatever pages came before.
func (s Subject) lookUpAnswers(t *testing.T) {
	elsewhere := answering(t, 200, nil, "{}")
	to := map[string]string{"Location": elsewhere.URL}
	for i, l := range s.LookUps {
		for _, tt := range []struct {
			status int
			header map[string]string
			class  providers.Class
			after  time.Duration // 0 for any
		}{
			{301, to, providers.AccountError, 0}, {302, to, providers.AccountError, 0}, {307, to, providers.AccountError, 0}, {308, to, providers.AccountError, 0},
			{401, nil, providers.AccountError, 0},
			{429, map[string]string{"Retry-After": "7"}, providers.Throttled, 7 * time.Second}, {429, nil, providers.Throttled, 0},
			{500, nil, providers.Unknown, 0}, {502, nil, providers.Unknown, 0}, {503, map[string]string{"Retry-After": "7"}, providers.Unknown, 0},
		} {
			if i > 0 && tt.status != 500 {
				continue
			}
			for _, k := range l.ends() {
				limit := &turns{}
				pages := append(l.Pages[:k:k], Answer{Status: tt.status, Header: tt.header, Body: s.Wrap(tt.status, "A text that no page lists.")})
				srv := telling(t, limit, pages)
				f, d := s.finder(t, l, srv.URL)
				v := f.LookUp(t.Context(), d, limit.take)
				srv.Close()
				soundVerdict(t, v)
				if v.Finding != providers.Undecided || v.Class != tt.class || tt.after != 0 && v.After != tt.after {
					t.Errorf("%s: page %d is a %d %v: %+v", l.Name, k+1, tt.status, tt.header, v)
				}
				if n := len(srv.arrived()); n != k+1 {
					t.Errorf("%s: page %d is a %d: %d requests", l.Name, k+1, tt.status, n)
				}
			}
		}
	}
	if n := len(elsewhere.arrived()); n != 0 {
		t.Errorf("%d requests went to where a redirect pointed", n)
	}
}

// ends are the places of the first and the last page.
func (l LookUp) ends() []int {
	if len(l.Pages) == 0 {
		return nil
	}
	return slices.Compact([]int{0, len(l.Pages) - 1})
}

// noPages are answers with status 200 that are no page.
func (s Subject) noPages() []string {
	good := s.LookUps[0].Pages[0].Body
	all := []string{"", " ", "null", "true", "7", `"x"`, "{}", "[null]", "<html>OK</html>", good[:len(good)-1], good[1:], good + good, "[" + good + "]",
		s.Wrap(200, "A text that no page lists."), strings.Repeat("[", 20000), strings.ReplaceAll(good, `":`, `"`)}
	if !strings.HasPrefix(strings.TrimSpace(good), "[") {
		all = append(all, "[]") // elsewhere an empty page
	}
	return all
}

// looker gives a function that makes the first look-up of the subject against one answer, and checks what holds of every
// one. Whatever comes, the message is not taken for absent: the account is not known to give keys back, and what was
// accepted may have yet to appear.
func (s Subject) looker(t *testing.T) func(failer, Answer) providers.Verdict {
	t.Helper()
	var told atomic.Pointer[Answer] // set before a look-up, read within it
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		a := told.Load()
		answer(w, a.Status, a.Header, a.Body)
	})
	f, d := s.finder(t, s.LookUps[0], srv.URL)
	d.Marked, d.Settled = false, false
	return func(t failer, a Answer) providers.Verdict {
		t.Helper()
		told.Store(&a)
		limit := &turns{}
		v := f.LookUp(context.Background(), d, limit.take)
		soundVerdict(t, v)
		if n := len(srv.arrived()); n != int(limit.taken.Load()) || n < 1 || n > 100 {
			t.Errorf("%d requests in %d turns", n, limit.taken.Load())
		}
		if v.Finding == providers.Absent || v.Finding == providers.Found && (a.Status/100 != 2 || !strings.Contains(a.Body, s.LookUps[0].Proof)) {
			t.Errorf("%d %q: %+v", a.Status, a.Body, v)
		}
		return v
	}
}

// lookUpGarbage checks that nothing follows from what is no page.
func (s Subject) lookUpGarbage(t *testing.T) {
	look := s.looker(t)
	for _, body := range s.noPages() {
		if v := look(t, Answer{Status: 200, Body: body}); v.Finding != providers.Undecided || v.Class != providers.Unknown {
			t.Errorf("%.60q of %d bytes: %+v", body, len(body), v)
		}
	}
	good := s.LookUps[0].Pages[0].Body
	if v := look(t, Answer{Status: 200, Body: good + strings.Repeat(" ", 2<<20)}); v.Finding != providers.Found {
		t.Errorf("a long page: %+v", v)
	}
}

// lookUpAnyPage checks that whatever comes, nothing is found or missed that is not on the page.
func (s Subject) lookUpAnyPage(t *testing.T) {
	look := s.looker(t)
	good, no := s.LookUps[0].Pages[0].Body, s.noPages()
	rapid.Check(t, func(t *rapid.T) {
		a := Answer{Status: rapid.OneOf(rapid.Just(200), rapid.IntRange(200, 599)).Draw(t, "status")}
		if rapid.Bool().Draw(t, "a page with something else in its place") {
			from := rapid.IntRange(0, len(good)).Draw(t, "from")
			to := rapid.IntRange(from, min(len(good), from+30)).Draw(t, "to")
			a.Body = good[:from] + rapid.SampledFrom([]string{"", "null", "[]", "{}", `""`, "-1", "1e999", "true", `"x"`}).Draw(t, "with") + good[to:]
			look(t, a)
			return
		}
		a.Body = rapid.OneOf(
			rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
			rapid.Map(rapid.String(), func(text string) string { return s.Wrap(a.Status, text) }),
			rapid.SampledFrom(no),
		).Draw(t, "body")
		if v := look(t, a); v.Finding != providers.Undecided {
			t.Errorf("%d %.60q: %+v", a.Status, a.Body, v)
		}
	})
}
