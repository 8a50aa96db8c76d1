package sandbox

import (
	"slices"
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

// overtaken puts some instants behind later ones, which are less than one window later.
func overtaken(t *rapid.T, all []time.Duration, per time.Duration) {
	for i := 1; i < len(all); i++ {
		if all[i]-all[i-1] < per && rapid.IntRange(0, 3).Draw(t, "overtakes") == 0 {
			all[i-1], all[i] = all[i], all[i-1]
			i++ // nobody is overtaken twice: the sum could be more than a window
		}
	}
}

func TestWindowAgainstNaiveModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.IntRange(1, 6).Draw(t, "limit")
		per := time.Duration(rapid.Int64Range(8, 1000).Draw(t, "per"))
		w := &window{limit: limit, per: per}
		epoch := time.Unix(1_700_000_000, 0)
		all := instants(t, per)
		overtaken(t, all, per)
		var in []time.Duration
		for i, at := range all {
			with := append(slices.Clone(in), at)
			got, want := w.allow(epoch.Add(at)), naiveWorst(with, per) <= limit
			if got != want {
				t.Fatalf("request %d at %d: allowed %v, want %v: %d in %d, after %v", i, at, got, want, limit, per, in)
			}
			if got {
				in = with
			}
		}
		if most := 4*limit + 4; len(w.in) > most {
			t.Fatalf("remembers %d instants for a limit of %d", len(w.in), limit)
		}
	})
}

// naiveWorst counts, from each instant on, those within a window.
func naiveWorst(all []time.Duration, per time.Duration) (most int) {
	for _, from := range all {
		n := 0
		for _, at := range all {
			if at >= from && at-from < per {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

func TestWorstAgainstNaiveModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		per := time.Duration(rapid.Int64Range(8, 1000).Draw(t, "per"))
		keep := rapid.IntRange(1, 100).Draw(t, "keep")
		all := instants(t, per)
		overtaken(t, all, per)
		a := arrivals{keep: keep}
		for _, at := range all {
			a.add(at)
		}
		kept := all[max(0, len(all)-keep):]
		want := naiveWorst(kept, per)
		if got := worst(a.kept(), per); got != want {
			t.Fatalf("worst of %v in %d: %d, want %d", kept, per, got, want)
		}
		if a.total != len(all) {
			t.Fatalf("total %d, want %d", a.total, len(all))
		}
		if got := worst(a.kept(), 0); got != 0 {
			t.Fatalf("worst in no time: %d", got)
		}
	})
}

// TestWorstIsHalfOpen: the window does not hold its end.
func TestWorstIsHalfOpen(t *testing.T) {
	for _, test := range []struct {
		at   []time.Duration
		want int
	}{
		{nil, 0},
		{[]time.Duration{0}, 1},
		{[]time.Duration{0, time.Second}, 1},
		{[]time.Duration{0, time.Second - 1}, 2},
		{[]time.Duration{time.Second - 1, 0}, 2}, // overtaken
		{[]time.Duration{0, time.Second / 2, time.Second, time.Second * 3 / 2}, 2},
	} {
		if got := worst(slices.Clone(test.at), time.Second); got != test.want {
			t.Errorf("%v: %d, want %d", test.at, got, test.want)
		}
	}
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
		{minute.Add(299 * time.Second), true}, // overtaken by one of the next window: it counts there
		{minute.Add(301 * time.Second), false},
	} {
		if got := w.allow(step.at); got != step.want {
			t.Errorf("at %s: %v, want %v", step.at.UTC().Format("15:04:05.000"), got, step.want)
		}
	}
}
