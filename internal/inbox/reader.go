package inbox

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"os"
	"time"

	"herald/internal/sqlitefile"
)

// A reader gathers that much before it hands on, so that a slow caller holds no transaction open.
const (
	pageItems = 256
	pageBytes = 4 << 20
)

// Reader reads an inbox that it does not write. It takes no lock and changes nothing; another process may add meanwhile.
type Reader struct {
	path string
	id   string // "" when there is no file

	db    *sql.DB
	conn  *sql.Conn
	fixed bool // opened immutable
	seal  seal // of the file when it was
}

// OpenReader opens the inbox at path for reading. Without a file, nothing arrived: then ID is "" and there are no items.
func OpenReader(ctx context.Context, path string) (*Reader, error) {
	path, err := realPath(path)
	if err != nil {
		return nil, err
	}
	r := &Reader{path: path}
	if found, err := sqlitefile.Exists(path); err != nil || !found {
		return r, explain(path, err)
	}
	if err := sniff(path); err != nil {
		return nil, explain(path, err)
	}
	err = r.do(ctx, func() (err error) {
		r.id, err = identity(ctx, r.conn)
		return err
	})
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

// ID gives the name that the file got when it was made: numbers of items are the inbox's own, and a new file begins anew.
func (r *Reader) ID() string { return r.id }

// Last gives the number of the last item that arrived, 0 for none. One that is lower than what a reader remembers shows
// an older copy of the file, which gives numbers again.
func (r *Reader) Last(ctx context.Context) (last int64, err error) {
	if r.id == "" {
		return 0, nil
	}
	err = r.do(ctx, func() error {
		return r.conn.QueryRowContext(ctx, "SELECT ifnull(max(seq), 0) FROM sqlite_sequence WHERE name = 'arrivals'").Scan(&last)
	})
	return last, err
}

// Items gives what arrived after the item of that number, in order; 0 for all. What arrives meanwhile may be among it or
// not. After an error nothing follows.
func (r *Reader) Items(ctx context.Context, after int64) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		for r.id != "" {
			var page []Item
			err := r.do(ctx, func() (err error) {
				page, err = r.page(ctx, after)
				return err
			})
			if err != nil {
				yield(Item{}, err)
				return
			}
			if len(page) == 0 {
				return
			}
			for _, item := range page {
				if !yield(item, nil) {
					return
				}
				after = item.ID
			}
		}
	}
}

// Close closes the file.
func (r *Reader) Close() error {
	if r.db == nil {
		return nil
	}
	err := sqlitefile.Close(r.db, r.conn)
	r.db, r.conn = nil, nil
	return explain(r.path, err)
}

// page reads some items.
func (r *Reader) page(ctx context.Context, after int64) (page []Item, err error) {
	if id, err := identity(ctx, r.conn); err != nil || id != r.id {
		return nil, errors.Join(err, errors.New("it was replaced by another inbox meanwhile; run the command again"))
	}
	rows, err := r.conn.QueryContext(ctx,
		"SELECT id, at, account, callback, token, delivery, body FROM arrivals WHERE id > ? ORDER BY id LIMIT ?", after, pageItems)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for size := 0; size < pageBytes && rows.Next(); {
		var (
			i        Item
			at       int64
			token    []byte
			delivery sql.NullString
		)
		if err := rows.Scan(&i.ID, &at, &i.Account, &i.Callback, &token, &delivery, &i.Body); err != nil {
			return nil, err
		}
		if token != nil && copy(i.Token[:], token) != len(i.Token) {
			return nil, fmt.Errorf("its item %d has a token of %d bytes, so the file is damaged", i.ID, len(token))
		}
		i.At, i.Delivery = time.Unix(0, at).UTC(), delivery.String
		page = append(page, i)
		size += len(i.Body)
	}
	return page, rows.Err()
}

// do runs fn on the open file. It may run again, when another process began to add while fn read a file that was thought
// to be still.
func (r *Reader) do(ctx context.Context, fn func() error) error {
	for range 10 {
		if err := r.open(ctx); err != nil {
			return explain(r.path, err)
		}
		err := fn()
		if !r.fixed {
			return explain(r.path, err)
		}
		now, lerr := look(r.path)
		if lerr != nil || now == r.seal {
			return explain(r.path, errors.Join(lerr, err))
		}
		if err := r.Close(); err != nil {
			return err
		}
	}
	return fmt.Errorf("the inbox %s is opened and closed by other processes all the time; try again when they are done", r.path)
}

// open opens the file, in the way that is right now.
func (r *Reader) open(ctx context.Context) error {
	if r.db != nil {
		return nil
	}
	s, err := look(r.path)
	if err != nil {
		return err
	}
	how := sqlitefile.ReadOnly
	if !s.busy {
		how = sqlitefile.Immutable
	}
	r.seal, r.fixed = s, !s.busy
	r.db, r.conn, err = sqlitefile.Open(ctx, r.path, how)
	return err
}

// seal tells whether a file is still what it was.
type seal struct {
	size    int64
	changed int64 // nanoseconds
	busy    bool  // a log is beside it, or somebody adds
	lock    int64 // when the lock was last taken, in nanoseconds
}

func look(path string) (s seal, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return s, err
	}
	s.size, s.changed = info.Size(), info.ModTime().UnixNano()
	if info, err := os.Stat(sqlitefile.LockPath(path)); err == nil {
		s.lock = info.ModTime().UnixNano()
	}
	if s.busy, err = sqlitefile.Exists(path + "-wal"); err != nil || s.busy {
		return s, err
	}
	s.busy, err = sqlitefile.Held(path)
	return s, explain(path, err)
}
