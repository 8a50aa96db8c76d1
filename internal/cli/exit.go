package cli

import "errors"

// The ends of a command that are no success. Each has its exit code in codes.
var (
	// errShown: everything there is to say was printed.
	errShown = errors.New("the errors above")
	// errChanges: plan -detailed-exitcode found something to apply.
	errChanges = errors.New("there is something to apply")
	// errIncomplete: the run ended, but a lane stopped, or sends are refused or in doubt.
	errIncomplete = errors.New("not everything was sent")
	// errForbidden: a guard forbids the plan.
	errForbidden = errors.New("the plan is forbidden")
)

// codes maps the ends of a command to exit codes. Any other error is 1.
var codes = []struct {
	err  error
	code int
}{
	{errChanges, 2},
	{errIncomplete, 3},
	{errForbidden, 4},
}

func exitCode(err error) int {
	if err == nil {
		return 0
	}
	for _, c := range codes {
		if errors.Is(err, c.err) {
			return c.code
		}
	}
	return 1
}

// isSilent reports whether err is an end that was explained by the command's own output.
func isSilent(err error) bool {
	for _, c := range codes {
		if errors.Is(err, c.err) {
			return true
		}
	}
	return false
}
