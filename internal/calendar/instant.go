package calendar

import (
	"cmp"
	"errors"
	"strings"
	"time"
)

// Instant is a time as somebody wrote it: with its offset, or on the wall clock of a zone that is not known yet. The zero
// Instant is no time.
type Instant struct {
	at    time.Time // with an offset; else the wall clock's reading, as if it were UTC
	local bool
}

// How readings of a wall clock are written: the shortest last, so that String can go through them in this order.
const (
	layoutSeconds = "2006-01-02 15:04:05"
	layoutMinutes = "2006-01-02 15:04"
	layoutDay     = "2006-01-02"
)

// firstYear is the first one that an Instant may lie in. Nobody plans for an earlier one, and zones before it are guesses.
const firstYear = 1970

// ParseInstant reads 2026-12-01T09:00:00+01:00, which is RFC 3339, or a wall clock's reading that some zone makes an
// instant: 2026-12-01 09:00, with or without seconds, or a day alone, which is its 00:00. The error says what may be
// written; it does not repeat the text.
func ParseInstant(s string) (Instant, error) {
	i, err := parseInstant(s)
	if err == nil && i.at.Year() < firstYear {
		return Instant{}, errors.New("the year must be 1970 or later")
	}
	return i, err
}

func parseInstant(s string) (Instant, error) {
	at, err := time.Parse(time.RFC3339, s)
	if err == nil && s[len(layoutDay)+3] == ':' && !strings.Contains(s, ",") { // time.Parse takes T9:00 and 00,5Z as well
		_, offset := at.Zone()
		return Instant{at: at.In(fixed(offset))}, nil
	} else if outOfRange(err) {
		return Instant{}, errNoSuchTime
	}
	for _, layout := range []string{layoutSeconds, layoutMinutes, layoutDay} {
		at, err := time.Parse(layout, s)
		if err == nil && at.Format(layout) == s { // time.Parse takes 9:00 and fractions of a second as well
			return Instant{at: at, local: true}, nil
		}
		if outOfRange(err) && len(s) == len(layout) {
			return Instant{}, errNoSuchTime
		}
	}
	return Instant{}, errors.New(`not a time: write "2026-12-01T09:00:00+01:00" (RFC 3339, with its offset) or, on the wall clock of a time zone, "2026-12-01 09:00"`)
}

// errNoSuchTime is the error for what has the form of a time and is none.
var errNoSuchTime = errors.New("there is no such day, or no such time of day")

// outOfRange reports whether a text has the form of a time, with a number in it that is too large.
func outOfRange(err error) bool {
	var wrong *time.ParseError
	return errors.As(err, &wrong) && strings.HasSuffix(wrong.Message, "out of range")
}

// fixed is the zone of an offset. Parsing may give the machine's own zone, which must not show in anything.
func fixed(offset int) *time.Location {
	if offset == 0 {
		return time.UTC
	}
	return time.FixedZone("", offset)
}

// Local reports whether the instant needs a zone.
func (i Instant) Local() bool { return i.local }

// IsZero reports whether it is no time at all.
func (i Instant) IsZero() bool { return i.at.IsZero() }

// In gives the instant, with zone as its location. A local one is that reading of the zone's wall clock: if clocks jump
// over it, the next instant that exists; if it comes twice, the first. The zero Instant is the zero time.
func (i Instant) In(zone *time.Location) time.Time {
	if i.IsZero() {
		return time.Time{}
	}
	if !i.local {
		return i.at.In(zone)
	}
	reading := i.at.Unix()
	wall := wallAround(reading, zone)
	return time.Unix(wall.first(reading), 0).In(zone)
}

// Compare orders two instants as cmp.Compare does. ok is false when only one of them is local: their order then hangs on
// the zone.
func (i Instant) Compare(o Instant) (order int, ok bool) {
	if i.local != o.local {
		return 0, false
	}
	return cmp.Or(cmp.Compare(i.at.Unix(), o.at.Unix()), cmp.Compare(i.at.Nanosecond(), o.at.Nanosecond())), true
}

// String gives the instant as ParseInstant reads it; "" for the zero Instant.
func (i Instant) String() string {
	switch {
	case i.IsZero():
		return ""
	case !i.local:
		return i.at.Format(time.RFC3339Nano)
	case i.at.Second() != 0:
		return i.at.Format(layoutSeconds)
	}
	return i.at.Format(layoutMinutes)
}
