package planner

import "slices"

// When a plan is unlike the runs before it. Campaigns grow, so that somewhat more than ever is no news; twice as much is
// seldom growth, and often a where that was lost or a file that was doubled.
const (
	unusualTimes = 2   // as many as the largest run sent
	unusualMore  = 100 // and so many more: of few messages, twice as many are soon reached, and do little harm
)

// unusual compares a plan's sends with what the last runs sent; nil when it is like them, or none of them sent anything.
func unusual(sends int, runs []int) *Unusual {
	most := slices.Max(append([]int{0}, runs...))
	if most == 0 || sends < unusualTimes*most || sends < most+unusualMore {
		return nil
	}
	return &Unusual{Sends: sends, Most: most}
}
