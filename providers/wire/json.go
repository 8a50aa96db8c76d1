package wire

import (
	"bytes"
	"encoding/json"
	"strings"
)

// JSON encodes a request body. Unlike json.Marshal it leaves <, > and & as they are, so that plans stay readable.
func JSON(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte{'\n'}), nil
}

// Object reads a JSON object into its members, each as it was written. It is false for anything else.
func Object(raw []byte) (map[string]json.RawMessage, bool) {
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil || members == nil {
		return nil, false
	}
	return members, true
}

// Text gives a JSON string's value, "" for anything else.
func Text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// Digits gives a whole number that is not negative, bare or as a string, in digits. It is false for anything else.
func Digits(raw json.RawMessage) (digits string, ok bool) {
	digits = strings.Trim(string(raw), `"`)
	if digits == "" || len(digits) > 20 || strings.Trim(digits, "0123456789") != "" {
		return "", false
	}
	return digits, true
}

// Complaint gives what an answer says is wrong: the first of these members that is a text with something in it.
func Complaint(members map[string]json.RawMessage, names ...string) string {
	for _, name := range names {
		if text := strings.TrimSpace(Text(members[name])); text != "" {
			return text
		}
	}
	return ""
}

// Member finds where the value of a member of a valid JSON object stands, the last one where there are several. The
// end is 0 where there is none. This runs once per send, and the decoder's tokens take several times as long.
func Member(object []byte, name string) (start, end int) {
	depth, open := 0, -1 // open is where the value of key begins, at depth 1
	var key []byte
	for i := 0; i < len(object); i++ {
		switch c := object[i]; c {
		case '"':
			begin := i + 1
			for i++; object[i] != '"'; i++ {
				if object[i] == '\\' {
					i++
				}
			}
			if depth == 1 && open < 0 {
				key = object[begin:i]
			}
		case ':':
			if depth == 1 {
				open = i + 1
			}
		case '{', '[':
			depth++
		case ',', '}', ']':
			if depth == 1 && open >= 0 {
				if string(key) == name {
					start, end = open, i
				}
				open = -1
			}
			if c != ',' {
				depth--
			}
		}
	}
	return start, end
}
