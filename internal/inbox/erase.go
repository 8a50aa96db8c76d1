package inbox

import (
	"context"
	"errors"

	"herald/internal/sqlitefile"
)

// Erase takes the bodies out of items, such as those that hold a forgotten person's words, so that no byte of them stays
// in the file. That they came is kept, so a replay of one is still known for one. Another process may add meanwhile.
// Without a file there is nothing to erase.
func Erase(ctx context.Context, path string, ids ...int64) error {
	path, err := realPath(path)
	if err != nil {
		return err
	}
	if found, err := sqlitefile.Exists(path); err != nil || !found {
		return explain(path, err)
	}
	if err := sniff(path); err != nil {
		return explain(path, err)
	}
	db, conn, err := sqlitefile.Open(ctx, path, sqlitefile.ReadWrite, "synchronous(FULL)", "secure_delete(ON)")
	if err != nil {
		return explain(path, err)
	}
	do := func(text string, args ...any) {
		if err == nil {
			_, err = conn.ExecContext(ctx, text, args...)
		}
	}
	do("BEGIN IMMEDIATE")
	for _, id := range ids {
		do("UPDATE arrivals SET body = x'' WHERE id = ?", id)
	}
	do("COMMIT")
	if err == nil {
		err = fold(ctx, conn)
	} else {
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
	}
	return explain(path, errors.Join(err, sqlitefile.Close(db, conn)))
}
