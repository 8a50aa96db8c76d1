package listen

import (
	"fmt"
	"time"
)

// Result is what became of a call.
type Result string

// The closed set of results.
const (
	Stored    Result = "stored"     // 200: it is in the inbox
	Replayed  Result = "replayed"   // 200: it was there already
	Forged    Result = "forged"     // 401: Err says what is wrong with its proof
	Unknown   Result = "unknown"    // 404: no such address, or no send with such a token
	BadMethod Result = "bad method" // 405
	CutOff    Result = "cut off"    // 408: the body came too slowly, or not whole
	TooLarge  Result = "too large"  // 413
	Busy      Result = "busy"       // 503: too much is in memory already
	Failed    Result = "failed"     // 503: Err says why it cannot be kept, or its token cannot be looked up
	Health    Result = "health"     // 200: somebody asked whether the server runs
)

// Event is one call and what became of it. It holds no address, header, token or byte of the body.
type Event struct {
	At       time.Time     // when its headers were there
	Took     time.Duration // until its answer was decided
	Account  string        // "" where the call was for none
	Callback string
	Result   Result
	Status   int   // of the answer
	Bytes    int   // of the body, as far as it was read
	Err      error // one line without secrets; nil for most results
}

// String gives the event in one line.
func (e Event) String() string {
	s := string(e.Result)
	if e.Account != "" {
		s = fmt.Sprintf("%s %s: %s", e.Account, e.Callback, s)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}
