package providertest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"herald/providers"
)

// openingCases checks each Opening of the subject: what is asked, and what comes of it, however often.
func (s Subject) openingCases(t *testing.T) {
	found, again := map[string]bool{}, false
	for _, one := range s.Openings {
		if found[one.Name] || one.Name == "" {
			t.Errorf("an opening without a name of its own: %q", one.Name)
		}
		found[one.Name] = true
		again = again || one.Want.Class == providers.Accepted && one.made() < 0
		t.Run(one.Name, func(t *testing.T) {
			for _, prefix := range []string{"", "/a%2Fb/c"} {
				limit := &turns{}
				srv := replying(t, limit, one.Steps, true)
				got := s.try(t, one, srv.URL+prefix, limit)
				if w := one.Want; got.Class != w.Class || got.Place != w.Place || got.Marked != w.Marked || !strings.Contains(got.Reason, w.Reason) {
					t.Errorf("got  %+v\nwant %+v", got, w)
				}
				all := srv.arrived()
				if len(all) != len(one.Steps) {
					t.Errorf("%d requests, and there are %d steps", len(all), len(one.Steps))
				}
				for i := range min(len(all), len(one.Steps)) {
					s.stepped(t, one.Steps[i], all[i], prefix)
				}
			}
		})
	}
	if !again {
		t.Error("no opening finds the conversation that an earlier attempt has made")
	}
}

// stepped compares a request with its step. The token for sending is in its header, and no other secret.
func (s Subject) stepped(t *testing.T, want Step, got seen, prefix string) {
	t.Helper()
	var a, b bytes.Buffer
	_, _ = json.Compact(&a, []byte(want.Body)), json.Compact(&b, got.body)
	if got.method != want.Method || got.uri != prefix+want.Path || a.String() != b.String() {
		t.Errorf("%s %s %s\nwant %s %s %s", got.method, got.uri, b.String(), want.Method, prefix+want.Path, a.String())
	}
	for _, setting := range s.Type.Facts.Settings {
		sends := setting.Required && setting.Secret
		if has := strings.Contains(fmt.Sprint(got.header), secret(setting.Name)); setting.Secret && has != sends {
			t.Errorf("%s %s has %s in its header: %v", got.method, got.uri, setting.Name, has)
		}
	}
}

// openingUnsettled checks that nothing is made as long as an earlier attempt may have made it, and that it is made anew at
// no later step than the last.
func (s Subject) openingUnsettled(t *testing.T) {
	for _, one := range s.Openings {
		k := one.made()
		if k < 0 {
			continue
		}
		one.Attempt.Settled = false
		limit := &turns{}
		srv := replying(t, limit, one.Steps[:k], true)
		got := s.try(t, one, srv.URL, limit)
		if got.Class != providers.Unknown {
			t.Errorf("%s, too early: %+v", one.Name, got)
		}
		if k != len(one.Steps)-1 {
			t.Errorf("%s: step %d makes the conversation, and others follow", one.Name, k+1)
		}
	}
}

// openingTurns checks that no request is made without its turn.
func (s Subject) openingTurns(t *testing.T) {
	for _, one := range s.Openings {
		for k := range one.Steps {
			limit := &turns{fails: int32(k + 1)}
			srv := replying(t, limit, one.Steps, true)
			got := s.try(t, one, srv.URL, limit)
			if n := len(srv.arrived()); n != k || int(limit.taken.Load()) != k+1 {
				t.Errorf("%s: %d requests and %d turns after turn %d failed", one.Name, n, limit.taken.Load(), k+1)
			}
			if got.Class != providers.NotSent || !strings.Contains(got.Reason, errTurn.Error()) {
				t.Errorf("%s: turn %d failed: %+v", one.Name, k+1, got)
			}
		}
	}
	// What does not say for whom is no reason to ask.
	for _, body := range []string{"", "null", "7", "[]", "{}", `{"x":`} {
		o, attempt := s.opener(t, s.Openings[0], nobody)
		attempt.Body = json.RawMessage(body)
		got := o.Open(t.Context(), attempt, refuseTurn)
		soundOpened(t, got)
		if got.Class != providers.Refused {
			t.Errorf("%q: %+v", body, got)
		}
	}
}

// openingConcurrent checks that attempts at the same time do not mix.
func (s Subject) openingConcurrent(t *testing.T) {
	first := s.Openings[0]
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		for _, step := range first.Steps {
			if r.Method == step.Method && r.RequestURI == step.Path {
				step.give(w)
				return
			}
		}
		answer(w, http.StatusGone, nil, "")
	})
	o, attempt := s.opener(t, first, srv.URL)
	const workers, each = 6, 4
	limit := &turns{}
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for range each {
				got := o.Open(context.Background(), attempt, limit.take)
				if soundOpened(t, got); got.Class != providers.Accepted || got.Place != first.Want.Place {
					t.Errorf("%+v", got)
				}
			}
		})
	}
	all.Wait()
	if n, want := len(srv.arrived()), workers*each*len(first.Steps); n != want || int(limit.taken.Load()) != want {
		t.Errorf("%d requests and %d turns, want %d", n, limit.taken.Load(), want)
	}
}
