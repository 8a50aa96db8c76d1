package state

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"herald/internal/addr"
)

// view reads the whole view within one transaction.
func (r *Reader) view(ctx context.Context) (v *View, err error) {
	err = r.do(ctx, func(ctx context.Context, live bool) error {
		v = newView()
		return r.fillView(ctx, v, live)
	})
	if err != nil {
		return nil, err
	}
	return v, nil
}

func (r *Reader) fillView(ctx context.Context, v *View, live bool) error {
	if r.careful && !live {
		if err := whole(ctx, r.conn); err != nil {
			return err
		}
	}
	info, err := r.info(ctx, live)
	if err != nil {
		return err
	}
	v.Exists, v.Lineage, v.Serial = true, info.Lineage, info.Serial
	if v.taken, err = r.taken(ctx); err != nil {
		return err
	}
	if v.outlines, err = outlines(ctx, r.conn); err != nil {
		return err
	}
	if v.KeyAttributes, err = r.keyAttributes(ctx); err != nil {
		return err
	}
	runs, err := r.runs(ctx, "ORDER BY id DESC LIMIT 20")
	if err != nil {
		return err
	}
	v.Sizes = nil
	for i, run := range runs {
		if i == 0 {
			v.LastRun = run
		}
		v.Sizes = append(v.Sizes, run.Sent)
	}
	accounts, err := r.accounts(ctx)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		v.accounts[a.Name] = a
	}
	messages, err := r.messages(ctx)
	if err != nil {
		return err
	}
	if err := r.scanSends(ctx, v, messages); err != nil {
		return err
	}
	if err := r.scanEarlier(ctx, v, messages); err != nil {
		return err
	}
	if err := r.scanForgotten(ctx, v, messages); err != nil {
		return err
	}
	if err := r.scanUsed(ctx, v, messages); err != nil {
		return err
	}
	if err := r.scanReceipts(ctx, v, messages); err != nil {
		return err
	}
	for id, m := range messages {
		open, err := r.flights(ctx, numbered{id, m}, "", "", live)
		if err != nil {
			return err
		}
		for _, f := range open {
			v.add(f)
		}
	}
	slices.SortFunc(v.Doubt, func(a, b Record) int { return a.Send.Compare(b.Send) })
	return nil
}

// scanSends reads all settled rows, in the order in which they lie in the file.
func (r *Reader) scanSends(ctx context.Context, v *View, messages map[int64]addr.Message) error {
	counts := map[int64]int{}
	err := query(ctx, r.conn, func(rows *sql.Rows) error {
		var id int64
		var n int
		err := rows.Scan(&id, &n)
		counts[id] = n
		return err
	}, "SELECT message, count(*) FROM sends GROUP BY message")
	if err != nil {
		return err
	}
	var last int64
	var into *recorded
	var message, state, at int64
	var key, content, destination sql.RawBytes
	return query(ctx, r.conn, func(rows *sql.Rows) error {
		if err := rows.Scan(&message, &key, &state, &content, &destination, &at); err != nil {
			return err
		}
		if into == nil || message != last {
			var err error
			if into, err = v.numbered(messages, message); err != nil {
				return err
			}
			last, into.entries = message, make(map[person]Entry, counts[message])
		}
		e := Entry{State: State(state), At: at}
		if !e.State.settled() {
			return damaged("a settled send has state %d", state)
		}
		if err := e.Content.setBlob(content); err != nil {
			return err
		}
		if err := e.Destination.setBlob(destination); err != nil {
			return err
		}
		into.entries[personOf(string(key))] = e // the string does not outlive the call
		return nil
	}, "SELECT message, key, state, content, destination, at FROM sends")
}

// scanEarlier finds what was sent, or may have been, before something newer came of it.
func (r *Reader) scanEarlier(ctx context.Context, v *View, messages map[int64]addr.Message) error {
	return query(ctx, r.conn, func(rows *sql.Rows) error {
		var message int64
		var key string
		var e replaced
		if err := rows.Scan(&message, &key, &e.state, &e.content, &e.at, &e.now); err != nil {
			return err
		}
		return v.replaced(messages, message, personOf(key), e)
	}, `SELECT e.message, e.key, e.state, e.content, e.at, s.state FROM earlier e
		LEFT JOIN sends s ON s.message = e.message AND s.key = e.key
		WHERE NOT e.removed AND (e.state = 2 OR e.state = 4 AND e.decided_by = ?) ORDER BY e.id`, resent)
}

// replaced is a row that a newer one replaced.
type replaced struct {
	state   State
	content []byte
	at      int64
	now     sql.NullInt64 // the state of the newer one
}

// replaced takes in one row that a newer one replaced, in the order in which they came.
func (v *View) replaced(messages map[int64]addr.Message, message int64, who person, e replaced) error {
	into, err := v.numbered(messages, message)
	if err != nil {
		return err
	}
	into.again[who] = append(into.again[who], e.at)
	if e.state != Sent || State(e.now.Int64) != Refused {
		return nil
	}
	var h Hash
	err = h.setBlob(e.content)
	into.before[who] = h
	return err
}

// scanForgotten gives people whose keys were erased the same entries as others.
func (r *Reader) scanForgotten(ctx context.Context, v *View, messages map[int64]addr.Message) error {
	if err := query(ctx, r.conn, func(rows *sql.Rows) error {
		var message, state, at int64
		var who, content, destination []byte
		var times receiptTimes
		if err := rows.Scan(&message, &who, &state, &content, &destination, &at, &times.delivered, &times.read, &times.failed,
			&times.replied); err != nil {
			return err
		}
		p, err := personIn(who)
		if err != nil {
			return err
		}
		e := Entry{State: State(state), At: at}
		if !e.State.settled() {
			return damaged("a forgotten send has state %d", state)
		}
		into, err := v.numbered(messages, message)
		if err != nil {
			return err
		}
		if err := errors.Join(e.Content.setBlob(content), e.Destination.setBlob(destination)); err != nil {
			return err
		}
		into.entries[p] = e
		if rec := times.receipt(); rec != (receipt{}) {
			into.receipts[p] = rec
		}
		return nil
	}, "SELECT message, person, state, content, destination, at, delivered, read, failed, replied FROM forgotten"); err != nil {
		return err
	}
	return query(ctx, r.conn, func(rows *sql.Rows) error {
		var message int64
		var who []byte
		var e replaced
		if err := rows.Scan(&message, &who, &e.state, &e.content, &e.at, &e.now); err != nil {
			return err
		}
		p, err := personIn(who)
		if err != nil {
			return err
		}
		return v.replaced(messages, message, p, e)
	}, `SELECT e.message, e.person, e.state, e.content, e.at, f.state FROM forgotten_earlier e
		LEFT JOIN forgotten f ON f.message = e.message AND f.person = e.person ORDER BY e.id`)
}

// personIn reads a stored digest of a key.
func personIn(who []byte) (p person, err error) {
	if len(who) != len(p) {
		return p, damaged("the digest of a key has %d bytes", len(who))
	}
	return person(who), nil
}

func (r *Reader) scanUsed(ctx context.Context, v *View, messages map[int64]addr.Message) error {
	return query(ctx, r.conn, func(rows *sql.Rows) error {
		var message int64
		var value, who sql.RawBytes
		if err := rows.Scan(&message, &value, &who); err != nil {
			return err
		}
		var h Hash
		if err := h.setBlob(value); err != nil {
			return err
		}
		if len(who) != len(person{}) {
			return damaged("the user of a unique value has %d bytes", len(who))
		}
		into, err := v.numbered(messages, message)
		if err == nil {
			into.use(h, person(who))
		}
		return err
	}, "SELECT message, value, person FROM used")
}
