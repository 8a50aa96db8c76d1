package state

import (
	"testing"
	"time"
)

// A definition that was planned and never sent is not what people were told.
func TestSaid(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true})
	begun := time.Now()
	later := Definition{Sequence: "renewal", Message: "offer", Hash: hashOf('n'), Source: `text = "Hello"`}
	last := Definition{Sequence: "renewal", Message: "offer", Hash: hashOf('o'), Source: `text = "Good day"`}
	run := startTest(t, l)
	for n, key := range []string{"c1", "c2"} {
		i := intentOf(key)
		must(t, l.Intend(t.Context(), i))
		must(t, l.Record(t.Context(), Result{Send: i.Send, State: Sent, At: begun.Add(time.Duration(n) * time.Minute)}))
	}
	must(t, l.EndRun(t.Context(), run))
	said := func() string {
		r, err := OpenReader(t.Context(), path)
		must(t, err)
		defer r.Close()
		all, err := r.Said(t.Context())
		must(t, err)
		if len(all) != 1 || all[0].Sequence != "renewal" || all[0].Message != "offer" || all[0].Hash.IsZero() {
			t.Fatalf("%+v", all)
		}
		return all[0].Source
	}
	id, err := l.StartRun(t.Context(), Run{Started: begun}, []Definition{later, last}, nil, nil)
	must(t, err)
	if got := said(); got != definitionsTest()[0].Source {
		t.Errorf("planned and not sent: %s", got)
	}
	i := intentOf("c0") // before the others in the order of keys, and after them in time
	i.Definition = later.Hash
	must(t, l.Intend(t.Context(), i))
	must(t, l.Record(t.Context(), Result{Send: i.Send, State: Sent, At: begun.Add(time.Hour)}))
	i = intentOf("c3")
	i.Definition = last.Hash
	must(t, l.Intend(t.Context(), i))
	must(t, l.Record(t.Context(), Result{Send: i.Send, State: Refused, At: begun.Add(2 * time.Hour)}))
	must(t, l.EndRun(t.Context(), Run{ID: id, Ended: begun.Add(3 * time.Hour)}))
	if got := said(); got != later.Source {
		t.Errorf("last sent: %s", got)
	}
	must(t, l.Close())
}
