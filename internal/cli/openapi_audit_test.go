package cli

import (
	"net/http"
	"slices"
	"testing"
)

// audit counts what was held against the document, and which known mismatches occurred.
type audit struct {
	known      []knownMismatch
	occurred   []int
	operations map[string]bool
	exchanges  int // of documented operations
}

func newAudit() *audit {
	known := knownMismatches()
	return &audit{known: known, occurred: make([]int, len(known)), operations: map[string]bool{}}
}

// settle takes exchanges in: only what is known may differ from the document.
func (a *audit) settle(t *testing.T, passed ...seen) {
	t.Helper()
	for _, x := range passed {
		if x.documented {
			a.operations[x.operation] = true
			a.exchanges++
		}
		for _, m := range slices.Concat(x.verdict.request, x.verdict.answer) {
			if m.what == noAccess && x.status == http.StatusUnauthorized {
				continue // the document forbids the token, and the server turned it away: they agree
			}
			i := slices.IndexFunc(a.known, func(k knownMismatch) bool { return k.covers(m) })
			if i < 0 {
				t.Errorf("not as Chatwoot's document says: %s\n%s %s\n%.1000s\n%d\n%.1000s", m, x.method, x.target, x.body, x.status, x.exchange.answer)
				continue
			}
			a.occurred[i]++
		}
	}
}
