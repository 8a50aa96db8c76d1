package sandbox

import "time"

// Happened is something that happened in a conversation.
type Happened struct {
	Vendor       string
	Conversation string // named as for Read
	At           time.Time
	Kind         EventKind
	Text         string // what was written, the reason of a failure, or the values that were chosen, with commas between
}

// tell tells Options.Witness of something that has happened, and does nothing when it has not.
func (s *Sandbox) tell(happened bool, vendor, conversation string, kind EventKind, text string) {
	if happened && s.witness != nil {
		s.witness(Happened{vendor, conversation, s.now(), kind, text})
	}
}
