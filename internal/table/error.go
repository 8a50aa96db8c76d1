package table

import "fmt"

// Error is what is wrong with a file, and where.
type Error struct {
	File    string // as given to Open
	Line    int    // from 1; 0 for the file as a whole
	Column  int    // from 1, in bytes; 0 for the whole line
	Summary string // constant
	Detail  string // what, why and how to mend
	Fatal   bool   // nothing more can be read
	Err     error  // what the system said, nil for errors in the text
}

// Error gives file:line:column, summary and detail on one line.
func (e *Error) Error() string { return e.Position() + ": " + e.Summary + ": " + e.Detail }

// Position gives file:line:column, as far as it is known.
func (e *Error) Position() string {
	switch {
	case e.Line == 0:
		return e.File
	case e.Column == 0:
		return fmt.Sprintf("%s:%d", e.File, e.Line)
	}
	return fmt.Sprintf("%s:%d:%d", e.File, e.Line, e.Column)
}

// Unwrap gives what the system said.
func (e *Error) Unwrap() error { return e.Err }
