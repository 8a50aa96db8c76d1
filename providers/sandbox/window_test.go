package sandbox

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// instants draws rising times, many of them close to the edge of a window.
func instants(t *rapid.T, per time.Duration) []time.Duration {
	steps := rapid.SliceOfN(rapid.OneOf(
		rapid.Int64Range(0, int64(per)/4),
		rapid.Int64Range(int64(per)-2, int64(per)+2),
		rapid.Just(int64(0)),
	), 0, 80).Draw(t, "steps")
	var at time.Duration
	all := make([]time.Duration, 0, len(steps))
	for _, s := range steps {
		at += time.Duration(s)
		all = append(all, at)
	}
	return all
}

func TestWindowAgainstNaiveModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.IntRange(1, 6).Draw(t, "limit")
		per := time.Duration(rapid.Int64Range(8, 1000).Draw(t, "per"))
		w := &window{limit: limit, per: per}
		epoch := time.Unix(1_700_000_000, 0)
		var in []time.Duration
		for i, at := range instants(t, per) {
			within := 0
			for _, earlier := range in {
				if at-earlier < per {
					within++
				}
			}
			got := w.allow(epoch.Add(at))
			if want := within < limit; got != want {
				t.Fatalf("request %d at %d: allowed %v, want %v: %d of %d before it within %d", i, at, got, want, within, limit, per)
			}
			if got {
				in = append(in, at)
			}
		}
	})
}

func TestWorstAgainstNaiveModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		per := time.Duration(rapid.Int64Range(8, 1000).Draw(t, "per"))
		keep := rapid.IntRange(1, 100).Draw(t, "keep")
		all := instants(t, per)
		a := arrivals{keep: keep}
		for _, at := range all {
			a.add(at)
		}
		kept := all[max(0, len(all)-keep):]
		want := 0
		for i := range kept {
			n := 0
			for j := i; j < len(kept) && kept[j]-kept[i] < per; j++ {
				n++
			}
			want = max(want, n)
		}
		if got := a.worst(per); got != want {
			t.Fatalf("worst of %v in %d: %d, want %d", kept, per, got, want)
		}
		if a.total != len(all) {
			t.Fatalf("total %d, want %d", a.total, len(all))
		}
		if got := a.worst(0); got != 0 {
			t.Fatalf("worst in no time: %d", got)
		}
	})
}

func TestCalendarBeginsAtTheMinute(t *testing.T) {
	minute := time.Unix(60*1000, 0)
	w := &calendar{limit: 2, per: time.Minute}
	for _, step := range []struct {
		at   time.Time
		want bool
	}{
		{minute.Add(59 * time.Second), true},
		{minute.Add(59 * time.Second), true},
		{minute.Add(59*time.Second + 999*time.Millisecond), false},
		{minute.Add(60 * time.Second), true}, // one second later, and the next window
		{minute.Add(60 * time.Second), true},
		{minute.Add(119 * time.Second), false},
		{minute.Add(300 * time.Second), true},
	} {
		if got := w.allow(step.at); got != step.want {
			t.Errorf("at %s: %v, want %v", step.at.UTC().Format("15:04:05.000"), got, step.want)
		}
	}
}
