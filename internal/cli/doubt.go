package cli

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"time"

	"herald/executor"
	"herald/internal/addr"
	"herald/planner"
	"herald/providers"
	"herald/spec"
	"herald/state"
)

// leastSettle is the shortest time after which what a provider accepted must be visible there.
const leastSettle = 5 * time.Second

// settle is how long after an attempt its provider's lists can be trusted to show it.
func (a *account) settle() time.Duration { return max(2*a.decl.Limits.Timeout, leastSettle) }

// lookUps is what providers said of the sends in doubt.
type lookUps struct {
	findings map[addr.Send]providers.Finding
	reasons  map[addr.Send]string // why a send stays in doubt
	early    map[string][]executor.Question
	counts   executor.LookUps
	stopped  bool // by an interrupt
}

// questions finds the sends in doubt that a provider can be asked about, by account. It makes a plan of its own, since
// only a plan knows what was said and to whom; what is wrong with the campaign is left to the plan that follows.
func (s *session) questions(ctx context.Context, known *state.View, reasons map[addr.Send]string) (map[string][]executor.Question, error) {
	var asked map[string][]executor.Question
	open := map[addr.Send]*state.Record{}
	for i := range known.Doubt {
		r := &known.Doubt[i]
		switch a := s.accounts[r.Account]; {
		case a == nil:
			reasons[r.Send] = "not looked up: the campaign has no account " + r.Account + " any more"
		case r.State == state.InDoubt && a.canLookUp():
			open[r.Send] = r
			reasons[r.Send] = "not looked up: the person or the message is no longer in the campaign"
		}
	}
	if len(open) == 0 {
		return nil, nil
	}
	asked = map[string][]executor.Question{}
	names := planner.NewNames(s.campaign, known) // the ledger's may be older
	_, _, err := planner.Make(ctx, planner.Input{
		Campaign: s.campaign, Accounts: plannerAccounts(s.accounts), View: known, Now: s.env.now(), Limit: -1, Version: Version,
	}, func(step *planner.Step) error {
		r := open[names.Ledger(step.Send)]
		if r == nil {
			return nil
		}
		if !step.Repeats(r) {
			reasons[r.Send] = "not looked up: " + changed(step, r)
			return nil
		}
		delete(reasons, r.Send)
		request := step.Request
		request.Body = bytes.Clone(request.Body)
		asked[r.Account] = append(asked[r.Account], executor.Question{
			Send: r.Send, Request: request, Content: r.Content, Destination: r.Destination, Key: r.Key, At: r.At, Answered: r.Answered,
			Place: r.Place,
		})
		return nil
	})
	return asked, err
}

// decidesItself reports whether one of the sends is of a sequence whose on_doubt would decide about it.
func (s *session) decidesItself(asked map[string][]executor.Question) bool {
	for _, seq := range s.campaign.Sequences {
		if seq.OnDoubt == spec.DoubtHold {
			continue
		}
		for _, questions := range asked {
			if slices.ContainsFunc(questions, func(q executor.Question) bool { return q.Send.Sequence == seq.Name }) {
				return true
			}
		}
	}
	return false
}

// changed says why a send cannot be asked about: what was attempted is not what would be sent now.
func changed(step *planner.Step, r *state.Record) string {
	if step.Action == planner.InDoubt && step.Reason != "" {
		return step.Reason
	}
	return "its content, destination or account has changed since"
}

// countAlike counts for each question the attempts that cannot be told apart from it.
func (s *session) countAlike(ctx context.Context, known *state.View, asked map[string][]executor.Question) error {
	reader, err := state.OpenReader(ctx, s.ledger)
	if err != nil {
		return err
	}
	defer reader.Close()
	for _, r := range known.Doubt {
		for i := range asked[r.Account] {
			q := &asked[r.Account][i]
			if q.Send != r.Send {
				continue
			}
			if q.Alike, err = reader.Alike(ctx, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// canLookUp reports whether the account's provider can be asked, as far as herald has the tokens for it.
func (a *account) canLookUp() bool {
	_, can := a.provider.(providers.Finder)
	return can && len(a.facts.MissingSecrets(a.config)) == 0
}

// lookUp asks the providers about what is in doubt. With a ledger what they say is recorded. wait waits until what was
// accepted must be visible; else what it is too early for is kept for later.
func (s *session) lookUp(ctx context.Context, known *state.View, ledger executor.DoubtLedger, wait bool) (lookUps, error) {
	found := lookUps{findings: map[addr.Send]providers.Finding{}, reasons: map[addr.Send]string{}, early: map[string][]executor.Question{}}
	asked, err := s.asks(ctx, known, found.reasons)
	if err != nil || len(asked) == 0 {
		return found, err
	}
	if ledger == nil { // else the executor asks it itself
		if err := s.countAlike(ctx, known, asked); err != nil {
			return found, err
		}
	}
	var lanes []executor.Lane
	for _, name := range slices.Sorted(maps.Keys(asked)) {
		l, err := s.lane(name, 0, nil, known)
		if err != nil {
			return found, err
		}
		l.Questions = asked[name]
		lanes = append(lanes, l)
	}
	// on_doubt decides only what stays undecided, so it waits for the look-up.
	wait = wait || ledger != nil && s.decidesItself(asked)
	sum, err := executor.LookUp(ctx, lanes, executor.LookUpOptions{Ledger: ledger, Wait: wait, Clock: s.env.now})
	found.stopped = sum.Interrupted
	for i, l := range sum.Lanes {
		found.counts.Found += l.Found
		found.counts.Absent += l.Absent
		found.counts.Undecided += l.Undecided
		for j, answer := range l.Answers {
			if answer.Asked {
				found.findings[answer.Send] = answer.Finding
			} else {
				found.early[l.Account] = append(found.early[l.Account], lanes[i].Questions[j])
			}
			if answer.Finding == providers.Undecided {
				found.reasons[answer.Send] = answer.Reason
			} else {
				delete(found.reasons, answer.Send)
			}
		}
	}
	return found, err
}

// record opens the ledger, looks up what is in doubt until asking ends, records it, and reads the ledger again.
func (s *session) record(ctx, asking context.Context, known *state.View, lock *state.Lock, wait bool) (lookUps, *state.View, error) {
	if len(known.Doubt) == 0 {
		return lookUps{}, known, nil
	}
	options := s.ledgerOptions(false)
	options.Lock = lock
	ledger, err := state.Open(ctx, s.ledger, options)
	if err != nil {
		return lookUps{}, known, err
	}
	defer ledger.Close()
	found, err := s.lookUp(asking, known, ledger, wait)
	if err != nil && asking.Err() == nil {
		return found, known, err
	}
	found.stopped = found.stopped || asking.Err() != nil
	if err := ledger.Close(); err != nil {
		return found, known, err
	}
	known, err = lock.Read(ctx)
	return found, known, err
}
