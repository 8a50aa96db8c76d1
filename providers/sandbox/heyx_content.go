package sandbox

import (
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// "10 Quick replies with 20 characters each are allowed."
const (
	heyxReplies      = 10
	heyxReplyLetters = 20
)

// heyxSaid is what a HeyX message says: its type, and its text, title or address.
type heyxSaid struct{ kind, text string }

// heyxContent reads the payload of sendContent. problem is the message of the error, "" when all is well.
func heyxContent(body []byte) (said heyxSaid, problem string) {
	payload, ok := fields(body)
	if !ok {
		return said, "The payload must be a JSON object."
	}
	if names := unknown(payload, "body", "forceCancelSurvey"); names != nil {
		return said, fmt.Sprintf("The payload has an unknown field: %s.", names[0])
	}
	if raw, given := payload["forceCancelSurvey"]; given {
		if _, ok := boolean(raw); !ok {
			return said, "forceCancelSurvey must be true or false."
		}
	}
	messages, ok := list(payload["body"])
	if !ok {
		return said, "body must be an array."
	}
	if len(messages) != 1 {
		return said, "Only one message can be sent in 1 API call."
	}
	message, ok := fields(messages[0])
	if !ok {
		return said, "A message must be an object."
	}
	kind, ok := text(message["type"])
	if !ok {
		return said, "A message must have a type."
	}
	said.kind = kind
	switch kind {
	case "text":
		said.text, problem = heyxText(message, kind, "text")
	case "image", "video", "audio", "file":
		said.text, problem = heyxMedia(message, kind)
	case "quick_reply":
		said.text, problem = heyxQuickReply(message)
	default:
		problem = fmt.Sprintf("Message type %s is not supported.", kind)
	}
	return said, problem
}

// heyxText takes a message whose only other fields are field, a string that is not empty, and others.
func heyxText(message map[string]json.RawMessage, kind, field string, others ...string) (value, problem string) {
	known := append([]string{"type", field}, others...)
	if names := unknown(message, known...); names != nil {
		return "", fmt.Sprintf("A %s message has an unknown field: %s.", kind, names[0])
	}
	value, ok := text(message[field])
	if !ok || value == "" {
		return "", fmt.Sprintf("A %s message must have a %s.", kind, field)
	}
	return value, ""
}

func heyxMedia(message map[string]json.RawMessage, kind string) (address, problem string) {
	address, problem = heyxText(message, kind, "url")
	if problem != "" {
		return "", problem
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", "url must be an address that begins with http:// or https://."
	}
	ending := strings.ToLower(path.Ext(u.Path))
	if of := heyxEndings(ending); kind != "file" && of != nil && !slices.Contains(of, kind) {
		return "", heyxWrongMedia
	}
	return address, ""
}

// heyxEndings gives the types of media that a file name's ending clearly stands for, nil when it says nothing. The
// vendor looks at the file itself; an emulator that never leaves this machine has only the name.
func heyxEndings(ending string) []string {
	switch ending {
	case ".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".svg", ".heic":
		return []string{"image"}
	case ".mp4", ".mov", ".avi", ".mkv", ".m4v":
		return []string{"video"}
	case ".mp3", ".wav", ".m4a", ".aac", ".amr", ".opus", ".flac":
		return []string{"audio"}
	case ".ogg", ".webm", ".3gp":
		return []string{"audio", "video"}
	case ".pdf", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".csv", ".txt", ".zip", ".json", ".html", ".htm":
		return []string{"file"}
	}
	return nil
}

func heyxQuickReply(message map[string]json.RawMessage) (title, problem string) {
	title, problem = heyxText(message, "quick_reply", "title", "replies")
	if problem != "" {
		return "", problem
	}
	replies, ok := list(message["replies"])
	if !ok || len(replies) == 0 {
		return "", "A quick_reply message must have replies."
	}
	if len(replies) > heyxReplies {
		return "", fmt.Sprintf("%d quick replies are more than the %d that are allowed.", len(replies), heyxReplies)
	}
	for i, raw := range replies {
		reply, ok := text(raw)
		if !ok || reply == "" {
			return "", fmt.Sprintf("Quick reply %d must be text.", i+1)
		}
		if n := utf8.RuneCountInString(reply); n > heyxReplyLetters {
			return "", fmt.Sprintf("Quick reply %d has %d characters, %d are allowed.", i+1, n, heyxReplyLetters)
		}
	}
	return title, ""
}
