package state

import (
	"time"

	"herald/internal/addr"
)

// Run is one apply, as the ledger records it.
type Run struct {
	ID       int64
	Who      string // user@host
	Command  string // the command line without the values of -var
	Digest   string // of the plan
	Version  string // of herald
	Started  time.Time
	Ended    time.Time // zero while unfinished: running, or killed
	Sent     int
	Refused  int
	InDoubt  int
	Unsent   int
	Skipped  int
	Serial   int64 // that it raised the ledger to; 0 while it changed nothing
	Finished bool
}

// Definition is one version of a message's definition, kept so that anybody can later see what was sent: its source
// with locals, variables and files folded in, never a person's values.
type Definition struct {
	Sequence string
	Message  string
	Hash     Hash
	Source   string
}

func (d Definition) message() addr.Message {
	return addr.Message{Sequence: d.Sequence, Name: d.Message}
}
