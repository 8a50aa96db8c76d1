package state

import (
	"errors"
	"fmt"
)

// refusal is an error of who asked, found before anything was written.
type refusal struct{ err error }

func (r *refusal) Error() string { return r.err.Error() }

// refuse makes a refusal.
func refuse(format string, args ...any) error { return &refusal{fmt.Errorf(format, args...)} }

// refusalsTold is how many refusals are told; the rest is counted.
const refusalsTold = 20

// refusals gathers why several things cannot be done.
type refusals struct {
	errs []error
	more int
}

func (r *refusals) add(format string, args ...any) {
	if len(r.errs) == refusalsTold {
		r.more++
		return
	}
	r.errs = append(r.errs, fmt.Errorf(format, args...))
}

// error gives all of them as one refusal, nil when there are none.
func (r *refusals) error() error {
	if len(r.errs) == 0 {
		return nil
	}
	errs := r.errs
	if r.more > 0 {
		errs = append(errs, fmt.Errorf("and %d more", r.more))
	}
	return &refusal{errors.Join(errs...)}
}
