package state

import (
	"context"
	"database/sql"
	"errors"
	"strings"
)

// bulkSizes are the numbers of rows that one statement writes, largest first. A row costs a fraction of a statement of
// its own, so whatever the number of rows, few statements write them.
var bulkSizes = [...]int{64, 32, 16, 8, 4, 2, 1}

// bulk gathers rows for one kind of statement and writes them many at a time.
type bulk struct {
	head, row, between, tail string // the statement's text: head, then as many rows as it writes, then tail
	width                    int    // values of a row
	stmts                    [len(bulkSizes)]*sql.Stmt
	values                   []any
}

// add takes one row.
func (b *bulk) add(values ...any) { b.values = append(b.values, values...) }

// flush writes the gathered rows, in the order in which they came.
func (b *bulk) flush(ctx context.Context, conn *sql.Conn) error {
	if len(b.values) == 0 {
		return nil
	}
	rest := b.values
	for i, size := range bulkSizes {
		for len(rest) >= size*b.width {
			if err := b.write(ctx, conn, i, rest[:size*b.width]); err != nil {
				return err
			}
			rest = rest[size*b.width:]
		}
	}
	b.forget()
	return nil
}

func (b *bulk) write(ctx context.Context, conn *sql.Conn, i int, values []any) (err error) {
	if b.stmts[i] == nil {
		rows := strings.Repeat(b.row+b.between, bulkSizes[i]-1) + b.row
		if b.stmts[i], err = conn.PrepareContext(ctx, b.head+rows+b.tail); err != nil {
			return err
		}
	}
	_, err = b.stmts[i].ExecContext(ctx, values...)
	return err
}

// forget drops what was gathered.
func (b *bulk) forget() {
	clear(b.values)
	b.values = b.values[:0]
}

func (b *bulk) close() error {
	var errs []error
	for _, stmt := range b.stmts {
		if stmt != nil {
			errs = append(errs, stmt.Close())
		}
	}
	return errors.Join(errs...)
}
