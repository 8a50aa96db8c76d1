package sandbox

import (
	"math"
	"testing"
	"time"
)

func TestFaultsKeepTheirRates(t *testing.T) {
	rates := map[FaultKind]float64{FaultThrottle: 0.2, FaultDropAfter: 0.1, FaultDelay: 0.05, FaultHang: 0}
	const requests = 20_000
	choose := Faults(7, rates)
	got, asked := map[FaultKind]float64{}, 0
	for n := range requests {
		f := choose(HeyX, n+1, nil)
		got[f.Kind] += 1.0 / requests
		if f.Delay < 0 || f.Delay >= time.Second || f.Delay != 0 && f.Kind != FaultDelay {
			t.Fatalf("request %d: %+v", n+1, f)
		}
		asked += f.RetryAfter
	}
	for kind, want := range map[FaultKind]float64{FaultThrottle: 0.2, FaultDropAfter: 0.1, FaultDelay: 0.05, FaultNone: 0.65} {
		if math.Abs(got[kind]-want) > 0.02 { // five standard deviations and more
			t.Errorf("%s: %.3f of all, want %.3f", kind, got[kind], want)
		}
	}
	if len(got) != 4 {
		t.Errorf("kinds %v", got)
	}
	if share := float64(asked) / (got[FaultThrottle] * requests); math.Abs(share-0.5) > 0.05 {
		t.Errorf("%.2f of the throttled are asked to wait a second", share)
	}
}

func TestFaultsFollowFromTheSeed(t *testing.T) {
	rates := map[FaultKind]float64{FaultError: 0.5, FaultDelay: 0.25, FaultThrottle: 0.25}
	a, b, other := Faults(1, rates), Faults(1, rates), Faults(2, rates)
	clear(rates) // the schedule is made: the map is the caller's again
	var seeds, vendors int
	for n := 200; n > 0; n-- { // in whatever order they are asked
		f := a(HeyX, n, nil)
		if g := b(HeyX, n, nil); f != g {
			t.Fatalf("request %d: %+v and %+v", n, f, g)
		}
		if f.Kind == FaultNone {
			t.Fatalf("request %d has no fault", n)
		}
		if f.Kind != other(HeyX, n, nil).Kind {
			seeds++
		}
		if f.Kind != a(Chatwoot, n, nil).Kind {
			vendors++
		}
	}
	if seeds < 50 || vendors < 50 {
		t.Errorf("%d of 200 differ for another seed, %d for another vendor", seeds, vendors)
	}
}

func TestStorm(t *testing.T) {
	choose := Storm(5, 2)
	for n := 1; n <= 20; n++ {
		want := Fault{}
		if n%5 == 4 || n%5 == 0 {
			want.Kind = FaultThrottle
		}
		if got := choose(HeyX, n, nil); got != want {
			t.Errorf("request %d: %+v, want %+v", n, got, want)
		}
	}
}

func TestSchedulesThatCannotBe(t *testing.T) {
	for name, make := range map[string]func(){
		"a negative rate":   func() { Faults(1, map[FaultKind]float64{FaultError: -0.1}) },
		"no number":         func() { Faults(1, map[FaultKind]float64{FaultError: math.NaN()}) },
		"more than all":     func() { Faults(1, map[FaultKind]float64{FaultError: 0.6, FaultHang: 0.6}) },
		"an unknown kind":   func() { Faults(1, map[FaultKind]float64{FaultKind(faultKinds): 0.1}) },
		"a storm of none":   func() { Storm(0, 0) },
		"too long a storm":  func() { Storm(2, 3) },
		"a storm backwards": func() { Storm(2, -1) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("taken")
				}
			}()
			make()
		})
	}
	tenths := map[FaultKind]float64{}
	for kind := range FaultKind(10) {
		tenths[kind] = 0.1
	}
	Faults(1, tenths) // 1 and a little, in floating point
	Storm(2, 2)
}
