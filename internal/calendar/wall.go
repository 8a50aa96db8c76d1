package calendar

import (
	"math"
	"time"
)

// span is a time without a change of clocks, in Unix seconds: from its first one to the one after its last.
type span struct{ from, to, offset int64 }

// wall is what the clocks of a zone show around some instant. Readings of clocks are written as the Unix seconds that
// they would be in UTC. It is an array, so that making one costs no memory: it is made once per person.
type wall struct {
	spans [8]span // more changes than ever were in such a time
	n     int
}

// How far around an instant a wall reaches, in seconds: some days more than what openings asks for, since a reading and
// its instant lie up to a day apart.
const (
	wallBefore = (daysBefore + 3) * day
	wallAfter  = (daysAfter + 4) * day
)

// wallAround looks up what a zone's clocks show around an instant.
func wallAround(sec int64, zone *time.Location) (w wall) {
	for at := sec - wallBefore; w.n < len(w.spans); {
		t := time.Unix(at, 0).In(zone)
		_, offset := t.Zone()
		s := span{at, math.MaxInt64, int64(offset)}
		if w.n == 0 {
			s.from = math.MinInt64
		}
		if _, end := t.ZoneBounds(); !end.IsZero() && end.Unix() < sec+wallAfter {
			s.to = end.Unix()
		}
		w.spans[w.n] = s
		w.n++
		if s.to == math.MaxInt64 {
			break
		}
		at = s.to
	}
	w.spans[w.n-1].to = math.MaxInt64
	return w
}

// reading is what the clocks show at an instant.
func (w *wall) reading(sec int64) int64 {
	i := 0
	for i < w.n-1 && sec >= w.spans[i].to {
		i++
	}
	return sec + w.spans[i].offset
}

// first gives the first instant with a reading, or, when clocks jump over it, the instant of the jump.
func (w *wall) first(reading int64) int64 {
	i := 0
	for i < w.n-1 && reading-w.spans[i].offset >= w.spans[i].to {
		i++
	}
	return max(reading-w.spans[i].offset, w.spans[i].from)
}

// last gives the last instant with a reading, or, when clocks jump over it, the instant of the jump.
func (w *wall) last(reading int64) int64 {
	i := w.n - 1
	for i > 0 && reading-w.spans[i].offset < w.spans[i].from {
		i--
	}
	return min(reading-w.spans[i].offset, w.spans[i].to)
}
