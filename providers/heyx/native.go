package heyx

import (
	"encoding/json"

	"herald/providers"
	"herald/providers/wire"
)

// native checks what HeyX documents of every message: it is an object with a type; and of quick replies their limits.
func native(raw []byte) []providers.Problem {
	members, ok := wire.Object(raw)
	if !ok {
		return []providers.Problem{wrongContent("native", "Native content that is no object",
			"HeyX takes one message object, such as { type = \"text\", text = \"Hi\" }. It stands in body as it is written here.")}
	}
	kind := wire.Text(members["type"])
	if kind == "" {
		return []providers.Problem{wrongContent("native", "Native content without type",
			"Every message of HeyX says what it is in type, a string that is not empty, such as \"text\".")}
	}
	if kind != "quick_reply" {
		return nil
	}
	q, ok := asked(members)
	if !ok {
		return []providers.Problem{wrongContent("native", "Native quick replies of another shape",
			"A quick_reply of HeyX has title, a string, and replies, a list of strings.")}
	}
	problems := append(providers.Content{Kind: providers.KindQuickReplies, QuickReplies: q}.Shape(), replies(q)...)
	for i := range problems {
		problems[i].Field, problems[i].Index = "native", -1
	}
	return problems
}

// asked reads a native quick_reply.
func asked(members map[string]json.RawMessage) (q providers.QuickReplies, ok bool) {
	return q, json.Unmarshal(members["title"], &q.Title) == nil && json.Unmarshal(members["replies"], &q.Replies) == nil
}
