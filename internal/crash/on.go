//go:build crash

package crash

import (
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
)

// wanted is the point and the passage at which to end; read once, since the environment of a process does not change.
var wanted, passage = parse(os.Getenv("HERALD_CRASH"))

var passed atomic.Int64

func parse(text string) (point string, n int64) {
	point, count, _ := strings.Cut(text, ":")
	n, err := strconv.ParseInt(count, 10, 64)
	if err != nil {
		n = 1
	}
	return point, n
}

// Point ends the process here when the environment says so.
func Point(name string) {
	if name != wanted || passed.Add(1) != passage {
		return
	}
	syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {} // the signal is on its way
}
