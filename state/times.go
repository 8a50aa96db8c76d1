package state

import "time"

// timeOf reads a stored time.
func timeOf(ns int64) time.Time {
	if ns == 0 {
		return time.Time{}
	}
	return time.Unix(0, ns).UTC()
}

// stamp is how a time is stored that must be there: now when it is not.
func stamp(t time.Time) int64 {
	if ns, ok := nanos(t).(int64); ok {
		return ns
	}
	return time.Now().UnixNano()
}

// instant is how a view keeps a time: 0 when there is none.
func instant(t time.Time) int64 {
	ns, _ := nanos(t).(int64)
	return ns
}

// nanos is how a time is stored: nil, which is NULL, when there is none. A time that nanoseconds since 1970 cannot
// hold, which only a provider's odd answer can bring, counts as none.
func nanos(t time.Time) any {
	if t.IsZero() || t.Year() < 1900 || t.Year() > 2200 {
		return nil
	}
	return t.UnixNano()
}
