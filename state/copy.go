package state

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"herald/internal/sqlitefile"
)

// Copy makes a whole copy of the ledger at path, as it is at one instant, in the new file out with mode 0600. A run
// may write meanwhile. An existing file is never touched.
func Copy(ctx context.Context, path, out string) error {
	r, err := OpenReader(ctx, path)
	if err != nil {
		return err
	}
	defer r.Close()
	if out, err = filepath.Abs(out); err != nil {
		return err
	}
	made, during := false, int64(0)
	err = r.do(ctx, func(ctx context.Context, live bool) error {
		if made { // of a try that a run came into
			if err := os.Remove(out); err != nil {
				return err
			}
			made = false
		}
		// SQLite fills an empty file; so it has its mode from the start, and an existing one is refused.
		f, err := os.OpenFile(out, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("cannot be copied to %s: there is a file of that name; give another one, or remove it", out)
		}
		if err != nil {
			return err
		}
		made = true
		if err := f.Close(); err != nil {
			return err
		}
		if during = 0; live {
			if err := r.conn.QueryRowContext(ctx, "SELECT coalesce(max(id), 0) FROM runs WHERE ended IS NULL").Scan(&during); err != nil {
				return err
			}
		}
		// VACUUM cannot run within a transaction; it makes its own.
		if _, err := r.conn.ExecContext(ctx, "ROLLBACK"); err != nil {
			return err
		}
		_, vacuum := r.conn.ExecContext(ctx, "VACUUM INTO ?", out)
		if _, err := r.conn.ExecContext(context.WithoutCancel(ctx), "BEGIN"); err != nil {
			return errors.Join(vacuum, err)
		}
		return vacuum
	})
	if err == nil {
		err = closeCopy(ctx, out, during)
	}
	if err == nil {
		if err = sqlitefile.Sync(out); err == nil {
			err = sqlitefile.Sync(filepath.Dir(out))
		}
	}
	if err != nil && made {
		err = errors.Join(err, os.Remove(out))
	}
	return err
}

// closeCopy makes of a copy what a closed ledger is: whole in one file, whatever the original said of its log. One that
// was made during a run says so: it does not know what the run sent afterwards, and must not be gone on with unasked.
func closeCopy(ctx context.Context, path string, during int64) error {
	db, conn, err := sqlitefile.Open(ctx, path, sqlitefile.ReadWrite)
	if err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, "UPDATE meta SET value = value + 1 WHERE name = 'log' AND value % 2 = 1")
	if err == nil && during > 0 {
		_, err = conn.ExecContext(ctx, "INSERT INTO meta (name, value) VALUES (?, ?)", copiedInRun, strconv.FormatInt(during, 10))
	}
	return errors.Join(err, sqlitefile.Close(db, conn))
}
