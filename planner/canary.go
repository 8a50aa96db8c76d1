package planner

import (
	"fmt"
	"time"

	"herald/providers"
	"herald/spec"
)

// wave is the canary of one policy for one message: the first few people who get it before the others do. Each message
// has its own wave. Plan order is stable, so that the same people come first in all of them, and whoever got the first
// message in a wave is in that of the next one as far as it was sent to them.
//
// Who was refused or is in doubt is in the wave like those who got the message: they are what a canary is for.
// Whether it did well enough is for max_failure_rate to say. Without one the others follow when the hold has passed.
type wave struct {
	reason string
	left   int       // people who may still join it in this plan
	until  time.Time // when the others may follow; zero while people are missing
}

// canary gives the waves of a message, one for each policy that covers it and has one.
func (m *maker) canary(r *message) []*wave {
	waves, known := m.policies.waves[r]
	if known {
		return waves
	}
	for _, p := range m.in.Campaign.Policies {
		if p.Canary != nil && p.Covers(r.addr.Sequence) {
			waves = append(waves, m.wave(r, p))
		}
	}
	m.policies.waves[r] = waves
	return waves
}

func (m *maker) wave(r *message, p *spec.Policy) *wave {
	w := &wave{reason: fmt.Sprintf("canary of policy.%s: the first %s, then %s", p.Name, thousands(p.Canary.Size), span(p.Canary.Hold))}
	// Those of whom a look-up found nothing are no longer there, and the view still counts them. It does not say which
	// of its times are theirs, so the wave counts as complete when it is without them at the latest.
	undone := m.ledger.unsent[r.addr]
	complete, recorded := m.in.View.Wave(r.addr, p.Canary.Size+undone)
	if recorded -= undone; recorded >= p.Canary.Size {
		w.until = complete.Add(p.Canary.Hold)
	} else {
		w.left = p.Canary.Size - recorded
	}
	return w
}

// open reports whether one more person may get the message now.
func (w *wave) open(now time.Time) bool {
	if w.until.IsZero() {
		return w.left > 0
	}
	return !now.Before(w.until)
}

// hold makes those of a person's steps wait that come after a canary, and with a step all that follow it.
func (m *maker) hold(s *sequence) {
	var before *message // that waits
	for i := range s.steps {
		step := &s.steps[i]
		switch {
		case before != nil && step.Action.Sends() && !step.FromDoubt:
			step.keepBack(following(before.addr, 0), time.Time{})
		case before != nil:
			step.behind(before.addr)
		case step.Action == Send:
			waves := m.canary(step.message)
			if reason, due, waits := stopped(waves, m.in.Now); waits {
				step.keepBack(reason, due)
				before = step.message
				continue
			}
			for _, w := range waves {
				w.left--
			}
		}
	}
}

// stopped gives the first reason to wait, and when the last one is over: zero when nobody knows.
func stopped(waves []*wave, now time.Time) (reason string, due time.Time, waits bool) {
	for _, w := range waves {
		if w.open(now) {
			continue
		}
		if !waits {
			reason, due, waits = w.reason, w.until, true
		}
		switch {
		case w.until.IsZero():
			due = time.Time{}
		case !due.IsZero() && w.until.After(due):
			due = w.until
		}
	}
	return reason, due, waits
}

// keepBack makes a step that was ready to be sent one that waits.
func (p *pending) keepBack(reason string, due time.Time) {
	p.wait(reason, due)
	p.Request, p.Person = providers.Request{}, PersonHashes{}
}
