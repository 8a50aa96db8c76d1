package sandbox

import (
	"bytes"
	"encoding/json"
	"mime"
	"net/http"
	"slices"
	"unicode/utf8"
)

// The standard decoder is too kind for an emulator: it matches names in any case and takes null for anything. These
// helpers take exact names and exact types only.

// fields decodes a JSON object, false when raw is anything else.
func fields(raw []byte) (map[string]json.RawMessage, bool) {
	var m map[string]json.RawMessage
	if !utf8.Valid(raw) || json.Unmarshal(raw, &m) != nil || m == nil {
		return nil, false
	}
	return m, true
}

// list decodes a JSON array, false when raw is anything else.
func list(raw json.RawMessage) ([]json.RawMessage, bool) {
	var l []json.RawMessage
	if json.Unmarshal(raw, &l) != nil || l == nil {
		return nil, false
	}
	return l, true
}

// text decodes a JSON string, false when raw is anything else.
func text(raw json.RawMessage) (string, bool) {
	var s string
	if len(raw) == 0 || raw[0] != '"' || json.Unmarshal(raw, &s) != nil {
		return "", false
	}
	return s, true
}

// boolean decodes true or false, ok is false when raw is anything else.
func boolean(raw json.RawMessage) (value, ok bool) {
	switch string(raw) {
	case "true":
		return true, true
	case "false":
		return false, true
	}
	return false, false
}

// isInteger reports whether raw is a whole number that fits 64 bits.
func isInteger(raw json.RawMessage) bool {
	var n int64
	return string(raw) != "null" && json.Unmarshal(raw, &n) == nil
}

// unknown gives the names in m that are not among known, sorted.
func unknown(m map[string]json.RawMessage, known ...string) []string {
	var names []string
	for name := range m {
		if !slices.Contains(known, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// names gives the member names of a JSON object in the order of the text, which a map would lose.
func names(object json.RawMessage) []string {
	d := json.NewDecoder(bytes.NewReader(object))
	var found []string
	if _, err := d.Token(); err != nil {
		return nil
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return found
		}
		s, _ := name.(string)
		found = append(found, s)
		var skip json.RawMessage
		if d.Decode(&skip) != nil {
			return found
		}
	}
	return found
}

// isJSON reports whether a request says that its body is JSON.
func isJSON(r *http.Request) bool {
	got := r.Header.Get("Content-Type")
	if got == "application/json" {
		return true
	}
	kind, _, err := mime.ParseMediaType(got)
	return err == nil && kind == "application/json"
}

// encode is json.Marshal for values that always can be marshalled, without HTML escapes and without a line end.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return []byte("null")
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
