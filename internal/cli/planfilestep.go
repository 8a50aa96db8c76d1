package cli

import (
	"strings"
	"unicode/utf8"

	"herald/internal/addr"
	"herald/planner"
)

// address refuses a send that there cannot be. Lines stand by message, so names are read once for many; a key may be
// anything that is text.
func (t *tally) address(s addr.Send) error {
	if s.Name == "" || s.Message != t.names { // before the first line there is none
		again, err := addr.ParseSend(s.String())
		if err != nil || again != s {
			return unlike("%s is the address of no send", s.String())
		}
		t.names = s.Message
	}
	if !utf8.ValidString(s.Key) {
		return unlike("%s is the address of no send", s.String())
	}
	return nil
}

// sendable refuses a step that no plan has.
func sendable(s *planner.Step) error {
	switch {
	case !s.Action.Sends():
		return unlike("its step %s is to %s, which is no step that sends", s.Send.String(), string(s.Action))
	case s.Request.Method != "POST" || !strings.HasPrefix(s.Request.Path, "/"):
		return unlike("its step %s is no request that sends: %s %s", s.Send.String(), s.Request.Method, s.Request.Path)
	case climbs(s.Request.Path):
		return unlike("its step %s climbs out of its address: %s", s.Send.String(), s.Request.Path)
	}
	return nil
}

// climbs says whether a server, or what stands before it, may read a path as another one. It begins with a slash.
func climbs(path string) bool {
	if !strings.Contains(path, "/.") && !strings.Contains(path, "/%2") && !strings.ContainsAny(path, "\\#\x00") {
		return false // nearly every path: no part of it begins as one that climbs
	}
	path, _, _ = strings.Cut(path, "?")
	for part := range strings.SplitSeq(strings.ToLower(path), "/") {
		switch part = strings.ReplaceAll(part, "%2e", "."); {
		case part == ".", part == "..", strings.ContainsAny(part, "\\#\x00"):
			return true
		}
	}
	return false
}
