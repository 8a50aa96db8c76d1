package testfile

import (
	"time"

	"github.com/hashicorp/hcl/v2"

	"herald/internal/addr"
)

// Suffix is how the names of test files end.
const Suffix = ".test.hcl"

// File is one file of tests.
type File struct {
	Name      string // as it is shown
	Start     time.Time
	Variables []Variable // of the campaign
	Runs      []*Run
	Source    *hcl.File
}

// Variable is a value for one of the campaign's variables.
type Variable struct {
	Name  string
	Text  string    // as -var takes it
	Range hcl.Range // of the name
}

// Command is what a run does.
type Command string

// The commands.
const (
	Apply   Command = "apply"
	Plan    Command = "plan"
	Refresh Command = "refresh"
)

// Commands are what command can be.
var Commands = []string{string(Apply), string(Plan), string(Refresh)}

// Run is one command, with what happens before it and what must be true after it.
type Run struct {
	Name      string
	At        time.Time // the clock
	Command   Command
	ExitCode  int
	Variables []Variable // for this run alone, over the file's
	Replies   []Reply
	Reads     []Happening
	Failures  []Failure
	Faults    []Fault
	Asserts   []Assert
	DeclRange hcl.Range
}

// Happening is something that becomes of a message that was sent.
type Happening struct {
	To    addr.Send
	Range hcl.Range
}

// Reply is what a person writes, or what a provider that is asked answers.
type Reply struct {
	Happening
	Text string
}

// Failure is a message that the provider could not deliver after all.
type Failure struct {
	Happening
	Reason string
}

// Fault is how a vendor misbehaves during the run.
type Fault struct {
	Provider string // type
	Kind     string // one of FaultKinds
	Count    int    // of the next requests
	Range    hcl.Range
}

// FaultKinds are the ways in which a vendor can misbehave, and what they mean.
var FaultKinds = []string{"throttle", "error", "drop", "cut", "broken"}

// Assert is one condition.
type Assert struct {
	Condition hcl.Expression
	Message   hcl.Expression // a string
	Range     hcl.Range
}
