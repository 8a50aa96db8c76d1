package preview

import "herald/internal/report"

// What a page holds at most, so that it opens at once whatever the plan holds.
const (
	maxDrawn  = 200       // messages
	maxBytes  = 3_000_000 // of drawn messages, as HTML
	maxRows   = 200       // of each table
	maxBursts = 1000      // of the timeline
	maxLanes  = 50        // accounts in the timeline
	maxParts  = 50        // replies, rows, cards or fields of one message
	maxPeople = 10        // of a row, where they may be shown
	maxMarks  = 500       // invisible characters of one text that are marked one by one
	maxStack  = 8         // accents on one letter: more would be drawn over the lines beside
	maxDepth  = 100       // of JSON that is laid out
)

// How much of a text is shown before the rest is folded away, in characters.
const (
	longText  = 1200 // of a bubble
	longLines = 40
	longCell  = 240     // of a table, a label or a title
	wholeText = 200_000 // of a bubble, unfolded
	wholeCell = 2_000
	longName  = 80 // where nothing can be folded: buttons, options, the window's title
)

// bound gives the first n of xs and how many there are beyond.
func bound[T any](xs []T, n int) (first []T, more int) {
	if len(xs) <= n {
		return xs, 0
	}
	return xs[:n], len(xs) - n
}

// within gives the first n of xs, and fewer when those are larger than a page should be.
func within[T any](xs []T, n int, size func(T) int) (first []T, more int) {
	first, more = bound(xs, n)
	room := maxBytes
	for i, x := range first {
		if room -= size(x); room < 0 && i > 0 {
			return first[:i], more + len(first) - i
		}
	}
	return first, more
}

// beyond says how many are not shown, "" for none.
func beyond(more int, noun string) string {
	if more <= 0 {
		return ""
	}
	return report.Count(more, "more "+noun) + " not shown."
}
