package planner

import (
	"fmt"
	"strings"
	"time"

	"herald/internal/addr"
	"herald/providers"
	"herald/spec"
	"herald/state"
)

// perContact counts for one policy what each person gets: the messages that the ledger has from the policy's time before
// now, and those of this plan. Any time of that length that ends during the run holds no more.
type perContact struct {
	policy  *spec.Policy
	since   time.Time
	view    *state.View
	absent  map[string]int // attempts by key that the view counts, and that a look-up found to have come to nothing
	got     map[sum128]int32
	samples []string // the first few who get too many
	most    int
}

func newPerContact(p *spec.Policy, in *Input) *perContact {
	c := &perContact{policy: p, since: in.Now.Add(-p.MaxPerContact.Per), view: in.View, absent: map[string]int{}, got: map[sum128]int32{},
		most: min(in.Samples, shown)}
	for _, r := range in.View.Doubt {
		if r.State == state.InDoubt && in.LookedUp[r.Send] == providers.Absent && p.Covers(r.Send.Sequence) && r.At.After(c.since) {
			c.absent[r.Send.Key]++
		}
	}
	return c
}

// count takes one more request of the plan.
func (ps *policies) count(h hasher, to addr.Send) {
	for _, c := range ps.contacts {
		if c.policy.Covers(to.Sequence) {
			c.add(h.sum(to.Key), to.Key)
		}
	}
}

func (c *perContact) add(who sum128, key string) {
	n, met := c.got[who]
	if !met {
		n = int32(c.view.SentSince(key, c.since, c.policy.Covers) - c.absent[key])
	}
	n++
	c.got[who] = n
	if allowed := int32(c.policy.MaxPerContact.Count); n > allowed && (!met || n-1 <= allowed) && len(c.samples) < c.most {
		c.samples = append(c.samples, addr.Quote(clip(key)))
	}
}

// forbidden reports whether somebody would get more than the policy allows.
func (c *perContact) forbidden() (Forbidden, bool) {
	allowed := c.policy.MaxPerContact.Count
	over, least, greatest := 0, 0, 0
	for _, n := range c.got {
		if n := int(n); n > allowed {
			if over++; over == 1 || n < least {
				least = n
			}
			greatest = max(greatest, n)
		}
	}
	if over == 0 {
		return Forbidden{}, false
	}
	much := thousands(greatest)
	if least < greatest {
		much = thousands(least) + " to " + much
	}
	per := span(c.policy.MaxPerContact.Per)
	return Forbidden{Summary: "Too many messages to one contact", Detail: fmt.Sprintf(
		"%s would get %s messages%s within %s; policy.%s allows %s. What was sent before now counts too. "+
			"Wait until less of it lies within %s, give the later message an after, plan less with -target, or raise max_per_contact.",
		count(over, "contact", "contacts"), much, coveredBy(c.policy), per, c.policy.Name, thousands(allowed),
		per), Among: strings.Join(c.samples, ", ")}, true
}
