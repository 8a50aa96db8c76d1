package planner

import (
	"time"

	"herald/spec"
)

// takes is how long n sends need at least at an account's limit, from the start of the first to the start of the last.
// The executor starts at most Requests in any window of Per plus Jitter and spaces them evenly, so each but the first
// waits (Per + Jitter) / Requests. Answers, throttling and other accounts of the same limit group come on top.
func takes(n int, l spec.Limits) time.Duration {
	if n < 2 || l.Requests < 1 {
		return 0
	}
	return time.Duration(float64(n-1) * float64(l.Per+l.Jitter) / float64(l.Requests))
}
