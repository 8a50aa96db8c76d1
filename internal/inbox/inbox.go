package inbox

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"

	"github.com/gofrs/flock"
)

// Inbox is an inbox open for adding. Its methods may be called from many goroutines at once.
type Inbox struct {
	path string
	id   string
	lock *flock.Flock
	file fs.FileInfo // as it was opened
	log  fs.FileInfo // its -wal, nil before the first call

	db     *sql.DB
	conn   *sql.Conn // the writer's, as insert
	insert *sql.Stmt

	mu      sync.RWMutex // held for reading while a call is handed in
	closed  bool
	adds    chan *add
	stopped chan struct{}
}

// Open opens the inbox at path for adding, and makes it when it is missing. Whoever has it open is the only one: the
// error is a *HeldError when another process receives already.
func Open(ctx context.Context, path string) (_ *Inbox, err error) {
	if path, err = realPath(path); err != nil {
		return nil, err
	}
	in := &Inbox{path: path, adds: make(chan *add, batchLimit), stopped: make(chan struct{})}
	if in.lock, err = acquire(ctx, path); err != nil {
		return nil, err
	}
	if err := in.open(ctx); err != nil {
		return nil, errors.Join(explain(path, err), in.lock.Unlock())
	}
	go in.write()
	return in, nil
}

func (in *Inbox) open(ctx context.Context) error {
	found, err := exists(in.path)
	if err == nil && !found {
		err = create(ctx, in.path)
	}
	if err == nil {
		err = sniff(in.path)
	}
	if err != nil {
		return err
	}
	// SQLite would open a file that cannot be written for reading instead, and tell only when a call is there.
	f, err := os.OpenFile(in.path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	in.file, err = f.Stat()
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	in.db, in.conn, err = openDatabase(ctx, in.path, readWrite, "journal_mode(WAL)", "synchronous(FULL)", "journal_size_limit(67108864)")
	if err != nil {
		return err
	}
	if err := in.prepare(ctx); err != nil {
		return errors.Join(err, in.conn.Close(), in.db.Close())
	}
	return nil
}

func (in *Inbox) prepare(ctx context.Context) (err error) {
	var mode string
	if err := in.conn.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode); err != nil {
		return err
	}
	if mode != "wal" {
		return fmt.Errorf("SQLite cannot keep a write-ahead log for it here, but says %q: put it on a local disk", mode)
	}
	if in.id, err = identity(ctx, in.conn); err != nil {
		return err
	}
	in.insert, err = in.conn.PrepareContext(ctx,
		"INSERT INTO arrivals (at, account, callback, token, delivery, mark, body) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (mark) DO NOTHING")
	return err
}

// Path gives the file, links followed.
func (in *Inbox) Path() string { return in.path }

// ID gives the name that the file got when it was made, by which a reader remembers how far it read.
func (in *Inbox) ID() string { return in.id }

// Close waits for what was handed in, and leaves one file. Nothing can be added after it.
func (in *Inbox) Close() error {
	in.mu.Lock()
	again := in.closed
	in.closed = true
	if !again {
		close(in.adds)
	}
	in.mu.Unlock()
	<-in.stopped
	if again {
		return nil
	}
	ctx := context.Background()
	// A reader may keep the log from being folded in: then it stays beside the file, and who opens it next folds it in.
	_, _ = in.conn.ExecContext(ctx, "PRAGMA busy_timeout = 1000")
	folded := fold(ctx, in.conn)
	if errors.Is(folded, errFold) {
		folded = nil
	}
	err := errors.Join(folded, in.insert.Close(), in.conn.Close(), in.db.Close())
	return errors.Join(explain(in.path, err), in.lock.Unlock())
}
