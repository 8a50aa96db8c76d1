package live

import "time"

const (
	mostKept    = 300      // arrivals that the page shows: messages, and what happened after them
	mostBytes   = 16 << 20 // of the bodies, texts and conversations of those
	mostDrawn   = 3 << 20  // of a page's HTML
	batchDrawn  = 1 << 20  // of an event's HTML
	mostStreams = 16       // pages that are open at once and are told
	mostSaid    = 10_000   // bytes of an answer
)

const (
	betweenBatches = 300 * time.Millisecond // at least, so that a fast sender does not draw every message on its own
	heartbeat      = 15 * time.Second       // of a stream on which nothing comes
	mostWrite      = 10 * time.Second       // that one write may take: who reads slower is cut off, and may come again
)
