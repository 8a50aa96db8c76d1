package inbox

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"sync"

	"herald/internal/sqlitefile"
)

// Inbox is an inbox open for adding. Its methods may be called from many goroutines at once.
type Inbox struct {
	path string
	id   string
	lock *sqlitefile.Lock
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
		return nil, errors.Join(explain(path, err), in.lock.Release())
	}
	go in.write()
	return in, nil
}

func (in *Inbox) open(ctx context.Context) error {
	found, err := sqlitefile.Exists(in.path)
	if err == nil && !found {
		err = create(ctx, in.path)
	}
	if err == nil {
		err = sniff(in.path)
	}
	if err == nil {
		in.file, err = sqlitefile.Writable(in.path)
	}
	if err == nil {
		in.db, in.conn, err = sqlitefile.Open(ctx, in.path, sqlitefile.ReadWrite,
			"journal_mode(WAL)", "synchronous(FULL)", "journal_size_limit(67108864)")
	}
	if err != nil {
		return err
	}
	if err := in.prepare(ctx); err != nil {
		return errors.Join(err, sqlitefile.Close(in.db, in.conn))
	}
	return nil
}

func (in *Inbox) prepare(ctx context.Context) (err error) {
	if err := sqlitefile.KeepsLog(ctx, in.conn); err != nil {
		return err
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
	err := errors.Join(folded, in.insert.Close(), sqlitefile.Close(in.db, in.conn))
	return errors.Join(explain(in.path, err), in.lock.Release())
}
