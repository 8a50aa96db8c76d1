package avaamo

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"

	"herald/providers/wire"
)

// loose is an object whose members may be of other types than documented: the vendor's own samples have numbers with
// and without fractions, and null in place of any type.
type loose map[string]json.RawMessage

func object(raw []byte) (loose, bool) {
	members, ok := wire.Object(raw)
	return members, ok
}

func (l loose) text(name string) string { return text(l[name]) }

// text gives a string, "" for null, and the JSON of anything else.
func text(raw json.RawMessage) string {
	var s *string
	if len(raw) == 0 || json.Unmarshal(raw, &s) == nil {
		if s == nil {
			return ""
		}
		return *s
	}
	return string(raw)
}

// number gives a whole number, whether it is written with a fraction or as a string. It is 0 for anything else.
func (l loose) number(name string) int64 {
	digits := text(l[name])
	if n, err := strconv.ParseInt(digits, 10, 64); err == nil {
		return n
	}
	if n, ok := float(digits); ok && math.Abs(n) < 1<<53 {
		return int64(n)
	}
	return 0
}

func (l loose) flag(name string) bool { return text(l[name]) == "true" }

// list gives the elements of an array, and anything else but null as the one element.
func (l loose) list(name string) (all []json.RawMessage) {
	raw := l[name]
	if len(raw) == 0 || json.Unmarshal(raw, &all) == nil {
		return all
	}
	return []json.RawMessage{raw}
}

func (l loose) time(name string) time.Time { return instant(text(l[name])) }

// instant reads an instant, to the microsecond. The pages speak of seconds, milliseconds and microseconds, and their
// samples do not agree with them: timetoken is said to be in milliseconds and is in microseconds. So its magnitude
// decides; each goes to the year 5138, the last as far as 64 bits do. It is zero for what is none.
func instant(digits string) time.Time {
	n, ok := float(digits)
	whole, part := math.Modf(n)
	var unit int64 // in a second
	switch {
	case !ok || n <= 0 || n >= math.MaxInt64:
		return time.Time{}
	case n < 1e11:
		unit = 1
	case n < 1e14:
		unit = 1e3
	case n < 1e17:
		unit = 1e6
	default:
		unit = 1e9
	}
	nanos := float64(int64(whole)%unit) + part
	return time.Unix(int64(whole)/unit, int64(nanos*(1e9/float64(unit)))).Round(time.Microsecond).UTC()
}

// float reads a number as JSON writes it; names such as NaN are none.
func float(digits string) (float64, bool) {
	if strings.Trim(digits, "0123456789+-.eE") != "" {
		return 0, false
	}
	n, err := strconv.ParseFloat(digits, 64)
	return n, err == nil
}
