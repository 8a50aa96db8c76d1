package state

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"
)

func openedOf(name string, token byte) Opened {
	return Opened{Account: "chatwoot", Name: name, Person: "c1", Key: [16]byte{token}, Begun: receiptAt}
}

// A conversation is opened with the key of the first attempt, however often that is tried, and by whichever run.
func TestOpening(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true})
	if o, ok := l.Place("chatwoot", "a"); ok {
		t.Fatalf("known from the start: %+v", o)
	}
	first := openedOf("a", 1)
	got, err := l.Opening(t.Context(), first)
	must(t, err)
	if got != first {
		t.Errorf("first attempt %+v, want %+v", got, first)
	}
	again := func(n int, tried time.Time) {
		t.Helper()
		next := openedOf("a", 2)
		next.Begun = minute(n)
		got, err := l.Opening(t.Context(), next)
		must(t, err)
		want := first
		if want.Tried = tried; got != want {
			t.Errorf("attempt at %d: %+v, want %+v", n, got, want)
		}
		if known, ok := l.Place("chatwoot", "a"); !ok || !known.Tried.Equal(minute(n)) {
			t.Errorf("after attempt at %d: %+v, %v", n, known, ok)
		}
	}
	again(1, receiptAt)
	again(2, minute(1))
	must(t, l.Close())
	l = openTest(t, path, Options{})
	again(3, minute(2))
	done := openedOf("a", 1)
	done.Place = "conversations/7"
	must(t, l.Opened(t.Context(), done))
	must(t, l.Opened(t.Context(), done))
	want := first
	want.Place, want.Tried = done.Place, minute(3)
	for range 2 {
		if got, err := l.Opening(t.Context(), openedOf("a", 3)); err != nil || got != want {
			t.Errorf("opened it is %+v, %v; want %+v", got, err, want)
		}
		if got, ok := l.Place("chatwoot", "a"); !ok || got != want {
			t.Errorf("its place is %+v, want %+v", got, want)
		}
		if _, ok := l.Place("heyx", "a"); ok {
			t.Error("it is another account's, too")
		}
		must(t, l.Close())
		l = openTest(t, path, Options{})
	}
}

func TestOpeningRefused(t *testing.T) {
	l := openTest(t, pathTest(t), Options{Create: true})
	for _, o := range []Opened{{Name: "a", Key: [16]byte{1}}, {Account: "a", Key: [16]byte{1}}, {Account: "a", Name: "a"}} {
		_, err := l.Opening(t.Context(), o)
		wantError(t, err, "without an account, a name or a key", "bug in herald")
	}
	o := openedOf("a", 1)
	o.Place = "7"
	wantError(t, l.Opened(t.Context(), o), "without an attempt", "bug in herald")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.Opening(ended, o); err == nil {
		t.Error("an attempt that was called off began")
	}
	if _, err := l.Opening(t.Context(), o); err != nil {
		t.Error(err)
	}
	if known, ok := l.Place("chatwoot", "a"); !ok || known.Place != "" {
		t.Errorf("an attempt knows the place: %+v", known)
	}
	o.Place = ""
	wantError(t, l.Opened(t.Context(), o), "at no place", "bug in herald")
}

// Of all who open the same conversation at once one has the key, and all get it.
func TestOpeningAtOnce(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true})
	startTest(t, l)
	var wg sync.WaitGroup
	var mu sync.Mutex
	keys := map[string]map[[16]byte]bool{}
	for w := range 32 {
		wg.Go(func() {
			for n := range 8 {
				name := fmt.Sprint("c", n)
				got, err := l.Opening(t.Context(), openedOf(name, byte(1+w)))
				if err != nil {
					t.Error(err)
				}
				sendTest(t, l, fmt.Sprint(w, "/", n)) // among others
				mu.Lock()
				if keys[name] == nil {
					keys[name] = map[[16]byte]bool{}
				}
				keys[name][got.Key] = true
				mu.Unlock()
				got.Place = "place of " + name
				if err := l.Opened(t.Context(), got); err != nil {
					t.Error(err)
				}
				if now, ok := l.Place("chatwoot", name); !ok || now.Place != got.Place {
					t.Errorf("%s is %+v", name, now)
				}
			}
		})
	}
	wg.Wait()
	must(t, l.Close())
	l = openTest(t, path, Options{})
	for name, of := range keys {
		now, ok := l.Place("chatwoot", name)
		if len(of) != 1 || !of[now.Key] || !ok || now.Place != "place of "+name {
			t.Errorf("%s has keys %v, and is %+v", name, of, now)
		}
	}
}

// The conversations of a person are forgotten with them, those of others are not.
func TestForgetOpening(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true})
	for _, o := range []Opened{openedOf("c1's", 1), {Account: "chatwoot", Name: "another's", Person: "c2", Key: [16]byte{2}, Begun: receiptAt}, {Account: "chatwoot", Name: "nobody's", Key: [16]byte{3}, Begun: receiptAt}} {
		_, err := l.Opening(t.Context(), o)
		must(t, err)
	}
	for _, key := range []string{"c1", ""} {
		_, err := l.Forget(t.Context(), key, "ada", time.Now())
		must(t, err)
	}
	for range 2 {
		for name, want := range map[string]bool{"c1's": false, "another's": true, "nobody's": true} {
			if o, ok := l.Place("chatwoot", name); ok != want {
				t.Errorf("%s is known: %v, %+v", name, ok, o)
			}
		}
		must(t, l.Close())
		l = openTest(t, path, Options{})
	}
	if got, err := l.Opening(t.Context(), openedOf("c1's", 9)); err != nil || got.Key[0] != 9 {
		t.Errorf("opened anew it is %+v, %v", got, err)
	}
}
