package planner

import (
	"herald/internal/addr"
	"herald/spec"
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
	reasonAlive       = "a run may be sending it now"
	reasonResend      = `in doubt; on_doubt = "resend"`
	reasonAssume      = `in doubt; on_doubt = "assume_sent"`
	reasonNewContent  = "content changed since"
	reasonNewPlace    = "destination changed since"
	reasonNewAccount  = "sent through another account"
	reasonUnmade      = "cannot be made again"
	reasonFailed      = "the provider could not deliver it"
)

// facts is all that the decision about one send rests on.
type facts struct {
	state       state.State  // in the ledger
	content     bool         // the same content as recorded
	destination bool         // the same destination as recorded
	failed      bool         // sent, and the provider gave up delivering it
	condition   bool         // skipped, by the condition that the message still has
	before      bool         // refused, but this content was sent before what was refused
	resend      bool         // on_change = "resend"
	onDoubt     spec.OnDoubt // of its sequence
	changed     string       // in doubt: why the provider cannot be asked; "" when it can
	replace     bool         // -replace names it
	later       bool         // this person already has a later message of the sequence
	blocker     string       // earlier message that stands in the way; "" for none
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
//	sending            whatever                                          in_doubt
//	in doubt           on_doubt = "hold"                                 in_doubt
//	in doubt           on_doubt = "resend"                               resend
//	in doubt           on_doubt = "assume_sent"                          assume
//	sent               -replace                                          resend
//	sent               other content, on_change = "resend"               resend
//	sent               not delivered                                     failed
//	sent               same content                                      unchanged
//	sent               other content, on_change = "keep"                 kept
//	refused            -replace                                          resend
//	refused            the content that was sent before                  unchanged
//	refused            same content and destination                      refused
//	refused            other content or destination, has a later one     passed
//	refused            other content or destination                      resend
//	skipped            same condition, no -replace                       skipped
//	untried, skipped   has a later one                                   passed
//	untried, skipped                                                     send
//
// Another destination alone changes nothing about what was sent. What would be sent or sent again while an earlier
// message of this person stands in the way is blocked. What is in doubt stays so whatever the flags say: where the
// provider cannot tell, only on_doubt and "herald state resolve" decide it, since nobody else can know. "resend" means at
// least once, and so a later message that the person already has does not stop it. What a living run is sending is not in
// doubt yet, and stays that run's.
func decide(f facts) (Action, string) {
	action, reason := decideAlone(f)
	if action.Sends() && f.blocker != "" {
		return Blocked, "blocked by " + f.blocker
	}
	return action, reason
}

func decideAlone(f facts) (Action, string) {
	switch f.state {
	case state.Sending:
		return InDoubt, reasonAlive
	case state.InDoubt:
		switch f.onDoubt {
		case spec.DoubtResend:
			return Resend, reasonResend
		case spec.DoubtAssumeSent:
			return Assume, reasonAssume
		}
		return InDoubt, f.changed
	case state.Sent:
		switch {
		case f.replace:
			return Resend, reasonReplace
		case f.resend && !f.content:
			return Resend, reasonContent
		case f.failed:
			return Failed, reasonFailed
		case f.content:
			return Unchanged, ""
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
	case state.Skipped:
		if f.condition && !f.replace {
			return Skipped, ""
		}
	}
	if f.later {
		return Passed, reasonPassed
	}
	return Send, ""
}

// holds reports whether a message left like this keeps the person's later messages back.
func holds(a Action) bool { return a == Refused || a == Failed || a == InDoubt || a == Blocked }

// has reports whether a person may already have a message: sent, or perhaps.
func has(s state.State) bool { return s == state.Sent || s == state.Sending || s == state.InDoubt }

// blocker gives the message to name as standing in the way: the first one, even where that one blocks another.
func blocker(before string, m addr.Message, a Action) string {
	if before == "" && holds(a) {
		return m.String()
	}
	return before
}
