package sandbox

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// The item keys that Chatwoot's content_attribute_validator.rb allows, by content type.
func chatwootItemKeys(contentType string) []string {
	switch contentType {
	case "input_select":
		return []string{"title", "value"}
	case "cards":
		return []string{"title", "description", "media_url", "actions"}
	case "form":
		return []string{"type", "placeholder", "label", "name", "options", "default", "required", "pattern", "title",
			"pattern_error"}
	case "article":
		return []string{"title", "description", "link"}
	}
	return nil
}

// checkItems checks the items in a message's content_attributes. The answer is the validator's message, "" when all is
// well. Other top-level keys are free.
func checkItems(contentType string, attributes json.RawMessage) string {
	allowed := chatwootItemKeys(contentType)
	if allowed == nil {
		return ""
	}
	all, _ := fields(attributes)
	raw := all["items"]
	if blank(raw) {
		return "At least one item is required."
	}
	items, ok := list(raw)
	if !ok {
		return "Items should be a hash."
	}
	var invalid []string
	var missing bool
	var actions []json.RawMessage
	for _, item := range items {
		object, ok := fields(item)
		if !ok {
			return "Items should be a hash."
		}
		invalid = append(invalid, extra(item, allowed)...)
		of, ok := list(object["actions"])
		missing = missing || !ok || len(of) == 0
		actions = append(actions, of...)
	}
	if invalid != nil {
		return "contains invalid keys for items : [" + symbols(invalid) + "]"
	}
	if contentType != "cards" {
		return ""
	}
	if missing {
		return "contains items missing actions"
	}
	for _, action := range actions {
		if _, ok := fields(action); !ok {
			return "contains items missing actions"
		}
		invalid = append(invalid, extra(action, []string{"text", "type", "payload", "uri"})...)
	}
	if invalid != nil {
		return "contains invalid keys for actions:  [" + symbols(invalid) + "]"
	}
	return ""
}

// extra gives an object's names that are not allowed, in the order of the text.
func extra(object json.RawMessage, allowed []string) []string {
	return slices.DeleteFunc(names(object), func(name string) bool { return slices.Contains(allowed, name) })
}

// blank reports whether Rails would call a value blank: absent, null, false, empty.
func blank(raw json.RawMessage) bool {
	if s, ok := text(raw); ok {
		return strings.TrimSpace(s) == ""
	}
	if l, ok := list(raw); ok {
		return len(l) == 0
	}
	if m, ok := fields(raw); ok {
		return len(m) == 0
	}
	return len(raw) == 0 || string(raw) == "null" || string(raw) == "false"
}

// symbols prints names as Ruby prints a list of symbols.
func symbols(names []string) string {
	printed := make([]string, len(names))
	for i, name := range names {
		printed[i] = symbol(name)
	}
	return strings.Join(printed, ", ")
}

func symbol(name string) string {
	plain := name != ""
	for i, r := range name {
		letter := r == '_' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		plain = plain && (letter || i > 0 && '0' <= r && r <= '9')
	}
	if plain {
		return ":" + name
	}
	return ":" + strconv.Quote(name)
}
