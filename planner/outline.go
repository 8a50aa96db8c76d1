package planner

import (
	"sort"

	"herald/state"
)

// change is what was done to one message of a sequence.
type change struct {
	kind  EditKind
	name  string
	place int // in the order of now; for a removed message in the order before
}

// compareOutlines says what makes now of before, in the order of now; what is removed stands where it stood. Of messages
// that changed places those few are named without which the order of the rest is as it was. A definition whose hash is
// of another version never counts as changed.
func compareOutlines(before, now []state.OutlineItem) []change {
	was, is := placesOf(before), placesOf(now)
	stays := inOrder(before, is)
	removed := map[int][]change{} // by the place of now that they stand behind, -1 for the beginning
	behind := -1
	for i, item := range before {
		switch at, there := is[item.Message]; {
		case !there:
			removed[behind] = append(removed[behind], change{Removed, item.Message, i})
		case stays[at]:
			behind = at
		}
	}
	changes := removed[-1]
	for i, item := range now {
		from, known := was[item.Message]
		if !known {
			changes = append(changes, change{Inserted, item.Message, i})
		} else {
			if !before[from].Definition.Same(item.Definition) {
				changes = append(changes, change{Changed, item.Message, i})
			}
			if !stays[i] {
				changes = append(changes, change{Reordered, item.Message, i})
			}
		}
		changes = append(changes, removed[i]...)
	}
	return changes
}

func placesOf(items []state.OutlineItem) map[string]int {
	at := make(map[string]int, len(items))
	for i, item := range items {
		at[item.Message] = i
	}
	return at
}

// inOrder gives the places of now that belong to a longest run of messages whose order is that of before: the longest
// rising one among their places, found by keeping for each length the run with the least end.
func inOrder(before []state.OutlineItem, is map[string]int) map[int]bool {
	var ends []int            // the place at which the best run of each length ends
	previous := map[int]int{} // in the run that ends at a place
	for _, item := range before {
		at, there := is[item.Message]
		if !there {
			continue
		}
		n := sort.SearchInts(ends, at)
		if previous[at] = -1; n > 0 {
			previous[at] = ends[n-1]
		}
		if n == len(ends) {
			ends = append(ends, at)
		} else {
			ends[n] = at
		}
	}
	stays := map[int]bool{}
	last := -1
	if len(ends) > 0 {
		last = ends[len(ends)-1]
	}
	for at := last; at >= 0; at = previous[at] {
		stays[at] = true
	}
	return stays
}
