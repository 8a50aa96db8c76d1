package executor

import (
	"fmt"

	"herald/internal/addr"
)

// Cause is why a lane stopped by itself.
type Cause string

// The closed set of causes.
const (
	CauseAccount     Cause = "account_error" // the provider turned the account away
	CauseUnreachable Cause = "unreachable"   // the attempts of one send were used up, and no request left
	CauseLost        Cause = "lost"          // the attempts of one send were used up, and the provider has none of them
	CauseUnknown     Cause = "unknown"       // too many sends in a row without a clear answer
	CauseRefused     Cause = "refused"       // too many refusals in a row for one reason
	CausePlan        Cause = "plan"          // the steps could not be read, or ask for what the lane cannot do
)

// Stop is the error that tells why a lane stopped. What the lane had not sent stays unsent.
type Stop struct {
	Account string
	Cause   Cause
	Send    addr.Send // the send that stopped it; zero for CausePlan
	Count   int       // how many in a row, or attempts
	Reason  string    // the provider's, not yet escaped; "" for CausePlan
	Err     error     // for CausePlan
	Reading bool      // nothing was to be sent: it was read what became of messages, and Send is zero
}

// Error says what, why and how to mend.
func (s *Stop) Error() string {
	why := addr.Quote(s.Reason)
	if s.Reading {
		return s.reading(why)
	}
	switch s.Cause {
	case CauseAccount:
		return fmt.Sprintf("%s stopped: the provider turned the account away at %s: %s; the rest stays unsent. Check the account's token and settings, then run the same command again",
			s.Account, s.Send, why)
	case CauseUnreachable:
		return fmt.Sprintf("%s stopped: no request left in %d attempts at %s, the last time because of %s; the rest stays unsent. Check the network and base_url, then run the same command again",
			s.Account, s.Count, s.Send, why)
	case CauseLost:
		return fmt.Sprintf("%s stopped: %d attempts at %s came to nothing; the last one got no clear answer (%s), and the provider has not got it; the rest stays unsent. Find out whether the provider is well, then run the same command again",
			s.Account, s.Count, s.Send, why)
	case CauseUnknown:
		return fmt.Sprintf("%s stopped: %d attempts in a row got no clear answer, the last one at %s: %s; what no look-up can clear up is in doubt, and the rest stays unsent. Find out whether the provider is well, then plan again",
			s.Account, s.Count, s.Send, why)
	case CauseRefused:
		return fmt.Sprintf("%s stopped: %d sends in a row were refused for the same reason, the last one %s: %s; the rest stays unsent. Mend what the provider objects to, then plan again",
			s.Account, s.Count, s.Send, why)
	}
	return fmt.Sprintf("%s stopped: its steps cannot be carried out: %v; the rest stays unsent. Plan again", s.Account, s.Err)
}

// reading is Error where receipts were read.
func (s *Stop) reading(why string) string {
	if s.Cause == CauseUnreachable {
		return fmt.Sprintf("%s: what became of its messages was not read to the end: %d times in a row no answer came, the last time because of %s. Check the network and base_url, then run the same command again",
			s.Account, s.Count, why)
	}
	return fmt.Sprintf("%s: what became of its messages was not read to the end: the provider turned the account away: %s. Check the account's token and settings, then run the same command again",
		s.Account, why)
}

// Unwrap gives the error under a CausePlan.
func (s *Stop) Unwrap() error { return s.Err }
