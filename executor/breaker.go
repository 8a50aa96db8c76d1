package executor

import "herald/providers"

// refusalsPerUnknown is how many refusals for one reason weigh as much as one unknown outcome: a refusal is certain and
// harms nobody, but a long row of one kind says that the account or the campaign is broken.
const refusalsPerUnknown = 5

// breaker stops a lane whose vendor is down or whose account is broken, before a campaign turns into doubt. It is
// guarded by its lane.
type breaker struct {
	stopAfter int // 0 for never
	unknown   int // in a row
	refused   int // in a row, all for reason
	reason    string
}

// observe takes in one final answer, and gives the cause when the lane must stop, with the length of the row. An answer
// of another kind ends a row; throttling and failures to connect say nothing about what is sent, and do not.
func (b *breaker) observe(c providers.Class, reason string) (Cause, int) {
	switch c {
	case providers.Accepted:
		b.unknown, b.refused = 0, 0
	case providers.Unknown:
		b.unknown, b.refused = b.unknown+1, 0
		if b.stopAfter > 0 && b.unknown >= b.stopAfter {
			return CauseUnknown, b.unknown
		}
	case providers.Refused:
		if b.refused > 0 && b.reason != reason {
			b.refused = 0
		}
		b.unknown, b.refused, b.reason = 0, b.refused+1, reason
		if b.stopAfter > 0 && b.refused >= refusalsPerUnknown*b.stopAfter {
			return CauseRefused, b.refused
		}
	}
	return "", 0
}
