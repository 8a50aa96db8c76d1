package state

import (
	"context"
	"crypto/sha256"

	"herald/internal/addr"
)

// messageID gives the number of a message, a new one when it has none.
func (l *Ledger) messageID(m addr.Message) (int64, error) {
	if id, ok := l.book.messages[m]; ok {
		return id, nil
	}
	id, err := l.insert("INSERT INTO messages (sequence, name) VALUES (?, ?)", m.Sequence, m.Name)
	if err == nil {
		l.book.messages[m] = id
	}
	return id, err
}

// accountOf gives an account, a new one when the ledger does not know it.
func (l *Ledger) accountOf(name string) (*account, error) {
	if a, ok := l.book.accounts[name]; ok {
		return a, nil
	}
	id, err := l.insert("INSERT INTO accounts (name) VALUES (?)", name)
	if err != nil {
		return nil, err
	}
	a := &account{id: id}
	l.book.accounts[name] = a
	return a, nil
}

func (l *Ledger) insert(statement string, args ...any) (int64, error) {
	r, err := l.conn.ExecContext(context.Background(), statement, args...)
	if err != nil {
		return 0, err
	}
	return r.LastInsertId()
}

// personOf stands for a key where the key itself need not, or must not, be kept. It is a plain digest: nobody reads a key
// from it, but whoever has the file and guesses a key can see whether the guess is right, and short keys, numbers say, can
// all be guessed in no time. So it hides who somebody is only as well as the keys are hard to guess.
func personOf(key string) (p [16]byte) {
	sum := sha256.Sum256([]byte(key))
	copy(p[:], sum[:])
	return p
}

// text is how a text is stored that may be missing.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// yes is how a mark is stored that few rows have.
func yes(b bool) any {
	if b {
		return 1
	}
	return nil
}

// orNull is how a reference is stored that may be missing.
func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
