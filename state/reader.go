package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"time"

	"herald/internal/addr"
	"herald/internal/sqlitefile"
)

// Reader reads a ledger that it does not write. It takes no lock and creates nothing; a run may write meanwhile. It is for
// one goroutine at a time.
//
// Each answer is consistent in itself. A long list is read in pieces, so it may tell of a run's beginning and end in
// different rows; a send is never told twice or left out for that reason.
type Reader struct {
	path    string
	writing bool // of the process that writes the ledger: the lock is ours, and the log is there
	locked  bool // the lock is ours, and nobody has the ledger open: what is sending is left by a dead process
	peeking bool // only for what a file says that changes little: read without locks when there is no log, whoever has the lock
	careful bool // the view decides what is sent: all of the file is looked at first

	db     *sql.DB
	conn   *sql.Conn
	format int  // as checked since it was opened; 0 before
	fixed  bool // opened immutable
	seal   seal // of the file when it was
}

// Info is what a ledger says of itself.
type Info struct {
	Format    int
	Lineage   string
	Serial    int64
	Created   time.Time
	CreatedBy string // version of herald
	WrittenBy string // version of herald that last opened it for writing
	Forgotten int    // sends to people whose keys were erased; no record tells of them
}

// OpenReader opens the ledger at path for reading; it must exist.
func OpenReader(ctx context.Context, path string) (*Reader, error) {
	path, err := realPath(path)
	if err != nil {
		return nil, err
	}
	if err := sniff(ctx, path); err != nil {
		return nil, explain(path, err)
	}
	return &Reader{path: path}, nil
}

// Close closes the files; the reader may be used again, and opens them again.
func (r *Reader) Close() error {
	if r.db == nil {
		return nil
	}
	err := sqlitefile.Close(r.db, r.conn)
	r.db, r.conn, r.format = nil, nil, 0
	return explain(r.path, err)
}

// Info reads what the ledger says of itself.
func (r *Reader) Info(ctx context.Context) (i Info, err error) {
	err = r.do(ctx, func(ctx context.Context, live bool) error {
		i, err = r.info(ctx, live)
		return err
	})
	return i, err
}

func (r *Reader) info(ctx context.Context, live bool) (i Info, err error) {
	i.Format = r.format
	meta, err := readMeta(ctx, r.conn)
	if err != nil {
		return i, err
	}
	i.Lineage, i.CreatedBy, i.WrittenBy = meta["lineage"], meta["created_by"], meta["written_by"]
	if i.Serial, err = strconv.ParseInt(meta["serial"], 10, 64); err != nil {
		return i, damaged("its serial is %q", meta["serial"])
	}
	if i.Created, err = time.Parse(time.RFC3339, meta["created"]); err != nil {
		return i, damaged("it says that it was created %q", meta["created"])
	}
	if err := r.conn.QueryRowContext(ctx, "SELECT count(*) FROM forgotten").Scan(&i.Forgotten); err != nil || live {
		return i, err
	}
	// What a dead run left changes what would be sent. The next run that opens the ledger counts that; a plan that is
	// made now must agree with it.
	var run sql.NullInt64
	err = r.conn.QueryRowContext(ctx, deadRun).Scan(&run)
	if errors.Is(err, sql.ErrNoRows) {
		return i, nil
	}
	if run.Valid {
		i.Serial++
	}
	return i, err
}

// do runs fn within one read transaction. fn may run again, when a run began while it read a file that was thought to
// be still. live says whether the lock was held: then what is sending is on the wire, else its process is dead.
func (r *Reader) do(ctx context.Context, fn func(ctx context.Context, live bool) error) error {
	const tries = 10
	for range tries {
		live, err := r.live()
		if err != nil {
			return err
		}
		if err := r.open(ctx, live); err != nil {
			return explain(r.path, err)
		}
		err = r.read(ctx, live, fn)
		still := live
		if r.fixed {
			now, lerr := r.look()
			if lerr != nil {
				return explain(r.path, lerr)
			}
			still = now == r.seal
		} else if !live {
			// What is sending may be that of a run which began meanwhile.
			began, lerr := r.live()
			if lerr != nil {
				return lerr
			}
			still = !began
		}
		if still {
			return explain(r.path, err)
		}
		if err := r.Close(); err != nil {
			return err
		}
	}
	return fmt.Errorf("the ledger %s is opened and closed by other runs all the time; try again when they are done", r.path)
}

// live tells whether another process, or this one, may be writing.
func (r *Reader) live() (bool, error) {
	if r.writing || r.locked {
		return r.writing, nil
	}
	_, held, err := Held(r.path)
	return held, err
}

func (r *Reader) read(ctx context.Context, live bool, fn func(context.Context, bool) error) error {
	if _, err := r.conn.ExecContext(ctx, "BEGIN"); err != nil {
		return err
	}
	var err error
	if r.format == 0 {
		if r.format, err = checkFormat(ctx, r.conn); err == nil && !live {
			err = r.sound(ctx)
		}
		if err != nil {
			r.format = 0
		}
	}
	if err == nil {
		err = fn(ctx, live)
	}
	if _, end := r.conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK"); err == nil {
		err = end
	}
	return err
}

// open opens the database, in the way that is right now.
func (r *Reader) open(ctx context.Context, live bool) error {
	if r.db != nil {
		return nil
	}
	seal, err := r.look()
	if err != nil {
		return err
	}
	how := sqlitefile.ReadOnly
	if (!live || r.peeking) && !seal.busy {
		how = sqlitefile.Immutable
	}
	r.seal, r.fixed = seal, how == sqlitefile.Immutable
	// When the run that holds the log closes just now, SQLite leaves an empty log beside the file. It does no harm, and
	// the next run removes it.
	r.db, r.conn, err = sqlitefile.Open(ctx, r.path, how)
	return err
}

// seal tells whether a file is still what it was: any run between changes the text of the lock file.
type seal struct {
	size    int64
	changed int64 // nanoseconds
	log     int64 // bytes
	busy    bool  // a log is beside it, or the lock is held
	lock    string
}

func (r *Reader) look() (s seal, err error) {
	info, err := os.Stat(r.path)
	if err != nil {
		return s, err
	}
	s.size, s.changed = info.Size(), info.ModTime().UnixNano()
	text, err := os.ReadFile(sqlitefile.LockPath(r.path))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return s, err
	}
	s.lock = string(text)
	switch info, err := os.Stat(walPath(r.path)); {
	case err == nil:
		s.busy, s.log = true, info.Size()
	case !errors.Is(err, fs.ErrNotExist):
		return s, err
	}
	if s.busy || r.writing || r.peeking {
		return s, nil
	}
	s.busy, err = r.live()
	return s, err
}

// messages reads the names of messages.
func (r *Reader) messages(ctx context.Context) (map[int64]addr.Message, error) {
	messages := map[int64]addr.Message{}
	err := query(ctx, r.conn, func(rows *sql.Rows) error {
		var id int64
		var m addr.Message
		err := rows.Scan(&id, &m.Sequence, &m.Name)
		messages[id] = m
		return err
	}, "SELECT id, sequence, name FROM messages")
	return messages, err
}
