package providertest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"herald/providers"
)

// instead gives the steps up to one, which has another answer.
func (one Opening) instead(k int, a Answer) []Step {
	steps := slices.Clone(one.Steps[:k+1])
	steps[k].Answer = a
	return steps
}

// openingAnswers checks answers that say no, in the place of each step's: nothing follows them, and no conversation is
// taken for opened.
func (s Subject) openingAnswers(t *testing.T) {
	elsewhere := answering(t, 200, nil, "{}")
	to := map[string]string{"Location": elsewhere.URL}
	for _, one := range s.Openings {
		for k := range one.Steps {
			for _, tt := range []struct {
				status int
				header map[string]string
				class  providers.Class
				after  time.Duration // 0 for any
			}{
				{301, to, providers.AccountError, 0}, {307, to, providers.AccountError, 0}, {308, to, providers.AccountError, 0}, {401, nil, providers.AccountError, 0},
				{429, map[string]string{"Retry-After": "7"}, providers.Throttled, 7 * time.Second}, {429, nil, providers.Throttled, 0},
				{500, nil, providers.Unknown, 0}, {502, nil, providers.Unknown, 0}, {503, map[string]string{"Retry-After": "7"}, providers.Unknown, 0},
			} {
				limit := &turns{}
				srv := replying(t, limit, one.instead(k, Answer{Status: tt.status, Header: tt.header, Body: s.Wrap(tt.status, "A text that no page lists.")}), false)
				got := s.try(t, one, srv.URL, limit)
				n := len(srv.arrived())
				srv.Close()
				if got.Class != tt.class || tt.after != 0 && got.After != tt.after || n != k+1 {
					t.Errorf("%s: step %d is answered by a %d %v: %d requests, %+v", one.Name, k+1, tt.status, tt.header, n, got)
				}
			}
		}
	}
	if n := len(elsewhere.arrived()); n != 0 {
		t.Errorf("%d requests went to where a redirect pointed", n)
	}
}

// openingGarbage checks that what is no answer to a step opens nothing, and is followed by nothing.
func (s Subject) openingGarbage(t *testing.T) {
	first := s.Openings[0]
	for k, step := range first.Steps {
		good := step.Answer.Body
		for _, body := range []string{"", " ", "null", "true", "7", `"x"`, "{}", "[]", "[null]", "<html>OK</html>", good[:len(good)-1], good[1:], good + good, "[" + good + "]",
			s.Wrap(200, "A text that no page lists."), strings.Repeat("[", 20000), strings.ReplaceAll(good, `":`, `"`)} {
			if body == good || body == "[]" && strings.HasPrefix(good, "[") {
				continue
			}
			limit := &turns{}
			srv := replying(t, limit, first.instead(k, Answer{Body: body}), false)
			got := s.try(t, first, srv.URL, limit)
			n := len(srv.arrived())
			srv.Close()
			if got.Class != providers.Unknown || n != k+1 {
				t.Errorf("step %d is answered by %.60q: %d requests, %+v", k+1, body, n, got)
			}
		}
	}
}

// openingAnyAnswer checks that whatever comes, a conversation is opened only by the step that makes it, once at most, and
// only where the answers before were good.
func (s Subject) openingAnyAnswer(t *testing.T) {
	first := s.Openings[0]
	var steps atomic.Pointer[[]Step]
	var n atomic.Int32
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		i, all := int(n.Add(1))-1, *steps.Load()
		if i >= len(all) {
			answer(w, http.StatusGone, nil, "")
			return
		}
		all[i].give(w)
	})
	o, attempt := s.opener(t, first, srv.URL)
	last := first.Steps[len(first.Steps)-1]
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(0, len(first.Steps)-1).Draw(t, "step")
		all := slices.Clone(first.Steps)
		all[k].Status = rapid.OneOf(rapid.Just(200), rapid.IntRange(200, 599)).Draw(t, "status")
		good := all[k].Answer.Body
		from := rapid.IntRange(0, len(good)).Draw(t, "from")
		to := rapid.IntRange(from, min(len(good), from+30)).Draw(t, "to")
		if rapid.Bool().Draw(t, "a place that is none") {
			odd := rapid.SampledFrom([]string{"/../7", "7?x=", "%2F7", "{7}", "-7", "7 ", "0", `"/../7"`, `"7#"`, `"\n7"`, "7.5", "null"}).Draw(t, "place")
			all[k].Answer.Body = strings.ReplaceAll(good, first.Want.Place, odd)
		} else {
			all[k].Answer.Body = good[:from] + rapid.SampledFrom([]string{"", "null", "[]", "{}", `""`, "-1", "1e999", "true", `"x"`, "/../7", "0"}).Draw(t, "with") + good[to:]
		}
		steps.Store(&all)
		n.Store(0)
		limit := &turns{}
		got := o.Open(context.Background(), attempt, limit.take)
		soundOpened(t, got)
		made := 0
		for _, one := range srv.arrived() {
			if one.method == last.Method && one.uri == last.Path {
				made++
			}
		}
		if made > 1 || got.Class == providers.Accepted && made == 0 || int(n.Load()) != int(limit.taken.Load()) || n.Load() > 30 {
			t.Errorf("%d conversations were asked for in %d requests and %d turns: %+v", made, n.Load(), limit.taken.Load(), got)
		}
		if k == len(all)-1 && got.Class == providers.Accepted && all[k].Status/100 != 2 {
			t.Errorf("opened by a %d", all[k].Status)
		}
	})
}

// openingTransport checks connections and answers that end early, in the place of each step: nothing is asked again, and
// nothing follows.
func (s Subject) openingTransport(t *testing.T) {
	first := s.Openings[0]
	for k, step := range first.Steps {
		body := step.Answer.Body
		for name, text := range map[string]string{
			"a reset":        "",
			"half an answer": fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body)+1, body),
			"status 999":     fmt.Sprintf("HTTP/1.1 999 What\r\nContent-Length: %d\r\n\r\n%s", len(body), body),
		} {
			var n atomic.Int32
			srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if i := int(n.Add(1)) - 1; i < k {
					first.Steps[i].give(w)
					return
				}
				raw(w, text, text == "")
			})
			got := s.try(t, first, srv.URL, &turns{})
			srv.Close()
			if got.Class != providers.Unknown || int(n.Load()) != k+1 {
				t.Errorf("step %d is %s: %d requests, %+v", k+1, name, n.Load(), got)
			}
		}
	}
	if got := s.try(t, first, nobody, &turns{}); got.Class != providers.NotSent {
		t.Errorf("no connection: %+v", got)
	}
}

// openingInterrupts checks an end from outside in the place of each step.
func (s Subject) openingInterrupts(t *testing.T) {
	first := s.Openings[0]
	for k := range first.Steps {
		ctx, cancel := context.WithCancel(t.Context())
		var n atomic.Int32
		srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if i := int(n.Add(1)) - 1; i < k {
				first.Steps[i].give(w)
				return
			}
			cancel()
			<-r.Context().Done()
		})
		o, attempt := s.opener(t, first, srv.URL)
		got := o.Open(ctx, attempt, (&turns{}).take)
		if soundOpened(t, got); got.Class != providers.Unknown || int(n.Load()) != k+1 {
			t.Errorf("interrupted at step %d: %d requests, %+v", k+1, n.Load(), got)
		}
		got = o.Open(ctx, attempt, (&turns{}).take)
		if soundOpened(t, got); got.Class != providers.NotSent || int(n.Load()) != k+1 {
			t.Errorf("interrupted before: %d requests, %+v", n.Load(), got)
		}
		cancel()
	}
}

// openingSecrets checks that an attempt says which secret it lacks and asks nothing then, and that no secret comes out of
// it, whichever step the vendor repeats it in.
func (s Subject) openingSecrets(t *testing.T) {
	first := s.Openings[0]
	for _, setting := range s.Type.Facts.Settings {
		if !setting.Secret {
			continue
		}
		if setting.Required {
			limit := &turns{}
			got := s.try(t, first, nobody, limit, func(a *providers.Account) { delete(a.Settings, setting.Name) })
			if got.Class != providers.AccountError || limit.taken.Load() != 0 || !strings.Contains(got.Reason, setting.Name) || !strings.Contains(got.Reason, setting.Env) {
				t.Errorf("without %s: %d turns, %+v", setting.Name, limit.taken.Load(), got)
			}
		}
		for name, form := range forms(secret(setting.Name)) {
			said := "you sent " + form + " and\n" + form
			quoted, _ := json.Marshal(said)
			for k, step := range first.Steps {
				answers := []Answer{{Body: strings.ReplaceAll(step.Answer.Body, `":"`, `":`+string(quoted)+`,"x":"`)}}
				for _, status := range []int{200, 302, 401, 404, 422, 429, 500} {
					header := map[string]string{"Location": "https://example.com/" + url.PathEscape(form), "Retry-After": form}
					answers = append(answers, Answer{Status: status, Header: header, Body: s.Wrap(status, said)})
				}
				for _, a := range answers {
					limit := &turns{}
					srv := replying(t, limit, append(first.instead(k, a), first.Steps[k+1:]...), false)
					got := s.try(t, first, srv.URL, limit)
					srv.Close()
					if text := fmt.Sprintf("%+v", got); strings.Contains(text, form) || strings.Contains(text, secret(setting.Name)) {
						t.Errorf("step %d is a %d with %s as %s: %s", k+1, a.Status, setting.Name, name, text)
					}
				}
			}
		}
	}
}
