package cli

import (
	"herald/internal/addr"
	"herald/planner"
)

// tally counts a saved plan's lines off against what the plan shows.
type tally struct {
	groups  map[counted]int
	lanes   map[string]int
	actions map[planner.Action]int
	samples map[addr.Send]bool // shown, and not come yet
	rests   int

	names addr.Message // the last that was found to be a message
	of    counted      // what the last steps were counted by
	run   int          // how many of them
}

// counted is what steps are counted by: what reviewers see of them.
type counted struct {
	message addr.Message
	action  planner.Action
	account string
}

// tally refuses a head that shows what no plan shows, and gives what must follow it. With all that follows counted off, a plan
// sends nothing else than it shows: its steps are those that its lanes and groups count, and each is one that a plan can
// have. Whoever forges a plan can make it show nothing that is not in it, but for the texts: those are held by the digest
// alone.
func (p *savedPlan) tally() (*tally, error) {
	if err := p.named(); err != nil {
		return nil, err
	}
	t := &tally{groups: map[counted]int{}, lanes: map[string]int{}, actions: map[planner.Action]int{}, samples: map[addr.Send]bool{}, rests: p.Rests}
	for _, g := range p.Plan.Groups {
		if !g.Action.Sends() {
			continue
		}
		if len(g.Samples) > g.Count {
			return nil, unlike("it shows more messages of %s than it has", g.Message.String())
		}
		t.groups[counted{g.Message, g.Action, g.Account}] += g.Count
		for _, s := range g.Samples {
			if s.Send.Message != g.Message {
				return nil, unlike("it shows %s as %s", s.Send.String(), g.Message.String())
			}
			t.samples[s.Send] = true
		}
	}
	for _, l := range p.Plan.Lanes {
		if _, twice := t.lanes[l.Account]; twice || l.Sends < 0 {
			return nil, unlike("its lane %s is there twice, or counts below zero", l.Account)
		}
		t.lanes[l.Account] = l.Sends
	}
	for _, action := range []planner.Action{planner.Send, planner.Resend, planner.Skip, planner.Assume} {
		t.actions[action] = p.Plan.Counts[action]
	}
	return t, nil
}

// step counts off a step of a lane.
func (t *tally) step(lane string, s *planner.Step) error {
	if err := t.address(s.Send); err != nil {
		return err
	}
	if err := sendable(s); err != nil {
		return err
	}
	if s.Account != lane {
		return unlike("%s is in the lane %s, and goes through %s", s.Send.String(), lane, s.Account)
	}
	if of := (counted{s.Send.Message, s.Action, lane}); of != t.of {
		t.flush()
		t.of = of
	}
	t.run++
	if len(t.samples) > 0 {
		delete(t.samples, s.Send)
	}
	return nil
}

// flush counts off the last steps that were alike.
func (t *tally) flush() {
	if t.run > 0 {
		t.lanes[t.of.account] -= t.run
		t.actions[t.of.action] -= t.run
		t.groups[t.of] -= t.run
	}
	t.run = 0
}

// settle counts off what is settled without sending.
func (t *tally) settle(s *planner.Settled) error {
	if s.Action != planner.Skip && s.Action != planner.Assume {
		return unlike("%s is to be settled by %s", s.Send.String(), string(s.Action))
	}
	t.actions[s.Action]--
	return t.address(s.Send)
}

// rest counts off what a step rests on.
func (t *tally) rest(r *planner.Rest) error {
	t.rests--
	return t.address(r.Send)
}

// over refuses a plan that has less than it shows, or something else.
func (t *tally) over() error {
	t.flush()
	for lane, n := range t.lanes {
		if n != 0 {
			return unlike("its lane %s has other steps than it counts (off by %d)", lane, n)
		}
	}
	for of, n := range t.groups {
		if n != 0 {
			return unlike("it counts %s of %s through %s differently than it has them (off by %d)", string(of.action), of.message.String(), of.account, n)
		}
	}
	for action, n := range t.actions {
		if n != 0 {
			return unlike("it counts %s differently than it has them (off by %d)", string(action), n)
		}
	}
	if t.rests != 0 {
		return unlike("it rests on other sends than it counts (off by %d)", t.rests)
	}
	for send := range t.samples {
		return unlike("it shows %s and does not send it", send.String())
	}
	return nil
}
