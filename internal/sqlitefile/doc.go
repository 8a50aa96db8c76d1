// Package sqlitefile keeps an SQLite database in a file of ours, such as the ledger and the inbox: it finds the file, looks
// at it before SQLite does, locks it, makes it and opens it.
//
// Who writes takes the lock first, makes the file when it is missing, and opens it:
//
//	path, err := sqlitefile.RealPath(path) // two names of one file must mean one lock
//	...
//	lock, err := sqlitefile.Acquire(ctx, path, []byte("pid 7\n"), 0) // errors.Is(err, sqlitefile.ErrHeld): another one writes
//	...
//	defer lock.Release()
//	found, err := sqlitefile.Exists(path)
//	if err == nil && !found {
//		err = sqlitefile.Create(ctx, path, applicationID, func(conn *sql.Conn) error { ... }) // tables and first rows
//	}
//	...
//	head, err := sqlitefile.ReadHeader(path) // a file that is not ours is left as it is
//	...
//	db, conn, err := sqlitefile.Open(ctx, path, sqlitefile.ReadWrite, "journal_mode(WAL)", "synchronous(FULL)")
//	...
//	defer sqlitefile.Close(db, conn)
//
// Who reads takes no lock. As long as there is no -wal file and Held says no, nobody writes, and Immutable reads the file
// without making another one; whoever does so looks again afterwards, and reads anew when a writer came meanwhile. Else
// ReadOnly is right.
//
// What Words explains says which file an error is about and how to mend it. Other errors come without the file's name:
// Explain gives it.
//
// The package must not know what a file holds: tables, formats and what is wrong with a row are the caller's. It imports
// nothing of herald, and does nothing that only one kind of file needs.
package sqlitefile
