package state

import (
	"context"
	"errors"
	"fmt"

	"herald/internal/sqlitefile"
)

// sniff refuses a file that is no ledger, or that a later herald wrote, before anything touches it.
func sniff(ctx context.Context, path string) error {
	const remedy = "; it is left as it is. Mend the path, or move the file away"
	h, err := sqlitefile.ReadHeader(path)
	switch {
	case err != nil:
		return err
	case h.Type != 0:
		return fmt.Errorf("it is no file (%s); give the path of a ledger", h.Type)
	case h.Size == 0:
		return errors.New("the file is empty, so it is no ledger" + remedy)
	case !h.SQLite || h.Size < sqlitefile.HeaderSize:
		return errors.New("the file is no SQLite database, so it is no ledger" + remedy)
	case h.Application != applicationID:
		return errors.New("the file is an SQLite database, but no ledger of herald" + remedy)
	case h.Version <= Format:
		return nil
	}
	db, conn, err := sqlitefile.Open(ctx, path, sqlitefile.Immutable)
	if err != nil {
		return err
	}
	return errors.Join(newer(ctx, conn, int(h.Version)), sqlitefile.Close(db, conn))
}
