package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"slices"

	"herald/internal/addr"
	"herald/internal/sqlitefile"
)

// page is how many records are read at a time: enough to be fast, few enough that no run waits for a slow reader.
const page = 500

// Records streams the sends within any of the targets, all when there are none, in the order of addresses. Errors come
// with a zero Record, and end the stream.
func (r *Reader) Records(ctx context.Context, targets ...addr.Target) iter.Seq2[Record, error] {
	return stream(ctx, r, targets, r.page, func(rec Record) addr.Send { return rec.Send })
}

// stream gives what next reads of the sends within the targets, a page at a time, and in the order of their addresses, which
// send tells. Next tells whether there may be more in a span.
func stream[T any](ctx context.Context, r *Reader, targets []addr.Target,
	next func(ctx context.Context, s span, live bool) (all []T, more bool, err error), send func(T) addr.Send) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		spans, err := r.spans(ctx, targets)
		if err != nil {
			yield(none, err)
			return
		}
		for _, s := range spans {
			for more := true; more; {
				var all []T
				err := r.do(ctx, func(ctx context.Context, live bool) (err error) {
					all, more, err = next(ctx, s, live)
					return err
				})
				if err != nil {
					yield(none, err)
					return
				}
				for _, t := range all {
					if !yield(t, nil) {
						return
					}
				}
				if len(all) > 0 {
					s.from = send(all[len(all)-1]).Key + "\x00" // the very next string
				}
			}
		}
	}
}

// Records streams the sends of the ledger at path; none when there is no ledger.
func Records(ctx context.Context, path string, targets ...addr.Target) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		r, err := OpenReader(ctx, path)
		if err != nil {
			if !missing(path) {
				yield(Record{}, err)
			}
			return
		}
		defer r.Close()
		r.Records(ctx, targets...)(yield)
	}
}

func missing(path string) bool {
	real, err := realPath(path)
	if err != nil {
		return false
	}
	found, err := sqlitefile.Exists(real)
	return err == nil && !found
}

// numbered is one message's number and name.
type numbered struct {
	id      int64
	message addr.Message
}

// span is a part of one message's sends: those with keys from from on, or one key.
type span struct {
	numbered
	from string
	one  bool
}

// spans gives what covers the targets, in order, each send once.
func (r *Reader) spans(ctx context.Context, targets []addr.Target) (spans []span, err error) {
	err = r.do(ctx, func(ctx context.Context, _ bool) error {
		spans = nil
		messages, err := r.messages(ctx)
		if err != nil {
			return err
		}
		for id, m := range messages {
			n := numbered{id, m}
			whole := len(targets) == 0
			var keys []string
			for _, t := range targets {
				switch {
				case !t.CoversMessage(m):
				case t.One:
					keys = append(keys, t.Key)
				default:
					whole = true
				}
			}
			if whole {
				spans = append(spans, span{numbered: n})
				continue
			}
			slices.Sort(keys)
			for _, key := range slices.Compact(keys) {
				spans = append(spans, span{numbered: n, from: key, one: true})
			}
		}
		return nil
	})
	slices.SortStableFunc(spans, func(a, b span) int { return a.message.Compare(b.message) })
	return spans, err
}

// page reads the next records of a span, and tells whether there may be more.
func (r *Reader) page(ctx context.Context, s span, live bool) ([]Record, bool, error) {
	limit := page
	if s.one {
		limit = 1
	}
	settled, err := r.settled(ctx, s, limit)
	if err != nil {
		return nil, false, err
	}
	// Open intents up to where this page ends; all that follow when it is the last.
	more, to := len(settled) == limit && !s.one, ""
	switch {
	case s.one:
		to = s.from + "\x00"
		if len(settled) > 0 && settled[0].Send.Key != s.from {
			settled = nil
		}
	case more:
		to = settled[len(settled)-1].Send.Key + "\x00"
	}
	open, err := r.flights(ctx, s.numbered, s.from, to, live)
	if err != nil {
		return nil, false, err
	}
	return merge(settled, open), more, nil
}

// merge lays open intents over what is settled; both are in the order of keys.
func merge(settled, open []Record) []Record {
	if len(open) == 0 {
		return settled
	}
	merged := make([]Record, 0, len(settled)+len(open))
	for len(settled) > 0 || len(open) > 0 {
		switch {
		case len(open) == 0 || len(settled) > 0 && settled[0].Send.Key < open[0].Send.Key:
			merged, settled = append(merged, settled[0]), settled[1:]
		default:
			if len(settled) > 0 && settled[0].Send.Key == open[0].Send.Key {
				settled = settled[1:]
			}
			merged, open = append(merged, open[0]), open[1:]
		}
	}
	return merged
}

const recordColumns = `x.key, x.state, a.name, x.content, x.destination, d.hash, x.unique_by, x.attempts, x.token,
	x.provider_id, x.status, x.reason, x.at, x.provider_at, x.place, x.run`

// settled reads settled rows from s.from on.
func (r *Reader) settled(ctx context.Context, s span, limit int) ([]Record, error) {
	return r.records(ctx, s.numbered, "SELECT "+recordColumns+`, x.begun, x.decided_by, 0, 0 FROM sends x
		LEFT JOIN accounts a ON a.id = x.account LEFT JOIN definitions d ON d.id = x.definition
		WHERE x.message = ? AND x.key >= ? ORDER BY x.key LIMIT ?`, s.id, s.from, limit)
}

// flights reads the open intents of a message with keys from from to before to, "" for all that follow.
func (r *Reader) flights(ctx context.Context, n numbered, from, to string, live bool) ([]Record, error) {
	bound := ""
	args := []any{n.id, from}
	if to != "" {
		bound, args = " AND x.key < ?", append(args, to)
	}
	open, err := r.records(ctx, n, "SELECT "+recordColumns+`, x.at, NULL, ifnull(s.state, 0), x.answered FROM flights x
		LEFT JOIN accounts a ON a.id = x.account LEFT JOIN definitions d ON d.id = x.definition
		LEFT JOIN sends s ON s.message = x.message AND s.key = x.key
		WHERE x.message = ? AND x.key >= ?`+bound+` ORDER BY x.key`, args...)
	for i := range open {
		if open[i].State == Sending && !live {
			open[i].State, open[i].Reason = InDoubt, stopped
		}
	}
	return open, err
}

// earlier reads the rows that newer ones or decisions replaced, oldest first.
func (r *Reader) earlier(ctx context.Context, n numbered, key string) ([]Record, error) {
	return r.records(ctx, n, "SELECT "+recordColumns+`, x.begun, x.decided_by, 0, 0 FROM earlier x
		LEFT JOIN accounts a ON a.id = x.account LEFT JOIN definitions d ON d.id = x.definition
		WHERE x.message = ? AND x.key = ? ORDER BY x.id`, n.id, key)
}

func (r *Reader) records(ctx context.Context, n numbered, text string, args ...any) (all []Record, err error) {
	err = query(ctx, r.conn, func(rows *sql.Rows) error {
		rec := Record{}
		var state, before, at int64
		var content, destination, definition, unique, token []byte
		var account, id, status, reason, place, by sql.NullString
		var providerAt, begun sql.NullInt64
		if err := rows.Scan(&rec.Send.Key, &state, &account, &content, &destination, &definition, &unique, &rec.Attempts,
			&token, &id, &status, &reason, &at, &providerAt, &place, &rec.Run, &begun, &by, &before, &rec.Answered); err != nil {
			return err
		}
		rec.Send.Message, rec.State, rec.Before = n.message, State(state), State(before)
		if rec.Account = account.String; rec.Account == "" {
			return damaged("%s names an account that is not there", rec.Send)
		}
		if rec.State.String() == "unknown state" || rec.State == Untried {
			return damaged("a send has state %d", state)
		}
		if len(token) != 0 && len(token) != len(rec.Key) {
			return damaged("the key of a request has %d bytes", len(token))
		}
		copy(rec.Key[:], token)
		rec.ProviderID, rec.Status, rec.Reason, rec.DecidedBy = id.String, status.String, reason.String, by.String
		rec.At, rec.ProviderAt, rec.Begun, rec.Place = timeOf(at), timeOf(providerAt.Int64), timeOf(begun.Int64), place.String
		if err := errors.Join(rec.Content.setBlob(content), rec.Destination.setBlob(destination),
			rec.Definition.setBlob(definition), rec.Unique.setBlob(unique)); err != nil {
			return fmt.Errorf("%s: %w", rec.Send, err)
		}
		all = append(all, rec)
		return nil
	}, text, args...)
	return all, err
}
