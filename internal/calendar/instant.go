package calendar

import "time"

// Instant is a time as somebody wrote it: with its offset, or on the wall clock of a zone that is not known yet. The zero
// Instant is no time.
type Instant struct {
	at    time.Time // with an offset; else the wall clock's reading, as if it were UTC
	local bool
}

// Local reports whether the instant needs a zone.
func (i Instant) Local() bool { return i.local }
