package state

import (
	"context"
	"strconv"
	"strings"
)

// takenFrom begins the name of the fact that says how far the calls of an inbox were taken in.
const takenFrom = "taken:"

// Receive takes in what became of sends, and how far each inbox was read for it (the last call taken, by inbox), with one
// commit. Receipts are merged into what is known already: the earliest time counts, and the first reason, reply and vendor's
// object stay. They count for sends that are settled as sent; of others, and of people who were forgotten, nothing is taken
// in. A callback that proves a send in doubt is recorded first, by Record. Receive does not raise the serial.
func (l *Ledger) Receive(ctx context.Context, receipts []Receipt, took map[string]int64) error {
	return l.run(ctx, func(ctx context.Context) error {
		for _, r := range receipts {
			message, known := l.book.messages[r.Send.Message]
			if !known || r.IsZero() {
				continue
			}
			var reason, reply, vendor any
			if !r.Failed.IsZero() {
				reason = text(r.Reason)
			}
			if !r.Replied.IsZero() {
				reply = text(r.Reply)
				if len(r.Vendor) > 0 {
					vendor = r.Vendor
				}
			}
			if _, err := l.stmts.receive.ExecContext(ctx, message, r.Send.Key, nanos(r.Delivered), nanos(r.Read), nanos(r.Failed),
				reason, nanos(r.Replied), reply, vendor); err != nil {
				return err
			}
		}
		for inbox, last := range took {
			if _, err := l.conn.ExecContext(ctx, "REPLACE INTO meta (name, value) VALUES (?, ?)", takenFrom+inbox,
				strconv.FormatInt(last, 10)); err != nil {
				return err
			}
		}
		return nil
	})
}

// receive merges one receipt into that of the attempt which is settled as sent. The text of a reply and the vendor's object
// are one: both are of the first reply that was told.
const receive = `INSERT INTO receipts (message, key, token, delivered, read, failed, reason, replied, reply, vendor)
	SELECT message, key, ifnull(token, x''), ?3, ?4, ?5, ?6, ?7, ?8, ?9 FROM sends WHERE message = ?1 AND key = ?2 AND state = 2
	ON CONFLICT (message, key, token) DO UPDATE SET
		delivered = min(ifnull(delivered, excluded.delivered), ifnull(excluded.delivered, delivered)),
		read = min(ifnull(read, excluded.read), ifnull(excluded.read, read)),
		failed = min(ifnull(failed, excluded.failed), ifnull(excluded.failed, failed)),
		reason = ifnull(reason, excluded.reason),
		replied = min(ifnull(replied, excluded.replied), ifnull(excluded.replied, replied)),
		reply = CASE WHEN reply IS NULL AND vendor IS NULL THEN excluded.reply ELSE reply END,
		vendor = CASE WHEN reply IS NULL AND vendor IS NULL THEN excluded.vendor ELSE vendor END`

// taken reads how far each inbox was taken in.
func (r *Reader) taken(ctx context.Context) (map[string]int64, error) {
	meta, err := readMeta(ctx, r.conn)
	if err != nil {
		return nil, err
	}
	taken := map[string]int64{}
	for name, value := range meta {
		inbox, ok := strings.CutPrefix(name, takenFrom)
		if !ok {
			continue
		}
		if taken[inbox], err = strconv.ParseInt(value, 10, 64); err != nil {
			return nil, damaged("the last call taken from an inbox is %q", value)
		}
	}
	return taken, nil
}

// Taken gives the last call that was taken in from an inbox, 0 when none was.
func (v *View) Taken(inbox string) int64 { return v.taken[inbox] }
