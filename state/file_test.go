package state

import (
	"database/sql"

	"herald/internal/sqlitefile"
)

// The tests open a ledger's file behind its back, and look at what lies beside it.
const (
	readWrite = sqlitefile.ReadWrite
	readOnly  = sqlitefile.ReadOnly

	headerUserVersion = 60
	headerApplication = 68
)

var openDatabase = sqlitefile.Open

func closeDatabase(db *sql.DB, conn *sql.Conn) error { return sqlitefile.Close(db, conn) }
func exists(path string) (bool, error)               { return sqlitefile.Exists(path) }
func lockPath(path string) string                    { return sqlitefile.LockPath(path) }
