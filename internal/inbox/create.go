package inbox

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"path/filepath"
	"time"

	"herald/internal/sqlitefile"
)

// create makes an inbox with a name of its own. The caller holds the lock.
func create(ctx context.Context, path string) error {
	for _, suffix := range []string{"-wal", "-shm"} {
		left, err := sqlitefile.Exists(path + suffix)
		if err != nil {
			return err
		}
		if left {
			return fmt.Errorf("it is missing, but %s, a part of it, is here: bring the file back beside it, or move that part away",
				filepath.Base(path+suffix))
		}
	}
	if err := sqlitefile.Create(ctx, path, applicationID, func(conn *sql.Conn) error {
		if _, err := conn.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d;", Format)+schema); err != nil {
			return err
		}
		_, err := conn.ExecContext(ctx, "INSERT INTO meta (name, value) VALUES ('id', ?), ('created', ?)",
			rand.Text(), time.Now().UTC().Format(time.RFC3339))
		return err
	}); err != nil {
		return fmt.Errorf("it cannot be made: %w", err)
	}
	return sqlitefile.Sync(filepath.Dir(path))
}
