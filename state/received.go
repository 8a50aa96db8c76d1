package state

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"slices"
	"strings"

	"herald/internal/addr"
)

// receipt is a Receipt as a view holds it: times are nanoseconds since 1970, 0 for none.
type receipt struct {
	delivered, read, failed, replied int64
	reason, reply                    string
}

// receiptTimes are the times of a receipt as they are stored.
type receiptTimes struct{ delivered, read, failed, replied sql.NullInt64 }

func (t receiptTimes) receipt() receipt {
	return receipt{delivered: t.delivered.Int64, read: t.read.Int64, failed: t.failed.Int64, replied: t.replied.Int64}
}

// Receipt gives what became of a message after it was sent, false when nothing is known. The vendor's object is left out,
// since views are kept small: Reader.Receipts has it. Of people who were forgotten the times are known, and no words.
func (v *View) Receipt(s addr.Send) (Receipt, bool) {
	m, ok := v.messages[s.Message]
	if !ok {
		return Receipt{}, false
	}
	r, ok := m.receipts[personOf(s.Key)]
	if !ok {
		return Receipt{}, false
	}
	return Receipt{Send: s, Delivered: timeOf(r.delivered), Read: timeOf(r.read), Failed: timeOf(r.failed), Reason: r.reason,
		Replied: timeOf(r.replied), Reply: r.reply}, true
}

// With adds receipts and outlines to a view that NewView made and nobody has asked yet, and gives it.
func (v *View) With(receipts []Receipt, outlines map[string][]OutlineItem) *View {
	for _, r := range receipts {
		v.message(r.Send.Message).receipts[personOf(r.Send.Key)] = receipt{delivered: instant(r.Delivered), read: instant(r.Read),
			failed: instant(r.Failed), replied: instant(r.Replied), reason: r.Reason, reply: r.Reply}
	}
	for sequence, items := range outlines {
		v.outlines[sequence] = slices.Clone(items)
	}
	return v
}

// ofSent joins the receipts c of what is settled as sent; a newer attempt has none of an earlier one's.
const ofSent = " ON c.message = x.message AND c.key = x.key AND c.token = ifnull(x.token, x'')"

// scanReceipts reads what views tell of all receipts.
func (r *Reader) scanReceipts(ctx context.Context, v *View, messages map[int64]addr.Message) error {
	return query(ctx, r.conn, func(rows *sql.Rows) error {
		var message int64
		var key, reason, reply sql.RawBytes
		var times receiptTimes
		if err := rows.Scan(&message, &key, &times.delivered, &times.read, &times.failed, &times.replied, &reason, &reply); err != nil {
			return err
		}
		into, err := v.numbered(messages, message)
		if err != nil {
			return err
		}
		rec := times.receipt()
		rec.reason, rec.reply = string(reason), string(reply)
		into.receipts[personOf(string(key))] = rec
		return nil
	}, "SELECT c.message, c.key, c.delivered, c.read, c.failed, c.replied, c.reason, c.reply FROM receipts c CROSS JOIN sends x"+ofSent+
		" WHERE x.state = 2")
}

// Receipts streams what became of messages that are settled as sent, in the order of addresses. Errors come with a zero
// Receipt, and end the stream.
func (r *Reader) Receipts(ctx context.Context) iter.Seq2[Receipt, error] {
	return stream(ctx, r, nil, r.receipts, func(c Receipt) addr.Send { return c.Send })
}

func (r *Reader) receipts(ctx context.Context, s span, _ bool) (all []Receipt, more bool, err error) {
	err = query(ctx, r.conn, func(rows *sql.Rows) error {
		c := Receipt{Send: addr.Send{Message: s.message}}
		var times receiptTimes
		var reason, reply sql.NullString
		if err := rows.Scan(&c.Send.Key, &times.delivered, &times.read, &times.failed, &reason, &times.replied, &reply, &c.Vendor); err != nil {
			return err
		}
		c.Delivered, c.Read = timeOf(times.delivered.Int64), timeOf(times.read.Int64)
		c.Failed, c.Replied = timeOf(times.failed.Int64), timeOf(times.replied.Int64)
		c.Reason, c.Reply = reason.String, reply.String
		all = append(all, c)
		return nil
	}, "SELECT c.key, c.delivered, c.read, c.failed, c.reason, c.replied, c.reply, c.vendor FROM receipts c CROSS JOIN sends x"+ofSent+
		" WHERE c.message = ? AND c.key >= ? AND x.state = 2 ORDER BY c.key LIMIT ?", s.id, s.from, page)
	return all, len(all) == page, err
}

// Deliveries streams the sends of these accounts that were sent to a place and of which more can become known, in the order
// of addresses: nothing more is expected once the vendor gave up or the person replied. Errors come with a zero Delivery, and
// end the stream.
func (r *Reader) Deliveries(ctx context.Context, accounts []string) iter.Seq2[Delivery, error] {
	return stream(ctx, r, nil, func(ctx context.Context, s span, _ bool) ([]Delivery, bool, error) {
		return r.deliveries(ctx, s, accounts)
	}, func(d Delivery) addr.Send { return d.Send })
}

func (r *Reader) deliveries(ctx context.Context, s span, accounts []string) (all []Delivery, more bool, err error) {
	args := []any{s.id, s.from}
	for _, a := range accounts {
		args = append(args, a)
	}
	err = query(ctx, r.conn, func(rows *sql.Rows) error {
		d := Delivery{Send: addr.Send{Message: s.message}}
		var id sql.NullString
		var begun sql.NullInt64
		var ended int64
		err := rows.Scan(&d.Send.Key, &d.Account, &d.Place, &id, &begun, &ended)
		d.ProviderID, d.Begun, d.Ended = id.String, timeOf(begun.Int64), timeOf(ended)
		all = append(all, d)
		return err
	}, fmt.Sprintf(`SELECT x.key, a.name, x.place, x.provider_id, x.begun, x.at FROM sends x
		JOIN accounts a ON a.id = x.account LEFT JOIN receipts c%s
		WHERE x.message = ? AND x.key >= ? AND x.state = 2 AND x.place IS NOT NULL AND a.name IN (%s)
			AND c.failed IS NULL AND c.replied IS NULL
		ORDER BY x.key LIMIT ?`, ofSent, strings.TrimPrefix(strings.Repeat(", ?", len(accounts)), ", ")), append(args, page)...)
	return all, len(all) == page, err
}
