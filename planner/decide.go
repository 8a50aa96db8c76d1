package planner

import (
	"herald/internal/addr"
	"herald/state"
)

// The reasons that steps carry beside "blocked by ...".
const (
	reasonContent     = "content changed"
	reasonReplace     = "-replace"
	reasonRefused     = "refused before; nothing changed"
	reasonRefusedNew  = "refused before; content changed"
	reasonRefusedTo   = "refused before; destination changed"
	reasonRefusedBoth = "refused before; content and destination changed"
	reasonPassed      = "a later message was already sent"
	reasonGone        = "no longer among those written to"
)

// facts is all that the decision about one send rests on.
type facts struct {
	state       state.State // in the ledger
	content     bool        // the same content as recorded
	destination bool        // the same destination as recorded
	before      bool        // refused, but this content was sent before what was refused
	resend      bool        // on_change = "resend"
	replace     bool        // -replace names it
	later       bool        // this person already has a later message of the sequence
	blocker     string      // earlier message that stands in the way; "" for none
}

// needs says what must be evaluated before decide can be asked.
func (f facts) needs() (content, destination bool) {
	switch f.state {
	case state.Sent:
		return true, false
	case state.Refused:
		return true, true
	}
	return false, false
}

// decide says what is done about one send.
//
//	in the ledger      what else                                         action
//	sending, in doubt  whatever                                          in_doubt
//	sent               -replace                                          resend
//	sent               same content                                      unchanged
//	sent               other content, on_change = "keep"                 kept
//	sent               other content, on_change = "resend"               resend
//	refused            -replace                                          resend
//	refused            the content that was sent before                  unchanged
//	refused            same content and destination                      refused
//	refused            other content or destination, has a later one     passed
//	refused            other content or destination                      resend
//	untried, skipped   has a later one                                   passed
//	untried, skipped                                                     send
//
// Another destination alone changes nothing about what was sent. What would be sent or sent again while an earlier
// message of this person stands in the way is blocked. What is in doubt stays so whatever the flags say: only
// "herald state resolve" decides it, since nobody else can know.
func decide(f facts) (Action, string) {
	action, reason := decideAlone(f)
	if action.Sends() && f.blocker != "" {
		return Blocked, "blocked by " + f.blocker
	}
	return action, reason
}

func decideAlone(f facts) (Action, string) {
	switch f.state {
	case state.Sending, state.InDoubt:
		return InDoubt, ""
	case state.Sent:
		switch {
		case f.replace:
			return Resend, reasonReplace
		case f.content:
			return Unchanged, ""
		case f.resend:
			return Resend, reasonContent
		}
		return Kept, ""
	case state.Refused:
		switch {
		case f.replace:
			return Resend, reasonReplace
		case f.before:
			return Unchanged, ""
		case f.content && f.destination:
			return Refused, reasonRefused
		case f.later:
			return Passed, reasonPassed
		case f.content:
			return Resend, reasonRefusedTo
		case f.destination:
			return Resend, reasonRefusedNew
		}
		return Resend, reasonRefusedBoth
	}
	if f.later {
		return Passed, reasonPassed
	}
	return Send, ""
}

// holds reports whether a message left like this keeps the person's later messages back.
func holds(a Action) bool { return a == Refused || a == InDoubt || a == Blocked }

// has reports whether a person may already have a message: sent, or perhaps.
func has(s state.State) bool { return s == state.Sent || s == state.Sending || s == state.InDoubt }

// blocker gives the message to name as standing in the way: the first one, even where that one blocks another.
func blocker(before string, m addr.Message, a Action) string {
	if before == "" && holds(a) {
		return m.String()
	}
	return before
}
