package providertest

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"herald/providers"
)

// Watching is one call of Watch: what was sent, what the vendor answers, and what must be reported. The first of a
// subject is about one message, asks once, and reports every fact that the answer can tell; the suite varies it. A fact
// for whose time the vendor's clock stands is told by the header Date of an answer.
type Watching struct {
	Name     string
	Settings providers.Values // more than Subject.Settings
	Sends    []providers.Delivery
	Asks     []string           // of each request: what comes after base_url, with its query; nil for any
	Pages    []Answer           // to one request each; status 200 unless they say otherwise
	Want     []providers.Report // by rising Send; Vendor is checked to be an object of a page wherever there is a reply
	Outcome  providers.Outcome  // Class is Accepted where it is 0; Reason and Note are parts of them
}

// RunWatches checks how a provider type finds out what became of messages, each part as a test under the type's name. It
// is for a test TestWatches beside the one that calls Run.
func RunWatches(t *testing.T, s Subject) { s.quietly(t, s.watchChecks()) }

func (s Subject) watchChecks() []check {
	return []check{
		{"watches", s.watchCases},
		{"watch tells", s.watchTells},
		{"watch turns", s.watchTurns},
		{"watch answers", s.watchAnswers},
		{"watch garbage", s.watchGarbage},
		{"watch any page", s.watchAnyPage},
		{"watch transport", s.watchTransport},
		{"watch interrupts", s.watchInterrupts},
		{"watch secrets", s.watchSecrets},
		{"watch concurrent", s.watchConcurrent},
	}
}

// watched checks that a type which can be asked what became of messages is tried on it.
func (s Subject) watched(t *testing.T) {
	_, ok := s.opened(t, s.account("")).(providers.Watcher)
	switch missing := tested("TestWatches"); {
	case !ok && len(s.Watches) > 0:
		t.Error("the subject has Watches, and the provider has no Watch")
	case !ok:
		t.Skip("no Watch: this vendor cannot be asked what became of messages")
	case len(s.Type.Facts.Tells) == 0:
		t.Error("the provider has a Watch, and Facts.Tells does not say what it tells")
	case missing != "":
		t.Errorf("the provider has a Watch, and no test of this folder hands Watches to RunWatches: %s", missing)
	}
}

// watcher opens the account of a call at a base address.
func (s Subject) watcher(t *testing.T, w Watching, base string, more ...func(*providers.Account)) providers.Watcher {
	t.Helper()
	a := s.account(base, w.Settings)
	for _, change := range more {
		change(&a)
	}
	p, ok := s.opened(t, a).(providers.Watcher)
	if !ok || len(s.Watches) == 0 || len(s.Watches[0].Sends) != 1 || len(s.Watches[0].Pages) != 1 || len(s.Watches[0].Want) != 1 {
		t.Fatal("a type with Watch needs Watches, of which the first is about one message, and reports it from one page")
	}
	return p
}

// replaying starts a vendor that gives one answer after the other, the last of them again and again, each to a request
// that has had its turn.
func replaying(t *testing.T, limit *turns, answers []Answer) *server {
	t.Helper()
	var n atomic.Int32
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		i := int(n.Add(1))
		if taken := int(limit.taken.Load()); taken != i {
			t.Errorf("request %d came after %d turns", i, taken)
		}
		a := answers[min(i, len(answers))-1]
		answer(w, cmp.Or(a.Status, http.StatusOK), a.Header, a.Body)
	})
}

// watch makes one call, and gives its reports by rising Send.
func (w Watching) watch(ctx context.Context, t failer, p providers.Watcher, turn func(context.Context) error) ([]providers.Report, providers.Outcome) {
	t.Helper()
	var all []providers.Report
	var busy sync.Mutex
	over := atomic.Bool{}
	o := p.Watch(ctx, slices.Clone(w.Sends), turn, func(r providers.Report) {
		if over.Load() || !busy.TryLock() {
			t.Errorf("two reports at the same time, or one after the end: %+v", r)
			return
		}
		defer busy.Unlock()
		all = append(all, r)
	})
	over.Store(true)
	slices.SortStableFunc(all, func(a, b providers.Report) int { return cmp.Compare(a.Send, b.Send) })
	w.sound(t, all, o)
	return all, o
}
