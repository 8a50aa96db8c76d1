package state

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strconv"

	"herald/internal/sqlitefile"
)

// sound checks that what lies there is whole, as far as can be told: that the log is there, unharmed, and belongs to the
// file. Nobody may be writing.
func (r *Reader) sound(ctx context.Context) error {
	meta, err := readMeta(ctx, r.conn)
	if err != nil {
		return err
	}
	log := filepath.Base(walPath(r.path))
	if r.seal.log == 0 {
		if n, err := logCount(meta); err != nil || n%2 == 0 {
			return err
		}
		return fmt.Errorf("its log %s is missing, and with it what was recorded last: bring it back beside the ledger, or go on "+
			"with a copy made by `herald state pull -out=FILE`. When it is lost, what stood in it is forgotten and would be sent "+
			"again; if you want that: sqlite3 %s \"UPDATE meta SET value = value + 1 WHERE name = 'log'\"", log, filepath.Base(r.path))
	}
	var size int
	if err := r.conn.QueryRowContext(ctx, "PRAGMA page_size").Scan(&size); err != nil {
		return err
	}
	if err := checkLog(walPath(r.path), size); err != nil {
		return err
	}
	alone, err := metaAlone(ctx, r.path)
	if err != nil {
		return nil // a file that a fold left half done need not be readable without its log
	}
	if err := follows(meta, alone); err != nil {
		return fmt.Errorf("its log %s does not belong to it: %w. Bring back the log that does, or, when there was none, move this "+
			"one away", log, err)
	}
	return nil
}

// metaAlone reads what the file says of itself without its log.
func metaAlone(ctx context.Context, path string) (map[string]string, error) {
	db, conn, err := sqlitefile.Open(ctx, path, sqlitefile.Immutable)
	if err != nil {
		return nil, err
	}
	meta, err := readMeta(ctx, conn)
	if end := sqlitefile.Close(db, conn); err == nil {
		err = end
	}
	return meta, err
}

// follows says why a log that makes of the file what meta says cannot be the file's; nil when it can.
func follows(meta, alone map[string]string) error {
	if meta["lineage"] != alone["lineage"] {
		return fmt.Errorf("it is of lineage %s, the file of %s", plain(meta["lineage"]), plain(alone["lineage"]))
	}
	with, err := logCount(meta)
	if err != nil {
		return err
	}
	without, err := logCount(alone)
	if err != nil {
		return err
	}
	if with < without {
		return fmt.Errorf("it is older than the file (%d, %d)", with, without)
	}
	return nil
}

// logCount gives the count named log; see fold.
func logCount(meta map[string]string) (int64, error) {
	n, err := strconv.ParseInt(meta["log"], 10, 64)
	if err != nil {
		return 0, damaged("its count of the log is %q", meta["log"])
	}
	return n, nil
}

// whole has SQLite look at every page: a damage that would hide rows, or show others, must not be taken for what was sent.
// It costs a quarter of what reading the view costs: 40 ms for 100,000 sends, measured with Go 1.26 on 2 cores.
func whole(ctx context.Context, conn *sql.Conn) error {
	var verdict string
	if err := conn.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return damaged("SQLite finds: %s", plain(verdict))
	}
	return nil
}

// examine looks at the ledger before it is opened for writing, and touches nothing: what is refused stays as it is. The
// lock is held, so nobody is writing.
func examine(ctx context.Context, path string, o Options) error {
	r := &Reader{path: path, locked: true}
	err := r.do(ctx, func(ctx context.Context, _ bool) error {
		here, err := standing(ctx, r.conn)
		if err != nil {
			return err
		}
		if err := Another(here.lineage, o.Lineage); err != nil {
			return err
		}
		was, err := readMarker(o.Marker)
		if err != nil {
			return err
		}
		if err := here.newest(path, o, was); err != nil {
			return err
		}
		return whole(ctx, r.conn)
	})
	if end := r.Close(); err == nil {
		err = end
	}
	return err
}
