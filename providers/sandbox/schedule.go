package sandbox

import (
	"encoding/binary"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"
)

// drawnDelay is below what FaultDelay waits in Faults.
const drawnDelay = time.Second

// Faults makes an Options.Fault that misbehaves at random: rates says for each kind which share of the requests it gets,
// from 0 to 1, together 1 at most; the rest is answered well. What request n of a vendor gets follows from seed, vendor
// and n alone; which message that is, is up to the client. A FaultDelay takes up to a second, and every other
// FaultThrottle asks for one: these follow from the same. Rates that cannot be are the caller's mistake: it panics.
func Faults(seed uint64, rates map[FaultKind]float64) func(vendor string, n int, r *http.Request) Fault {
	rates = maps.Clone(rates)
	kinds := slices.Sorted(maps.Keys(rates)) // a map's order is another each time
	sum := 0.0
	for _, kind := range kinds {
		if kind < 0 || int(kind) >= faultKinds || !(rates[kind] >= 0) {
			panic(fmt.Sprintf("sandbox: rate %v for fault %d: give a known kind a share from 0 to 1", rates[kind], int(kind)))
		}
		sum += rates[kind]
	}
	if sum > 1+1e-9 { // ten times 0.1 is a little more than 1
		panic(fmt.Sprintf("sandbox: the rates of all faults are %v together: give at most 1", sum))
	}
	return func(vendor string, n int, _ *http.Request) Fault {
		h := hash(fmt.Sprint("fault ", seed), fmt.Sprint(vendor, " ", n))
		drawn, more := share(h[:8]), share(h[8:])
		for _, kind := range kinds {
			if drawn -= rates[kind]; drawn >= 0 {
				continue
			}
			f := Fault{Kind: kind}
			switch kind {
			case FaultDelay:
				f.Delay = time.Duration(more * float64(drawnDelay))
			case FaultThrottle:
				f.RetryAfter = int(2 * more)
			}
			return f
		}
		return Fault{}
	}
}

// share makes a number from 0 to below 1 of 8 random bytes.
func share(b []byte) float64 { return float64(binary.BigEndian.Uint64(b)>>11) / (1 << 53) }

// Storm makes an Options.Fault that answers 429 in storms: of each every requests to a vendor, the last length are
// throttled, without Retry-After. It panics unless 0 <= length <= every and every is at least 1.
func Storm(every, length int) func(vendor string, n int, r *http.Request) Fault {
	if every < 1 || length < 0 || length > every {
		panic(fmt.Sprintf("sandbox: a storm of %d in each %d requests cannot be: give 0 <= length <= every", length, every))
	}
	return func(_ string, n int, _ *http.Request) Fault {
		if (n-1)%every >= every-length {
			return Fault{Kind: FaultThrottle}
		}
		return Fault{}
	}
}
