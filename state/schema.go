package state

import (
	"context"
	"database/sql"
	"fmt"
)

// Format is the ledger format that this herald writes. It reads all formats up to it.
const Format = 1

// applicationID stands in the header of the file and tells a ledger from other SQLite databases: "HRLD".
const applicationID = 0x48524c44

// formats holds, per format, the steps from the one before it. A released entry never changes.
//
// Times are nanoseconds since 1970 in UTC; hashes are one byte of version and 16 of digest; NULL is "none". Numbers of
// states are those of the type State. Text is compared by its bytes.
var formats = [...]string{1: `
CREATE TABLE meta (
  name  TEXT PRIMARY KEY,  -- lineage, serial, created, created_by, written_by, log; taken:INBOX, the last call taken from one
  value TEXT NOT NULL      -- log counts: while it is odd in this file, what came later is in the -wal file beside it
) STRICT, WITHOUT ROWID;

CREATE TABLE messages (    -- names, so that the many rows hold a number each
  id       INTEGER PRIMARY KEY,
  sequence TEXT NOT NULL,
  name     TEXT NOT NULL,
  UNIQUE (sequence, name)
) STRICT;

CREATE TABLE accounts (
  id          INTEGER PRIMARY KEY,
  name        TEXT NOT NULL UNIQUE,  -- heyx or heyx.alias
  marker_seen INTEGER,               -- when it first returned our marker
  last_intent INTEGER                -- start of its last attempt, kept when the intent went back
) STRICT;

CREATE TABLE runs (
  id       INTEGER PRIMARY KEY,
  who      TEXT NOT NULL,
  command  TEXT NOT NULL,
  digest   TEXT NOT NULL,
  version  TEXT NOT NULL,
  started  INTEGER NOT NULL,
  ended    INTEGER,                  -- NULL: running, or killed
  sent     INTEGER NOT NULL DEFAULT 0,
  refused  INTEGER NOT NULL DEFAULT 0,
  in_doubt INTEGER NOT NULL DEFAULT 0,
  unsent   INTEGER NOT NULL DEFAULT 0,
  skipped  INTEGER NOT NULL DEFAULT 0,
  serial   INTEGER                   -- that it raised the ledger to; NULL while it changed nothing
) STRICT;

CREATE TABLE definitions (
  id      INTEGER PRIMARY KEY,
  message INTEGER NOT NULL REFERENCES messages (id),
  hash    BLOB NOT NULL,
  source  TEXT NOT NULL,
  run     INTEGER NOT NULL REFERENCES runs (id),  -- the first that used it
  UNIQUE (message, hash)
) STRICT;

CREATE TABLE sends (       -- what is settled: one row per send
  message     INTEGER NOT NULL REFERENCES messages (id),
  key         TEXT NOT NULL,
  state       INTEGER NOT NULL,      -- 2 sent, 3 refused, 5 skipped
  account     INTEGER NOT NULL REFERENCES accounts (id),
  content     BLOB,
  destination BLOB,
  definition  INTEGER REFERENCES definitions (id),
  unique_by   BLOB,                  -- while refused; that of a sent one is in used
  attempts    INTEGER NOT NULL,
  token       BLOB,                  -- the key that the request carried
  provider_id TEXT,
  status      TEXT,
  reason      TEXT,
  at          INTEGER NOT NULL,
  provider_at INTEGER,
  begun       INTEGER,               -- of the intent; NULL where none was needed
  place       TEXT,                  -- the vendor's name of the conversation, where something can be watched there
  awaited     INTEGER,               -- 1: a callback may bring the token
  run         INTEGER NOT NULL REFERENCES runs (id),
  decided_by  TEXT,
  PRIMARY KEY (message, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX sends_by_place ON sends (place, account, at) WHERE place IS NOT NULL;
CREATE INDEX sends_by_token ON sends (token) WHERE awaited = 1;

CREATE TABLE earlier (     -- rows that a newer outcome or a decision replaced: settled ones, and attempts in doubt (4)
  id          INTEGER PRIMARY KEY,
  message     INTEGER NOT NULL REFERENCES messages (id),
  key         TEXT NOT NULL,
  state       INTEGER NOT NULL,
  account     INTEGER NOT NULL REFERENCES accounts (id),
  content     BLOB,
  destination BLOB,
  definition  INTEGER REFERENCES definitions (id),
  unique_by   BLOB,
  attempts    INTEGER NOT NULL,
  token       BLOB,
  provider_id TEXT,
  status      TEXT,
  reason      TEXT,
  at          INTEGER NOT NULL,
  provider_at INTEGER,
  begun       INTEGER,
  place       TEXT,
  awaited     INTEGER,
  run         INTEGER NOT NULL REFERENCES runs (id),
  decided_by  TEXT,
  removed     INTEGER NOT NULL DEFAULT 0  -- 1: taken out of the ledger; what it says no longer counts
) STRICT;
CREATE INDEX earlier_by_send ON earlier (message, key);
CREATE INDEX earlier_by_token ON earlier (token) WHERE awaited = 1;

CREATE TABLE flights (     -- what is open: the request may be, or may have been, on the wire
  message     INTEGER NOT NULL REFERENCES messages (id),
  key         TEXT NOT NULL,
  state       INTEGER NOT NULL,      -- 1 sending, 4 in doubt
  account     INTEGER NOT NULL REFERENCES accounts (id),
  content     BLOB,
  destination BLOB,
  definition  INTEGER REFERENCES definitions (id),
  unique_by   BLOB,
  attempts    INTEGER NOT NULL,
  token       BLOB,
  provider_id TEXT,
  status      TEXT,
  reason      TEXT,
  at          INTEGER NOT NULL,      -- of the intent
  doubt_at    INTEGER,               -- since when it is in doubt
  answered    INTEGER NOT NULL DEFAULT 0,  -- 1: in doubt after a whole answer
  provider_at INTEGER,
  place       TEXT,
  awaited     INTEGER,
  run         INTEGER NOT NULL REFERENCES runs (id),
  PRIMARY KEY (message, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX flights_by_token ON flights (token) WHERE awaited = 1;

CREATE TABLE receipts (    -- what became of messages that were sent
  message   INTEGER NOT NULL REFERENCES messages (id),
  key       TEXT NOT NULL,
  token     BLOB NOT NULL,           -- of the attempt, empty when it has none: what is sent again begins anew
  delivered INTEGER,
  read      INTEGER,
  failed    INTEGER,
  reason    TEXT,                    -- of failed
  replied   INTEGER,
  reply     TEXT,
  vendor    BLOB,                    -- the vendor's object of the reply
  PRIMARY KEY (message, key, token)
) STRICT, WITHOUT ROWID;

CREATE TABLE used (        -- unique_by values that were sent to; kept when the person leaves
  message INTEGER NOT NULL REFERENCES messages (id),
  value   BLOB NOT NULL,
  person  BLOB NOT NULL,             -- first 16 bytes of the SHA-256 of the key
  PRIMARY KEY (message, value, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE forgotten (   -- people whose key was erased: that they were written to, and no more
  message      INTEGER NOT NULL REFERENCES messages (id),
  person       BLOB NOT NULL,         -- as in used
  state        INTEGER NOT NULL,      -- as in sends
  account      INTEGER NOT NULL REFERENCES accounts (id),
  content      BLOB,
  destination  BLOB,
  definition   INTEGER REFERENCES definitions (id),
  unique_by    BLOB,
  attempts     INTEGER NOT NULL,
  at           INTEGER NOT NULL,
  run          INTEGER NOT NULL REFERENCES runs (id),
  delivered    INTEGER,               -- as in receipts, without a word of what was said
  read         INTEGER,
  failed       INTEGER,
  replied      INTEGER,
  forgotten_by TEXT NOT NULL,
  forgotten_at INTEGER NOT NULL,
  PRIMARY KEY (message, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE forgotten_earlier (  -- what they got, or may have got, before that
  id          INTEGER PRIMARY KEY,
  message     INTEGER NOT NULL REFERENCES messages (id),
  person      BLOB NOT NULL,
  state       INTEGER NOT NULL,       -- as in earlier
  account     INTEGER NOT NULL REFERENCES accounts (id),
  content     BLOB,
  destination BLOB,
  attempts    INTEGER NOT NULL,
  at          INTEGER NOT NULL,
  run         INTEGER NOT NULL REFERENCES runs (id),
  decided_by  TEXT
) STRICT;

CREATE TABLE decisions (   -- of people, settings and look-ups, about sends in doubt, refused or taken out
  id      INTEGER PRIMARY KEY,
  message INTEGER NOT NULL REFERENCES messages (id),
  key     TEXT NOT NULL,
  was     INTEGER NOT NULL,          -- the state before
  sent    INTEGER NOT NULL,          -- 1 it was sent, 0 it was not
  who     TEXT NOT NULL,
  reason  TEXT,
  at      INTEGER NOT NULL
) STRICT;

CREATE TABLE moved (       -- names that were changed: of a sequence, a message (name) or one send (key)
  id          INTEGER PRIMARY KEY,
  sequence    TEXT NOT NULL,
  name        TEXT,
  key         TEXT,
  to_sequence TEXT NOT NULL,
  to_name     TEXT,
  to_key      TEXT,
  sends       INTEGER NOT NULL,
  who         TEXT NOT NULL,
  at          INTEGER NOT NULL
) STRICT;

CREATE TABLE key_attributes (  -- the attribute that identifies a person, per contacts source
  source    TEXT PRIMARY KEY,
  attribute TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE outlines (    -- the messages of a sequence, as the last run that had it saw them
  sequence   TEXT NOT NULL,
  position   INTEGER NOT NULL,
  message    TEXT NOT NULL,
  definition BLOB,
  PRIMARY KEY (sequence, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE openings (    -- conversations that were opened, or are being opened
  account INTEGER NOT NULL REFERENCES accounts (id),
  name    TEXT NOT NULL,             -- what it is for
  person  TEXT,                      -- the key of whom it is for
  token   BLOB NOT NULL,             -- that the vendor keeps with it
  begun   INTEGER NOT NULL,          -- of the first attempt
  tried   INTEGER NOT NULL,          -- of the last one
  place   TEXT,                      -- NULL while nobody knows whether it was opened
  PRIMARY KEY (account, name)
) STRICT, WITHOUT ROWID;

CREATE VIEW ledger AS
SELECT m.sequence, m.name AS message, x.key,
  CASE x.state WHEN 1 THEN 'sending' WHEN 2 THEN 'sent' WHEN 3 THEN 'refused' WHEN 4 THEN 'in_doubt'
    WHEN 5 THEN 'skipped' END AS state,
  a.name AS account, x.attempts, x.provider_id, x.status, x.reason,
  strftime('%Y-%m-%dT%H:%M:%SZ', x.at / 1000000000, 'unixepoch') AS at,
  strftime('%Y-%m-%dT%H:%M:%SZ', x.provider_at / 1000000000, 'unixepoch') AS provider_at,
  x.run, r.who, x.decided_by, lower(hex(x.token)) AS token, x.place,
  strftime('%Y-%m-%dT%H:%M:%SZ', c.delivered / 1000000000, 'unixepoch') AS delivered,
  strftime('%Y-%m-%dT%H:%M:%SZ', c.read / 1000000000, 'unixepoch') AS read,
  strftime('%Y-%m-%dT%H:%M:%SZ', c.failed / 1000000000, 'unixepoch') AS failed,
  strftime('%Y-%m-%dT%H:%M:%SZ', c.replied / 1000000000, 'unixepoch') AS replied
FROM (
  SELECT message, key, state, account, attempts, provider_id, status, reason, at, provider_at, run, decided_by, token, place
    FROM sends s WHERE NOT EXISTS (SELECT 1 FROM flights f WHERE f.message = s.message AND f.key = s.key)
  UNION ALL
  SELECT message, key, state, account, attempts, provider_id, status, reason, at, provider_at, run, NULL, token, place
    FROM flights
) x
JOIN messages m ON m.id = x.message
JOIN accounts a ON a.id = x.account
LEFT JOIN runs r ON r.id = x.run
LEFT JOIN receipts c ON x.state = 2 AND c.message = x.message AND c.key = x.key AND c.token = ifnull(x.token, x'')
ORDER BY m.sequence, m.name, x.key;
`}

// migrate brings the database from format have to Format, within the transaction that the caller holds open.
func migrate(ctx context.Context, conn *sql.Conn, have int) error {
	for f := have + 1; f <= Format; f++ {
		if _, err := conn.ExecContext(ctx, formats[f]); err != nil {
			return fmt.Errorf("making format %d: %w", f, err)
		}
	}
	_, err := conn.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", Format))
	return err
}
