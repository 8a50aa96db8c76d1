package state

import (
	"context"
	"database/sql"
	"slices"

	"herald/internal/addr"
)

// Outline gives the messages of a sequence, in order, as the last run that had the sequence saw them.
func (v *View) Outline(sequence string) []OutlineItem { return slices.Clone(v.outlines[sequence]) }

// outlines reads all of them.
func outlines(ctx context.Context, conn *sql.Conn) (map[string][]OutlineItem, error) {
	all := map[string][]OutlineItem{}
	err := query(ctx, conn, func(rows *sql.Rows) error {
		var sequence string
		var item OutlineItem
		var definition []byte
		if err := rows.Scan(&sequence, &item.Message, &definition); err != nil {
			return err
		}
		err := item.Definition.setBlob(definition)
		all[sequence] = append(all[sequence], item)
		return err
	}, "SELECT sequence, message, definition FROM outlines ORDER BY sequence, position")
	return all, err
}

// setOutlines replaces those given; one without items is dropped.
func (l *Ledger) setOutlines(ctx context.Context, given map[string][]OutlineItem) error {
	for sequence, items := range given {
		if _, err := l.conn.ExecContext(ctx, "DELETE FROM outlines WHERE sequence = ?", sequence); err != nil {
			return err
		}
		for i, item := range items {
			if _, err := l.conn.ExecContext(ctx, "INSERT INTO outlines (sequence, position, message, definition) VALUES (?, ?, ?, ?)",
				sequence, i, item.Message, item.Definition.blob()); err != nil {
				return err
			}
		}
	}
	return nil
}

// renameOutlines gives the outlines that a change of names changes, as they are then; empty ones are gone. What has the new
// name already stays as it is, and the others follow it.
func renameOutlines(all map[string][]OutlineItem, from, to addr.Target) map[string][]OutlineItem {
	old := all[from.Sequence]
	named := func(name string) func(OutlineItem) bool {
		return func(i OutlineItem) bool { return i.Message == name }
	}
	at := slices.IndexFunc(old, named(from.Message))
	switch {
	case from.One || len(old) == 0 || from.Message != "" && at < 0:
		return nil
	case from.Message != "" && from.Sequence == to.Sequence:
		old = slices.Clone(old)
		if slices.ContainsFunc(old, named(to.Message)) {
			old = slices.Delete(old, at, at+1)
		} else {
			old[at].Message = to.Message
		}
		return map[string][]OutlineItem{from.Sequence: old}
	}
	moved, rest := slices.Clone(old), []OutlineItem(nil)
	if from.Message != "" {
		moved = []OutlineItem{{Message: to.Message, Definition: old[at].Definition}}
		rest = slices.Delete(slices.Clone(old), at, at+1)
	}
	there := slices.Clone(all[to.Sequence])
	for _, item := range moved {
		if !slices.ContainsFunc(there, named(item.Message)) {
			there = append(there, item)
		}
	}
	return map[string][]OutlineItem{from.Sequence: rest, to.Sequence: there}
}
