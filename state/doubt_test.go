package state

import (
	"errors"
	"slices"
	"testing"
	"time"
)

// doubtTest leaves one send in doubt, by a run that has ended.
func doubtTest(t *testing.T, l *Ledger, key string, at time.Time) {
	t.Helper()
	run := startTest(t, l)
	i := intentOf(key)
	i.Key, i.At = [16]byte{7}, at
	must(t, l.Intend(t.Context(), i))
	must(t, l.Record(t.Context(), Result{Send: i.Send, State: InDoubt, Reason: "502", ProviderID: "m-1", At: at, Answered: true}))
	must(t, l.EndRun(t.Context(), run))
}

// tellsTest gives what the ledger tells beside its records.
func tellsTest(t *testing.T, path, key string) (decisions []Resolved, earlier []Record) {
	t.Helper()
	r, err := OpenReader(t.Context(), path)
	must(t, err)
	defer r.Close()
	decisions, err = r.Decisions(t.Context())
	must(t, err)
	earlier, err = r.Earlier(t.Context(), sendOf(key))
	must(t, err)
	return decisions, earlier
}

// That a whole answer came is kept, and is not lost when the send is looked up in vain, nor when herald is killed.
func TestAnswered(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true})
	doubtTest(t, l, "answered", time.Now())
	startTest(t, l)
	must(t, l.Intend(t.Context(), intentOf("silent")))
	must(t, l.Record(t.Context(), Result{Send: sendOf("silent"), State: InDoubt}))
	must(t, l.Record(t.Context(), Result{Send: sendOf("answered"), State: InDoubt, Reason: "cannot tell", By: LookUp}))
	must(t, l.Close())
	v, err := Read(t.Context(), path)
	must(t, err)
	if len(v.Doubt) != 2 || !v.Doubt[0].Answered || v.Doubt[1].Answered {
		t.Errorf("in doubt %+v", v.Doubt)
	}
	got := recordsTest(t, path)
	if a := got[sendOf("answered")]; !a.Answered || a.Reason != "cannot tell" || a.ProviderID != "m-1" || a.Run != 1 {
		t.Errorf("looked up in vain: %+v", a)
	}
	if got[sendOf("silent")].Answered {
		t.Error("no answer came to the silent one")
	}
}

// on_doubt = "resend": one attempt ends undecided and the next begins, in one transaction.
func TestFromDoubt(t *testing.T) {
	at := time.Date(2026, 11, 20, 9, 14, 0, 0, time.UTC)
	for _, turn := range []bool{false, true} {
		path := pathTest(t)
		l := openTest(t, path, Options{Create: true})
		doubtTest(t, l, "c1", at)
		startTest(t, l)
		again := intentOf("c1")
		again.At, again.Attempt, again.Key = at.Add(time.Hour), 1, [16]byte{8}
		wantError(t, l.Intend(t.Context(), again), "in_doubt already", "bug")
		again.FromDoubt = true
		if turn {
			must(t, l.Intend(t.Context(), intentOf("other")))
			must(t, errors.Join(l.Turn(t.Context(), Result{Send: sendOf("other"), State: Sent}, again)))
		} else {
			must(t, l.Intend(t.Context(), again))
		}
		if r := recordsTest(t, path)[sendOf("c1")]; r.State != Sending || r.Key != again.Key || r.Answered || r.ProviderID != "" || r.Run != 2 {
			t.Errorf("again: %+v", r)
		}
		wantError(t, l.Intend(t.Context(), again), "sending already", "bug") // FromDoubt allows no third one
		decisions, earlier := tellsTest(t, path, "c1")
		if want := []Resolved{{Decision{sendOf("c1"), false, `on_doubt = "resend"`, "", again.At}, InDoubt}}; !slices.Equal(decisions, want) {
			t.Errorf("decisions %+v", decisions)
		}
		if len(earlier) != 1 || earlier[0].State != InDoubt || earlier[0].Key != [16]byte{7} || earlier[0].ProviderID != "m-1" || earlier[0].DecidedBy != resent {
			t.Errorf("the first attempt is kept as %+v", earlier)
		}
		must(t, l.Record(t.Context(), Result{Send: again.Send, State: Untried}))
		if r, there := recordsTest(t, path)[sendOf("c1")]; there {
			t.Errorf("after it was throttled: %+v", r)
		}
		must(t, l.Intend(t.Context(), again)) // an ordinary one by now
		must(t, l.Record(t.Context(), Result{Send: again.Send, State: Sent}))
		if r := recordsTest(t, path)[sendOf("c1")]; r.State != Sent || r.Key != again.Key || r.DecidedBy != "" {
			t.Errorf("sent: %+v", r)
		}
		if decisions, _ := tellsTest(t, path, "c1"); len(decisions) != 1 {
			t.Errorf("decisions %+v", decisions)
		}
	}
}

// Within one batch, in every order: the old attempt ends before the new one begins.
func TestFromDoubtWithinBatch(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true})
	startTest(t, l)
	release := hold(t, l)
	done := make(chan error, 5)
	first, again := intentOf("c1"), intentOf("c1")
	first.Key, again.Key, again.FromDoubt = [16]byte{1}, [16]byte{2}, true
	for n, job := range []func() error{
		func() error { return l.Intend(t.Context(), first) },
		func() error { return l.Record(t.Context(), Result{Send: first.Send, State: InDoubt}) },
		func() error { return l.Intend(t.Context(), again) },
		func() error { return l.Record(t.Context(), Result{Send: first.Send, State: InDoubt}) },
		func() error { return l.Intend(t.Context(), again) },
	} {
		go func() { done <- job() }()
		queued(l, n+1)
	}
	release()
	for range 5 {
		must(t, <-done)
	}
	if r := recordsTest(t, path)[sendOf("c1")]; r.State != Sending || r.Key != again.Key {
		t.Errorf("%+v", r)
	}
	if decisions, earlier := tellsTest(t, path, "c1"); len(decisions) != 2 || len(earlier) != 2 || earlier[0].Key != first.Key || earlier[1].Key != again.Key {
		t.Errorf("decisions %+v, earlier %+v", decisions, earlier)
	}
}

// What an earlier run left in doubt is looked up with or without a run: it is recorded who found out, and the serial stays.
func TestLookedUp(t *testing.T) {
	at := time.Date(2026, 11, 20, 9, 14, 0, 0, time.UTC)
	for _, tt := range []struct {
		found     State
		withRun   bool
		state     State
		run       int64
		decisions int
	}{
		{Sent, false, Sent, 1, 0}, {Sent, true, Sent, 2, 0},
		{Refused, false, Refused, 1, 0}, {Refused, true, Refused, 2, 0},
		{Untried, false, Untried, 0, 1}, {Untried, true, Untried, 0, 1},
	} {
		path := pathTest(t)
		l := openTest(t, path, Options{Create: true})
		doubtTest(t, l, "c1", at)
		before, err := l.View(t.Context())
		must(t, err)
		if tt.withRun {
			startTest(t, l)
		}
		must(t, l.Record(t.Context(), Result{Send: sendOf("c1"), State: tt.found, Reason: "asked", ProviderID: "m-9", At: at, By: LookUp}))
		after, err := l.View(t.Context())
		must(t, err)
		if after.Serial != before.Serial {
			t.Errorf("%s: the serial went from %d to %d", tt.found, before.Serial, after.Serial)
		}
		r := recordsTest(t, path)[sendOf("c1")]
		if r.State != tt.state || r.Run != tt.run || (r.DecidedBy == LookUp) != (tt.state != Untried) {
			t.Errorf("%s, with a run %v: %+v", tt.found, tt.withRun, r)
		}
		decisions, earlier := tellsTest(t, path, "c1")
		if len(decisions) != tt.decisions || len(earlier) != tt.decisions {
			t.Fatalf("%s: decisions %+v, earlier %+v", tt.found, decisions, earlier)
		}
		if len(decisions) == 1 {
			if decisions[0] != (Resolved{Decision{sendOf("c1"), false, LookUp, "asked", at}, InDoubt}) {
				t.Errorf("decisions %+v", decisions)
			}
			if earlier[0].Key != [16]byte{7} || earlier[0].DecidedBy != LookUp {
				t.Errorf("earlier %+v", earlier)
			}
		}
	}
}

// What was sent shortly before an attempt counts, and so does what the same send had sent: a list that is dated by another
// clock would show it for the attempt.
func TestAlikeReachesBack(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true})
	startTest(t, l)
	for n, key := range []string{"other", "asked"} {
		sendTest(t, l, key)
		for ago, want := range map[time.Duration]int{-30 * time.Second: n + 1, -2 * time.Minute: 0} {
			got, err := l.Alike(t.Context(), sendOf("asked"), hashOf('c'), hashOf('d'), time.Now().Add(-ago))
			must(t, err)
			if got != want {
				t.Errorf("%s sent %v before: %d alike, want %d", key, -ago, got, want)
			}
		}
	}
}

// Attempts that may have arrived count, whatever became of their rows.
func TestAlikeForgetsNothing(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true})
	startTest(t, l)
	since := time.Now()
	count := func() int {
		t.Helper()
		n, err := l.Alike(t.Context(), sendOf("asked"), hashOf('c'), hashOf('d'), since)
		must(t, err)
		return n
	}
	want := 0
	check := func(why string, more int) {
		t.Helper()
		if want += more; count() != want {
			t.Errorf("%s: %d alike, want %d", why, count(), want)
		}
	}
	try := func(key string, st State) {
		t.Helper()
		must(t, l.Intend(t.Context(), intentOf(key)))
		must(t, l.Record(t.Context(), Result{Send: sendOf(key), State: st}))
	}
	try("asked", InDoubt)
	check("the one itself", 0)
	try("sent", Sent)
	check("sent", 1)
	try("refused", Refused)
	check("refused", 0)
	try("doubt", InDoubt)
	check("in doubt", 1)
	i := intentOf("doubt")
	i.FromDoubt = true
	must(t, l.Intend(t.Context(), i))
	check("tried again out of doubt", 1)
	must(t, l.Record(t.Context(), Result{Send: i.Send, State: Sent}))
	check("and sent", 0)
	must(t, l.Remove(t.Context(), sendsOf("sent"), "ada", time.Now()))
	check("taken out", 0)
	_, err := l.Forget(t.Context(), "nobody", "ada", time.Now())
	must(t, err)
	try("person", Sent)
	check("another", 1)
	_, err = l.Forget(t.Context(), "person", "ada", time.Now())
	must(t, err)
	check("forgotten", 0)
	try("absent", InDoubt)
	check("in doubt too", 1)
	must(t, l.Record(t.Context(), Result{Send: sendOf("absent"), State: Untried, By: LookUp}))
	check("known to be unsent", -1)
}
