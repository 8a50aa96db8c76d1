package sqlitefile

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Create makes a database that keeps a log and bears the application's number, with what fill writes in one transaction. It
// is made beside its place and renamed, so that it is there whole or not at all; its mode is 0600. The caller holds the
// lock. Only when Sync has flushed the directory does the file survive a loss of power.
func Create(ctx context.Context, path string, application uint32, fill func(*sql.Conn) error) error {
	temp := path + ".new"
	if err := remove(temp); err != nil { // of a process that died here
		return err
	}
	err := create(ctx, temp, application, fill)
	if err == nil {
		err = Sync(temp)
	}
	if err == nil {
		err = os.Rename(temp, path)
	}
	if err != nil {
		return errors.Join(err, remove(temp))
	}
	return nil
}

func create(ctx context.Context, path string, application uint32, fill func(*sql.Conn) error) (err error) {
	// SQLite would make it with the mode that the umask leaves, and gives -wal and -shm the mode of the database.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	db, conn, err := Open(ctx, path, ReadWrite, "synchronous(FULL)")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, Close(db, conn)) }()
	if _, err := conn.ExecContext(ctx, fmt.Sprintf("BEGIN IMMEDIATE; PRAGMA application_id = %d", application)); err != nil {
		return err
	}
	if err := fill(conn); err != nil {
		return err
	}
	// The mode stands in the file, so that every later opener finds it.
	_, err = conn.ExecContext(ctx, "COMMIT; PRAGMA journal_mode = WAL")
	return err
}

// remove removes a database that nobody needs, with what SQLite keeps beside it; what is missing is no error.
func remove(path string) error {
	var errs []error
	for _, suffix := range []string{"", "-journal", "-wal", "-shm"} {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// Sync flushes a file or directory to the disk.
func Sync(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
