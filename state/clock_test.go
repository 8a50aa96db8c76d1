package state

import (
	"fmt"
	"testing"
	"time"
)

// A clock that goes backwards makes nothing of the order of events wrong: what came last counts, not what bears the latest
// time, and the limit is kept from the latest instant there ever was.
func TestClockGoesBack(t *testing.T) {
	path := pathTest(t)
	note := path + ".seen"
	late := time.Date(2026, 11, 20, 9, 14, 0, 0, time.UTC)
	l := openTest(t, path, Options{Create: true, Marker: note})
	for n := range 3 { // of three runs each begins and ends an hour before the last one
		now := late.Add(-time.Duration(n) * time.Hour)
		run := Run{Who: fmt.Sprint("run", n), Started: now}
		var err error
		run.ID, err = l.StartRun(t.Context(), run, definitionsTest(), nil, nil)
		must(t, err)
		try := func(key string, content byte, st State) {
			t.Helper()
			i := intentOf(key)
			i.Content, i.At = hashOf(content), now
			must(t, l.Intend(t.Context(), i))
			must(t, l.Record(t.Context(), Result{Send: i.Send, State: st, At: now}))
			now = now.Add(-time.Minute)
		}
		try("c1", byte('a'+n), []State{Sent, Sent, Refused}[n])
		try(fmt.Sprint("d", n), 'a', InDoubt)
		must(t, l.Resolve(t.Context(), []Decision{{Send: sendOf(fmt.Sprint("d", n)), Sent: true, Who: "ada", At: now}}))
		must(t, l.Attempted(t.Context(), "heyx", now))
		run.Ended = now.Add(-time.Hour)
		must(t, l.EndRun(t.Context(), run))
		must(t, l.Close())
		l = openTest(t, path, Options{Marker: note}) // no older copy, whatever the times say

		v, err := l.View(t.Context())
		must(t, err)
		if got := v.LastIntent("heyx"); !got.Equal(late) {
			t.Errorf("run %d: the last intent went back to %v", n+1, got)
		}
		if v.LastRun.ID != int64(n+1) || v.LastRun.Who != run.Who {
			t.Errorf("run %d: the last run is %+v", n+1, v.LastRun)
		}
		if e, _ := v.Entry(sendOf("c1")); e.Content != hashOf(byte('a'+n)) {
			t.Errorf("run %d: the last content is %s", n+1, e.Content)
		}
	}
	// What was sent last before the refusal, not what bears the latest time.
	v, err := l.View(t.Context())
	must(t, err)
	if h, _ := v.SentBefore(sendOf("c1")); h != hashOf('b') {
		t.Errorf("sent before is %s", h)
	}
	must(t, l.Resolve(t.Context(), []Decision{{Send: sendOf("c1"), Who: "ada", At: late.Add(-24 * time.Hour)}}))
	if r := recordsTest(t, path)[sendOf("c1")]; r.State != Sent || r.Content != hashOf('b') {
		t.Errorf("after the refusal was taken back: %+v", r)
	}
	reader, err := OpenReader(t.Context(), path)
	must(t, err)
	defer reader.Close()
	runs, err := reader.Runs(t.Context())
	must(t, err)
	decisions, err := reader.Decisions(t.Context())
	must(t, err)
	for n := range runs {
		if runs[n].Who != fmt.Sprint("run", n) || !runs[n].Finished {
			t.Errorf("run %d is %+v", n, runs[n])
		}
		if decisions[n].Send != sendOf(fmt.Sprint("d", n)) {
			t.Errorf("decision %d is %+v", n, decisions[n])
		}
	}
	// An open attempt whose time is before the last one does not bring it back either.
	startTest(t, l)
	i := intentOf("open")
	i.At = late.Add(-time.Hour)
	must(t, l.Intend(t.Context(), i))
	if v, err = l.View(t.Context()); err != nil || !v.LastIntent("heyx").Equal(late) || len(v.Doubt) != 1 || !v.Doubt[0].At.Equal(i.At) {
		t.Errorf("%+v, %v", v, err)
	}
}
