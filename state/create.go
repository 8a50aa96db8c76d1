package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"herald/internal/crash"
	"herald/internal/sqlitefile"
)

// Expect tells, without opening anything for writing or making anything, whether Open will find or may make the ledger that
// o wants: nil, or why not. An older copy of the ledger that o.Marker tells of is refused; what else is wrong within an
// existing file need not be seen.
func Expect(path string, o Options) error {
	path, err := realPath(path)
	if err != nil {
		return err
	}
	found, err := expect(path, o)
	if err != nil || !found {
		return err
	}
	return expectNewest(path, o)
}

// expectNewest refuses an older copy of the ledger that the note tells of. The note is read first: a run that goes on
// meanwhile writes the ledger before the note.
func expectNewest(path string, o Options) error {
	was, err := readMarker(o.Marker)
	if err != nil {
		return err
	}
	if err := sniff(context.Background(), path); err != nil {
		return explain(path, err)
	}
	r := &Reader{path: path, locked: o.Lock != nil, peeking: true}
	err = r.do(context.Background(), func(ctx context.Context, _ bool) error {
		here, err := standing(ctx, r.conn)
		if err != nil {
			return err
		}
		return here.newest(path, o, was)
	})
	return errors.Join(err, r.Close())
}

// expect reports whether there is a ledger at path; if not, the error says why none may be made.
func expect(path string, o Options) (found bool, err error) {
	found, err = sqlitefile.Exists(path)
	if err != nil {
		return false, explain(path, err)
	}
	if found && o.NewLedger {
		return true, fmt.Errorf("the ledger %s exists: -new-ledger is only for a missing one. Leave it out to go on with "+
			"this one", path)
	}
	if found {
		return true, nil
	}
	if wal, err := sqlitefile.Exists(walPath(path)); err != nil || wal {
		return false, errors.Join(err, fmt.Errorf("the ledger %s is missing, but %s, a part of it, is here: bring the file "+
			"back beside it", path, filepath.Base(walPath(path))))
	}
	was, err := readMarker(o.Marker)
	switch {
	case err != nil:
		return false, err
	case o.NewLedger:
	case o.Lineage != "":
		return false, fmt.Errorf("the ledger %s is missing, and the configuration names its lineage, %s. Without it everyone "+
			"would be written to again: bring it back or mend its path. If it shall be a new one, say apply -new-ledger: %w",
			path, plain(o.Lineage), fs.ErrNotExist)
	case was.lineage != "":
		return false, fmt.Errorf("the ledger %s is missing, but %s shows that one was here, of lineage %s. Without it everyone "+
			"would be written to again: bring it back or mend its path. If it shall be a new one, say apply -new-ledger: %w",
			path, o.Marker, plain(was.lineage), fs.ErrNotExist)
	case !o.Create:
		return false, fmt.Errorf("the ledger %s does not exist: nothing was sent from here yet: %w", path, fs.ErrNotExist)
	}
	return false, nil
}

// provide sees that there is a ledger at path, as o allows: it makes one, or says why it must not.
func provide(ctx context.Context, path string, o Options) error {
	found, err := expect(path, o)
	if err != nil || found {
		return err
	}
	if err := create(ctx, path, o); err != nil {
		return explain(path, fmt.Errorf("it cannot be made: %w", err))
	}
	return nil
}

// Another says that the lineage of a ledger is not the wanted one; nil when it is, or any will do.
func Another(lineage, wanted string) error {
	if wanted == "" || wanted == lineage {
		return nil
	}
	return fmt.Errorf("this is another ledger: its lineage is %s, the configuration wants %s. Mend the path of the "+
		"ledger, or the lineage", plain(lineage), plain(wanted))
}

// create makes a ledger that knows of no send.
func create(ctx context.Context, path string, o Options) error {
	lineage := o.Lineage
	if lineage == "" {
		lineage = uuid.NewString()
	}
	if err := sqlitefile.Create(ctx, path, applicationID, func(conn *sql.Conn) error {
		if err := migrate(ctx, conn, 0); err != nil {
			return err
		}
		for _, fact := range [][2]string{
			{"lineage", lineage}, {"serial", "0"}, {"created", time.Now().UTC().Format(time.RFC3339)},
			{"created_by", o.Version}, {"written_by", o.Version}, {"log", "0"},
		} {
			if _, err := conn.ExecContext(ctx, "INSERT INTO meta (name, value) VALUES (?, ?)", fact[0], fact[1]); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return err
	}
	crash.Point("ledger made")
	return sqlitefile.Sync(filepath.Dir(path))
}
