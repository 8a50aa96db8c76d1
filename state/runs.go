package state

import "context"

// StartRun records a run's beginning, the definitions of its messages, each contacts source's key attribute and the outlines
// of its sequences, and gives the run's number. A sequence of which no outline is given keeps the one it has. A run that is
// killed stays unfinished. From now on no older copy is taken for this ledger.
func (l *Ledger) StartRun(ctx context.Context, r Run, definitions []Definition, keyAttributes map[string]string,
	outlines map[string][]OutlineItem) (int64, error) {
	var id int64
	err := l.runNoted(ctx, func(ctx context.Context) (err error) {
		if l.book.run != 0 {
			return refuse("run %d goes on while another one starts; this is a bug in herald, please report it", l.book.run)
		}
		for _, d := range definitions {
			if d.Hash.IsZero() {
				return refuse("the definition of %s has no hash; this is a bug in herald, please report it", d.message())
			}
		}
		id, err = l.insert("INSERT INTO runs (who, command, digest, version, started) VALUES (?, ?, ?, ?, ?)",
			r.Who, r.Command, r.Digest, r.Version, stamp(r.Started))
		if err != nil {
			return err
		}
		for _, d := range definitions {
			if err := l.define(ctx, id, d); err != nil {
				return err
			}
		}
		for source, attribute := range keyAttributes {
			_, err := l.conn.ExecContext(ctx, "REPLACE INTO key_attributes (source, attribute) VALUES (?, ?)",
				source, attribute)
			if err != nil {
				return err
			}
		}
		if err := l.setOutlines(ctx, outlines); err != nil {
			return err
		}
		l.book.run, l.book.raised = id, false
		l.book.last = marker{run: id, who: r.Who, started: r.Started}
		return nil
	})
	return id, err
}

// define sees that one version of a message's definition is kept, and remembers its number.
func (l *Ledger) define(ctx context.Context, run int64, d Definition) error {
	message, err := l.messageID(d.message())
	if err != nil {
		return err
	}
	_, err = l.conn.ExecContext(ctx,
		"INSERT INTO definitions (message, hash, source, run) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
		message, d.Hash.blob(), d.Source, run)
	if err != nil {
		return err
	}
	var id int64
	err = l.conn.QueryRowContext(ctx, "SELECT id FROM definitions WHERE message = ? AND hash = ?", message,
		d.Hash.blob()).Scan(&id)
	if err != nil {
		return err
	}
	l.book.definitions[definitionKey{message, d.Hash}] = id
	return nil
}

// EndRun records how the run r.ID ended: its counts and, in r.Ended, when.
func (l *Ledger) EndRun(ctx context.Context, r Run) error {
	// What happened must reach the disk, also when the user has cancelled the run.
	return l.runNoted(context.WithoutCancel(ctx), func(ctx context.Context) error {
		if l.book.run == 0 || l.book.run != r.ID {
			return refuse("a run ends that was not started; this is a bug in herald, please report it")
		}
		_, err := l.conn.ExecContext(ctx,
			"UPDATE runs SET ended = ?, sent = ?, refused = ?, in_doubt = ?, unsent = ?, skipped = ? WHERE id = ?",
			stamp(r.Ended), r.Sent, r.Refused, r.InDoubt, r.Unsent, r.Skipped, r.ID)
		if err != nil {
			return err
		}
		l.book.run = 0
		return nil
	})
}
