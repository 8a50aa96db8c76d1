package executor

import (
	"time"

	"herald/providers"
)

// unanswered puts a look-up off that got no answer. Who gives none to several in a row is left alone for a while: those
// that wait for their turn by now are given up too, and the next plan asks again.
func (k *asker) unanswered(d *doubt, v providers.Verdict, s *slot) {
	l := k.lane
	d.tries++
	k.fruitless++
	now := time.Now()
	var until time.Time
	if v.Class == providers.Throttled {
		var longer bool
		if until, longer = l.limiter.throttled(s, v.After, l.Retry); longer {
			l.run.events.emit(Throttled{Account: l.Account, Until: until, Reason: v.Reason})
		}
	} else {
		// The group need not wait: what is sent finds out by itself, and may well be answered.
		until = now.Add(backoff(l.Retry, k.fruitless-1))
		k.resume = until
	}
	switch {
	case k.fruitless >= l.Retry.MaxAttempts:
		k.fruitless = 0
		k.undecided(d, v, true)
		for _, other := range k.takeDue(now) {
			if other.tries > 0 {
				k.undecided(other, v, true)
			} else {
				k.undecided(other, providers.Verdict{Reason: "others got no answer: " + v.Reason}, false)
			}
		}
	case d.tries >= l.Retry.MaxAttempts:
		k.undecided(d, v, true)
	default:
		k.putBack(d, until)
	}
}

// turnedAway ends the look-ups of a lane whose account the provider turned away, and its sends if there are more.
func (k *asker) turnedAway(d *doubt, v providers.Verdict) {
	l := k.lane
	k.away = "the account was turned away: " + v.Reason
	k.undecided(d, v, true)
	for _, other := range k.takeAll() {
		k.undecided(other, providers.Verdict{Reason: k.away}, false)
	}
	l.barred.Store(&Stop{Cause: CauseAccount, Send: d.send, Count: 1, Reason: "look-up: " + v.Reason})
	if l.run.order.more(l) {
		l.shut()
	}
}

// putBack lets a look-up queue again, from an instant on and behind those that are due by then: one send of which the
// vendor says nothing must not keep it from being asked about the others.
func (k *asker) putBack(d *doubt, from time.Time) {
	d.due = from
	k.mu.Lock()
	defer k.mu.Unlock()
	k.push(d)
}
