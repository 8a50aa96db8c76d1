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

// list makes one attempt to read the first documented page from a base address.
func (s Subject) list(t *testing.T, base string) (providers.Page, providers.Outcome) {
	t.Helper()
	return s.lister(t, s.account(base)).List(t.Context(), s.List[0].Query)
}

// nothing checks that there is no page where the outcome says so.
func nothing(t failer, page providers.Page, o providers.Outcome) {
	t.Helper()
	if o.Class != providers.Accepted && (page.Messages != nil || page.Next != "") {
		t.Errorf("a page of %d messages and next %q with %+v", len(page.Messages), page.Next, o)
	}
}

// listAnswers checks what an answer without a page is taken for, and that redirects are not followed.
func (s Subject) listAnswers(t *testing.T) {
	s.lister(t, s.account(""))
	elsewhere := answering(t, 200, nil, s.List[0].Page)
	to := map[string]string{"Location": elsewhere.URL + s.List[0].Path}
	for _, tt := range []struct {
		status int
		header map[string]string
		class  providers.Class
		after  time.Duration // 0 for any
	}{
		{301, to, providers.AccountError, 0}, {302, to, providers.AccountError, 0}, {307, to, providers.AccountError, 0}, {308, to, providers.AccountError, 0},
		{401, nil, providers.AccountError, 0},
		{429, map[string]string{"Retry-After": "7"}, providers.Throttled, 7 * time.Second}, {429, nil, providers.Throttled, 0},
		{500, nil, providers.Unknown, 0}, {502, nil, providers.Unknown, 0}, {503, nil, providers.Unknown, 0},
	} {
		srv := answering(t, tt.status, tt.header, s.Wrap(tt.status, "A text that no page lists."))
		page, o := s.list(t, srv.URL)
		sound(t, o, tt.status)
		nothing(t, page, o)
		if o.Class != tt.class || tt.after != 0 && o.After != tt.after {
			t.Errorf("%d %v: %+v", tt.status, tt.header, o)
		}
		if n := len(srv.arrived()); n != 1 {
			t.Errorf("%d: %d requests for one List", tt.status, n)
		}
	}
	if n := len(elsewhere.arrived()); n != 0 {
		t.Errorf("%d requests went to where a redirect pointed", n)
	}
}

// garbage is what may come with 200 and is no page.
func (s Subject) garbage() []string {
	good := s.List[0].Page
	all := []string{"", " ", "null", "true", "7", `"x"`, "{}", "[]", "[null]", "<html>OK</html>", good[:len(good)-1], good[1:], good + good, "[" + good + "]",
		s.Wrap(200, "A text that no page lists."), strings.Repeat("[", 20000)}
	if strings.HasPrefix(strings.TrimSpace(good), "[") {
		all = slices.DeleteFunc(all, func(text string) bool { return text == "[]" }) // the empty page of such a vendor
	}
	return all
}

// asker gives a function that makes one List against one answer, and checks what holds of every one.
func (s Subject) asker(t *testing.T) func(failer, Answer, providers.Query) providers.Outcome {
	t.Helper()
	var told atomic.Pointer[Answer] // set before a List, read within it
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		a := told.Load()
		answer(w, a.Status, a.Header, a.Body)
	})
	p := s.lister(t, s.account(srv.URL))
	return func(t failer, a Answer, q providers.Query) providers.Outcome {
		t.Helper()
		told.Store(&a)
		page, o := p.List(context.Background(), q)
		nothing(t, page, o)
		switch all := srv.arrived(); {
		case len(all) == 1:
			sound(t, o, a.Status)
			if strings.Contains(all[0].uri, "herald=1") || strings.Contains(all[0].uri, "/../") {
				t.Errorf("a query of %+v went astray: %s", q, all[0].uri)
			}
		case len(all) > 1 || o.Class == providers.Accepted || o.Reason == "":
			t.Errorf("%d requests for one List of %+v: %+v", len(all), q, o)
		}
		return o
	}
}

// listGarbage checks that what is no page is not taken for one, that a long page is, and that no query leads astray.
func (s Subject) listGarbage(t *testing.T) {
	ask, first := s.asker(t), s.List[0]
	// Longer than any answer to a send may be: pages are.
	if o := ask(t, Answer{Status: 200, Body: first.Page + strings.Repeat(" ", 2<<20)}, first.Query); o.Class != providers.Accepted {
		t.Errorf("a long page: %+v", o)
	}
	for _, body := range s.garbage() {
		if o := ask(t, Answer{Status: 200, Body: body}, first.Query); o.Class != providers.Unknown {
			t.Errorf("%.60q of %d bytes: %+v", body, len(body), o)
		}
	}
	const odd = "a/../b?herald=1&x=1#y"
	for _, q := range []providers.Query{
		{}, {Conversation: odd}, {Conversation: "../../x"}, {Conversation: "\xff\r\n"}, {Since: time.Unix(-1<<40, 0)}, {Until: time.Unix(1<<40, 0)},
		{Cursor: odd}, {Devices: true}, {Conversation: first.Query.Conversation, Cursor: "&herald=1"},
	} {
		ask(t, Answer{Status: 200, Body: first.Page}, q)
	}
}

// anyPage checks that whatever comes is classified, and taken for a page only where it may be one.
func (s Subject) anyPage(t *testing.T) {
	ask := s.asker(t)
	good, garbage := s.List[0].Page, s.garbage()
	rapid.Check(t, func(t *rapid.T) {
		a := Answer{Status: rapid.OneOf(rapid.Just(200), rapid.IntRange(200, 599)).Draw(t, "status")}
		q := s.List[0].Query
		switch rapid.IntRange(0, 2).Draw(t, "what") {
		case 0: // no page
			a.Body = rapid.OneOf(
				rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
				rapid.Map(rapid.String(), func(text string) string { return s.Wrap(a.Status, text) }),
				rapid.SampledFrom(garbage),
			).Draw(t, "body")
			if o := ask(t, a, q); o.Class == providers.Accepted && strings.TrimSpace(a.Body) != "[]" {
				t.Errorf("%d %.60q is taken for a page", a.Status, a.Body)
			}
		case 1: // a page with something else in its place
			from := rapid.IntRange(0, len(good)).Draw(t, "from")
			to := rapid.IntRange(from, min(len(good), from+30)).Draw(t, "to")
			with := rapid.SampledFrom([]string{"", "null", "[]", "{}", `""`, "-1", "1e999", "true", `"x"`}).Draw(t, "with")
			a.Body = good[:from] + with + good[to:]
			ask(t, a, q)
		case 2: // a cursor that nobody gave out
			a.Body, q.Cursor = good, rapid.String().Draw(t, "cursor")
			ask(t, a, q)
		}
	})
}
