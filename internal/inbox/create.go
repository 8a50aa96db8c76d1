package inbox

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// create makes the file beside its place and renames it, so that an inbox is there whole or not at all. The caller holds
// the lock.
func create(ctx context.Context, path string) error {
	for _, suffix := range []string{"-wal", "-shm"} {
		left, err := exists(path + suffix)
		if err != nil {
			return err
		}
		if left {
			return fmt.Errorf("it is missing, but %s, a part of it, is here: bring the file back beside it, or move that part away",
				filepath.Base(path+suffix))
		}
	}
	temp := path + ".new"
	err := removeDatabase(temp) // of a process that died here
	if err == nil {
		err = fill(ctx, temp)
	}
	if err == nil {
		err = syncFile(temp)
	}
	if err == nil {
		err = os.Rename(temp, path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("it cannot be made: %w", err), removeDatabase(temp))
	}
	return syncFile(filepath.Dir(path))
}

// fill writes the tables and the inbox's own name into a new file.
func fill(ctx context.Context, path string) (err error) {
	// SQLite would make it with the mode that the umask leaves, and gives -wal and -shm the mode of the database.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	db, conn, err := openDatabase(ctx, path, readWrite, "synchronous(FULL)")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(), db.Close()) }()
	head := fmt.Sprintf("BEGIN IMMEDIATE; PRAGMA application_id = %d; PRAGMA user_version = %d;", applicationID, Format)
	if _, err := conn.ExecContext(ctx, head+schema); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, "INSERT INTO meta (name, value) VALUES ('id', ?), ('created', ?)",
		rand.Text(), time.Now().UTC().Format(time.RFC3339))
	if err != nil {
		return err
	}
	// The mode stands in the file, so that every later opener finds it.
	_, err = conn.ExecContext(ctx, "COMMIT; PRAGMA journal_mode = WAL")
	return err
}

// removeDatabase removes a database that is nobody's inbox, with what SQLite keeps beside it.
func removeDatabase(path string) error {
	var errs []error
	for _, suffix := range []string{"", "-journal", "-wal", "-shm"} {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// syncFile flushes a file or directory to the disk.
func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
