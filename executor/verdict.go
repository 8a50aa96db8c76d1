package executor

import (
	"context"
	"fmt"
	"time"

	"herald/planner"
	"herald/providers"
	"herald/state"
)

// sent ends a look-up that found the message.
//
// Where messages carry no mark the vendor's list was counted against the attempts that say the same. If there are more
// of those than when it was asked, the one found may be another's, so it is asked again.
func (k *asker) sent(d *doubt, v providers.Verdict, alike int) {
	now, err := k.alike(d)
	if err != nil {
		k.fail(d, err)
		return
	}
	k.fruitless = 0
	if now > alike {
		v = providers.Verdict{Reason: "others that say the same were sent meanwhile", Class: v.Class}
		if d.tries++; d.tries < k.lane.Retry.MaxAttempts {
			k.putBack(d, time.Now())
		} else {
			k.undecided(d, v, true)
		}
		return
	}
	if !k.record(d, state.Result{State: state.Sent, ProviderID: v.ID, Status: v.Status, ProviderAt: v.At, By: state.LookUp}, v) {
		return
	}
	k.found[d.like]++
	k.tell(d, v, true)
	if d.old == nil {
		k.done(d, Done{Result: Sent, ID: v.ID, Status: v.Status})
	}
}

// absent ends a look-up that showed that the vendor has nothing: the row goes back. A send of this run is tried again,
// as long as there are attempts left.
func (k *asker) absent(d *doubt, v providers.Verdict) {
	k.fruitless = 0
	if !k.record(d, state.Result{State: state.Untried, Reason: d.result.Reason, By: state.LookUp}, v) {
		return
	}
	k.tell(d, v, true)
	if d.old != nil {
		return
	}
	l := k.lane
	if l.run.events.wanted() {
		l.run.events.emit(Returned{Account: l.Account, Send: d.send, Class: providers.Unknown, Reason: d.reason("the provider has not got it")})
	}
	next := d.number + 1
	if d.number >= l.Retry.MaxAttempts && k.ctx.Err() == nil {
		l.stop(Stop{Cause: CauseLost, Send: d.send, Count: d.number, Reason: d.result.Reason})
		next = 0
	}
	l.run.order.asked(l, d.ref, next)
}

// undecided ends a look-up that came to nothing. Asked says whether the provider was asked at all.
func (k *asker) undecided(d *doubt, v providers.Verdict, asked bool) {
	v.Finding = providers.Undecided
	if v.Reason == "" {
		v.Reason = "the provider cannot tell"
	}
	if d.old != nil {
		k.tell(d, v, asked)
		return
	}
	r := d.result
	if r.Reason = d.reason(v.Reason); !asked {
		r.Reason = d.result.Reason + "; not looked up: " + v.Reason
	}
	if !k.record(d, r, v) {
		return
	}
	k.tell(d, v, asked)
	k.done(d, inDoubt(r))
}

// leave ends the wait for a look-up that is not made any more, because of an interrupt. What is in doubt is recorded so
// already.
func (k *asker) leave(d *doubt) {
	if d.old == nil {
		k.done(d, inDoubt(d.result))
	} else if d.answer != nil {
		d.answer.Reason = "interrupted"
		if context.Cause(k.ctx) == errLedger {
			d.answer.Reason = errLedger.Error()
		}
	}
}

// fail takes in that the ledger cannot be used: the run ends.
func (k *asker) fail(d *doubt, err error) {
	if k.failed == nil {
		k.failed = err
	}
	k.lane.run.fail(err)
	k.leave(d)
}

// record writes what a look-up showed, and reports whether the look-up may end by it.
func (k *asker) record(d *doubt, r state.Result, v providers.Verdict) bool {
	l := k.lane
	if l.run.ledger == nil {
		return true
	}
	r.Send = d.send
	if r.State != state.InDoubt {
		r.At = l.run.clock.now()
	}
	if err := l.run.ledger.Record(l.run.last, r); err != nil {
		k.fail(d, fmt.Errorf("%s: the look-up at %s came to %q, but the ledger could not record it, so the send stays in doubt: %w",
			d.send, l.Account, v.Finding, err))
		return false
	}
	return true
}

// tell counts the end of a look-up and tells who wants to know.
func (k *asker) tell(d *doubt, v providers.Verdict, asked bool) {
	l := k.lane
	l.mu.Lock()
	l.looked.add(v.Finding)
	l.mu.Unlock()
	if d.answer != nil {
		d.answer.Asked, d.answer.Verdict = asked, v
	}
	if l.run.events.wanted() {
		l.run.events.emit(LookedUp{Account: l.Account, Send: d.send, Finding: v.Finding, Reason: v.Reason})
	}
}

// inDoubt is the end of a send that stays in doubt.
func inDoubt(r state.Result) Done {
	return Done{Result: InDoubt, Reason: r.Reason, ID: r.ProviderID, Status: r.Status}
}

// done ends a step of this run, and lets its person's next one know.
func (k *asker) done(d *doubt, e Done) {
	l := k.lane
	step := planner.Step{Send: d.send, Leads: d.leads}
	e.HTTP = d.http
	l.settle(&step, e)
	l.run.order.end(&step, e.Result.fate())
	l.run.order.asked(l, d.ref, 0)
}

// reason joins what the attempt came to and what the look-up did.
func (d *doubt) reason(why string) string { return d.result.Reason + "; looked up: " + why }
