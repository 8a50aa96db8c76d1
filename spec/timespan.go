package spec

import (
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// checkSpan refuses a sequence that is over before it begins, or whose window is shut all the time between, where that is
// so for everyone. sound says that nothing is wrong with the window itself.
func (q *Sequence) checkSpan(b *hclsyntax.Block, sound bool) hcl.Diagnostics {
	over, shut := true, sound && q.Window != nil
	for _, zone := range q.zones() {
		start, until := q.Start.In(zone), q.Until.In(zone)
		over = over && !until.After(start)
		shut = shut && q.shut(start, until, zone)
	}
	switch {
	case over:
		return hcl.Diagnostics{within(problem(q.Until.Range, "Sequence ends before it begins",
			"until (%s) is not after start (%s, at %s), so that nobody would ever be written to. Mend one of the two.", q.Until, q.Start, q.Start.Range), b.DefRange())}
	case shut:
		return hcl.Diagnostics{within(problem(q.Window.Range, "Window never opens",
			"The window (%s) is not open at any time from start (%s, at %s) to until (%s), so that nobody would ever be written to. Mend one of the three.",
			q.Window, q.Start, q.Start.Range, q.Until), b.DefRange())}
	}
	return nil
}

// shut reports whether the window is closed all the time from start to until. Where the zone stands for those of people,
// an hour more on both sides leaves room for clocks that change between.
func (q *Sequence) shut(start, until time.Time, zone *time.Location) bool {
	if q.Window.constantZone() == nil {
		start, until = start.Add(-time.Hour), until.Add(time.Hour)
	}
	next := q.Window.Next(start, zone)
	return next.IsZero() || !next.Before(until)
}

// zones gives the zone that the sequence's times are in, or, where it is each person's own, one for every offset that any
// place has: from 12 hours behind UTC to 14 ahead, by quarters of an hour.
func (q *Sequence) zones() []*time.Location {
	if q.Window == nil && !q.Start.Local() && !q.Until.Local() {
		return []*time.Location{time.UTC}
	}
	if q.Window != nil {
		if zone := q.Window.constantZone(); zone != nil {
			return []*time.Location{zone}
		}
	}
	const step, behind, ahead = 15 * time.Minute, 12 * time.Hour, 14 * time.Hour
	var all []*time.Location
	for offset := -behind; offset <= ahead; offset += step {
		all = append(all, time.FixedZone("", int(offset.Seconds())))
	}
	return all
}
