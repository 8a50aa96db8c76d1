package executor

import (
	"testing"

	"go.uber.org/goleak"
)

// No test may leave a goroutine behind: a run that has ended holds nothing.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
