package sandbox

import "time"

// FaultKind says how an emulator misbehaves for one request. The set is closed.
type FaultKind int

// The kinds of faults. "Accepts" means: treats the request as it would without the fault, so that a good message is
// stored and can be read back. A reset is a TCP RST; a client may see it as "connection reset", "broken pipe" or an
// unexpected end. No fault lasts longer than 60 s, and Close ends them all.
const (
	// FaultNone answers as the vendor does.
	FaultNone FaultKind = iota
	// FaultDropBefore reads the whole request, accepts nothing and resets the connection.
	FaultDropBefore
	// FaultDropAfter accepts, then resets the connection without a byte of an answer.
	FaultDropAfter
	// FaultError accepts, then answers the vendor's 500.
	FaultError
	// FaultThrottle accepts nothing and answers the vendor's 429, with Retry-After if Fault.RetryAfter is set.
	FaultThrottle
	// FaultDelay accepts only after Fault.Delay, also when the client has gone by then, and then answers.
	FaultDelay
	// FaultHang accepts, then says nothing until the client goes away, and resets the connection.
	FaultHang
	// FaultBadJSON accepts, then answers 200 with half of its JSON; the HTTP message is whole.
	FaultBadJSON
	// FaultDrip accepts and answers at once with the status and the headers, Content-Length among them; the body follows
	// byte by byte, one each Fault.Pace. If it is not through when the time is up, the connection is reset.
	FaultDrip
	// FaultRedirect accepts nothing and answers 307 with a Location that is another path of the sandbox. That one takes
	// every request with 200 and {}, and counts it: Sandbox.Redirected. The client that repeats the request is wrong.
	FaultRedirect
	// FaultHuge accepts, then answers with 64 MiB of spaces and the answer itself after them, in chunks without a
	// Content-Length. It is good JSON for whoever reads all of it.
	FaultHuge
	// FaultTruncate accepts, then answers with a Content-Length of 100 bytes more than follow: the whole answer comes, then
	// the connection ends without a reset.
	FaultTruncate
	// FaultErrorIn200 accepts nothing and answers with the vendor's status for success and the vendor's body for 500.
	FaultErrorIn200
	// FaultResetBefore accepts nothing and resets the connection before it reads the body. It has read the headers, and
	// with them as much of the body as the first 4 KiB of the request hold; so a small request was written by then.
	FaultResetBefore
	// FaultResetAfter accepts, answers with status, headers and half of the body, and resets the connection. The client
	// may see the half, or only the reset. For a reset without any of the answer there is FaultDropAfter.
	FaultResetAfter
)

// faultKinds is how many there are.
const faultKinds = int(FaultResetAfter) + 1

// String gives a kind's name in small words, such as "drop before".
func (k FaultKind) String() string {
	names := [faultKinds]string{"none", "drop before", "drop after", "error", "throttle", "delay", "hang", "bad JSON", "drip",
		"redirect", "huge", "truncate", "error in 200", "reset before", "reset after"}
	if k < 0 || int(k) >= len(names) {
		return "unknown"
	}
	return names[k]
}

// Fault is what Options.Fault chooses for one request. The zero value is no fault.
type Fault struct {
	Kind       FaultKind
	Delay      time.Duration // FaultDelay: how long, 60 s at most
	Pace       time.Duration // FaultDrip: from one byte to the next, 1 s when 0
	RetryAfter int           // FaultThrottle: seconds; 0 sends no Retry-After
}
