package inbox

// Format is the format of the file that this herald writes. It reads all formats up to it.
const Format = 1

// applicationID stands in the header of the file and tells an inbox from other SQLite databases: "HRLI".
const applicationID = 0x48524c49

// schema makes format 1. Once released it never changes.
//
// Numbers of arrivals are never given twice, or a reader that remembers the last one would pass over the new one. Times
// are nanoseconds since 1970 in UTC; NULL is "none".
const schema = `
CREATE TABLE meta (
  name  TEXT PRIMARY KEY,  -- id, created
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE arrivals (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  at       INTEGER NOT NULL,
  account  TEXT NOT NULL,
  callback TEXT NOT NULL,
  token    BLOB,              -- 16 bytes
  delivery TEXT,
  mark     BLOB NOT NULL UNIQUE,  -- the same for calls that are one; kept when the body is erased
  body     BLOB NOT NULL
) STRICT;

CREATE VIEW inbox AS
SELECT id, strftime('%Y-%m-%dT%H:%M:%SZ', at / 1000000000, 'unixepoch') AS at, account, callback,
  lower(hex(token)) AS token, delivery, length(body) AS bytes, CAST(body AS TEXT) AS body
FROM arrivals ORDER BY id;
`
