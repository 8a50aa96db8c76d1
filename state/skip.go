package state

import (
	"context"

	"herald/internal/addr"
)

// Skip records that the conditions of these sends were false, all of them with one commit, or none. What is recorded as the
// content of such a send is the hash of the condition, by which a later plan sees whether it was edited. It belongs to a run,
// and like its sends raises the serial once: what is skipped is not sent.
func (l *Ledger) Skip(ctx context.Context, skips []Skip) error {
	if len(skips) == 0 {
		return nil
	}
	return l.run(ctx, func(ctx context.Context) error {
		moves, err := l.skippable(ctx, skips)
		if err != nil {
			return err
		}
		for i, m := range moves {
			if err := l.skip(ctx, m, skips[i]); err != nil {
				return err
			}
		}
		if l.book.raised {
			return nil
		}
		l.book.raised = true
		return l.raise(ctx, l.book.run)
	})
}

// skippable gives the move of each skip, or refuses them: each of these refusals is a bug of the caller.
func (l *Ledger) skippable(ctx context.Context, skips []Skip) ([]move, error) {
	moves := make([]move, len(skips))
	seen := make(map[addr.Send]bool, len(skips))
	var errs refusals
	for i, s := range skips {
		was, err := l.stateOf(ctx, s.Send)
		if err != nil {
			return nil, err
		}
		m, ok := l.allow(s.Send, was, passedBy)
		known := s.Definition.IsZero() || l.book.definitions[definitionKey{l.book.messages[s.Send.Message], s.Definition}] != 0
		switch {
		case seen[s.Send]:
			errs.add("%w", bug(s.Send, "it is skipped twice"))
		case !ok:
			errs.add("%w", bug(s.Send, "it is %s already, and is skipped", was))
		case l.book.run == 0:
			errs.add("%w", bug(s.Send, "it is skipped outside of a run"))
		case s.Send.Sequence == "" || s.Send.Name == "" || s.Account == "" || s.Condition.IsZero():
			errs.add("%w", bug(s.Send, "it is skipped without a message, an account or a condition"))
		case !known:
			errs.add("%w", bug(s.Send, "its definition %s was not given to StartRun", s.Definition))
		}
		moves[i], seen[s.Send] = m, true
	}
	return moves, errs.error()
}

// skip gathers the row of a skipped send. A row that was there is kept under earlier.
func (l *Ledger) skip(ctx context.Context, m move, s Skip) error {
	message, err := l.messageID(m.send.Message)
	if err != nil {
		return err
	}
	account, err := l.accountOf(s.Account)
	if err != nil {
		return err
	}
	if err := l.recall(ctx, message, m.send.Key); err != nil {
		return err
	}
	definition := l.book.definitions[definitionKey{message, s.Definition}]
	l.stmts.settle.add(message, m.send.Key, int64(m.to), account.id, s.Condition.blob(), nil, orNull(definition), nil, 0, nil,
		nil, nil, nil, stamp(s.At), nil, nil, nil, nil, l.book.run, nil)
	return nil
}
