package inbox

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"herald/internal/sqlitefile"
)

// Beside gives the path of the inbox that belongs to a ledger: herald.inbox beside herald.state.
func Beside(ledger string) string { return strings.TrimSuffix(ledger, ".state") + ".inbox" }

// realPath follows links.
func realPath(path string) (string, error) {
	real, err := sqlitefile.RealPath(path)
	return real, explain(path, err)
}

// sniff refuses a file that is no inbox, or that a later herald wrote, before anything touches it.
func sniff(path string) error {
	const remedy = "; it is left as it is. Mend the path, or move the file away"
	h, err := sqlitefile.ReadHeader(path)
	switch {
	case err != nil:
		return err
	case h.Type != 0:
		return fmt.Errorf("it is no file (%s)"+remedy, h.Type)
	case !h.SQLite:
		return errors.New("the file is no SQLite database, so it is no inbox" + remedy)
	case h.Application != applicationID:
		return errors.New("the file is an SQLite database, but no inbox of herald" + remedy)
	}
	return newer(int(h.Version))
}

// newer refuses a format that only a later herald knows.
func newer(format int) error {
	if format <= Format {
		return nil
	}
	return fmt.Errorf("a later herald wrote it, in format %d; this one knows formats up to %d. Install that one", format, Format)
}

// identity reads the file's own name.
func identity(ctx context.Context, conn *sql.Conn) (string, error) {
	var format int
	if err := conn.QueryRowContext(ctx, "PRAGMA user_version").Scan(&format); err != nil {
		return "", err
	}
	if err := newer(format); err != nil {
		return "", err
	}
	var id string
	err := conn.QueryRowContext(ctx, "SELECT value FROM meta WHERE name = 'id'").Scan(&id)
	if errors.Is(err, sql.ErrNoRows) || err == nil && id == "" {
		return "", errors.New("it does not say its id, so the file is damaged; move it away, and a new one is made")
	}
	return id, err
}

// fold brings all of the log into the file and empties it. Somebody who reads right now may prevent it.
func fold(ctx context.Context, conn *sql.Conn) error {
	var busy, pages, moved int
	if err := conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &moved); err != nil {
		return err
	}
	if busy != 0 {
		return errFold
	}
	return nil
}

var errFold = errors.New("somebody reads it right now, so what was there stays in its -wal file for a while; run the same command again")
