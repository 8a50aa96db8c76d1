package state

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// killedTest gives in dir what a killed run of so many sends leaves: a file and its log. The log holds what came since the
// ledger was opened; settled before that are as many sends.
func killedTest(tb testing.TB, dir string, sends int, o Options) (path string) {
	tb.Helper()
	path = filepath.Join(dir, "herald.state")
	away := pathTest(tb)
	o.Create = true
	l := openTest(tb, away, o)
	run := startTest(tb, l)
	for n := range sends {
		sendTest(tb, l, fmt.Sprintf("a%04d", n))
	}
	must(tb, l.EndRun(tb.Context(), run))
	must(tb, l.Close())
	o.NewLedger, o.Lineage = false, ""
	l = openTest(tb, away, o)
	startTest(tb, l)
	for n := range sends {
		sendTest(tb, l, fmt.Sprintf("b%04d", n))
	}
	for _, suffix := range []string{"", "-wal"} {
		raw, err := os.ReadFile(away + suffix)
		must(tb, err)
		must(tb, os.WriteFile(path+suffix, raw, 0o600))
	}
	return path
}

// sendTest sends one, each in commits of its own.
func sendTest(tb testing.TB, l *Ledger, key string) {
	tb.Helper()
	must(tb, l.Intend(tb.Context(), intentOf(key)))
	must(tb, l.Record(tb.Context(), Result{Send: sendOf(key), State: Sent}))
}
