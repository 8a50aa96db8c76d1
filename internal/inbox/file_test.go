package inbox

import "herald/internal/sqlitefile"

// The tests make files that are no inbox.
const readWrite = sqlitefile.ReadWrite

var openDatabase = sqlitefile.Open
