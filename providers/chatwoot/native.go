package chatwoot

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"herald/providers"
	"herald/providers/wire"
)

// known are the members that creating a message reads: those of the vendors' pages, and those of builder.
func known() []string {
	return []string{
		"content", "message_type", "private", "content_type", "content_attributes", "campaign_id", "template_params",
		"echo_id", "source_id", "sender_type", "sender_id", "external_created_at", "cc_emails", "bcc_emails", "to_emails",
		"email_html_content", "is_voice_message", "attachments",
	}
}

// itemKeys are the keys that attributes allows in items, for each content type that has items.
func itemKeys(contentType string) []string {
	switch contentType {
	case "input_select":
		return []string{"title", "value"}
	case "cards":
		return []string{"title", "description", "media_url", "actions"}
	case "form":
		return []string{"type", "placeholder", "label", "name", "options", "default", "required", "pattern", "title", "pattern_error"}
	case "article":
		return []string{"title", "description", "link"}
	}
	return nil
}

// native makes the body from the provider's own message object. What it says stays as it is; options fill in what it
// leaves out, and a null counts as left out.
func (p *account) native(raw []byte, o options) (any, []providers.Problem) {
	members, ok := wire.Object(raw)
	if !ok {
		return nil, []providers.Problem{wrongContent("native", "Native content that is no object",
			fmt.Sprintf("%s takes one message object, such as { content = \"Hi\" }.", p.title))}
	}
	maps.DeleteFunc(members, func(_ string, v json.RawMessage) bool { return string(v) == "null" })

	var problems []providers.Problem
	wrong := func(summary, format string, args ...any) {
		problems = append(problems, wrongContent("native", summary, fmt.Sprintf(format, args...)))
	}
	fill := func(name string, value any, given bool) {
		if !given {
			return
		}
		if _, twice := members[name]; twice {
			problems = append(problems, providers.Problem{Part: providers.PartOption, Field: name, Index: -1, Summary: "An option said twice",
				Detail: name + " stands in native and in the message's options. Leave one of them out."})
			return
		}
		members[name], _ = json.Marshal(value)
	}
	fill("message_type", o.messageType, o.messageType != "")
	fill("private", o.private, o.privateSet)

	messageType := p.word(members, "message_type", "outgoing", p.messageTypes, wrong)
	contentType := p.word(members, "content_type", "text", p.contentTypes, wrong)
	var private bool
	if v, given := members["private"]; given && json.Unmarshal(v, &private) != nil {
		wrong("Native content of another shape", "private is true or false; here it is %s.", providers.Quote(string(v)))
	}
	var content string
	if json.Unmarshal(members["content"], &content) != nil {
		wrong("Native content without content", "%s documents content as required: the message's text, a string.", p.title)
	} else {
		problems = append(problems, p.written("native", "content of native", content, messageType)...)
	}
	if v, given := members["content_attributes"]; given || itemKeys(contentType) != nil {
		attributesOf(v, contentType, wrong)
	}
	return members, append(problems, p.remarks(members)...)
}

// word reads a member that is one of a few words.
func (p *account) word(members map[string]json.RawMessage, name, otherwise string, allowed []string, wrong func(string, string, ...any)) string {
	raw, given := members[name]
	if !given {
		return otherwise
	}
	word := wire.Text(raw)
	if !slices.Contains(allowed, word) {
		wrong("Native content of another shape", "%s is %s; %s knows %s.", name, providers.Quote(string(raw)), p.title, strings.Join(allowed, ", "))
	}
	return word
}

// attributesOf checks content_attributes as the vendor does before it stores a message.
func attributesOf(raw json.RawMessage, contentType string, wrong func(string, string, ...any)) {
	attributes, ok := wire.Object(raw)
	if !ok && len(raw) > 0 {
		wrong("Native content of another shape", "content_attributes is %s, and must be an object, such as { items = [...] }; leave it out where there is nothing to say.", providers.Quote(string(raw)))
		return
	}
	if _, taken := attributes[mark]; taken {
		wrong("Native content with herald's mark", "content_attributes.%s is where herald puts the mark of each send. Give yours another name.", mark)
	}
	allowed := itemKeys(contentType)
	if allowed == nil {
		return
	}
	var list []map[string]json.RawMessage
	if json.Unmarshal(attributes["items"], &list) != nil || len(list) == 0 || slices.ContainsFunc(list, func(m map[string]json.RawMessage) bool { return m == nil }) {
		wrong("Native content without items", "content_type %s needs content_attributes.items, a list of at least one object.", contentType)
		return
	}
	for i, one := range list {
		for _, key := range slices.Sorted(maps.Keys(one)) {
			if !slices.Contains(allowed, key) {
				wrong("Native content with an unknown key", "Item %d has %s; items of %s have %s, and nothing else is taken.",
					i+1, providers.Quote(key), contentType, strings.Join(allowed, ", "))
			}
		}
		if contentType == "cards" {
			var actions []json.RawMessage
			if json.Unmarshal(one["actions"], &actions) != nil || len(actions) == 0 {
				wrong("Native card without actions", "Item %d has no actions; every card needs at least one.", i+1)
			}
		}
	}
}

// remarks warns of members that do something else than they seem to.
func (p *account) remarks(members map[string]json.RawMessage) (warnings []providers.Problem) {
	warn := func(summary, detail string) {
		w := wrongContent("native", summary, detail)
		w.Warning = true
		warnings = append(warnings, w)
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		switch {
		case name == "source_id":
			warn("A source_id keeps messages from being delivered", p.title+" takes an outgoing message with source_id for one that came from the channel, "+
				"and on most channels does not deliver it. Leave it out.")
		case !slices.Contains(known(), name):
			warn("Native content with an unknown key", fmt.Sprintf("%s does not read %s, as far as its documentation and source say. Check its spelling.",
				p.title, providers.Quote(name)))
		}
	}
	return warnings
}
