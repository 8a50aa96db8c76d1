package state

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"
)

func TestRulesOfRuns(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true})
	wantError(t, l.Intend(t.Context(), intentOf("c1")), "outside of a run", "bug")
	r := startTest(t, l)
	_, err := l.StartRun(t.Context(), r, nil, nil, nil)
	wantError(t, err, "run 1 goes on")
	wantError(t, l.EndRun(t.Context(), Run{ID: 7}), "not started")
	i := intentOf("c1")
	i.Definition = hashOf('x')
	wantError(t, l.Intend(t.Context(), i), "not given to StartRun")
	i = intentOf("c1")
	i.Account = ""
	wantError(t, l.Intend(t.Context(), i), "without a message or an account")
	r.Sent, r.Refused, r.InDoubt, r.Unsent, r.Ended = 1, 2, 3, 4, time.Now()
	must(t, l.EndRun(t.Context(), r))
	_, err = l.StartRun(t.Context(), r, []Definition{{Sequence: "a", Message: "b"}}, nil, nil)
	wantError(t, err, "a.b has no hash")
	startTest(t, l)
	must(t, l.Close())
	wantError(t, l.Intend(t.Context(), intentOf("c1")), "closed")

	reader, err := OpenReader(t.Context(), path)
	must(t, err)
	defer reader.Close()
	runs, err := reader.Runs(t.Context())
	must(t, err)
	if len(runs) != 2 || !runs[0].Finished || runs[1].Finished || !runs[1].Ended.IsZero() {
		t.Fatalf("runs %+v", runs)
	}
	got := runs[0]
	r.Finished, r.Started, r.Ended = true, r.Started.UTC().Round(0), r.Ended.UTC().Round(0)
	if got != r {
		t.Errorf("run %+v; want %+v", got, r)
	}
	definitions, err := reader.Definitions(t.Context())
	must(t, err)
	if fmt.Sprint(definitions) != fmt.Sprint(definitionsTest()) {
		t.Errorf("definitions %+v", definitions)
	}
}

// The serial rises once per run that changed what would be sent, and not for what comes of decisions or look-ups.
func TestSerial(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true})
	want := int64(0)
	check := func(why string) {
		t.Helper()
		v, err := l.View(t.Context())
		must(t, err)
		if v.Serial != want {
			t.Errorf("%s: serial %d, want %d", why, v.Serial, want)
		}
	}
	run := func(why string, outcomes ...State) {
		t.Helper()
		r := startTest(t, l)
		for n, o := range outcomes {
			i := intentOf(fmt.Sprint(why, n))
			must(t, l.Intend(t.Context(), i))
			must(t, l.Record(t.Context(), Result{Send: i.Send, State: o}))
		}
		must(t, l.EndRun(t.Context(), r))
		check(why)
	}
	check("new")
	run("nothing")
	run("all went back", Untried, Untried)
	want = 1
	run("sent", Sent, Sent, Untried)
	want = 2
	run("refused", Refused)
	want = 3
	run("in doubt", InDoubt)
	must(t, l.Resolve(t.Context(), []Decision{{Send: sendOf("in doubt0"), Who: "ada"}, {Send: sendOf("refused0"), Who: "ada"}}))
	check("resolved")

	startTest(t, l)
	must(t, l.Intend(t.Context(), intentOf("dead")))
	check("sending")
	must(t, l.Close())
	v, err := Read(t.Context(), path)
	must(t, err)
	if want = 4; v.Serial != want {
		t.Errorf("a plan made after a run died rests on serial %d, want %d", v.Serial, want)
	}
	raisedTest(t, path, want)
	l = openTest(t, path, Options{})
	check("opened after a run died")
	startTest(t, l)
	must(t, l.Record(t.Context(), Result{Send: sendOf("dead"), State: Sent}))
	check("looked up")
	must(t, l.Intend(t.Context(), intentOf("one")))
	must(t, l.Record(t.Context(), Result{Send: sendOf("one"), State: Sent}))
	must(t, l.Intend(t.Context(), intentOf("two")))
	want = 5
	check("sent by the next run")
	must(t, l.Close())
	if v, err = Read(t.Context(), path); err != nil || v.Serial != want {
		t.Errorf("a run that had raised the serial died: %d, %v; want %d", v.Serial, err, want)
	}
	raisedTest(t, path, want)
}

// raisedTest finds the last run to be the one that raised the serial, also where that is not written down yet.
func raisedTest(t *testing.T, path string, want int64) {
	t.Helper()
	before := filesTest(t, filepath.Dir(path))
	lock, err := Acquire(t.Context(), path, Holder{Who: "ada"}, 0)
	must(t, err)
	defer lock.Release()
	r, err := lock.OpenReader(t.Context())
	must(t, err)
	runs, err := r.Runs(t.Context())
	must(t, err)
	must(t, r.Close())
	if last := runs[len(runs)-1]; last.Serial != want {
		t.Errorf("the last of %d runs raised the serial to %d, want %d", len(runs), last.Serial, want)
	}
	if after := filesTest(t, filepath.Dir(path)); len(after) > len(before)+1 { // the lock's
		t.Errorf("reading left files: %v, before %v", after, before)
	}
}

func TestRecordHoldsWhatWasSaid(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true})
	startTest(t, l)
	at := time.Date(2026, 11, 20, 9, 14, 0, 123456789, time.UTC)
	i := intentOf("c1")
	i.At, i.Attempt, i.Unique = at, 3, hashOf('u')
	must(t, l.Intend(t.Context(), i))
	open := recordsTest(t, path)[i.Send]
	want := Record{Send: i.Send, State: Sending, Account: "heyx", Content: i.Content, Destination: i.Destination, Attempts: 3,
		At: at, Run: 1, Key: i.Key, Definition: i.Definition, Unique: i.Unique, Begun: at}
	if open != want {
		t.Errorf("open   %+v\nwant %+v", open, want)
	}
	result := Result{Send: i.Send, State: Refused, ProviderID: "m-1", Status: "FAILED", Reason: "no such contact \x1b[2J",
		At: at.Add(time.Second), ProviderAt: at.Add(time.Minute), Marked: true}
	must(t, l.Record(t.Context(), result))
	want.State, want.ProviderID, want.Status, want.Reason = Refused, "m-1", "FAILED", result.Reason
	want.At, want.ProviderAt = result.At, result.ProviderAt
	if got := recordsTest(t, path)[i.Send]; got != want {
		t.Errorf("refused %+v\nwant %+v", got, want)
	}
	v, err := l.View(t.Context())
	must(t, err)
	if !v.MarkerSeen("heyx") || v.MarkerSeen("other") || !v.LastIntent("heyx").Equal(at) || !v.LastIntent("other").IsZero() {
		t.Errorf("accounts %+v", v.accounts)
	}
	if v.KeyAttributes["customers"] != "id" || v.LastRun.ID != 1 || v.LastRun.Finished {
		t.Errorf("view %+v", v)
	}

	must(t, l.Resolve(t.Context(), []Decision{{Send: i.Send, Sent: true, Who: "ada@host", Reason: "she answered", At: at}}))
	want.State, want.DecidedBy, want.Reason, want.At, want.Unique = Sent, "ada@host", "she answered", at, Hash{}
	if got := recordsTest(t, path)[i.Send]; got != want {
		t.Errorf("decided %+v\nwant %+v", got, want)
	}
	reader, err := OpenReader(t.Context(), path)
	must(t, err)
	defer reader.Close()
	decisions, err := reader.Decisions(t.Context())
	must(t, err)
	if len(decisions) != 1 || decisions[0] != (Resolved{Decision{i.Send, true, "ada@host", "she answered", at}, Refused}) {
		t.Errorf("decisions %+v", decisions)
	}
	earlier, err := reader.Earlier(t.Context(), i.Send)
	must(t, err)
	if len(earlier) != 1 || earlier[0].State != Refused || earlier[0].Reason != result.Reason {
		t.Errorf("earlier %+v", earlier)
	}
}

// The view tells how many messages the last runs sent, the newest first, and no more than twenty.
func TestSizes(t *testing.T) {
	l := openTest(t, pathTest(t), Options{Create: true})
	for n := range 25 {
		r := startTest(t, l)
		r.Sent, r.Ended = n, time.Now()
		must(t, l.EndRun(t.Context(), r))
	}
	v, err := l.View(t.Context())
	must(t, err)
	if len(v.Sizes) != 20 || v.Sizes[0] != 24 || v.Sizes[19] != 5 {
		t.Errorf("sizes %v", v.Sizes)
	}
	must(t, l.Close())
}
